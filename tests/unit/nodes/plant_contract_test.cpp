// What holds for every plant: its step at t takes u, advances its state from the release before to
// t with u held, then publishes; and no sample, however wrong or missing, stops its time.
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/test/node_harness.hpp>

namespace takt::nodes::plant_contract_test {
namespace {

using namespace std::chrono_literals;
using Did = test::NodeHarness::Did;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct PlantCase {
  std::string type;
  Json params;
  std::string input;   // The one that is varied.
  std::string output;  // A Scalar that the input moves within two periods.
  double u = 0.7;      // A usual value of the input.
  std::vector<std::string> unconnected{};
  std::vector<Json> ends{};  // Parameters at the ends of their ranges.
};
std::ostream& operator<<(std::ostream& out, const PlantCase& plant) { return out << plant.type; }

class Plant : public testing::TestWithParam<PlantCase> {
 protected:
  test::NodeHarness make() const {
    return {GetParam().type,
            {.params = GetParam().params,
             .period = 10ms,
             .unconnected = GetParam().unconnected,
             .adjust = [](NodeConfig& config) {
               config.inputs.at(0).max_age = 35ms;
               config.inputs.at(0).on_stale = OnStale::safe;
             }}};
  }
  // Steps with `u` at its input; what it publishes then.
  double step(test::NodeHarness& plant, double u) const {
    plant.send(GetParam().input, Scalar{u});
    EXPECT_EQ(plant.step(), Did::stepped);
    return published(plant);
  }
  double published(test::NodeHarness& plant) const {
    return plant.sent<Scalar>(GetParam().output).value_or(Scalar{kNan}).value;
  }
  double u() const { return GetParam().u; }
};

TEST_P(Plant, OnlyPublishesItsInitialStateAtFirst) {
  test::NodeHarness pushed = make(), idle = make();
  ASSERT_EQ(pushed.error(), nullptr);

  EXPECT_EQ(step(pushed, u()), step(idle, 0.0));
  EXPECT_NE(step(pushed, u()), step(idle, 0.0)) << "the input has an effect";
}

TEST_P(Plant, AdvancesFromTheReleaseBeforeWithTheNewestInput) {
  test::NodeHarness changed = make(), constant = make();
  step(changed, 0.0);
  step(constant, u());

  for (int i = 0; i < 3; ++i) EXPECT_EQ(step(changed, u()), step(constant, u())) << i;
}

TEST_P(Plant, GivesTheSameBytesForSkippedReleases) {
  test::NodeHarness skipping = make(), running = make();
  step(skipping, u());
  for (int i = 0; i < 4; ++i) step(running, u());

  ASSERT_EQ(skipping.step_after_skipping(2), Did::stepped);

  skipping.send(GetParam().input, Scalar{u()});
  skipping.step();
  EXPECT_EQ(published(skipping), step(running, u()));
}

TEST_P(Plant, GoesOnWithTheLastFiniteInput) {
  test::NodeHarness disturbed = make(), healthy = make();
  step(disturbed, kNan);
  step(healthy, 0.0);
  EXPECT_EQ(step(disturbed, kNan), step(healthy, 0.0)) << "0 before any finite one";

  for (const double wrong : {u(), kNan, kInfinity, -kInfinity}) {
    EXPECT_EQ(step(disturbed, wrong), step(healthy, u()));
  }
}

TEST_P(Plant, LosesNoTimeWhileItsInputIsStale) {
  test::NodeHarness waiting = make(), running = make();
  step(waiting, u());
  for (int i = 0; i < 3; ++i) ASSERT_EQ(waiting.step(), Did::stepped);
  ASSERT_EQ(waiting.step(), Did::went_stale);
  for (int i = 0; i < 5; ++i) step(running, u());

  EXPECT_EQ(step(waiting, u()), step(running, u()));
}

TEST_P(Plant, StartsAgainFromItsInitialStateAfterAReset) {
  test::NodeHarness sut = make(), fresh = make();
  for (int i = 0; i < 20; ++i) step(sut, u());

  sut.node().reset();

  for (int i = 0; i < 3; ++i) EXPECT_EQ(step(sut, u()), step(fresh, u())) << i;
}

TEST_P(Plant, NeverSendsWhatIsNotFinite) {
  test::NodeHarness sut = make();

  for (int i = 0; i < 400; ++i) {
    sut.send(GetParam().input, Scalar{(i % 2 == 0 ? 1.0 : -1.0) * 1e300});
    sut.step();
    const auto sent = sut.sent<Scalar>(GetParam().output);
    ASSERT_TRUE(!sent || std::isfinite(sent->value)) << i;
  }
}

TEST_P(Plant, StepsAtBothEndsOfItsParameters) {
  for (const Json& params : GetParam().ends) {
    test::NodeHarness sut(
        GetParam().type, {.params = params, .period = 10ms, .unconnected = GetParam().unconnected});
    ASSERT_EQ(sut.error(), nullptr) << params.dump() << sut.error()->text();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(std::isfinite(step(sut, u()))) << params.dump();
  }
}

// What has no upper end is tried at a thousand times its usual value or more.
const std::vector<Json> kStateSpaceEnds{
    Json{{"a", "0"}, {"b", "0"}, {"c", "0"}},
    Json{{"a", "-1e5"}, {"b", "1e6"}, {"c", "1e6"}, {"d", "1e6"}, {"initial", "1e6"}}};
const std::vector<Json> kSuspensionEnds{
    Json{{"m1", 1e-6}, {"m2", 1e-6}, {"k1", 0.0}, {"k2", 0.0}, {"b1", 0.0}, {"b2", 0.0}},
    Json{{"m1", 1e7}, {"m2", 1e6}, {"k1", 1e8}, {"k2", 1e9}, {"b1", 1e6}, {"b2", 1e8}}};
const std::vector<Json> kVehicleEnds{Json{{"mass", 1.0},
                                          {"gravity", 0.0},
                                          {"rolling", 0.0},
                                          {"drag", 0.0},
                                          {"air_density", 0.0},
                                          {"area", 0.0},
                                          {"torque_max", 0.0},
                                          {"torque_max_speed", 1e-3},
                                          {"torque_falloff", 0.0},
                                          {"gears", "1e-3"},
                                          {"gear", 1},
                                          {"initial_speed", -100.0}},
                                     Json{{"mass", 1e9},
                                          {"gravity", 1e4},
                                          {"rolling", 10.0},
                                          {"drag", 1e3},
                                          {"air_density", 1e3},
                                          {"area", 1e3},
                                          {"torque_max", 1e6},
                                          {"torque_max_speed", 1e6},
                                          {"torque_falloff", 1e3},
                                          {"gears", "1 2 3 4 5 6 7 1e4"},
                                          {"gear", 8},
                                          {"initial_speed", 100.0}}};
const std::vector<Json> kWheelBrakeEnds{
    Json{{"mass", 1e-3},
         {"gravity", 0.0},
         {"load_share", 0.0},
         {"radius", 1e-3},
         {"inertia", 1e-6},
         {"torque_per_pressure", 0.0},
         {"pressure_max", 0.0},
         {"pressure_rate", 0.0},
         {"valve_lag", 1e-4},
         {"friction", "0 0"},
         {"initial_speed", 0.0},
         {"stop_speed", 1e-3}},
    Json{{"mass", 1e6},
         {"gravity", 1e4},
         {"load_share", 1.0},
         {"radius", 1e2},
         {"inertia", 1e12},
         {"torque_per_pressure", 1.0},
         {"pressure_max", 1e10},
         {"pressure_rate", 1e10},
         {"valve_lag", 10.0},
         {"friction",
          "0 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
          "1 1 1 1 1 1 1 1 1 1 1 1 0.5"},
         {"initial_speed", 1e3},
         {"stop_speed", 10.0}}};
const std::vector<Json> kPvtolEnds{Json{{"model", "linear"},
                                        {"mass", 1e-6},
                                        {"inertia", 1e-9},
                                        {"arm", 0.0},
                                        {"gravity", 0.0},
                                        {"damping", 0.0}},
                                   Json{{"model", "full"},
                                        {"mass", 1e-6},
                                        {"inertia", 1e-9},
                                        {"arm", 0.0},
                                        {"gravity", 0.0},
                                        {"damping", 0.0}},
                                   Json{{"model", "full"},
                                        {"mass", 1e6},
                                        {"inertia", 1e3},
                                        {"arm", -1e3},
                                        {"gravity", 1e4},
                                        {"damping", 1e6}}};

INSTANTIATE_TEST_SUITE_P(
    Stock, Plant,
    testing::Values(
        PlantCase{"plant/dc_motor", {{"initial_speed", 2.0}}, "voltage", "speed"},
        PlantCase{"plant/cart_pole", {{"initial_angle", 0.05}}, "force", "position"},
        PlantCase{"plant/state_space",
                  {{"a", "0 1; -25 -2"}, {"b", "0; 25"}, {"c", "1 0"}, {"initial", "1 -1"}},
                  "u1",
                  "output",
                  0.7,
                  {"u2"},
                  kStateSpaceEnds},
        PlantCase{"plant/suspension",
                  Json::object(),
                  "force",
                  "deflection",
                  700.0,
                  {"road"},
                  kSuspensionEnds},
        PlantCase{"plant/vehicle",
                  {{"initial_speed", 20.0}},
                  "throttle",
                  "speed",
                  0.7,
                  {"slope", "gear"},
                  kVehicleEnds},
        PlantCase{
            "plant/wheel_brake", Json::object(), "valve", "wheel_speed", 0.7, {}, kWheelBrakeEnds},
        PlantCase{
            "plant/pvtol", {{"initial_theta", 0.05}}, "f1", "theta", 0.7, {"f2"}, kPvtolEnds}),
    [](const auto& case_info) { return case_info.param.type.substr(std::strlen("plant/")); });

}  // namespace
}  // namespace takt::nodes::plant_contract_test
