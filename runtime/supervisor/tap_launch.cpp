#include "runtime/supervisor/tap_launch.hpp"

#include <takt/manifest/launch.hpp>
#include <takt/sample/json.hpp>

namespace takt::supervisor {

Json tap_launch(const GraphSpec& graph, const std::string& participant,
                const std::vector<std::string>& sockets) {
  Json topics = Json::array();
  for (const TopicSpec& topic : graph.topics) {
    topics.push_back({{"node", topic.name.node},
                      {"output", topic.name.output},
                      {"unit", topic.unit},
                      {"depth", tap_depth(topic.layout)},
                      {"layout", to_json(topic.layout)}});
  }
  return {{"takt_launch", kLaunchVersion},
          {"participant", participant},
          {"sockets", sockets},
          {"topics", std::move(topics)}};
}

}  // namespace takt::supervisor
