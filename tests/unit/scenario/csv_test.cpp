// Samples and events as comma-separated values.
#include "runtime/scenario/report/csv.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "tests/unit/scenario/sample_run.hpp"

namespace takt::scenario {
namespace {

TEST(SignalsCsv, MergesInstantsAndHoldsValues) {
  RunResult run;
  run.signals = {test::signal_of("a", "V", {0, 2, 3}, {1.0, 2.0, 0.1}),
                 test::signal_of("b", "A", {1, 3}, {-5.0, 1e-300})};

  EXPECT_EQ(signals_csv(run),
            "t,a,b\n"
            "0.000000000,1,\n"
            "0.001000000,1,-5\n"
            "0.002000000,2,-5\n"
            "0.003000000,0.10000000000000001,1e-300\n");
}

TEST(SignalsCsv, GoesAlongTheLinesOfADrivenSignal) {
  RunResult run;
  run.signals = {test::signal_of("ramp", "V", {0, 4}, {0.0, 8.0}),
                 test::signal_of("step", "V", {1, 6}, {1.0, 2.0})};
  run.signals[0].interpolates = true;

  EXPECT_EQ(signals_csv(run),
            "t,ramp,step\n"
            "0.000000000,0,\n"
            "0.001000000,2,1\n"
            "0.004000000,8,1\n"
            "0.006000000,8,2\n");
}

TEST(SignalsCsv, KeepsTheLastOfSeveralSamplesOfOneInstant) {
  RunResult run;
  run.signals = {test::signal_of("a", "", {1, 1, 2}, {1.0, 2.0, 3.0})};
  EXPECT_EQ(signals_csv(run), "t,a\n0.001000000,2\n0.002000000,3\n");
}

TEST(SignalsCsv, WritesWhatIsNoFiniteNumberAsSuch) {
  RunResult run;
  const double infinity = std::numeric_limits<double>::infinity();
  run.signals = {test::signal_of("a", "", {-1, 1}, {std::nan(""), -infinity})};
  EXPECT_EQ(signals_csv(run), "t,a\n-0.001000000,nan\n0.001000000,-inf\n");
}

TEST(SignalsCsv, HasOnlyItsHeadWithoutSignals) { EXPECT_EQ(signals_csv({}), "t\n"); }

TEST(EventsCsv, ListsEventsAndInjectionsByTime) {
  EXPECT_EQ(events_csv(test::full_run()),
            "t,end,kind,name,detail,samples\n"
            "0.000000000,,ready,speed_pid,after 12 ms,\n"
            "2.400000000,,fault,stuck_speed,stuck motor.speed,\n"
            "2.400000000,2.500000000,injection,stuck_speed,stuck motor.speed,100\n"
            "3.000000000,,exit,speed_pid,\"killed by \"\"signal\"\" 9, restarted\",\n"
            "3.000000000,3.000000000,injection,kill_pid,kill speed_pid,0\n");
}

}  // namespace
}  // namespace takt::scenario
