// Samples written in the graph: safe values and initial values.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/scalars.hpp>
#include <takt/graph/values.hpp>
#include <takt/sample/json.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

template <typename T>
bool is_integer(std::string_view text, T& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size();
}

// The number for a field: for an integer field as the integer that is written, since a double holds
// none above 2^53 exactly.
Json as_written(FieldKind kind, const std::string& text, double number) {
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  if (kind == FieldKind::f64 || kind == FieldKind::f32) return number;
  std::int64_t with_sign = 0;
  std::uint64_t without_sign = 0;
  if (is_integer(text, with_sign)) return with_sign;
  if (is_integer(text, without_sign)) return without_sign;
  const bool is_whole = number == std::floor(number) && std::abs(number) < kExactMax;
  return is_whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// Encodes one sample field by field.
class SampleWriter {
 public:
  // `what` names the sample ("the safe value of 'drive.output'"); `unit` is a Scalar's.
  SampleWriter(const Layout& layout, std::string what, const std::string& unit, Report& report)
      : layout_(layout), what_(std::move(what)), unit_(unit), report_(report) {
    bytes_.resize(layout.size);
  }

  // One element alone; empty after a report.
  std::vector<std::byte> write_alone(const Column& column, const MarkedNode& node) {
    if (!write_single(column, node)) return {};
    const auto* at = bytes_.data() + column.offset();
    return {at, at + size_of(column.field->kind)};
  }

  // Empty after a report.
  std::vector<std::byte> write(const MarkedEntry& entry) {
    if (is_scalar(layout_) && entry.value.shape != Shape::map) {
      return write_field(layout_.fields.front(), entry.value) ? bytes_ : std::vector<std::byte>();
    }
    if (entry.value.shape != Shape::map) {
      report_.error({.code = "graph.wrong-shape",
                     .mark = entry.value.shape == Shape::empty ? entry.key.mark : entry.value.mark,
                     .message = format("{} is a map of the fields of {}, not {}", what_,
                                       layout_.type, name_of(entry.value.shape)),
                     .help = format("its fields: {}", fmt::join(field_names(), ", "))});
      return {};
    }
    report_unknown_fields(entry.value);
    bool complete = true;
    for (const Field& field : layout_.fields) {
      const MarkedEntry* value = entry.value.find(field.name);
      if (!value) report_missing(field, entry.key.mark);
      complete = value && write_field(field, value->value) && complete;
    }
    return complete ? bytes_ : std::vector<std::byte>();
  }

 private:
  std::vector<std::string> field_names() const {
    std::vector<std::string> names;
    for (const Field& field : layout_.fields) names.push_back(field.name);
    return names;
  }

  void report_unknown_fields(const MarkedNode& map) {
    const std::vector<std::string> known = field_names();
    for (const MarkedEntry& entry : map.entries) {
      if (std::find(known.begin(), known.end(), entry.key.value) != known.end()) continue;
      const std::string near = nearest_word(entry.key.value, known);
      report_.error({.code = "graph.unknown-field",
                     .mark = entry.key.mark,
                     .message = format("{} has no field '{}'{}", layout_.type, entry.key.value,
                                       near.empty() ? "" : format("; did you mean '{}'?", near)),
                     .help = format("its fields: {}", fmt::join(known, ", "))});
    }
  }

  void report_missing(const Field& field, const Mark& mark) {
    report_.error(
        {.code = "graph.missing-field",
         .mark = mark,
         .message = format("{} does not give the field '{}'", what_, field.name),
         .help = "every field is written out: a zero that nobody wrote may move a machine"});
  }

  bool write_field(const Field& field, const MarkedNode& node) {
    const bool single = field.kind == FieldKind::text || (!field.array && field.count == 1);
    if (single) return write_single({field.name, &field, 0}, node);
    if (!check_shape(node, Shape::list, format("'{}'", field.name), report_)) return false;
    const bool fits = field.length_offset >= 0 ? node.items.size() <= field.count
                                               : node.items.size() == field.count;
    if (!fits) {
      report_.error({.code = "graph.wrong-shape",
                     .mark = node.mark,
                     .message = format("'{}' has {}{} elements, not {}", field.name,
                                       field.length_offset >= 0 ? "at most " : "", field.count,
                                       node.items.size())});
      return false;
    }
    bool complete = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Column column{format("{}[{}]", field.name, i), &field, static_cast<std::uint32_t>(i)};
      complete = write_single(column, node.items[i]) && complete;
    }
    if (field.length_offset >= 0) {
      const std::uint64_t length = node.items.size();
      std::memcpy(bytes_.data() + field.length_offset, &length, sizeof length);
    }
    return complete;
  }

  bool write_single(const Column& column, const MarkedNode& node) {
    const Json value = read_single(column, node);
    if (value.is_null()) return false;
    const auto written = write_element(column, value, bytes_);
    if (written) return true;
    report_.error(
        {.code = "graph.out-of-range", .mark = node.mark, .message = written.error().message});
    return false;
  }

  Json read_single(const Column& column, const MarkedNode& node) {
    const Field& field = *column.field;
    const std::string what = is_scalar(layout_) ? what_ : format("'{}'", column.name);
    if (field.kind == FieldKind::text) {
      const auto text = read_text(node, what, report_);
      return text ? Json(*text) : Json();
    }
    if (field.kind == FieldKind::boolean) {
      const auto boolean = read_boolean(node, what, report_);
      return boolean ? Json(*boolean) : Json();
    }
    const NumberPlace place{.what = what, .unit = is_scalar(layout_) ? unit_ : field.unit};
    const auto number = read_number(node, place, report_);
    return number ? as_written(field.kind, node.text, *number) : Json();
  }

  const Layout& layout_;
  std::string what_;
  std::string unit_;
  Report& report_;
  std::vector<std::byte> bytes_;
};

}  // namespace

std::vector<std::byte> encode_sample(const Layout& layout, const std::string& unit,
                                     const MarkedEntry& entry, const std::string& what,
                                     Report& report) {
  return SampleWriter(layout, what, unit, report).write(entry);
}

std::vector<std::byte> encode_element(const Layout& layout, const Column& column,
                                      const std::string& unit, const MarkedNode& value,
                                      const std::string& what, Report& report) {
  return SampleWriter(layout, what, unit, report).write_alone(column, value);
}

void resolve_initial(const Model& model, const Edge& edge, InputConfig& config, Report& report) {
  const InputDeclaration& input = model.input_of(edge);
  // With another layout on the wire, which is reported, no value could be right.
  if (!edge.draft->initial || input.layout != model.output_of(edge).layout) return;
  if (input.layout.size > kSampleBytesMax) return;
  const OutputUnit& unit = model.unit_of(edge);
  SampleWriter writer(input.layout, format("the initial value of '{}'", model.input_name(edge)),
                      unit.unit, report);
  config.initial = writer.write(*edge.draft->initial);
}

void resolve_initial(const Model& model, const ExternalInput& external, InputConfig& config,
                     Report& report) {
  const InputDeclaration& input = model.input_of(external);
  if (!external.draft->initial || input.layout.size > kSampleBytesMax) return;
  SampleWriter writer(input.layout, format("the initial value of '{}'", model.input_name(external)),
                      external.unit, report);
  config.initial = writer.write(*external.draft->initial);
}

}  // namespace takt::graph
