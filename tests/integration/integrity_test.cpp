#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

// Two seconds a size; with TAKT_LONG=1 ten.
double active_seconds() { return std::getenv("TAKT_LONG") != nullptr ? 10.0 : 2.0; }

//            +--> newest_1, newest_2     drained to the newest
//   writer --+
//            +--> all_1, all_2           a queue, one step a sample
//
// The writer sends as fast as it can and ends by itself; the readers, which run on for a while,
// then find their queues empty: every sample was taken or lost.
std::string graph_for(const std::string& size) {
  const double active = active_seconds();
  return format(R"(takt: 1
graph: integrity
real_time: best_effort
libraries: [takt_integration_nodes]
defaults: {{policy: other}}
nodes:
  writer: {{type: test/writer_{0}, run: free, params: {{active: {1} s}}}}
  newest_1: {{type: test/reader_{0}, on: in, inputs: {{in: {{from: writer.out, max_age: none}}}}}}
  newest_2: {{type: test/reader_{0}, on: in, inputs: {{in: {{from: writer.out, max_age: none}}}}}}
  all_1:
    type: test/reader_{0}
    on: in
    inputs: {{in: {{from: writer.out, max_age: none, queue: {{depth: 16}}}}}}
  all_2:
    type: test/reader_{0}
    on: in
    inputs: {{in: {{from: writer.out, max_age: none, queue: {{depth: 16}}}}}}
)",
                size, active);
}

class Integrity : public testing::TestWithParam<const char*> {};

// The readers themselves fail when a sample is torn, out of order or comes twice.
TEST_P(Integrity, EverySampleIsTakenWholeAndInOrderOrCountedAsLost) {
  Instance sut;

  auto run =
      sut.run(graph_for(GetParam()), {"--for", format("{}s", active_seconds() + 0.5), "--json"});

  ASSERT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  const Json& out = by_name(node_of(summary, "writer").at("outputs"), "out");
  const auto published = out.at("published").get<std::uint64_t>();
  EXPECT_GT(published, 100U);
  EXPECT_EQ(out.at("unsent"), 0);
  for (const char* reader : {"newest_1", "newest_2", "all_1", "all_2"}) {
    const Json& node = node_of(summary, reader);
    const Json& in = by_name(node.at("inputs"), "in");
    const auto taken = in.at("taken").get<std::uint64_t>(),
               lost = in.at("lost").get<std::uint64_t>();
    std::fputs(format("{} {}: {} published, {} taken, {} lost\n", GetParam(), reader, published,
                      taken, lost)
                   .c_str(),
               stdout);
    EXPECT_EQ(taken + lost, published) << reader;
    EXPECT_GT(taken, 0U) << reader;
    if (std::string(reader).rfind("all", 0) == 0) {
      EXPECT_EQ(node.at("cycles"), taken) << reader << ": one step a sample";
    } else {
      EXPECT_LE(node.at("cycles").get<std::uint64_t>(), taken) << reader;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Integrity, testing::Values("64b", "4kib", "1mib"),
                         [](const auto& entry) { return std::string(entry.param); });

}  // namespace
}  // namespace takt::test
