// Writes the reports of a made-up run into a folder, for tests by programs of others:
//
//   write_reports FOLDER            one of everything
//   write_reports FOLDER SAMPLES    so many of its first signal
//   write_reports FOLDER hostile    every text holds markup, control characters and broken UTF-8
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "runtime/scenario/report/write.hpp"
#include "tests/unit/scenario/sample_run.hpp"

int main(int count, char** words) {
  using namespace takt::scenario;
  if (count < 2) return 2;
  RunResult run = test::full_run();
  if (count > 2 && std::string_view(words[2]) == "hostile") {
    run = test::hostile_run();
  } else if (count > 2) {
    const auto samples = static_cast<std::size_t>(std::atoll(words[2]));
    run.signals[0] = test::response_of("speed", samples);
    run.duration = std::chrono::milliseconds(samples);
  }
  const auto written = write_results(words[1], run);
  if (!written) std::fprintf(stderr, "%s\n", written.error().text().c_str());
  return written.ok() ? 0 : 1;
}
