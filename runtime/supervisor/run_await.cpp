// What a start waits for, and the sentence for who did not come.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// How often start-up deadlines of single nodes are looked at.
constexpr milliseconds kDeadlineLook{50};

}  // namespace

Result<void> Run::first_failure() const {
  std::string message;
  for (const Process& process : processes_) {
    const bool died = process.ending.has_value();
    if (!process.failure && !died) continue;
    if (!message.empty()) message += "\n";
    message += format("node '{}' ", process.name);
    if (process.failure) {
      message += "cannot start: " + process.failure->text();
    } else {
      message += format("{} before the graph was complete", process.ending->text());
    }
  }
  if (message.empty()) return {};
  return fail(message);
}

// The sentence for processes whose time to start has passed: those, not all that are waited for.
Error Run::missed_deadline(Progress progress, const std::vector<const Process*>& late) const {
  nanoseconds deadline{0};
  bool own = false;
  std::vector<std::string> names;
  for (const Process* process : late) {
    names.push_back(process->name);
    deadline = std::max(deadline, start_deadline(*process));
    own = own || start_deadline(*process) < options_.startup_deadline;
  }
  return fail(
      format("the start-up deadline of {:.3g} s has passed and {} not {}: {}",
             std::chrono::duration<double>(deadline).count(),
             names.size() == 1 ? "one node is" : "some nodes are",
             progress == Progress::connected ? "configured" : "ready", fmt::join(names, ", ")),
      format("look for what its configure() waits for, or allow more: {}",
             own ? "startup_deadline in the graph" : "--startup-deadline 60s"));
}

// Since the start: a node's own beats the run's when it is shorter.
nanoseconds Run::start_deadline(const Process& process) const {
  const nanoseconds own = process.plan.rules().startup_deadline;
  const nanoseconds common = options_.startup_deadline;
  return own.count() > 0 ? std::min(own, common) : common;
}

Result<void> Run::await(Progress progress) {
  for (;;) {
    if (ending_) return fail("interrupted");
    bool complete = true;
    std::vector<const Process*> late;
    for (const Process& process : processes_) {
      if (process.progress >= progress) continue;
      complete = false;
      if (clock_.now() >= started_at_ + start_deadline(process)) late.push_back(&process);
    }
    // A failing node's siblings get the time to tell theirs: all reasons are shown at once.
    if (auto failed = first_failure(); !failed) {
      pump(clock_.now() + milliseconds(20));
      return first_failure();
    }
    if (complete) return {};
    if (!late.empty()) return missed_deadline(progress, late);
    pump(std::min(startup_deadline_, clock_.now() + kDeadlineLook));
  }
}

Result<void> Run::await_taps() {
  while (taps_attached_ < options_.await_taps) {
    if (ending_) return fail("interrupted");
    if (auto failed = first_failure(); !failed) return failed;
    if (clock_.now() >= startup_deadline_) {
      return fail(format("{} of {} awaited tools are attached at the start-up deadline",
                         taps_attached_, options_.await_taps),
                  "start them, or allow more time: --startup-deadline 60s");
    }
    pump(startup_deadline_);
  }
  return {};
}

}  // namespace takt::supervisor
