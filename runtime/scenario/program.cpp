#include "runtime/scenario/program.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

std::string id_of(const std::string& name, const Parameters& parameters) {
  if (parameters.empty()) return name;
  std::vector<std::string> words;
  for (const auto& [parameter, value] : parameters) words.push_back(parameter + "=" + value);
  return format("{}[{}]", name, fmt::join(words, ","));
}

// Runs that are called so; where none is, those whose names contain it: `run#1` is not `run#10`.
void keep_wanted(std::vector<PlannedRun>& runs, const std::vector<std::string>& only) {
  if (only.empty()) return;
  const auto is_any = [&](auto matches) {
    return [&, matches](const PlannedRun& planned) {
      return std::any_of(only.begin(), only.end(),
                         [&](const std::string& word) { return matches(planned.run.id, word); });
    };
  };
  const auto same =
      is_any([](const std::string& id, const std::string& word) { return id == word; });
  const bool exact = std::any_of(runs.begin(), runs.end(), same);
  const auto part = is_any([](const std::string& id, const std::string& word) {
    return id.find(word) != std::string::npos;
  });
  std::erase_if(runs, [&](const PlannedRun& run) { return exact ? !same(run) : !part(run); });
}

void append_new(Diagnostics& all, const Diagnostics& more, std::set<std::string>& seen) {
  for (const Diagnostic& diagnostic : more.entries()) {
    const std::string key = format("{}:{}:{}:{}", diagnostic.spot.file, diagnostic.spot.line,
                                   diagnostic.spot.column, diagnostic.message);
    if (seen.insert(key).second) all.add(diagnostic);
  }
}

// Ids, folders of results and JUnit tell scenarios by their names.
void refuse_same_name(const ScenarioSpec& spec, const std::string& other,
                      std::set<std::string>& seen, Diagnostics& all) {
  Diagnostics found;
  found.add({Severity::error,
             "scenario.duplicate-name",
             spec.name_spot,
             format("'{}' is a scenario called '{}' too", other, spec.name),
             "scenarios that are run together have names of their own",
             {}});
  append_new(all, found, seen);
}

}  // namespace

Program read_program(const TestOptions& options) {
  Program program;
  std::set<std::string> seen;
  std::map<std::string, std::string> file_of;  // By the scenarios' names.
  for (const std::string& file : options.files) {
    Diagnostics of_matrix;
    const auto combinations = read_combinations(file, of_matrix);
    append_new(program.diagnostics, of_matrix, seen);
    for (const Parameters& parameters : combinations) {
      Variant variant{load_scenario(file, parameters, options.clock, options.load), ""};
      append_new(program.diagnostics, variant.loaded.diagnostics, seen);
      const ScenarioSpec& spec = variant.loaded.spec;
      const auto [other, is_new] = file_of.emplace(spec.name, file);
      if (!is_new && !spec.name.empty() && other->second != file) {
        refuse_same_name(spec, other->second, seen, program.diagnostics);
      }
      variant.id = id_of(spec.name, parameters);
      const std::uint32_t repetitions = options.repeat.value_or(spec.repeat);
      for (std::uint32_t i = 0; i < repetitions; ++i) {
        const std::string id = repetitions > 1 ? format("{}#{}", variant.id, i + 1) : variant.id;
        program.runs.push_back(
            {{id, file, parameters, i, repetitions, spec.clock == ClockMode::lockstep},
             program.variants.size()});
      }
      program.variants.push_back(std::move(variant));
    }
  }
  keep_wanted(program.runs, options.only);
  // In the order in which they are run: what shares the machine first.
  std::stable_partition(program.runs.begin(), program.runs.end(),
                        [](const PlannedRun& planned) { return planned.run.lockstep; });
  return program;
}

}  // namespace takt::scenario
