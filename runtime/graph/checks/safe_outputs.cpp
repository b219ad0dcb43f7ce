// Safe outputs: a value, or the way to it from what was last driven.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

constexpr const char* kCourseKeys[] = {"hold", "ramp", "to"};

// `{hold: 200ms, ramp: 1s, to: 0 V}`: a map with one of these keys, unless they are the sample's
// own fields.
bool is_course(const MarkedEntry& entry, const Layout& layout) {
  return std::any_of(std::begin(kCourseKeys), std::end(kCourseKeys), [&](const char* key) {
    const auto& fields = layout.fields;
    return entry.value.find(key) && std::none_of(fields.begin(), fields.end(),
                                                 [&](const Field& f) { return f.name == key; });
  });
}

void read_course(const MarkedEntry& entry, const std::string& topic, OutputConfig& config,
                 Report& report) {
  MapReader map(entry.value, format("the safe output of {}", topic), entry.key.mark, report);
  const MarkedEntry* hold = map.find("hold");
  const MarkedEntry* ramp = map.find("ramp");
  if (hold) {
    config.safe_hold =
        read_positive_duration(hold->value, "'hold'", report).value_or(config.safe_hold);
  }
  if (ramp) {
    config.safe_ramp =
        read_positive_duration(ramp->value, "'ramp'", report).value_or(config.safe_ramp);
  }
  map.require("to", "the value where it ends, and the only one of a last will: 'to: 0 V'");
  if (!entry.value.find("hold") && !entry.value.find("ramp")) {
    report.error({.code = "graph.missing-key",
                  .mark = entry.key.mark,
                  .message = format("the safe output of {} has neither 'hold' nor 'ramp'", topic),
                  .help = "write the value alone to drive it at once"});
  }
  map.finish();
}

}  // namespace

const MarkedEntry* final_safe_value(const MarkedEntry& entry, const Layout& layout) {
  return is_course(entry, layout) ? entry.value.find("to") : &entry;
}

void resolve_safe_values(const Model& model, std::size_t index, NodeConfig& config,
                         Report& report) {
  const NodeModel& node = model.nodes[index];
  for (std::size_t i = 0; i < node.declaration->outputs.size(); ++i) {
    const OutputDeclaration& output = node.declaration->outputs[i];
    const MarkedEntry* entry = node.draft->safe ? node.draft->safe->find(output.name) : nullptr;
    const std::string topic = format("'{}.{}'", node.name(), output.name);
    if (output.layout.size > kSampleBytesMax) continue;
    if (output.safe && !entry) {
      report.error(
          {.code = "graph.missing-safe",
           .mark = node.draft->name.mark,
           .message = format("actuator output {} has no safe value", topic),
           .help = format("add 'safe: {{{}: VALUE}}': what it drives when it must not trust "
                          "its inputs",
                          output.name)});
    } else if (!output.safe && entry) {
      report.error({.code = "graph.not-safe",
                    .mark = entry->key.mark,
                    .message = format("output {} is no actuator's: it has no safe value", topic),
                    .help = "remove it: nothing would ever publish it"});
    } else if (entry) {
      config.outputs[i].has_safe = true;
      const MarkedEntry* value = final_safe_value(*entry, output.layout);
      if (value != entry) read_course(*entry, topic, config.outputs[i], report);
      if (!value) continue;
      config.outputs[i].safe = encode_sample(output.layout, node.output_units[i].unit, *value,
                                             format("the safe value of {}", topic), report);
    }
  }
}

}  // namespace takt::graph
