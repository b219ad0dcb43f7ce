#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

// A producer without any brake but the buffer, and a consumer that takes its time. The consumer
// fails when a sample is missing, twice or late, and is done with the last one.
TEST(BoundedBuffer, HandsOverEverySampleOnceAndInOrder) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: bounded
real_time: best_effort
libraries: [takt_integration_nodes]
defaults: {policy: other}
nodes:
  producer: {type: test/writer_64b, run: free, params: {count: 2000}}
  consumer:
    type: test/reader_64b
    on: in
    params: {gapless: true, last: 1999, pause: 200 us}
    inputs: {in: {from: producer.out, max_age: none, queue: {depth: 4, when_full: wait}}}
)",
                     {"--json"});

  ASSERT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  const Json& in = by_name(node_of(summary, "consumer").at("inputs"), "in");
  EXPECT_EQ(in.at("taken"), 2000);
  EXPECT_EQ(in.at("lost"), 0);
  EXPECT_EQ(node_of(summary, "consumer").at("cycles"), 2000);
  EXPECT_EQ(by_name(node_of(summary, "producer").at("outputs"), "out").at("published"), 2000);
}

// The slowest of two decides.
TEST(BoundedBuffer, WaitsForItsSlowestReader) {
  Instance sut;

  auto run = sut.run(R"(takt: 1
graph: bounded
real_time: best_effort
libraries: [takt_integration_nodes]
defaults: {policy: other}
nodes:
  producer: {type: test/writer_4kib, run: free, params: {count: 500}}
  slow:
    type: test/reader_4kib
    on: in
    params: {gapless: true, last: 499, pause: 1 ms}
    inputs: {in: {from: producer.out, max_age: none, queue: {depth: 4, when_full: wait}}}
  fast:
    type: test/reader_4kib
    on: in
    params: {gapless: true, last: 499}
    inputs: {in: {from: producer.out, max_age: none, queue: {depth: 1, when_full: wait}}}
)",
                     {"--json"});

  ASSERT_EQ(run->wait(), 0) << run->err();
  const Json summary = summary_of(*run);
  for (const char* reader : {"slow", "fast"}) {
    const Json& in = by_name(node_of(summary, reader).at("inputs"), "in");
    EXPECT_EQ(in.at("taken"), 500) << reader;
    EXPECT_EQ(in.at("lost"), 0) << reader;
  }
}

}  // namespace
}  // namespace takt::test
