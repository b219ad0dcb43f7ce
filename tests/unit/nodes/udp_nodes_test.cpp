// actuator/udp and sensor/udp on real sockets of this machine.
#include <array>
#include <chrono>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <takt/bus/udp.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/common/scalar_datagram.hpp"
#include "nodes/sensor/scalar_receiver.hpp"

namespace takt::nodes::udp_nodes_test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Did = test::NodeHarness::Did;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::unique_ptr<bus::UdpChannel> opened(const bus::UdpOptions& options) {
  auto channel = bus::UdpChannel::open(options);
  EXPECT_TRUE(channel.ok()) << channel.error().text();
  return std::move(*channel);
}

class UdpActuator : public testing::Test {
 protected:
  test::HarnessOptions options(Json params = Json::object()) {
    params["port"] = device_->local_port();
    return {.params = std::move(params), .period = 10ms, .adjust = [](NodeConfig& config) {
              config.inputs.at(0).max_age = 15ms;
              const Scalar safe{-2.0};
              std::memcpy(config.outputs.at(0).safe.data(), &safe, sizeof safe);
            }};
  }
  // What has arrived at the device since the last call.
  std::vector<ScalarDatagram> arrived() {
    std::vector<ScalarDatagram> datagrams;
    std::array<std::byte, 64> memory;
    for (;;) {
      const auto got = device_->try_receive(memory);
      if (got.what == bus::Received::What::nothing) return datagrams;
      const auto datagram = decode(std::span(memory).first(got.size));
      EXPECT_TRUE(datagram.has_value());
      if (datagram) datagrams.push_back(*datagram);
    }
  }
  std::vector<double> values() {
    std::vector<double> list;
    for (const auto& datagram : arrived()) list.push_back(datagram.value);
    return list;
  }

  std::unique_ptr<bus::UdpChannel> device_ = opened({});
};

TEST_F(UdpActuator, SendsItsSafeValueBeforeAnythingElse) {
  const test::NodeHarness sut("actuator/udp", options());

  ASSERT_EQ(sut.error(), nullptr);
  EXPECT_THAT(values(), ElementsAre(-2.0));
}

TEST_F(UdpActuator, SendsEveryCommandAndPublishesWhatWasSent) {
  test::NodeHarness sut("actuator/udp", options());
  sut.send("command", Scalar{0.25});
  ASSERT_EQ(sut.step(), Did::stepped);

  const auto datagrams = arrived();
  ASSERT_EQ(datagrams.size(), 2U);
  EXPECT_EQ(datagrams[0].sequence, 0U);
  EXPECT_EQ(datagrams[1].sequence, 1U);
  EXPECT_EQ(datagrams[1].value, 0.25);
  EXPECT_EQ(datagrams[1].incarnation, 1U);
  EXPECT_EQ(datagrams[1].stamp_ns, std::chrono::nanoseconds(1h).count()) << "the loop's clock";
  EXPECT_EQ(sut.sent<Scalar>("applied")->value, 0.25);
}

TEST_F(UdpActuator, ScalesTheWireAndNotTheTopic) {
  test::NodeHarness sut("actuator/udp", options({{"scale", -100.0}}));
  sut.send("command", Scalar{0.25});
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_THAT(values(), ElementsAre(200.0, -25.0));
  EXPECT_EQ(sut.sent<Scalar>("applied")->value, 0.25);
}

TEST_F(UdpActuator, SendsItsSafeValueWhileTheCommandIsStale) {
  test::NodeHarness sut("actuator/udp", options());
  sut.send("command", Scalar{0.25});
  sut.step();
  sut.step();
  ASSERT_EQ(sut.step(), Did::went_stale);
  ASSERT_EQ(sut.step(), Did::went_stale);

  EXPECT_THAT(values(), ElementsAre(-2.0, 0.25, 0.25, -2.0, -2.0));
  EXPECT_EQ(sut.sent<Scalar>("applied")->value, -2.0);
}

TEST_F(UdpActuator, NeverSendsANumberThatIsNone) {
  test::NodeHarness sut("actuator/udp", options());
  for (const double command : {0.25, kNan, std::numeric_limits<double>::infinity()}) {
    sut.send("command", Scalar{command});
    sut.step();
  }

  // A number that is none keeps nobody fresh, either: the third step is stale.
  EXPECT_THAT(values(), ElementsAre(-2.0, 0.25, 0.25, -2.0));
}

