// actuator/serial_frame and sensor/serial_frame on pseudo-terminals.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <takt/bus/serial.hpp>
#include <takt/test/node_harness.hpp>

#include "nodes/common/scalar_datagram.hpp"
#include "nodes/sensor/scalar_receiver.hpp"
#include "tests/support/pseudo_terminal.hpp"

namespace takt::nodes::serial_nodes_test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using Did = test::NodeHarness::Did;

constexpr unsigned kPatience = 30;  // Seconds, for whatever the kernel or the keeper is waited for.
constexpr double kSafeValue = -2.0;
constexpr std::size_t kOnTheLine = 39;  // Bytes that a number has there, as the node's head says.

// A device that comes back under its name: the link is turned to another pseudo-terminal.
class Cable {
 public:
  Cable() { turn(); }
  ~Cable() { ::unlink(name_.c_str()); }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  const std::string& name() const { return name_; }
  const test::PseudoTerminal& end() const { return *terminal_; }
  void unplug() { terminal_->unplug(); }
  void plug() {
    terminal_ = std::make_unique<test::PseudoTerminal>();
    turn();
  }

 private:
  void turn() {
    ::unlink(name_.c_str());
    if (::symlink(terminal_->device().c_str(), name_.c_str()) != 0) std::abort();
  }
  std::string name_ = testing::TempDir() + "takt-serial-nodes-" + std::to_string(::getpid());
  std::unique_ptr<test::PseudoTerminal> terminal_ = std::make_unique<test::PseudoTerminal>();
};

class SerialNodes : public testing::Test {
 protected:
  SerialNodes() { ::alarm(kPatience); }
  ~SerialNodes() override { ::alarm(0); }

  Cable cable_;
};

class SerialActuator : public SerialNodes {
 protected:
  test::HarnessOptions options(Json params = Json::object()) {
    params["device"] = cable_.name();
    return {.params = std::move(params), .period = 10ms, .adjust = [](NodeConfig& config) {
              config.inputs.at(0).max_age = 15ms;
              const Scalar safe{kSafeValue};
              std::memcpy(config.outputs.at(0).safe.data(), &safe, sizeof safe);
            }};
  }
  // The next `count` numbers that arrive at the device.
  std::vector<ScalarDatagram> arrived(std::size_t count) {
    std::vector<ScalarDatagram> datagrams;
    const std::string heard = cable_.end().read(count * kOnTheLine);
    auto bytes = std::as_bytes(std::span(heard.data(), heard.size()));
    while (decoder_.take(bytes) == bus::FrameDecoder::Found::frame) {
      const auto datagram = decode(decoder_.datagram());
      EXPECT_TRUE(datagram.has_value());
      if (datagram) datagrams.push_back(*datagram);
    }
    EXPECT_TRUE(bytes.empty()) << "a bad frame";
    return datagrams;
  }
  std::vector<double> values(std::size_t count) {
    std::vector<double> list;
    for (const auto& datagram : arrived(count)) list.push_back(datagram.value);
    return list;
  }
  static void command(test::NodeHarness& sut, double value) {
    sut.send("command", Scalar{value});
    ASSERT_EQ(sut.step(), Did::stepped);
  }
  // Until the node has driven the line that is back.
  void command_until_it_is_back(test::NodeHarness& sut) {
    cable_.plug();
    for (pollfd there{cable_.end().end(), POLLIN, 0}; ::poll(&there, 1, 1) != 1;) {
      command(sut, 0.5);
    }
  }

  bus::FrameDecoder decoder_;
};

TEST_F(SerialActuator, SendsItsSafeValueBeforeAnythingElse) {
  const test::NodeHarness sut("actuator/serial_frame", options());

  ASSERT_EQ(sut.error(), nullptr) << sut.error()->text();
  EXPECT_THAT(values(1), ElementsAre(kSafeValue));
}

