#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

Json run_for_a_second(const std::string& released) {
  Instance sut;
  auto run = sut.run(R"(takt: 1
graph: triggers
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  fast: {type: test/faulty, period: 2ms, params: {value: 1}}
  slow: {type: test/faulty, period: 8ms, params: {value: 2}}
)" + released,
                     {"--for", "1s", "--json"});
  EXPECT_EQ(run->wait(), 0) << run->err();
  return summary_of(*run);
}

std::uint64_t cycles(const Json& summary, const char* node) {
  return node_of(summary, node).at("cycles").get<std::uint64_t>();
}

// One step for every pair: as often as the slower of both.
TEST(Triggers, AllReleasesOnceEveryInputIsNew) {
  const Json summary = run_for_a_second(R"(
  both: {type: test/pair, on: {all: [a, b]},
    inputs: {a: {from: fast.out, max_age: none}, b: {from: slow.out, max_age: none}}}
)");

  EXPECT_LE(cycles(summary, "both"), cycles(summary, "slow"));
  EXPECT_GE(cycles(summary, "both") + 1, cycles(summary, "slow") / 2);
  EXPECT_LT(cycles(summary, "both"), cycles(summary, "fast"));
}

TEST(Triggers, AllWithinPassesOverWhatDoesNotMatch) {
  const Json summary = run_for_a_second(R"(
  early: {type: test/faulty, period: 8ms, offset: 3ms, params: {value: 3}}
  never: {type: test/pair, on: {all: [a, b], within: 10us},
    inputs: {a: {from: slow.out, max_age: none}, b: {from: early.out, max_age: none}}}
  always: {type: test/pair, on: {all: [a, b], within: 100ms},
    inputs: {a: {from: slow.out, max_age: none}, b: {from: early.out, max_age: none}}}
)");

  // A stall of the host can bring any two together, but not most of them.
  EXPECT_LT(cycles(summary, "never"), cycles(summary, "always") / 2);
  EXPECT_GT(node_of(summary, "never").at("unmatched").get<int>(), 0);
  EXPECT_EQ(node_of(summary, "always").at("unmatched"), 0);
}

// A step for each sample of either; two that come together may share one.
TEST(Triggers, AnyReleasesForEveryInput) {
  const Json summary = run_for_a_second(R"(
  either: {type: test/pair, on: {any: [a, b]},
    inputs: {a: {from: fast.out, max_age: none, initial: 0},
             b: {from: slow.out, max_age: none, initial: 0}}}
)");

  EXPECT_LE(cycles(summary, "either"), cycles(summary, "fast") + cycles(summary, "slow"));
  EXPECT_GT(cycles(summary, "either"), cycles(summary, "slow"));
}

TEST(Triggers, AQueueReleasesOnceASample) {
  const Json summary = run_for_a_second(R"(
  each: {type: test/count, on: in,
    inputs: {in: {from: fast.out, max_age: none, queue: {depth: 128}}}}
  behind: {type: test/count, on: in,
    inputs: {in: {from: each.out, max_age: none, queue: {depth: 128}}}}
)");

  for (const char* node : {"each", "behind"}) {
    const Json& in = by_name(node_of(summary, node).at("inputs"), "in");
    EXPECT_EQ(in.at("lost"), 0) << node;
    EXPECT_EQ(in.at("taken"), cycles(summary, node)) << node;
  }
  EXPECT_LE(cycles(summary, "behind"), cycles(summary, "each"));
  EXPECT_LE(cycles(summary, "each"), cycles(summary, "fast"));
  // What was still queued when the readers were told to stop, before their writers.
  EXPECT_GE(cycles(summary, "each") + 128, cycles(summary, "fast"));
}

}  // namespace
}  // namespace takt::test