TEST_F(UdpActuator, NeverSendsANumberThatItsScaleMakesInfinite) {
  test::NodeHarness sut("actuator/udp", options({{"scale", 1e300}}));
  sut.send("command", Scalar{1e300});
  ASSERT_EQ(sut.step(), Did::stepped);

  EXPECT_EQ(values().size(), 1U) << "the first safe value alone";
  EXPECT_FALSE(sut.sent<Scalar>("applied").has_value());
}

TEST_F(UdpActuator, RefusesToStartWithASaneText) {
  const test::NodeHarness no_scale("actuator/udp", options({{"scale", 0.0}}));
  const test::NodeHarness name("actuator/udp", options({{"address", "motor.local"}}));

  ASSERT_NE(no_scale.error(), nullptr);
  EXPECT_NE(no_scale.error()->message.find("scale is 0"), std::string::npos);
  ASSERT_NE(name.error(), nullptr);
  EXPECT_NE(name.error()->message.find("'motor.local' is not a numeric address"),
            std::string::npos);
}

class UdpSensor : public testing::Test {
 protected:
  void SetUp() override {
    const std::uint16_t port = opened({})->local_port();
    wire_ = opened({.remote_port = port});
    sut_ = std::make_unique<test::NodeHarness>(
        "sensor/udp",
        test::HarnessOptions{.params = {{"port", port}, {"scale", 0.5}}, .period = 10ms});
    ASSERT_EQ(sut_->error(), nullptr) << sut_->error()->text();
  }
  void send(std::uint64_t sequence, double value) {
    wire_->try_send(encode({.incarnation = 1, .sequence = sequence, .value = value}));
  }

  std::unique_ptr<bus::UdpChannel> wire_;
  std::unique_ptr<test::NodeHarness> sut_;
};

TEST_F(UdpSensor, PublishesTheNewestOfWhatCame) {
  send(0, 1.0);
  send(1, 7.0);
  ASSERT_EQ(sut_->step(), Did::stepped);

  EXPECT_EQ(sut_->sent<Scalar>("value").value_or(Scalar{}).value, 3.5);
}

TEST_F(UdpSensor, PublishesNothingOldAsNew) {
  send(0, 1.0);
  sut_->step();
  sut_->sent<Scalar>("value");

  ASSERT_EQ(sut_->step(), Did::stepped);

  EXPECT_FALSE(sut_->sent<Scalar>("value").has_value());
  EXPECT_TRUE(sut_->sent<LinkState>("link").has_value());
}

TEST_F(UdpSensor, CountsGapsAndWrongDatagrams) {
  send(0, 1.0);
  send(4, 2.0);
  send(5, kNan);
  wire_->try_send(std::array<std::byte, 5>{});
  sut_->step();

  const auto link = sut_->sent<LinkState>("link");
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->received, 2U);
  EXPECT_EQ(link->lost, 3U);
  EXPECT_EQ(link->wrong, 2U);
}

TEST_F(UdpSensor, RefusesAPortThatIsTaken) {
  const auto taken = opened({});

  const test::NodeHarness second("sensor/udp",
                                 {.params = {{"port", taken->local_port()}}, .period = 10ms});

  ASSERT_NE(second.error(), nullptr);
  EXPECT_NE(second.error()->message.find("another program has this port"), std::string::npos);
}

TEST(UdpWire, CarriesAnActuatorsNumbersToASensor) {
  const std::uint16_t port = opened({})->local_port();
  test::NodeHarness sensor("sensor/udp", {.params = {{"port", port}}, .period = 10ms});
  test::NodeHarness actuator("actuator/udp", {.params = {{"port", port}}, .period = 10ms});
  ASSERT_EQ(sensor.error(), nullptr);
  ASSERT_EQ(actuator.error(), nullptr);

  for (int i = 1; i <= 50; ++i) {
    actuator.send("command", Scalar{0.1 * i});
    actuator.step();
    sensor.step();
    ASSERT_EQ(sensor.sent<Scalar>("value").value_or(Scalar{kNan}).value, 0.1 * i);
  }

  EXPECT_EQ(sensor.sent<LinkState>("link")->received, 51U);
}

}  // namespace
}  // namespace takt::nodes::udp_nodes_test
