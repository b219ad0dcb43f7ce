#include <charconv>

#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

constexpr int kHighestPriority = 99;

void read_priority(const MarkedEntry& entry, TuningDraft& draft, Report& report) {
  const auto value = read_integer(entry.value, "'priority'", report);
  if (!value) return;
  if (*value > kPriorityMax && *value <= kHighestPriority) {
    report.error(
        {.code = "graph.priority-reserved",
         .mark = entry.value.mark,
         .message = format("priority {} is reserved for takt itself", *value),
         .help = format("nodes use 1 to {}: what watches and heals them must be able to run "
                        "when they do not stop",
                        kPriorityMax)});
    return;
  }
  if (const auto checked = read_integer(entry.value, "'priority'", 1, kPriorityMax, report)) {
    draft.priority = {static_cast<int>(*checked), entry.value.mark};
  }
}

void read_cpu(const MarkedEntry& entry, TuningDraft& draft, Report& report) {
  CpuChoice choice{.automatic = false, .cpus = {}};
  if (entry.value.shape == Shape::list) {
    for (const MarkedNode& item : entry.value.items) {
      const auto cpu = read_integer(item, "a CPU", 0, kCpuMax, report);
      if (cpu) choice.cpus.push_back(static_cast<int>(*cpu));
    }
    if (entry.value.items.empty()) {
      report.error({.code = "graph.wrong-shape",
                    .mark = entry.value.mark,
                    .message = "'cpu' names no CPU",
                    .help = "write 'cpu: auto', a number or a list of numbers"});
    }
    if (choice.cpus.size() != entry.value.items.size() || choice.cpus.empty()) return;
  } else if (entry.value.shape == Shape::scalar && entry.value.text == "auto") {
    choice.automatic = true;
  } else {
    const auto cpu = read_integer(entry.value, "'cpu'", 0, kCpuMax, report);
    if (!cpu) return;
    choice.cpus.push_back(static_cast<int>(*cpu));
  }
  draft.cpu = {std::move(choice), entry.value.mark};
}

// Zero, which a tolerance never is, when `text` is no whole number.
std::uint32_t whole_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : 0;
}

// "2 in 100".
void read_tolerate(const MarkedEntry& entry, TuningDraft& draft, Report& report) {
  const auto text = read_text(entry.value, "'tolerate'", report);
  if (!text) return;
  const std::size_t middle = text->find(" in ");
  const std::uint32_t misses = whole_number(text->substr(0, middle));
  const std::uint32_t window =
      middle == std::string::npos ? 0 : whole_number(text->substr(middle + 4));
  if (misses < 1 || misses >= window || window > kToleranceWindowMax) {
    report.error(
        {.code = "graph.bad-tolerance",
         .mark = entry.value.mark,
         .message = format("'tolerate' is 'm in k', not '{}'", *text),
         .help = format("as in 'tolerate: 2 in 100': m is at least 1 and less than k, k is "
                        "at most {}",
                        kToleranceWindowMax)});
    return;
  }
  draft.tolerate = {{misses, window}, entry.value.mark};
}

}  // namespace

TuningDraft read_tuning(MapReader& map, Report& report) {
  TuningDraft draft;
  if (const MarkedEntry* entry = map.find("policy")) {
    const auto policy = read_word<Policy>(
        entry->value, "'policy'",
        {{"fifo", Policy::fifo}, {"rr", Policy::round_robin}, {"other", Policy::other}}, report);
    if (policy) draft.policy = {*policy, entry->value.mark};
  }
  if (const MarkedEntry* entry = map.find("priority")) read_priority(*entry, draft, report);
  if (const MarkedEntry* entry = map.find("cpu")) read_cpu(*entry, draft, report);
  if (const MarkedEntry* entry = map.find("deadline")) {
    const auto deadline = read_positive_duration(entry->value, "'deadline'", report);
    if (deadline) draft.deadline = {*deadline, entry->value.mark};
  }
  if (const MarkedEntry* entry = map.find("on_miss")) {
    const auto on_miss = read_word<OnMiss>(
        entry->value, "'on_miss'",
        {{"count", OnMiss::count}, {"safe", OnMiss::safe}, {"stop", OnMiss::stop}}, report);
    if (on_miss) draft.on_miss = {*on_miss, entry->value.mark};
  }
  if (const MarkedEntry* entry = map.find("tolerate")) read_tolerate(*entry, draft, report);
  return draft;
}

}  // namespace takt::graph
