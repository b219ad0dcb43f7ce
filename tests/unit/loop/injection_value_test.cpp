// What an injection makes of the values of samples.
#include <cmath>
#include <numeric>

#include <takt/sample/element.hpp>

#include "tests/unit/loop/injection_rig.hpp"

namespace {

using namespace std::chrono_literals;
using takt::FieldKind;
using takt::InjectionVerb;
using takt::test::kMillisecond;
using takt::test::Values;
using InjectedValues = takt::test::InjectionRig;

TEST_F(InjectedValues, WrongIsScaledAndShifted) {
  auto wrong = entry(InjectionVerb::wrong, 1, 3);
  wrong.scale = 10.0;
  wrong.bias = 0.5;
  inject(wrong);
  start();

  run(4);

  EXPECT_EQ(node().seen, (Values{0, 10.5, 20.5, 3}));
  EXPECT_EQ(injected(), 2u);
}

TEST_F(InjectedValues, StuckStaysAtTheLastValueBefore) {
  inject(entry(InjectionVerb::stuck, 2, 4));
  start();

  run(6);

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 1, 4, 5}));
  EXPECT_EQ(part->status->inputs[0].stale, 0u);
}

TEST_F(InjectedValues, AWholeSampleCanBeStuck) {
  auto stuck = entry(InjectionVerb::stuck, 2, 4);
  stuck.whole = 1;
  inject(stuck);
  start();

  run(6);

  EXPECT_EQ(node().seen, (Values{0, 1, 1, 1, 4, 5}));
}

TEST_F(InjectedValues, StuckBeforeAnySampleStaysAtTheFirst) {
  inject(entry(InjectionVerb::stuck, 0, 3));
  start();

  run(4);

  EXPECT_EQ(node().seen, (Values{0, 0, 0, 3}));
}

TEST_F(InjectedValues, StuckStaysAtTheValueThatItIsGiven) {
  auto stuck = entry(InjectionVerb::stuck, 1, 3);
  stuck.has_value = 1;
  stuck.value = 42.0;
  inject(stuck);
  start();

  run(4);

  EXPECT_EQ(node().seen, (Values{0, 42, 42, 3}));
}

TEST_F(InjectedValues, StuckByHandStaysAtWhatIsShown) {
  start();
  run(3);

  inject(entry(InjectionVerb::stuck, 3, 5));
  run(3);

  EXPECT_EQ(node().seen, (Values{0, 1, 2, 2, 2, 5}));
}

TEST_F(InjectedValues, TwoFaultsOnOneSignalActInTheirOrder) {
  auto doubled = entry(InjectionVerb::wrong, 1, 5);
  doubled.scale = 2.0;
  auto shifted = entry(InjectionVerb::wrong, 2, 3);
  shifted.bias = 1.0;
  inject(doubled);
  inject(shifted);
  auto stuck = entry(InjectionVerb::stuck, 4, 6);  // At the doubled value before.
  inject(stuck);
  start();

  run(7);

  EXPECT_EQ(node().seen, (Values{0, 2, 5, 6, 6, 6, 6}));
}

TEST_F(InjectedValues, AFaultAfterADriveActsOnTheDrivenValue) {
  inject(entry(InjectionVerb::set, 1, 4), {{0, 10.0}});
  auto shifted = entry(InjectionVerb::wrong, 2, 3);
  shifted.bias = 1.0;
  inject(shifted);
  start();

  run(5);

  EXPECT_EQ(node().seen, (Values{0, 10, 11, 10, 4}));
}

TEST_F(InjectedValues, NoiseHasTheDeviationThatItSays) {
  auto noise = entry(InjectionVerb::noise, 0, 1000);
  noise.sd = 2.0;
  noise.seed = 3;
  inject(noise);
  start();

  run(1000);

  Values errors;
  for (std::size_t i = 0; i < node().seen.size(); ++i) {
    errors.push_back(node().seen[i] - static_cast<double>(i));
  }
  const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) / 1000.0;
  const double squares =
      std::inner_product(errors.begin(), errors.end(), errors.begin(), 0.0) / 1000.0;
  EXPECT_NEAR(mean, 0.0, 0.3);
  EXPECT_NEAR(std::sqrt(squares), 2.0, 0.2);
}

// About one of 2048 samples of random bits has an exponent of ones.
TEST_F(InjectedValues, GarbageThatIsNoNumberIsRefusedByAnActuatorAndCounted) {
  auto garbage = entry(InjectionVerb::garbage, 0, 1'000'000);
  garbage.seed = 1;
  inject(garbage);
  start([](takt::NodeConfig& config) { config.actuator = true; });
  std::uint64_t releases = 0;
  while (part->status->counters.non_finite == 0 && releases < 100000) {
    run(1);
    ++releases;
    node().seen.clear();
  }

  EXPECT_EQ(part->status->counters.non_finite, 1u);
  EXPECT_EQ(injected(), releases);
}

TEST_F(InjectedValues, GarbageDiffersFromSampleToSample) {
  inject(entry(InjectionVerb::garbage, 0, 1000));
  start();

  run(3);

  EXPECT_NE(node().seen[0], 0.0);
  EXPECT_NE(node().seen[1], node().seen[0]);
  EXPECT_NE(node().seen[2], node().seen[1]);
}

//           +--> n1, whose input is wrong
//   n0 -----+
//           +--> n2
TEST_F(InjectedValues, TheSampleThatOthersReadIsLeftAlone) {
  auto wrong = entry(InjectionVerb::wrong, 0, 9);
  wrong.bias = 1.0;
  wrong.node = 1;
  inject(wrong);
  start();
  const auto reads_n0 = [](takt::NodeConfig& config) {
    config.inputs.resize(1);
    config.inputs[0].from = takt::TopicName{"n0", "out"};
  };
  auto& altered = rig.add("loop/relay", reads_n0);
  auto& other = rig.add("loop/relay", reads_n0);

  run(1);
  for (auto* reader : {&altered, &other}) {
    reader->loop->collect();
    reader->loop->run({now(), now(), 0});
  }

  EXPECT_EQ(static_cast<takt::test::Relay&>(altered.loop->node()).seen, Values{1});
  EXPECT_EQ(static_cast<takt::test::Relay&>(other.loop->node()).seen, Values{0});
}

TEST(Element, KeepsIntegersWithinTheirRange) {
  std::byte bytes[8];
  takt::store_number(FieldKind::u8, bytes, 300.0);
  EXPECT_EQ(takt::load_number(FieldKind::u8, bytes), 255.0);
  takt::store_number(FieldKind::i16, bytes, -1e9);
  EXPECT_EQ(takt::load_number(FieldKind::i16, bytes), -32768.0);
  takt::store_number(FieldKind::i32, bytes, 2.6);
  EXPECT_EQ(takt::load_number(FieldKind::i32, bytes), 3.0);
  takt::store_number(FieldKind::i64, bytes, 1e300);
  EXPECT_EQ(takt::load_number(FieldKind::i64, bytes), 9223372036854775807.0);
  takt::store_number(FieldKind::i8, bytes, std::nan(""));
  EXPECT_EQ(takt::load_number(FieldKind::i8, bytes), 0.0);
  takt::store_number(FieldKind::boolean, bytes, 0.5);
  EXPECT_EQ(takt::load_number(FieldKind::boolean, bytes), 1.0);
}

}  // namespace
