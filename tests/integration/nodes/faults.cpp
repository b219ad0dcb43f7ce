// test/faulty: a node that goes wrong in the way that its parameters name.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

#include <signal.h>
#include <unistd.h>

#include <takt/node/node.hpp>

#include "tests/integration/nodes/crash.hpp"

namespace takt::test {
namespace {

class Faulty final : public Node {
  Output<Scalar> out{*this, "out", {.origin = Origin::now}};
  Param<std::string> configures{
      *this, "configure", {.fallback = "ok", .choices = {"ok", "fail", "hang", "crash"}}};
  Param<std::string> steps{*this,
                           "step",
                           {.fallback = "ok",
                            .choices = {"ok", "crash", "failed", "done", "spin", "print", "log",
                                        "exit", "broken", "nan"}}};
  Param<std::int64_t> at{*this, "at", {.summary = "In which step", .fallback = 0}};
  Param<double> value{*this, "value", {.summary = "What it sends", .fallback = 1.0}};

  Result<void> configure(NodeContext& context) override {
    log_ = &context.log();
    if (steps.value() == "log") log_->info("configured");
    if (configures.value() == "fail") {
      return fail("the sensor on bus 7 does not answer", "switch it on");
    }
    if (configures.value() == "crash") crash();
    while (configures.value() == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    if (steps.value() == "nan" && cycle.index == static_cast<std::uint64_t>(at))
      sum_ = std::nan("");
    out.publish({value + sum_});
    if (cycle.index < static_cast<std::uint64_t>(at)) return StepResult::ok;
    const std::string& how = steps.value();
    if (how == "crash") crash();
    if (how == "exit") ::_exit(7);
    if (how == "broken") ::_exit(70);  // What a node does that finds the shared memory broken.
    if (how == "failed") return StepResult::failed;
    if (how == "done") return StepResult::done;
    if (how == "print" && cycle.index == static_cast<std::uint64_t>(at)) {
      std::puts("words on standard output");
      std::fflush(stdout);
      std::fputs("words on standard error\n", stderr);
    }
    if (how == "log") log_->warning("step {} of {}", cycle.index, at.value());
    while (how == "spin") spun_ = spun_ + 1;
    return StepResult::ok;
  }

  void reset() noexcept TAKT_RT override { sum_ = 0.0; }

  double sum_ = 0.0;  // Once it is NaN it stays so, as in every integrator.
  volatile std::uint64_t spun_ = 0;
  Logger* log_ = nullptr;
};

TAKT_NODE(Faulty, "test/faulty", "Goes wrong as asked.");

}  // namespace
}  // namespace takt::test
