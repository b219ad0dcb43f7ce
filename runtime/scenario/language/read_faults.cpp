// `faults:` what goes wrong, at the reader's side of a topic or with a process, and when.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/scenario/language/reading.hpp"
#include "runtime/scenario/language/targets.hpp"

namespace takt::scenario {
namespace {

constexpr double kLargest = 1e300;

// A number under `key`, or `fallback`.
double number(MapReader& map, const char* key, const std::string& unit, double fallback,
              Reading& reading, double min = -kLargest, double max = kLargest) {
  const MarkedEntry* entry = map.find(key);
  if (!entry) return fallback;
  const auto value = read_value(entry->value, format("'{}'", key), unit, reading);
  if (!value) return fallback;
  if (*value >= min && *value <= max) return *value;
  reading.report.error({.code = "graph.out-of-range",
                        .mark = entry->value.mark,
                        .message = max == kLargest ? format("'{}' is {}; it must be at least {}",
                                                            key, entry->value.text, min)
                                                   : format("'{}' is {}; it must be {} to {}", key,
                                                            entry->value.text, min, max)});
  return fallback;
}

void read_verb(InjectionVerb verb, MapReader& map, const std::string& unit, Injection& injection,
               Reading& reading) {
  injection.verb = verb;
  switch (verb) {
    case InjectionVerb::stuck:
      if (const MarkedEntry* value = map.find("value")) {
        if (const auto read = read_value(value->value, "'value'", unit, reading)) {
          injection.points = {{nanoseconds(0), *read}};
        }
      }
      break;
    case InjectionVerb::wrong:
      injection.bias = number(map, "bias", unit, 0.0, reading);
      injection.scale = number(map, "scale", "1", 1.0, reading);
      break;
    case InjectionVerb::noise:
      injection.sd = number(map, "sd", unit, 0.0, reading, 0.0);
      break;
    case InjectionVerb::delayed:
      injection.by = read_time(map, "by", reading).value_or(nanoseconds(0));
      injection.jitter = read_time(map, "jitter", reading).value_or(nanoseconds(0));
      break;
    case InjectionVerb::slow:
      injection.divide = static_cast<std::uint32_t>(number(map, "divide", "", 2, reading, 2, 1e6));
      break;
    case InjectionVerb::intermittent:
      injection.drop = number(map, "drop", "1", 0.5, reading, 0.0, 1.0);
      break;
    default:
      break;
  }
}

const std::vector<std::pair<const char*, InjectionVerb>> kVerbs{
    {"off", InjectionVerb::off},     {"stuck", InjectionVerb::stuck},
    {"wrong", InjectionVerb::wrong}, {"garbage", InjectionVerb::garbage},
    {"noise", InjectionVerb::noise}, {"delayed", InjectionVerb::delayed},
    {"slow", InjectionVerb::slow},   {"intermittent", InjectionVerb::intermittent}};
const std::vector<std::pair<const char*, NodeFaultKind>> kKinds{
    {"kill", NodeFaultKind::kill}, {"stop", NodeFaultKind::stop}, {"hog", NodeFaultKind::hog}};

// An entry whose value may be left empty: `off:` as well as `off: {}`.
const MarkedEntry* find_verb(const MarkedNode& item, MapReader& map, const char* key) {
  const MarkedEntry* entry = item.find(key);
  static_cast<void>(map.find_map(key));
  return entry;
}

std::string words_of(const std::string& verb, const std::string& target) {
  return format("{} {}", verb, target);
}

// What would go wrong and yet change no value.
void refuse_no_effect(const MarkedEntry& verb, const Injection& injection, Reading& reading) {
  const char* needs = nullptr;
  switch (injection.verb) {
    case InjectionVerb::wrong:
      if (injection.bias == 0.0 && injection.scale == 1.0) needs = "bias: B or scale: S";
      break;
    case InjectionVerb::noise:
      if (injection.sd == 0.0) needs = "sd: the standard deviation";
      break;
    case InjectionVerb::delayed:
      if (injection.by.count() == 0 && injection.jitter.count() == 0) needs = "by: T or jitter: T";
      break;
    case InjectionVerb::intermittent:
      if (injection.drop == 0.0) needs = "drop: the share that is lost, as in 20 %";
      break;
    default:
      break;
  }
  if (!needs) return;
  reading.report.error({.code = "scenario.bad-fault",
                        .mark = verb.key.mark,
                        .message = format("'{}' changes nothing", verb.key.value),
                        .help = format("give it {}", needs)});
}

void read_signal_fault(const MarkedNode& item, MapReader& map, const MarkedEntry& signal,
                       FaultSpec& fault, Reading& reading) {
  const auto topic = read_faulty_topic(signal.value, reading);
  int ways = 0;
  Injection injection;
  std::string verb;
  for (const auto& [key, what] : kVerbs) {
    const MarkedEntry* entry = find_verb(item, map, key);
    if (!entry) continue;
    ++ways;
    verb = key;
    injection.verb = what;
    const std::size_t findings = reading.report.count();
    if (entry->value.shape == Shape::map && topic) {
      MapReader inner(entry->value, format("'{}'", key), entry->key.mark, reading.report);
      read_verb(what, inner, topic->unit, injection, reading);
      inner.finish();
    }
    const bool is_read = entry->value.shape == Shape::empty || topic;
    if (is_read && findings == reading.report.count()) {
      refuse_no_effect(*entry, injection, reading);
    }
  }
  if (ways != 1) {
    reading.report.error({.code = "scenario.bad-fault",
                          .mark = signal.key.mark,
                          .message = ways == 0
                                         ? "this fault does not say what happens to the signal"
                                         : "a fault does one thing",
                          .help = "one of off, stuck, wrong, garbage, noise, delayed, slow, "
                                  "intermittent"});
    return;
  }
  if (!topic) return;
  fault.what = words_of(verb, signal.value.text);
  // The name of a signal stands for one field; what acts on whole samples takes its topic.
  const bool is_name = signal.value.text.find('.') == std::string::npos;
  const bool takes_samples =
      injection.verb == InjectionVerb::off || injection.verb == InjectionVerb::delayed ||
      injection.verb == InjectionVerb::slow || injection.verb == InjectionVerb::intermittent;
  for (const InputTarget& reader : topic->readers) {
    fault.injections.push_back(injection);
    fault.injections.back().target = reader;
    if (is_name && takes_samples) fault.injections.back().target.field.clear();
    fault.injections.back().name = fault.name;
  }
}

void read_process_fault(const MarkedNode& item, MapReader& map, const MarkedEntry& process,
                        FaultSpec& fault, Reading& reading) {
  int ways = 0;
  NodeFault node_fault;
  const auto node = read_node(process.value, "'process'", reading);
  for (const auto& [key, kind] : kKinds) {
    const MarkedEntry* entry = find_verb(item, map, key);
    if (!entry) continue;
    ++ways;
    node_fault.kind = kind;
    fault.what = words_of(key, process.value.text);
    if (kind == NodeFaultKind::hog && reading.spec.clock == ClockMode::lockstep) {
      reading.report.error({.code = "scenario.hog-in-lockstep",
                            .mark = entry->key.mark,
                            .message = "in lockstep a busy CPU changes nothing",
                            .help = "run this scenario with 'clock: realtime'"});
    }
    if (entry->value.shape != Shape::map) continue;
    MapReader inner(entry->value, format("'{}'", key), entry->key.mark, reading.report);
    if (kind == NodeFaultKind::kill) {
      node_fault.restart_time = read_time(inner, "restart_time", reading).value_or(nanoseconds(0));
    }
    inner.finish();
  }
  if (ways != 1) {
    reading.report.error({.code = "scenario.bad-fault",
                          .mark = process.key.mark,
                          .message = "this fault does not say what happens to the process",
                          .help = "one of kill, stop, hog"});
    return;
  }
  if (!node) return;
  node_fault.name = fault.name;
  node_fault.node = *node;
  fault.process = node_fault;
}

void set_times(FaultSpec& fault, nanoseconds from, nanoseconds until, std::uint64_t seed) {
  for (std::size_t i = 0; i < fault.injections.size(); ++i) {
    fault.injections[i].from = from;
    fault.injections[i].until = until;
    fault.injections[i].seed = seed;
  }
  if (fault.process) {
    fault.process->at = from;
    fault.process->until = until;
  }
}

// `for:`, which must take time.
std::optional<nanoseconds> read_length(MapReader& map, Reading& reading) {
  const MarkedEntry* entry = map.find("for");
  if (!entry) return std::nullopt;
  return graph::read_positive_duration(entry->value, "'for'", reading.report);
}

std::string name_of_fault(const MarkedNode& item, std::size_t place) {
  const MarkedEntry* name = item.find("name");
  const bool has_name = name && name->value.shape == Shape::scalar;
  return has_name ? name->value.text : format("fault {}", place + 1);
}

bool is_possible(const FaultSpec& fault, const Mark& mark, Reading& reading) {
  const auto good = [&](const Result<void>& checked) {
    return is_accepted(checked, "scenario.bad-fault", mark, reading);
  };
  return std::all_of(fault.injections.begin(), fault.injections.end(),
                     [&](const Injection& i) { return good(check_injection(reading.graph, i)); }) &&
         (!fault.process || good(check_node_fault(reading.graph, *fault.process)));
}

void read_fault(const MarkedNode& item, const std::string& its_name, Reading& reading) {
  const std::size_t findings = reading.report.count();
  MapReader map(item, "a fault", item.mark, reading.report);
  if (!map.is_map()) return;
  FaultSpec fault;
  fault.name = its_name;
  const MarkedEntry* name = map.find("name");
  if (name) static_cast<void>(graph::read_text(name->value, "'name'", reading.report));
  const auto& faults = reading.spec.faults;
  const bool twice = std::any_of(faults.begin(), faults.end(),
                                 [&](const FaultSpec& other) { return other.name == fault.name; });
  const MarkedEntry* when = map.find("when");
  if (when) fault.when = read_trigger(*when, reading);
  const auto at = read_begin(map, "scenario.bad-fault", reading);
  const auto lasts = read_length(map, reading);
  const MarkedEntry* signal = map.find("signal");
  const MarkedEntry* process = map.find("process");
  if (signal) read_signal_fault(item, map, *signal, fault, reading);
  if (process) read_process_fault(item, map, *process, fault, reading);
  // Without either, what happens to it is no unknown key.
  if (signal || process) map.finish();
  const auto refuse = [&](const char* message, const char* help) {
    reading.report.error(
        {.code = "scenario.bad-fault", .mark = item.mark, .message = message, .help = help});
  };
  if ((signal != nullptr) == (process != nullptr)) {
    return refuse("a fault is about a signal or about a process",
                  "give it 'signal: NODE.OUTPUT' or 'process: NODE'");
  }
  // An empty or wrong time was reported as such.
  const bool has_time = item.find("at") != nullptr;
  if ((item.find("when") != nullptr) == has_time) {
    return refuse(has_time ? "this fault has a time and a condition"
                           : "this fault does not say when it begins",
                  "give it 'at: 1s' or 'when: {becomes_true: ...}'");
  }
  if (has_time && !at) return;
  if (twice) {
    reading.report.error({.code = "scenario.duplicate-name",
                          .mark = name ? name->value.mark : item.mark,
                          .message = format("two faults are called '{}'", fault.name),
                          .help = "triggers and reports tell them by it"});
    return;
  }
  const nanoseconds from = at.value_or(nanoseconds(0));
  const std::uint64_t seed = reading.spec.seed * 1'000'003 + reading.spec.faults.size();
  set_times(fault, from, lasts ? from + *lasts : kUntilTheEnd, seed);
  if (fault.injections.empty() && !fault.process) return;
  if (when && !fault.when) return;
  const bool is_read = reading.graph_is_whole && findings == reading.report.count();
  if (is_read && !is_possible(fault, item.mark, reading)) return;
  reading.spec.faults.push_back(std::move(fault));
}

}  // namespace

void read_faults(MapReader& map, Reading& reading) {
  const MarkedEntry* entry = map.find("faults");
  if (!entry || !graph::check_shape(entry->value, Shape::list, "'faults'", reading.report)) return;
  const std::vector<MarkedNode>& items = entry->value.items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    reading.fault_names.push_back(name_of_fault(items[i], i));
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    read_fault(items[i], reading.fault_names[i], reading);
  reading.faults_are_read = true;
}

}  // namespace takt::scenario
