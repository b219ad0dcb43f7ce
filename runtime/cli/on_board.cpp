// A graph as it would run on the board that `--board` names.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>
#include <takt/supervisor/memory_plan.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {

Result<ChosenBoard> choose_board(const std::string& named) {
  if (named.empty()) return ChosenBoard{};
  auto file = find_board(named, default_board_folders());
  if (!file) return file.error();
  LoadedBoard loaded = load_board(*file);
  ChosenBoard chosen{{}, std::move(loaded.diagnostics)};
  if (!chosen.diagnostics.has_errors()) chosen.profile = std::move(loaded.board);
  return chosen;
}

Result<void> require_this_machine(const ChosenBoard& board) {
  const std::string arch = os::this_host().arch;
  if (!board.profile || board.profile->arch == arch) return {};
  return fail(format("board '{}' is a machine of architecture {}, this one is {}",
                     board.profile->name, board.profile->arch, arch),
              "start it on the board, or name this machine's profile with --board; `takt check "
              "--board` judges a graph for another machine");
}

std::optional<ClockMode> clock_named(const std::string& word) {
  if (word.empty()) return std::nullopt;
  return word == "lockstep" ? ClockMode::lockstep : ClockMode::realtime;
}

GraphOnBoard load_on_board(const std::string& file, const ChosenBoard& board, CpusOf cpus,
                           const GraphOverrides& overrides) {
  LoadOptions options = load_options();
  options.real_time = overrides.real_time;  // Before the checks: some depend on them.
  options.clock = overrides.clock;
  options.params = overrides.params;
  options.board = board.profile;
  options.look_up_groups = !(board.profile && cpus == CpusOf::board);
  if (board.profile && cpus == CpusOf::board) options.allowed_cpus = board.profile->cpus();
  LoadedGraph loaded = load_graph(file, options);
  GraphOnBoard result{std::move(loaded.spec), board.diagnostics, {}, {}};
  result.diagnostics.append(loaded.diagnostics);
  if (loaded.diagnostics.has_errors()) return result;
  auto pools = plan_memory(result.spec);
  if (!pools) {
    result.refused = pools.error();
    return result;
  }
  result.pools = std::move(*pools);
  if (board.profile) {
    result.diagnostics.append(check_board_memory(*board.profile, result.spec, result.pool_bytes()));
  }
  return result;
}

std::uint64_t GraphOnBoard::pool_bytes() const {
  std::uint64_t bytes = 0;
  for (const port::PoolPlan& pool : pools) bytes += pool.bytes();
  return bytes;
}

}  // namespace takt::cli
