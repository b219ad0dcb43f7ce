// A graph as its file writes it: shapes and words are checked, names are not looked up yet.
//
// What was wrong is already reported and left out, so that the checks behind can go on with the
// rest. Values whose kind only a declaration knows (params, safe, initial) stay as tree nodes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <takt/graph/graph_spec.hpp>
#include <takt/graph/mark.hpp>
#include <takt/graph/mark_tree.hpp>

namespace takt::graph {

template <typename T>
using MaybeMarked = std::optional<Marked<T>>;

// `max_age: 3ms` or `max_age: none`.
struct AgeLimit {
  std::optional<std::chrono::nanoseconds> value;  // None: written out as `none`.
};
// There is an age that the limit allows.
inline bool has_value(const MaybeMarked<AgeLimit>& limit) { return limit && limit->value.value; }

struct InputDraft {
  Marked<std::string> name;
  std::vector<Marked<TopicName>> from;  // The first one and its fallbacks; wrong ones are left out.
  std::optional<Mark> external;         // `from: external` stands here; `from` is then empty.
  MaybeMarked<AgeLimit> max_age;
  MaybeMarked<AgeLimit> max_data_age;
  MaybeMarked<OnStale> on_stale;
  MaybeMarked<std::uint32_t> queue_depth;
  MaybeMarked<WhenFull> when_full;
  MaybeMarked<bool> delayed;
  const MarkedEntry* initial = nullptr;
};

struct TriggerDraft {
  Mark mark;  // The key that gives the trigger.
  TriggerKind kind = TriggerKind::periodic;
  std::chrono::nanoseconds period{0};
  std::chrono::nanoseconds offset{0};
  std::vector<Marked<std::string>> inputs;
  std::chrono::nanoseconds within{0};
};

// `cpu: auto`, `cpu: 3`, `cpu: [2, 3]`.
struct CpuChoice {
  bool automatic = true;
  std::vector<int> cpus;
};

struct Tolerance {
  std::uint32_t misses = 0;
  std::uint32_t window = 0;
};

// What a node may say and `defaults:` may say for all of them.
struct TuningDraft {
  MaybeMarked<Policy> policy;
  MaybeMarked<int> priority;
  MaybeMarked<CpuChoice> cpu;
  MaybeMarked<std::chrono::nanoseconds> deadline;
  MaybeMarked<OnMiss> on_miss;
  MaybeMarked<Tolerance> tolerate;
};

// `max_restarts: 3 in 10s`.
struct RestartLimit {
  std::uint32_t count = 0;
  std::chrono::nanoseconds window{0};
};

// What happens when a node's process ends or hangs. As TuningDraft, in a node or in `defaults:`.
struct SupervisionDraft {
  MaybeMarked<RestartPolicy> restart;
  MaybeMarked<std::chrono::nanoseconds> backoff;
  MaybeMarked<RestartLimit> max_restarts;
  MaybeMarked<std::chrono::nanoseconds> startup_deadline;
  MaybeMarked<AgeLimit> watchdog;  // A duration or `none`.
};

// The graph's own words on arming and on the loss of its supervisor.
struct SafetyDraft {
  MaybeMarked<bool> start_armed;
  MaybeMarked<bool> rearm_automatically;
  MaybeMarked<AgeLimit> supervisor_timeout;
  MaybeMarked<OnSupervisorLoss> on_supervisor_loss;
};

// Which groups of users may command a running graph, and which may only look.
struct AccessDraft {
  MaybeMarked<std::string> operators;
  MaybeMarked<std::string> observers;
};

// `estop: {from: panel.state.button, released: true, max_age: 100ms}`
struct EstopDraft {
  Mark mark;                      // The key.
  Marked<std::string> source;     // `from` as written.
  MaybeMarked<TopicName> from;    // None: reported.
  std::string field;              // Behind the topic; empty: the sample's only one.
  MaybeMarked<AgeLimit> max_age;  // None: reported.
  MaybeMarked<AgeLimit> max_data_age;
  const MarkedEntry* released = nullptr;
};

struct NodeDraft {
  Marked<std::string> name;
  MaybeMarked<std::string> type;
  std::optional<TriggerDraft> trigger;
  TuningDraft tuning;
  SupervisionDraft supervision;
  std::vector<InputDraft> inputs;
  MaybeMarked<std::optional<OnSilence>> on_silence;  // Inner none: written, but wrong.
  const MarkedNode* params = nullptr;                // Maps; null when left out.
  const MarkedNode* units = nullptr;
  const MarkedNode* safe = nullptr;
};

struct GraphDraft {
  std::string name;
  RealTimeMode real_time = RealTimeMode::required;
  ClockMode clock = ClockMode::realtime;
  std::vector<Marked<std::string>> libraries;
  bool libraries_complete = true;  // Every name of the list could be read.
  TuningDraft defaults;
  SupervisionDraft supervision_defaults;
  SafetyDraft safety;
  AccessDraft access;
  std::optional<EstopDraft> estop;
  Mark nodes_mark;
  std::vector<NodeDraft> nodes;
};

// Limits of the language.
inline constexpr std::size_t kNameLengthMax = 32;
inline constexpr int kPriorityMax = 89;  // 90..99 are takt's healer and watchers.
inline constexpr int kPriorityDefault = 50;
inline constexpr std::uint32_t kQueueDepthMax = 255;        // iceoryx holds 256, one is the spare.
inline constexpr std::uint32_t kToleranceWindowMax = 1024;  // Cycles a loop remembers.
inline constexpr std::uint32_t kRestartsMax = 1000;  // That the supervisor remembers per node.
inline constexpr int kCpuMax = 1023;                 // Of a cpu_set_t.
inline constexpr std::chrono::nanoseconds kPeriodMin = std::chrono::microseconds(10);
inline constexpr std::chrono::nanoseconds kDurationMax = std::chrono::hours(24);

// Walks the tree, which must outlive the draft.
GraphDraft read_draft(const MarkedNode& root, Report& report);

}  // namespace takt::graph
