// TAKT_NODE: makes a node class known to the library that it is built into.
#pragma once

#include <memory>
#include <string_view>

namespace takt {

class Node;

// One node type of a library; entries form a list that grows before `main`.
struct NodeEntry {
  const char* type;
  const char* summary;
  std::unique_ptr<Node> (*make)();
  const NodeEntry* next;
};

// The types of this library, in no order; null when there are none.
const NodeEntry* node_entries();
// The entry of a type, or null.
const NodeEntry* find_node_entry(std::string_view type);
void register_node(NodeEntry& entry);

// What a library answers when takt-node opens it. Another `abi` is refused.
struct NodeLibrary {
  const char* abi;
  const NodeEntry* entries;
};
inline constexpr const char* kNodeLibrarySymbol = "takt_node_library";
// Changes whenever a class that crosses the border between takt-node and a library changes.
inline constexpr const char* kNodeAbi = "takt-node-4";

}  // namespace takt

// TAKT_NODE(Class, "kind/name", "One sentence.") at namespace scope, once per class.
#define TAKT_NODE(Class, ...)                                                               \
  namespace {                                                                               \
  struct TaktRegister##Class {                                                              \
    ::takt::NodeEntry entry = ::takt::detail::entry_of<Class>(__VA_ARGS__);                 \
    TaktRegister##Class() { ::takt::register_node(entry); }                                 \
  };                                                                                        \
  TaktRegister##Class takt_register_##Class;                                                \
  }                                                                                         \
  static_assert(true)

namespace takt::detail {

template <typename Class>
NodeEntry entry_of(const char* type, const char* summary = "") {
  return {type, summary, []() -> std::unique_ptr<Node> { return std::make_unique<Class>(); },
          nullptr};
}

}  // namespace takt::detail
