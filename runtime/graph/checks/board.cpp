// What a board profile says against a graph. Which CPUs exist is judged where they are chosen.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

void warn_housekeeping(const Marked<CpuChoice>& choice, const BoardProfile& board,
                       const std::string& whose, Report& report) {
  for (const int cpu : choice.value.cpus) {
    if (!board.is_housekeeping(cpu)) continue;
    report.warning({.code = "graph.housekeeping-cpu",
                    .mark = choice.mark,
                    .message = format("{} on CPU {}, which board '{}' keeps for the rest of the "
                                      "system",
                                      whose, cpu, board.name),
                    .help = "its interrupts and services will delay the node; 'cpu: auto' chooses "
                            "another one"});
  }
}

std::string micros(std::chrono::nanoseconds time) {
  return format("{:g} us", static_cast<double>(time.count()) * 1e-3);
}

// Warns of `limit`, written at `mark`, when the board may wake a node later than that.
void warn_late(std::chrono::nanoseconds limit, Mark mark, const std::string& what,
               const BoardProfile& board, Report& report) {
  if (limit >= board.wake_latency->max) return;
  report.warning({.code = "graph.below-wake-latency",
                  .mark = mark,
                  .message = format("{} is {}; board '{}' may wake a node {} late", what,
                                    micros(limit), board.name, micros(board.wake_latency->max)),
                  .help = "'wake_latency: max' of the profile says so; 'takt doctor --latency 60s' "
                          "measures it"});
}

void check_wake_latency(const NodeModel& node, const TuningDraft& defaults,
                        const BoardProfile& board, Report& report) {
  const auto& own = node.draft->tuning.deadline;
  const auto& deadline = own ? own : defaults.deadline;
  if (deadline) {
    warn_late(deadline->value, deadline->mark, format("the deadline of node '{}'", node.name()),
              board, report);
  }
  for (const InputDraft& input : node.draft->inputs) {
    const std::string name = format("'{}.{}'", node.name(), input.name.value);
    if (input.max_age && input.max_age->value.value) {
      warn_late(*input.max_age->value.value, input.max_age->mark, "'max_age' of " + name, board,
                report);
    }
    if (input.max_data_age && input.max_data_age->value.value) {
      warn_late(*input.max_data_age->value.value, input.max_data_age->mark,
                "'max_data_age' of " + name, board, report);
    }
  }
}

}  // namespace

void check_board(const Model& model, const LoadOptions& options, Report& report) {
  if (!options.board) return;
  const BoardProfile& board = *options.board;
  const TuningDraft& defaults = model.draft.defaults;
  if (defaults.cpu) warn_housekeeping(*defaults.cpu, board, "the nodes are", report);
  for (const NodeModel& node : model.nodes) {
    const auto& cpu = node.draft->tuning.cpu;
    if (cpu) warn_housekeeping(*cpu, board, format("node '{}' is", node.name()), report);
    if (board.wake_latency) check_wake_latency(node, defaults, board, report);
  }
}

}  // namespace takt::graph
