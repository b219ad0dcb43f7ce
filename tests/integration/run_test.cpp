#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

TEST(Run, EndsWellAfterTheTimeGivenAndSumsUp) {
  Instance sut;

  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--for", "2s", "--json"});

  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(run->err().find("shared memory"), std::string::npos) << "iceoryx's words go to the log";
  const Json summary = summary_of(*run);
  for (const char* member : {"takt_version", "graph_sha256", "host", "clock", "armed", "reason"}) {
    EXPECT_TRUE(summary.contains(member)) << member;
  }
  EXPECT_EQ(summary.at("takt_summary"), 1);
  EXPECT_EQ(summary.at("graph"), "motor_speed");
  EXPECT_EQ(summary.at("instance"), sut.name());
  EXPECT_EQ(summary.at("clock"), "realtime");
  EXPECT_EQ(summary.at("real_time"), "best_effort");
  EXPECT_EQ(summary.at("result"), "ok");
  EXPECT_GE(summary.at("elapsed_s").get<double>(), 2.0);
  EXPECT_EQ(summary.at("nodes").size(), 4U);
}

TEST(Run, CountsEveryNodeAndItsPorts) {
  Instance sut;

  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--for", "2s", "--json"});

  ASSERT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  std::set<int> pids;
  for (const Json& node : summary.at("nodes")) {
    for (const char* member :
         {"name", "type", "state", "pid", "cycles", "overruns", "skipped", "misses", "restarts",
          "stale_steps", "non_finite", "wake_ns", "step_ns", "inputs", "outputs", "applied"}) {
      EXPECT_TRUE(node.contains(member)) << node.at("name") << " " << member;
    }
    for (const char* member : {"p50", "p99", "p999", "max", "count"}) {
      EXPECT_TRUE(node.at("wake_ns").contains(member)) << node.at("name") << " " << member;
    }
    for (const char* member : {"policy", "priority", "cpus", "memory_locked", "page_faults",
                               "involuntary_switches", "refused"}) {
      EXPECT_TRUE(node.at("applied").contains(member)) << node.at("name") << " " << member;
    }
    EXPECT_EQ(node.at("state"), "stopped") << node.at("name");
    pids.insert(node.at("pid").get<int>());
  }
  EXPECT_EQ(pids.size(), 4U);
  // Every release of 2 s either ran or was skipped while the host stood still; a few more may fall
  // between the end of the time and the node's stop.
  const Json& motor = node_of(summary, "motor");
  const auto releases = motor.at("cycles").get<int>() + motor.at("skipped").get<int>();
  EXPECT_GE(releases, 1990);
  const Json& pid = node_of(summary, "speed_pid");
  const Json& measurement = by_name(pid.at("inputs"), "measurement");
  EXPECT_EQ(measurement.at("from"), "motor.speed");
  EXPECT_GE(measurement.at("taken").get<int>() + measurement.at("lost").get<int>(), 1000);
  EXPECT_LE(measurement.at("taken").get<int>() + measurement.at("lost").get<int>(),
            by_name(motor.at("outputs"), "speed").at("published").get<int>());
  EXPECT_LE(pid.at("cycles").get<int>(), measurement.at("taken").get<int>());
}

// The kernel's word: one process a node, its loop on the graph's class, priority and processor.
TEST(Run, HasOneRealTimeProcessANode) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs the right to real-time classes: run as root";
  const std::vector<std::pair<std::string, int>> wanted{
      {"reference", 73}, {"motor", 70}, {"speed_pid", 71}, {"drive", 72}};
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--json"});
  ASSERT_TRUE(sut.runs());

  const Json live = sut.ps();
  std::set<pid_t> nodes, taps;
  for (const pid_t child : children_of(run->pid())) {
    (program_of(child) == "takt-node" ? nodes : taps).insert(child);
  }

  EXPECT_EQ(nodes.size(), 4U);
  EXPECT_EQ(taps.size(), 1U);
  std::set<std::vector<int>> places;
  for (const auto& [name, priority] : wanted) {
    const pid_t pid = node_of(live, name).at("pid").get<pid_t>();
    EXPECT_TRUE(nodes.contains(pid)) << name;
    const std::vector<ThreadFacts> threads = threads_of(pid);
    ASSERT_FALSE(threads.empty()) << name;
    EXPECT_EQ(threads.front().tid, pid);
    EXPECT_EQ(threads.front().policy, SCHED_FIFO) << name;
    EXPECT_EQ(threads.front().priority, priority) << name;
    EXPECT_EQ(threads.front().cpus.size(), 1U) << name;
    places.insert(threads.front().cpus);
    for (std::size_t i = 1; i < threads.size(); ++i) {
      EXPECT_EQ(threads[i].policy, SCHED_OTHER) << name << ", thread " << threads[i].tid;
    }
    EXPECT_GT(status_kib(pid, "VmLck"), 0) << name;
    EXPECT_TRUE(node_of(live, name).at("applied").at("refused").empty()) << name;
  }
  EXPECT_EQ(places.size(), 1U) << "one chain, one processor";
  auto stop = sut.start("stop");
  EXPECT_EQ(stop->wait(), 0);
  EXPECT_EQ(run->wait(), 0);
}

TEST(Run, PassesOnWhatNodesPrint) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: chatty
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  chatty: {type: test/faulty, period: 10ms, params: {step: print}}
)",
                     {"--for", "200ms", "--json"});

  EXPECT_EQ(run->wait(), 0);
  EXPECT_NE(run->err().find("words on standard output"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("words on standard error"), std::string::npos) << run->err();
  EXPECT_EQ(summary_of(*run).at("result"), "ok") << "standard output belongs to the data";
}

bool has_open(pid_t pid, const std::string& file) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(format("/proc/{}/fd", pid), error)) {
    if (std::filesystem::read_symlink(entry.path(), error) == file) return true;
  }
  return false;
}

// The kernel's word again.
TEST(Run, KeepsProcessorsAwakeAndSaysWhenMemoryMayEndIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs the right to /dev/cpu_dma_latency: run as root";
  for (const bool sleepy : {false, true}) {
    Instance sut;
    auto run = sut.run(
        shipped_graph("motor_speed_10ms.yaml"),
        sleepy ? std::vector<std::string>{"--allow-processor-sleep"} : std::vector<std::string>{});
    ASSERT_TRUE(sut.runs());
    EXPECT_EQ(has_open(run->pid(), "/dev/cpu_dma_latency"), !sleepy);
    for (const pid_t pid : children_of(run->pid())) {
      std::string score;
      std::getline(std::ifstream(format("/proc/{}/oom_score_adj", pid)), score);
      if (score == "-900") continue;
      // Refused: then the log says what it takes.
      std::ifstream log(format("/var/lib/takt/{}/log", sut.name()));
      const std::string text{std::istreambuf_iterator<char>(log), {}};
      EXPECT_NE(text.find("grant CAP_SYS_RESOURCE"), std::string::npos) << text;
    }
    run->signal(SIGINT);
    EXPECT_EQ(run->wait(), 0) << run->err();
  }
}

}  // namespace
}  // namespace takt::test
