// Codes about releases, order and ages.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kTimeEntries[] = {
    {"graph.trigger-cycle", "nodes release each other in a circle",
     "Each waits for a sample of the one before, so nobody publishes the first. One node of a "
     "loop,\n"
     "in a control loop the sensor or the plant, is released by time.",
     "motor: {type: plant/dc_motor, on: voltage}\ndrive: {type: actuator/limiter, on: command}",
     "motor: {type: plant/dc_motor, period: 1ms}\ndrive: {type: actuator/limiter, on: command}"},
    {"graph.delayed-trigger", "an input that releases its node cannot be delayed",
     "'delayed: true' says that an input takes the sample of the period before. The sample that\n"
     "releases a step is the newest by definition.",
     "on: measurement\ninputs: {measurement: {from: motor.speed, delayed: true}}",
     "on: measurement\ninputs: {measurement: motor.speed}"},
    {"graph.needs-period", "a node that needs a period has none",
     "The type computes with the time between steps. The period of a data-triggered node is that "
     "of\n"
     "the periodic node at the beginning of its trigger chain; a chain that begins at a node that\n"
     "runs freely has none. Of 'on: {all: ...}' and 'on: {any: ...}' the first input counts.",
     "imu: {type: sensor/imu, run: free}\npid: {type: controller/pid, on: measurement}",
     "imu: {type: sensor/imu, period: 1ms}\npid: {type: controller/pid, on: measurement}"},
    {"graph.tree-cycle", "nodes that are released together read each other",
     "At an instant at which both are released, each would have to run before the other. Say "
     "which\n"
     "input takes the sample of the period before; 'takt check' lists it as delayed.",
     "left: {type: filter/mean, period: 1ms, inputs: {a: right.mean}}\n"
     "right: {type: filter/mean, period: 1ms, inputs: {a: left.mean}}",
     "left: {type: filter/mean, period: 1ms, inputs: {a: {from: right.mean, delayed: true}}}\n"
     "right: {type: filter/mean, period: 1ms, inputs: {a: left.mean}}"},
    {"graph.free-running-real-time", "a node that runs freely in a real-time class",
     "A node without a trigger to wait for, at a real-time priority, never gives its CPU to "
     "anyone\n"
     "below it. 'run: free' nodes run in the ordinary class whatever 'defaults:' say.",
     "planner: {type: my/planner, run: free, policy: fifo}",
     "planner: {type: my/planner, run: free}"},
    {"graph.priority-reserved", "a priority that belongs to takt",
     "Priorities 90 to 99 are those of the threads that watch and heal the nodes: they must run "
     "also\n"
     "when a node does not stop. Nodes use 1 to 89; 50 when none is given.",
     "priority: 99", "priority: 80"},
    {"graph.cpu-not-available", "a CPU that this graph may not use",
     "The machine has no such CPU, or it is not among those that takt may use. 'cpu: auto' puts "
     "each\n"
     "trigger chain on one CPU, the highest available first.",
     "cpu: 64", "cpu: auto"},
    {"graph.command-freshness", "an actuator's command without an age limit",
     "Without one, the last command of a dead controller is driven for ever. 'max_age' limits the "
     "time\n"
     "since the command was published, 'max_data_age' the time since what it is based on was\n"
     "measured. Who wants none writes 'none'.",
     "inputs: {command: pid.output}", "inputs: {command: {from: pid.output, max_age: 3ms}}"},
    {"graph.fallback-freshness", "an input with fallbacks and without an age limit",
     "A topic of the list 'from: [primary, backup]' is left when its newest sample is older than\n"
     "'max_age' or its data older than 'max_data_age'. Without a limit it never is, and the\n"
     "others would never be read.",
     "measurement: {from: [laser.range, sonar.range]}",
     "measurement: {from: [laser.range, sonar.range], max_age: 20ms}"},
    {"graph.fallback-queue", "an input with fallbacks and a queue",
     "A queue delivers every sample of one topic in order; two topics have no common order. An "
     "input\n"
     "with fallbacks shows the newest sample of the topic that it reads.",
     "measurement: {from: [laser.range, sonar.range], max_age: 20ms, queue: {depth: 4}}",
     "measurement: {from: [laser.range, sonar.range], max_age: 20ms}"},
    {"graph.duplicate-source", "a topic that stands twice in the list of one input",
     "The topics of 'from: [primary, backup]' replace each other when one falls silent. One that\n"
     "stands there twice falls silent twice.",
     "measurement: {from: [laser.range, laser.range], max_age: 20ms}",
     "measurement: {from: [laser.range, sonar.range], max_age: 20ms}"},
    {"graph.free-in-lockstep", "a node that runs freely, in lockstep",
     "In lockstep time goes on when every node has done what is due at an instant. A node that\n"
     "runs freely is due all the time. A period says how often it works in logical time.",
     "clock: lockstep\nnodes: {planner: {type: my/planner, run: free}}",
     "clock: lockstep\nnodes: {planner: {type: my/planner, period: 20ms}}"},
    {"graph.device-in-lockstep", "a node that owns a device, in lockstep",
     "A device at the end of a wire knows nothing of logical time: an hour may pass for the graph\n"
     "while it waits for the next command. In lockstep a plant node takes its place.",
     "clock: lockstep\nnodes: {valve: {type: actuator/udp, ...}}",
     "clock: lockstep\nnodes: {valve: {type: actuator/limiter, ...}}"},
    {"graph.data-freshness", "a command that may look fresh and be based on old data",
     "A node upstream keeps publishing when its own input is stale: it is on 'hold', or reads a\n"
     "measurement without 'max_age'. Its commands are young, the data in them is not. Only\n"
     "'max_data_age' sees that. Who does not want it writes 'none'.",
     "measurement: {from: motor.speed, max_age: 3ms, on_stale: hold}\n"
     "command: {from: pid.output, max_age: 3ms}",
     "measurement: {from: motor.speed, max_age: 3ms, on_stale: hold}\n"
     "command: {from: pid.output, max_age: 3ms, max_data_age: 5ms}"},
    {"graph.no-origin", "an age of data that cannot be judged",
     "Origin stamps begin at sensors, plants and other outputs that measure; set-points carry "
     "none.\n"
     "A node passes on the origin of its measurement inputs, else of its triggers, when all of "
     "them\n"
     "carry one.",
     "reference: {from: set_point.value, max_data_age: 20ms}",
     "reference: {from: set_point.value, max_age: 20ms}"},
    {"graph.deadline-after-period", "a deadline after the next release (a warning)",
     "A step that ends after the next release is an overrun and skips it. A deadline beyond that\n"
     "counts less than the overruns do.",
     "motor: {type: plant/dc_motor, period: 1ms, deadline: 2ms}",
     "motor: {type: plant/dc_motor, period: 1ms, deadline: 800us}"},
    {"graph.age-below-period", "an age limit below the writer's period (a warning)",
     "Between two samples of the writer the input becomes stale each time. Allow at least one "
     "period\n"
     "and the time that the step takes.",
     "measurement: {from: motor.speed, max_age: 500us}    # the motor has a period of 1 ms",
     "measurement: {from: motor.speed, max_age: 3ms}"},
};

}  // namespace

std::span<const ExplanationEntry> time_explanations() { return kTimeEntries; }

}  // namespace takt::graph
