// What `takt ps --long` shows of every thread, and `takt inject hog`, which disturbs one.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

bool is_fifo(const Json& summary, const std::string& node) {
  return node_of(summary, node).at("applied").at("policy") == "fifo";
}

const Json& loop_of(const Json& summary, const std::string& node) {
  return by_name(node_of(summary, node).at("process").at("threads"), "loop");
}

Json ps_long(Instance& sut) {
  auto asked = sut.start("ps", {"--long", "--json"});
  EXPECT_EQ(asked->wait(), 0) << asked->err();
  return summary_of(*asked);
}

// The hogs of a graph: what the supervisor started beside nodes and tap.
std::vector<pid_t> hogs_of(pid_t supervisor) {
  std::vector<pid_t> hogs;
  for (const pid_t child : children_of(supervisor)) {
    std::ifstream file(format("/proc/{}/cmdline", child));
    std::stringstream words;
    words << file.rdbuf();
    if (words.str().find("--hog") != std::string::npos) hogs.push_back(child);
  }
  return hogs;
}

TEST(PsLong, ShowsWhatEveryThreadHasBesideWhatWasAskedForIt) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort"});
  ASSERT_TRUE(sut.runs());

  const Json summary = ps_long(sut);

  for (const Json& node : summary.at("nodes")) {
    const Json& process = node.at("process");
    const auto real = threads_of(node.at("pid").get<pid_t>());
    EXPECT_EQ(process.at("threads").size(), real.size());
    for (const Json& thread : process.at("threads")) {
      const auto found = std::find_if(real.begin(), real.end(), [&](const ThreadFacts& facts) {
        return facts.tid == thread.at("tid").get<pid_t>();
      });
      ASSERT_NE(found, real.end());
      EXPECT_EQ(thread.at("policy"), found->policy == SCHED_FIFO ? "fifo" : "other");
      EXPECT_EQ(thread.at("priority"), found->priority);
      EXPECT_EQ(thread.at("cpus").get<std::vector<int>>(), found->cpus);
      EXPECT_EQ(thread.at("requested").at("policy"),
                thread.at("name") == "loop" ? "fifo" : "other");
    }
    EXPECT_EQ(process.at("locked_kib"), status_kib(node.at("pid").get<pid_t>(), "VmLck"));
    EXPECT_EQ(loop_of(summary, node.at("name")).at("page_faults"), 0) << "since the barrier";
  }
  EXPECT_EQ(loop_of(summary, "motor").at("requested").at("priority"), 70);
  EXPECT_FALSE(by_name(summary.at("processes"), "supervisor").at("process").at("threads").empty());
  EXPECT_FALSE(by_name(summary.at("processes"), "tap").at("process").at("threads").empty());
  EXPECT_EQ(sut.start("stop")->wait(), 0);
}

TEST(PsLong, SaysWhichThreadHasLostWhatWasAskedForIt) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort"});
  ASSERT_TRUE(sut.runs());
  const Json before = sut.ps();
  if (!is_fifo(before, "motor")) GTEST_SKIP() << "real-time classes are refused here";
  EXPECT_EQ(sut.start("ps", {"--long"})->out().find("not as requested"), std::string::npos);

  // Somebody takes its class away while it runs.
  const sched_param none{};
  ASSERT_EQ(
      ::sched_setscheduler(node_of(before, "motor").at("pid").get<pid_t>(), SCHED_OTHER, &none), 0);

  auto shown = sut.start("ps", {"--long"});
  EXPECT_EQ(shown->wait(), 0) << shown->err();
  int lost = 0;
  for (const std::string& line : lines_of(shown->out())) {
    if (line.find("not as requested") == std::string::npos) continue;
    ++lost;
    EXPECT_NE(line.find("motor"), std::string::npos) << line;
    EXPECT_NE(line.find("fifo 70"), std::string::npos) << line;
  }
  EXPECT_EQ(lost, 1) << shown->out();
  EXPECT_EQ(sut.start("stop")->wait(), 0);
}

