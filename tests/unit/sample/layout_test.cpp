#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <takt/sample/json.hpp>

#include "tests/unit/sample/test_samples.hpp"

namespace takt::test {
namespace {

TEST(Layout, FlattensNestedSamplesAndContainers) {
  EXPECT_EQ(layout_of<Everything>().describe(),
            "Everything{joints[0].angle: f64 @0 [rad], joints[0].torque: f32 @8 [N.m], "
            "joints[0].flags: u32 @12, joints[1].angle: f64 @16 [rad], "
            "joints[1].torque: f32 @24 [N.m], joints[1].flags: u32 @28, q: f64[3] @32 [rad], "
            "raw: i16[4] @56, name: text[16] @64, path: f64[<=2] @88 [m], big: i64 @104, "
            "huge: u64 @112, tiny: i8 @120, mode: u8 @121, on: bool @122, letter: u8 @123, "
            "number: i32 @124} 128 B");
}

// Golden: it stands in recordings and service names, so it must never change for one declaration.
TEST(Fingerprint, IsTheSameForEver) {
  EXPECT_EQ(layout_of<MotorState>().describe(),
            "MotorState{speed: f64 @0 [rad/s], current: f64 @8 [A]} 16 B");
  EXPECT_EQ(layout_of<MotorState>().fingerprint(), 0xf2fec17a579834d4ULL);
}

TEST(Fingerprint, DependsOnNameUnitKindOrderTypeAndSize) {
  const Layout base = layout_of<MotorState>();
  std::vector<Layout> others(7, base);
  others[0].fields[0].name = "velocity";
  others[1].fields[0].unit = "rpm";
  others[2].fields[0].kind = FieldKind::i64;
  std::swap(others[3].fields[0], others[3].fields[1]);
  others[4].type = "Motor";
  others[5].size = 24;
  others[6].fields[0].array = true;

  for (const Layout& other : others) {
    EXPECT_NE(other.fingerprint(), base.fingerprint()) << other.describe();
  }
}

TEST(LayoutJson, RoundTripsEveryKind) {
  const Layout& layout = layout_of<Everything>();

  const auto back = layout_from_json(to_json(layout));

  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(*back, layout);
}

TEST(LayoutJson, RefusesFieldsOutsideOfTheSampleAndUnknownKinds) {
  const Json good = to_json(layout_of<MotorState>());
  const auto refused = [&](const char* key, const Json& value) {
    Json json = good;
    json["fields"][1][key] = value;
    return !layout_from_json(json).ok();
  };

  ASSERT_TRUE(layout_from_json(good).ok());
  EXPECT_TRUE(refused("offset", 9));
  EXPECT_TRUE(refused("count", 2));
  EXPECT_TRUE(refused("count", 0xffffffffU));
  EXPECT_TRUE(refused("length_offset", 9));
  EXPECT_TRUE(refused("length_offset", -8));
  EXPECT_TRUE(refused("offset", -8));
  EXPECT_TRUE(refused("kind", "f128"));
  EXPECT_TRUE(refused("name", 3));
  EXPECT_FALSE(layout_from_json(Json::array()).ok());
}

TEST(FloatRuns, JoinNeighboursOfOneKindAndFindEveryNumber) {
  Everything sample{};
  const auto runs = float_runs(layout_of<Everything>());
  std::vector<std::uint32_t> counts;
  for (const FloatRun& run : runs) counts.push_back(run.count);

  EXPECT_THAT(counts, testing::ElementsAre(1U, 1U, 1U, 1U, 3U, 2U));
  EXPECT_TRUE(all_finite(runs, &sample));
  sample.q[2] = 1.0 / 0.0;
  EXPECT_FALSE(all_finite(runs, &sample));
  sample.q[2] = 0.0;
  sample.joints[1].torque = __builtin_nanf("");
  EXPECT_FALSE(all_finite(runs, &sample));
  sample.joints[1].torque = 0.0F;
  sample.big = -1;  // All bits set: a NaN, were it a double.
  EXPECT_TRUE(all_finite(runs, &sample));
}

TEST(Fixed, ContainersStayWithinTheirCapacity) {
  FixedString<8> text;
  EXPECT_FALSE(text.assign("123456789"));
  EXPECT_EQ(text.view(), "12345678");
  FixedVector<double, 2> vector;
  EXPECT_TRUE(vector.push_back(1.0) && vector.push_back(2.0));
  EXPECT_FALSE(vector.push_back(3.0));
  vector.length = 1'000'000;  // As another process may have left it.
  EXPECT_EQ(vector.size(), 2U);
}

}  // namespace
}  // namespace takt::test
