#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

//            +--> left
//   camera --+--> middle     8 MiB a frame
//            +--> right
TEST(Camera, LiesInMemoryOnceForThreeReaders) {
  Instance sut;
  auto run = sut.run(R"(takt: 1
graph: camera
real_time: best_effort
libraries: [takt_integration_nodes]
defaults: {policy: other}
nodes:
  camera: {type: test/camera, period: 20ms, params: {frames: 1}}
  left:
    type: test/viewer
    on: frame
    inputs: {frame: {from: camera.frame, max_age: none, queue: {depth: 2}}}
  middle:
    type: test/viewer
    on: frame
    inputs: {frame: {from: camera.frame, max_age: none, queue: {depth: 2}}}
  right:
    type: test/viewer
    on: frame
    inputs: {frame: {from: camera.frame, max_age: none, queue: {depth: 2}}}
)",
                     {"--json"});
  ASSERT_TRUE(sut.runs());

  // Every viewer has seen the frame, and holds it still.
  Json live;
  for (bool seen = false; !seen && !run->ended();) {
    live = sut.ps();
    seen = true;
    for (const char* viewer : {"left", "middle", "right"}) {
      seen = seen && node_of(live, viewer).at("cycles") == 1;
    }
  }

  int used = -1, used_max = -1;
  for (const Json& pool : live.at("memory").at("pools")) {
    if (pool.at("payload").get<std::uint64_t>() < (8U << 20U)) continue;
    used = pool.at("used").get<int>();
    used_max = pool.at("used_max").get<int>();
  }
  EXPECT_EQ(used, 1) << "one frame, one writer, three readers";
  EXPECT_EQ(used_max, 1) << "nor was there a copy before";
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

}  // namespace
}  // namespace takt::test
