// Bounded queues and what the transport can hold.
#include <algorithm>
#include <map>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

bool waits(const Edge& edge) {
  return edge.draft->when_full && edge.draft->when_full->value == WhenFull::wait;
}

std::vector<const Edge*> readers_of(const Model& model, std::size_t writer, std::size_t output) {
  std::vector<const Edge*> readers;
  for (const Edge& edge : model.edges) {
    if (edge.writer == writer && edge.output == output) readers.push_back(&edge);
  }
  return readers;
}

void check_waiting(const Model& model, const Edge& edge, Report& report) {
  const NodeModel& writer = model.nodes[edge.writer];
  if (writer.draft->trigger && writer.draft->trigger->kind == TriggerKind::periodic) {
    report.error(
        {.code = "graph.wait-queue",
         .mark = edge.draft->when_full->mark,
         .message = format("'when_full: wait' would make '{}' miss its periods", writer.name()),
         .help = "only a writer that is data-triggered or runs freely can wait for a reader",
         .notes = {{"it is released by its period", writer.draft->trigger->mark}}});
    return;
  }
  for (const Edge* other : readers_of(model, edge.writer, edge.output)) {
    if (waits(*other)) continue;
    report.error(
        {.code = "graph.wait-queue",
         .mark = edge.draft->when_full->mark,
         .message = format("'when_full: wait' holds only when every reader of '{}' says so",
                           model.topic_name(edge)),
         .help = "give every reader of the topic a queue with 'when_full: wait', or none",
         .notes = {{format("'{}' does not", model.input_name(*other)), other->draft->name.mark}}});
    return;
  }
}

void check_ports(const Model& model, const NodeModel& node, Report& report) {
  const std::size_t inputs = node.declaration->inputs.size() + (model.has_estop(node) ? 1 : 0);
  const std::size_t outputs = node.declaration->outputs.size();
  if (inputs <= kPortsMax && outputs <= kPortsMax) return;
  report.error(
      {.code = "graph.too-many-ports",
       .mark = node.draft->type->mark,
       .message = format("type '{}' has {} inputs and {} outputs; a node has at most {} of "
                         "each{}",
                         node.declaration->type, inputs, outputs, kPortsMax,
                         model.has_estop(node) ? "; 'estop' is one of them" : "")});
}

void check_readers(const Model& model, std::size_t writer, std::size_t output, Report& report) {
  const auto readers = readers_of(model, writer, output);
  const std::size_t count = readers.size() + model.estop_readers(writer, output);
  if (count <= kReadersMax) return;
  const bool by_edges = readers.size() > kReadersMax;
  report.error(
      {.code = "graph.too-many-readers",
       .mark = by_edges ? readers[kReadersMax]->from->mark : model.draft.estop->source.mark,
       .message = format("topic '{}.{}' has {} readers; a topic has at most {}",
                         model.nodes[writer].name(),
                         model.nodes[writer].declaration->outputs[output].name, count, kReadersMax),
       .help = "let one node read it and pass it on"});
}

void check_total(const Model& model, const char* code, const std::string& what, std::size_t count,
                 std::size_t limit, Report& report) {
  if (count <= limit) return;
  report.error(
      {.code = code,
       .mark = model.draft.nodes_mark,
       .message = format("the graph has {} {}; one instance runs at most {}", count, what, limit),
       .help = "split it into graphs that run side by side"});
}

// Samples of equal size share a pool.
class Pools {
 public:
  void add(const Model& model, std::size_t writer, std::size_t output, Report& report) {
    const NodeModel& node = model.nodes[writer];
    const Layout& layout = node.declaration->outputs[output].layout;
    if (layout.size > kSampleBytesMax) {
      report.error({.code = "graph.sample-too-large",
                    .mark = node.draft->type->mark,
                    .message = format("a sample of '{}.{}' has {} bytes; a sample has at most {}",
                                      node.name(), node.declaration->outputs[output].name,
                                      layout.size, kSampleBytesMax)});
      return;
    }
    std::uint64_t& bytes = bytes_[layout.size];
    const bool fitted = bytes < kPoolBytesMax;
    bytes += (layout.size + kChunkOverhead) * chunks_of(model, writer, output);
    if (!fitted || bytes < kPoolBytesMax) return;
    report.error(
        {.code = "graph.pool-too-large",
         .mark = node.draft->type->mark,
         .message = format("the samples of {} bytes need {} MiB; a pool has less than {} MiB",
                           layout.size, bytes >> 20, kPoolBytesMax >> 20),
         .help = "shorten queues, or let fewer nodes read these topics"});
  }

 private:
  // iceoryx's header of a chunk, takt's header of a sample, and the alignment of both, at most.
  static constexpr std::uint64_t kChunkOverhead = 128;

  std::map<std::uint64_t, std::uint64_t> bytes_;  // By size of the sample.
};

}  // namespace

std::uint32_t chunks_of(const Model& model, std::size_t writer, std::size_t output) {
  std::uint32_t chunks = kLoansPerTopic + kSparePerTopic;
  for (const Edge* edge : readers_of(model, writer, output)) {
    const auto& depth = edge->draft->queue_depth;
    chunks += std::max(depth ? depth->value : kLatestQueueDepth, kQueueMin) + kHeldPerReader;
  }
  for (const NodeModel& node : model.nodes) {
    const bool reads =
        model.has_estop(node) && model.estop->writer == writer && model.estop->output == output;
    if (reads) chunks += estop_depth(model, node) + kHeldPerReader;
  }
  return chunks;
}

void check_queues(const Model& model, Report& report) {
  for (const Edge& edge : model.edges) {
    if (waits(edge)) check_waiting(model, edge, report);
  }
}

void check_limits(const Model& model, Report& report) {
  std::size_t topics = 0;
  Pools pools;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    const NodeModel& node = model.nodes[i];
    if (!node.declaration) continue;
    check_ports(model, node, report);
    topics += node.declaration->outputs.size();
    for (std::size_t output = 0; output < node.declaration->outputs.size(); ++output) {
      check_readers(model, i, output, report);
      pools.add(model, i, output, report);
    }
  }
  check_total(model, "graph.too-many-nodes", "nodes", model.nodes.size(), kNodesMax, report);
  check_total(model, "graph.too-many-topics", "outputs", topics, kTopicsMax, report);
  std::size_t edges = model.edges.size();
  if (model.estop) edges += model.estop_readers(model.estop->writer, model.estop->output);
  check_total(model, "graph.too-many-edges", "connected inputs", edges, kEdgesMax, report);
}

}  // namespace takt::graph
