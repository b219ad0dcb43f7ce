// The checks, in the order in which `load_graph` calls them. Each needs those before it.
#pragma once

#include "runtime/graph/checks/model.hpp"

namespace takt::graph {

// Finds every library's manifest. `folder` is the graph's own.
void find_libraries(Model& model, const std::string& folder, const LoadOptions& options,
                    Report& report);

// Looks up node types and topics; makes the edges.
void resolve_types(Model& model, Report& report);
void resolve_inputs(Model& model, Report& report);

// Looks up a topic; false after the report that it is not there.
bool find_topic(const Model& model, const Marked<TopicName>& topic, std::size_t& node,
                std::size_t& output, Report& report);

// Gives every Scalar output its unit and compares layouts and units along the edges.
void resolve_units(Model& model, Report& report);
void check_edges(const Model& model, Report& report);

// The emergency stop: its topic, its field, the value that means released.
void resolve_estop(Model& model, Report& report);
// The depth of its queue in `node`.
std::uint32_t estop_depth(const Model& model, const NodeModel& node);
// As the last input of an actuator that it stops.
void add_estop(const Model& model, std::size_t node, NodeConfig& config);

// Looks up triggers; finds each node's root and period, and cycles.
void resolve_triggers(Model& model, Report& report);

// Class, priority, CPUs, deadline and what hangs on it.
void resolve_real_time(Model& model, const LoadOptions& options, Report& report);

// What a board profile says against it: CPUs left to the rest of the system, late wake-ups.
void check_board(const Model& model, const LoadOptions& options, Report& report);

// Order of trees at one instant, delayed edges, start order.
void resolve_order(Model& model, Report& report);

// Age limits on the way to an actuator, and where they can be judged.
void check_freshness(const Model& model, Report& report);

// What external inputs need, and cannot have.
void check_externals(const Model& model, Report& report);

// What inputs with fallbacks need.
void check_fallbacks(const Model& model, Report& report);

// What has no place in logical time.
void check_lockstep(const Model& model, Report& report);

// What devices do when their node falls silent.
void check_silence(const Model& model, Report& report);

// Bounded queues and the limits of the transport.
void check_queues(const Model& model, Report& report);
void check_limits(const Model& model, Report& report);

// Parameters and samples: also converts the values. `config` belongs to `model.nodes[node]`.
void resolve_params(const Model& model, std::size_t node, NodeConfig& config, Report& report);
// Where the safe value of an output stands: `entry` itself, or `to` in `{hold, ramp, to}`.
const MarkedEntry* final_safe_value(const MarkedEntry& entry, const Layout& layout);
void resolve_safe_values(const Model& model, std::size_t node, NodeConfig& config, Report& report);
void resolve_initial(const Model& model, const Edge& edge, InputConfig& config, Report& report);
void resolve_initial(const Model& model, const ExternalInput& external, InputConfig& config,
                     Report& report);

// A whole sample of `layout`, written as a map of its fields or, for a Scalar, as one value. Empty
// after a report; `what` names it there.
std::vector<std::byte> encode_sample(const Layout& layout, const std::string& unit,
                                     const MarkedEntry& entry, const std::string& what,
                                     Report& report);

// The same for one element of it, its number in the field's unit or, for a Scalar, in `unit`.
std::vector<std::byte> encode_element(const Layout& layout, const Column& column,
                                      const std::string& unit, const MarkedNode& value,
                                      const std::string& what, Report& report);

// Restarts, time limits and arming, with every default filled in.
NodeSupervision supervision_of(const Model& model, std::size_t index, Report& report);
SafetyConfig safety_of(const Model& model);

// Who may use the running graph.
AccessConfig access_of(const Model& model, const LoadOptions& options, Report& report);

inline constexpr std::chrono::seconds kWatchdogDefault{1};
inline constexpr std::chrono::milliseconds kWatchdogMin{10};

// The transport's limits, of iceoryx 2.0.3 as Debian builds it.
inline constexpr std::size_t kNodesMax = 200;    // Of 300 processes.
inline constexpr std::size_t kPortsMax = 32;     // Inputs, and outputs, of one node.
inline constexpr std::size_t kReadersMax = 127;  // Of one topic; iceoryx knows 256.
inline constexpr std::size_t kTopicsMax = 506;   // 512 publishers, 6 of them RouDi's.
inline constexpr std::size_t kEdgesMax = 960;    // 1024 subscribers; 64 are left for the tap.
inline constexpr std::uint64_t kSampleBytesMax = std::uint64_t{256} << 20;
inline constexpr std::uint64_t kPoolBytesMax = std::uint64_t{4}
                                               << 30;  // Exclusive: 32-bit offsets.

// What a topic's samples need of its pool.
inline constexpr std::uint32_t kLoansPerTopic = 2;
inline constexpr std::uint32_t kSparePerTopic = 2;  // The last one sent and one in eviction.
inline constexpr std::uint32_t kHeldPerReader = 2;
inline constexpr std::uint32_t kQueueMin = 2;  // What the shortest queue may hold.
inline constexpr std::uint32_t kLatestQueueDepth = 8;
std::uint32_t chunks_of(const Model& model, std::size_t writer, std::size_t output);

}  // namespace takt::graph
