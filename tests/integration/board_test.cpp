// `--board` on check and run.
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

std::string own_arch() {
  utsname names{};
  ::uname(&names);
  return names.machine;
}

std::string other_arch() { return own_arch() == "aarch64" ? "x86_64" : "aarch64"; }

std::string profile(const Folder& folder, const std::string& arch, const std::string& more = "") {
  return folder.write("board.yaml", format("takt_board: 1\nboard: test\narch: {}\n"
                                           "cpus: {{count: 1}}\n{}",
                                           arch, more));
}

TEST(Board, ShippedProfilesAreFoundByNameAndPlaceTheNodes) {
  auto sut =
      takt({"check", "--board", "raspberry-pi-5", "--strict", shipped_graph("motor_speed.yaml")});

  EXPECT_EQ(sut->wait(), 0) << sut->err();
  EXPECT_NE(sut->out().find("fifo 70, cpu 3"), std::string::npos) << sut->out();
}

TEST(Board, OfAnotherArchitectureIsCheckedButNotRun) {
  const Folder folder;
  const std::string board = profile(folder, other_arch());
  auto check = takt({"check", "--board", board, shipped_graph("motor_speed.yaml")});
  EXPECT_EQ(check->wait(), 0) << check->err();
  Instance instance;

  auto run = instance.run(shipped_graph("motor_speed.yaml"), {"--board", board});

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find(format("board 'test' is a machine of architecture {}, this one is {}",
                                   other_arch(), own_arch())),
            std::string::npos)
      << run->err();
}

TEST(Board, OfThisMachineRunsWithTheProfilesPlacement) {
  const Folder folder;
  const std::string board = profile(folder, own_arch());
  Instance instance;

  auto run = instance.run(shipped_graph("motor_speed.yaml"),
                          {"--board", board, "--for", "300ms", "--json"});

  ASSERT_EQ(run->wait(), 0) << run->err();
  // The machine's other CPUs are not on the profile.
  EXPECT_EQ(node_of(summary_of(*run), "motor").at("applied").at("cpus"), Json::array({0}));
}

TEST(Board, WithTooLittleMemoryIsRefusedAtThePlaceThatSaysSo) {
  const Folder folder;
  const std::string graph = folder.write("camera.yaml", R"(takt: 1
graph: camera
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  camera: {type: test/camera, period: 100ms}
  view:
    type: test/viewer
    on: frame
    inputs: {frame: {from: camera.frame, queue: {depth: 200}}}
)");
  const std::string board = profile(folder, own_arch(), "memory_mib: 64\n");
  const ChildOptions nodes{.environment = {"TAKT_NODE_PATH=" + test_nodes_folder()}};
  auto alone = takt({"check", graph, "--json"}, nodes);
  ASSERT_EQ(alone->wait(), 0) << alone->out() << alone->err();
  ASSERT_GT(parse_json(alone->out())->at("memory").at("total_bytes").get<std::int64_t>(), 64 << 20);
  for (const char* verb : {"check", "run"}) {
    auto sut = takt({verb, graph, "--board", board}, nodes);

    EXPECT_EQ(sut->wait(), std::string(verb) == "check" ? 1 : 2);
    EXPECT_NE(sut->err().find(board + ":5:13: error: "), std::string::npos) << sut->err();
    EXPECT_NE(sut->err().find("[board.memory]"), std::string::npos) << sut->err();
  }
}

TEST(Board, ThatIsWrongIsReportedWithTheGraphsMistakes) {
  const Folder folder;
  const std::string board = profile(folder, "pdp11");
  const std::string graph = folder.write("graph.yaml", "takt: 1\ngraph: g\nnode: {}\n");

  auto sut = takt({"check", graph, "--board", board, "--json"});

  EXPECT_EQ(sut->wait(), 1);
  const auto report = parse_json(sut->out());
  ASSERT_TRUE(report.ok()) << sut->out();
  const Json& first = report->at("diagnostics").at(0);
  EXPECT_EQ(first.at("file"), board);
  EXPECT_EQ(first.at("code"), "graph.unknown-word");
  EXPECT_EQ(report->at("diagnostics").back().at("file"), graph);
}

TEST(Board, OfAnUnknownNameIsWrongUsageThatNamesTheKnownOnes) {
  auto sut = takt({"check", "--board", "raspbery-pi-5", shipped_graph("motor_speed.yaml")});

  EXPECT_EQ(sut->wait(), 2);
  EXPECT_NE(sut->err().find("did you mean 'raspberry-pi-5'?"), std::string::npos) << sut->err();
}

}  // namespace
}  // namespace takt::test
