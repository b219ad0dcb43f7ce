// Kills one participant at many instructions of one operation, and judges what is left.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/crash_points/rig.hpp"
#include "tests/crash_points/situations.hpp"
#include "tests/crash_points/stepper.hpp"

namespace takt::test {

struct Tally {
  std::uint64_t points = 0;
  std::uint64_t healed = 0;
  std::uint64_t restarts = 0;     // Healing said itself that it cannot prove the world.
  std::uint64_t hangs = 0;        // It said healed, but somebody hangs, is deaf, or does not join.
  std::uint64_t double_uses = 0;  // A sample changed under its reader, or came twice.
  std::uint64_t leaked = 0;       // Chunks.
  std::uint64_t locks = 0, indices = 0;
  std::int64_t unblocked_ns_max = 0, duration_ns_max = 0;
  void add(const Tally& other);
};

class Campaign {
 public:
  // `heals`: false only removes the dead, as iceoryx itself would.
  Campaign(const Situation& situation, bool heals) : situation_(situation), heals_(heals) {}

  // The instructions of the operation, from one victim that was let through.
  const Trace& trace();
  // Kills before instruction `step`. Every point ends with a new victim that proves the world.
  void kill_at(std::size_t step);
  // Lets one more victim prove the world after the last kill.
  void finish();
  const Tally& tally() const { return tally_; }
  const std::vector<std::string>& findings() const { return findings_; }

 private:
  bool prepare();
  void let_all_run();
  void let_some_run();
  bool stand_at(Stepper& stepper, std::size_t step);
  void ask_for_late_reader();
  std::string look_after_kill(const port::HealReport& report);
  std::string late_reader_comes_and_goes();
  port::HealReport remove_only();
  void found(const std::string& what, std::uint64_t Tally::*kind);

  Situation situation_;
  bool heals_;
  Tally tally_;
  std::unique_ptr<Rig> rig_;
  Trace trace_;
  std::size_t lock_step_ = 0;  // The victim holds its lock there.
  std::size_t last_step_ = 0;
  std::uint64_t kills_in_world_ = 0;
  std::vector<std::string> findings_;
};

}  // namespace takt::test
