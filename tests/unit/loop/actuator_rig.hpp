// One actuator with a control page: the fixture of what it does when it must be safe.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/loop/loop_rig.hpp"

namespace takt::test {

//   test --command--> n0 (loop/drive, safe -5)
class ActuatorRig : public testing::Test {
 protected:
  ~ActuatorRig() override { control->supervisor.release(); }

  LoopRig::Part& add(const std::function<void(NodeConfig&)>& adjust) {
    control->supervisor.init();
    control->supervisor.claim();
    rig.control = control.get();
    sut = &rig.add("loop/drive", [&](NodeConfig& config) {
      config.actuator = true;
      config.outputs[0].has_safe = true;
      config.outputs[0].safe = bytes_of({-5.0});
      adjust(config);
    });
    return *sut;
  }

  // One release 1 ms later; what it sent. A command of 2 comes with it unless `silent`.
  double step(bool silent = false) {
    rig.clock.advance(std::chrono::milliseconds(1));
    if (!silent) rig.send(*sut, "in", 2.0, rig.clock.now().count());
    sut->loop->collect();
    const auto now = rig.clock.now().count();
    sut->loop->run({now, now, 0});
    return sent();
  }
  // The newest value since the last look; 0 when nothing was sent.
  double sent() {
    double value = 0.0;
    port::Taken taken;
    while (sut->readers.at("out")->try_take(taken)) {
      std::memcpy(&value, taken.data, sizeof value);
      sut->readers.at("out")->drop();
    }
    return value;
  }
  TripCause cause() const { return static_cast<TripCause>(sut->status->trip_cause.load()); }

  LoopRig rig;
  std::unique_ptr<ControlPage> control = std::make_unique<ControlPage>();
  LoopRig::Part* sut = nullptr;
};

}  // namespace takt::test
