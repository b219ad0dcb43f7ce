// source/profile: its shapes over time, and the node around them.
#include <chrono>
#include <cmath>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

#include "nodes/source/profile_shapes.hpp"
#include "tests/support/reference_data.hpp"

namespace takt::nodes::profile_test {
namespace {

using namespace std::chrono_literals;

TEST(ProfileStep, IsAtItsNewValueExactlyAtItsTime) {
  const ProfileSettings sut{.shape = Shape::step, .at = 1s, .from = -2.0, .to = 3.0};

  EXPECT_EQ(profile_value(sut, 0ns), -2.0);
  EXPECT_EQ(profile_value(sut, 1s - 1ns), -2.0);
  EXPECT_EQ(profile_value(sut, 1s), 3.0);
  EXPECT_EQ(profile_value(sut, 100h), 3.0);
}

TEST(ProfileRamp, RisesLinearlyAndStays) {
  const ProfileSettings sut{
      .shape = Shape::ramp, .at = 1s, .from = 10.0, .to = -10.0, .duration = 4s};

  EXPECT_EQ(profile_value(sut, 0ns), 10.0);
  EXPECT_EQ(profile_value(sut, 1s), 10.0);
  EXPECT_DOUBLE_EQ(profile_value(sut, 2s), 5.0);
  EXPECT_DOUBLE_EQ(profile_value(sut, 4s), -5.0);
  EXPECT_EQ(profile_value(sut, 5s), -10.0);
  EXPECT_EQ(profile_value(sut, 6s), -10.0);
}

TEST(ProfileRamp, IsAStepWithoutADuration) {
  const ProfileSettings sut{.shape = Shape::ramp, .at = 1s, .duration = 0s};

  EXPECT_EQ(profile_value(sut, 1s - 1ns), 0.0);
  EXPECT_EQ(profile_value(sut, 1s), 1.0);
}

TEST(ProfileSine, SwingsAroundItsOffsetFromItsPhase) {
  const ProfileSettings sut{.shape = Shape::sine,
                            .at = 1s,
                            .amplitude = 2.0,
                            .offset = 5.0,
                            .frequency = 0.25,
                            .phase = std::numbers::pi / 2.0};

  EXPECT_DOUBLE_EQ(profile_value(sut, 0s), 7.0);  // Waits at the value that it starts from.
  EXPECT_DOUBLE_EQ(profile_value(sut, 1s), 7.0);
  EXPECT_NEAR(profile_value(sut, 2s), 5.0, 1e-14);
  EXPECT_DOUBLE_EQ(profile_value(sut, 3s), 3.0);
}

TEST(ProfileSquare, IsHighForItsDutyAndLowForTheRest) {
  const ProfileSettings sut{
      .shape = Shape::square, .at = 1s, .from = -1.0, .to = 4.0, .period = 10ms, .high = 3ms};

  EXPECT_EQ(profile_value(sut, 1s - 1ns), -1.0);
  EXPECT_EQ(profile_value(sut, 1s), 4.0);
  EXPECT_EQ(profile_value(sut, 1s + 3ms - 1ns), 4.0);
  EXPECT_EQ(profile_value(sut, 1s + 3ms), -1.0);
  EXPECT_EQ(profile_value(sut, 1s + 10ms - 1ns), -1.0);
  EXPECT_EQ(profile_value(sut, 1s + 10ms), 4.0);
}

// The value at each of the first `count` releases.
std::vector<double> first_values(test::NodeHarness& sut, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    sut.step();
    const auto sent = sut.sent<Scalar>("value");
    values.push_back(sent ? sent->value : std::nan(""));
  }
  return values;
}

using Values = std::vector<double>;

TEST(ProfileNode, StepsAtTheReleaseThatItsParameterNames) {
  test::NodeHarness sut(
      "source/profile",
      {.params = {{"shape", "step"}, {"at", 0.02}, {"from", 1.0}, {"to", 2.0}}, .period = 10ms});

  EXPECT_EQ(first_values(sut, 4), (Values{1.0, 1.0, 2.0, 2.0}));
}

TEST(ProfileNode, FollowsTheReleaseAndNotTheNumberOfSteps) {
  test::NodeHarness sut(
      "source/profile",
      {.params = {{"shape", "ramp"}, {"to", 10.0}, {"duration", 0.1}}, .period = 10ms});

  first_values(sut, 1);
  sut.step_after_skipping(4);

  EXPECT_DOUBLE_EQ(sut.sent<Scalar>("value")->value, 5.0);
}

TEST(ProfileNode, IsNeverHighAtTheLowestDutyAndAlwaysAtTheHighest) {
  for (const double duty : {0.0, 1.0}) {
    test::NodeHarness sut(
        "source/profile",
        {.params = {{"shape", "square"}, {"period", 0.04}, {"duty", duty}}, .period = 10ms});

    EXPECT_EQ(first_values(sut, 5), Values(5, duty));
  }
}

TEST(ProfileNode, TakesTheParametersOfTheSine) {
  test::NodeHarness sut("source/profile", {.params = {{"shape", "sine"},
                                                      {"amplitude", 3.0},
                                                      {"offset", 1.0},
                                                      {"frequency", 25.0},
                                                      {"phase", 0.0}},
                                           .period = 10ms});

  const auto values = first_values(sut, 4);

  EXPECT_NEAR(values.at(0), 1.0, 1e-12);
  EXPECT_NEAR(values.at(1), 4.0, 1e-12);
  EXPECT_NEAR(values.at(2), 1.0, 1e-12);
  EXPECT_NEAR(values.at(3), -2.0, 1e-12);
}

TEST(ProfileNode, AcceptsTheLatestTimes) {
  test::NodeHarness sut(
      "source/profile",
      {.params = {{"shape", "ramp"}, {"at", 1e9}, {"duration", 1e9}}, .period = 10ms});

  ASSERT_EQ(sut.error(), nullptr);
  EXPECT_EQ(first_values(sut, 2), (Values{0.0, 0.0}));
}

TEST(ProfileNode, SendsNothingWhenItsSumOverflows) {
  test::NodeHarness sut("source/profile", {.params = {{"shape", "sine"},
                                                      {"amplitude", 1.7e308},
                                                      {"offset", 1.7e308},
                                                      {"frequency", 25.0}},
                                           .period = 10ms});

  const auto values = first_values(sut, 2);

  EXPECT_EQ(values.at(0), 1.7e308);
  EXPECT_TRUE(std::isnan(values.at(1)));
}

test::HarnessOptions table_options(Json more) {
  Json params{{"shape", "table"}, {"file", "profile_table.csv"}};
  params.update(more);
  return {.params = params, .period = 10ms, .base_folder = test::data_folder()};
}

TEST(ProfileNode, HoldsTheRowsOfATableBesideTheGraph) {
  test::NodeHarness sut("source/profile", table_options({{"at", 0.01}}));

  ASSERT_EQ(sut.error(), nullptr);
  EXPECT_EQ(first_values(sut, 7), (Values{0.5, 0.5, 0.5, 2.5, 2.5, -1.0, -1.0}));
}

TEST(ProfileNode, JoinsTheRowsOfATableWithStraightLines) {
  test::NodeHarness sut("source/profile", table_options({{"interpolation", "linear"}}));

  ASSERT_EQ(sut.error(), nullptr);
  EXPECT_EQ(first_values(sut, 6), (Values{0.5, 1.5, 2.5, 0.75, -1.0, -1.0}));
}

TEST(ProfileNode, RepeatsATable) {
  test::NodeHarness sut("source/profile", table_options({{"repeat", true}}));

  ASSERT_EQ(sut.error(), nullptr);
  EXPECT_EQ(first_values(sut, 9), (Values{0.5, 0.5, 2.5, 2.5, 0.5, 0.5, 2.5, 2.5, 0.5}));
}

std::string error_with(test::HarnessOptions options) {
  const test::NodeHarness sut("source/profile", std::move(options));
  return sut.error() == nullptr ? std::string{} : sut.error()->text();
}

TEST(ProfileNode, RefusesATableWithoutAFile) {
  EXPECT_EQ(error_with(table_options({{"file", ""}})),
            "shape 'table' needs a file; give a CSV file as `file`");
}

TEST(ProfileNode, RefusesAFileThatItsShapeDoesNotRead) {
  EXPECT_EQ(error_with(table_options({{"shape", "step"}})),
            "`file` is given, but shape 'step' reads none; write `shape: table`, or leave `file` "
            "out");
}

TEST(ProfileNode, NamesAMissingFileWithItsFolder) {
  const std::string error = error_with(table_options({{"file", "none.csv"}}));

  EXPECT_NE(error.find(test::data_folder() + "/none.csv"), std::string::npos) << error;
  EXPECT_NE(error.find("No such file"), std::string::npos) << error;
}

TEST(ProfileNode, RefusesToRepeatASingleRow) {
  EXPECT_NE(error_with(table_options({{"file", "profile_one_row.csv"}, {"repeat", true}}))
                .find("no length to repeat"),
            std::string::npos);
}

TEST(ProfileNode, HoldsASingleRow) {
  test::NodeHarness sut("source/profile", table_options({{"file", "profile_one_row.csv"}}));

  EXPECT_EQ(first_values(sut, 2), (Values{7.0, 7.0}));
}

TEST(ProfileNode, RefusesAShapeThatDoesNotExist) {
  EXPECT_EQ(error_with(table_options({{"shape", "triangle"}})),
            "there is no shape 'triangle'; give step, ramp, sine, square or table as `shape`");
}

}  // namespace
}  // namespace takt::nodes::profile_test
