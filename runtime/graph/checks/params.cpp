#include <algorithm>
#include <cmath>

#include <takt/base/text.hpp>
#include <takt/graph/quantity.hpp>
#include <takt/graph/scalars.hpp>
#include <takt/graph/units.hpp>
#include <takt/graph/values.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

std::string with_unit(const Json& number, const std::string& unit) {
  const std::string text = format("{}", number.get<double>());
  return unit.empty() ? text : text + " " + unit;
}

bool check_range(const MarkedNode& node, const ParamDeclaration& param, double value,
                 Report& report) {
  const bool below = param.min.is_number() && value < param.min.get<double>();
  const bool above = param.max.is_number() && value > param.max.get<double>();
  if (!below && !above) return true;
  const std::string& unit = param.unit;
  const std::string range =
      param.min.is_number() && param.max.is_number()
          ? format("between {} and {}", with_unit(param.min, unit), with_unit(param.max, unit))
      : below ? format("at least {}", with_unit(param.min, unit))
              : format("at most {}", with_unit(param.max, unit));
  report.error({.code = "graph.out-of-range",
                .mark = node.mark,
                .message = format("'{}' is {}; it must be {}", param.name, node.text, range)});
  return false;
}

// How a parameter without a unit of its own is to be understood: in the unit of the node's only
// Scalar output, in its rate of change (`rate: 100 V/s`), or as a pure number (`duty: 20 %`).
NumberPlace place_of(const NodeModel& node, const ParamDeclaration& param,
                     const MarkedNode& value) {
  NumberPlace place{.what = format("'{}'", param.name), .unit = param.unit};
  const auto quantity = parse_quantity(value.text);
  if (!param.unit.empty() || !quantity || quantity->unit.empty()) return place;
  std::vector<std::string> candidates;
  if (node.declaration->outputs.size() == 1 && !node.output_units[0].unit.empty()) {
    const std::string& unit = node.output_units[0].unit;
    candidates = {unit, per_second(unit)};
    place.why_plain =
        format("the node's output is in {}: what converts to it may be written", unit);
  }
  candidates.push_back("1");
  for (const std::string& unit : candidates) {
    if (!convertible(quantity->unit, unit)) continue;
    place.unit = unit;
    break;
  }
  return place;
}

Json read_value(const NodeModel& node, const ParamDeclaration& param, const MarkedNode& value,
                Report& report) {
  const std::string what = format("'{}'", param.name);
  switch (param.kind) {
    case ParamKind::number: {
      const auto number = read_number(value, place_of(node, param, value), report);
      return number && check_range(value, param, *number, report) ? Json(*number) : Json();
    }
    case ParamKind::integer: {
      const auto integer = read_integer(value, what, report);
      const bool fits = integer && check_range(value, param, static_cast<double>(*integer), report);
      return fits ? Json(*integer) : Json();
    }
    case ParamKind::boolean: {
      const auto boolean = read_boolean(value, what, report);
      return boolean ? Json(*boolean) : Json();
    }
    case ParamKind::text:
      break;
  }
  const auto text = read_text(value, what, report);
  if (!text) return {};
  const auto& choices = param.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    report_unknown_word({*text, value.mark}, what, choices, report);
    return {};
  }
  return *text;
}

void report_unknown_params(const NodeModel& node, Report& report) {
  if (!node.draft->params) return;
  std::vector<std::string> known;
  for (const ParamDeclaration& param : node.declaration->params) known.push_back(param.name);
  for (const MarkedEntry& entry : node.draft->params->entries) {
    if (std::find(known.begin(), known.end(), entry.key.value) != known.end()) continue;
    const std::string near = nearest_word(entry.key.value, known);
    report.error(
        {.code = "graph.unknown-param",
         .mark = entry.key.mark,
         .message = format("'{}' has no parameter '{}'{}", node.declaration->type, entry.key.value,
                           near.empty() ? "" : format("; did you mean '{}'?", near)),
         .help = known.empty() ? "it has no parameters"
                               : format("its parameters: {}", fmt::join(known, ", "))});
  }
}

}  // namespace

void resolve_params(const Model& model, std::size_t index, NodeConfig& config, Report& report) {
  const NodeModel& node = model.nodes[index];
  report_unknown_params(node, report);
  for (const ParamDeclaration& param : node.declaration->params) {
    const MarkedEntry* entry = node.draft->params ? node.draft->params->find(param.name) : nullptr;
    if (entry && entry->value.shape == Shape::empty) {
      report.error({.code = "graph.wrong-shape",
                    .mark = entry->key.mark,
                    .message = format("'{}' has no value", param.name)});
    } else if (entry) {
      config.params[param.name] = read_value(node, param, entry->value, report);
    } else if (param.fallback.is_null()) {
      const std::string unit = param.unit.empty() ? "" : format(", in {}", param.unit);
      report.error({.code = "graph.missing-param",
                    .mark = node.draft->name.mark,
                    .message = format("node '{}' does not give '{}', which has no default",
                                      node.name(), param.name),
                    .help = format("add '{}' to its 'params'{}", param.name, unit)});
    } else {
      const bool number = param.kind == ParamKind::number && param.fallback.is_number();
      config.params[param.name] = number ? Json(param.fallback.get<double>()) : param.fallback;
    }
  }
}

}  // namespace takt::graph
