#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

TEST(Instances, RunSideBySide) {
  Instance left, right;
  auto left_run = left.run(shipped_graph("motor_speed.yaml"), {"--json"});
  auto right_run = right.run(shipped_graph("motor_speed_10ms.yaml"), {"--json"});
  ASSERT_TRUE(left.runs());
  ASSERT_TRUE(right.runs());

  EXPECT_EQ(left.ps().at("graph"), "motor_speed");
  EXPECT_EQ(right.ps().at("graph"), "motor_speed_10ms");

  EXPECT_EQ(left.start("stop")->wait(), 0);
  EXPECT_EQ(left_run->wait(), 0) << left_run->err();
  EXPECT_EQ(right.ps().at("result"), "running") << "the other one runs on";
  EXPECT_EQ(right.start("stop")->wait(), 0);
  EXPECT_EQ(right_run->wait(), 0) << right_run->err();
}

TEST(Instances, HaveOneRunAtATime) {
  Instance sut;
  auto first = sut.run(shipped_graph("motor_speed.yaml"), {"--json"});
  ASSERT_TRUE(sut.runs());

  auto second = sut.run(shipped_graph("motor_speed.yaml"), {"--for", "1s"});

  EXPECT_EQ(second->wait(), 1);
  EXPECT_NE(second->err().find("already running"), std::string::npos) << second->err();
  EXPECT_NE(second->err().find("takt stop --instance " + sut.name()), std::string::npos)
      << second->err();
  EXPECT_EQ(sut.ps().at("result"), "running") << "the first one is not disturbed";
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(first->wait(), 0);
}

TEST(Instances, MustBeNamedWhenSeveralRun) {
  Instance one, two;
  auto one_run = one.run(shipped_graph("motor_speed.yaml"));
  auto two_run = two.run(shipped_graph("motor_speed.yaml"));
  ASSERT_TRUE(one.runs());
  ASSERT_TRUE(two.runs());

  for (const char* verb : {"ps", "stop"}) {
    auto asked = takt({verb}, {.environment = {"TAKT_INSTANCE="}});
    EXPECT_EQ(asked->wait(), 2) << verb;
    EXPECT_NE(asked->err().find(one.name()), std::string::npos) << asked->err();
    EXPECT_NE(asked->err().find(two.name()), std::string::npos) << asked->err();
  }
  auto named = takt({"ps", "--json"}, {.environment = {"TAKT_INSTANCE=" + two.name()}});
  EXPECT_EQ(named->wait(), 0) << named->err();
  EXPECT_EQ(summary_of(*named).at("instance"), two.name());

  EXPECT_EQ(one.start("stop")->wait(), 0);
  EXPECT_EQ(two.start("stop")->wait(), 0);
  EXPECT_EQ(one_run->wait(), 0);
  EXPECT_EQ(two_run->wait(), 0);
}

TEST(Instances, ThatDoNotRunAreSaidSo) {
  Instance sut;

  auto stop = sut.start("stop");

  EXPECT_EQ(stop->wait(), 2);
  EXPECT_NE(stop->err().find("is running"), std::string::npos) << stop->err();
}

}  // namespace
}  // namespace takt::test
