// `takt doctor` on this machine, whatever it is like: the form, and that words, figures and exit
// code agree. What a machine must be like is judged on made-up ones (tests/unit/doctor).
#include <set>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

// Fails the test when standard output is not one JSON object.
Json object_of(const Child& child) {
  auto parsed = parse_json(child.out());
  EXPECT_TRUE(parsed.ok()) << child.out() << child.err();
  return parsed ? *parsed : Json();
}

int exit_code_for(const Json& report, bool strict = false) {
  for (const Json& finding : report.at("findings")) {
    if (finding.at("status") == "fail") return 1;
    if (strict && finding.at("status") == "warn") return 1;
  }
  return 0;
}

const Json& finding_of(const Json& report, const std::string& id) {
  for (const Json& finding : report.at("findings")) {
    if (finding.at("id") == id) return finding;
  }
  static const Json none;
  ADD_FAILURE() << "no finding " << id << " in " << report.dump();
  return none;
}

TEST(Doctor, JudgesThisMachineAndExitsAccordingly) {
  auto sut = takt({"doctor", "--json"});

  const int status = sut->wait();

  const Json report = object_of(*sut);
  EXPECT_EQ(report.at("takt_doctor"), 1);
  EXPECT_TRUE(report.at("latency").is_null());
  EXPECT_EQ(report.at("asked").at("real_time"), "required");
  std::set<std::string> ids;
  for (const Json& finding : report.at("findings")) {
    EXPECT_TRUE(ids.insert(finding.at("id")).second) << finding << " stands twice";
    EXPECT_TRUE(
        std::set<std::string>({"ok", "warn", "fail", "unknown"}).contains(finding.at("status")))
        << finding;
    EXPECT_FALSE(finding.at("value").get<std::string>().empty()) << finding;
    EXPECT_FALSE(finding.at("why").get<std::string>().empty()) << finding;
  }
  for (const char* id :
       {"kernel.preemption", "kernel.rt_runtime", "cpu.governor", "cpu.isolated", "irq.affinity",
        "cpu.idle", "rights.real_time", "rights.memory_lock", "try.real_time", "try.memory_lock",
        "memory.shared", "memory.swap", "clock.source", "power.suspend", "transport.version",
        "transport.broker"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
  EXPECT_EQ(finding_of(report, "transport.version").at("value"), "iceoryx 2.0.3");
  EXPECT_EQ(status, exit_code_for(report));
  EXPECT_EQ(report.at("ok"), status == 0);
}

TEST(Doctor, StrictMakesWarningsFailures) {
  auto sut = takt({"doctor", "--json", "--strict"});

  const int status = sut->wait();

  EXPECT_EQ(status, exit_code_for(object_of(*sut), true));
}

TEST(Doctor, MeasuresOnEveryAllowedCpuForTheTimeGiven) {
  auto sut = takt({"doctor", "--latency", "1s", "--json"});

  const int status = sut->wait();

  const Json report = object_of(*sut);
  const Json& latency = report.at("latency");
  EXPECT_EQ(status, exit_code_for(report));
  EXPECT_GE(latency.at("measured_ns").get<std::int64_t>(), 1'000'000'000);
  EXPECT_EQ(latency.at("period_ns"), 1'000'000);
  EXPECT_FALSE(latency.at("ended_early").get<bool>());
  ASSERT_EQ(latency.at("cpus").size(), report.at("asked").at("cpus").size());
  for (const Json& cpu : latency.at("cpus")) {
    const Json& wake = cpu.at("wake_ns");
    ASSERT_TRUE(wake.is_object()) << cpu;
    // Each point of the grid was woken for or skipped, but for those before a late start.
    EXPECT_GE(wake.at("count").get<int>() + cpu.at("skipped").get<int>(), 100) << cpu;
    EXPECT_LE(wake.at("min").get<std::int64_t>(), wake.at("p50").get<std::int64_t>()) << cpu;
    EXPECT_LE(wake.at("p50").get<std::int64_t>(), wake.at("p99").get<std::int64_t>()) << cpu;
    EXPECT_LE(wake.at("p99").get<std::int64_t>(), wake.at("p999").get<std::int64_t>()) << cpu;
    EXPECT_LE(wake.at("p999").get<std::int64_t>(), wake.at("max").get<std::int64_t>()) << cpu;
    if (::geteuid() == 0) {
      EXPECT_TRUE(cpu.at("real_time").get<bool>()) << cpu;
    }
    finding_of(report, "latency.cpu" + std::to_string(cpu.at("cpu").get<int>()));
  }
}

TEST(Doctor, MeasuresWhereAndAsTheGraphRunsAndJudgesEachOfItsNodes) {
  auto sut = takt(
      {"doctor", "--graph", shipped_graph("motor_speed.yaml"), "--latency", "500ms", "--json"});

  const int status = sut->wait();

  const Json report = object_of(*sut);
  EXPECT_EQ(status, exit_code_for(report));
  EXPECT_EQ(report.at("asked").at("graph"), "motor_speed");
  EXPECT_EQ(report.at("asked").at("real_time"), "best_effort");
  EXPECT_EQ(report.at("asked").at("priority"), 73) << "the highest of the graph";
  EXPECT_GT(report.at("asked").at("pool_bytes").get<int>(), 40'000);
  EXPECT_EQ(report.at("latency").at("priority"), 73);
  EXPECT_EQ(report.at("latency").at("cpus").size(), 1U) << "one chain, one processor";
  for (const char* node : {"reference", "motor", "speed_pid", "drive"}) {
    finding_of(report, std::string("latency.") + node);
  }
  const std::string value = finding_of(report, "latency.speed_pid").at("value");
  EXPECT_NE(value.find("its deadline is 500.0 us"), std::string::npos) << value;
}

TEST(Doctor, EndsEarlyAtCtrlCWithWhatItHas) {
  auto sut = takt({"doctor", "--latency", "1h"}, {.terminal = true});
  ASSERT_TRUE(sut->says("1s  cpu")) << "progress every second";

  sut->type("\x03");
  const int status = sut->wait();

  EXPECT_TRUE(status == 0 || status == 1) << status;
  EXPECT_NE(sut->out().find(", ended early"), std::string::npos) << sut->out();
}

// The kernel's own refusal, not a made-up one.
TEST(Doctor, FailsForAUserWithoutRightsAndWarnsWhenBestEffortIsAsked) {
  if (::geteuid() != 0) GTEST_SKIP() << "becomes another user: run as root";
  rlimit before{};
  ::getrlimit(RLIMIT_RTPRIO, &before);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_RTPRIO, &none);
  auto required = takt({"doctor", "--json"}, {.user = 65534});
  auto best_effort = takt({"doctor", "--json", "--real-time", "best_effort"}, {.user = 65534});

  EXPECT_EQ(required->wait(), 1);
  best_effort->wait();
  ::setrlimit(RLIMIT_RTPRIO, &before);

  const Json refused = object_of(*required);
  EXPECT_EQ(finding_of(refused, "rights.real_time").at("status"), "fail");
  EXPECT_EQ(finding_of(refused, "try.real_time").at("status"), "fail");
  EXPECT_NE(finding_of(refused, "try.real_time").at("value").get<std::string>().find("EPERM"),
            std::string::npos);
  EXPECT_EQ(finding_of(object_of(*best_effort), "try.real_time").at("status"), "warn");
}

TEST(Doctor, RefusesWrongUsageAndWrongFiles) {
  const Folder folder;
  const std::string wrong = folder.write("wrong.yaml", "takt: 1\n");
  const std::vector<std::vector<std::string>> wrongs{
      {"--latency", "60"}, {"--latency", "0s"},          {"--graph", "/no/such/graph.yaml"},
      {"--graph", wrong},  {"--board", "no_such_board"}, {"--board", wrong},
      {"--nonsense"}};
  for (std::vector<std::string> arguments : wrongs) {
    arguments.insert(arguments.begin(), "doctor");
    auto sut = takt(arguments);
    EXPECT_EQ(sut->wait(), 2) << arguments.back();
    EXPECT_EQ(sut->out(), "") << arguments.back();
    EXPECT_FALSE(sut->err().empty()) << arguments.back();
  }
}

}  // namespace
}  // namespace takt::test
