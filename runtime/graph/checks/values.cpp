#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/quantity.hpp>
#include <takt/graph/units.hpp>
#include <takt/graph/values.hpp>

namespace takt::graph {
namespace {

std::nullopt_t refuse(const char* code, const MarkedNode& node, std::string message,
                      std::string help, Report& report) {
  report.error(
      {.code = code, .mark = node.mark, .message = std::move(message), .help = std::move(help)});
  return std::nullopt;
}

}  // namespace

std::optional<double> read_number(const MarkedNode& node, const NumberPlace& place,
                                  Report& report) {
  if (!check_shape(node, Shape::scalar, place.what, report)) return std::nullopt;
  const auto quantity = parse_quantity(node.text);
  const std::string example =
      place.unit.empty() ? "as in 0.5" : format("as in '1.5 {}'", place.unit);
  if (!quantity) {
    return refuse("graph.wrong-kind", node,
                  format("{} takes a number, not '{}'", place.what, node.text), example, report);
  }
  if (quantity->unit.empty()) {
    if (place.unit.empty() || place.unit == "1") return quantity->number;
    return refuse(
        "graph.missing-unit", node, format("{} needs a unit: '{}' of what?", place.what, node.text),
        format("write '{} {}', or any unit that converts to {}", node.text, place.unit, place.unit),
        report);
  }
  if (!is_unit(quantity->unit)) {
    return refuse("graph.unknown-unit", node, format("'{}' is no unit", quantity->unit),
                  "units are written as UDUNITS-2 knows them: V, rad/s, N.m, m/s2, %, 1", report);
  }
  if (place.unit.empty()) {
    return refuse("graph.unexpected-unit", node,
                  format("{} takes a plain number, not one in {}", place.what, quantity->unit),
                  place.why_plain, report);
  }
  const auto value = convert(quantity->number, quantity->unit, place.unit);
  if (!value) {
    return refuse(
        "graph.wrong-dimension", node,
        format("{} is in {}; {} does not convert to it", place.what, place.unit, quantity->unit),
        example, report);
  }
  return value;
}

}  // namespace takt::graph
