// Codes about queues and the limits of the transport.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kLimitEntries[] = {
    {"graph.wait-queue", "a bounded queue that cannot hold its promise",
     "'when_full: wait' makes the writer wait until every reader has room. That works when every\n"
     "reader of the topic asks for it, and only for writers that have no period to miss: those "
     "that\n"
     "are data-triggered or run freely.",
     "motor: {type: plant/dc_motor, period: 1ms}\n"
     "log: {inputs: {value: {from: motor.speed, queue: {depth: 16, when_full: wait}}}}",
     "motor: {type: plant/dc_motor, period: 1ms}\n"
     "log: {inputs: {value: {from: motor.speed, queue: {depth: 16, when_full: drop_oldest}}}}"},
    {"graph.too-many-nodes", "more than 200 nodes",
     "Every node is a process, and the transport holds 300 of them, takt's own included.",
     "nodes:    # 201 of them", "nodes:    # 100 in each of two graphs, run as two instances"},
    {"graph.too-many-ports", "a type with more than 32 inputs or outputs",
     "Put the values that belong together into one struct: they then also arrive together.",
     "arm: {type: my/arm_with_40_scalar_outputs, period: 1ms}",
     "arm: {type: my/arm_with_one_struct_output, period: 1ms}"},
    {"graph.too-many-readers", "more than 127 readers of one topic",
     "The writer sends each sample to every reader in its own step. Let one node read the topic "
     "and\n"
     "pass it on, outside of the control loop.",
     "reader_128: {type: my/reader, on: value, inputs: {value: motor.speed}}",
     "reader_128: {type: my/reader, on: value, inputs: {value: relay.speed}}"},
    {"graph.too-many-topics", "more than 506 outputs in all",
     "The transport has 512 writers, of which takt uses 6. Put values that belong together into "
     "one\n"
     "struct.",
     "nodes:    # 16 nodes with 32 outputs each",
     "nodes:    # 16 nodes with one struct output each"},
    {"graph.too-many-edges", "more than 960 connected inputs in all",
     "The transport has 1024 readers; 64 are left for the tap that serves echo, top and record.",
     "nodes:    # 31 nodes with 32 inputs each", "nodes:    # 31 nodes with one struct input each"},
    {"graph.sample-too-large", "a sample of more than 256 MiB",
     "Samples live in shared memory that is locked and touched before the start.",
     "scanner: {type: my/scanner_of_300_mib, period: 100ms}",
     "scanner: {type: my/scanner_in_tiles, period: 10ms}"},
    {"graph.pool-too-large", "the samples of one size need 4 GiB or more",
     "A topic keeps 4 samples, and for each reader its queue (8 without 'queue:') and 2 more. "
     "Large\n"
     "samples need short queues and few readers.",
     "view: {inputs: {frame: {from: camera.frame, queue: {depth: 64}}}}",
     "view: {inputs: {frame: {from: camera.frame, queue: {depth: 2}}}}"},
};

}  // namespace

std::span<const ExplanationEntry> limit_explanations() { return kLimitEntries; }

}  // namespace takt::graph
