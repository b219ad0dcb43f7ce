#include <algorithm>

#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

constexpr const char* kTopicHelp = "a topic is written 'node.output'";

// The word that stands for no topic: a scenario or a person writes the input.
bool is_external(const MarkedNode& node) {
  return node.shape == Shape::scalar && node.text == "external";
}

MaybeMarked<TopicName> read_topic(const MarkedNode& node, Report& report) {
  if (is_external(node)) {
    report.error({.code = "graph.external-fallback",
                  .mark = node.mark,
                  .message = "'external' stands in a list of topics",
                  .help = "an input is external as a whole: 'from: external'"});
    return std::nullopt;
  }
  const auto text = read_text(node, "'from'", report);
  if (!text) return std::nullopt;
  const std::vector<std::string> parts = split(*text, '.');
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
    report.error({.code = "graph.bad-topic",
                  .mark = node.mark,
                  .message = format("'{}' is no topic", *text),
                  .help = kTopicHelp});
    return std::nullopt;
  }
  return Marked<TopicName>{{parts[0], parts[1]}, node.mark};
}

// `external`, `node.output`, or a list of topics: the first one and what replaces it.
void read_sources(const MarkedNode& node, InputDraft& draft, Report& report) {
  std::vector<Marked<TopicName>>& sources = draft.from;
  const auto add = [&](const MarkedNode& item) {
    const auto topic = read_topic(item, report);
    if (!topic) return;
    const auto same = std::find_if(sources.begin(), sources.end(),
                                   [&](const auto& s) { return s.value == topic->value; });
    if (same == sources.end()) return sources.push_back(*topic);
    report.error({.code = "graph.duplicate-source",
                  .mark = topic->mark,
                  .message = format("'{}' stands in this list twice", topic->value.text()),
                  .help = "a topic cannot replace itself; remove it here",
                  .notes = {{"it stands here already", same->mark}}});
  };
  if (is_external(node)) {
    draft.external = node.mark;
  } else if (node.shape != Shape::list) {
    add(node);
  } else if (node.items.empty()) {
    report.error({.code = "graph.wrong-shape",
                  .mark = node.mark,
                  .message = "'from' is an empty list",
                  .help = kTopicHelp});
  } else {
    for (const MarkedNode& item : node.items) add(item);
  }
}

void read_queue(const MarkedEntry& entry, InputDraft& draft, Report& report) {
  MapReader map(entry.value, "'queue'", entry.key.mark, report);
  if (!map.is_map()) return;
  if (const MarkedEntry* depth = map.require("depth", "as in 'queue: {depth: 16}'")) {
    const auto value = read_integer(depth->value, "'depth'", 1, kQueueDepthMax, report);
    if (value) draft.queue_depth = {static_cast<std::uint32_t>(*value), depth->value.mark};
  }
  if (const MarkedEntry* when_full = map.find("when_full")) {
    const auto value = read_word<WhenFull>(
        when_full->value, "'when_full'",
        {{"drop_oldest", WhenFull::drop_oldest}, {"wait", WhenFull::wait}}, report);
    if (value) draft.when_full = {*value, when_full->value.mark};
  }
  map.finish();
}

}  // namespace

MaybeMarked<AgeLimit> read_limit(MapReader& map, const std::string& key, Report& report) {
  const MarkedEntry* entry = map.find(key);
  if (!entry) return std::nullopt;
  if (entry->value.shape == Shape::scalar && entry->value.text == "none") {
    return Marked<AgeLimit>{{}, entry->value.mark};
  }
  const auto age = read_positive_duration(entry->value, format("'{}'", key), report);
  if (!age) return std::nullopt;
  return Marked<AgeLimit>{{*age}, entry->value.mark};
}

InputDraft read_input(const MarkedEntry& entry, const std::string& node, Report& report) {
  InputDraft draft;
  draft.name = entry.key;
  if (entry.value.shape != Shape::map) {
    if (entry.value.shape == Shape::empty) {
      report.error({.code = "graph.wrong-shape",
                    .mark = entry.key.mark,
                    .message = format("input '{}' has no value", draft.name.value),
                    .help = kTopicHelp});
    } else {
      read_sources(entry.value, draft, report);
    }
    return draft;
  }
  const std::string what = format("input '{}.{}'", node, draft.name.value);
  MapReader map(entry.value, what, entry.key.mark, report);
  if (const MarkedEntry* from = map.require("from", kTopicHelp)) {
    read_sources(from->value, draft, report);
  }
  draft.max_age = read_limit(map, "max_age", report);
  draft.max_data_age = read_limit(map, "max_data_age", report);
  if (const MarkedEntry* on_stale = map.find("on_stale")) {
    const auto value = read_word<OnStale>(
        on_stale->value, "'on_stale'",
        {{"hold", OnStale::hold}, {"safe", OnStale::safe}, {"stop", OnStale::stop}}, report);
    if (value) draft.on_stale = {*value, on_stale->value.mark};
  }
  if (const MarkedEntry* queue = map.find("queue")) read_queue(*queue, draft, report);
  draft.initial = map.find("initial");
  if (const MarkedEntry* delayed = map.find("delayed")) {
    const auto value = read_boolean(delayed->value, "'delayed'", report);
    if (value) draft.delayed = {*value, delayed->value.mark};
  }
  map.finish();
  return draft;
}

}  // namespace takt::graph
