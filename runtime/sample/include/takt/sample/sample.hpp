// TAKT_SAMPLE: the field table of a sample, checked by the compiler.
//
//   struct MotorState { double speed; double current; };
//   TAKT_SAMPLE(MotorState, (speed, "rad/s"), (current, "A"));
//
// Stands in the namespace of the struct, after it. A field is (name) or (name, "unit"). Every
// member is listed, in order: a member left out, or a gap that the compiler would fill, does not
// compile.
// Nor do pointers, references, virtual functions, types that are not trivially copyable,
// `long double`, `wchar_t`. Members are numbers, bool, enums, `FixedString`, `FixedVector`, other
// samples, and arrays of these. (`long` cannot be told from `std::int64_t` on 64-bit Linux; the
// house rules refuse it as a word, and the fingerprint holds widths.)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include <takt/base/fixed.hpp>
#include <takt/sample/describe.hpp>
#include <takt/sample/layout.hpp>

namespace takt {

// The stamp in front of every sample on its way through a topic.
struct SampleHeader {
  std::uint64_t sequence = 0;     // 0, 1, 2 ... per writer incarnation.
  std::int64_t publish_ns = 0;    // CLOCK_MONOTONIC when the writer committed its step.
  std::int64_t origin_ns = 0;     // When the physical quantity was measured; 0: carries no origin.
  std::uint64_t incarnation = 0;  // Which start of the writer sent it.
};
static_assert(sizeof(SampleHeader) == 32);

// A type with a field table.
template <typename T>
concept Sample = sample::HasFields<T> && std::is_trivially_copyable_v<T>;

// The layout of `T`, made at the first call. Not for the loop's path.
template <Sample T>
const Layout& layout_of() {
  static const Layout layout = [] {
    Layout made;
    made.type = sample::name<T>();
    made.size = static_cast<std::uint32_t>(sizeof(T));
    made.align = static_cast<std::uint32_t>(alignof(T));
    made.allows_non_finite = sample::allows_non_finite<T>();
    sample::append_fields<T>(made.fields, "", 0);
    return made;
  }();
  return layout;
}

}  // namespace takt

#define TAKT_SAMPLE(Type, ...)                                                                   \
  template <typename Visitor>                                                                    \
  constexpr void takt_visit_fields(const Type*, Visitor&& visitor) {                             \
    using TaktSelf = Type;                                                                       \
    TAKT_DETAIL_FOR_EACH(TAKT_DETAIL_VISIT, __VA_ARGS__)                                         \
  }                                                                                              \
  constexpr const char* takt_sample_name(const Type*) { return #Type; }                          \
  static_assert(::takt::sample::check<Type>())

// As TAKT_SAMPLE, for a type whose floating-point fields may be NaN or infinite on purpose.
#define TAKT_SAMPLE_NON_FINITE(Type, ...)                                  \
  constexpr bool takt_sample_non_finite(const Type*) { return true; }      \
  TAKT_SAMPLE(Type, __VA_ARGS__)

namespace takt {

// One number without a unit of its own: the graph gives it one (`units:`).
struct Scalar {
  double value = 0.0;
};
TAKT_SAMPLE(Scalar, (value));

}  // namespace takt