// Keeps the caller, and what it starts, off some CPUs while this lives: a hog there would not let
// it look.
class Elsewhere {
 public:
  explicit Elsewhere(const std::vector<int>& cpus) {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
    cpu_set_t others = before_;
    for (const int cpu : cpus) CPU_CLR(static_cast<unsigned>(cpu), &others);
    changed_ = ::sched_setaffinity(0, sizeof others, &others) == 0;  // Refused when none is left.
  }
  ~Elsewhere() {
    if (changed_) ::sched_setaffinity(0, sizeof before_, &before_);
  }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;

 private:
  cpu_set_t before_{};
  bool changed_ = false;
};

TEST(AHog, TakesTheNodesCpuForAsLongAsItWasToldTo) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort", "--json"});
  ASSERT_TRUE(sut.runs());
  const Json before = ps_long(sut);
  if (!is_fifo(before, "motor")) GTEST_SKIP() << "real-time classes are refused here";

  const Elsewhere elsewhere(loop_of(before, "motor").at("cpus").get<std::vector<int>>());
  auto inject = sut.start("inject", {"hog", "motor", "--for", "4s"});
  ASSERT_EQ(inject->wait(), 0) << inject->err();
  EXPECT_NE(inject->err().find("fifo 71 on cpu "), std::string::npos) << inject->err();
  const auto hogs = hogs_of(run->pid());
  ASSERT_EQ(hogs.size(), 1U);
  const ThreadFacts hog = threads_of(hogs[0]).at(0);
  EXPECT_EQ(hog.policy, SCHED_FIFO);
  EXPECT_EQ(hog.priority, 71);
  EXPECT_EQ(hog.cpus, loop_of(before, "motor").at("cpus").get<std::vector<int>>());
  EXPECT_GE(seconds_until_gone(hogs), 0.0);
  // Counted by the first step behind it.
  std::int64_t skipped = 0;
  while (skipped < 100 && !run->ended()) {
    skipped = node_of(sut.ps(), "motor").at("skipped").get<std::int64_t>();
  }
  EXPECT_GE(skipped, 100);
  EXPECT_EQ(sut.start("stop")->wait(), 0);
}

TEST(AHog, LeavesByItself) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort", "--json"});
  ASSERT_TRUE(sut.runs());

  ASSERT_EQ(sut.start("inject", {"hog", "motor", "--for", "10ms"})->wait(), 0);

  EXPECT_GE(seconds_until_gone(hogs_of(run->pid())), 0.0);
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();
}

TEST(AHog, EndsWithItsGraph) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort"});
  ASSERT_TRUE(sut.runs());
  const Json before = ps_long(sut);
  const Elsewhere elsewhere(loop_of(before, "motor").at("cpus").get<std::vector<int>>());
  ASSERT_EQ(sut.start("inject", {"hog", "motor", "--for", "60s"})->wait(), 0);
  const auto hogs = hogs_of(run->pid());
  ASSERT_FALSE(hogs.empty());

  EXPECT_EQ(sut.start("stop")->wait(), 0);

  EXPECT_TRUE(std::all_of(hogs.begin(), hogs.end(), is_gone));
}

TEST(AHog, IsRefusedForTheTapAndForTooLong) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort"});
  ASSERT_TRUE(sut.runs());

  const auto refused = [&](std::vector<std::string> words, int status, const std::string& text) {
    auto inject = sut.start("inject", std::move(words));
    EXPECT_EQ(inject->wait(), status);
    EXPECT_NE(inject->err().find(text), std::string::npos) << inject->err();
  };
  refused({"hog", "tap"}, 1, "the tap has no place of its own");
  refused({"hog", "motor", "--for", "2min"}, 1, "at most 60 s");
  refused({"hog", "motor", "--for", "soon"}, 2, "'soon' is not a duration");
  refused({"kill", "motor", "--for", "1s"}, 2, "--for goes with hog");
  EXPECT_TRUE(hogs_of(run->pid()).empty());
  EXPECT_EQ(sut.start("stop")->wait(), 0);
}

}  // namespace
}  // namespace takt::test
