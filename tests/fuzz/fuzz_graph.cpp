// Feeds changed graph files and board profiles to their loaders and checks what must hold for every
// input. A text that names `takt_board` is read as a profile.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <takt/base/assert.hpp>
#include <takt/base/text.hpp>
#include <takt/graph/graph_spec.hpp>

#include "tests/diagnostics/test_nodes.hpp"
#include "tests/fuzz/fuzzer.hpp"

namespace {

namespace fs = std::filesystem;

std::vector<std::string> read_seeds() {
  std::vector<fs::path> paths;
  for (const char* folder : {"tests/diagnostics", "tests/diagnostics/good",
                             "tests/diagnostics/boards", "tests/diagnostics/good_boards"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(TAKT_SOURCE_DIR) / folder)) {
      // Files of hundreds of lines cost most of the time and hold nothing that small ones do not.
      const bool is_seed = entry.path().extension() == ".yaml" && fs::file_size(entry) < 4096;
      if (is_seed) paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

std::vector<std::string> words_of_the_language() {
  return {"takt_board: 1\n",
          "board: ",
          "arch: aarch64\n",
          "cpus: ",
          "count: 4",
          "isolated: ",
          "housekeeping: ",
          "[0, 3]",
          "memory_mib: 512\n",
          "wake_latency: ",
          "p99: ",
          "max: ",
          "buses: ",
          "kind: can",
          "driver: socketcan",
          "device: ",
          "takt: 1\n",
          "graph: ",
          "real_time: ",
          "required",
          "best_effort",
          "libraries: ",
          "test_nodes",
          "takt_nodes",
          "defaults: ",
          "policy: ",
          "fifo",
          "rr",
          "other",
          "cpu: ",
          "auto",
          "priority: ",
          "nodes:\n",
          "type: ",
          "period: ",
          "offset: ",
          "on: ",
          "all: ",
          "any: ",
          "within: ",
          "run: ",
          "free",
          "deadline: ",
          "on_miss: ",
          "count",
          "safe",
          "stop",
          "tolerate: ",
          "1 in 10",
          "inputs: ",
          "from: ",
          "max_age: ",
          "max_data_age: ",
          "none",
          "on_stale: ",
          "hold",
          "queue: ",
          "depth: ",
          "when_full: ",
          "wait",
          "drop_oldest",
          "initial: ",
          "delayed: true",
          "params: ",
          "units: ",
          "safe: ",
          "restart: ",
          "external",
          "1ms",
          "10ms",
          "0 V",
          "1 rad/s",
          "20 %",
          "-1",
          "1e999",
          ".nan",
          "0x10",
          "true",
          "value",
          "measurement",
          "reference",
          "command",
          "output",
          "source/profile",
          "plant/dc_motor",
          "controller/pid",
          "actuator/limiter",
          "filter/mean",
          "sink/print",
          "monitor/status",
          "sensor/encoder",
          "[",
          "]",
          "{",
          "}",
          ": ",
          ", ",
          "- ",
          "? ",
          "# ",
          "\n",
          "  ",
          "\t",
          "&a ",
          "*a",
          "!t ",
          "<<: ",
          "---\n",
          "...\n",
          "|\n",
          ">\n",
          "\"",
          "'",
          "\\",
          "%YAML 1.2\n",
          "\xEF\xBB\xBF",
          "\xC3\xA4",
          "\xFF",
          std::string(1, '\0'),
          "@",
          "`"};
}

void check_spec(const takt::GraphSpec& spec) {
  TAKT_ASSERT(!spec.name.empty());
  TAKT_ASSERT(!spec.nodes.empty());
  TAKT_ASSERT(spec.start_order.size() == spec.nodes.size());
  for (const std::string& name : spec.start_order) TAKT_ASSERT(spec.find(name) != nullptr);
  for (const takt::NodeConfig& node : spec.nodes) {
    TAKT_ASSERT(node.type == node.declaration.type);
    TAKT_ASSERT(node.params.size() == node.declaration.params.size());
    TAKT_ASSERT(node.inputs.size() == node.declaration.inputs.size() + (node.estop ? 1 : 0));
    TAKT_ASSERT(node.outputs.size() == node.declaration.outputs.size());
    TAKT_ASSERT(node.period.count() >= 0);
    for (const takt::InputConfig& input : node.inputs) {
      TAKT_ASSERT(input.optional || input.external || input.from.has_value());
      TAKT_ASSERT(!input.from || spec.find(input.from->node) != nullptr);
      TAKT_ASSERT(input.initial.empty() || input.initial.size() == input.layout.size);
    }
    for (const takt::OutputConfig& output : node.outputs) {
      TAKT_ASSERT(!output.has_safe || output.safe.size() == output.layout.size);
    }
    const auto copy = takt::node_config_from_json(takt::to_json(node));
    TAKT_ASSERT(copy.ok());
    TAKT_ASSERT(*copy == node);
  }
}

// A bug that no seed shows: two findings that only a changed file has together.
void planted_bug(const std::set<std::string>& codes) {
  if (codes.contains("graph.trigger-cycle") && codes.contains("graph.duplicate-key")) std::abort();
}

void check_board(const takt::BoardProfile& board) {
  TAKT_ASSERT(!board.name.empty());
  TAKT_ASSERT(!board.arch.empty());
  TAKT_ASSERT(board.cpu_count >= 1);
  for (const std::vector<int>* cpus : {&board.isolated, &board.housekeeping}) {
    TAKT_ASSERT(std::is_sorted(cpus->begin(), cpus->end()));
    TAKT_ASSERT(cpus->empty() || (cpus->front() >= 0 && cpus->back() < board.cpu_count));
  }
  for (const int cpu : board.isolated) TAKT_ASSERT(!board.is_housekeeping(cpu));
  if (board.wake_latency && board.wake_latency->p99) {
    TAKT_ASSERT(*board.wake_latency->p99 <= board.wake_latency->max);
  }
  for (const takt::BoardBus& bus : board.buses) TAKT_ASSERT(!bus.kind.empty());
}

std::set<std::string> check_findings(const takt::Diagnostics& diagnostics,
                                     const std::string& text) {
  std::set<std::string> codes;
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const takt::Diagnostic& d : diagnostics.entries()) {
    TAKT_ASSERT(takt::explain(d.code) != nullptr);
    TAKT_ASSERT(!d.message.empty());
    TAKT_ASSERT(d.spot.line >= 0);
    TAKT_ASSERT(d.spot.line <= lines);
    TAKT_ASSERT(d.spot.line == 0 || d.spot.column >= 1);
    TAKT_ASSERT(d.spot.end_column >= d.spot.column);
    codes.insert(d.code);
  }
  TAKT_ASSERT(diagnostics.empty() || !diagnostics.render(false).empty());
  return codes;
}

std::set<std::string> read_as_board(const std::string& text) {
  const takt::LoadedBoard loaded = takt::load_board_text(text, "fuzz.yaml");
  if (!loaded.diagnostics.has_errors()) check_board(loaded.board);
  return check_findings(loaded.diagnostics, text);
}

std::set<std::string> read_as_graph(const std::string& text, const takt::LoadOptions& options) {
  const takt::LoadedGraph graph = takt::load_graph_text(text, "fuzz.yaml", options);
  if (!graph.diagnostics.has_errors()) check_spec(graph.spec);
  return check_findings(graph.diagnostics, text);
}

std::string run_target(const std::string& text, const takt::LoadOptions& options, bool with_bug) {
  const bool is_board = text.find("takt_board") != std::string::npos;
  const std::set<std::string> codes = is_board ? read_as_board(text) : read_as_graph(text, options);
  if (with_bug) planted_bug(codes);
  std::string result;
  for (const std::string& code : codes) result += code + " ";
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const takt::fuzz::FuzzOptions options = takt::fuzz::read_options(argc, argv, "fuzz_graph");
  const fs::path folder = fs::path(TAKT_BINARY_DIR) / "tests/fuzz/manifests";
  fs::create_directories(folder);
  takt::test::write_test_manifests(folder);
  takt::LoadOptions load_options = takt::test::test_options();
  load_options.library_folders = {folder.string()};
  return takt::fuzz::run_fuzzer(options, read_seeds(), words_of_the_language(),
                                [&](const std::string& text) {
                                  return run_target(text, load_options, options.bug_is_planted);
                                });
}
