// Before the first process: folders, log, socket, the instance's world, the pages.
#include <cerrno>
#include <csignal>
#include <filesystem>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/power.hpp>
#include <takt/os/private_world.hpp>
#include <takt/os/signals.hpp>
#include <takt/supervisor/memory_plan.hpp>

#include "runtime/supervisor/run.hpp"
#include "runtime/supervisor/tags.hpp"

namespace takt::supervisor {
namespace {

// Inherited by nodes and tap: the kernel ends nearly everything else first.
constexpr int kOomScore = -900;

bool needs_user_namespace(const std::string& instance) {
  return !os::can_enter_private_world() && instance != "default";
}

// With the right to make mount namespaces every instance has its own. An ordinary user's named
// instance gets one through a user namespace; his default instance uses the machine's names.
Result<void> enter_own_world(const std::string& instance) {
  if (needs_user_namespace(instance)) return os::enter_private_world(true);
  return os::can_enter_private_world() ? os::enter_private_world(false) : Result<void>();
}

}  // namespace

Result<std::unique_ptr<Run>> Run::set_up(const GraphSpec& graph, const RunOptions& options) {
  const InstancePaths paths = paths_of(options.instance);
  const bool for_groups = !graph.access.operators.empty() || !graph.access.observers.empty();
  if (auto made = make_folders(paths, for_groups); !made) return made.error();
  auto log = Log::open(paths.log, options.say, options.restarted.count > 0);
  if (!log) return log.error();
  if (options.restarted.count > 0) {
    log->say(format("whole restart {}: {}", options.restarted.count, options.restarted.reason));
  }
  if (for_groups && !others_look_there(paths, options.instance)) {
    log->say(
        format("'access' lets groups in, but tools of other users look only for root's "
               "instances and for services; theirs find this one with XDG_RUNTIME_DIR={}",
               std::filesystem::path(paths.run_folder).parent_path().string()));
  }
  std::unique_ptr<Run> run(new Run(graph, options, std::move(*log)));
  if (auto opened = run->open_doors(); !opened) return opened.error();
  run->open_rehearsal();
  run->prepare_machine();
  if (auto made = run->make_world(); !made) return made.error();
  return run;
}

Result<void> Run::open_doors() {
  auto signals = os::signal_fd({SIGINT, SIGTERM, SIGHUP});
  if (!signals) return signals.error();
  signals_ = std::move(*signals);
  os::ignore_broken_pipes();
  poller_.watch(signals_.get(), kSignalTag);
  auto rules = access_rules(graph_.access);
  if (!rules) return rules.error();
  rules->ids_are_hidden = needs_user_namespace(options_.instance);
  auto server = ControlServer::listen(paths_, std::move(*rules), poller_, kControlTag,
                                      [this](const Json& request, int connection, bool& keep) {
                                        return answer(request, connection, keep);
                                      });
  if (!server) {
    if (server.error().errno_value != EADDRINUSE) return server.error();
    return fail(format("the instance '{}' is already running", options_.instance),
                format("stop it with `takt stop --instance {}`, or give this one another name: "
                       "--instance NAME",
                       options_.instance));
  }
  server_ = std::move(*server);
  // Before the mounts change: its socket may lie anywhere.
  auto manager = os::ServiceManager::from_environment();
  if (manager) {
    manager_ = std::move(*manager);
  } else {
    log_.say(manager.error().text());
  }
  return {};
}

// For the whole machine. A refusal costs latency or chances, not correctness: the log has it.
void Run::prepare_machine() {
  if (auto set = os::set_oom_score(kOomScore); !set) log_.event(set.error().text());
  if (auto awake = os::WakeLock::take("takt-" + options_.instance)) {
    system_awake_.emplace(std::move(*awake));
  } else {
    log_.event(awake.error().text());
  }
  if (options_.allow_processor_sleep) return;
  auto awake = os::hold_processors_awake();
  if (awake) {
    awake_ = std::move(*awake);
  } else {
    log_.event(awake.error().text());
  }
}

Result<void> Run::make_world() {
  auto pools = plan_memory(graph_);
  if (!pools) return pools.error();
  // The log and the socket are open: they lie in the folders that everybody sees.
  if (auto entered = enter_own_world(options_.instance); !entered) return entered.error();
  auto world = port::World::create(*pools, log_.fd());
  if (!world) return world.error();
  world_ = std::move(*world);
  auto pages = ProcessPages::create(graph_, options_.rehearsal ? kInjectionPointsMax : 0);
  if (!pages) return pages.error();
  pages_ = std::move(*pages);
  injections_.emplace(pages_.injections());
  if (TurnPage* turns = pages_.turns()) {
    conductor_.emplace(*turns, pages_.bells(), graph_.turn_order);
  }
  node_logs_.resize(graph_.nodes.size());
  return {};
}

}  // namespace takt::supervisor
