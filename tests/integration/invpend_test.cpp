// The graph that the repository ships: the pole stays up in real time, as tools see it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

// A host that stands still for longer than the limits of age lets the pole go for a moment.
constexpr int kAttemptsMax = 10;

struct Attempt {
  bool undisturbed = false;
  std::string reason;
  std::vector<double> t, angle, position;
};

void read(const Child& echo, std::vector<double>& values, std::vector<double>* t) {
  const auto lines = lines_of(echo.out());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);
    values.push_back(cells.at(2));
    if (t != nullptr) t->push_back(cells.at(0));
  }
}

Attempt attempt() {
  Attempt result;
  Instance sut;
  auto angle = sut.start("echo", {"pendulum.angle", "--csv", "--wait", "20s"});
  auto position = sut.start("echo", {"pendulum.position", "--csv", "--wait", "20s"});
  auto run = sut.run(shipped_graph("invpend.yaml"), {"--await-taps", "2", "--for", "4s", "--json"});
  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(angle->wait(), 0) << angle->err();
  EXPECT_EQ(position->wait(), 0) << position->err();
  read(*angle, result.angle, &result.t);
  read(*position, result.position, nullptr);
  result.undisturbed = true;
  const Json summary = summary_of(*run);
  for (const Json& node : summary.at("nodes")) {
    for (const char* counter : {"overruns", "skipped", "stale_steps"}) {
      if (node.at(counter) == 0) continue;
      result.undisturbed = false;
      result.reason +=
          node.at("name").get<std::string>() + "." + counter + " " + node.at(counter).dump() + "; ";
    }
  }
  return result;
}

TEST(TheShippedPendulum, StaysUpAndMovesToItsReference) {
  Attempt run;
  for (int i = 1; i <= kAttemptsMax && !run.undisturbed; ++i) {
    run = attempt();
    std::printf("attempt %d: %s\n", i, run.undisturbed ? "undisturbed" : run.reason.c_str());
  }
  ASSERT_TRUE(run.undisturbed) << "the host disturbed every attempt";
  ASSERT_GT(run.angle.size(), 380U);

  // The published limit is 0.35 rad; the oracle's largest angles are 0.161 (no delay) and 0.174
  // (one period); both cases end at 0.19857 m.
  double largest = 0.0;
  for (std::size_t i = 0; i < run.angle.size(); ++i) {
    if (run.t[i] < 0.99) {
      EXPECT_EQ(run.angle[i], 0.0) << "at " << run.t[i];
    }
    largest = std::max(largest, std::abs(run.angle[i]));
    if (run.t[i] > 3.0) {
      EXPECT_LT(std::abs(run.angle[i]), 0.01) << "at " << run.t[i];
    }
  }
  std::printf("largest angle %.4f rad, last position %.5f m\n", largest, run.position.back());
  EXPECT_GT(largest, 0.155);
  EXPECT_LT(largest, 0.178);
  EXPECT_NEAR(run.position.back(), 0.19857, 0.002);
}

}  // namespace
}  // namespace takt::test
