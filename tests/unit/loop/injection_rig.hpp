// One node and a page of injections beside it.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {

inline constexpr std::int64_t kMillisecond = 1'000'000;

// A relay of one period, released once a millisecond; `send` before a release is what it reads.
class InjectionRig : public testing::Test {
 protected:
  InjectionRig() { rig.injections = page(); }

  InjectionPage* page() { return reinterpret_cast<InjectionPage*>(memory.get()); }

  // From the instants on, in milliseconds; of the element "value" of the input "in".
  static InjectionEntry entry(InjectionVerb verb, std::int64_t from, std::int64_t until) {
    InjectionEntry made;
    made.verb = verb;
    made.from_ns = from * kMillisecond;
    made.until_ns = until * kMillisecond;
    return made;
  }
  void inject(InjectionEntry made, const std::vector<DrivePoint>& points = {}) {
    made.serial = ++serial;
    made.first_point = used_points;
    made.points = static_cast<std::uint32_t>(points.size());
    std::copy(points.begin(), points.end(), page()->points() + used_points);
    used_points += made.points;
    write_injection(page()->slots[serial - 1], made);
    page()->slots_used = static_cast<std::uint32_t>(serial);
    page()->last_serial = serial;
  }

  void start(const std::function<void(NodeConfig&)>& adjust = {}) {
    part = &rig.add("loop/relay", [&](NodeConfig& config) {
      config.inputs.resize(1);
      config.trigger.kind = TriggerKind::periodic;
      config.trigger.period = config.period = std::chrono::milliseconds(1);
      if (adjust) adjust(config);
    });
  }
  Relay& node() { return static_cast<Relay&>(part->loop->node()); }
  std::int64_t now() const { return rig.clock.now().count(); }

  // One release at each of the next milliseconds; before each a sample with its number is sent.
  void run(int releases, bool sends = true) {
    for (int i = 0; i < releases; ++i) {
      if (sends) rig.send(*part, "in", static_cast<double>(now() / kMillisecond), now());
      part->loop->collect();
      part->loop->run({now(), now(), 0});
      rig.clock.advance(std::chrono::milliseconds(1));
    }
  }
  std::uint64_t injected() const { return part->status->inputs[0].injected; }

  std::unique_ptr<std::byte[]> memory =
      std::make_unique<std::byte[]>(InjectionPage::bytes_for(kInjectionPointsMax));
  LoopRig rig;
  LoopRig::Part* part = nullptr;
  std::uint64_t serial = 0;
  std::uint32_t used_points = 0;
};

using Values = std::vector<double>;

}  // namespace takt::test
