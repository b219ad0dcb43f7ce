// `takt-node --safe-only`: started with the launch message of a node that has died.
#include <cstring>
#include <span>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/manifest/launch.hpp>

#include "tests/integration/support/child.hpp"
#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observer.hpp"

namespace takt::test {
namespace {

constexpr double kDrivenTo = -2.5;

// The launch message of a stock node; outputs with a safe value have kDrivenTo.
NodeLaunch launch_of(const std::string& type, Json params) {
  const std::string library = format("{}/lib/takt/nodes/libtakt_nodes", TAKT_BINARY_DIR);
  const auto manifest = read_manifest(library + ".takt.json");
  EXPECT_TRUE(manifest.ok());
  NodeLaunch launch;
  launch.incarnation = 3;
  NodeConfig& config = launch.node;
  for (const NodeDeclaration& node : manifest->nodes) {
    if (node.type == type) config.declaration = node;
  }
  EXPECT_EQ(config.declaration.type, type);
  config.name = "valve";
  config.type = type;
  config.library = library + ".so";
  config.params = std::move(params);
  for (const OutputDeclaration& output : config.declaration.outputs) {
    OutputConfig made;
    made.name = output.name;
    made.layout = output.layout;
    made.has_safe = output.safe;
    if (output.safe) {
      const auto bytes = std::as_bytes(std::span(&kDrivenTo, 1));
      made.safe.assign(bytes.begin(), bytes.end());
    }
    config.outputs.push_back(std::move(made));
  }
  return launch;
}

// Runs it as the supervisor does: the message on descriptor 4.
std::unique_ptr<Child> last_will(const Folder& folder, const std::string& message) {
  const std::string file = folder.write("launch.json", message);
  return std::make_unique<Child>(std::vector<std::string>{
      "/bin/sh", "-c",
      format("exec '{}/bin/takt-node' --safe-only {}<'{}'", TAKT_BINARY_DIR, kLaunchFd, file)});
}
std::unique_ptr<Child> last_will(const Folder& folder, const NodeLaunch& launch) {
  return last_will(folder, json_line(to_json(launch)));
}

Json udp_params(const observer::Port& device) {
  return {{"address", "127.0.0.1"}, {"port", device.number()}, {"scale", 2.0}};
}

TEST(TheLastWill, SendsTheSafeValueOnceAndLeaves) {
  const Folder folder;
  observer::Port device;

  auto sut = last_will(folder, launch_of("actuator/udp", udp_params(device)));

  EXPECT_EQ(sut->wait(), 0) << sut->err();
  const auto seen = device.all();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].value, 2.0 * kDrivenTo);
  EXPECT_EQ(seen[0].incarnation, 3U);
  EXPECT_GT(seen[0].stamp_ns, 0);
  EXPECT_LE(seen[0].stamp_ns, seen[0].arrival_ns);
}

TEST(TheLastWill, NeedsNoGraphThatRuns) {
  const Folder folder;
  observer::Port device;
  NodeLaunch launch = launch_of("actuator/udp", udp_params(device));
  launch.participant = "nobody";
  InputConfig command;
  command.name = "command";
  command.layout = launch.node.declaration.inputs.at(0).layout;
  command.from = TopicName{"dead", "output"};
  launch.node.inputs = {command};

  auto sut = last_will(folder, launch);

  EXPECT_EQ(sut->wait(), 0) << sut->err();
  EXPECT_EQ(device.all().size(), 1U);
}

TEST(TheLastWill, SaysWhyItCannotBeDone) {
  const Folder folder;
  observer::Port device;
  NodeLaunch no_library = launch_of("actuator/udp", udp_params(device));
  no_library.node.library = "/none/libnone.so";
  NodeLaunch wrong_address = launch_of("actuator/udp", udp_params(device));
  wrong_address.node.params["address"] = "nowhere";

  const auto expect = [&](std::unique_ptr<Child> sut, const std::string& text) {
    EXPECT_EQ(sut->wait(), 1);
    EXPECT_NE(sut->err().find(text), std::string::npos) << sut->err();
  };
  expect(last_will(folder, no_library), "cannot open the node library '/none/libnone.so'");
  expect(last_will(folder, wrong_address), "'nowhere' is not a numeric address");
  expect(last_will(folder, launch_of("actuator/limiter", Json::object())),
         "node 'valve' owns no device");
  expect(last_will(folder, "{}"), "takt-node:");
  EXPECT_TRUE(device.all().empty());
}

}  // namespace
}  // namespace takt::test
