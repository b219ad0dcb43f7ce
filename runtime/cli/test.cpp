// `takt test`: runs scenarios and judges them.
#include <cstdio>
#include <memory>
#include <mutex>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/scenario/scenario.hpp>

#include "runtime/cli/cli.hpp"
#include "runtime/cli/screen.hpp"

namespace takt::cli {
namespace {

struct TestArguments {
  std::vector<std::string> files;
  std::vector<std::string> only;
  std::string results = "results";
  std::string junit;
  std::string clock;
  std::uint32_t repeat = 0;
  std::uint32_t jobs = 1;
  bool list = false;
  bool json = false;
  bool strict = false;
};

void print_list(const TestOutcome& outcome, bool json) {
  if (json) {
    Json runs = Json::array();
    for (const ScenarioRun& run : outcome.runs) {
      runs.push_back(
          {{"id", run.id}, {"file", run.file}, {"clock", run.lockstep ? "lockstep" : "realtime"}});
    }
    std::puts(json_line({{"takt_test", 1}, {"runs", std::move(runs)}}).c_str());
    return;
  }
  std::vector<Row> rows{{"run", "clock", "file"}};
  for (const ScenarioRun& run : outcome.runs) {
    rows.push_back({run.id, run.lockstep ? "lockstep" : "realtime", run.file});
  }
  std::fputs(lay_out(rows).c_str(), stdout);
}

// What the files say against themselves; true when nothing may be run.
bool is_refused(const TestOutcome& outcome, const TestArguments& arguments) {
  std::fputs(outcome.diagnostics.render(colour_wanted()).c_str(), stderr);
  const bool wrong = outcome.diagnostics.has_errors();
  return wrong || (arguments.strict && !outcome.diagnostics.empty());
}

int conclude(const TestOutcome& outcome, const TestArguments& arguments) {
  const std::size_t failed = outcome.summary.value("failed", std::size_t{0});
  const std::size_t shown = outcome.summary.at("runs").size();
  if (arguments.json) {
    std::puts(json_line(outcome.summary).c_str());
  } else if (outcome.aborted) {
    std::printf("aborted: %zu of %zu runs were finished\n", shown, outcome.runs.size());
  } else {
    std::printf("%zu of %zu runs passed\n", shown - failed, outcome.runs.size());
  }
  return outcome.all_passed ? kDone : kFinding;
}

int test(const TestArguments& arguments) {
  Screen screen(::isatty(STDERR_FILENO) != 0);
  TestOptions options;
  options.files = arguments.files;
  options.only = arguments.only;
  if (arguments.repeat > 0) options.repeat = arguments.repeat;
  options.jobs = arguments.jobs;
  options.results = arguments.results;
  options.junit = arguments.junit;
  options.clock = clock_named(arguments.clock);
  options.load = load_options();
  options.program = own_program();
  std::mutex mutex;  // Runs go on beside each other.
  const bool json = arguments.json;
  if (screen.live()) {
    options.progress = [&](const std::string& text) {
      const std::lock_guard lock(mutex);
      screen.line(text);
    };
  }
  options.say = [&](const std::string& text) {
    const std::lock_guard lock(mutex);
    screen.clear();
    std::fputs(text.c_str(), json ? stderr : stdout);
    std::fflush(stdout);
  };
  options.colour = ::isatty(json ? STDERR_FILENO : STDOUT_FILENO) != 0 && colour_wanted();
  TestOutcome listed = list_scenarios(options);
  if (is_refused(listed, arguments)) {
    std::fputs("nothing was run\n", stderr);
    return kUsage;
  }
  if (arguments.list) {
    print_list(listed, arguments.json);
    return kDone;
  }
  if (listed.runs.empty()) {
    print_error(fail(format("no run is called '{}'", fmt::join(arguments.only, "' or '")),
                     "takt test FILE --list names them"));
    return kUsage;
  }
  auto outcome = run_scenarios(options, std::move(listed));
  if (!outcome) {
    print_error(outcome.error());
    return kFinding;
  }
  return conclude(*outcome, arguments);
}

}  // namespace

void add_test(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("test", "Run scenarios and judge them");
  auto arguments = std::make_shared<TestArguments>();
  verb->add_option("SCENARIO", arguments->files, "Scenario files")->required();
  verb->add_option("--only", arguments->only,
                   "Only runs whose name contains this; may be given several times");
  verb->add_option("--repeat", arguments->repeat, "Every run so often; beats the scenario's own")
      ->check(CLI::Range(1U, 100'000U));
  verb->add_option("-j,--jobs", arguments->jobs,
                   "Runs in lockstep beside each other; in real time they are always one at a time")
      ->check(CLI::Range(1U, 64U));
  verb->add_option("--clock", arguments->clock, "Beats the scenarios' clock")
      ->check(CLI::IsMember({"realtime", "lockstep"}));
  verb->add_option("--results", arguments->results,
                   "Folder in which every scenario's results get a folder (default: results)");
  verb->add_option("--junit", arguments->junit, "Also one JUnit file for all runs");
  verb->add_flag("--list", arguments->list, "Check the files, name their runs, and run nothing");
  verb->add_flag("--json", arguments->json, "Print the verdicts as one JSON object at the end");
  verb->add_flag("--strict", arguments->strict, "Warnings refuse the run");
  verb->footer(
      "A scenario is a YAML file with stimuli, faults and assessments of a graph. Its results are "
      "a folder: report.html, junit.xml, signals.csv, events.csv, summary.json and copies of the "
      "scenario and its graph. Ctrl-C ends safely and leaves a report marked aborted.\n\nExit "
      "code: 0 everything passed, 1 a verdict is fail, untested or error, 2 wrong usage or "
      "files.\n\nExamples:\n"
      "  takt test config/scenarios/motor_speed.yaml\n"
      "  takt test scenarios/*.yaml -j 2 --junit results.xml\n"
      "  takt test motor.yaml --list\n"
      "  takt test motor.yaml --only 'motor_speed[Ts=10ms]' --repeat 20");
  verb->callback([arguments, &exit_code] { exit_code = test(*arguments); });
}

}  // namespace takt::cli
