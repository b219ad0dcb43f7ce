// Scheduling class, priority, CPUs, deadlines.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

// Nodes that `cpu: auto` puts on one CPU before it takes the next lower one. The language has no
// budget key yet, so the declared load of a node is its being one of so many.
constexpr std::size_t kNodesPerCpu = 16;

bool runs_freely(const NodeModel& node) {
  return node.draft->trigger && node.draft->trigger->kind == TriggerKind::free_running;
}

template <typename T>
const Marked<T>* node_or_default(const MaybeMarked<T>& own, const MaybeMarked<T>& common) {
  return own ? &*own : common ? &*common : nullptr;
}

void resolve_class(NodeModel& node, const TuningDraft& defaults, Report& report) {
  const TuningDraft& own = node.draft->tuning;
  if (runs_freely(node)) {
    node.policy = Policy::other;
    if (own.policy && own.policy->value != Policy::other) {
      report.error({.code = "graph.free-running-real-time",
                    .mark = own.policy->mark,
                    .message = format("node '{}' runs freely and cannot be of a real-time class",
                                      node.name()),
                    .help = "back to back at a real-time priority it would never leave its CPU to "
                            "others; remove 'policy', or release it by 'period' or 'on'",
                    .notes = {{"it runs freely", node.draft->trigger->mark}}});
    }
  } else if (const auto* policy = node_or_default(own.policy, defaults.policy)) {
    node.policy = policy->value;
  }
  const auto* priority = node_or_default(own.priority, defaults.priority);
  if (node.is_real_time()) {
    node.priority = priority ? priority->value : kPriorityDefault;
  } else if (own.priority) {
    report.warning(
        {.code = "graph.without-effect",
         .mark = own.priority->mark,
         .message =
             format("'priority' has no effect: node '{}' is in no real-time class", node.name())});
  }
}

// The CPUs that a node may name.
std::vector<int> available_cpus(const LoadOptions& options) {
  std::vector<int> cpus = options.allowed_cpus.empty() ? std::vector<int>{0} : options.allowed_cpus;
  if (options.board) {
    std::erase_if(cpus, [&](int cpu) { return cpu >= options.board->cpu_count; });
  }
  return cpus;
}

void check_cpus(const Marked<CpuChoice>& choice, const std::vector<int>& allowed,
                const LoadOptions& options, Report& report) {
  for (const int cpu : choice.value.cpus) {
    if (std::find(allowed.begin(), allowed.end(), cpu) != allowed.end()) continue;
    const bool off_board = options.board && cpu >= options.board->cpu_count;
    report.error({.code = "graph.cpu-not-available",
                  .mark = choice.mark,
                  .message = off_board ? format("CPU {} is not on board '{}', which has {}", cpu,
                                                options.board->name, options.board->cpu_count)
                                       : format("CPU {} is not available to this graph", cpu),
                  .help = format("available: {}; 'cpu: auto' chooses among them",
                                 fmt::join(allowed, ", "))});
  }
}

// The CPUs that `cpu: auto` chooses from, in its order.
std::vector<int> choice_of_auto(const LoadOptions& options) {
  std::vector<int> cpus = available_cpus(options);
  std::sort(cpus.rbegin(), cpus.rend());
  if (!options.board) return cpus;
  const BoardProfile& board = *options.board;
  std::erase_if(cpus, [&](int cpu) { return board.is_housekeeping(cpu); });
  std::stable_partition(cpus.begin(), cpus.end(), [&](int cpu) { return board.is_isolated(cpu); });
  return cpus;
}

// `cpu: auto`: each trigger chain on one CPU, the first of `choice` that is not full.
class Placement {
 public:
  Placement(Model& model, std::vector<int> choice) : model_(model), choice_(std::move(choice)) {}

