// The resolved configuration of one node, as the supervisor hands it to the node's process.
//
// Everything is checked, every default is filled in, every value is in the declared unit: a node's
// process neither reads YAML nor checks a graph.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/manifest/declaration.hpp>

namespace takt {

enum class TriggerKind { periodic, on_input, on_all, on_any, free_running };

struct TriggerConfig {
  TriggerKind kind = TriggerKind::periodic;
  std::chrono::nanoseconds period{0};  // Periodic only.
  std::chrono::nanoseconds offset{0};
  std::vector<std::string> inputs;     // on_input: one; on_all, on_any: some.
  std::chrono::nanoseconds within{0};  // on_all: the stamps may differ by this much; 0: any.
  bool operator==(const TriggerConfig&) const = default;
};

enum class OnStale { hold, safe, stop };
enum class OnMiss { count, safe, stop };
enum class WhenFull { drop_oldest, wait };

struct TopicName {
  std::string node;
  std::string output;
  std::string text() const { return node + "." + output; }
  bool operator==(const TopicName&) const = default;
};

struct InputConfig {
  std::string name;
  std::optional<TopicName> from;  // None: not connected (an optional input).
  // Read while the topics before them are too old; only with an age limit and without a queue.
  std::vector<TopicName> fallbacks;
  bool external = false;  // No topic: a scenario or `takt force` writes it. `from` is then none.
  Layout layout;
  std::string unit;  // Of a Scalar, when known.
  std::optional<std::chrono::nanoseconds> max_age;       // None: not judged.
  std::optional<std::chrono::nanoseconds> max_data_age;  // None: not judged.
  OnStale on_stale = OnStale::safe;
  std::uint32_t queue_depth = 0;  // 0: `latest`.
  WhenFull when_full = WhenFull::drop_oldest;
  std::vector<std::byte> initial;  // One sample; empty: none.
  bool measurement = false;
  bool command = false;
  bool optional = false;
  bool delayed = false;
  // `from` and the fallbacks in their order.
  std::vector<TopicName> sources() const;
  bool operator==(const InputConfig&) const = default;
};

// The name, among an actuator's inputs, of the one that the graph's emergency stop makes: no
// declared input has a dot.
inline constexpr const char* kEstopInput = "graph.estop";

// Which value of which field says that the emergency stop is released; every other one, NaN too,
// says that it is pressed.
struct EstopConfig {
  FieldKind kind = FieldKind::f64;
  std::uint32_t offset = 0;         // Of the element in its sample.
  std::vector<std::byte> released;  // One element.
  bool operator==(const EstopConfig&) const = default;
};

// One reader of an output.
struct ReaderConfig {
  std::string node;
  std::string input;
  bool rings = false;             // The reader is triggered by this topic.
  std::uint32_t credit_depth = 0; // > 0: `when_full: wait` with a queue of this depth.
  bool operator==(const ReaderConfig&) const = default;
};

struct OutputConfig {
  std::string name;
  Layout layout;
  std::string unit;
  Origin origin = Origin::inherit;
  bool has_safe = false;
  std::vector<std::byte> safe;  // One sample; empty unless has_safe.
  // On the way to it from what was last driven: kept for `safe_hold`, then moved for `safe_ramp`.
  std::chrono::nanoseconds safe_hold{0};
  std::chrono::nanoseconds safe_ramp{0};
  std::vector<ReaderConfig> readers;
  bool operator==(const OutputConfig&) const = default;
};

enum class Policy { other, fifo, round_robin };

struct RealTimeConfig {
  Policy policy = Policy::fifo;
  int priority = 50;      // 1..89; 90..99 are takt's own.
  std::vector<int> cpus;  // CPUs the loop thread may use; empty: any.
  bool lock_memory = true;
  bool operator==(const RealTimeConfig&) const = default;
};

// What becomes of the nodes when the supervisor dies or stands still for too long.
enum class OnSupervisorLoss {
  safe,    // Outputs go to their safe values; after its death every node ends.
  finish,  // Goes on while inputs are fresh; the first stale input, or `done`, ends the node.
  go_on,   // As if nothing had happened, until somebody ends the processes. In YAML: `continue`.
};

// The graph's words on arming and on its supervisor, the same for every node.
struct SafetyConfig {
  bool start_armed = true;
  bool rearm_automatically = true;  // False: after a safe state only `takt arm` energises again.
  std::chrono::nanoseconds supervisor_timeout = std::chrono::seconds(1);  // 0: not judged.
  OnSupervisorLoss on_supervisor_loss = OnSupervisorLoss::safe;
  bool operator==(const SafetyConfig&) const = default;
};

// What a device does by itself when the node that owns it has died or hangs.
enum class Silence {
  device_timeout,  // Goes to a safe state of its own after `timeout`.
  holds_last,      // Goes on with what it was last driven with.
  unknown,
};
struct OnSilence {
  Silence device = Silence::unknown;
  std::chrono::nanoseconds timeout{0};
  bool operator==(const OnSilence&) const = default;
};

struct NodeConfig {
  std::string graph;
  std::string instance;
  std::string name;
  std::string type;
  std::string library;          // Path of the shared library.
  std::string base_folder;      // The graph file's folder: relative paths in params start here.
  NodeDeclaration declaration;  // As the manifest says; the library must say the same.
  Json params = Json::object(); // Name to value, in the declared unit; every declared name.
  TriggerConfig trigger;
  std::chrono::nanoseconds period{0};    // Own or of the trigger chain's root; 0: none.
  std::chrono::nanoseconds deadline{0};  // 0: none. Counts from the release.
  OnMiss on_miss = OnMiss::count;
  std::uint32_t tolerate_misses = 0;     // `tolerate: m in k`: m ...
  std::uint32_t tolerate_window = 0;     // ... in k cycles; 0: none tolerated.
  bool actuator = false;
  SafetyConfig safety;
  std::optional<OnSilence> on_silence;  // Of a node that owns a device; no other has one.
  std::optional<EstopConfig> estop;     // Of an actuator; its topic is the input kEstopInput.
  RealTimeConfig real_time;
  std::vector<InputConfig> inputs;
  std::vector<OutputConfig> outputs;
  bool operator==(const NodeConfig&) const = default;
};

Json to_json(const NodeConfig& config);
Result<NodeConfig> node_config_from_json(const Json& json);

}  // namespace takt
