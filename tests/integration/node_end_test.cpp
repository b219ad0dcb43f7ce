#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

//   faulty --> drive        The drive's safe output is -1, its command 5.
std::string graph_with(const std::string& params) {
  return R"(takt: 1
graph: ends
real_time: best_effort
libraries: [takt_nodes, takt_integration_nodes]
nodes:
  faulty: {type: test/faulty, period: 5ms, params: {value: 5, )" +
         params + R"(}}
  drive:
    type: actuator/limiter
    on: command
    safe: {output: -1}
    inputs: {command: {from: faulty.out, max_age: 500ms, max_data_age: 1s, on_stale: safe}}
)";
}

// Runs it with the drive's output on record.
struct Recorded {
  explicit Recorded(const std::string& params) {
    echo = sut.start("echo", {"drive.output", "--csv", "--wait", "20s"});
    run = sut.run(graph_with(params), {"--await-taps", "1", "--json"});
    status = run->wait();
    EXPECT_EQ(echo->wait(), 0) << echo->err();
    lines = lines_of(echo->out());
  }
  // The value of the last sample that the drive has sent.
  double last() const { return lines.size() < 2 ? 0.0 : cells_of(lines.back()).at(2); }
  double first() const { return lines.size() < 2 ? 0.0 : cells_of(lines.at(1)).at(2); }

  Instance sut;
  std::unique_ptr<Child> echo, run;
  std::vector<std::string> lines;
  int status = -1;
};

TEST(ANodeThatDies, EndsTheGraphSafely) {
  const Recorded sut("step: crash, at: 60");

  EXPECT_EQ(sut.status, 1);
  EXPECT_NE(sut.run->err().find("node 'faulty' killed by SIGSEGV"), std::string::npos)
      << sut.run->err();
  const Json summary = summary_of(*sut.run);
  EXPECT_EQ(summary.at("result"), "failed");
  EXPECT_EQ(node_of(summary, "faulty").at("state"), "failed");
  EXPECT_EQ(node_of(summary, "drive").at("state"), "stopped");
  EXPECT_EQ(sut.first(), 5.0);
  EXPECT_EQ(sut.last(), -1.0);
}

// A crash in a step publishes nothing: what the step had staged is not sent.
TEST(ANodeThatDies, SendsNothingOfItsLastStep) {
  const Recorded sut("step: crash, at: 60");

  EXPECT_EQ(by_name(node_of(summary_of(*sut.run), "faulty").at("outputs"), "out").at("published"),
            60);
}

TEST(ANodeThatExits, EndsTheGraphSafely) {
  const Recorded sut("step: exit, at: 60");

  EXPECT_EQ(sut.status, 1);
  EXPECT_NE(sut.run->err().find("node 'faulty' exited with status 7"), std::string::npos)
      << sut.run->err();
  EXPECT_EQ(sut.last(), -1.0);
}

TEST(ANodeThatFails, EndsTheGraphSafely) {
  const Recorded sut("step: failed, at: 60");

  EXPECT_EQ(sut.status, 1);
  EXPECT_NE(sut.run->err().find("node 'faulty' failed"), std::string::npos) << sut.run->err();
  EXPECT_EQ(node_of(summary_of(*sut.run), "faulty").at("state"), "failed");
  EXPECT_EQ(node_of(summary_of(*sut.run), "faulty").at("cycles"), 61);
  EXPECT_EQ(sut.last(), -1.0);
}

TEST(ANodeThatIsDone, EndsWell) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: done
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  one: {type: test/faulty, period: 5ms, params: {step: done, at: 9}}
  two: {type: test/faulty, period: 5ms, params: {step: done, at: 19}}
)",
                     {"--json"});

  EXPECT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  EXPECT_EQ(summary.at("result"), "ok");
  EXPECT_EQ(summary.at("reason"), "every node has ended");
  EXPECT_EQ(node_of(summary, "one").at("cycles"), 10);
  EXPECT_EQ(node_of(summary, "two").at("cycles"), 20);
  EXPECT_EQ(node_of(summary, "two").at("state"), "stopped");
}

}  // namespace
}  // namespace takt::test