TEST_F(SerialActuator, SendsEveryCommandAndPublishesWhatWasSent) {
  test::NodeHarness sut("actuator/serial_frame", options());
  command(sut, 0.25);

  const auto datagrams = arrived(2);
  ASSERT_EQ(datagrams.size(), 2U);
  EXPECT_EQ(datagrams[1].sequence, 1U);
  EXPECT_EQ(datagrams[1].value, 0.25);
  EXPECT_EQ(datagrams[1].incarnation, 1U);
  EXPECT_EQ(sut.sent<Scalar>("applied")->value, 0.25);
}

TEST_F(SerialActuator, SendsItsSafeValueWhileTheCommandIsStale) {
  test::NodeHarness sut("actuator/serial_frame", options({{"scale", 10.0}}));
  command(sut, 0.25);
  sut.step();
  ASSERT_EQ(sut.step(), Did::went_stale);

  EXPECT_THAT(values(4), ElementsAre(10 * kSafeValue, 2.5, 2.5, 10 * kSafeValue));
  EXPECT_EQ(sut.sent<Scalar>("applied")->value, kSafeValue);
}

TEST_F(SerialActuator, PublishesNothingWhileItsLineHangsAndSaysSoOnce) {
  test::NodeHarness sut("actuator/serial_frame", options());
  cable_.unplug();
  for (int i = 0; i < 5; ++i) command(sut, 0.25);

  EXPECT_FALSE(sut.sent<Scalar>("applied").has_value());
  EXPECT_EQ(sut.status().outputs[0].unsent.load(), 5U);
  const auto logged = sut.logged();
  EXPECT_EQ(std::count_if(logged.begin(), logged.end(),
                          [](const std::string& line) {
                            return line.find("error: the line hung up (errno 5)") == 0;
                          }),
            1);
}

TEST_F(SerialActuator, DrivesALineThatIsBackWithItsSafeValueUntilItHasBeenStale) {
  test::NodeHarness sut("actuator/serial_frame", options());
  cable_.unplug();
  command(sut, 0.25);

  command_until_it_is_back(sut);
  EXPECT_THAT(values(1), ElementsAre(kSafeValue));
  for (int i = 0; i < 5; ++i) command(sut, 0.75);
  EXPECT_THAT(values(5), Each(kSafeValue)) << "nobody has armed it since";
  EXPECT_EQ(sut.sent<Scalar>("applied")->value, kSafeValue)
      << "the topic says what the device gets";
  EXPECT_THAT(sut.logged(), Contains(HasSubstr("the line is back")));

  sut.step();
  ASSERT_EQ(sut.step(), Did::went_stale);
  command(sut, 0.75);
  EXPECT_THAT(values(3), ElementsAre(kSafeValue, kSafeValue, 0.75));
}

TEST_F(SerialActuator, ResumesOnALineThatIsBackWhenItIsToldTo) {
  test::NodeHarness sut("actuator/serial_frame", options({{"after_loss", "resume"}}));
  cable_.unplug();
  command(sut, 0.25);

  command_until_it_is_back(sut);

  EXPECT_THAT(values(2), ElementsAre(kSafeValue, 0.5));
}

TEST_F(SerialActuator, RefusesToStartWithASaneText) {
  const test::NodeHarness no_scale("actuator/serial_frame", options({{"scale", 0.0}}));
  const test::NodeHarness slow("actuator/serial_frame", options({{"baud", 19200}}));
  auto nowhere_options = options();
  nowhere_options.params["device"] = "/dev/no-such-line";
  const test::NodeHarness nowhere("actuator/serial_frame", nowhere_options);

  ASSERT_NE(no_scale.error(), nullptr);
  EXPECT_THAT(no_scale.error()->message, HasSubstr("scale is 0"));
  ASSERT_NE(slow.error(), nullptr);
  EXPECT_THAT(slow.error()->message,
              HasSubstr("a frame takes 20.3 ms on the line, and one is sent every 10 ms"));
  ASSERT_NE(nowhere.error(), nullptr);
  EXPECT_THAT(nowhere.error()->text(), HasSubstr("there is no such device; plug it in"));
}

