// All runs of all scenarios: which there are, in which order, and what becomes of their results.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <thread>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/process.hpp>
#include <takt/os/signals.hpp>
#include <takt/scenario/scenario.hpp>

#include "runtime/scenario/judge/judge.hpp"
#include "runtime/scenario/program.hpp"
#include "runtime/scenario/report/json.hpp"
#include "runtime/scenario/report/junit.hpp"
#include "runtime/scenario/report/table.hpp"
#include "runtime/scenario/report/write.hpp"
#include "runtime/scenario/stage/stage.hpp"

namespace takt {
namespace {

using namespace scenario;
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kSignalLook{50};

struct Now {
  std::string stamp;    // 20240131-235959, for names.
  std::string iso8601;  // 2024-01-31T23:59:59Z
};
Now utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm p{};
  ::gmtime_r(&now, &p);
  const int year = p.tm_year + 1900, month = p.tm_mon + 1;
  return {format("{:04}{:02}{:02}-{:02}{:02}{:02}", year, month, p.tm_mday, p.tm_hour, p.tm_min,
                 p.tm_sec),
          format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, p.tm_mday, p.tm_hour,
                 p.tm_min, p.tm_sec)};
}

// A folder's name of an id: what a shell or a file system might mind becomes a dash.
std::string as_folder(std::string id) {
  for (char& c : id) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    if (!plain) c = '-';
  }
  return id;
}

Result<void> copy_sources(const std::string& folder, const ScenarioSpec& spec,
                          const GraphSpec& graph) {
  const auto write = [&](const std::string& file, const std::string& text) {
    return os::write_file_atomically((fs::path(folder) / fs::path(file).filename()).string(), text);
  };
  if (auto written = write(spec.file, spec.source_text); !written) return written;
  return write(graph.file, graph.source_text);
}

// Runs what is planned, several lockstep runs at once.
class Session {
 public:
  Session(const TestOptions& options, const Program& program, std::string stamp)
      : options_(options),
        program_(program),
        stamp_(std::move(stamp)),
        results_(program.runs.size()) {}

  Result<void> play(TestOutcome& outcome) {
    auto signals = os::signal_fd({SIGINT, SIGTERM});
    if (!signals) return signals.error();
    const auto shared = std::partition_point(program_.runs.begin(), program_.runs.end(),
                                             [](const PlannedRun& p) { return p.run.lockstep; });
    const auto border = static_cast<std::size_t>(shared - program_.runs.begin());
    const std::uint32_t jobs = std::max<std::uint32_t>(1, options_.jobs);
    work(0, border, jobs, signals->get());
    work(border, program_.runs.size(), 1, signals->get());
    outcome.aborted = interrupts_.load() > 0;
    outcome.summary = summary();
    outcome.all_passed = !outcome.aborted && failed_ == 0;
    if (!first_problem_.ok()) return first_problem_.error();
    return {};
  }

  const std::vector<std::optional<RunResult>>& results() const { return results_; }

 private:
  void work(std::size_t begin, std::size_t end, std::uint32_t jobs, int signals) {
    next_ = begin;
    std::vector<std::thread> workers;
    std::atomic<std::size_t> busy{0};
    const std::size_t count = std::min<std::size_t>(jobs, end - begin);
    busy = count;
    for (std::size_t i = 0; i < count; ++i) {
      workers.emplace_back([&] {
        os::block_all_signals();
        for (;;) {
          const std::size_t index = next_.fetch_add(1);
          if (index >= end || interrupts_.load() > 0) break;
          run_one(index);
        }
        busy.fetch_sub(1);
      });
    }
    while (busy.load() > 0) {
      if (!os::wait_readable(signals, kSignalLook)) continue;
      while (os::read_signal(signals)) interrupts_.fetch_add(1);
    }
    for (std::thread& worker : workers) worker.join();
  }

  void run_one(std::size_t index) {
    const PlannedRun& planned = program_.runs[index];
    const Variant& variant = program_.variants[planned.variant];
    const ScenarioSpec& spec = variant.loaded.spec;
    StageOptions stage{options_.program,
                       format("test-{}-{}", ::getpid(), index),
                       spec.graph_file,
                       &interrupts_,
                       {}};
    if (options_.progress) {
      stage.progress = [&](nanoseconds t) {
        options_.progress(format("[{}/{}] {}  {:.2f} s of {:.6g} s", index + 1,
                                 program_.runs.size(), planned.run.id,
                                 static_cast<double>(t.count()) * 1e-9,
                                 static_cast<double>(spec.duration.count()) * 1e-9));
      };
    }
    RunResult result = described(planned, variant);
    Performance performance = perform(variant.loaded, stage);
    judge_all(variant.loaded, performance, result);
    keep(index, variant.loaded, std::move(result));
  }

