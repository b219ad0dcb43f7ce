// A YAML text as a tree in which every key and value knows its place.
//
// Made by the one walk over yaml-cpp; no other file knows that library. What the graph language
// has no use for is refused here: anchors, aliases, tags, merge keys, several documents, keys that
// are no plain text. Duplicate keys, which yaml-cpp accepts silently, are errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <takt/graph/mark.hpp>
#include <takt/graph/report.hpp>

namespace takt::graph {

enum class Shape { empty, scalar, list, map };

struct MarkedEntry;

// One value. A scalar keeps its text as written: nothing turns `yes` into a boolean or `010`
// into 8.
struct MarkedNode {
  Shape shape = Shape::empty;
  Mark mark;                         // Of an empty value: its key's place.
  std::string text;                  // Scalar.
  bool quoted = false;               // Scalar: written in quotes or as a block.
  std::vector<MarkedNode> items;     // List.
  std::vector<MarkedEntry> entries;  // Map, in file order, keys unique.

  const MarkedEntry* find(std::string_view key) const;
};

struct MarkedEntry {
  Marked<std::string> key;
  MarkedNode value;
};

// "a map", "a list", "a single value", "nothing".
std::string_view name_of(Shape shape);

// Limits that keep a hostile file from costing more than it should: a written graph of 200 nodes
// has about 10,000 values, 8 levels and 200 KiB.
inline constexpr std::size_t kFileBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kNestingMax = 32;
inline constexpr std::size_t kValuesMax = 100'000;
inline constexpr std::size_t kTextBytesMax = 4096;
inline constexpr std::size_t kKeysPerMapMax = 1000;

// Reads `text`. None after an error that leaves no tree; duplicate keys leave one (the first wins).
std::optional<MarkedNode> read_yaml(const std::string& text, Report& report);

}  // namespace takt::graph
