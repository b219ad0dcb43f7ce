#include "runtime/supervisor/injection_resolve.hpp"

#include <algorithm>
#include <cmath>

#include <takt/base/text.hpp>

namespace takt {
namespace supervisor {
namespace {

using std::chrono::nanoseconds;

template <typename List>
std::vector<std::string> names_in(const List& list) {
  std::vector<std::string> names;
  for (const auto& entry : list) names.push_back(entry.name);
  return names;
}

bool acts_on_whole_samples(InjectionVerb verb) {
  return verb == InjectionVerb::off || verb == InjectionVerb::delayed ||
         verb == InjectionVerb::slow || verb == InjectionVerb::intermittent;
}
bool may_be_whole(InjectionVerb verb, bool has_point) {
  return acts_on_whole_samples(verb) || verb == InjectionVerb::garbage ||
         (verb == InjectionVerb::stuck && !has_point);
}

Result<void> find_input(const GraphSpec& graph, const InputTarget& target, InjectionEntry& entry) {
  const NodeConfig* node = graph.find(target.node);
  if (node == nullptr) return not_found("there is no node", target.node, names_in(graph.nodes));
  entry.node = static_cast<std::uint32_t>(node - graph.nodes.data());
  const auto input = std::find_if(node->inputs.begin(), node->inputs.end(),
                                  [&](const InputConfig& i) { return i.name == target.input; });
  if (input == node->inputs.end()) {
    return not_found(format("node '{}' has no input", node->name), target.input,
                     names_in(node->inputs));
  }
  if (!input->from && !input->external) {
    return fail(format("input '{}.{}' is not connected", node->name, input->name),
                "give it a topic, or 'from: external', in the graph");
  }
  entry.input = static_cast<std::uint32_t>(input - node->inputs.begin());
  if (target.topic.empty()) return {};
  std::vector<std::string> topics;
  for (const TopicName& topic : input->sources()) topics.push_back(topic.text());
  const auto topic = std::find(topics.begin(), topics.end(), target.topic);
  if (topic == topics.end()) {
    return not_found(format("input '{}.{}' does not read", node->name, input->name), target.topic,
                     topics);
  }
  entry.source = static_cast<std::uint32_t>(topic - topics.begin());
  return {};
}

Result<void> find_field(const InputConfig& input, const Injection& injection,
                        InjectionEntry& entry) {
  const std::string& field = injection.target.field;
  const std::vector<Column> columns = columns_of(input.layout);
  const bool whole = may_be_whole(injection.verb, !injection.points.empty());
  if (acts_on_whole_samples(injection.verb) && !field.empty()) {
    return fail(format("{} acts on whole samples, not on '{}'", name_of(injection.verb), field),
                "leave the field out");
  }
  const bool single = columns.size() == 1 && columns.front().field->kind != FieldKind::text &&
                      columns.front().field->length_offset < 0;
  if (field.empty() && whole && !single) {
    entry.whole = 1;
    return {};
  }
  const auto column = field.empty() && columns.size() == 1
                          ? columns.begin()
                          : std::find_if(columns.begin(), columns.end(),
                                         [&](const Column& c) { return c.name == field; });
  if (column == columns.end()) {
    return not_found(format("{} has no field", input.layout.type), field, names_in(columns));
  }
  if (column->field->kind == FieldKind::text || column->field->length_offset >= 0) {
    return fail(format("'{}' is a text or an element that may be missing", column->name),
                "one boolean or number can be injected");
  }
  entry.offset = column->offset();
  entry.kind = static_cast<std::uint32_t>(column->field->kind);
  return {};
}

Result<void> check_points(const Injection& injection) {
  const auto& points = injection.points;
  if (points.size() > kInjectionPointsMax) {
    return fail(format("{} points are more than {}", points.size(), kInjectionPointsMax));
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!std::isfinite(points[i].value)) return fail("a point is not finite");
    if (i > 0 && points[i].at <= points[i - 1].at) {
      return fail(format("point {} is not later than the one before", i + 1));
    }
  }
  if (injection.verb == InjectionVerb::set && points.empty()) return fail("set needs a point");
  if (injection.verb == InjectionVerb::stuck && points.size() > 1) {
    return fail("stuck takes one value");
  }
  const bool takes = injection.verb == InjectionVerb::set || injection.verb == InjectionVerb::stuck;
  if (!takes && !points.empty()) return fail(format("{} takes no points", name_of(injection.verb)));
  return {};
}

// The period with which samples come; 0: not known.
nanoseconds period_of(const GraphSpec& graph, const InputConfig& input, const NodeConfig& reader) {
  if (input.external) return reader.period;
  nanoseconds shortest{0};
  for (const TopicName& topic : input.sources()) {
    const NodeConfig* writer = graph.find(topic.node);
    if (writer == nullptr || writer->period.count() == 0) continue;
    if (shortest.count() == 0 || writer->period < shortest) shortest = writer->period;
  }
  return shortest;
}

Result<void> check_numbers(const Injection& i) {
  const bool finite = std::isfinite(i.bias) && std::isfinite(i.scale) && std::isfinite(i.sd) &&
                      std::isfinite(i.drop);
  if (!finite) return fail("a number is not finite");
  switch (i.verb) {
    case InjectionVerb::wrong:
      if (i.bias == 0.0 && i.scale == 1.0) return fail("wrong needs a bias or a scale");
      break;
    case InjectionVerb::noise:
      if (i.sd <= 0.0) return fail("noise needs a deviation above 0");
      break;
    case InjectionVerb::delayed:
      if (i.by.count() < 0 || i.jitter.count() < 0 || (i.by + i.jitter).count() <= 0) {
        return fail("delayed needs a time above 0");
      }
      break;
    case InjectionVerb::slow:
      if (i.divide < 2) return fail("slow needs a divisor of at least 2");
      break;
    case InjectionVerb::intermittent:
      if (i.drop <= 0.0 || i.drop > 1.0) return fail("intermittent drops more than 0, at most 1");
      break;
    case InjectionVerb::set:
    case InjectionVerb::off:
    case InjectionVerb::stuck:
    case InjectionVerb::garbage:
      break;
  }
  return {};
}

}  // namespace

Error not_found(const std::string& what, const std::string& word,
                const std::vector<std::string>& known) {
  const std::string near = nearest_word(word, known);
  return fail(
      format("{} '{}'{}", what, word, near.empty() ? "" : format("; did you mean '{}'?", near)),
      format("there: {}", fmt::join(known, ", ")));
}

Result<InjectionEntry> resolve_injection(const GraphSpec& graph, const Injection& injection) {
  InjectionEntry entry;
  entry.verb = injection.verb;
  if (auto found = find_input(graph, injection.target, entry); !found) return found.error();
  const NodeConfig& node = graph.nodes[entry.node];
  const InputConfig& input = node.inputs[entry.input];
  if (auto found = find_field(input, injection, entry); !found) return found.error();
  if (auto good = check_points(injection); !good) return good.error();
  if (auto good = check_numbers(injection); !good) return good.error();
  if (injection.from.count() < 0 || injection.until <= injection.from) {
    return fail("it ends before it begins", "'until' is later than 'from', and that not negative");
  }
  const nanoseconds period = period_of(graph, input, node);
  if (injection.verb == InjectionVerb::delayed && period.count() > 0 &&
      (injection.by + injection.jitter) / period >= kDelayedMax) {
    return fail(format("{:.3g} s are more than {} periods of '{}'",
                       std::chrono::duration<double>(injection.by + injection.jitter).count(),
                       kDelayedMax, injection.target.text()),
                "so many samples cannot wait");
  }
  entry.by_ns = injection.by.count();
  entry.jitter_ns = injection.jitter.count();
  entry.seed = injection.seed;
  entry.bias = injection.bias;
  entry.scale = injection.scale;
  entry.sd = injection.sd;
  entry.drop = injection.drop;
  entry.divide = injection.divide;
  entry.interpolate = injection.interpolate ? 1 : 0;
  return entry;
}

}  // namespace supervisor

