#include <takt/sample/json.hpp>
#include <takt/sample/layout.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include <takt/base/text.hpp>

namespace takt {
namespace {

struct KindFacts {
  FieldKind kind;
  std::string_view name;
  std::size_t size;
};
constexpr std::array kKinds{
    KindFacts{FieldKind::f64, "f64", 8}, KindFacts{FieldKind::f32, "f32", 4},
    KindFacts{FieldKind::i64, "i64", 8}, KindFacts{FieldKind::i32, "i32", 4},
    KindFacts{FieldKind::i16, "i16", 2}, KindFacts{FieldKind::i8, "i8", 1},
    KindFacts{FieldKind::u64, "u64", 8}, KindFacts{FieldKind::u32, "u32", 4},
    KindFacts{FieldKind::u16, "u16", 2}, KindFacts{FieldKind::u8, "u8", 1},
    KindFacts{FieldKind::boolean, "bool", 1}, KindFacts{FieldKind::text, "text", 1}};

const KindFacts& facts(FieldKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

}  // namespace

std::string_view name_of(FieldKind kind) { return facts(kind).name; }
std::size_t size_of(FieldKind kind) { return facts(kind).size; }

std::string Layout::describe() const {
  std::string text = type + "{";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& f = fields[i];
    if (i > 0) text += ", ";
    text += format("{}: {}", f.name, name_of(f.kind));
    if (f.length_offset >= 0) {
      text += format("[<={}]", f.count);
    } else if (f.array || f.kind == FieldKind::text) {
      text += format("[{}]", f.count);
    }
    text += format(" @{}", f.offset);
    if (!f.unit.empty()) text += format(" [{}]", f.unit);
  }
  return text + format("}} {} B", size);
}

std::uint64_t Layout::fingerprint() const {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : describe()) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

Json to_json(const Layout& layout) {
  Json fields = Json::array();
  for (const Field& f : layout.fields) {
    Json field = {{"name", f.name}, {"kind", name_of(f.kind)}, {"offset", f.offset}};
    if (!f.unit.empty()) field["unit"] = f.unit;
    if (f.count != 1) field["count"] = f.count;
    if (f.array) field["array"] = true;
    if (f.length_offset >= 0) field["length_offset"] = f.length_offset;
    fields.push_back(std::move(field));
  }
  Json json = {{"type", layout.type}, {"size", layout.size}, {"align", layout.align},
               {"fingerprint", format("{:016x}", layout.fingerprint())}};
  if (layout.allows_non_finite) json["allows_non_finite"] = true;
  json["fields"] = std::move(fields);
  return json;
}

Result<Layout> layout_from_json(const Json& json) {
  try {
    Layout layout;
    layout.type = json.at("type").get<std::string>();
    layout.size = json.at("size").get<std::uint32_t>();
    layout.align = json.at("align").get<std::uint32_t>();
    layout.allows_non_finite = json.value("allows_non_finite", false);
    for (const Json& entry : json.at("fields")) {
      Field field;
      field.name = entry.at("name").get<std::string>();
      field.unit = entry.value("unit", std::string());
      const auto kind = entry.at("kind").get<std::string>();
      bool known = false;
      for (const KindFacts& k : kKinds) {
        if (k.name == kind) field.kind = k.kind, known = true;
      }
      field.offset = entry.at("offset").get<std::uint32_t>();
      field.count = entry.value("count", 1U);
      field.array = entry.value("array", false);
      field.length_offset = entry.value("length_offset", std::int64_t{-1});
      const std::uint64_t end =
          field.offset + std::uint64_t{field.count} * size_of(field.kind);
      const bool length_inside = field.length_offset >= -1 &&
                                 field.length_offset <= std::int64_t{layout.size} - 8;
      if (!known || end > layout.size || (field.length_offset != -1 && !length_inside)) {
        return fail(format("field '{}' of sample '{}' is not valid", field.name, layout.type));
      }
      layout.fields.push_back(std::move(field));
    }
    return layout;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a sample layout: ") + refusal.what());
  }
}

std::vector<FloatRun> float_runs(const Layout& layout) {
  std::vector<FloatRun> runs;
  for (const Field& f : layout.fields) {
    if (f.kind != FieldKind::f64 && f.kind != FieldKind::f32) continue;
    const bool is_double = f.kind == FieldKind::f64;
    if (!runs.empty() && runs.back().is_double == is_double &&
        runs.back().offset + runs.back().count * size_of(f.kind) == f.offset) {
      runs.back().count += f.count;
    } else {
      runs.push_back({f.offset, f.count, is_double});
    }
  }
  return runs;
}

bool all_finite(std::span<const FloatRun> runs, const void* sample) noexcept {
  const auto* bytes = static_cast<const std::byte*>(sample);
  for (const FloatRun& run : runs) {
    for (std::uint32_t i = 0; i < run.count; ++i) {
      if (run.is_double) {
        double value;
        std::memcpy(&value, bytes + run.offset + i * sizeof value, sizeof value);
        if (!std::isfinite(value)) return false;
      } else {
        float value;
        std::memcpy(&value, bytes + run.offset + i * sizeof value, sizeof value);
        if (!std::isfinite(value)) return false;
      }
    }
  }
  return true;
}

}  // namespace takt
