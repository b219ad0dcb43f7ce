// The driver's side: a world of its own with its peers, and victims that come and go.
//
// Thread safety: one thread (it is the tracer of its victims). Lifetime: its end kills every peer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <takt/os/process.hpp>
#include <takt/os/shared_memory.hpp>
#include <takt/port/world.hpp>

#include "tests/crash_points/board.hpp"

namespace takt::test {

struct RigOptions {
  bool writer_survives = true;  // The survivor writes and victims read; otherwise the reverse.
  std::uint32_t depth = 8;
  std::uint32_t spare = 4000;  // Leaks are counted, not limited.
  std::uint64_t pause_us = 200;
  bool arms = true;
  std::chrono::milliseconds limit{5000};  // Of one healing.
};

class Rig {
 public:
  // Ends the program with a sentence when the world cannot be made: nothing can be tested then.
  explicit Rig(const RigOptions& options);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  Board& board() { return *map_.as<Board>(); }
  Slot& slot(Who who) { return board().slots[who]; }
  port::World& world() { return *world_; }
  const RigOptions& options() const { return options_; }

  // Starts the next incarnation of the victim and waits until it is at `stage`; what went wrong
  // otherwise, in words.
  std::string start_victim(const std::string& setup, Stage stage);
  os::Child& victim() { return victim_; }
  std::string victim_name() const;

  // SIGKILL, and the zombie stays.
  void kill_victim();
  void reap_victim();

  // Whether survivor and bystander go on with their rounds and exchange good samples; if not, what
  // is wrong.
  std::string peers_go_on();
  os::Child& survivor() { return peers_.front(); }
  // Every peer's, the survivor's included.
  std::uint64_t bad_samples() const;
  void order(Who who, Order order) { slot(who).order.store(static_cast<std::uint32_t>(order)); }

 private:
  os::Child spawn(const std::string& role, const std::string& participant, Who who,
                  const std::string& topic, const std::string& setup);
  RigOptions options_;
  os::SharedMemory memory_;
  os::Mapping map_;
  std::unique_ptr<port::World> world_;
  std::vector<os::Child> peers_;
  os::Child victim_;
  std::uint64_t incarnation_ = 0;
  bool victim_lives_ = false;
};

// A mount namespace of our own; false, with the reason on standard error, where that is refused.
bool enter_test_world();

}  // namespace takt::test
