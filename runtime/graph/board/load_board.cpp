// A board profile from its file, and what it says about a graph's memory.
#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>
#include <system_error>

#include <takt/base/text.hpp>
#include <takt/graph/board.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/graph/read_file.hpp>

#include "runtime/graph/board/read_board.hpp"

namespace takt {
namespace {

namespace fs = std::filesystem;

constexpr graph::FileWords kBoardWords{"board profile", "profile",
                                       "'takt_board', 'board', 'arch' and 'cpus'"};
constexpr std::string_view kEnding = ".yaml";

LoadedBoard load(const std::string& text, graph::Report& report) {
  LoadedBoard loaded;
  if (const auto root = graph::read_yaml(text, report)) {
    const auto spot = [&](const graph::Mark& mark) { return report.spot(mark); };
    loaded.board = graph::read_profile(*root, spot, report);
  }
  loaded.diagnostics = report.take();
  return loaded;
}

std::vector<std::string> names_in(const std::vector<std::string>& folders) {
  std::set<std::string> names;
  for (const std::string& folder : folders) {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
      if (entry.path().extension() == kEnding) names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::vector<int> BoardProfile::cpus() const {
  std::vector<int> all(static_cast<std::size_t>(std::max(cpu_count, 0)));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

bool BoardProfile::is_isolated(int cpu) const {
  return std::binary_search(isolated.begin(), isolated.end(), cpu);
}

bool BoardProfile::is_housekeeping(int cpu) const {
  return std::binary_search(housekeeping.begin(), housekeeping.end(), cpu);
}

LoadedBoard load_board(const std::string& path) {
  graph::Report report(path, kBoardWords);
  const auto text = graph::read_file(path, report);
  if (text) return load(*text, report);
  return {{}, report.take()};
}

LoadedBoard load_board_text(const std::string& text, const std::string& name) {
  graph::Report report(name, kBoardWords);
  return load(text, report);
}

Result<std::string> find_board(const std::string& name_or_file,
                               const std::vector<std::string>& folders) {
  const bool is_path =
      name_or_file.find('/') != std::string::npos || name_or_file.ends_with(kEnding);
  if (is_path) return name_or_file;
  for (const std::string& folder : folders) {
    const fs::path file = fs::path(folder) / (name_or_file + std::string(kEnding));
    std::error_code problem;
    if (fs::is_regular_file(file, problem)) return file.string();
  }
  const std::vector<std::string> known = names_in(folders);
  const std::string nearest = nearest_word(name_or_file, known);
  const std::string which =
      known.empty() ? "no profile is installed" : format("known: {}", fmt::join(known, ", "));
  return fail(format("there is no board profile '{}'{}", name_or_file,
                     nearest.empty() ? "" : format("; did you mean '{}'?", nearest)),
              which + "; a profile of your own is named by its file: --board ./my_board.yaml");
}

std::vector<std::string> default_board_folders() {
  std::error_code problem;
  const auto program = fs::read_symlink("/proc/self/exe", problem);
  if (problem) return {};
  return {(program.parent_path().parent_path() / "share/takt/boards").string()};
}

Diagnostics check_board_memory(const BoardProfile& board, const GraphSpec& graph,
                               std::uint64_t pool_bytes) {
  constexpr std::uint64_t kMib = std::uint64_t{1} << 20U;
  Diagnostics found;
  if (!board.memory_mib || pool_bytes <= *board.memory_mib * kMib) return found;
  found.add({Severity::error,
             "board.memory",
             board.memory_spot,
             format("the samples of graph '{}' need {} MiB of shared memory; board '{}' has {} MiB",
                    graph.name, (pool_bytes + kMib - 1) / kMib, board.name, *board.memory_mib),
             "shorten queues, send smaller samples, or run it on a larger board",
             {}});
  return found;
}

}  // namespace takt