std::string InputTarget::text() const {
  return node + "." + input + (field.empty() ? "" : "." + field);
}

Result<std::vector<InputTarget>> targets_of(const GraphSpec& graph, const std::string& topic) {
  const std::vector<std::string> parts = split(topic, '.');
  if (parts.size() < 2) {
    return fail(format("'{}' is no topic", topic), "write NODE.OUTPUT or NODE.OUTPUT.FIELD");
  }
  const NodeConfig* writer = graph.find(parts[0]);
  if (writer == nullptr) {
    return supervisor::not_found("there is no node", parts[0], supervisor::names_in(graph.nodes));
  }
  const auto outputs = supervisor::names_in(writer->outputs);
  if (std::find(outputs.begin(), outputs.end(), parts[1]) == outputs.end()) {
    return supervisor::not_found(format("node '{}' has no output", parts[0]), parts[1], outputs);
  }
  const TopicName name{parts[0], parts[1]};
  const std::string field = fmt::to_string(fmt::join(parts.begin() + 2, parts.end(), "."));
  std::vector<InputTarget> targets;
  for (const NodeConfig& node : graph.nodes) {
    for (const InputConfig& input : node.inputs) {
      const auto sources = input.sources();
      if (std::find(sources.begin(), sources.end(), name) == sources.end()) continue;
      targets.push_back({node.name, input.name, field, name.text()});
    }
  }
  if (targets.empty()) return fail(format("nobody reads '{}'", name.text()));
  return targets;
}

Result<void> check_injection(const GraphSpec& graph, const Injection& injection) {
  const auto entry = supervisor::resolve_injection(graph, injection);
  if (!entry) return entry.error();
  return {};
}

Result<void> check_node_fault(const GraphSpec& graph, const NodeFault& fault) {
  if (graph.find(fault.node) == nullptr) {
    return supervisor::not_found("there is no node", fault.node, supervisor::names_in(graph.nodes));
  }
  const bool lasts = fault.kind != NodeFaultKind::kill;
  if (fault.at.count() < 0 || (lasts && fault.until <= fault.at)) {
    return fail("it ends before it begins", "'until' is later than 'at', and that not negative");
  }
  if (fault.restart_time.count() < 0) return fail("a restart takes no negative time");
  if (fault.kind != NodeFaultKind::hog) return {};
  if (graph.clock == ClockMode::lockstep) {
    return fail("a hog takes time of the machine, which lockstep does not know",
                "stop the node, or run in real time");
  }
  if (fault.until - fault.at > kHogTimeMax) {
    return fail(format("a hog runs for at most {} s", kHogTimeMax.count()));
  }
  return {};
}

}  // namespace takt
