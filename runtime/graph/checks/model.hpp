// A graph between draft and result: names are looked up one check after the other.
//
// Each check reports what is wrong and leaves that part out; the checks behind it work with what is
// left, so that one reading finds every mistake and no mistake is reported twice.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <takt/graph/graph_spec.hpp>
#include <takt/graph/report.hpp>
#include <takt/manifest/declaration.hpp>

#include "runtime/graph/language/draft.hpp"

namespace takt::graph {

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// A library that was found, and what it declares.
struct NodeLibrary {
  std::string path;  // Of the shared library, absolute.
  Manifest manifest;
};

// The unit of a Scalar output and how it became known.
struct OutputUnit {
  std::string unit;    // Empty: none known.
  std::string source;  // A sentence for a note at `mark`.
  Mark mark;
};

struct NodeModel {
  const NodeDraft* draft = nullptr;
  const NodeDeclaration* declaration = nullptr;  // Null: the type is unknown, which is reported.
  std::string library;                           // Path of the shared library.
  std::vector<const InputDraft*> inputs;         // One a declared input; null: not connected.
  std::vector<OutputUnit> output_units;          // One a declared output.

  Policy policy = Policy::fifo;
  int priority = 0;
  std::vector<int> cpus;  // Empty: any.
  bool is_real_time() const { return policy != Policy::other; }

  // The trigger chain: who releases this node, and the node at its beginning.
  std::size_t parent = kNone;
  std::size_t root = kNone;  // Of a root: itself. None in a cycle of triggers or a broken chain.
  std::chrono::nanoseconds period{0};

  const std::string& name() const { return draft->name.value; }
};

// A topic of a connected input: everything about it is known. An input with fallbacks has an edge
// for each of its topics, in their order.
struct Edge {
  std::size_t writer = kNone;
  std::size_t output = kNone;  // Index in the writer's declaration.
  std::size_t reader = kNone;
  std::size_t input = kNone;  // Index in the reader's declaration.
  const InputDraft* draft = nullptr;
  const Marked<TopicName>* from = nullptr;  // Its topic in the draft.
  bool is_fallback = false;                 // Another one stands before it.
  bool triggers = false;                    // The reader is released by it.
};

// An input that no topic feeds (`from: external`).
struct ExternalInput {
  std::size_t reader = kNone;
  std::size_t input = kNone;  // Index in the reader's declaration.
  const InputDraft* draft = nullptr;
  std::string unit;  // Of a Scalar: the declared one, else that of its `initial`; empty: none.
};

// The graph's emergency stop: an input of every actuator that no declaration has.
struct EstopModel {
  std::size_t writer = kNone;
  std::size_t output = kNone;
  EstopConfig config;
};

struct Model {
  GraphDraft draft;
  std::vector<NodeLibrary> libraries;
  bool libraries_complete = true;  // None is missing: an unknown type is the type's mistake.
  std::vector<NodeModel> nodes;
  std::map<std::string, std::size_t, std::less<>> index;  // Node by name.
  std::vector<Edge> edges;                                // In file order of the readers.
  std::vector<ExternalInput> externals;                   // The same.
  std::optional<EstopModel> estop;
  std::vector<DelayedEdge> delayed;
  std::vector<std::size_t> start_order;
  std::vector<std::size_t> turn_order;

  const InputDeclaration& input_of(const Edge& edge) const {
    return nodes[edge.reader].declaration->inputs[edge.input];
  }
  const OutputDeclaration& output_of(const Edge& edge) const {
    return nodes[edge.writer].declaration->outputs[edge.output];
  }
  const InputDeclaration& input_of(const ExternalInput& external) const {
    return nodes[external.reader].declaration->inputs[external.input];
  }
  std::string input_name(const ExternalInput& external) const {
    return nodes[external.reader].name() + "." + input_of(external).name;
  }
  // Null when the input is none.
  const ExternalInput* find_external(std::size_t reader, std::size_t input) const;
  const OutputUnit& unit_of(const Edge& edge) const {
    return nodes[edge.writer].output_units[edge.output];
  }
  std::string input_name(const Edge& edge) const {
    return nodes[edge.reader].name() + "." + input_of(edge).name;
  }
  std::string topic_name(const Edge& edge) const {
    return nodes[edge.writer].name() + "." + output_of(edge).name;
  }
  // The node is an actuator that the emergency stop stops.
  bool has_estop(const NodeModel& node) const {
    return estop && node.declaration && node.declaration->is_actuator();
  }
  // So many actuators read this output as the emergency stop.
  std::size_t estop_readers(std::size_t writer, std::size_t output) const;
  // Of one input; empty when it is not connected.
  std::vector<const Edge*> edges_into(std::size_t reader, std::size_t input) const;
};

// A sample that is one number and gets its unit from the graph.
bool is_scalar(const Layout& layout);

}  // namespace takt::graph
