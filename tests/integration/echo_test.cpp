#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

// A run of a second and what `echo` saw of it from its first sample on.
struct Capture {
  Capture(const std::string& time, std::vector<std::string> how) {
    how.insert(how.end(), {"--wait", "20s"});
    echo = sut.start("echo", how);
    run =
        sut.run(shipped_graph("motor_speed.yaml"), {"--for", time, "--await-taps", "1", "--json"});
    EXPECT_EQ(run->wait(), 0) << run->err();
    EXPECT_EQ(echo->wait(), 0) << echo->err();
  }
  Instance sut;
  std::unique_ptr<Child> echo, run;
};

TEST(Echo, HasEverySampleFromTheFirstOn) {
  const Capture sut("2s", {"motor.speed", "--csv"});

  const auto lines = lines_of(sut.echo->out());
  ASSERT_GT(lines.size(), 1U);
  EXPECT_EQ(lines.front(), "t,seq,value");
  double before = -1.0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = cells_of(lines[i]);
    ASSERT_EQ(cells.size(), 3U) << lines[i];
    ASSERT_EQ(cells[1], static_cast<double>(i - 1)) << "line " << i + 1;
    ASSERT_GT(cells[0], before) << "line " << i + 1;
    before = cells[0];
  }
  const Json published =
      by_name(node_of(summary_of(*sut.run), "motor").at("outputs"), "speed").at("published");
  EXPECT_EQ(published.get<std::size_t>(), lines.size() - 1);
  EXPECT_EQ(sut.echo->err(), "");
}

// 17 digits give the same double again; the time has 9 decimals.
TEST(Echo, WritesNumbersThatReadBackExactly) {
  const Capture sut("1500ms", {"motor.speed", "--csv"});

  const auto lines = lines_of(sut.echo->out());
  ASSERT_GT(lines.size(), 1U);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = split(lines[i], ',');
    ASSERT_EQ(cells.at(0).size() - cells.at(0).find('.'), 10U) << lines[i];
    char again[64];
    std::snprintf(again, sizeof again, "%.17g", std::strtod(cells.at(2).c_str(), nullptr));
    ASSERT_EQ(cells.at(2), again);
  }
}

TEST(Echo, HasTheMembersOfASampleInJson) {
  const Capture sut("300ms", {"motor", "--json"});

  bool speed = false, current = false;
  for (const std::string& line : lines_of(sut.echo->out())) {
    const auto sample = parse_json(line);
    ASSERT_TRUE(sample) << line;
    for (const char* member : {"topic", "seq", "t_ns", "publish_ns", "origin_ns", "lost", "data"}) {
      ASSERT_TRUE(sample->contains(member)) << line;
    }
    EXPECT_EQ(sample->at("lost"), 0) << line;
    EXPECT_GE(sample->at("publish_ns").get<std::int64_t>(),
              sample->at("origin_ns").get<std::int64_t>());
    EXPECT_TRUE(sample->at("data").contains("value")) << line;
    speed = speed || sample->at("topic") == "motor.speed";
    current = current || sample->at("topic") == "motor.current";
  }
  EXPECT_TRUE(speed && current) << "both outputs of the node";
}

TEST(Echo, StopsAfterSoManySamples) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"));
  ASSERT_TRUE(sut.runs());

  auto echo = sut.start("echo", {"motor.speed", "--csv", "-n", "7"});

  EXPECT_EQ(echo->wait(), 0) << echo->err();
  EXPECT_EQ(lines_of(echo->out()).size(), 8U);
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0);
}

TEST(Echo, GuessesWhichTopicWasMeant) {
  Instance sut;
  auto run = sut.run(shipped_graph("motor_speed.yaml"));
  ASSERT_TRUE(sut.runs());

  auto echo = sut.start("echo", {"motor.sped"});

  EXPECT_EQ(echo->wait(), 2);
  EXPECT_NE(echo->err().find("did you mean 'motor.speed'?"), std::string::npos) << echo->err();
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0);
}

TEST(Echo, WaitsForNobodyForEver) {
  Instance sut;

  auto echo = sut.start("echo", {"motor.speed", "--wait", "100ms"});

  EXPECT_EQ(echo->wait(), 2);
  EXPECT_NE(echo->err().find("is running"), std::string::npos) << echo->err();
}

TEST(Echo, MayComeAndGoWhileOthersWatch) {
  Instance sut;
  auto watching = sut.start("echo", {"motor.speed", "--csv", "--wait", "20s"});
  auto run = sut.run(shipped_graph("motor_speed.yaml"), {"--await-taps", "1", "--json"});
  ASSERT_TRUE(sut.runs());

  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sut.start("echo", {"motor.speed", "-n", "3"})->wait(), 0);
    EXPECT_EQ(sut.start("echo", {"drive.output", "-n", "3"})->wait(), 0);
  }

  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0);
  EXPECT_EQ(watching->wait(), 0);
  EXPECT_EQ(watching->err(), "") << "nothing was lost";
  const auto lines = lines_of(watching->out());
  EXPECT_EQ(lines.size() - 1,
            by_name(node_of(summary_of(*run), "motor").at("outputs"), "speed").at("published"));
}

}  // namespace
}  // namespace takt::test
