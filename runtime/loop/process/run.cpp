#include "runtime/loop/process/run.hpp"

#include <utility>

#include <takt/base/aligned.hpp>
#include <takt/base/text.hpp>
#include <takt/loop/loop.hpp>
#include <takt/node/access.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/futex.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/shared_memory.hpp>
#include <takt/os/signals.hpp>
#include <takt/port/iceoryx.hpp>

#include "runtime/loop/process/guard.hpp"
#include "runtime/loop/process/node_library.hpp"
#include "runtime/loop/process/real_time.hpp"
#include "runtime/loop/process/wire.hpp"

namespace takt::loop {
namespace {

Result<NodeLaunch> read_launch() {
  auto text = os::read_file(format("/proc/self/fd/{}", kLaunchFd));
  if (!text) return text.error();
  auto json = parse_json(*text);
  if (!json) return json.error();
  return node_launch_from_json(*json);
}

struct MappedPages {
  os::Mapping control;
  os::Mapping bells;
  os::Mapping status;

  Pages pages() {
    return {std::as_const(control).as<ControlPage>(), bells.as<BellPage>(),
            aligned_as<StatusPage>(status.data())};
  }
};

Result<MappedPages> map_pages(std::size_t inputs) {
  auto control = os::Mapping::map(kControlFd, sizeof(ControlPage), false);
  if (!control) return control.error();
  auto bells = os::Mapping::map(kBellsFd, sizeof(BellPage), true);
  if (!bells) return bells.error();
  auto status = os::Mapping::map(kStatusFd, StatusPage::bytes_for(inputs), true);
  if (!status) return status.error();
  if (std::as_const(*control).as<ControlPage>()->version != kPageVersion ||
      std::as_const(*bells).as<BellPage>()->version != kPageVersion) {
    return fail("the supervisor's pages are of another version",
                "install takt and takt-node from one build");
  }
  return MappedPages{std::move(*control), std::move(*bells), std::move(*status)};
}

Result<std::unique_ptr<Node>> make_node(const NodeLaunch& launch) {
  const NodeConfig& config = launch.node;
  auto library = open_library(config.library);
  if (!library) return library.error();
  const NodeEntry* entry = find_in(**library, config.type);
  if (entry == nullptr) {
    return fail(format("'{}' has no node type '{}'", config.library, config.type),
                "its manifest is older or newer than the library: build it again");
  }
  auto node = entry->make();
  // The graph was checked against the manifest: a library that declares something else must not
  // run, its samples would be read with other eyes.
  if (PortAccess::declare(*node, entry->type, entry->summary) != config.declaration) {
    return fail(format("'{}' differs from its manifest in node type '{}'", config.library,
                       config.type),
                "build the library again; takt_add_nodes() writes the manifest beside it");
  }
  return node;
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

void report_end(const Loop& loop, const os::PageFaults& faults, std::int64_t switches) {
  const os::PageFaults now = os::page_faults();
  report({{"report", "ended"},
          {"reason", describe(loop.reason())},
          {"page_faults", now.minor + now.major - faults.minor - faults.major},
          {"involuntary_switches", os::involuntary_switches() - switches}});
}

// From the made ports to the end of the loop.
int run_loop(Loop& loop, const ControlPage& control, StatusPage& status) {
  if (auto configured = loop.configure(); !configured) {
    report_failure(configured.error());
    return 1;
  }
  report({{"report", "connected"}});
  if (!wait_for_phase_after(control, Phase::joining)) return 1;

  loop.warm_up();
  const Applied applied = take_real_time(loop.config().real_time);
  status.state.store(static_cast<std::uint32_t>(NodeState::ready), std::memory_order_release);
  report({{"report", "ready"}, {"applied", to_json(applied)}});
  if (!wait_for_phase_after(control, Phase::preparing)) return 1;

  const os::PageFaults faults = os::page_faults();
  const std::int64_t switches = os::involuntary_switches();
  loop.start(control.grid_zero_ns.load(std::memory_order_acquire));
  loop.clock().wait_until(std::chrono::nanoseconds(loop.grid_zero()));
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
  auto pages = map_pages(launch->node.inputs.size());
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
  auto participant = port::join_iceoryx(launch->participant);
  if (!participant) {
    report_failure(participant.error());
    return 1;
  }
  MonotonicClock clock;
  const Pages shared = pages->pages();
  auto loop = Loop::make(std::move(*node), *launch, **participant, shared, clock);
  if (!loop) {
    report_failure(loop.error());
    return 1;
  }
  return run_loop(**loop, *shared.control, *shared.status);
}

}  // namespace takt::loop
