// Conditions over windows: every kind passes, fails and is untested at its edges.
#include "tests/unit/scenario/evidence.hpp"

namespace takt::scenario {
namespace {

double ramp(double t) { return t; }

TEST(Always, HoldsWhenEverySampleDoes) {
  const RecordedRun sut(ramp);

  const Finding found = sut.judge(AlwaysSpec{sut.condition("x <= 1"), {}});

  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_DOUBLE_EQ(*found.margin, 0.0);
  EXPECT_EQ(found.worst_at, seconds(1));
}

TEST(Always, NamesTheWorstSampleAndTheSpanThatFails) {
  const RecordedRun sut(ramp);

  const Finding found = sut.judge(AlwaysSpec{sut.condition("x < 0.8"), {}});

  EXPECT_EQ(found.verdict, Verdict::fail);
  EXPECT_DOUBLE_EQ(*found.margin, 0.8 - 1.0);
  EXPECT_EQ(found.worst_at, seconds(1));
  EXPECT_DOUBLE_EQ(*found.worst_value, 1.0);
  ASSERT_EQ(found.violations.size(), 1U);
  EXPECT_EQ(found.violations[0].begin, milliseconds(800));
  EXPECT_EQ(found.violations[0].end, seconds(1));
}

TEST(Always, OneSampleIsEnoughToFail) {
  const RecordedRun sut([](double t) { return t == 0.5 ? 9.0 : 0.0; });

  const Finding found = sut.judge(AlwaysSpec{sut.condition("x < 1"), {}});

  EXPECT_EQ(found.verdict, Verdict::fail);
  ASSERT_EQ(found.violations.size(), 1U);
  EXPECT_EQ(found.violations[0].begin, milliseconds(500));
  EXPECT_EQ(found.violations[0].end, milliseconds(510));  // The value held so long.
}

TEST(Always, IsUntestedWhenItsGuardNeverHolds) {
  const RecordedRun sut(ramp);

  const Finding found = sut.judge(AlwaysSpec{sut.condition("x < 0"), sut.condition("x > 5")});

  EXPECT_EQ(found.verdict, Verdict::untested);
}

TEST(Always, LooksOnlyWhileItsGuardHolds) {
  const RecordedRun sut(ramp);

  EXPECT_EQ(sut.judge(AlwaysSpec{sut.condition("x > 0.5"), sut.condition("x > 0.6")}).verdict,
            Verdict::pass);
}

TEST(Always, ANumberThatIsNoneFails) {
  const RecordedRun sut([](double t) { return t > 0.5 ? std::nan("") : 0.0; });

  EXPECT_EQ(sut.judge(AlwaysSpec{sut.condition("x < 1"), {}}).verdict, Verdict::fail);
  EXPECT_EQ(sut.judge(AlwaysSpec{sut.condition("not (x > 1)"), {}}).verdict, Verdict::fail);
}

TEST(Always, IsUntestedBeforeTheFirstSample) {
  RecordedRun sut(ramp);
  sut.trace().signals[0].t_ns.clear();
  sut.trace().signals[0].values.clear();

  EXPECT_EQ(sut.judge(AlwaysSpec{sut.condition("x < 1"), {}}).verdict, Verdict::untested);
}

TEST(Always, TakesTheValueThatHoldsWhenTheWindowBegins) {
  const RecordedRun sut([](double t) { return t < 0.5 ? 9.0 : 0.0; });
  const Span window{milliseconds(495), seconds(1)};

  EXPECT_EQ(judge_body(AlwaysSpec{sut.condition("x < 1"), {}}, window, sut.evidence()).verdict,
            Verdict::fail);
}

TEST(Eventually, PassesAtTheFirstSampleAndSaysWhen) {
  const RecordedRun sut(ramp);

  const Finding found = sut.judge(EventuallySpec{sut.condition("x >= 0.5"), milliseconds(500)});

  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_EQ(found.worst_at, milliseconds(500));
}

TEST(Eventually, FailsWhenItComesOneSampleLate) {
  const RecordedRun sut(ramp);

  const Finding found = sut.judge(EventuallySpec{sut.condition("x >= 0.5"), milliseconds(499)});

  EXPECT_EQ(found.verdict, Verdict::fail);
  EXPECT_NEAR(*found.margin, -0.01, 1e-12) << "how near it came";
}

TEST(Eventually, IsUntestedWhenTheRunEndedBeforeItsTime) {
  const RecordedRun sut(ramp);

  EXPECT_EQ(sut.judge(EventuallySpec{sut.condition("x > 5"), seconds(2)}).verdict,
            Verdict::untested);
}

TEST(Until, NeedsTheFirstConditionUpToTheSecond) {
  const RecordedRun sut(ramp, [](double t) { return t < 0.6 ? 1.0 : 0.0; });

  EXPECT_EQ(
      sut.judge(UntilSpec{sut.condition("y > 0"), sut.condition("x >= 0.5"), seconds(1)}).verdict,
      Verdict::pass);
  EXPECT_EQ(
      sut.judge(UntilSpec{sut.condition("y > 0"), sut.condition("x >= 0.7"), seconds(1)}).verdict,
      Verdict::fail);
  EXPECT_EQ(
      sut.judge(UntilSpec{sut.condition("x >= 0"), sut.condition("x > 5"), seconds(1)}).verdict,
      Verdict::fail)
      << "what it waits for never came";
}

TEST(Stays, NeedsTheWholeTime) {
  const RecordedRun sut([](double t) { return t >= 0.3 && t < 0.5 ? 1.0 : 0.0; });

  EXPECT_EQ(
      sut.judge(StaysSpec{sut.condition("x > 0"), milliseconds(300), milliseconds(200)}).verdict,
      Verdict::pass);
  EXPECT_EQ(
      sut.judge(StaysSpec{sut.condition("x > 0"), milliseconds(300), milliseconds(201)}).verdict,
      Verdict::fail);
  EXPECT_EQ(
      sut.judge(StaysSpec{sut.condition("x > 0"), milliseconds(299), milliseconds(200)}).verdict,
      Verdict::fail)
      << "too late";
}

SettlesSpec settles(double to, double band, nanoseconds within, nanoseconds stays) {
  return {0, to, band, within, stays, false};
}

TEST(Settles, SaysWhenTheBandWasEnteredForGood) {
  const RecordedRun sut([](double t) { return 1.0 - std::exp(-10.0 * t); });

  const Finding found = sut.judge(settles(1.0, 0.02, milliseconds(400), milliseconds(100)));

  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_NE(found.text.find("0.4 s"), std::string::npos) << found.text;  // e^-4 = 0.018
}

TEST(Settles, FailsWhenItLeavesTheBandAgainUnlessThatIsAllowed) {
  const RecordedRun sut([](double t) { return t > 0.8 ? 2.0 : 1.0; });
  SettlesSpec spec = settles(1.0, 0.1, milliseconds(100), milliseconds(100));

  EXPECT_EQ(sut.judge(spec).verdict, Verdict::fail);
  spec.allow_exit = true;
  EXPECT_EQ(sut.judge(spec).verdict, Verdict::pass);
}

TEST(Settles, IsUntestedWhenTheRunWasTooShortToTell) {
  const RecordedRun sut([](double) { return 0.0; });

  EXPECT_EQ(sut.judge(settles(1.0, 0.1, seconds(1), milliseconds(1))).verdict, Verdict::untested);
  EXPECT_EQ(sut.judge(settles(1.0, 0.1, milliseconds(900), milliseconds(100))).verdict,
            Verdict::fail);
}

TEST(Gap, MakesAPassAnErrorAndLeavesAFailureAFailure) {
  RecordedRun sut(ramp);
  auto& x = sut.trace().signals[0];
  x.t_ns.erase(x.t_ns.begin() + 50, x.t_ns.begin() + 53);  // 0.50 to 0.52 s are missing.
  x.values.erase(x.values.begin() + 50, x.values.begin() + 53);

  EXPECT_EQ(sut.assess(BodySpec(AlwaysSpec{sut.condition("x < 2"), {}})).verdict, Verdict::error);
  EXPECT_EQ(sut.assess(BodySpec(AlwaysSpec{sut.condition("x < 0.2"), {}})).verdict, Verdict::fail);
  EXPECT_EQ(sut.assess(BodySpec(AlwaysSpec{sut.condition("y < 2"), {}})).verdict, Verdict::pass)
      << "the other signal is whole";
  EXPECT_EQ(sut.assess(BodySpec(AlwaysSpec{sut.condition("x < 2"), {}}), milliseconds(40)).verdict,
            Verdict::pass);
}

TEST(Gap, OfThreePeriodsIsNone) {
  RecordedRun sut(ramp);
  auto& x = sut.trace().signals[0];
  x.t_ns.erase(x.t_ns.begin() + 50, x.t_ns.begin() + 52);
  x.values.erase(x.values.begin() + 50, x.values.begin() + 52);

  EXPECT_EQ(sut.assess(BodySpec(AlwaysSpec{sut.condition("x < 2"), {}})).verdict, Verdict::pass);
}

TEST(Gap, AtTheEndOfTheRunIsOneToo) {
  RecordedRun sut(ramp);
  auto& x = sut.trace().signals[0];
  x.t_ns.resize(90);
  x.values.resize(90);

  EXPECT_EQ(sut.assess(BodySpec(AlwaysSpec{sut.condition("x < 2"), {}})).verdict, Verdict::error);
}

}  // namespace
}  // namespace takt::scenario
