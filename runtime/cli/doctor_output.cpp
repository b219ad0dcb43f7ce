#include "runtime/cli/doctor_output.hpp"

#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>

namespace takt::cli {
namespace {

using doctor::CpuLatency;
using doctor::Finding;
using doctor::LatencyResult;
using doctor::Status;

Json asked_json(const doctor::Demand& demand) {
  return {{"graph", demand.graph.empty() ? Json() : Json(demand.graph)},
          {"board", demand.board ? Json(demand.board->name) : Json()},
          {"real_time", demand.real_time_required ? "required" : "best_effort"},
          {"priority", demand.priority},
          {"cpus", demand.cpus},
          {"period_ns", demand.period.count()},
          {"pool_bytes", demand.pool_bytes}};
}

Json cpu_json(const CpuLatency& cpu) {
  Json wake;  // Null: nothing was measured.
  if (cpu.wake_ns.count > 0) {
    wake = {{"min", cpu.min_ns},        {"p50", cpu.wake_ns.p50}, {"p99", cpu.wake_ns.p99},
            {"p999", cpu.wake_ns.p999}, {"max", cpu.wake_ns.max}, {"count", cpu.wake_ns.count}};
  }
  Json entry = {{"cpu", cpu.cpu},
                {"real_time", cpu.real_time},
                {"wake_ns", std::move(wake)},
                {"skipped", cpu.skipped}};
  entry["refused"] =
      cpu.refused ? Json{{"message", cpu.refused->message}, {"fix", cpu.refused->fix}} : Json();
  return entry;
}

Json latency_json(const LatencyResult& latency) {
  Json cpus = Json::array();
  for (const CpuLatency& cpu : latency.cpus) cpus.push_back(cpu_json(cpu));
  return {{"measured_ns", latency.measured.count()},
          {"period_ns", latency.period.count()},
          {"priority", latency.priority},
          {"memory_locked", latency.memory_locked},
          {"ended_early", latency.ended_early},
          {"cpus", std::move(cpus)}};
}

std::string latency_text(const LatencyResult& latency) {
  const auto us = [](std::int64_t ns) { return format("{:.1f}", static_cast<double>(ns) * 1e-3); };
  std::string text = format(
      "\nwake-up latency in us, {:.1f} s at a period of {:g} ms{}\n"
      "cpu  class      wake-ups      min      p50      p99    p99.9      max  skipped\n",
      std::chrono::duration<double>(latency.measured).count(),
      static_cast<double>(latency.period.count()) * 1e-6,
      latency.ended_early ? ", ended early" : "");
  for (const CpuLatency& cpu : latency.cpus) {
    const Percentiles& wake = cpu.wake_ns;
    text += format("{:<3}  {:<8} {:>10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n", cpu.cpu,
                   cpu.real_time ? format("fifo {}", latency.priority) : "other", wake.count,
                   us(cpu.min_ns), us(wake.p50), us(wake.p99), us(wake.p999), us(wake.max),
                   cpu.skipped);
  }
  return text;
}

// Breaks at blanks, so that no line is longer than a terminal is wide.
std::string wrapped(const std::string& label, const std::string& text) {
  constexpr std::size_t kWidth = 92;
  std::string lines, line = label;
  for (const std::string& word : split(text, ' ')) {
    if (line.size() + 1 + word.size() > kWidth && line.size() > label.size()) {
      lines += line + "\n";
      line = std::string(label.size(), ' ');
    }
    line += " " + word;
  }
  return lines + line + "\n";
}

std::size_t count_of(const std::vector<Finding>& findings, Status status) {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [&](const Finding& f) { return f.status == status; }));
}

std::string one_finding(const Finding& finding) {
  std::string text =
      wrapped(format("{:<8} {:<20}", to_text(finding.status), finding.id), finding.value);
  if (finding.status == Status::ok) return text;
  text += wrapped("           why:", finding.why);
  // On one line, to be copied.
  if (!finding.fix.empty()) text += format("           fix: {}\n", finding.fix);
  return text;
}

}  // namespace

Json doctor_json(const doctor::Demand& demand, const std::vector<Finding>& findings,
                 const std::optional<LatencyResult>& latency, bool ok) {
  const os::Host host = os::this_host();
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"id", finding.id},
                    {"status", to_text(finding.status)},
                    {"value", finding.value},
                    {"why", finding.why},
                    {"fix", finding.fix}});
  }
  return {{"takt_doctor", 1},
          {"ok", ok},
          {"host", {{"kernel", host.kernel}, {"arch", host.arch}}},
          {"asked", asked_json(demand)},
          {"findings", std::move(list)},
          {"latency", latency ? latency_json(*latency) : Json()}};
}

std::string doctor_text(const doctor::Demand& demand, const std::vector<Finding>& findings,
                        const std::optional<LatencyResult>& latency) {
  std::string text;
  for (const Finding& finding : findings) text += one_finding(finding);
  if (latency) text += latency_text(*latency);
  text += format("\n{} ok, {} warnings, {} failed, {} unknown, judged for {}, real time {}\n",
                 count_of(findings, Status::ok), count_of(findings, Status::warn),
                 count_of(findings, Status::fail), count_of(findings, Status::unknown),
                 demand.graph.empty() ? "a period of 1 ms" : "graph '" + demand.graph + "'",
                 demand.real_time_required ? "required" : "best effort");
  return text;
}

}  // namespace takt::cli
