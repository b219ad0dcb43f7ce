// The same two instances as in serial_test.cpp, joined by UDP: each in a network of its own, with
// one cable between the two (a veth pair).
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/hil.hpp"
#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/serial_cable.hpp"

namespace takt::test {
namespace {

// A network of its own for what this thread starts while it is in it.
class Network {
 public:
  Network() {
    const int home = own();
    if (::unshare(CLONE_NEWNET) == 0) inside_ = own();
    home_ = home;
    leave();
  }
  ~Network() {
    ::close(home_);
    if (inside_ >= 0) ::close(inside_);
  }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  bool exists() const { return inside_ >= 0; }
  void enter() const { EXPECT_EQ(::setns(inside_, CLONE_NEWNET), 0); }
  void leave() const { EXPECT_EQ(::setns(home_, CLONE_NEWNET), 0); }
  std::string path() const { return format("/proc/{}/fd/{}", ::getpid(), inside_); }

  // `ip ...` in it; true when that went well.
  bool ip(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "/usr/sbin/ip");
    enter();
    Child child(std::move(arguments));
    leave();
    const int status = child.wait();
    if (status != 0) std::printf("ip: %s\n", child.err().c_str());
    return status == 0;
  }

 private:
  static int own() { return ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }
  int home_ = -1, inside_ = -1;
};

constexpr const char* kSystemAddress = "10.231.7.1";
constexpr const char* kRigAddress = "10.231.7.2";

// False, with the words of `ip`, on a kernel without veth.
bool join(const Network& system, const Network& rig) {
  const auto up = [](const Network& one, const char* device, const char* address) {
    return one.ip({"addr", "add", format("{}/24", address), "dev", device}) &&
           one.ip({"link", "set", device, "up"});
  };
  return system.ip({"link", "add", "takt0", "type", "veth", "peer", "name", "takt1", "netns",
                    rig.path()}) &&
         up(system, "takt0", kSystemAddress) && up(rig, "takt1", kRigAddress);
}

std::string with_addresses(const std::string& file, const char* own_port, const char* own,
                           const char* other_port, const char* other) {
  return changed_graph(
      file, {{"period: 1ms", "period: 10ms"},
             {format("{{port: {}}}", own_port), format("{{port: {}, address: {}}}", own_port, own)},
             {format("{{port: {}}}", other_port),
              format("{{port: {}, address: {}}}", other_port, other)}});
}

// The last `count` speeds of `echo --csv` are near the reference of 1 rad/s.
bool is_held(const std::string& csv, std::size_t count) {
  const auto lines = lines_of(csv);
  if (lines.size() < count + 2) return false;
  for (std::size_t i = lines.size() - 1 - count; i < lines.size() - 1; ++i) {
    if (std::abs(cells_of(lines[i]).at(2) - 1.0) > 0.1) return false;
  }
  return true;
}

TEST(UdpLoop, ClosesBetweenTwoNetworks) {
  if (::geteuid() != 0) GTEST_SKIP() << "making networks takes root";
  const Network system_side, rig_side;
  ASSERT_TRUE(system_side.exists() && rig_side.exists());
  const bool is_apart = join(system_side, rig_side);
  const Network& rig_place = is_apart ? rig_side : system_side;
  const char* const system_address = is_apart ? kSystemAddress : "127.0.0.1";
  const char* const rig_address = is_apart ? kRigAddress : "127.0.0.1";
  if (!is_apart) {
    std::printf("no cable between two networks on this kernel: both in one, over loopback\n");
    ASSERT_TRUE(system_side.ip({"link", "set", "lo", "up"}));
  }
  Instance system, rig;
  auto echo = rig.start("echo", {"motor.speed", "--csv", "--wait", "20s"});
  rig_place.enter();
  auto rig_run = rig.run(
      with_addresses("hil_motor_rig_udp.yaml", "47002", rig_address, "47001", system_address),
      {"--await-taps", "1"});
  rig_place.leave();
  system_side.enter();
  auto system_run = system.run(
      with_addresses("hil_motor_system_udp.yaml", "47001", system_address, "47002", rig_address));
  system_side.leave();
  ASSERT_TRUE(system_run->says("the graph is disarmed")) << system_run->err();

  bool closed = false;
  for (int attempt = 0; attempt < 10 && !closed; ++attempt) {
    ASSERT_TRUE(arm(system)) << system_run->err();
    int looks = 0;
    observer::wait_until([&] {
      closed = is_held(echo->out(), 30);
      return closed || (++looks % 200 == 0 && !system.ps().at("armed").get<bool>());
    });
  }
  EXPECT_TRUE(closed) << system_run->err() << rig_run->err();

  EXPECT_EQ(system.start("stop")->wait(), 0);
  EXPECT_EQ(system_run->wait(), 0) << system_run->err();
  EXPECT_EQ(rig.start("stop")->wait(), 0);
  EXPECT_EQ(rig_run->wait(), 0) << rig_run->err();
  EXPECT_EQ(echo->wait(), 0) << echo->err();
}

}  // namespace
}  // namespace takt::test
