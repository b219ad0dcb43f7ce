#include "runtime/supervisor/summary.hpp"

#include <cstdlib>
#include <memory>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>

namespace takt::supervisor {
namespace {

Json json_of(const Histogram& histogram) {
  const Percentiles p = histogram.percentiles();
  if (p.count == 0) return nullptr;
  return {{"p50", p.p50}, {"p99", p.p99}, {"p999", p.p999}, {"max", p.max}, {"count", p.count}};
}

std::uint64_t value(const std::atomic<std::uint64_t>& word) {
  return word.load(std::memory_order_relaxed);
}

// A dead process says nothing of its state any more: how it ended does.
std::string state_of(const Process& process, const StatusPage& page) {
  const auto state = static_cast<NodeState>(page.state.load(std::memory_order_acquire));
  if (process.restart_at) return "configuring";
  if (process.failure || (process.ending && !process.ending->clean())) return "failed";
  if (process.ending && state != NodeState::failed) return "stopped";
  return std::string(name_of(state));
}

Json from_of(const InputConfig& input) {
  if (input.external) return "external";
  return input.from ? Json(input.from->text()) : Json();
}

Json inputs_of(const NodeConfig& config, const StatusPage& page) {
  Json inputs = Json::array();
  for (std::size_t i = 0; i < config.inputs.size(); ++i) {
    const InputConfig& input = config.inputs[i];
    const InputCounters& counters = page.inputs[i];
    Json shown = {{"name", input.name},
                  {"from", from_of(input)},
                  {"taken", value(counters.taken)},
                  {"lost", value(counters.lost)},
                  {"stale", value(counters.stale)},
                  {"injected", value(counters.injected)},
                  {"age_ns", json_of(counters.age)},
                  {"data_age_ns", json_of(counters.data_age)}};
    if (const auto undelayed = counters.undelayed.load(std::memory_order_relaxed)) {
      shown["undelayed"] = undelayed;
    }
    if (!input.fallbacks.empty()) {
      Json& fallbacks = shown["fallbacks"] = Json::array();
      for (const TopicName& topic : input.fallbacks) fallbacks.push_back(topic.text());
      shown["source"] = input.sources().at(counters.source.load(std::memory_order_relaxed)).text();
      shown["switches"] = value(counters.switches);
    }
    inputs.push_back(std::move(shown));
  }
  return inputs;
}

Json outputs_of(const NodeConfig& config, const StatusPage& page) {
  Json outputs = Json::array();
  for (std::size_t i = 0; i < config.outputs.size(); ++i) {
    outputs.push_back({{"name", config.outputs[i].name},
                       {"published", value(page.outputs[i].published)},
                       {"unsent", value(page.outputs[i].unsent)}});
  }
  return outputs;
}

Json applied_of(const Process& process) {
  if (!process.applied) return nullptr;
  Json applied = to_json(*process.applied);
  // A process that has ended has told its own figures.
  const auto live = process.alive()
                        ? counts_since(process.baseline, process.child.pid(), process.child.pid())
                        : std::nullopt;
  if (live && process.progress != Progress::ended) {
    applied["page_faults"] = live->page_faults;
    applied["involuntary_switches"] = live->involuntary_switches;
    return applied;
  }
  applied["page_faults"] = process.page_faults;
  applied["involuntary_switches"] = process.involuntary_switches;
  return applied;
}

}  // namespace

Json node_summary(const NodeConfig& config, const Process& process, const StatusPage& now,
                  const StatusPage* before) {
  std::unique_ptr<StatusPage, decltype(&std::free)> sum(nullptr, std::free);
  if (before != nullptr) {
    const std::size_t inputs = config.inputs.size();
    sum.reset(static_cast<StatusPage*>(std::calloc(1, StatusPage::bytes_for(inputs))));
    add_counts(*sum, *before, inputs, config.outputs.size());
    add_counts(*sum, now, inputs, config.outputs.size());
  }
  const StatusPage& page = sum ? *sum : now;
  const LoopCounters& c = page.counters;
  return {{"name", config.name},
          {"type", config.type},
          {"state", state_of(process, now)},
          {"pid", process.child.pid()},
          {"cycles", value(c.cycles)},
          {"overruns", value(c.overruns)},
          {"skipped", value(c.skipped)},
          {"misses", value(c.misses)},
          {"restarts", process.plan.restarts()},
          {"stale_steps", value(c.stale_steps)},
          {"disarmed", value(c.disarmed)},
          {"waiting", value(c.waiting)},
          {"unmatched", value(c.unmatched)},
          {"non_finite", value(c.non_finite)},
          {"wake_ns", json_of(page.wake)},
          {"step_ns", json_of(page.step)},
          {"inputs", inputs_of(config, page)},
          {"outputs", outputs_of(config, page)},
          {"requested", requested_json(config.real_time)},
          {"applied", applied_of(process)}};
}

Json summary_head(const GraphSpec& graph, const SummaryFacts& facts) {
  const os::Host host = os::this_host();
  return {{"takt_summary", 1},
          {"takt_version", TAKT_VERSION},
          {"graph", graph.name},
          {"graph_sha256", graph.sha256},
          {"instance", facts.instance},
          {"host", {{"kernel", host.kernel}, {"arch", host.arch}}},
          {"clock", graph.clock == ClockMode::lockstep ? "lockstep" : "realtime"},
          {"real_time", graph.real_time == RealTimeMode::required ? "required" : "best_effort"},
          {"state", facts.state},
          {"armed", facts.armed},
          {"result", facts.result},
          {"reason", facts.reason},
          {"elapsed_s", static_cast<double>(facts.elapsed.count()) * 1e-9}};
}

}  // namespace takt::supervisor
