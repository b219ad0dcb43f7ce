// Restarts, time limits of processes, arming: what the supervisor is told.
#include <charconv>

#include <takt/graph/scalars.hpp>

#include "runtime/graph/language/readers.hpp"

namespace takt::graph {
namespace {

// "3 in 10s".
void read_max_restarts(const MarkedEntry& entry, SupervisionDraft& draft, Report& report) {
  const auto text = read_text(entry.value, "'max_restarts'", report);
  if (!text) return;
  const std::size_t middle = text->find(" in ");
  RestartLimit limit;
  const char* const end = text->data() + std::min(middle, text->size());
  const auto [stop, problem] = std::from_chars(text->data(), end, limit.count);
  const bool counted =
      problem == std::errc() && stop == end && limit.count >= 1 && limit.count <= kRestartsMax;
  if (middle == std::string::npos || !counted) {
    report.error({.code = "graph.bad-restart-limit",
                  .mark = entry.value.mark,
                  .message = format("'max_restarts' is 'n in T', not '{}'", *text),
                  .help = format("as in 'max_restarts: 3 in 10s': n is 1 to {}", kRestartsMax)});
    return;
  }
  MarkedNode window = entry.value;
  window.text = text->substr(middle + 4);
  const auto time = read_positive_duration(window, "the time of 'max_restarts'", report);
  if (!time) return;
  limit.window = *time;
  draft.max_restarts = {limit, entry.value.mark};
}

template <typename T>
void read_word_into(MapReader& map, const std::string& key, MaybeMarked<T>& to,
                    const std::vector<std::pair<std::string, T>>& words, Report& report) {
  const MarkedEntry* entry = map.find(key);
  if (!entry) return;
  const auto value = read_word<T>(entry->value, format("'{}'", key), words, report);
  if (value) to = {*value, entry->value.mark};
}

void read_duration_into(MapReader& map, const std::string& key,
                        MaybeMarked<std::chrono::nanoseconds>& to, Report& report) {
  const MarkedEntry* entry = map.find(key);
  if (!entry) return;
  const auto value = read_positive_duration(entry->value, format("'{}'", key), report);
  if (value) to = {*value, entry->value.mark};
}

}  // namespace

SupervisionDraft read_supervision(MapReader& map, Report& report) {
  SupervisionDraft draft;
  read_word_into<RestartPolicy>(map, "restart", draft.restart,
                                {{"never", RestartPolicy::never},
                                 {"on_failure", RestartPolicy::on_failure},
                                 {"always", RestartPolicy::always}},
                                report);
  read_duration_into(map, "backoff", draft.backoff, report);
  if (const MarkedEntry* entry = map.find("max_restarts")) {
    read_max_restarts(*entry, draft, report);
  }
  read_duration_into(map, "startup_deadline", draft.startup_deadline, report);
  draft.watchdog = read_limit(map, "watchdog", report);
  return draft;
}

SafetyDraft read_safety(MapReader& map, Report& report) {
  SafetyDraft draft;
  read_word_into<bool>(map, "start", draft.start_armed, {{"armed", true}, {"disarmed", false}},
                       report);
  read_word_into<bool>(map, "rearm", draft.rearm_automatically, {{"auto", true}, {"manual", false}},
                       report);
  draft.supervisor_timeout = read_limit(map, "supervisor_timeout", report);
  read_word_into<OnSupervisorLoss>(map, "on_supervisor_loss", draft.on_supervisor_loss,
                                   {{"safe", OnSupervisorLoss::safe},
                                    {"finish", OnSupervisorLoss::finish},
                                    {"continue", OnSupervisorLoss::go_on}},
                                   report);
  return draft;
}

}  // namespace takt::graph
