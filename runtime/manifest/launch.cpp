#include <takt/base/text.hpp>
#include <takt/manifest/launch.hpp>

namespace takt {

Json to_json(const NodeLaunch& launch) {
  return {{"takt_launch", kLaunchVersion},     {"node", to_json(launch.node)},
          {"participant", launch.participant}, {"index", launch.index},
          {"incarnation", launch.incarnation}, {"node_indices", launch.node_indices},
          {"node_inputs", launch.node_inputs}, {"restore", launch.restore},
          {"lockstep", launch.lockstep},       {"scenario", launch.scenario}};
}

Result<NodeLaunch> node_launch_from_json(const Json& json) {
  try {
    if (json.at("takt_launch").get<int>() != kLaunchVersion) {
      return fail("takt-node and takt are of different versions", "install both from one build");
    }
    NodeLaunch launch;
    auto node = node_config_from_json(json.at("node"));
    if (!node) return node.error();
    launch.node = std::move(*node);
    launch.participant = json.at("participant").get<std::string>();
    launch.index = json.at("index").get<std::uint32_t>();
    launch.incarnation = json.at("incarnation").get<std::uint64_t>();
    launch.restore = json.at("restore").get<bool>();
    launch.lockstep = json.at("lockstep").get<bool>();
    launch.scenario = json.at("scenario").get<bool>();
    launch.node_indices = json.at("node_indices").get<std::map<std::string, std::uint32_t>>();
    launch.node_inputs =
        json.at("node_inputs").get<std::map<std::string, std::vector<std::string>>>();
    return launch;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a launch message: ") + refusal.what());
  }
}

Json to_json(const Applied& applied) {
  Json refused = Json::array();
  for (const Refusal& r : applied.refused) {
    refused.push_back({{"setting", r.setting},
                       {"wanted", r.wanted},
                       {"got", r.got},
                       {"errno", r.errno_value},
                       {"fix", r.fix}});
  }
  return {{"policy", applied.policy},
          {"priority", applied.priority},
          {"cpus", applied.cpus},
          {"memory_locked", applied.memory_locked},
          {"refused", std::move(refused)}};
}

Result<Applied> applied_from_json(const Json& json) {
  try {
    Applied applied;
    applied.policy = json.at("policy").get<std::string>();
    applied.priority = json.at("priority").get<int>();
    applied.cpus = json.at("cpus").get<std::vector<int>>();
    applied.memory_locked = json.at("memory_locked").get<bool>();
    for (const Json& r : json.at("refused")) {
      applied.refused.push_back(
          {r.at("setting"), r.at("wanted"), r.at("got"), r.at("errno").get<int>(), r.at("fix")});
    }
    return applied;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a report of applied settings: ") + refusal.what());
  }
}

}  // namespace takt
