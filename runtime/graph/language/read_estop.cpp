#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

constexpr const char* kHelp =
    "as in 'estop: {from: panel.button, max_age: 100ms}'; a field of a larger sample is written "
    "'node.output.field'";

void read_source(const MarkedNode& node, EstopDraft& draft, Report& report) {
  const auto text = read_text(node, "'from'", report);
  if (!text) return;
  draft.source = {*text, node.mark};
  const std::size_t first = text->find('.');
  const std::size_t second = text->find('.', std::min(first, text->size() - 1) + 1);
  const bool has_topic = first != std::string::npos && first > 0 && first + 1 < text->size();
  const std::string output = has_topic ? text->substr(first + 1, second - first - 1) : "";
  const bool has_field = second != std::string::npos;
  if (output.empty() || (has_field && second + 1 == text->size())) {
    report.error({.code = "graph.bad-topic",
                  .mark = node.mark,
                  .message = format("'{}' is no topic and no field of one", *text),
                  .help = kHelp});
    return;
  }
  draft.from = {{text->substr(0, first), output}, node.mark};
  if (has_field) draft.field = text->substr(second + 1);
}

}  // namespace

std::optional<EstopDraft> read_estop(MapReader& map, Report& report) {
  const MarkedEntry* entry = map.find("estop");
  if (!entry) return std::nullopt;
  MapReader estop(entry->value, "'estop'", entry->key.mark, report);
  if (!estop.is_map()) return std::nullopt;
  EstopDraft draft;
  draft.mark = entry->key.mark;
  if (const MarkedEntry* from = estop.require("from", kHelp)) {
    read_source(from->value, draft, report);
  }
  if (const MarkedEntry* age = estop.require(
          "max_age", "an emergency stop that is silent for longer counts as pressed")) {
    const auto value = read_positive_duration(age->value, "'max_age'", report);
    if (value) draft.max_age = {AgeLimit{*value}, age->value.mark};
  }
  draft.max_data_age = read_limit(estop, "max_data_age", report);
  draft.released = estop.find("released");
  estop.finish();
  return draft;
}

}  // namespace takt::graph
