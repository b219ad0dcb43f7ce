#include "runtime/supervisor/injection_book.hpp"

#include <algorithm>

#include <takt/base/text.hpp>

namespace takt::supervisor {
namespace {

bool is_forgotten(const InjectionEntry& entry, std::int64_t now) {
  if (entry.serial == 0) return true;
  return entry.until_ns < kInjectionForEver - kInjectionSlotKept &&
         entry.until_ns + kInjectionSlotKept <= now;
}

bool is_stuck_sample(const InjectionEntry& entry) {
  return entry.verb == InjectionVerb::stuck && entry.whole != 0;
}

}  // namespace

Result<void> InjectionBook::check_room(const InjectionEntry& entry, const InjectionRoom& room,
                                       std::int64_t now) const {
  const bool needs_no_copy = entry.verb == InjectionVerb::off ||
                             entry.verb == InjectionVerb::slow ||
                             entry.verb == InjectionVerb::intermittent;
  if (!room.copies && !needs_no_copy) {
    return fail(
        "its samples are so large that they can only be withheld by hand (off, slow, "
        "intermittent)",
        "a scenario reserves room for copies of them");
  }
  std::uint32_t others = 0;
  std::uint32_t stuck = 0;
  for (const InjectionEntry& other : entries_) {
    if (is_forgotten(other, now)) continue;
    if (other.node != entry.node || other.input != entry.input) continue;
    ++others;
    if (is_stuck_sample(other)) ++stuck;
  }
  if (others >= room.injections) {
    return fail(format("{} injections act on this input already", others));
  }
  if (is_stuck_sample(entry) && stuck >= room.stuck_samples) {
    return fail(format("{} samples of this input are stuck already", stuck));
  }
  return {};
}

// One point needs no place: it is a value from an instant on.
Result<void> InjectionBook::write_points(InjectionEntry& entry,
                                         const std::vector<DrivePoint>& points) {
  if (points.size() == 1) {
    entry.has_value = 1;
    entry.value = points.front().value;
    if (entry.verb == InjectionVerb::set) {
      entry.from_ns = std::max(entry.from_ns, points.front().at_ns);
    }
    return {};
  }
  if (points.size() > page_.room_for_points - points_used_) {
    return fail(format("there is room for {} points more", page_.room_for_points - points_used_));
  }
  entry.first_point = points_used_;
  entry.points = static_cast<std::uint32_t>(points.size());
  std::copy(points.begin(), points.end(), page_.points() + points_used_);
  points_used_ += entry.points;
  return {};
}

Result<void> InjectionBook::add(InjectionEntry entry, const std::vector<DrivePoint>& points,
                                const InjectionRoom& room, std::int64_t now) {
  if (auto good = check_room(entry, room, now); !good) return good;
  const auto place = std::find_if(entries_.begin(), entries_.end(),
                                  [now](const auto& other) { return is_forgotten(other, now); });
  if (place == entries_.end()) {
    return fail(format("{} injections act at once already", kInjectionsMax));
  }
  if (auto written = write_points(entry, points); !written) return written;
  entry.serial = ++serial_;
  *place = entry;
  const auto slot = static_cast<std::uint32_t>(place - entries_.begin());
  write_injection(page_.slots[slot], entry);
  page_.slots_used.store(std::max(page_.slots_used.load(), slot + 1), std::memory_order_relaxed);
  // release: whoever sees the serial sees the slot, the points and how many slots there are.
  page_.last_serial.store(serial_, std::memory_order_release);
  return {};
}

}  // namespace takt::supervisor
