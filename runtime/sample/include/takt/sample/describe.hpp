// What TAKT_SAMPLE is made of: compile-time checks and the walk over a struct's members.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <takt/base/fixed.hpp>
#include <takt/sample/layout.hpp>

// Applies `macro(field)` to every argument. The recursion covers 256 fields.
#define TAKT_DETAIL_PARENS ()
#define TAKT_DETAIL_EXPAND(...) \
  TAKT_DETAIL_EXPAND3(TAKT_DETAIL_EXPAND3(TAKT_DETAIL_EXPAND3(TAKT_DETAIL_EXPAND3(__VA_ARGS__))))
#define TAKT_DETAIL_EXPAND3(...) \
  TAKT_DETAIL_EXPAND2(TAKT_DETAIL_EXPAND2(TAKT_DETAIL_EXPAND2(TAKT_DETAIL_EXPAND2(__VA_ARGS__))))
#define TAKT_DETAIL_EXPAND2(...) \
  TAKT_DETAIL_EXPAND1(TAKT_DETAIL_EXPAND1(TAKT_DETAIL_EXPAND1(TAKT_DETAIL_EXPAND1(__VA_ARGS__))))
#define TAKT_DETAIL_EXPAND1(...) __VA_ARGS__
#define TAKT_DETAIL_FOR_EACH(macro, ...) \
  __VA_OPT__(TAKT_DETAIL_EXPAND(TAKT_DETAIL_FOR_EACH_HELPER(macro, __VA_ARGS__)))
#define TAKT_DETAIL_FOR_EACH_HELPER(macro, a1, ...) \
  macro(a1) __VA_OPT__(TAKT_DETAIL_FOR_EACH_AGAIN TAKT_DETAIL_PARENS(macro, __VA_ARGS__))
#define TAKT_DETAIL_FOR_EACH_AGAIN() TAKT_DETAIL_FOR_EACH_HELPER

#define TAKT_DETAIL_VISIT(field) TAKT_DETAIL_VISIT_FIELD field
#define TAKT_DETAIL_VISIT_FIELD(member, ...)                                                  \
  visitor.template operator()<decltype(TaktSelf::member)>(#member, offsetof(TaktSelf, member), \
                                                          ::takt::sample::unit_of(__VA_ARGS__));

namespace takt::sample {

constexpr const char* unit_of() { return ""; }
constexpr const char* unit_of(const char* unit) { return unit; }

struct NothingVisitor {
  template <typename>
  constexpr void operator()(const char*, std::size_t, const char*) const {}
};

template <typename T>
concept HasFields = requires(const T* t) {
  takt_visit_fields(t, NothingVisitor{});
  { takt_sample_name(t) } -> std::same_as<const char*>;
};

template <typename T>
constexpr const char* name() {
  return takt_sample_name(static_cast<const T*>(nullptr));
}

template <typename T>
constexpr bool allows_non_finite() {
  if constexpr (requires(const T* t) { takt_sample_non_finite(t); }) return true;
  return false;
}

// Splits T[N], T[N][M] and std::array into element and count.
template <typename T>
struct Unrolled {
  using Element = T;
  static constexpr std::size_t kCount = 1;
  static constexpr bool kArray = false;
};
template <typename T, std::size_t N>
struct Unrolled<T[N]> {
  using Element = typename Unrolled<T>::Element;
  static constexpr std::size_t kCount = N * Unrolled<T>::kCount;
  static constexpr bool kArray = true;
};
template <typename T, std::size_t N>
struct Unrolled<std::array<T, N>> : Unrolled<T[N]> {};

template <typename T>
struct IsFixedString : std::false_type {};
template <std::size_t N>
struct IsFixedString<FixedString<N>> : std::true_type {};
template <typename T>
struct IsFixedVector : std::false_type {};
template <typename T, std::size_t N>
struct IsFixedVector<FixedVector<T, N>> : std::true_type {
  using Element = T;
  static constexpr std::size_t kCapacity = N;
};

template <typename T>
concept Number = (std::is_arithmetic_v<T> || std::is_enum_v<T>)&&!std::same_as<T, long double> &&
                 !std::same_as<T, wchar_t> && !std::same_as<T, char16_t> &&
                 !std::same_as<T, char32_t>;

template <typename T>
constexpr FieldKind kind_of() {
  if constexpr (std::is_enum_v<T>) {
    return kind_of<std::underlying_type_t<T>>();
  } else if constexpr (std::same_as<T, bool>) {
    return FieldKind::boolean;
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 8 ? FieldKind::f64 : FieldKind::f32;
  } else if constexpr (std::is_signed_v<T> && !std::same_as<T, char>) {
    return sizeof(T) == 8   ? FieldKind::i64
           : sizeof(T) == 4 ? FieldKind::i32
           : sizeof(T) == 2 ? FieldKind::i16
                            : FieldKind::i8;
  } else {  // `char` counts as a byte: its sign differs between architectures.
    return sizeof(T) == 8   ? FieldKind::u64
           : sizeof(T) == 4 ? FieldKind::u32
           : sizeof(T) == 2 ? FieldKind::u16
                            : FieldKind::u8;
  }
}

// Checks one member after the other and that they lie edge to edge.
struct CheckVisitor {
  std::size_t end = 0;
  bool edge_to_edge = true;

