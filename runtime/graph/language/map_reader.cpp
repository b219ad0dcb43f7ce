#include <algorithm>
#include <array>
#include <string_view>

#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>

namespace takt::graph {
namespace {

// Keys that the language will have and this version has no effect for: refusing them by name is
// better than calling them unknown, and much better than accepting them.
constexpr std::array kLaterKeys{std::string_view("board"), std::string_view("bus"),
                                std::string_view("clock"), std::string_view("record")};

}  // namespace

bool check_shape(const MarkedNode& node, Shape wanted, const std::string& what, Report& report) {
  if (node.shape == wanted) return true;
  report.error({.code = "graph.wrong-shape",
                .mark = node.mark,
                .message = format("{} is {}, not {}", what, name_of(wanted), name_of(node.shape))});
  return false;
}

MapReader::MapReader(const MarkedNode& node, std::string what, Mark place, Report& report)
    : node_(node),
      what_(std::move(what)),
      place_(place),
      report_(report),
      is_map_(check_shape(node, Shape::map, what_, report)) {}

const MarkedEntry* MapReader::find(const std::string& key) {
  known_.push_back(key);
  const MarkedEntry* entry = node_.find(key);
  if (entry && entry->value.shape == Shape::empty) {
    report_.error({.code = "graph.wrong-shape",
                   .mark = entry->key.mark,
                   .message = format("'{}' has no value", key)});
    return nullptr;
  }
  return entry;
}

const MarkedEntry* MapReader::require(const std::string& key, const std::string& help) {
  const MarkedEntry* entry = find(key);
  if (!entry && !node_.find(key)) {
    report_.error({.code = "graph.missing-key",
                   .mark = place_,
                   .message = format("{} has no '{}'", what_, key),
                   .help = help});
  }
  return entry;
}

const MarkedEntry* MapReader::find_map(const std::string& key) {
  known_.push_back(key);
  const MarkedEntry* entry = node_.find(key);
  if (!entry || entry->value.shape == Shape::empty) return nullptr;
  return check_shape(entry->value, Shape::map, format("'{}'", key), report_) ? entry : nullptr;
}

void MapReader::finish() const {
  for (const MarkedEntry& entry : node_.entries) {
    const std::string& key = entry.key.value;
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    if (std::find(kLaterKeys.begin(), kLaterKeys.end(), key) != kLaterKeys.end()) {
      report_.error({.code = "graph.unsupported-key",
                     .mark = entry.key.mark,
                     .message = format("'{}' is not supported by this version", key),
                     .help = "remove it: a key without effect would promise what does not happen"});
      continue;
    }
    const std::string near = nearest_word(key, known_);
    report_.error({.code = "graph.unknown-key",
                   .mark = entry.key.mark,
                   .message = format("unknown key '{}' in {}{}", key, what_,
                                     near.empty() ? "" : format("; did you mean '{}'?", near)),
                   .help = near.empty() ? format("known here: {}", fmt::join(known_, ", ")) : ""});
  }
}

}  // namespace takt::graph
