// Made-up machines: trees of small files as /proc and /sys have them.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/doctor/judge.hpp"

namespace takt::test {

// A folder of the running test's own, empty at its start, that stands for `/`.
//
// Thread safety: one thread. Lifetime: the folder stays, to be looked at.
class Machine {
 public:
  Machine();
  std::string root() const { return root_.string(); }
  void write(const std::string& path, const std::string& text) const;
  void link(const std::string& path, const std::string& target) const;
  void folder(const std::string& path) const;

 private:
  std::filesystem::path root_;
};

// Four CPUs, PREEMPT_RT, CPUs 2 and 3 isolated and free of interrupts, an ordinary user with
// limits: nothing to complain about.
Machine ready_board();

// Two CPUs with siblings, powersave, deep idle states, irqbalance, swap, a battery, no rights.
Machine plain_laptop();

// The board in a container: root without CAP_SYS_NICE, a cgroup with no share of real time.
Machine starved_cgroup();

const doctor::Finding& finding_of(const std::vector<doctor::Finding>& findings,
                                  const std::string& id);

}  // namespace takt::test
