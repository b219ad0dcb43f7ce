#include <cstdio>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/doctor/latency.hpp>
#include <takt/os/host.hpp>
#include <takt/os/scheduling.hpp>

#include "runtime/cli/cli.hpp"
#include "runtime/cli/doctor_output.hpp"

namespace takt::cli {
namespace {

struct DoctorArguments {
  std::string graph;
  std::string board;
  std::string latency;
  std::string real_time;
  bool json = false;
  bool strict = false;
};

// What is asked of the machine. Nothing after wrong files, which are printed.
std::optional<doctor::Demand> demand_from(const DoctorArguments& arguments) {
  auto board = choose_board(arguments.board);
  if (!board) {
    print_error(board.error());
    return std::nullopt;
  }
  if (board->diagnostics.has_errors()) {
    std::fputs(board->diagnostics.render(colour_wanted()).c_str(), stderr);
    return std::nullopt;
  }
  doctor::Demand demand = doctor::plain_demand(os::allowed_cpus());
  if (board->profile && arguments.graph.empty() && !board->profile->isolated.empty()) {
    demand.cpus = board->profile->isolated;
  }
  if (!arguments.graph.empty()) {
    const GraphOnBoard graph = load_on_board(arguments.graph, *board, CpusOf::machine);
    std::fputs(graph.diagnostics.render(colour_wanted()).c_str(), stderr);
    if (graph.refused) print_error(*graph.refused);
    if (graph.refused || graph.diagnostics.has_errors()) return std::nullopt;
    demand = doctor::demand_of(graph.spec, graph.pool_bytes());
  }
  if (!arguments.real_time.empty()) demand.real_time_required = arguments.real_time == "required";
  demand.board = std::move(board->profile);
  return demand;
}

// One line that is written over itself every second, on a terminal.
void show_progress(const doctor::LatencyResult& result) {
  std::string line;
  for (const doctor::CpuLatency& cpu : result.cpus) {
    line += format("  cpu {}: p99 {:.1f} max {:.1f} us", cpu.cpu,
                   static_cast<double>(cpu.wake_ns.p99) * 1e-3,
                   static_cast<double>(cpu.wake_ns.max) * 1e-3);
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(result.measured);
  std::fprintf(stderr, "\r\033[K%ss%s", format("{}", seconds.count()).c_str(), line.c_str());
  std::fflush(stderr);
}

Result<doctor::LatencyResult> measure(const doctor::Demand& demand,
                                      std::chrono::nanoseconds duration) {
  doctor::LatencyOptions options;
  options.duration = duration;
  const bool live = ::isatty(STDERR_FILENO) != 0;
  if (live) options.progress = show_progress;
  auto result = doctor::measure_latency(demand, options);
  if (live) std::fputs("\r\033[K", stderr);
  return result;
}

int doctor_verb(const DoctorArguments& arguments) {
  std::optional<std::chrono::nanoseconds> duration;
  if (!arguments.latency.empty()) {
    auto parsed = parse_duration(arguments.latency);
    if (parsed && parsed->count() == 0) parsed = fail("nothing can be measured in no time");
    if (!parsed) {
      print_error(fail("--latency: " + parsed.error().message, parsed.error().fix));
      return kUsage;
    }
    duration = *parsed;
  }
  const auto demand = demand_from(arguments);
  if (!demand) return kUsage;
  std::vector<doctor::Finding> findings = doctor::examine(*demand);
  std::optional<doctor::LatencyResult> latency;
  if (duration) {
    auto measured = measure(*demand, *duration);
    if (!measured) {
      print_error(measured.error());
      return kUsage;
    }
    latency = std::move(*measured);
    for (auto& finding : doctor::judge_latency(*latency, *demand)) {
      findings.push_back(std::move(finding));
    }
  }
  const bool failed = doctor::has(findings, doctor::Status::fail) ||
                      (arguments.strict && doctor::has(findings, doctor::Status::warn));
  if (arguments.json) {
    std::puts(json_line(doctor_json(*demand, findings, latency, !failed)).c_str());
  } else {
    std::fputs(doctor_text(*demand, findings, latency).c_str(), stdout);
  }
  return failed ? kFinding : kDone;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("doctor", "Is this machine ready for real time?");
  auto arguments = std::make_shared<DoctorArguments>();
  verb->add_option("--graph", arguments->graph, "Judge by this graph's CPUs, periods and memory");
  verb->add_option("--board", arguments->board, "Board profile, by name or file");
  verb->add_option("--latency", arguments->latency,
                   "Measure for this time how late threads are woken, on each CPU");
  verb->add_option("--real-time", arguments->real_time, "Beats the graph's real_time")
      ->check(CLI::IsMember({"required", "best_effort"}));
  verb->add_flag("--json", arguments->json, "Findings and figures as one JSON object");
  verb->add_flag("--strict", arguments->strict, "Warnings are failures too");
  verb->footer(
      "Without a graph it judges for 'real_time: required' and a period of 1 ms on every CPU. "
      "Ctrl-C ends a measurement early with what it has.\n\n"
      "Exit code: 0 nothing failed, 1 a finding failed, 2 wrong usage or a wrong file.\n\n"
      "Examples:\n"
      "  takt doctor\n"
      "  takt doctor --graph config/graphs/motor_speed.yaml --latency 60s\n"
      "  takt doctor --board raspberry-pi-5 --json | jq '.findings[] | select(.status==\"fail\")'");
  verb->callback([arguments, &exit_code] { exit_code = doctor_verb(*arguments); });
}

}  // namespace takt::cli