class SerialSensor : public SerialNodes {
 protected:
  void SetUp() override {
    sut_ = std::make_unique<test::NodeHarness>(
        "sensor/serial_frame",
        test::HarnessOptions{.params = {{"device", cable_.name()}, {"scale", 0.5}},
                             .period = 10ms});
    ASSERT_EQ(sut_->error(), nullptr) << sut_->error()->text();
  }
  static std::string frame(std::uint64_t sequence, double value) {
    const auto datagram = encode({.incarnation = 1, .sequence = sequence, .value = value});
    std::array<std::byte, bus::kFrameBytesMax> bytes{};
    const std::size_t size = bus::encode_frame(datagram, bytes);
    return {reinterpret_cast<const char*>(bytes.data()), size};
  }
  // Steps until the counters are these: the kernel hands on by and by.
  void step_until(std::uint64_t received, std::uint64_t wrong) {
    LinkState link{};
    while (link.received != received || link.wrong != wrong) {
      ASSERT_EQ(sut_->step(), Did::stepped);
      link = sut_->sent<LinkState>("link").value_or(LinkState{});
      ASSERT_LE(link.received, received);
      ASSERT_LE(link.wrong, wrong);
    }
  }

  std::unique_ptr<test::NodeHarness> sut_;
};

TEST_F(SerialSensor, PublishesTheNewestOfWhatCame) {
  cable_.end().write(frame(0, 1.0) + frame(1, 7.0));
  step_until(2, 0);

  EXPECT_EQ(sut_->sent<Scalar>("value").value_or(Scalar{}).value, 3.5);
}

TEST_F(SerialSensor, PublishesNothingOldAsNew) {
  cable_.end().write(frame(0, 1.0));
  step_until(1, 0);
  sut_->sent<Scalar>("value");

  ASSERT_EQ(sut_->step(), Did::stepped);

  EXPECT_FALSE(sut_->sent<Scalar>("value").has_value());
  EXPECT_TRUE(sut_->sent<LinkState>("link").has_value());
}

TEST_F(SerialSensor, CountsBadFramesAndUsesNoneOfThem) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    std::string bytes = frame(i, i % 2 == 0 ? 1.0 : 1000.0);
    if (i % 2 != 0) bytes[20 + i / 2] = static_cast<char>(bytes[20 + i / 2] ^ 0x10);
    cable_.end().write(bytes);
    if (i % 2 == 0) step_until(i / 2 + 1, i / 2);

    const auto value = sut_->sent<Scalar>("value");
    EXPECT_TRUE(!value || value->value == 0.5) << value->value;
  }
  step_until(10, 10);
}

TEST_F(SerialSensor, FallsSilentWhenItsLineHangsUpAndSpeaksWhenItIsBack) {
  cable_.end().write(frame(0, 1.0));
  step_until(1, 0);
  sut_->sent<Scalar>("value");
  cable_.unplug();
  std::vector<std::string> logged;
  while (logged.empty()) {
    ASSERT_EQ(sut_->step(), Did::stepped);
    EXPECT_FALSE(sut_->sent<Scalar>("value").has_value());
    logged = sut_->logged();
  }
  EXPECT_THAT(logged, ElementsAre(HasSubstr("error: the line hung up (errno 5)")));

  cable_.plug();
  for (std::uint64_t i = 1; !sut_->sent<Scalar>("value").has_value(); ++i) {
    cable_.end().write(frame(i, 1.0));
    ASSERT_EQ(sut_->step(), Did::stepped);
    ::poll(nullptr, 0, 1);
  }
  EXPECT_THAT(sut_->logged(), ElementsAre(HasSubstr("the line is back after 1 hang-ups")));
}

TEST_F(SerialSensor, RefusesALineThatIsTaken) {
  const test::NodeHarness second("sensor/serial_frame",
                                 {.params = {{"device", cable_.name()}}, .period = 10ms});

  ASSERT_NE(second.error(), nullptr);
  EXPECT_THAT(second.error()->text(), HasSubstr("another program has this line"));
}

}  // namespace
}  // namespace takt::nodes::serial_nodes_test
