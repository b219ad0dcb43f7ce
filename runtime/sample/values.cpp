// Samples as text and JSON, and values written into samples, by their layout alone.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include <takt/base/text.hpp>
#include <takt/sample/json.hpp>
#include <takt/sample/layout.hpp>

namespace takt {
namespace {

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Calls `use` with the element's value in its own type.
template <typename Use>
auto with_value(FieldKind kind, const std::byte* at, Use&& use) {
  switch (kind) {
    case FieldKind::f64: return use(load<double>(at));
    case FieldKind::f32: return use(load<float>(at));
    case FieldKind::i64: return use(load<std::int64_t>(at));
    case FieldKind::i32: return use(load<std::int32_t>(at));
    case FieldKind::i16: return use(load<std::int16_t>(at));
    case FieldKind::i8: return use(load<std::int8_t>(at));
    case FieldKind::u64: return use(load<std::uint64_t>(at));
    case FieldKind::u32: return use(load<std::uint32_t>(at));
    case FieldKind::u16: return use(load<std::uint16_t>(at));
    case FieldKind::u8: return use(load<std::uint8_t>(at));
    case FieldKind::boolean: return use(load<std::uint8_t>(at) != 0);
    case FieldKind::text: break;
  }
  return use(std::uint8_t{0});
}

std::string_view text_at(const Field& field, std::span<const std::byte> sample) {
  const auto* begin = reinterpret_cast<const char*>(sample.data() + field.offset);
  return {begin, ::strnlen(begin, field.count)};
}

std::uint32_t length_of(const Field& field, std::span<const std::byte> sample) {
  if (field.length_offset < 0) return field.count;
  const auto length =
      load<std::uint64_t>(sample.data() + static_cast<std::size_t>(field.length_offset));
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(length, field.count));
}

const std::byte* element(const Field& field, std::uint32_t index,
                         std::span<const std::byte> sample) {
  return sample.data() + field.offset + index * size_of(field.kind);
}

Json number(const Field& field, std::uint32_t index, std::span<const std::byte> sample) {
  return with_value(field.kind, element(field, index, sample), [](auto value) -> Json {
    if constexpr (std::is_floating_point_v<decltype(value)>) {
      if (!std::isfinite(value)) return nullptr;
    }
    return value;
  });
}

// The place in `root` that a flattened name such as "joints[2].angle" stands for.
Json& place(Json& root, std::string_view name) {
  Json* at = &root;
  for (const std::string& part : split(name, '.')) {
    const std::size_t bracket = part.find('[');
    at = &(*at)[part.substr(0, bracket)];
    if (bracket != std::string::npos) at = &(*at)[std::stoul(part.substr(bracket + 1))];
  }
  return *at;
}

// Whether `T` holds `value` without becoming another number (or, for floats, infinite).
template <typename T>
bool fits(double value) {
  if constexpr (std::is_integral_v<T>) {
    // 2^63 and 2^64 are doubles, the largest integers are not: compare against the next one up.
    const double limit = std::ldexp(1.0, std::numeric_limits<T>::digits);
    const double lowest = std::is_signed_v<T> ? -limit : 0.0;
    return value == std::floor(value) && value < limit && value >= lowest;
  } else {
    return !std::isfinite(value) || std::abs(value) <= double{std::numeric_limits<T>::max()};
  }
}

template <typename T>
Result<void> store(const Column& column, const Json& value, std::span<std::byte> sample) {
  T stored{};
  bool good = false;
  if (std::is_integral_v<T> && value.is_number_integer()) {
    // Not through a double, which holds no integer above 2^53 exactly.
    if constexpr (std::is_integral_v<T>) {
      good = value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                        : std::in_range<T>(value.get<std::int64_t>());
      if (good) stored = value.get<T>();
    }
  } else {
    const double number = value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0)
                                             : value.get<double>();
    good = fits<T>(number);
    if (good) stored = static_cast<T>(number);
  }
  if (!good) {
    return fail(format("{} does not fit into '{}', which is of kind {}", json_line(value),
                       column.name, name_of(column.field->kind)));
  }
  std::memcpy(sample.data() + column.offset(), &stored, sizeof(T));
  return {};
}

}  // namespace

std::vector<Column> columns_of(const Layout& layout) {
  std::vector<Column> columns;
  for (const Field& field : layout.fields) {
    if (field.kind == FieldKind::text || (!field.array && field.count == 1)) {
      columns.push_back({field.name, &field, 0});
      continue;
    }
    for (std::uint32_t i = 0; i < field.count; ++i) {
      columns.push_back({format("{}[{}]", field.name, i), &field, i});
    }
  }
  return columns;
}

std::string column_text(const Column& column, std::span<const std::byte> sample) {
  const Field& field = *column.field;
  if (field.kind == FieldKind::text) return std::string(text_at(field, sample));
  if (column.index >= length_of(field, sample)) return {};
  return with_value(field.kind, element(field, column.index, sample), [](auto value) {
    using Value = decltype(value);
    using Widest = std::conditional_t<std::is_signed_v<Value>, std::int64_t, std::uint64_t>;
    if constexpr (std::is_floating_point_v<Value>) return format("{:.17g}", double{value});
    else return format("{}", static_cast<Widest>(value));
  });
}

Json sample_to_json(const Layout& layout, std::span<const std::byte> sample) {
  Json root = Json::object();
  for (const Field& field : layout.fields) {
    Json& at = place(root, field.name);
    if (field.kind == FieldKind::text) {
      at = std::string(text_at(field, sample));
    } else if (!field.array && field.count == 1) {
      at = number(field, 0, sample);
    } else {
      at = Json::array();
      for (std::uint32_t i = 0; i < length_of(field, sample); ++i) {
        at.push_back(number(field, i, sample));
      }
    }
  }
  return root;
}

Result<void> write_element(const Column& column, const Json& value, std::span<std::byte> sample) {
  const Field& field = *column.field;
  if (field.kind == FieldKind::text) {
    if (!value.is_string()) return fail(format("'{}' takes a text", column.name));
    const auto text = value.get<std::string>();
    if (text.size() > field.count) {
      return fail(format("'{}' holds {} bytes; the text has {}", column.name, field.count,
                         text.size()));
    }
    std::memset(sample.data() + field.offset, 0, field.count);
    std::memcpy(sample.data() + field.offset, text.data(), text.size());
    return {};
  }
  if (!value.is_number() && !value.is_boolean()) {
    return fail(format("'{}' takes a number", column.name));
  }
  switch (field.kind) {
    case FieldKind::f64: return store<double>(column, value, sample);
    case FieldKind::f32: return store<float>(column, value, sample);
    case FieldKind::i64: return store<std::int64_t>(column, value, sample);
    case FieldKind::i32: return store<std::int32_t>(column, value, sample);
    case FieldKind::i16: return store<std::int16_t>(column, value, sample);
    case FieldKind::i8: return store<std::int8_t>(column, value, sample);
    case FieldKind::u64: return store<std::uint64_t>(column, value, sample);
    case FieldKind::u32: return store<std::uint32_t>(column, value, sample);
    case FieldKind::u16: return store<std::uint16_t>(column, value, sample);
    case FieldKind::u8: return store<std::uint8_t>(column, value, sample);
    case FieldKind::boolean: {
      const bool set = value.is_boolean() ? value.get<bool>() : value.get<double>() != 0.0;
      return store<std::uint8_t>(column, Json(set ? 1 : 0), sample);
    }
    case FieldKind::text: break;
  }
  return {};
}

}  // namespace takt
