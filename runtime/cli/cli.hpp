// What the verbs of `takt` share.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <takt/base/diagnostic.hpp>
#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/port/world.hpp>

namespace takt::cli {

// Exit codes of CONTRACTS.
inline constexpr int kDone = 0;
inline constexpr int kFinding = 1;  // Findings, a failed verdict, a refused start, a failed node.
inline constexpr int kUsage = 2;    // Wrong usage, or a file that is missing or wrong.
inline constexpr int kInterruptedTwice = 130;

// Each adds one verb; the verb's exit code goes to `exit_code` when it has run.
void add_new(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);
void add_nodes(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);
void add_ps(CLI::App& app, int& exit_code);
void add_echo(CLI::App& app, int& exit_code);
void add_stop(CLI::App& app, int& exit_code);
void add_arm(CLI::App& app, int& exit_code);
void add_force(CLI::App& app, int& exit_code);
void add_disarm(CLI::App& app, int& exit_code);
void add_restart(CLI::App& app, int& exit_code);
void add_inject(CLI::App& app, int& exit_code);
void add_test(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_version(CLI::App& app, int& exit_code);

// "error: MESSAGE" and, indented, what to do; on standard error.
void print_error(const Error& error);
bool colour_wanted();  // Standard error is a terminal and NO_COLOR is not set.

// "5s", "250ms", "1.5 min". Errors: no unit, not a number, negative.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

// The file of the running program.
std::string own_program();

// What `load_graph` needs to know of this machine.
LoadOptions load_options();

// The profile that `--board` means. Nothing when none was named, or when it has errors.
struct ChosenBoard {
  std::optional<BoardProfile> profile;
  Diagnostics diagnostics;
};
// Errors: no profile of that name.
Result<ChosenBoard> choose_board(const std::string& named);

// Whether the profile may stand for this machine; an error when it is of another architecture.
Result<void> require_this_machine(const ChosenBoard& board);

// A graph, the memory that it would take, and everything that was found against it on this board.
struct GraphOnBoard {
  GraphSpec spec;
  Diagnostics diagnostics;  // The profile's own first.
  std::vector<port::PoolPlan> pools;
  std::optional<Error> refused;  // It is over the transport's limits.
  std::uint64_t pool_bytes() const;
};
// `cpu: auto` chooses among the CPUs of the board, or of this machine as far as the board has them.
enum class CpusOf { board, machine };
// What the command line puts in place of the graph's own words.
struct GraphOverrides {
  std::optional<RealTimeMode> real_time;
  std::optional<ClockMode> clock;
  std::map<std::string, std::string> params{};  // As LoadOptions says.
};
GraphOnBoard load_on_board(const std::string& file, const ChosenBoard& board, CpusOf cpus,
                           const GraphOverrides& overrides = {});
// The value of `--clock`, which allows `realtime` and `lockstep`; empty: the graph's.
std::optional<ClockMode> clock_named(const std::string& word);

// The findings as CONTRACTS' JSON objects.
Json to_json(const Diagnostics& diagnostics);

// The instance that a verb means: the named one, TAKT_INSTANCE, or the only one that runs. Errors:
// none runs, several run and none is named.
Result<std::string> choose_instance(const std::string& named);

// One request to an instance's control socket and its answer. Errors: it does not run, it does not
// let this user do that.
Result<Json> ask(const std::string& instance, const Json& request);

// Sends one command; `done` is said when it was obeyed. The exit code.
int command(const std::string& instance, const Json& request, const std::string& done);
// `--instance`
std::shared_ptr<std::string> add_instance(CLI::App& verb);

// The table that ends a run, from its summary.
std::string table_of(const Json& summary);

// The table of `ps --long`, from a summary that has every thread.
std::string threads_table_of(const Json& summary);

// Rows, the first one the head, in columns: words to the left, numbers to the right.
using Row = std::vector<std::string>;
std::string lay_out(const std::vector<Row>& rows);

}  // namespace takt::cli
