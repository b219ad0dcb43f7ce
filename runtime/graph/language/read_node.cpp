#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

const MarkedNode* value_of(const MarkedEntry* entry) { return entry ? &entry->value : nullptr; }

}  // namespace

NodeDraft read_node(const MarkedEntry& entry, Report& report) {
  NodeDraft draft;
  draft.name = entry.key;
  check_name(draft.name, "the name of a node", false, report);
  const std::string what = format("node '{}'", draft.name.value);
  MapReader map(entry.value, what, entry.key.mark, report);
  if (!map.is_map()) return draft;
  if (const MarkedEntry* type = map.require("type", "'takt nodes' lists the types")) {
    const auto text = read_text(type->value, "'type'", report);
    if (text) draft.type = {*text, type->value.mark};
  }
  draft.trigger = read_trigger(map, draft.name, report);
  draft.tuning = read_tuning(map, report);
  draft.supervision = read_supervision(map, report);
  if (const MarkedEntry* inputs = map.find_map("inputs")) {
    for (const MarkedEntry& input : inputs->value.entries) {
      draft.inputs.push_back(read_input(input, draft.name.value, report));
    }
  }
  draft.on_silence = read_on_silence(map, report);
  draft.params = value_of(map.find_map("params"));
  draft.units = value_of(map.find_map("units"));
  draft.safe = value_of(map.find_map("safe"));
  map.finish();
  return draft;
}

}  // namespace takt::graph
