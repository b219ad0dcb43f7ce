// The layout of a sample as data: what tools, checks and the wire agree on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace takt {

enum class FieldKind : std::uint8_t {
  f64, f32, i64, i32, i16, i8, u64, u32, u16, u8, boolean, text
};

std::string_view name_of(FieldKind kind);
std::size_t size_of(FieldKind kind);  // Bytes of one element; `text`: 1.

// One leaf of a sample; nested structs are flattened, their names joined by a dot.
struct Field {
  std::string name;      // "position.x", "joints[2].angle"
  std::string unit;      // UDUNITS-2 spelling; empty: no unit of its own.
  FieldKind kind = FieldKind::f64;
  std::uint32_t offset = 0;
  std::uint32_t count = 1;   // Elements of an array or a fixed vector, bytes of a text.
  bool array = false;        // Written with an index ("q[0]") even when `count` is 1.
  std::int64_t length_offset = -1;  // Of a fixed vector: where its 8-byte length stands; else -1.

  bool operator==(const Field&) const = default;
};

// Name, size and fields of a sample type.
//
// Thread safety: immutable once made. Real time: no. Lifetime: independent.
struct Layout {
  std::string type;
  std::uint32_t size = 0;
  std::uint32_t align = 1;
  bool allows_non_finite = false;
  std::vector<Field> fields;

  // 64 bits over name, size and every field with its unit: equal on every architecture for the
  // same declaration, different for any other (FNV-1a over `describe()`).
  std::uint64_t fingerprint() const;

  // "MotorState{speed: f64 @0 [rad/s], current: f64 @8 [A]}"
  std::string describe() const;

  bool operator==(const Layout&) const = default;
};

// One value of one sample in text form: a column of `takt echo --csv`.
struct Column {
  std::string name;  // "q[0]"
  const Field* field = nullptr;
  std::uint32_t index = 0;
  // Of the element in its sample.
  std::uint32_t offset() const {
    return field->offset + index * static_cast<std::uint32_t>(size_of(field->kind));
  }
};

// Every leaf element in declaration order. The columns point into `layout`.
std::vector<Column> columns_of(const Layout& layout);

// The element as text: numbers with 17 significant digits, booleans 0 or 1, a text as it stands,
// elements of a vector behind its length empty. `sample` has `layout.size` bytes.
std::string column_text(const Column& column, std::span<const std::byte> sample);

// Where the floating-point numbers of a sample stand, as runs that a loop can check without
// looking at fields.
struct FloatRun {
  std::uint32_t offset;
  std::uint32_t count;
  bool is_double;
};
std::vector<FloatRun> float_runs(const Layout& layout);

// True when every number of `runs` in `sample` is finite. Cost: one pass over them.
bool all_finite(std::span<const FloatRun> runs, const void* sample) noexcept;

}  // namespace takt
