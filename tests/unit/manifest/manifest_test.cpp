// Plain data that crosses process borders as JSON: it comes back equal, and damage is an error.
#include <functional>

#include <gtest/gtest.h>

#include <takt/manifest/launch.hpp>

#include "tests/unit/sample/test_samples.hpp"

namespace takt::test {
namespace {

using namespace std::chrono_literals;

NodeDeclaration full_declaration() {
  NodeDeclaration d;
  d.type = "controller/full";
  d.summary = "Everything set.";
  d.inputs = {{"in", "An input.", layout_of<Everything>(), "V", true, true, true},
              {"plain", "", layout_of<Scalar>(), "", false, false, false}};
  d.outputs = {{"out", "An output.", layout_of<Scalar>(), "A", Origin::now, true},
               {"none", "", layout_of<Scalar>(), "", Origin::none, false}};
  d.params = {{"gain", "A gain.", ParamKind::number, "1/s", 1.5, 0.0, 10.0, {}},
              {"mode", "", ParamKind::text, "", "a", nullptr, nullptr, {"a", "b"}},
              {"count", "", ParamKind::integer, "", 3, nullptr, 5, {}},
              {"on", "", ParamKind::boolean, "", nullptr, nullptr, nullptr, {}}};
  d.needs_period = true;
  d.device = true;
  return d;
}

NodeLaunch full_launch() {
  NodeLaunch launch;
  NodeConfig& c = launch.node;
  c.graph = "g";
  c.instance = "i";
  c.name = "n";
  c.type = "controller/full";
  c.library = "/lib/x.so";
  c.base_folder = "/b";
  c.declaration = full_declaration();
  c.params = {{"gain", 2.5}, {"mode", "b"}};
  c.trigger = {TriggerKind::on_all, 1ms, 2us, {"in", "plain"}, 3us};
  c.period = 4ms;
  c.deadline = 5ms;
  c.on_miss = OnMiss::stop;
  c.tolerate_misses = 6;
  c.tolerate_window = 7;
  c.actuator = true;
  c.on_silence = OnSilence{Silence::device_timeout, 200ms};
  c.estop = EstopConfig{FieldKind::u16, 6, {std::byte{1}, std::byte{0x80}}};
  c.real_time = {Policy::round_robin, 42, {1, 3}, false};
  InputConfig in;
  in.name = "in";
  in.from = TopicName{"a", "b"};
  in.external = true;
  in.layout = layout_of<Scalar>();
  in.unit = "rad";
  in.max_age = 8ms;
  in.max_data_age = 9ms;
  in.on_stale = OnStale::hold;
  in.queue_depth = 10;
  in.when_full = WhenFull::wait;
  in.initial = {std::byte{0}, std::byte{1}, std::byte{0xff}, std::byte{0x7f},
                std::byte{5}, std::byte{6}, std::byte{7},    std::byte{0xab}};
  in.measurement = in.command = in.optional = in.delayed = true;
  c.inputs = {in};
  c.outputs = {{"out",
                layout_of<Scalar>(),
                "V",
                Origin::none,
                true,
                in.initial,
                13ms,
                14ms,
                {{"r", "x", true, 4}}}};
  launch.participant = "p";
  launch.index = 11;
  launch.incarnation = 12;
  launch.lockstep = true;
  launch.scenario = true;
  launch.node_indices = {{"a", 1}, {"r", 2}};
  launch.node_inputs = {{"r", {"x", "y"}}};
  return launch;
}

TEST(Declaration, RoundTrips) {
  const std::string line = json_line(to_json(full_declaration()));

  const auto back = declaration_from_json(parse_json(line).value());

  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(*back, full_declaration());
  EXPECT_TRUE(back->is_actuator());
}

TEST(Declaration, OfANodeWithADeviceIsAnActuators) {
  NodeDeclaration declaration = full_declaration();
  declaration.outputs.clear();

  EXPECT_TRUE(declaration.is_actuator());
  declaration.device = false;
  EXPECT_FALSE(declaration.is_actuator());
}

TEST(Declaration, WithoutTheWordDeviceOwnsNone) {
  Json json = to_json(full_declaration());
  json.erase("device");  // As a library that was built before devices were.

  EXPECT_FALSE(declaration_from_json(json).value().device);
}

TEST(Launch, CarriesEveryKindOfSilence) {
  NodeLaunch launch = full_launch();
  for (const std::optional<OnSilence> silence :
       {std::optional<OnSilence>(), std::optional(OnSilence{Silence::holds_last, {}}),
        std::optional(OnSilence{Silence::unknown, {}})}) {
    launch.node.on_silence = silence;
    EXPECT_EQ(node_launch_from_json(to_json(launch)).value().node, launch.node);
  }
}

TEST(Launch, RoundTripsWithEverythingSet) {
  const NodeLaunch launch = full_launch();

  const auto back = node_launch_from_json(parse_json(json_line(to_json(launch))).value());

  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(back->node, launch.node);
  EXPECT_EQ(back->participant, launch.participant);
  EXPECT_EQ(back->index, launch.index);
  EXPECT_EQ(back->incarnation, launch.incarnation);
  EXPECT_TRUE(back->lockstep);
  EXPECT_TRUE(back->scenario);
  EXPECT_EQ(back->node_indices, launch.node_indices);
  EXPECT_EQ(back->node_inputs, launch.node_inputs);
}

TEST(Launch, AbsentLimitsStayAbsent) {
  NodeLaunch launch = full_launch();
  launch.node.inputs[0].max_age.reset();
  launch.node.inputs[0].from.reset();
  launch.node.inputs[0].initial.clear();

  EXPECT_EQ(node_launch_from_json(to_json(launch)).value().node, launch.node);
}

// Calls `visit` with every value below `json`, deepest first.
void each_value(Json& json, const std::function<void(Json&)>& visit) {
  for (auto& child : json) {
    if (child.is_structured()) each_value(child, visit);
    visit(child);
  }
}

TEST(Launch, DamageAnywhereIsAnErrorOrAValueButNeverACrash) {
  Json json = to_json(full_launch());
  int refused = 0;
  int places = 0;
  each_value(json, [&](Json& value) {
    for (const Json& damage : {Json(), Json("zz"), Json(-1), Json(Json::array({1})), Json(1e300)}) {
      const Json before = std::exchange(value, damage);
      const auto result = node_launch_from_json(json);
      refused += result.ok() ? 0 : 1;
      ++places;
      value = before;
    }
  });

  EXPECT_GT(places, 500);
  EXPECT_GT(refused, places / 2);
  EXPECT_TRUE(node_launch_from_json(json).ok());  // The damage was undone.
}

TEST(Launch, AnInitialValueOfAnotherSizeThanTheSampleIsRefused) {
  for (const char* bytes : {"00", "000000000000000", "zz00000000000000", "00000000000000000000"}) {
    Json json = to_json(full_launch());
    json["node"]["inputs"][0]["initial"] = bytes;
    EXPECT_FALSE(node_launch_from_json(json).ok()) << bytes;
  }
}

TEST(Launch, AnotherVersionIsRefused) {
  Json json = to_json(full_launch());
  json["takt_launch"] = kLaunchVersion + 1;

  EXPECT_FALSE(node_launch_from_json(json).ok());
}

TEST(Applied, RoundTrips) {
  const Applied applied{"fifo", 50, {1, 2}, true, {{"memory", "locked", "not", 1, "ulimit"}}};

  const auto back = applied_from_json(to_json(applied));

  ASSERT_TRUE(back.ok());
  EXPECT_EQ(to_json(*back), to_json(applied));
  EXPECT_EQ(back->refused.at(0).fix, "ulimit");
}

TEST(Manifest, WritesEnumerationsAsWordsAndRefusesAnUnknownOne) {
  Json json = to_json(full_declaration());
  Json& origin = json["outputs"][0]["origin"];

  EXPECT_TRUE(origin.is_string()) << origin;
  origin = "yesterday";

  EXPECT_FALSE(declaration_from_json(json).ok());
}

TEST(Manifest, RefusesAMissingFileAndAnotherFormat) {
  EXPECT_FALSE(read_manifest("/none/libx.takt.json").ok());
  EXPECT_FALSE(manifest_from_json(Json::array()).ok());
  EXPECT_FALSE(manifest_from_json({{"takt_manifest", 99}}).ok());
  Json json = to_json(Manifest{"x", "0.1", {full_declaration()}});
  EXPECT_TRUE(manifest_from_json(json).ok());
  json["nodes"][0]["inputs"][0]["layout"]["fields"][0]["offset"] = 4096;
  EXPECT_FALSE(manifest_from_json(json).ok());
}

}  // namespace
}  // namespace takt::test
