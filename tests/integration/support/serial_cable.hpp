// A serial cable between two devices, with somebody who listens to it.
//
// It links nothing of takt and reads the frames by their published description alone: a border of
// zero, COBS, CRC-32, and in them the number of nodes/common/scalar_datagram.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/support/observer.hpp"

namespace observer {

// Waits until it holds, which is asked for every 5 ms; false at the watchdog.
bool wait_until(const std::function<bool()>& holds);

// Two pseudo-terminals under names that stay. What the first device writes is heard and handed on
// to the second, frame by frame; what the second one writes goes nowhere.
//
// Thread safety: any thread. Lifetime: independent; its end is the unplugging of both ends.
class SerialCable {
 public:
  // The names are links in `folder`.
  SerialCable(const std::string& folder, const std::string& name);
  ~SerialCable();
  SerialCable(const SerialCable&) = delete;
  SerialCable& operator=(const SerialCable&) = delete;

  const std::string& first() const { return ends_[0].name; }
  const std::string& second() const { return ends_[1].name; }

  // Both devices hang up, and their names lead nowhere.
  void pull();
  // New terminals under the old names.
  void plug();

  // One bit of the next `frames` frames is wrong when they are handed on.
  void spoil(int frames);
  int left_to_spoil() const;

  // What the first device has sent, in order.
  std::vector<Seen> seen() const;
  // Frames of the first device that were none.
  int bad() const;
  // Waits until one of the numbers from the `from`-th on is as wanted; false at the watchdog.
  bool sees(const std::function<bool(const Seen&)>& wanted, std::size_t from = 0) const;
  // Waits until the last `count` of them are.
  bool settles(std::size_t count, const std::function<bool(const Seen&)>& wanted) const;

 private:
  struct End {
    std::string name;
    int master = -1;
    int keeper = -1;  // The device itself, so that it does not hang up while nobody has it.
  };
  void open(End& end);
  void close(End& end);
  void pump();
  void hear(const unsigned char* bytes, std::size_t size);
  void hand_on(std::vector<unsigned char> frame);

  std::array<End, 2> ends_;
  mutable std::mutex mutex_;
  std::vector<unsigned char> begun_;
  bool knows_borders_ = false;
  std::vector<Seen> seen_;
  int bad_ = 0;
  int to_spoil_ = 0;
  bool ends_now_ = false;
  std::thread pump_;
};

}  // namespace observer
