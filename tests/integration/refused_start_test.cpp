#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

// One node is at fault, the other one would print in its first step.
std::string refused_graph_with(const std::string& params) {
  return R"(takt: 1
graph: refused
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  sensor: {type: test/faulty, period: 10ms, params: {)" +
         params + R"(}}
  witness: {type: test/faulty, period: 10ms, params: {step: print}}
)";
}

void expect_no_step(const Child& run) {
  EXPECT_EQ(run.err().find("words on standard"), std::string::npos) << run.err();
  const Json summary = summary_of(run);
  EXPECT_EQ(summary.at("result"), "refused");
  for (const Json& node : summary.at("nodes")) {
    EXPECT_EQ(node.at("cycles"), 0) << node.at("name");
    for (const Json& output : node.at("outputs")) EXPECT_EQ(output.at("published"), 0);
  }
}

TEST(RefusedStart, TellsWhyANodeCouldNotBeConfigured) {
  Instance sut;

  auto run = sut.run(refused_graph_with("configure: fail"), {"--for", "1s", "--json"});

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("node 'sensor' cannot start: the sensor on bus 7 does not answer"),
            std::string::npos)
      << run->err();
  EXPECT_NE(run->err().find("switch it on"), std::string::npos) << run->err();
  expect_no_step(*run);
}

TEST(RefusedStart, NamesANodeThatDiesWhileItIsConfigured) {
  Instance sut;

  auto run = sut.run(refused_graph_with("configure: crash"), {"--for", "1s", "--json"});

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("node 'sensor'"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("SIGSEGV"), std::string::npos) << run->err();
  expect_no_step(*run);
}

TEST(RefusedStart, NamesTheNodeThatHangsAtTheDeadline) {
  Instance sut;

  auto run = sut.run(refused_graph_with("configure: hang"),
                     {"--startup-deadline", "2s", "--for", "1s", "--json"});

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("start-up deadline of 2 s"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("not configured: sensor"), std::string::npos) << run->err();
  EXPECT_EQ(run->err().find("witness"), std::string::npos) << run->err();
  expect_no_step(*run);
}

TEST(RefusedStart, NamesOnlyTheNodeWhoseOwnDeadlineHasPassed) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: refused
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  sensor:
    type: test/faulty
    period: 10ms
    startup_deadline: 250ms
    params: {configure: hang}
  slow: {type: test/faulty, period: 10ms, params: {configure: hang}}
)",
                     {"--for", "1s", "--json"});

  EXPECT_EQ(run->wait(), 1);
  EXPECT_EQ(summary_of(*run).at("reason"),
            "the start-up deadline of 0.25 s has passed and one node is not configured: sensor; "
            "look for what its configure() waits for, or allow more: startup_deadline in the "
            "graph");
  expect_no_step(*run);
}

TEST(RefusedStart, NamesALibraryThatDiffersFromItsManifest) {
  Instance sut;
  const std::filesystem::path built = test_nodes_folder();
  const std::filesystem::path own = sut.folder().path();
  std::filesystem::copy_file(built / "libtakt_integration_nodes.so",
                             own / "libtakt_integration_nodes.so");
  std::ifstream manifest(built / "libtakt_integration_nodes.takt.json");
  std::stringstream text;
  text << manifest.rdbuf();
  std::string changed = text.str();
  const std::size_t at = changed.find("What it sends");
  ASSERT_NE(at, std::string::npos);
  changed.replace(at, 13, "What it was  ");
  sut.folder().write("libtakt_integration_nodes.takt.json", changed);

  auto run = sut.run(refused_graph_with("configure: ok"), {"--for", "1s", "--json"});

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("differs from its manifest in node type 'test/faulty'"),
            std::string::npos)
      << run->err();
  expect_no_step(*run);
}

TEST(RefusedStart, LeavesNoProcess) {
  Instance sut;
  auto run = sut.run(refused_graph_with("configure: hang"), {"--startup-deadline", "1s", "--json"});
  auto pids = children_of(run->pid());
  while (pids.size() < 3 && !run->ended()) pids = children_of(run->pid());

  run->wait();

  EXPECT_EQ(pids.size(), 3U);
  for (const pid_t pid : pids) EXPECT_TRUE(is_gone(pid)) << pid;
}

TEST(RefusedStart, OfAWrongGraphIsWrongUsage) {
  Instance sut;

  auto run = sut.run("takt: 1\ngraph: wrong\nnodes: {a: {type: no/such, period: 1ms}}\n");

  EXPECT_EQ(run->wait(), 2);
  EXPECT_NE(run->err().find("nothing was started"), std::string::npos) << run->err();
}

}  // namespace
}  // namespace takt::test
