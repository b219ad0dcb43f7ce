// A board profile: what a graph may count on of the machine that shall run it.
//
// The file (`config/boards/NAME.yaml`) is read through the same marked tree as a graph. `arch` is
// the machine's own word (`uname -m`). `buses` is read and checked; no node opens a bus yet, so it
// has no effect beyond that.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/diagnostic.hpp>
#include <takt/base/result.hpp>

namespace takt {

struct GraphSpec;

// One bus of a board: nodes name it, the profile says which driver and device that is.
struct BoardBus {
  std::string name;
  std::string kind;  // "can", "gpio", ...
  std::string driver;
  std::string device;  // An interface or a path, as the driver wants it.
};

// How late the board wakes a real-time thread.
struct WakeLatency {
  std::optional<std::chrono::nanoseconds> p99;
  std::chrono::nanoseconds max{0};
};

// Thread safety: a plain value. Real time: no. Lifetime: independent.
struct BoardProfile {
  std::string name;               // `board:`
  std::string arch;               // "aarch64", "armv7l", "x86_64"
  int cpu_count = 0;              // CPUs 0 to cpu_count - 1.
  std::vector<int> isolated;      // Ascending. `cpu: auto` takes these first.
  std::vector<int> housekeeping;  // Ascending. `cpu: auto` takes none of these.
  std::optional<std::uint64_t> memory_mib;
  std::optional<WakeLatency> wake_latency;
  std::vector<BoardBus> buses;  // In file order.

  SourceSpot name_spot;    // Where `board:` has its value.
  SourceSpot memory_spot;  // Where `memory_mib:` has its value.
  SourceSpot wake_spot;    // Where `wake_latency: max:` has its value.

  std::vector<int> cpus() const;  // Every CPU of it, ascending.
  bool is_isolated(int cpu) const;
  bool is_housekeeping(int cpu) const;
};

struct LoadedBoard {
  BoardProfile board;       // Complete only when `diagnostics` has no errors.
  Diagnostics diagnostics;  // In file order.
};

// Reads and checks a profile. Never throws and never stops at the first mistake; a file that cannot
// be read is a diagnostic too. Cost: milliseconds.
LoadedBoard load_board(const std::string& path);
LoadedBoard load_board_text(const std::string& text, const std::string& name);

// The file that `--board` means: a word with a slash or ending in ".yaml" is a path; any other is
// the name of a profile in one of `folders`, the first that has it. Errors: no such profile; the
// known ones are named.
Result<std::string> find_board(const std::string& name_or_file,
                               const std::vector<std::string>& folders);

// The profiles' folder of an installed or built takt: `<prefix>/share/takt/boards` beside the
// running program.
std::vector<std::string> default_board_folders();

// Whether the shared memory of a checked graph, `pool_bytes`, fits into the board's memory: an
// error at the profile's `memory_mib` when not.
Diagnostics check_board_memory(const BoardProfile& board, const GraphSpec& graph,
                               std::uint64_t pool_bytes);

}  // namespace takt
