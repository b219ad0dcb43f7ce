#include <algorithm>
#include <cstdio>

#include <takt/base/text.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

struct CheckOptions {
  std::string file;
  std::string board;
  std::string clock;
  bool json = false;
  bool strict = false;
};

std::string trigger_text(const NodeConfig& node) {
  const TriggerConfig& t = node.trigger;
  const auto ms = [](std::chrono::nanoseconds d) {
    return format("{:g} ms", static_cast<double>(d.count()) * 1e-6);
  };
  switch (t.kind) {
    case TriggerKind::periodic:
      return "every " + ms(t.period) + (t.offset.count() > 0 ? ", offset " + ms(t.offset) : "");
    case TriggerKind::on_input:
      return "on " + t.inputs.front();
    case TriggerKind::on_all:
      return format("on all of {}", fmt::join(t.inputs, ", "));
    case TriggerKind::on_any:
      return format("on any of {}", fmt::join(t.inputs, ", "));
    case TriggerKind::free_running:
      return "runs free";
  }
  return {};
}

std::string placement_text(const NodeConfig& node) {
  const RealTimeConfig& rt = node.real_time;
  std::string text = rt.policy == Policy::other
                         ? "other"
                         : format("{} {}", rt.policy == Policy::fifo ? "fifo" : "rr", rt.priority);
  if (!rt.cpus.empty()) text += format(", cpu {}", fmt::join(rt.cpus, ","));
  return text;
}

// Empty for an input without fallbacks.
std::string fallback_text(const NodeConfig& node, const InputConfig& input) {
  std::string text;
  std::string before = input.from ? input.from->text() : "";
  for (const TopicName& topic : input.fallbacks) {
    text += format("  fallback: {} -> {}.{} (while {} is too old)\n", topic.text(), node.name,
                   input.name, before);
    before = topic.text();
  }
  return text;
}

std::vector<std::string> external_inputs(const GraphSpec& graph) {
  std::vector<std::string> names;
  for (const NodeConfig& node : graph.nodes) {
    for (const InputConfig& input : node.inputs) {
      if (input.external) names.push_back(node.name + "." + input.name);
    }
  }
  return names;
}

Json memory_json(const GraphSpec& graph, const std::vector<port::PoolPlan>& pools) {
  Json topics = Json::array(), list = Json::array();
  for (const TopicSpec& topic : graph.topics) {
    topics.push_back({{"topic", topic.name.text()},
                      {"type", topic.layout.type},
                      {"bytes", topic.layout.size},
                      {"chunks", topic.chunks}});
  }
  std::uint64_t total = 0;
  for (const port::PoolPlan& pool : pools) {
    list.push_back({{"payload", pool.payload}, {"count", pool.count}, {"bytes", pool.bytes()}});
    total += pool.bytes();
  }
  return {{"topics", std::move(topics)}, {"pools", std::move(list)}, {"total_bytes", total}};
}

void print_graph(const GraphSpec& graph, const std::vector<port::PoolPlan>& pools) {
  std::string text =
      format("{}: {} nodes, {} topics{}\n", graph.name, graph.nodes.size(), graph.topics.size(),
             graph.clock == ClockMode::lockstep ? ", clock: lockstep" : "");
  std::size_t type_width = 20;
  for (const NodeConfig& node : graph.nodes) type_width = std::max(type_width, node.type.size());
  for (const std::string& name : graph.start_order) {
    const NodeConfig& node = *graph.find(name);
    text += format("  {:<16} {:<{}} {:<24} {}\n", node.name, node.type, type_width,
                   trigger_text(node), placement_text(node));
  }
  for (const NodeConfig& node : graph.nodes) {
    for (const InputConfig& input : node.inputs) text += fallback_text(node, input);
  }
  for (const std::string& name : external_inputs(graph)) {
    text += format("  external: {} (a scenario or `takt force` writes it)\n", name);
  }
  for (const DelayedEdge& edge : graph.delayed) {
    text += format("  delayed: {} -> {}.{} ({})\n", edge.from.text(), edge.node, edge.input,
                   edge.reason);
  }
  std::uint64_t total = 0;
  for (const port::PoolPlan& pool : pools) total += pool.bytes();
  text += format("  shared memory for samples: {:.1f} KiB in {} size classes\n",
                 static_cast<double>(total) / 1024, pools.size());
  std::fputs(text.c_str(), stdout);
}

int check(const CheckOptions& options) {
  const auto board = choose_board(options.board);
  if (!board) {
    print_error(board.error());
    return kUsage;
  }
  const GraphOnBoard loaded = load_on_board(
      options.file, *board, CpusOf::board, {.real_time = {}, .clock = clock_named(options.clock)});
  const bool errors = loaded.diagnostics.has_errors();
  if (loaded.refused) {
    print_error(*loaded.refused);
    return kFinding;
  }
  const bool finding = errors || (options.strict && !loaded.diagnostics.empty());
  if (options.json) {
    Json out = {{"ok", !finding}, {"diagnostics", to_json(loaded.diagnostics)}};
    out["graph"] = errors ? Json() : Json(loaded.spec.name);
    out["external"] = errors ? Json() : Json(external_inputs(loaded.spec));
    out["memory"] = errors ? Json() : memory_json(loaded.spec, loaded.pools);
    std::puts(json_line(out).c_str());
    return finding ? kFinding : kDone;
  }
  std::fputs(loaded.diagnostics.render(colour_wanted()).c_str(), stderr);
  if (!errors) print_graph(loaded.spec, loaded.pools);
  return finding ? kFinding : kDone;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("check", "Check a graph without starting anything");
  auto options = std::make_shared<CheckOptions>();
  verb->add_option("GRAPH", options->file, "Graph file")->required();
  verb->add_option("--board", options->board,
                   "Judge it for this board profile, by name or file; also of another machine");
  verb->add_option("--clock", options->clock, "Beats the graph's clock")
      ->check(CLI::IsMember({"realtime", "lockstep"}));
  verb->add_flag("--json", options->json, "Findings and memory plan as one JSON object");
  verb->add_flag("--strict", options->strict, "Warnings are findings too");
  verb->footer(
      "Exit code: 0 nothing found, 1 findings.\n\nExamples:\n"
      "  takt check config/graphs/motor_speed.yaml\n"
      "  takt check motor.yaml --board raspberry-pi-5\n"
      "  takt check --json motor.yaml | jq .memory.total_bytes");
  verb->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace takt::cli
