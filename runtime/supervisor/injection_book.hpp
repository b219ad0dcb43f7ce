// The supervisor's side of the page of injections: what stands where, and what has room.
#pragma once

#include <array>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/status/injections.hpp>

namespace takt::supervisor {

// Thread safety: one thread. Real time: no. Lifetime: not beyond the page.
class InjectionBook {
 public:
  explicit InjectionBook(InjectionPage& page) : page_(page) {}

  // Writes one more, whose points are on the graph's clock as its times are, and lets the loops see
  // it. `room` is the input's; an injection that has been over for a while gives its place to
  // another one at `now`. Errors: no place, no room.
  Result<void> add(InjectionEntry entry, const std::vector<DrivePoint>& points,
                   const InjectionRoom& room, std::int64_t now);

 private:
  Result<void> check_room(const InjectionEntry& entry, const InjectionRoom& room,
                          std::int64_t now) const;
  Result<void> write_points(InjectionEntry& entry, const std::vector<DrivePoint>& points);

  InjectionPage& page_;
  std::array<InjectionEntry, kInjectionsMax> entries_{};  // As the page has them; serial 0: none.
  std::uint64_t serial_ = 0;
  std::uint32_t points_used_ = 0;
};

}  // namespace takt::supervisor
