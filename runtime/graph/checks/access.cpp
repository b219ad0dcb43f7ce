// The groups that may use the graph exist on the machine that shall run it.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/os/accounts.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

void check_group(const MaybeMarked<std::string>& group, Report& report) {
  if (!group || os::find_group(group->value)) return;
  report.error({.code = "graph.unknown-group",
                .mark = group->mark,
                .message = format("this machine has no group '{}'", group->value),
                .help = format("make it: 'sudo groupadd --system {}', and put people into it: "
                               "'sudo usermod -aG {} USER'",
                               group->value, group->value)});
}

}  // namespace

AccessConfig access_of(const Model& model, const LoadOptions& options, Report& report) {
  const AccessDraft& draft = model.draft.access;
  if (options.look_up_groups) {
    check_group(draft.operators, report);
    check_group(draft.observers, report);
  }
  AccessConfig result;
  if (draft.operators) result.operators = draft.operators->value;
  if (draft.observers) result.observers = draft.observers->value;
  if (draft.operators && draft.observers && result.operators == result.observers) {
    report.warning({.code = "graph.without-effect",
                    .mark = draft.observers->mark,
                    .message = "'observers' has no effect: it is the group of the operators",
                    .help = "operators may do what observers may; name another group"});
  }
  return result;
}

}  // namespace takt::graph
