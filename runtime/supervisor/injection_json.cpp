// Injections and node faults on the wire.
#include <array>
#include <utility>

#include <takt/base/text.hpp>
#include <takt/supervisor/injection.hpp>

namespace takt {
namespace {

using std::chrono::nanoseconds;

constexpr std::array kVerbs{std::pair{InjectionVerb::set, "set"},
                            std::pair{InjectionVerb::off, "off"},
                            std::pair{InjectionVerb::stuck, "stuck"},
                            std::pair{InjectionVerb::wrong, "wrong"},
                            std::pair{InjectionVerb::garbage, "garbage"},
                            std::pair{InjectionVerb::noise, "noise"},
                            std::pair{InjectionVerb::delayed, "delayed"},
                            std::pair{InjectionVerb::slow, "slow"},
                            std::pair{InjectionVerb::intermittent, "intermittent"}};
constexpr std::array kFaults{std::pair{NodeFaultKind::kill, "kill"},
                             std::pair{NodeFaultKind::stop, "stop"},
                             std::pair{NodeFaultKind::hog, "hog"}};

template <typename Words>
auto value_of(const Words& words, const std::string& word) {
  for (const auto& [value, name] : words) {
    if (word == name) return value;
  }
  throw Json::other_error::create(501, "unknown word '" + word + "'", nullptr);
}

// The end of the run is no number.
Json until_json(nanoseconds until) { return until == kUntilTheEnd ? Json() : Json(until.count()); }
nanoseconds until_from(const Json& json) {
  const auto found = json.find("until_ns");
  if (found == json.end() || found->is_null()) return kUntilTheEnd;
  return nanoseconds(found->get<std::int64_t>());
}
nanoseconds ns_from(const Json& json, const char* key) {
  return nanoseconds(json.value(key, std::int64_t{0}));
}

}  // namespace

std::string_view name_of(InjectionVerb verb) {
  for (const auto& [value, name] : kVerbs) {
    if (value == verb) return name;
  }
  return "unknown";
}

std::string_view name_of(NodeFaultKind kind) {
  for (const auto& [value, name] : kFaults) {
    if (value == kind) return name;
  }
  return "unknown";
}

Json to_json(const Injection& i) {
  Json points = Json::array();
  for (const InjectionPoint& point : i.points) {
    points.push_back(Json::array({point.at.count(), point.value}));
  }
  return {{"name", i.name},
          {"node", i.target.node},
          {"input", i.target.input},
          {"field", i.target.field},
          {"topic", i.target.topic},
          {"verb", name_of(i.verb)},
          {"from_ns", i.from.count()},
          {"until_ns", until_json(i.until)},
          {"points", std::move(points)},
          {"interpolate", i.interpolate},
          {"bias", i.bias},
          {"scale", i.scale},
          {"sd", i.sd},
          {"by_ns", i.by.count()},
          {"jitter_ns", i.jitter.count()},
          {"divide", i.divide},
          {"drop", i.drop},
          {"seed", i.seed}};
}

Result<Injection> injection_from_json(const Json& j) {
  try {
    Injection i;
    i.name = j.value("name", "");
    i.target = {j.at("node"), j.at("input"), j.value("field", ""), j.value("topic", "")};
    i.verb = value_of(kVerbs, j.at("verb").get<std::string>());
    i.from = ns_from(j, "from_ns");
    i.until = until_from(j);
    for (const Json& point : j.value("points", Json::array())) {
      i.points.push_back({nanoseconds(point.at(0).get<std::int64_t>()), point.at(1).get<double>()});
    }
    i.interpolate = j.value("interpolate", false);
    i.bias = j.value("bias", 0.0);
    i.scale = j.value("scale", 1.0);
    i.sd = j.value("sd", 0.0);
    i.by = ns_from(j, "by_ns");
    i.jitter = ns_from(j, "jitter_ns");
    i.divide = j.value("divide", std::uint32_t{1});
    i.drop = j.value("drop", 0.0);
    i.seed = j.value("seed", std::uint64_t{0});
    return i;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not an injection: ") + refusal.what());
  }
}

Json to_json(const NodeFault& fault) {
  return {{"name", fault.name},
          {"node", fault.node},
          {"kind", name_of(fault.kind)},
          {"at_ns", fault.at.count()},
          {"until_ns", until_json(fault.until)},
          {"restart_time_ns", fault.restart_time.count()}};
}

Result<NodeFault> node_fault_from_json(const Json& j) {
  try {
    NodeFault fault;
    fault.name = j.value("name", "");
    fault.node = j.at("node").get<std::string>();
    fault.kind = value_of(kFaults, j.at("kind").get<std::string>());
    fault.at = ns_from(j, "at_ns");
    fault.until = until_from(j);
    fault.restart_time = ns_from(j, "restart_time_ns");
    return fault;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a fault of a node: ") + refusal.what());
  }
}

}  // namespace takt
