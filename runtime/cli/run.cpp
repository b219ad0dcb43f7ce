#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>
#include <takt/supervisor/instance.hpp>
#include <takt/supervisor/supervisor.hpp>

#include "runtime/cli/cli.hpp"
#include "runtime/cli/rehearse.hpp"
#include "runtime/cli/screen.hpp"

namespace takt::cli {
namespace {

struct RunArguments {
  std::string file;
  std::string board;
  std::string run_for;
  std::string instance;
  std::string real_time;
  std::string clock;
  std::string speed;
  std::string startup_deadline;
  std::string watchdog;
  std::string rehearse;  // Descriptors that a scenario handed on.
  std::uint32_t await_taps = 0;
  bool allow_processor_sleep = false;
  bool json = false;
  bool strict = false;
};

// What an earlier life of this process says of a whole restart, as JSON.
constexpr const char* kRestartVariable = "TAKT_GRAPH_RESTART";

GraphRestart restart_from_environment() {
  GraphRestart restart;
  const char* text = std::getenv(kRestartVariable);
  if (text == nullptr) return restart;
  const auto json = parse_json(text);
  if (!json || json->value("pid", 0) != ::getpid()) return restart;  // Of somebody else.
  restart.count = json->value("count", 0U);
  restart.first = std::chrono::nanoseconds(json->value("first_ns", std::int64_t{0}));
  const auto until = json->value("run_until_ns", std::int64_t{0});
  if (until > 0) restart.run_until = std::chrono::nanoseconds(until);
  restart.armed = json->value("armed", false);
  restart.reason = json->value("reason", "");
  return restart;
}

Result<void> start_anew(const GraphRestart& restart) {
  const Json json = {{"pid", ::getpid()},
                     {"count", restart.count},
                     {"first_ns", restart.first.count()},
                     {"run_until_ns", restart.run_until ? restart.run_until->count() : 0},
                     {"armed", restart.armed},
                     {"reason", restart.reason}};
  return os::execute_again({format("{}={}", kRestartVariable, json_line(json))});
}

// A number above 0.
std::optional<double> parse_positive(const std::string& text) {
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(value) || value <= 0.0) return std::nullopt;
  return value;
}

Result<RunOptions> options_from(const RunArguments& arguments) {
  RunOptions options;
  options.instance = arguments.instance;
  options.restarted = restart_from_environment();
  if (const char* named = std::getenv("TAKT_INSTANCE"); options.instance.empty() && named) {
    options.instance = named;
  }
  if (options.instance.empty()) options.instance = "default";
  if (!is_instance_name(options.instance)) {
    return fail(format("'{}' is not the name of an instance", options.instance),
                "1 to 32 of a-z, 0-9, _ and -");
  }
  options.await_taps = arguments.await_taps;
  options.watchdog = arguments.watchdog;
  options.allow_processor_sleep = arguments.allow_processor_sleep;
  if (!arguments.run_for.empty()) {
    auto time = parse_duration(arguments.run_for);
    if (!time) return fail("--for: " + time.error().message, time.error().fix);
    options.run_for = *time;
  }
  if (!arguments.speed.empty() && arguments.speed != "max") {
    const auto speed = parse_positive(arguments.speed);
    if (!speed) {
      return fail(format("--speed: '{}' is no speed", arguments.speed),
                  "'max', or how many times as fast as the machine's time: 0.5, 1, 10");
    }
    options.speed = *speed;
  }
  if (!arguments.startup_deadline.empty()) {
    auto time = parse_duration(arguments.startup_deadline);
    if (!time) return fail("--startup-deadline: " + time.error().message, time.error().fix);
    options.startup_deadline = *time;
  }
  return options;
}

int exit_code_of(RunResult result) {
  switch (result) {
    case RunResult::ok:
      return kDone;
    case RunResult::failed:
    case RunResult::refused:
    case RunResult::restart:  // Only when the program could not be executed anew.
      return kFinding;
    case RunResult::killed:
      return kInterruptedTwice;
  }
  return kFinding;
}

int report(const RunOutcome& outcome, bool json, Screen& screen) {
  if (json) {
    std::puts(json_line(outcome.summary).c_str());
  } else if (outcome.result != RunResult::refused) {
    std::fputs(table_of(outcome.summary).c_str(), stdout);
    std::fflush(stdout);
  }
  if (outcome.result == RunResult::refused) {
    screen.say(format("error: the graph was not started: {}", outcome.reason));
  } else if (outcome.result != RunResult::ok) {
    screen.say(format("error: {}", outcome.reason));
  }
  if (outcome.result != RunResult::refused && !outcome.not_applied.empty()) {
    screen.say(outcome.not_applied);
  }
  return exit_code_of(outcome.result);
}

int run(const RunArguments& arguments) {
  auto options = options_from(arguments);
  if (!options) {
    print_error(options.error());
    return kUsage;
  }
  const auto board = choose_board(arguments.board);
  if (!board) {
    print_error(board.error());
    return kUsage;
  }
  if (auto same = require_this_machine(*board); !same) {
    print_error(same.error());
    return kFinding;
  }
  GraphOverrides overrides{{}, clock_named(arguments.clock), {}};
  if (!arguments.rehearse.empty()) {
    auto rehearsal = read_rehearsal(arguments.rehearse);
    if (!rehearsal) {
      print_error(rehearsal.error());
      return kUsage;
    }
    options->rehearsal = std::move(rehearsal->rehearsal);
    overrides.params = std::move(rehearsal->params);
  }
  if (!arguments.real_time.empty()) {
    overrides.real_time =
        arguments.real_time == "required" ? RealTimeMode::required : RealTimeMode::best_effort;
  }
  const GraphOnBoard loaded = load_on_board(arguments.file, *board, CpusOf::machine, overrides);
  std::fputs(loaded.diagnostics.render(colour_wanted()).c_str(), stderr);
  if (loaded.diagnostics.has_errors() || (arguments.strict && !loaded.diagnostics.empty())) {
    std::fputs("nothing was started\n", stderr);
    return loaded.diagnostics.has_errors() ? kUsage : kFinding;
  }
  if (!arguments.speed.empty() && loaded.spec.clock != ClockMode::lockstep) {
    print_error(fail("--speed is for lockstep: the machine's time cannot be hurried",
                     "add --clock lockstep"));
    return kUsage;
  }
  Screen screen(::isatty(STDERR_FILENO) != 0);
  options->say = [&screen](const std::string& text) { screen.say(text); };
  if (screen.live()) {
    options->live_line = [&screen](const std::string& text) { screen.line(text); };
  }
  auto outcome = run_graph(loaded.spec, *options);
  if (!outcome) {
    print_error(outcome.error());
    return kFinding;
  }
  if (outcome->result == RunResult::restart) {
    print_error(start_anew(outcome->restart).error());
  }
  return report(*outcome, arguments.json, screen);
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("run", "Run a graph until it is stopped");
  auto arguments = std::make_shared<RunArguments>();
  verb->add_option("GRAPH", arguments->file, "Graph file")->required();
  verb->add_option("--board", arguments->board,
                   "Place nodes by this board profile, by name or file; it must be this machine's");
  verb->add_option("--for", arguments->run_for, "Stop after this time, counted from the barrier");
  verb->add_option("--instance", arguments->instance, "Name of this run (default: default)");
  verb->add_option("--real-time", arguments->real_time, "Beats the graph's real_time")
      ->check(CLI::IsMember({"required", "best_effort"}));
  verb->add_option("--clock", arguments->clock,
                   "Beats the graph's clock. In lockstep time goes on when every node has done "
                   "what is due: the same samples in every run, whatever else the machine does")
      ->check(CLI::IsMember({"realtime", "lockstep"}));
  verb->add_option("--speed", arguments->speed,
                   "In lockstep: at most so many times as fast as the machine's time (default: "
                   "max)");
  verb->add_option("--rehearse", arguments->rehearse, "The wire and the plan of a scenario")
      ->group("");  // For `takt test`: not in --help.
  verb->add_option("--await-taps", arguments->await_taps,
                   "Open the barrier when this many tools are attached");
  verb->add_option("--startup-deadline", arguments->startup_deadline,
                   "Refuse a start that takes longer (default: 30s)");
  verb->add_option(
      "--watchdog", arguments->watchdog,
      "Feed this device (/dev/watchdog0) while the graph is well; it resets the machine "
      "when it is not fed, and is stopped only by an end that was asked for");
  verb->add_flag("--allow-processor-sleep", arguments->allow_processor_sleep,
                 "Do not hold /dev/cpu_dma_latency at 0: less power, later wake-ups");
  verb->add_flag("--json", arguments->json, "Print the summary as one JSON object at the end");
  verb->add_flag("--strict", arguments->strict, "Warnings refuse the start");
  verb->footer(
      "Ctrl-C stops safely: actuators first, then the nodes against the data flow. A second Ctrl-C "
      "kills.\n\nExit code: 0 ended as asked, 1 refused or a node failed, 2 wrong usage or graph, "
      "130 killed.\n\nExamples:\n"
      "  takt run config/graphs/motor_speed.yaml\n"
      "  takt run motor.yaml --for 10s --json > summary.json\n"
      "  takt run motor.yaml --clock lockstep --for 1h\n"
      "  takt run motor.yaml --instance left --real-time best_effort");
  verb->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace takt::cli
