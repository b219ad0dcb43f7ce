// What an injection means in a graph, its way over the wire and into the page.
#include <cstring>
#include <memory>

#include <gtest/gtest.h>

#include <takt/sample/sample.hpp>
#include <takt/supervisor/injection.hpp>

#include "runtime/supervisor/injection_book.hpp"
#include "runtime/supervisor/injection_resolve.hpp"

namespace injected_graph {

struct Pose {
  double angle = 0.0;
  std::int32_t count = 0;
  std::int32_t spare = 0;
};
TAKT_SAMPLE(Pose, (angle, "rad"), (count), (spare));

}  // namespace injected_graph

namespace takt::supervisor {
namespace {

using namespace std::chrono_literals;
using injected_graph::Pose;

InputConfig input_named(const std::string& name, const Layout& layout) {
  InputConfig input;
  input.name = name;
  input.layout = layout;
  return input;
}

//   writer.pose, spare.pose --> reader.pose;  outside ~~> reader.gain;  reader.unused
GraphSpec graph() {
  GraphSpec made;
  NodeConfig writer;
  writer.name = "writer";
  writer.period = 1ms;
  NodeConfig spare = writer;
  spare.name = "spare";
  NodeConfig reader;
  reader.name = "reader";
  InputConfig pose = input_named("pose", layout_of<Pose>());
  pose.from = TopicName{"writer", "pose"};
  pose.fallbacks = {TopicName{"spare", "pose"}};
  InputConfig gain = input_named("gain", layout_of<Scalar>());
  gain.external = true;
  reader.inputs = {pose, gain, input_named("unused", layout_of<Scalar>())};
  made.nodes = {writer, spare, reader};
  return made;
}

Injection injection(InjectionVerb verb, const std::string& input, const std::string& field = "") {
  Injection made;
  made.verb = verb;
  made.target = {"reader", input, field, ""};
  made.from = 1s;
  made.until = 2s;
  if (verb == InjectionVerb::set) made.points = {{1s, 3.0}};
  if (verb == InjectionVerb::wrong) made.bias = 1.0;
  if (verb == InjectionVerb::noise) made.sd = 1.0;
  if (verb == InjectionVerb::delayed) made.by = 10ms;
  if (verb == InjectionVerb::slow) made.divide = 2;
  if (verb == InjectionVerb::intermittent) made.drop = 0.5;
  return made;
}

std::string refusal(const Injection& one) {
  const auto good = check_injection(graph(), one);
  return good ? "" : good.error().text();
}

TEST(ResolveInjection, FindsTheElement) {
  const auto entry = resolve_injection(graph(), injection(InjectionVerb::wrong, "pose", "count"));

  ASSERT_TRUE(entry.ok()) << entry.error().text();
  EXPECT_EQ(entry->node, 2u);
  EXPECT_EQ(entry->input, 0u);
  EXPECT_EQ(entry->offset, 8u);
  EXPECT_EQ(static_cast<FieldKind>(entry->kind), FieldKind::i32);
  EXPECT_EQ(entry->whole, 0u);
  EXPECT_EQ(entry->source, kAnySource);
}

TEST(ResolveInjection, TakesWholeSamplesWhereNoFieldIsNamed) {
  for (const auto verb : {InjectionVerb::off, InjectionVerb::stuck, InjectionVerb::garbage}) {
    EXPECT_EQ(resolve_injection(graph(), injection(verb, "pose"))->whole, 1u) << name_of(verb);
  }
  // The one field of a Scalar is all of it.
  EXPECT_EQ(resolve_injection(graph(), injection(InjectionVerb::stuck, "gain"))->whole, 0u);
}

TEST(ResolveInjection, TakesOneTopicOfAnInputWithFallbacks) {
  Injection one = injection(InjectionVerb::off, "pose");
  one.target.topic = "spare.pose";

  EXPECT_EQ(resolve_injection(graph(), one)->source, 1u);
  one.target.topic = "spar.pose";
  EXPECT_NE(refusal(one).find("did you mean 'spare.pose'?"), std::string::npos) << refusal(one);
}

TEST(TargetsOf, AreTheInputsThatReadTheTopic) {
  GraphSpec spec = graph();
  OutputConfig pose;
  pose.name = "pose";
  spec.nodes[1].outputs = {pose};

  const auto found = targets_of(spec, "spare.pose.angle");

  ASSERT_TRUE(found.ok()) << found.error().text();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().text(), "reader.pose.angle");
  EXPECT_EQ(found->front().topic, "spare.pose");
  EXPECT_FALSE(targets_of(spec, "spare").ok());
  EXPECT_NE(targets_of(spec, "spare.pos").error().text().find("did you mean 'pose'?"),
            std::string::npos);
}

TEST(CheckInjection, RefusesInWords) {
  const auto refused = [](const Injection& one, const std::string& why) {
    EXPECT_NE(refusal(one).find(why), std::string::npos) << why << ": " << refusal(one);
  };
  const auto changed = [](Injection one, auto change) {
    change(one);
    return one;
  };
  using Verb = InjectionVerb;
  refused(changed(injection(Verb::off, "pose"), [](auto& i) { i.target.node = "raeder"; }),
          "did you mean 'reader'?");
  refused(injection(Verb::off, "pos"), "did you mean 'pose'?");
  refused(injection(Verb::off, "unused"), "is not connected");
  refused(injection(Verb::off, "pose", "angle"), "acts on whole samples");
  refused(injection(Verb::wrong, "pose"), "Pose has no field ''");
  refused(injection(Verb::wrong, "pose", "angel"), "did you mean 'angle'?");
  refused(changed(injection(Verb::wrong, "gain"), [](auto& i) { i.bias = 0; }), "bias or a scale");
  refused(changed(injection(Verb::noise, "gain"), [](auto& i) { i.sd = 0; }), "above 0");
  refused(changed(injection(Verb::delayed, "pose"), [](auto& i) { i.by = 0s; }), "above 0");
  refused(changed(injection(Verb::delayed, "pose"), [](auto& i) { i.by = 64ms; }), "cannot wait");
  refused(changed(injection(Verb::slow, "pose"), [](auto& i) { i.divide = 1; }), "at least 2");
  refused(changed(injection(Verb::intermittent, "pose"), [](auto& i) { i.drop = 1.1; }),
          "at most 1");
  refused(changed(injection(Verb::set, "gain"), [](auto& i) { i.points.clear(); }), "a point");
  refused(changed(injection(Verb::set, "gain"),
                  [](auto& i) {
                    i.points = {{1s, 0.0}, {1s, 1.0}};
                  }),
          "not later");
  refused(changed(injection(Verb::off, "pose"),
                  [](auto& i) {
                    i.points = {{1s, 0.0}};
                  }),
          "takes no points");
  refused(changed(injection(Verb::off, "pose"), [](auto& i) { i.until = i.from; }), "ends before");
  EXPECT_EQ(refusal(injection(Verb::set, "gain")), "");
}

TEST(CheckNodeFault, RefusesWhatHasNoPlaceInLockstep) {
  GraphSpec spec = graph();
  const NodeFault hog{"h", "writer", NodeFaultKind::hog, 1s, 2s, 0s};

  EXPECT_TRUE(check_node_fault(spec, hog).ok());
  spec.clock = ClockMode::lockstep;
  EXPECT_FALSE(check_node_fault(spec, hog).ok());
  EXPECT_TRUE(check_node_fault(spec, {"k", "writer", NodeFaultKind::kill, 1s, {}, 0s}).ok());
  EXPECT_FALSE(check_node_fault(spec, {"k", "wrter", NodeFaultKind::kill, 1s, {}, 0s}).ok());
  EXPECT_FALSE(check_node_fault(spec, {"s", "writer", NodeFaultKind::stop, 1s, 1s, 0s}).ok());
}

TEST(InjectionJson, SurvivesTheWire) {
  Injection one = injection(InjectionVerb::delayed, "pose", "angle");
  one.name = "late";
  one.target.topic = "spare.pose";
  one.until = kUntilTheEnd;
  one.points = {{1s, 2.5}, {2s, -1.0}};
  one.interpolate = true;
  one.jitter = 7ns;
  one.seed = ~std::uint64_t{0};

  const auto back = injection_from_json(to_json(one));

  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(to_json(*back), to_json(one));
  EXPECT_EQ(back->until, kUntilTheEnd);
  EXPECT_EQ(back->seed, one.seed);
  EXPECT_EQ(back->points.at(1).value, -1.0);
  EXPECT_FALSE(injection_from_json({{"verb", "of"}, {"node", "a"}, {"input", "b"}}).ok());
}

struct Book : testing::Test {
  static InjectionEntry entry(std::int64_t from, std::int64_t until) {
    InjectionEntry made;
    made.from_ns = from;
    made.until_ns = until;
    return made;
  }
  std::unique_ptr<std::byte[]> memory = std::make_unique<std::byte[]>(InjectionPage::bytes_for(4));
  InjectionPage& page = *reinterpret_cast<InjectionPage*>(memory.get());
  InjectionBook sut{page};
  const InjectionRoom room = injection_room(false, 8);
  void SetUp() override { page.room_for_points = 4; }
};

TEST_F(Book, WritesWhatALoopReads) {
  ASSERT_TRUE(sut.add(entry(5, 9), {{5, 1.0}, {7, 2.0}}, room, 0).ok());

  InjectionEntry read;
  ASSERT_TRUE(read_injection(page.slots[0], read));
  EXPECT_EQ(read.serial, 1u);
  EXPECT_EQ(read.from_ns, 5);
  EXPECT_EQ(read.points, 2u);
  EXPECT_EQ(page.points()[read.first_point + 1].value, 2.0);
  EXPECT_EQ(page.last_serial, 1u);
  EXPECT_FALSE(read_injection(page.slots[1], read));
}

TEST_F(Book, OnePointNeedsNoPlace) {
  InjectionEntry set = entry(5, 9);
  set.verb = InjectionVerb::set;
  ASSERT_TRUE(sut.add(set, {{7, 2.0}}, room, 0).ok());

  InjectionEntry read;
  ASSERT_TRUE(read_injection(page.slots[0], read));
  EXPECT_EQ(read.points, 0u);
  EXPECT_EQ(read.value, 2.0);
  EXPECT_EQ(read.from_ns, 7);
}

TEST_F(Book, RefusesMorePointsThanThereIsRoomFor) {
  EXPECT_FALSE(sut.add(entry(0, 9), {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}, room, 0).ok());
  EXPECT_TRUE(sut.add(entry(0, 9), {{0, 1}, {1, 1}, {2, 1}, {3, 1}}, room, 0).ok());
  EXPECT_FALSE(sut.add(entry(0, 9), {{0, 1}, {1, 1}}, room, 0).ok());
}

TEST_F(Book, GivesThePlaceOfOneThatHasLongBeenOverToAnother) {
  for (std::uint32_t i = 0; i < kInjectionsByHandMax; ++i) {
    ASSERT_TRUE(sut.add(entry(0, 9), {}, room, 0).ok());
  }
  EXPECT_FALSE(sut.add(entry(0, 9), {}, room, kInjectionSlotKept + 8).ok());
  EXPECT_TRUE(sut.add(entry(0, kInjectionForEver), {}, room, kInjectionSlotKept + 9).ok());

  InjectionEntry read;
  ASSERT_TRUE(read_injection(page.slots[0], read));
  EXPECT_EQ(read.serial, kInjectionsByHandMax + 1);
}

TEST_F(Book, LargeSamplesCanOnlyBeWithheldByHand) {
  const InjectionRoom none = injection_room(false, 1 << 20);
  InjectionEntry stuck = entry(0, 9);
  stuck.verb = InjectionVerb::stuck;

  EXPECT_TRUE(sut.add(entry(0, 9), {}, none, 0).ok());
  EXPECT_FALSE(sut.add(stuck, {}, none, 0).ok());
  EXPECT_TRUE(sut.add(stuck, {}, injection_room(true, 1 << 20), 0).ok());
}

}  // namespace
}  // namespace takt::supervisor
