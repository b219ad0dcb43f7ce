// Triggers: when they fire, and what is judged after each firing.
#include "runtime/scenario/stage/drive.hpp"
#include "tests/unit/scenario/evidence.hpp"

namespace takt::scenario {
namespace {

// 1 in the first half of every 200 ms, 0 in the second; begins at 0 with 0.
double square(double t) { return (std::llround(t * 1e3) / 100) % 2 == 1 ? 1.0 : 0.0; }

TriggerSpec becomes(const RecordedRun& run, const std::string& text) {
  TriggerSpec trigger;
  trigger.becomes_true = run.condition(text);
  trigger.text = text;
  return trigger;
}

std::vector<nanoseconds> fired(const RecordedRun& run, const TriggerSpec& trigger) {
  return firings(trigger, run.evidence().trace, run.whole());
}

TEST(Trigger, FiresAtEveryRisingEdge) {
  const RecordedRun sut(square);

  const auto found = fired(sut, becomes(sut, "x > 0.5"));

  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0], milliseconds(100));
  EXPECT_EQ(found[4], milliseconds(900));
}

TEST(Trigger, DoesNotFireForWhatIsTrueFromTheBeginning) {
  const RecordedRun sut([](double t) { return t < 0.5 ? 1.0 : 0.0; });

  EXPECT_TRUE(fired(sut, becomes(sut, "x > 0.5")).empty());
}

TEST(Trigger, WaitsUntilItHasHeldForLongEnough) {
  const RecordedRun sut(square);
  TriggerSpec trigger = becomes(sut, "x > 0.5");

  trigger.stays = milliseconds(60);
  EXPECT_EQ(fired(sut, trigger).front(), milliseconds(160));
  trigger.stays = milliseconds(110);
  EXPECT_TRUE(fired(sut, trigger).empty());
}

TEST(Trigger, AddsItsDelay) {
  const RecordedRun sut(square);
  TriggerSpec trigger = becomes(sut, "x > 0.5");
  trigger.delay = milliseconds(7);

  EXPECT_EQ(fired(sut, trigger).front(), milliseconds(107));
}

TEST(Trigger, FiresAtEvents) {
  RecordedRun sut(square);
  sut.trace().events = {{"exit", "pid", "", milliseconds(300)},
                        {"exit", "motor", "", milliseconds(400)}};
  TriggerSpec trigger;
  trigger.event = "exit";
  trigger.name = "motor";

  EXPECT_EQ(fired(sut, trigger), std::vector<nanoseconds>{milliseconds(400)});
}

TEST(Triggered, IsUntestedWhenTheTriggerNeverFires) {
  const RecordedRun sut(square);

  const auto result = sut.assess(TriggeredSpec{
      becomes(sut, "x > 5"), EventuallySpec{sut.condition("y > 0"), milliseconds(10)}, {}});

  EXPECT_EQ(result.verdict, Verdict::untested);
  EXPECT_TRUE(result.counts_as_failure());
}

TEST(Triggered, FailsWhenOneOfItsFiringsDoes) {
  // y answers 20 ms after every edge but the last one.
  const RecordedRun sut(square,
                        [](double t) { return t < 0.85 && square(t - 0.02) > 0 ? 1.0 : 0.0; });
  const auto with = [&](nanoseconds within) {
    return sut.assess(
        TriggeredSpec{becomes(sut, "x > 0.5"), EventuallySpec{sut.condition("y > 0"), within}, {}});
  };

  const auto result = with(milliseconds(30));
  EXPECT_EQ(result.verdict, Verdict::fail);
  ASSERT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(result.violations[0].begin, milliseconds(900));
  EXPECT_EQ(with(milliseconds(10)).violations.size(), 5U);
}

TEST(Triggered, AlwaysLooksOnlyAsLongAsItSays) {
  const RecordedRun sut(square);
  const auto with = [&](nanoseconds lasts) {
    return sut
        .assess(
            TriggeredSpec{becomes(sut, "x > 0.5"), AlwaysSpec{sut.condition("x > 0.5"), {}}, lasts})
        .verdict;
  };

  EXPECT_EQ(with(milliseconds(90)), Verdict::pass);
  EXPECT_EQ(with(milliseconds(100)), Verdict::fail);
}

// While the run goes on, and afterwards: the same instants.
TEST(TriggerWatch, FiresWhenTheJudgementSaysItHasFired) {
  const RecordedRun sut(square);
  TriggerSpec trigger = becomes(sut, "x > 0.5");
  trigger.stays = milliseconds(60);
  trigger.delay = milliseconds(5);
  TriggerWatch watch(trigger);
  std::optional<nanoseconds> at;

  sut.evidence().trace.for_each_instant({0}, sut.whole(),
                                        [&](std::int64_t t, const Instant& instant) {
                                          at = watch.look(nanoseconds(t), instant);
                                          return !at;
                                        });

  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(*at, fired(sut, trigger).front());
}

}  // namespace
}  // namespace takt::scenario
