// test/hurt_source, test/hurt_relay, test/hurt_valve: a chain whose every node crashes, leaves or
// never returns from a step when somebody says so, in a word of a file that it has mapped.
//
//   hurt_source --> hurt_relay --> hurt_valve ~~UDP~~> whoever listens
//
// What travels is the time of the measurement (CLOCK_MONOTONIC in seconds), so that the far end
// knows the age of a command without asking takt.
#include <atomic>
#include <ctime>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include <takt/bus/udp.hpp>
#include <takt/node/device.hpp>
#include <takt/os/shared_memory.hpp>

#include "nodes/common/scalar_datagram.hpp"
#include "tests/integration/nodes/crash.hpp"

namespace takt::test {
namespace {

enum class Harm : std::uint32_t { none, crash, leave, hang };

// The words of the file, one a node; a word is taken back as it is obeyed, so it is obeyed once.
class Orders {
 public:
  Result<void> open(const std::string& path, std::int64_t index) {
    const os::UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!file) return fail("no orders in " + path);
    auto mapped = os::Mapping::map(file.get(), sizeof(Words), true);
    if (!mapped) return mapped.error();
    words_ = std::move(*mapped);
    index_ = static_cast<std::size_t>(index);
    return {};
  }

  void obey() noexcept TAKT_RT {
    auto& word = words_.as<Words>()->of[index_];
    if (word.load(std::memory_order_relaxed) == 0) return;
    const auto harm = static_cast<Harm>(word.exchange(0));
    if (harm == Harm::leave) ::_exit(0);
    while (harm == Harm::hang) spun_.fetch_add(1, std::memory_order_relaxed);
    crash();
  }

 private:
  struct Words {
    std::atomic<std::uint32_t> of[8];
  };
  os::Mapping words_;
  std::size_t index_ = 0;
  std::atomic<std::uint64_t> spun_{0};
};

class Hurt : public Node {
 protected:
  Param<std::string> orders{*this, "orders", {.summary = "A file of words"}};
  Param<std::int64_t> index{*this, "index", {.summary = "Which word is this node's"}};
  Result<void> configure(NodeContext&) override { return orders_.open(orders, index); }
  Orders orders_;
};

class HurtSource final : public Hurt {
  Output<Scalar> out{*this, "out", {.origin = Origin::now}};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    orders_.obey();
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    out.publish({static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9});
    return StepResult::ok;
  }
};

class HurtRelay final : public Hurt {
  Input<Scalar> in{*this, "in", {.measurement = true}};
  Output<Scalar> out{*this, "out", {.origin = Origin::inherit}};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    out.publish({in->value});
    orders_.obey();
    return StepResult::ok;
  }
};

class HurtValve final : public Hurt {
  Result<void> configure(NodeContext& context) override {
    auto opened = bus::UdpChannel::open({.remote_port = static_cast<std::uint16_t>(port)});
    if (!opened) return opened.error();
    channel_ = std::move(*opened);
    return Hurt::configure(context);
  }
  StepResult step(const Cycle&) noexcept TAKT_RT override {
    applied.publish({command->value});
    orders_.obey();
    return StepResult::ok;
  }
  bool drive(const Scalar& sample, const SampleHeader& header) noexcept TAKT_RT {
    return channel_->try_send(
        nodes::encode({.incarnation = static_cast<std::uint32_t>(header.incarnation),
                       .sequence = sequence_++,
                       .stamp_ns = header.publish_ns,
                       .value = sample.value}));
  }

  Input<Scalar> command{*this, "command", {.command = true}};
  DeviceOutput<Scalar> applied{*this, "applied", &HurtValve::drive, {}};
  Param<std::int64_t> port{*this, "port", {.summary = "At which the far end listens"}};
  std::unique_ptr<bus::UdpChannel> channel_;
  std::uint64_t sequence_ = 0;
};

TAKT_NODE(HurtSource, "test/hurt_source", "Sends the time; goes wrong when told.");
TAKT_NODE(HurtRelay, "test/hurt_relay", "Passes a number on; goes wrong when told.");
TAKT_NODE(HurtValve, "test/hurt_valve", "Sends a number by UDP; goes wrong when told.");

}  // namespace
}  // namespace takt::test
