// Devices: what each does when the node that owns it can no longer drive it.
#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

void report_missing(const NodeModel& node, Report& report) {
  report.error(
      {.code = "graph.missing-on-silence",
       .mark = node.draft->name.mark,
       .message = format("node '{}' owns a device and does not say what that does when the node "
                         "has died",
                         node.name()),
       .help = "add 'on_silence: {device_timeout: 200ms}', 'holds_last' or 'unknown': the manual "
               "of the device tells which"});
}

void check_unknown(const Model& model, const NodeModel& node, Mark mark, Report& report) {
  Finding finding{.code = "graph.unknown-silence",
                  .mark = mark,
                  .message = format("nobody knows what the device of node '{}' does when the node "
                                    "has died",
                                    node.name()),
                  .help =
                      "look it up or try it; what a dead node's device drives is 'holds_last' "
                      "or ends after 'device_timeout'"};
  if (model.draft.real_time == RealTimeMode::required) {
    finding.message += ", and the graph requires real time";
    report.error(std::move(finding));
  } else {
    report.warning(std::move(finding));
  }
}

void check_timeout(const NodeModel& node, const OnSilence& silence, Mark mark, Report& report) {
  if (silence.device != Silence::device_timeout || silence.timeout >= node.period) return;
  report.warning({.code = "graph.timeout-below-period",
                  .mark = mark,
                  .message = format("the 'device_timeout' of node '{}' is shorter than its period: "
                                    "the device gives up between two commands",
                                    node.name()),
                  .help = "allow several periods: a datagram may be late or lost"});
}

}  // namespace

void check_silence(const Model& model, Report& report) {
  for (const NodeModel& node : model.nodes) {
    if (!node.declaration) continue;
    const auto& written = node.draft->on_silence;
    if (!node.declaration->device) {
      if (!written) continue;
      report.error(
          {.code = "graph.without-effect",
           .mark = written->mark,
           .message = format("'on_silence' has no effect: node '{}' owns no device", node.name()),
           .help = "'takt nodes' shows which types do"});
    } else if (!written) {
      report_missing(node, report);
    } else if (written->value) {
      if (written->value->device == Silence::unknown) {
        check_unknown(model, node, written->mark, report);
      }
      check_timeout(node, *written->value, written->mark, report);
    }
  }
}

}  // namespace takt::graph
