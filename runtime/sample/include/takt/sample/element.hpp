// One number of a sample, by its kind.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <takt/base/rt.hpp>
#include <takt/sample/layout.hpp>

namespace takt {

// Calls `use` with a null pointer to the type of an element of `kind`; a text has bytes.
template <typename Use>
auto with_type(FieldKind kind, Use&& use) noexcept TAKT_RT {
  switch (kind) {
    case FieldKind::f64:
      return use(static_cast<double*>(nullptr));
    case FieldKind::f32:
      return use(static_cast<float*>(nullptr));
    case FieldKind::i64:
      return use(static_cast<std::int64_t*>(nullptr));
    case FieldKind::i32:
      return use(static_cast<std::int32_t*>(nullptr));
    case FieldKind::i16:
      return use(static_cast<std::int16_t*>(nullptr));
    case FieldKind::i8:
      return use(static_cast<std::int8_t*>(nullptr));
    case FieldKind::u64:
      return use(static_cast<std::uint64_t*>(nullptr));
    case FieldKind::u32:
      return use(static_cast<std::uint32_t*>(nullptr));
    case FieldKind::u16:
      return use(static_cast<std::uint16_t*>(nullptr));
    case FieldKind::boolean:
      return use(static_cast<bool*>(nullptr));
    case FieldKind::u8:
    case FieldKind::text:
      break;
  }
  return use(static_cast<std::uint8_t*>(nullptr));
}

inline std::uint32_t element_bytes(FieldKind kind) noexcept TAKT_RT {
  return with_type(kind, [](auto* type) { return std::uint32_t{sizeof(*type)}; });
}

inline double load_number(FieldKind kind, const std::byte* at) noexcept TAKT_RT {
  return with_type(kind, [at](auto* type) {
    std::remove_reference_t<decltype(*type)> value;
    std::memcpy(&value, at, sizeof value);
    return static_cast<double>(value);
  });
}

// Integers are rounded and kept within their range, NaN is 0 there; a boolean is true unless 0.
inline void store_number(FieldKind kind, std::byte* at, double number) noexcept TAKT_RT {
  with_type(kind, [at, number](auto* type) {
    using Value = std::remove_reference_t<decltype(*type)>;
    Value value{};
    if constexpr (std::is_same_v<Value, bool>) {
      value = number != 0.0;
    } else if constexpr (std::is_floating_point_v<Value>) {
      value = static_cast<Value>(number);
    } else {
      const double whole = std::nearbyint(number);
      // 2^63 is a double, the largest integer below it is not.
      const double limit = std::ldexp(1.0, std::numeric_limits<Value>::digits);
      if (whole >= limit) {
        value = std::numeric_limits<Value>::max();
      } else if (whole <= static_cast<double>(std::numeric_limits<Value>::min())) {
        value = std::numeric_limits<Value>::min();
      } else if (whole == whole) {
        value = static_cast<Value>(whole);
      }
    }
    std::memcpy(at, &value, sizeof value);
  });
}

}  // namespace takt
