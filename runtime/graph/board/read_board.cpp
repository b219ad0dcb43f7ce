// The walk from the tree of a board profile to its plain values.
#include "runtime/graph/board/read_board.hpp"

#include <algorithm>
#include <set>

#include <takt/base/text.hpp>
#include <takt/graph/map_reader.hpp>
#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/draft.hpp"

namespace takt::graph {
namespace {

constexpr std::int64_t kProfileVersion = 1;
constexpr std::int64_t kMemoryMibMax = std::int64_t{1} << 30;  // A pebibyte: a typing mistake.

using Words = std::vector<std::pair<std::string, std::string>>;

Words words(std::initializer_list<const char*> list) {
  Words table;
  for (const char* word : list) table.emplace_back(word, word);
  return table;
}

void read_version(MapReader& map, Report& report) {
  const MarkedEntry* entry =
      map.require("takt_board", format("begin the file with 'takt_board: {}'", kProfileVersion));
  if (!entry) return;
  const auto version = read_integer(entry->value, "'takt_board'", report);
  if (version && *version != kProfileVersion) {
    report.error({.code = "board.version",
                  .mark = entry->value.mark,
                  .message = format("this takt reads version {} of board profiles, not {}",
                                    kProfileVersion, *version)});
  }
}

// `isolated: [2, 3]`: ascending, each a CPU of the board, each once.
std::vector<int> read_cpu_list(MapReader& map, const std::string& key, int count, Report& report) {
  std::vector<int> cpus;
  const MarkedEntry* entry = map.find(key);
  if (!entry || !check_shape(entry->value, Shape::list, format("'{}'", key), report)) return cpus;
  for (const MarkedNode& item : entry->value.items) {
    const auto read = read_integer(item, "a CPU", 0, kCpuMax, report);
    if (!read) continue;
    const int cpu = static_cast<int>(*read);
    if (count > 0 && cpu >= count) {
      report.error({.code = "board.cpus",
                    .mark = item.mark,
                    .message = format("CPU {} is not on this board: 'count' is {}", cpu, count),
                    .help = format("its CPUs are 0 to {}", count - 1)});
    } else if (std::find(cpus.begin(), cpus.end(), cpu) != cpus.end()) {
      report.error({.code = "board.cpus",
                    .mark = item.mark,
                    .message = format("CPU {} stands twice in '{}'", cpu, key)});
    } else {
      cpus.push_back(cpu);
    }
  }
  std::sort(cpus.begin(), cpus.end());
  return cpus;
}

void read_cpus(MapReader& map, BoardProfile& board, Report& report) {
  const MarkedEntry* entry = map.require("cpus", "as in 'cpus: {count: 4}'");
  if (!entry) return;
  MapReader cpus(entry->value, "'cpus'", entry->key.mark, report);
  if (!cpus.is_map()) return;
  if (const MarkedEntry* count = cpus.require("count", "how many CPUs the board has")) {
    const auto read = read_integer(count->value, "'count'", 1, kCpuMax + 1, report);
    board.cpu_count = static_cast<int>(read.value_or(0));
  }
  board.isolated = read_cpu_list(cpus, "isolated", board.cpu_count, report);
  board.housekeeping = read_cpu_list(cpus, "housekeeping", board.cpu_count, report);
  cpus.finish();
  for (const int cpu : board.housekeeping) {
    if (!board.is_isolated(cpu)) continue;
    report.error({.code = "board.cpus",
                  .mark = cpus.find("housekeeping")->value.mark,
                  .message = format("CPU {} is both isolated and for housekeeping", cpu),
                  .help = "an isolated CPU is left to the nodes; the rest of the system needs "
                          "another one"});
  }
}

void read_wake_latency(MapReader& map, BoardProfile& board, SpotOf spot, Report& report) {
  const MarkedEntry* entry = map.find_map("wake_latency");
  if (!entry) return;
  MapReader latency(entry->value, "'wake_latency'", entry->key.mark, report);
  WakeLatency read;
  const MarkedEntry* p99 = latency.find("p99");
  if (p99) read.p99 = read_positive_duration(p99->value, "'p99'", report);
  const MarkedEntry* max = latency.require("max", "the latest wake-up that the board ever shows");
  latency.finish();
  const auto longest = max ? read_positive_duration(max->value, "'max'", report) : std::nullopt;
  if (!longest) return;
  read.max = *longest;
  if (read.p99 && *read.p99 > read.max) {
    report.error({.code = "board.wake-latency",
                  .mark = p99->value.mark,
                  .message = "'p99' is above 'max'",
                  .help = "99 of 100 wake-ups cannot be later than the latest",
                  .notes = {{"'max' stands here", max->value.mark}}});
  }
  board.wake_latency = read;
  board.wake_spot = spot(max->value.mark);
}

void read_memory(MapReader& map, BoardProfile& board, SpotOf spot, Report& report) {
  const MarkedEntry* entry = map.find("memory_mib");
  if (!entry) return;
  const auto read = read_integer(entry->value, "'memory_mib'", 1, kMemoryMibMax, report);
  if (!read) return;
  board.memory_mib = static_cast<std::uint64_t>(*read);
  board.memory_spot = spot(entry->value.mark);
}

BoardBus read_bus(const MarkedEntry& entry, std::set<std::string>& devices, Report& report) {
  BoardBus bus;
  check_name(entry.key, "the name of a bus", true, report);
  bus.name = entry.key.value;
  MapReader map(entry.value, format("bus '{}'", bus.name), entry.key.mark, report);
  if (!map.is_map()) return bus;
  if (const MarkedEntry* kind = map.require("kind", "as in 'kind: can'")) {
    bus.kind =
        read_word(kind->value, "'kind'",
                  words({"can", "gpio", "i2c", "iio", "pwm", "serial", "spi", "watchdog"}), report)
            .value_or("");
  }
  if (const MarkedEntry* driver = map.require("driver", "as in 'driver: socketcan'")) {
    bus.driver = read_name(driver->value, "the name of a driver", true, report).value_or("");
  }
  if (const MarkedEntry* device = map.require("device", "as in 'device: can0'")) {
    bus.device = read_text(device->value, "'device'", report).value_or("");
    if (!bus.device.empty() && !devices.insert(bus.kind + " " + bus.device).second) {
      report.error({.code = "board.duplicate-device",
                    .mark = device->value.mark,
                    .message = format("two buses are on the device '{}'", bus.device),
                    .help = "give each device one name"});
    }
  }
  map.finish();
  return bus;
}

void read_buses(MapReader& map, BoardProfile& board, Report& report) {
  const MarkedEntry* entry = map.find_map("buses");
  if (!entry) return;
  std::set<std::string> devices;
  for (const MarkedEntry& bus : entry->value.entries) {
    board.buses.push_back(read_bus(bus, devices, report));
  }
}

}  // namespace

BoardProfile read_profile(const MarkedNode& root, SpotOf spot, Report& report) {
  BoardProfile board;
  MapReader map(root, "a board profile", root.mark, report);
  if (!map.is_map()) return board;
  read_version(map, report);
  if (const MarkedEntry* entry = map.require("board", "give the board a name: 'board: my_board'")) {
    board.name = read_name(entry->value, "the name of a board", true, report).value_or("");
    board.name_spot = spot(entry->value.mark);
  }
  if (const MarkedEntry* entry = map.require("arch", "the word that 'uname -m' prints there")) {
    board.arch = read_word(entry->value, "'arch'", words({"aarch64", "armv7l", "x86_64"}), report)
                     .value_or("");
  }
  read_cpus(map, board, report);
  read_memory(map, board, spot, report);
  read_wake_latency(map, board, spot, report);
  read_buses(map, board, report);
  map.finish();
  return board;
}

}  // namespace takt::graph