  template <typename Member>
  constexpr void operator()(const char*, std::size_t offset, const char*) {
    using Element = typename Unrolled<std::remove_cv_t<Member>>::Element;
    static_assert(!std::is_pointer_v<Element> && !std::is_member_pointer_v<Element>,
                  "a sample crosses process borders: a pointer would point nowhere");
    static_assert(!std::is_reference_v<Member>, "a sample cannot hold a reference");
    static_assert(!std::same_as<Element, long double>,
                  "long double differs between architectures: use double");
    static_assert(Number<Element> || HasFields<Element> || IsFixedString<Element>::value ||
                      IsFixedVector<Element>::value || std::is_pointer_v<Element>,
                  "a member is a number, a bool, an enum, FixedString, FixedVector, a sample, or "
                  "an array of these");
    if (offset != end) edge_to_edge = false;
    end = offset + sizeof(Member);
  }
};

// The compile-time half of TAKT_SAMPLE.
template <typename T>
constexpr bool check() {
  static_assert(!std::is_polymorphic_v<T>, "a sample has no virtual functions");
  static_assert(std::is_trivially_copyable_v<T>, "a sample is copied as bytes");
  static_assert(std::is_standard_layout_v<T>, "a sample has one layout on every compiler");
  constexpr CheckVisitor kSeen = [] {
    CheckVisitor visitor;
    takt_visit_fields(static_cast<const T*>(nullptr), visitor);
    return visitor;
  }();
  static_assert(kSeen.edge_to_edge && kSeen.end == sizeof(T),
                "every member is listed in order, and the compiler adds no padding: insert an "
                "explicit reserved member or sort the members by size");
  return true;
}

template <typename T>
void append_fields(std::vector<Field>& fields, const std::string& prefix, std::size_t base);

// Appends the leaves of one member that starts at `offset`.
template <typename Member>
void append_member(std::vector<Field>& fields, const std::string& path, std::size_t offset,
                   const char* unit) {
  using Element = typename Unrolled<std::remove_cv_t<Member>>::Element;
  constexpr std::size_t kCount = Unrolled<std::remove_cv_t<Member>>::kCount;
  constexpr bool kArray = Unrolled<std::remove_cv_t<Member>>::kArray;
  const auto indexed = [&](std::size_t i) {
    return kArray ? path + "[" + std::to_string(i) + "]" : path;
  };
  const auto at = static_cast<std::uint32_t>(offset);
  if constexpr (HasFields<Element>) {
    for (std::size_t i = 0; i < kCount; ++i) {
      append_fields<Element>(fields, indexed(i) + ".", offset + i * sizeof(Element));
    }
  } else if constexpr (IsFixedString<Element>::value) {
    for (std::size_t i = 0; i < kCount; ++i) {
      fields.push_back({indexed(i), unit, FieldKind::text,
                        at + static_cast<std::uint32_t>(i * sizeof(Element)),
                        static_cast<std::uint32_t>(sizeof(Element)), false, -1});
    }
  } else if constexpr (IsFixedVector<Element>::value) {
    using Inner = typename IsFixedVector<Element>::Element;
    static_assert(Number<Inner>, "a FixedVector inside a sample holds numbers");
    for (std::size_t i = 0; i < kCount; ++i) {
      const std::size_t begin = offset + i * sizeof(Element);
      fields.push_back({indexed(i), unit, kind_of<Inner>(), static_cast<std::uint32_t>(begin + 8),
                        static_cast<std::uint32_t>(IsFixedVector<Element>::kCapacity), true,
                        static_cast<std::int64_t>(begin)});
    }
  } else {
    fields.push_back(
        {path, unit, kind_of<Element>(), at, static_cast<std::uint32_t>(kCount), kArray, -1});
  }
}

struct AppendVisitor {
  std::vector<Field>& fields;
  const std::string& prefix;
  std::size_t base;

  template <typename Member>
  void operator()(const char* member, std::size_t offset, const char* unit) const {
    append_member<Member>(fields, prefix + member, base + offset, unit);
  }
};

template <typename T>
void append_fields(std::vector<Field>& fields, const std::string& prefix, std::size_t base) {
  takt_visit_fields(static_cast<const T*>(nullptr), AppendVisitor{fields, prefix, base});
}

}  // namespace takt::sample