  void run(const std::vector<bool>& automatic) {
    for (const NodeModel& node : model_.nodes) {
      if (node.is_real_time() && node.cpus.size() == 1) ++load_[node.cpus.front()];
    }
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      if (automatic[i] && model_.nodes[i].cpus.empty()) place_chain_of(i, automatic);
    }
  }

 private:
  void place_chain_of(std::size_t node, const std::vector<bool>& automatic) {
    const std::size_t root = model_.nodes[node].root;
    std::vector<std::size_t> chain;
    int cpu = -1;
    for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
      const NodeModel& other = model_.nodes[i];
      if (i != node && (root == kNone || other.root != root)) continue;
      if (automatic[i]) chain.push_back(i);
      // A chain of which one node was put on a CPU by hand stays together there.
      if (!automatic[i] && other.is_real_time() && other.cpus.size() == 1 && cpu < 0 &&
          may_follow(other.cpus.front())) {
        cpu = other.cpus.front();
      }
    }
    if (cpu < 0) cpu = free_cpu(chain.size());
    for (const std::size_t i : chain) model_.nodes[i].cpus = {cpu};
    load_[cpu] += chain.size();
  }

  bool may_follow(int cpu) const {
    return std::find(choice_.begin(), choice_.end(), cpu) != choice_.end();
  }

  int free_cpu(std::size_t wanted) {
    int least = choice_.front();
    for (const int cpu : choice_) {
      if (load_[cpu] == 0 || load_[cpu] + wanted <= kNodesPerCpu) return cpu;
      if (load_[cpu] < load_[least]) least = cpu;
    }
    return least;
  }

  Model& model_;
  std::vector<int> choice_;
  std::map<int, std::size_t> load_;
};

void report_no_cpu(const NodeModel& node, const BoardProfile& board, Report& report) {
  report.error({.code = "graph.no-cpu",
                .mark = node.draft->name.mark,
                .message = format("'cpu: auto' finds no CPU for node '{}' on board '{}'",
                                  node.name(), board.name),
                .help = "every CPU that is left to this graph is for housekeeping: name one with "
                        "'cpu:', or change the profile"});
}

void resolve_cpus(Model& model, const LoadOptions& options, Report& report) {
  const std::vector<int> allowed = available_cpus(options);
  const MaybeMarked<CpuChoice>& common = model.draft.defaults.cpu;
  if (common) check_cpus(*common, allowed, options, report);
  std::vector<bool> automatic(model.nodes.size(), false);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    NodeModel& node = model.nodes[i];
    const MaybeMarked<CpuChoice>& own = node.draft->tuning.cpu;
    if (own) check_cpus(*own, allowed, options, report);
    const auto* choice = node_or_default(own, common);
    if (choice && !choice->value.automatic) {
      node.cpus = choice->value.cpus;
    } else {
      automatic[i] = node.is_real_time();
    }
  }
  std::vector<int> choice = choice_of_auto(options);
  if (!choice.empty()) {
    Placement(model, std::move(choice)).run(automatic);
    return;
  }
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (automatic[i]) report_no_cpu(model.nodes[i], *options.board, report);
  }
}

void check_misses(const NodeModel& node, const TuningDraft& defaults, Report& report) {
  const TuningDraft& own = node.draft->tuning;
  const auto* deadline = node_or_default(own.deadline, defaults.deadline);
  const auto* on_miss = node_or_default(own.on_miss, defaults.on_miss);
  if (own.on_miss && own.on_miss->value != OnMiss::count && !deadline) {
    report.error({.code = "graph.without-effect",
                  .mark = own.on_miss->mark,
                  .message = "'on_miss' has no effect without a 'deadline'",
                  .help = format("give node '{}' a 'deadline'", node.name())});
  }
  if (own.tolerate && (!on_miss || on_miss->value == OnMiss::count)) {
    report.error({.code = "graph.without-effect",
                  .mark = own.tolerate->mark,
                  .message = "'tolerate' has no effect when misses are only counted",
                  .help = "it goes with 'on_miss: safe' and 'on_miss: stop'"});
  }
  const bool has_period = node.period > std::chrono::nanoseconds(0);
  if (own.deadline && has_period && own.deadline->value > node.period) {
    report.warning(
        {.code = "graph.deadline-after-period",
         .mark = own.deadline->mark,
         .message = format("the deadline of node '{}' is after its next release", node.name()),
         .help = "a step that long skips a release; that is counted as an overrun"});
  }
}

}  // namespace

void resolve_real_time(Model& model, const LoadOptions& options, Report& report) {
  for (NodeModel& node : model.nodes) {
    resolve_class(node, model.draft.defaults, report);
    check_misses(node, model.draft.defaults, report);
  }
  resolve_cpus(model, options, report);
}

}  // namespace takt::graph
