// Feeds changed scenario files to their reader and checks what must hold for every input.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <takt/base/assert.hpp>
#include <takt/base/text.hpp>
#include <takt/graph/graph_spec.hpp>

#include "runtime/scenario/language/load_scenario.hpp"
#include "tests/diagnostics/test_nodes.hpp"
#include "tests/fuzz/fuzzer.hpp"

namespace {

namespace fs = std::filesystem;
using namespace takt::scenario;

constexpr std::array kSeedFolders{"scenarios", "good_scenarios"};

std::vector<std::string> scenario_seeds() {
  std::vector<fs::path> paths;
  for (const char* folder : kSeedFolders) {
    const fs::path whole = fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics" / folder;
    for (const auto& entry : fs::directory_iterator(whole)) {
      if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
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

std::vector<std::string> words_of_scenarios() {
  std::vector<std::string> words{"takt_scenario: 1\n",
                                 "graph: graphs/loop.yaml\n",
                                 "graph: graphs/broken.yaml\n",
                                 "assessments:\n",
                                 "stimulus:\n",
                                 "faults:\n",
                                 "parameters:\n",
                                 "report: {plots: [w]}\n",
                                 "step: {from: 0, to: 1}",
                                 "${size}",
                                 "${",
                                 "[1s, 2s]",
                                 "{becomes_true: w > 1}",
                                 "1e999",
                                 "-1",
                                 ".nan",
                                 "delta(w)",
                                 "graph.state",
                                 "pid.params.kp",
                                 "\"",
                                 "'",
                                 "|\n",
                                 ">\n",
                                 "[",
                                 "]",
                                 "{",
                                 "}",
                                 "\n",
                                 "  ",
                                 "- ",
                                 "# ",
                                 "\t",
                                 "\\",
                                 "\xC3\xA4",
                                 "\xFF"};
  for (const char* key :
       {"scenario", "duration", "clock",   "seed",       "repeat",        "signals", "stop_when",
        "name",     "always",   "while",   "eventually", "until",         "hold",    "within",
        "settles",  "stays",    "trigger", "response",   "fault",         "event",   "delay",
        "over",     "max_gap",  "mean",    "at_end",     "step_response", "compare", "tolerance",
        "expect",   "min",      "max",     "timing",     "counter",       "set",     "at",
        "when",     "to",       "ramp",    "pulse",      "csv",           "signal",  "process",
        "for",      "stuck",    "noise",   "delayed",    "kill",          "hog"}) {
    words.push_back(takt::format("{}: ", key));
  }
  for (const char* word : {"motor.speed",
                           "pid.reference",
                           "pid.measurement",
                           "monitor.status.temperature",
                           "w",
                           "r",
                           "t",
                           "safe",
                           "running",
                           "lockstep",
                           "realtime",
                           "1s",
                           "100ms",
                           "1 rad/s",
                           "2 %",
                           "true",
                           " and ",
                           " or ",
                           "not ",
                           "(",
                           ")",
                           " < ",
                           " == ",
                           "abs(w)",
                           "graphs/profile.csv"}) {
    words.emplace_back(word);
  }
  return words;
}

void check_scenario(const LoadedScenario& loaded) {
  const ScenarioSpec& spec = loaded.spec;
  TAKT_ASSERT(!spec.name.empty());
  TAKT_ASSERT(!loaded.graph.nodes.empty());
  TAKT_ASSERT(spec.duration.count() > 0);
  TAKT_ASSERT(!spec.assessments.empty());
  const std::vector<double> zeros(spec.signals.size(), 0.0);
  if (spec.stop_when) static_cast<void>(spec.stop_when->at({0.0, zeros, zeros}));
  std::set<std::string> names;
  for (const AssessmentSpec& assessment : spec.assessments) {
    TAKT_ASSERT(!assessment.name.empty());
    TAKT_ASSERT(names.insert(assessment.name).second);
    TAKT_ASSERT(!assessment.required.empty());
    TAKT_ASSERT(assessment.begin < assessment.end);
    TAKT_ASSERT(assessment.begin < spec.duration);
  }
  for (const StimulusSpec& stimulus : spec.stimuli) {
    TAKT_ASSERT(loaded.graph.find(stimulus.injection.target.node) != nullptr);
    TAKT_ASSERT(!stimulus.injection.points.empty());
    TAKT_ASSERT(stimulus.injection.from < stimulus.injection.until);
    for (const auto& point : stimulus.injection.points) TAKT_ASSERT(std::isfinite(point.value));
  }
  for (const FaultSpec& fault : spec.faults) {
    TAKT_ASSERT(!fault.name.empty());
    TAKT_ASSERT(fault.process.has_value() == fault.injections.empty());
    for (const auto& injection : fault.injections) {
      TAKT_ASSERT(loaded.graph.find(injection.target.node) != nullptr);
      TAKT_ASSERT(injection.from < injection.until);
    }
  }
}

// Every finding is explained, and stands within the file that it is about.
std::set<std::string> check_findings(const takt::Diagnostics& diagnostics, const std::string& file,
                                     const std::string& text) {
  std::set<std::string> codes;
  const std::vector<std::string> lines = takt::split(text, '\n');
  for (const takt::Diagnostic& d : diagnostics.entries()) {
    TAKT_ASSERT(takt::explain(d.code) != nullptr);
    TAKT_ASSERT(!d.message.empty());
    TAKT_ASSERT(d.spot.line >= 0);
    TAKT_ASSERT(d.spot.line == 0 || d.spot.column >= 1);
    TAKT_ASSERT(d.spot.end_column >= d.spot.column);
    if (d.spot.file == file) TAKT_ASSERT(static_cast<std::size_t>(d.spot.line) <= lines.size());
    codes.insert(d.code);
  }
  TAKT_ASSERT(diagnostics.empty() || !diagnostics.render(false).empty());
  return codes;
}

// A bug that no seed shows: two findings that only a changed file has together.
void planted_bug(const std::set<std::string>& codes) {
  if (codes.contains("scenario.bad-window") && codes.contains("scenario.bad-fault") &&
      codes.contains("graph.duplicate-key")) {
    std::abort();
  }
}

std::string run_target(const std::string& text, const takt::LoadOptions& options, bool with_bug) {
  const std::string file = "scenario_files/fuzz.yaml";
  std::ofstream(file, std::ios::binary) << text;
  takt::Diagnostics of_matrix;
  const std::vector<Parameters> combinations = read_combinations(file, of_matrix);
  TAKT_ASSERT(!combinations.empty());
  // The last one: what all have in common is said of each.
  const LoadedScenario loaded = load_scenario(file, combinations.back(), std::nullopt, options);
  std::set<std::string> codes = check_findings(of_matrix, file, text);
  codes.merge(check_findings(loaded.diagnostics, file, text));
  if (!loaded.diagnostics.has_errors() && !of_matrix.has_errors()) check_scenario(loaded);
  if (with_bug) planted_bug(codes);
  std::string result;
  for (const std::string& code : codes) result += code + " ";
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const takt::fuzz::FuzzOptions options = takt::fuzz::read_options(argc, argv, "fuzz_scenario");
  const fs::path folder = "scenario_files";  // Beside what a run of its own keeps.
  fs::remove_all(folder);
  fs::create_directories(folder);
  takt::test::write_test_manifests(folder);
  for (const char* part : kSeedFolders) {
    fs::copy(fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics" / part / "graphs", folder / "graphs",
             fs::copy_options::overwrite_existing);
  }
  takt::LoadOptions load_options = takt::test::test_options();
  load_options.library_folders = {folder.string()};
  return takt::fuzz::run_fuzzer(options, scenario_seeds(), words_of_scenarios(),
                                [&](const std::string& text) {
                                  return run_target(text, load_options, options.bug_is_planted);
                                });
}
