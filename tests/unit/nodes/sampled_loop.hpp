// A controller that runs every period against a continuous plant, as in the oracle's lib_sd_lin.m.
//
//        +------------+   u    +-----------------+   applied   +---------------------+
//   y -->| controller |------->| delay, periods  |------------>| plant, in substeps  |--> y
//        +------------+        +-----------------+             +---------------------+
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace takt::test {

struct LoopTimes {
  double period = 0.0;
  std::size_t substeps = 1;  // Samples of the record in one period.
  std::size_t periods = 0;
  std::size_t delay = 0;  // Whole periods between the sample of y and its u at the plant.
};

struct LoopRecord {
  std::vector<double> t, y, u;
};

// `plant.output()` gives y, `plant.advance(u)` moves it by one substep; `controller(y)` gives u.
template <typename Plant, typename Controller>
LoopRecord run_sampled_loop(const LoopTimes& times, Plant plant, Controller controller) {
  LoopRecord record;
  std::deque<double> on_the_way(times.delay, 0.0);
  double applied = 0.0;
  const double substep = times.period / static_cast<double>(times.substeps);
  const auto log = [&] {
    record.t.push_back(static_cast<double>(record.t.size()) * substep);
    record.y.push_back(plant.output());
    record.u.push_back(applied);
  };
  for (std::size_t k = 0; k < times.periods; ++k) {
    on_the_way.push_back(controller(plant.output()));
    applied = on_the_way.front();
    on_the_way.pop_front();
    for (std::size_t j = 0; j < times.substeps; ++j) {
      log();
      plant.advance(applied);
    }
  }
  log();
  return record;
}

}  // namespace takt::test
