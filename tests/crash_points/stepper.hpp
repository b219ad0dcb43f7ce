// Runs a traced child to the instruction before which it is to die.
//
// Thread safety: the thread that started the child. Real time: no. Lifetime: one operation of one
// child, which has called PTRACE_TRACEME and stopped itself by SIGSTOP.
#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace takt::test {

// The addresses of the instructions of one operation, in the order in which they ran. Of a sequence
// that cannot be stepped through (load-exclusive to store-exclusive on ARM) the first one alone.
using Trace = std::vector<std::uint64_t>;

class Stepper {
 public:
  explicit Stepper(pid_t child) : child_(child) {}

  // Waits until the child has stopped before its operation. False: it ended, or does not come.
  bool wait_for_start();

  // Steps through the whole operation. Empty: it did not come to its end within kStepsMax.
  Trace record();

  // Runs to the instruction number `target` of `trace`: at full speed to the last address before it
  // that had not run before, then step by step. False: the operation was over before.
  bool run_to(const Trace& trace, std::size_t target);

  static constexpr std::size_t kStepsMax = 60'000;

 private:
  enum class Stop { step, end, gone };
  Stop wait_for_stop();
  Stop step();
  Stop run_until(const std::vector<std::uint64_t>& places);  // To any of them.
  std::uint64_t program_counter() const;
  void set_program_counter(std::uint64_t address) const;
  pid_t child_;
};

// For every instruction, the last one up to it whose address ran there for the first time.
std::vector<std::size_t> first_visits(const Trace& trace);

}  // namespace takt::test
