#include <takt/base/text.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/sample/json.hpp>

#include "runtime/manifest/enums.hpp"

namespace takt {
namespace {

using std::chrono::nanoseconds;

std::string hex(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const std::byte b : bytes) text += format("{:02x}", std::to_integer<unsigned>(b));
  return text;
}

// So many bytes, or none. Anything else is damage, for the caller's one handler.
std::vector<std::byte> unhex(const std::string& text, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const bool whole = text.empty() || text.size() == size * 2;
  if (!whole || text.find_first_not_of(kDigits) != std::string::npos) {
    throw Json::other_error::create(501, "not the bytes of a sample", nullptr);
  }
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t value = kDigits.find(text[i]) * 16 + kDigits.find(text[i + 1]);
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

Layout layout_from(const Json& json) {
  auto layout = layout_from_json(json);
  if (!layout) throw Json::other_error::create(501, layout.error().message, nullptr);
  return std::move(*layout);
}

Json optional_ns(const std::optional<nanoseconds>& value) {
  return value ? Json(value->count()) : Json();
}
std::optional<nanoseconds> optional_ns(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return nanoseconds(json.get<std::int64_t>());
}
nanoseconds ns(const Json& json) { return nanoseconds(json.get<std::int64_t>()); }

Json to_json(const TriggerConfig& t) {
  return {{"kind", t.kind},
          {"period_ns", t.period.count()},
          {"offset_ns", t.offset.count()},
          {"inputs", t.inputs},
          {"within_ns", t.within.count()}};
}
TriggerConfig trigger_from(const Json& j) {
  return {j.at("kind").get<TriggerKind>(), ns(j.at("period_ns")), ns(j.at("offset_ns")),
          j.at("inputs").get<std::vector<std::string>>(), ns(j.at("within_ns"))};
}

Json to_json(const TopicName& topic) { return {{"node", topic.node}, {"output", topic.output}}; }

Json to_json(const InputConfig& i) {
  Json sources = Json::array();
  for (const TopicName& topic : i.sources()) sources.push_back(to_json(topic));
  return {{"name", i.name},
          {"from", std::move(sources)},
          {"external", i.external},
          {"layout", takt::to_json(i.layout)},
          {"unit", i.unit},
          {"max_age_ns", optional_ns(i.max_age)},
          {"max_data_age_ns", optional_ns(i.max_data_age)},
          {"on_stale", i.on_stale},
          {"queue_depth", i.queue_depth},
          {"when_full", i.when_full},
          {"initial", hex(i.initial)},
          {"measurement", i.measurement},
          {"command", i.command},
          {"optional", i.optional},
          {"delayed", i.delayed}};
}
InputConfig input_from(const Json& j) {
  InputConfig input;
  input.name = j.at("name").get<std::string>();
  for (const Json& topic : j.at("from")) {
    TopicName name{topic.at("node"), topic.at("output")};
    if (!input.from) {
      input.from = std::move(name);
    } else {
      input.fallbacks.push_back(std::move(name));
    }
  }
  input.external = j.at("external").get<bool>();
  input.layout = layout_from(j.at("layout"));
  input.unit = j.at("unit").get<std::string>();
  input.max_age = optional_ns(j.at("max_age_ns"));
  input.max_data_age = optional_ns(j.at("max_data_age_ns"));
  input.on_stale = j.at("on_stale").get<OnStale>();
  input.queue_depth = j.at("queue_depth").get<std::uint32_t>();
  input.when_full = j.at("when_full").get<WhenFull>();
  input.initial = unhex(j.at("initial").get<std::string>(), input.layout.size);
  input.measurement = j.at("measurement").get<bool>();
  input.command = j.at("command").get<bool>();
  input.optional = j.at("optional").get<bool>();
  input.delayed = j.at("delayed").get<bool>();
  return input;
}

Json to_json(const OutputConfig& o) {
  Json readers = Json::array();
  for (const ReaderConfig& r : o.readers) {
    readers.push_back({{"node", r.node},
                       {"input", r.input},
                       {"rings", r.rings},
                       {"credit_depth", r.credit_depth}});
  }
  return {{"name", o.name},
          {"layout", takt::to_json(o.layout)},
          {"unit", o.unit},
          {"origin", o.origin},
          {"has_safe", o.has_safe},
          {"safe", hex(o.safe)},
          {"safe_hold_ns", o.safe_hold.count()},
          {"safe_ramp_ns", o.safe_ramp.count()},
          {"readers", std::move(readers)}};
}
OutputConfig output_from(const Json& j) {
  OutputConfig output;
  output.name = j.at("name").get<std::string>();
  output.layout = layout_from(j.at("layout"));
  output.unit = j.at("unit").get<std::string>();
  output.origin = j.at("origin").get<Origin>();
  output.has_safe = j.at("has_safe").get<bool>();
  output.safe = unhex(j.at("safe").get<std::string>(), output.layout.size);
  output.safe_hold = ns(j.at("safe_hold_ns"));
  output.safe_ramp = ns(j.at("safe_ramp_ns"));
  for (const Json& r : j.at("readers")) {
    output.readers.push_back({r.at("node"), r.at("input"), r.at("rings").get<bool>(),
                              r.at("credit_depth").get<std::uint32_t>()});
  }
  return output;
}

Json to_json(const RealTimeConfig& r) {
  return {{"policy", r.policy},
          {"priority", r.priority},
          {"cpus", r.cpus},
          {"lock_memory", r.lock_memory}};
}
RealTimeConfig real_time_from(const Json& j) {
  return {j.at("policy").get<Policy>(), j.at("priority").get<int>(),
          j.at("cpus").get<std::vector<int>>(), j.at("lock_memory").get<bool>()};
}

Json to_json(const SafetyConfig& s) {
  return {{"start_armed", s.start_armed},
          {"rearm_automatically", s.rearm_automatically},
          {"supervisor_timeout_ns", s.supervisor_timeout.count()},
          {"on_supervisor_loss", s.on_supervisor_loss}};
}
SafetyConfig safety_from(const Json& j) {
  return {j.at("start_armed").get<bool>(), j.at("rearm_automatically").get<bool>(),
          ns(j.at("supervisor_timeout_ns")),
          j.at("on_supervisor_loss").get<OnSupervisorLoss>()};
}
Json to_json(const std::optional<OnSilence>& s) {
  if (!s) return {};
  return {{"device", s->device}, {"timeout_ns", s->timeout.count()}};
}
std::optional<OnSilence> on_silence_from(const Json& j) {
  if (j.is_null()) return std::nullopt;
  return OnSilence{j.at("device").get<Silence>(), ns(j.at("timeout_ns"))};
}

Json to_json(const std::optional<EstopConfig>& e) {
  if (!e) return {};
  return {{"kind", e->kind}, {"offset", e->offset}, {"released", hex(e->released)}};
}
std::optional<EstopConfig> estop_from(const Json& j) {
  if (j.is_null()) return std::nullopt;
  EstopConfig estop{j.at("kind").get<FieldKind>(), j.at("offset").get<std::uint32_t>(), {}};
  estop.released = unhex(j.at("released").get<std::string>(), size_of(estop.kind));
  return estop;
}

}  // namespace

std::vector<TopicName> InputConfig::sources() const {
  std::vector<TopicName> topics;
  if (from) topics.push_back(*from);
  topics.insert(topics.end(), fallbacks.begin(), fallbacks.end());
  return topics;
}

Json to_json(const NodeConfig& c) {
  Json inputs = Json::array();
  Json outputs = Json::array();
  for (const auto& input : c.inputs) inputs.push_back(to_json(input));
  for (const auto& output : c.outputs) outputs.push_back(to_json(output));
  return {{"graph", c.graph},
          {"instance", c.instance},
          {"name", c.name},
          {"type", c.type},
          {"library", c.library},
          {"base_folder", c.base_folder},
          {"declaration", to_json(c.declaration)},
          {"params", c.params},
          {"trigger", to_json(c.trigger)},
          {"period_ns", c.period.count()},
          {"deadline_ns", c.deadline.count()},
          {"on_miss", c.on_miss},
          {"tolerate_misses", c.tolerate_misses},
          {"tolerate_window", c.tolerate_window},
          {"actuator", c.actuator},
          {"safety", to_json(c.safety)},
          {"on_silence", to_json(c.on_silence)},
          {"estop", to_json(c.estop)},
          {"real_time", to_json(c.real_time)},
          {"inputs", std::move(inputs)},
          {"outputs", std::move(outputs)}};
}

Result<NodeConfig> node_config_from_json(const Json& j) {
  try {
    NodeConfig c;
    c.graph = j.at("graph").get<std::string>();
    c.instance = j.at("instance").get<std::string>();
    c.name = j.at("name").get<std::string>();
    c.type = j.at("type").get<std::string>();
    c.library = j.at("library").get<std::string>();
    c.base_folder = j.at("base_folder").get<std::string>();
    auto declaration = declaration_from_json(j.at("declaration"));
    if (!declaration) return declaration.error();
    c.declaration = std::move(*declaration);
    c.params = j.at("params");
    c.trigger = trigger_from(j.at("trigger"));
    c.period = ns(j.at("period_ns"));
    c.deadline = ns(j.at("deadline_ns"));
    c.on_miss = j.at("on_miss").get<OnMiss>();
    c.tolerate_misses = j.at("tolerate_misses").get<std::uint32_t>();
    c.tolerate_window = j.at("tolerate_window").get<std::uint32_t>();
    c.actuator = j.at("actuator").get<bool>();
    c.safety = safety_from(j.at("safety"));
    c.on_silence = on_silence_from(j.at("on_silence"));
    c.estop = estop_from(j.at("estop"));
    c.real_time = real_time_from(j.at("real_time"));
    for (const Json& input : j.at("inputs")) c.inputs.push_back(input_from(input));
    for (const Json& output : j.at("outputs")) c.outputs.push_back(output_from(output));
    return c;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a node's configuration: ") + refusal.what());
  }
}

}  // namespace takt
