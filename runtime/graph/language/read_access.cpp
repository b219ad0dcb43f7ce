// Who beside its owner and root may use a running graph.
#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

void read_group(MapReader& map, const std::string& key, MaybeMarked<std::string>& to,
                Report& report) {
  const MarkedEntry* entry = map.find(key);
  if (!entry) return;
  if (const auto name = read_text(entry->value, format("'{}'", key), report)) {
    to = {*name, entry->value.mark};
  }
}

}  // namespace

AccessDraft read_access(MapReader& map, Report& report) {
  AccessDraft draft;
  const MarkedEntry* entry = map.find("access");
  if (!entry) return draft;
  MapReader access(entry->value, "'access'", entry->key.mark, report);
  if (!access.is_map()) return draft;
  read_group(access, "operators", draft.operators, report);
  read_group(access, "observers", draft.observers, report);
  access.finish();
  if (entry->value.entries.empty()) {
    report.error({.code = "graph.missing-key",
                  .mark = entry->key.mark,
                  .message = "'access' names no group",
                  .help = "as in 'access: {operators: GROUP, observers: GROUP}'"});
  }
  return draft;
}

}  // namespace takt::graph
