#include "runtime/loop/process/run.hpp"

#include <optional>
#include <utility>

#include <takt/base/aligned.hpp>
#include <takt/base/text.hpp>
#include <takt/loop/loop.hpp>
#include <takt/node/access.hpp>
#include <takt/os/futex.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/os/shared_memory.hpp>
#include <takt/os/signals.hpp>
#include <takt/port/iceoryx.hpp>

#include "runtime/loop/process/guard.hpp"
#include "runtime/loop/process/launch.hpp"
#include "runtime/loop/process/real_time.hpp"
#include "runtime/loop/process/wire.hpp"

namespace takt::loop {
namespace {

struct MappedPages {
  os::Mapping control;
  os::Mapping bells;
  os::Mapping status;
  os::Mapping snapshot;  // Empty: the node declares no state.
  os::Mapping turns;     // Empty: the machine's clock.
  os::Mapping injections;

  Pages pages() {
    return {std::as_const(control).as<ControlPage>(),
            bells.as<BellPage>(),
            aligned_as<StatusPage>(status.data()),
            snapshot ? snapshot.as<SnapshotPage>() : nullptr,
            nullptr,
            std::as_const(injections).as<InjectionPage>()};
  }
};

Result<MappedPages> map_pages(const NodeLaunch& launch) {
  const NodeConfig& node = launch.node;
  auto control = os::Mapping::map(kControlFd, sizeof(ControlPage), false);
  if (!control) return control.error();
  auto bells = os::Mapping::map(kBellsFd, sizeof(BellPage), true);
  if (!bells) return bells.error();
  auto status = os::Mapping::map(kStatusFd, StatusPage::bytes_for(node.inputs.size()), true);
  if (!status) return status.error();
  os::Mapping snapshot;
  if (node.declaration.state) {
    auto mapped =
        os::Mapping::map(kStateFd, SnapshotPage::bytes_for(node.declaration.state->size), true);
    if (!mapped) return mapped.error();
    snapshot = std::move(*mapped);
  }
  os::Mapping turns;
  if (launch.lockstep) {
    auto mapped = os::Mapping::map(kTurnsFd, sizeof(TurnPage), true);
    if (!mapped) return mapped.error();
    turns = std::move(*mapped);
  }
  const std::uint32_t points = launch.scenario ? kInjectionPointsMax : 0;
  auto injections = os::Mapping::map(kInjectionsFd, InjectionPage::bytes_for(points), false);
  if (!injections) return injections.error();
  if (std::as_const(*injections).as<InjectionPage>()->version != kPageVersion ||
      std::as_const(*control).as<ControlPage>()->version != kPageVersion ||
      std::as_const(*bells).as<BellPage>()->version != kPageVersion ||
      (turns && turns.as<TurnPage>()->version != kPageVersion)) {
    return fail("the supervisor's pages are of another version",
                "install takt and takt-node from one build");
  }
  return MappedPages{std::move(*control), std::move(*bells), std::move(*status),
                     std::move(snapshot), std::move(turns),  std::move(*injections)};
}

// Waits until the phase is no longer `now`; false when the start is over or the supervisor died.
bool wait_for_phase_after(const ControlPage& control, Phase now) {
  const auto word = static_cast<std::uint32_t>(now);
  MonotonicClock clock;
  while (control.phase.load(std::memory_order_acquire) == word) {
    if (control.supervisor.owner_died()) return false;
    os::futex_wait(control.phase, word, clock.now() + std::chrono::milliseconds(100));
  }
  return control.phase.load(std::memory_order_acquire) !=
         static_cast<std::uint32_t>(Phase::abandoned);
}

// A node that was started into a running graph waits until its ports are connected.
bool wait_while_held(const ControlPage& control, std::uint32_t index) {
  const auto& word = control.commands[index];
  const auto held = static_cast<std::uint32_t>(Command::hold);
  MonotonicClock clock;
  while (word.load(std::memory_order_acquire) == held) {
    if (control.supervisor.owner_died()) return false;
    os::futex_wait(word, held, clock.now() + std::chrono::milliseconds(100));
  }
  return word.load(std::memory_order_acquire) == static_cast<std::uint32_t>(Command::run);
}

// The loop has ended. To leave takes hundreds of microseconds, which nodes that still run must not
// wait for: in the class of its loop this thread would stand above some of them.
void report_end(const Loop& loop, const os::PageFaults& faults, std::int64_t switches) {
  const os::PageFaults now = os::page_faults();
  const std::int64_t switches_now = os::involuntary_switches();
  static_cast<void>(
      os::set_policy(0, os::SchedulingClass::other, 0));  // Lowering is never refused.
  report({{"report", "ended"},
          {"reason", describe(loop.reason())},
          {"page_faults", now.minor + now.major - faults.minor - faults.major},
          {"involuntary_switches", switches_now - switches}});
}

// From the made ports to the end of the loop.
int run_loop(Loop& loop, const NodeLaunch& launch, const ControlPage& control, StatusPage& status) {
  if (auto configured = loop.configure(); !configured) {
    report_failure(configured.error());
    return 1;
  }
  report({{"report", "connected"}});
  if (!wait_for_phase_after(control, Phase::joining)) return 1;
  if (!wait_while_held(control, launch.index)) return 1;

  loop.warm_up();
  const Applied applied = take_real_time(loop.config().real_time);
  status.state.store(static_cast<std::uint32_t>(NodeState::ready), std::memory_order_release);
  report({{"report", "ready"}, {"applied", to_json(applied)}});
  if (!wait_for_phase_after(control, Phase::preparing)) return 1;

  if (launch.node.safety.on_supervisor_loss != OnSupervisorLoss::safe) outlive_supervisor();
  const os::PageFaults faults = os::page_faults();
  const std::int64_t switches = os::involuntary_switches();
  loop.start(control.grid_zero_ns.load(std::memory_order_acquire));
  loop.wait_until(loop.grid_zero());
  drive(loop);
  if (loop.reason() == StopReason::supervisor_lost) return 1;
  report_end(loop, faults, switches);
  return loop.reason() == StopReason::command || loop.reason() == StopReason::done ? 0 : 1;
}

}  // namespace

int run_node_process() {
  os::block_all_signals();
  os::ignore_broken_pipes();
  auto launch = read_launch();
  if (!launch) {
    report_failure(launch.error());
    return 1;
  }
  auto pages = map_pages(*launch);
  if (!pages) {
    report_failure(pages.error());
    return 1;
  }
  start_guard(kWireFd);
  auto node = make_node(*launch);
  if (!node) {
    report_failure(node.error());
    return 1;
  }
  auto participant = port::join_iceoryx(launch->participant, &pages->pages().status->in_transport);
  if (!participant) {
    report_failure(participant.error());
    return 1;
  }
  MonotonicClock machine;
  Pages shared = pages->pages();
  std::optional<TurnTaker> turns;
  if (pages->turns) {
    turns.emplace(*pages->turns.as<TurnPage>(), launch->index, shared.control->supervisor);
    shared.turns = &*turns;
  }
  Clock& clock = turns ? static_cast<Clock&>(*turns) : machine;
  auto loop = Loop::make(std::move(*node), *launch, **participant, shared, clock);
  if (!loop) {
    report_failure(loop.error());
    return 1;
  }
  const int status = run_loop(**loop, *launch, *shared.control, *shared.status);
  if (turns) turns->leave();
  return status;
}

}  // namespace takt::loop