  RunResult described(const PlannedRun& planned, const Variant& variant) const {
    const ScenarioSpec& spec = variant.loaded.spec;
    RunResult result;
    result.scenario = spec.name;
    result.description = spec.description;
    result.file = spec.file;
    result.graph = spec.graph_file;
    result.clock = spec.clock == ClockMode::lockstep ? "lockstep" : "realtime";
    result.seed = spec.seed;
    result.requirements = spec.requirements;
    result.parameters = planned.run.parameters;
    result.repetition = planned.run.repetition;
    result.repetitions = planned.run.repetitions;
    result.id = planned.run.id;
    result.command = format("takt test {} --only '{}'", spec.file, planned.run.id);
    // Without what was asked for on the command line there may be no such run.
    if (options_.repeat) result.command += format(" --repeat {}", *options_.repeat);
    if (options_.clock) result.command += format(" --clock {}", result.clock);
    result.started = utc_now().iso8601;
    result.plots = spec.plots;
    fs::path folder = fs::path(options_.results) / format("{}-{}", as_folder(spec.name), stamp_);
    const bool alone = planned.run.parameters.empty() && planned.run.repetitions == 1;
    if (!alone) folder /= as_folder(planned.run.id);
    result.folder = folder.string();
    return result;
  }

  static void judge_all(const LoadedScenario& loaded, Performance& performance, RunResult& result) {
    const ScenarioSpec& spec = loaded.spec;
    result.end = performance.end;
    result.problem = performance.problem;
    result.duration = nanoseconds(performance.trace.end_ns);
    result.wall_s = performance.wall_s;
    result.summary = performance.summary;
    result.faults = std::move(performance.faults);
    const Evidence evidence{spec, performance.trace, performance.summary};
    for (const AssessmentSpec& assessment : spec.assessments) {
      result.assessments.push_back(judge(assessment, evidence));
    }
    for (std::size_t i = 0; i < spec.signals.size(); ++i) {
      SignalTrace& trace = performance.trace.signals[i];
      result.signals.push_back({spec.signals[i].name, spec.signals[i].text(), spec.signals[i].unit,
                                trace.interpolates, std::move(trace.t_ns),
                                std::move(trace.values)});
    }
    result.events = std::move(performance.trace.events);
  }

  void keep(std::size_t index, const LoadedScenario& loaded, RunResult result) {
    const std::lock_guard lock(mutex_);
    auto written = write_results(result.folder, result);
    if (written) written = copy_sources(result.folder, loaded.spec, loaded.graph);
    if (!written && first_problem_.ok()) first_problem_ = written.error();
    if (!result.passed()) ++failed_;
    if (options_.say) {
      options_.say(result_headline(result) + result_table(result, options_.colour) + "\n");
    }
    results_[index] = std::move(result);
  }

  Json summary() const {
    Json runs = Json::array();
    for (const auto& result : results_) {
      if (result) runs.push_back(to_json(*result));
    }
    return {{"takt_test", 1},
            {"planned", results_.size()},
            {"failed", failed_},
            {"aborted", interrupts_.load() > 0},
            {"runs", std::move(runs)}};
  }

  const TestOptions& options_;
  const Program& program_;
  std::string stamp_;
  std::vector<std::optional<RunResult>> results_;
  std::atomic<std::size_t> next_{0};
  std::atomic<int> interrupts_{0};
  std::mutex mutex_;  // Of what follows, and of everything that is said.
  std::size_t failed_ = 0;
  Result<void> first_problem_;
};

}  // namespace

TestOutcome list_scenarios(const TestOptions& options) {
  TestOutcome outcome;
  const auto program = std::make_shared<const Program>(read_program(options));
  outcome.diagnostics = program->diagnostics;
  for (const PlannedRun& planned : program->runs) outcome.runs.push_back(planned.run);
  outcome.program = program;
  return outcome;
}

Result<TestOutcome> run_scenarios(const TestOptions& options, TestOutcome outcome) {
  if (outcome.diagnostics.has_errors() || outcome.runs.empty()) return outcome;
  Session session(options, *outcome.program, utc_now().stamp);
  if (auto played = session.play(outcome); !played) return played.error();
  if (!options.junit.empty()) {
    std::vector<RunResult> results;
    for (const auto& result : session.results()) {
      if (result) results.push_back(*result);
    }
    auto written = os::write_file_atomically(options.junit, junit_xml(results));
    if (!written) return written.error();
  }
  return outcome;
}

}  // namespace takt
