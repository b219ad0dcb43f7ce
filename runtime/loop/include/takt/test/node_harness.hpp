// Runs one node in a unit test: the real loop with local ports and a clock that stands still.
//
//   takt::test::NodeHarness sut("controller/pid", {.params = {{"kp", 2.0}}, .period = 10ms});
//   sut.send("measurement", takt::Scalar{0.5});
//   sut.step();
//   EXPECT_EQ(sut.sent<takt::Scalar>("output")->value, -1.0);
#pragma once

#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/manifest/node_config.hpp>
#include <takt/node/node.hpp>
#include <takt/sample/sample.hpp>
#include <takt/status/pages.hpp>

namespace takt::test {

struct HarnessOptions {
  Json params = Json::object();        // In the declared units; the rest takes its fallback.
  std::chrono::nanoseconds period{0};  // 0: triggered by the first input that is sent to.
  std::string base_folder = ".";
  // The bytes of the node's `State` with which it is started again; empty: a first start.
  std::vector<std::byte> state{};
  std::vector<std::string> unconnected{};  // Optional inputs that the graph leaves out.
  // Last word on the configuration before the node is made: limits of age, safe values, `initial`.
  std::function<void(NodeConfig&)> adjust{};
};

// One node under test. A failed `configure` is in `error()`; every other call then ends the test.
//
// Thread safety: one thread. Real time: no. Lifetime: independent.
class NodeHarness {
 public:
  NodeHarness(std::string_view type, const HarnessOptions& options = {});
  ~NodeHarness();

  // Null when `configure` went well.
  const Error* error() const;
  Node& node();
  // Counters and histograms of the loop.
  const StatusPage& status() const;

  // The node's `State` after its last whole step; empty when there is none.
  std::vector<std::byte> state() const;

  // What the node has logged since the last call, each as "level: text".
  std::vector<std::string> logged();

  // Puts a sample into an input's queue, stamped with the present time (and as its origin).
  template <Sample T>
  void send(std::string_view input, const T& sample) {
    send_bytes(input, layout_of<T>(), std::as_bytes(std::span(&sample, 1)));
  }
  // One release: advances the clock by the period (not before the first) and runs the loop once.
  // Returns what the loop did.
  enum class Did { stepped, went_stale, waited, stopped };
  Did step();
  // Moves the clock without a release.
  void advance(std::chrono::nanoseconds time);
  // A release after `count` skipped ones.
  Did step_after_skipping(std::uint64_t count);

  // The newest sample that the node has sent since the last call for this output; none when it
  // sent nothing.
  template <Sample T>
  std::optional<T> sent(std::string_view output) {
    T sample;
    if (!take_bytes(output, layout_of<T>(), std::as_writable_bytes(std::span(&sample, 1)))) {
      return std::nullopt;
    }
    return sample;
  }

 private:
  void send_bytes(std::string_view input, const Layout& layout, std::span<const std::byte> sample);
  bool take_bytes(std::string_view output, const Layout& layout, std::span<std::byte> sample);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace takt::test
