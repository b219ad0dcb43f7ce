#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

constexpr const char* kTimeout = "device_timeout";
constexpr const char* kHelp =
    "write 'on_silence: {device_timeout: 200ms}', 'on_silence: holds_last' or "
    "'on_silence: unknown'";

std::optional<OnSilence> read_timeout(const MarkedEntry& entry, Report& report) {
  MapReader map(entry.value, "'on_silence'", entry.key.mark, report);
  std::optional<OnSilence> silence;
  if (const MarkedEntry* timeout = map.require(kTimeout, kHelp)) {
    const auto value = read_positive_duration(timeout->value, format("'{}'", kTimeout), report);
    if (value) silence = OnSilence{Silence::device_timeout, *value};
  }
  map.finish();
  return silence;
}

std::optional<OnSilence> read_silence_word(const MarkedNode& node, Report& report) {
  if (node.shape == Shape::scalar && node.text == kTimeout) {
    report.error({.code = "graph.wrong-shape",
                  .mark = node.mark,
                  .message = "'device_timeout' needs the time after which the device is safe",
                  .help = kHelp});
    return std::nullopt;
  }
  const auto word = read_word<Silence>(
      node, "'on_silence'", {{"holds_last", Silence::holds_last}, {"unknown", Silence::unknown}},
      report);
  if (!word) return std::nullopt;
  return OnSilence{*word, {}};
}

}  // namespace

MaybeMarked<std::optional<OnSilence>> read_on_silence(MapReader& map, Report& report) {
  const MarkedEntry* entry = map.find("on_silence");
  if (!entry) return std::nullopt;
  auto silence = entry->value.shape == Shape::map ? read_timeout(*entry, report)
                                                  : read_silence_word(entry->value, report);
  return Marked<std::optional<OnSilence>>{silence, entry->key.mark};
}

}  // namespace takt::graph
