#include "tests/crash_points/stepper.hpp"

#include <cerrno>
#include <csignal>
#include <unordered_set>

#include <elf.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

namespace takt::test {
namespace {

#if defined(__x86_64__)
constexpr std::uint64_t kBreak = 0xcc;  // int3
constexpr std::uint64_t kBreakMask = 0xff;
constexpr std::uint64_t kBehindBreak = 1;  // The counter stands behind the instruction.
std::uint64_t& counter_of(user_regs_struct& registers) {
  return reinterpret_cast<std::uint64_t&>(registers.rip);
}
#elif defined(__aarch64__)
constexpr std::uint64_t kBreak = 0xd420'0000;  // brk #0
constexpr std::uint64_t kBreakMask = 0xffff'ffff;
constexpr std::uint64_t kBehindBreak = 0;
std::uint64_t& counter_of(user_regs_struct& registers) {
  return reinterpret_cast<std::uint64_t&>(registers.pc);
}
// Between a load-exclusive and its store-exclusive no single step may come: it ends the exclusive
// access, and the store would fail for ever. The sequence is run as one step; it changes memory
// with its last instruction only, so a death within it is one before it.
bool is_exclusive(std::uint64_t instruction, bool load) {
  const bool compare_and_swap = (instruction & 0x8020'0000) == 0x0020'0000;
  return (instruction & 0x3fc0'0000) == (load ? 0x0840'0000U : 0x0800'0000U) && !compare_and_swap;
}

bool is_conditional_branch(std::uint64_t instruction) {
  return (instruction & 0xff00'0010) == 0x5400'0000 || (instruction & 0x7e00'0000) == 0x3400'0000;
}

std::uint64_t target_of(std::uint64_t branch, std::uint64_t address) {
  // 19 bits with a sign, in instructions.
  const auto distance = static_cast<std::int64_t>(((branch >> 5) & 0x7'ffff) << 45) >> 43;
  return address + static_cast<std::uint64_t>(distance);
}
#else
#error "add the breakpoint instruction of this architecture"
#endif

user_regs_struct registers_of(pid_t child) {
  user_regs_struct registers{};
  iovec all{&registers, sizeof registers};
  ::ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &all);
  return registers;
}

std::uint64_t word_at(pid_t child, std::uint64_t address) {
  return static_cast<std::uint64_t>(
      ::ptrace(PTRACE_PEEKTEXT, child, reinterpret_cast<void*>(address), nullptr));
}

void write_word(pid_t child, std::uint64_t address, std::uint64_t word) {
  ::ptrace(PTRACE_POKETEXT, child, reinterpret_cast<void*>(address), reinterpret_cast<void*>(word));
}

// Where the sequence that begins at `address` and must not be stepped through may end. Empty: none
// begins there.
std::vector<std::uint64_t> ends_of_sequence([[maybe_unused]] pid_t child,
                                            [[maybe_unused]] std::uint64_t address) {
#if defined(__aarch64__)
  constexpr int kLengthMax = 16;
  constexpr std::uint64_t kWidth = 4;
  const auto instruction_at = [child](std::uint64_t place) {
    return word_at(child, place) & kBreakMask;
  };
  if (!is_exclusive(instruction_at(address), true)) return {};
  std::vector<std::uint64_t> ends;
  for (int i = 1; i < kLengthMax; ++i) {
    address += kWidth;
    const std::uint64_t instruction = instruction_at(address);
    if (is_conditional_branch(instruction)) ends.push_back(target_of(instruction, address));
    if (!is_exclusive(instruction, false)) continue;
    ends.push_back(address + kWidth);
    return ends;
  }
#endif
  return {};
}

// Stepper and child on one processor while this lives. On two, every step wakes the other one from
// idling, which takes several times as long on a virtual machine.
class OneProcessor {
 public:
  explicit OneProcessor(pid_t child) : child_(child) {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<unsigned>(::sched_getcpu()), &here);
    changed_ = ::sched_setaffinity(0, sizeof here, &here) == 0;
    ::sched_setaffinity(child_, sizeof here, &here);
  }
  ~OneProcessor() {
    if (!changed_) return;
    ::sched_setaffinity(0, sizeof before_, &before_);
    ::sched_setaffinity(child_, sizeof before_, &before_);
  }
  OneProcessor(const OneProcessor&) = delete;
  OneProcessor& operator=(const OneProcessor&) = delete;

 private:
  pid_t child_;
  cpu_set_t before_{};
  bool changed_ = false;
};

}  // namespace

std::uint64_t Stepper::program_counter() const {
  user_regs_struct registers = registers_of(child_);
  return counter_of(registers);
}

void Stepper::set_program_counter(std::uint64_t address) const {
  user_regs_struct registers = registers_of(child_);
  counter_of(registers) = address;
  iovec all{&registers, sizeof registers};
  ::ptrace(PTRACE_SETREGSET, child_, NT_PRSTATUS, &all);
}

Stepper::Stop Stepper::wait_for_stop() {
  int status = 0;
  while (::waitpid(child_, &status, 0) < 0) {
    if (errno != EINTR) return Stop::gone;
  }
  if (!WIFSTOPPED(status)) return Stop::gone;
  return WSTOPSIG(status) == SIGTRAP ? Stop::step : Stop::end;
}

Stepper::Stop Stepper::step() {
  const std::vector<std::uint64_t> ends = ends_of_sequence(child_, program_counter());
  if (!ends.empty()) return run_until(ends);
  if (::ptrace(PTRACE_SINGLESTEP, child_, nullptr, nullptr) != 0) return Stop::gone;
  return wait_for_stop();
}

bool Stepper::wait_for_start() { return wait_for_stop() == Stop::end; }

Trace Stepper::record() {
  const OneProcessor together(child_);
  Trace trace;
  for (Stop stop = Stop::step; stop == Stop::step; stop = step()) {
    if (trace.size() >= kStepsMax) return {};
    trace.push_back(program_counter());
  }
  return trace;
}

Stepper::Stop Stepper::run_until(const std::vector<std::uint64_t>& places) {
  std::vector<std::uint64_t> words;
  for (const std::uint64_t place : places) {
    errno = 0;
    words.push_back(word_at(child_, place));
    if (errno != 0) return Stop::gone;
    write_word(child_, place, (words.back() & ~kBreakMask) | kBreak);
  }
  ::ptrace(PTRACE_CONT, child_, nullptr, nullptr);
  const Stop stop = wait_for_stop();
  if (stop == Stop::gone) return stop;
  // Backwards: of places that stand side by side a later word holds the earlier one's breakpoint.
  for (std::size_t i = places.size(); i-- > 0;) write_word(child_, places[i], words[i]);
  const std::uint64_t stopped = program_counter();
  for (const std::uint64_t place : places) {
    if (stop == Stop::step && stopped == place + kBehindBreak) set_program_counter(place);
  }
  return stop;
}

bool Stepper::run_to(const Trace& trace, std::size_t target) {
  const OneProcessor together(child_);
  std::size_t at = 0;
  const std::size_t anchor = target < trace.size() ? first_visits(trace)[target] : 0;
  if (anchor > 0) {
    if (run_until({trace[anchor]}) != Stop::step) return false;
    at = anchor;
  }
  for (; at < target; ++at) {
    if (step() != Stop::step) return false;
  }
  return true;
}

std::vector<std::size_t> first_visits(const Trace& trace) {
  std::vector<std::size_t> visits;
  std::unordered_set<std::uint64_t> seen;
  std::size_t last = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (seen.insert(trace[i]).second) last = i;
    visits.push_back(last);
  }
  return visits;
}

}  // namespace takt::test
