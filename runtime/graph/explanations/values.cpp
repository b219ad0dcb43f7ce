// Codes about parameters, samples and units.
#include "runtime/graph/explanations/entry.hpp"

namespace takt::graph {
namespace {

constexpr ExplanationEntry kValueEntries[] = {
    {"graph.missing-param", "a parameter without a default is not given",
     "The type declares no default because none is right for most graphs.",
     "set_point: {type: source/profile, period: 10ms}",
     "set_point: {type: source/profile, period: 10ms, params: {shape: step}}"},
    {"graph.wrong-kind", "a value of another kind",
     "Integers are decimal digits (010 is ten, 0x10 and 4.5 are none), booleans are 'true' or "
     "'false'\n"
     "and nothing else, numbers are finite.",
     "params: {range: 4.5, filter: yes, kp: .inf}", "params: {range: 4, filter: true, kp: 100}"},
    {"graph.out-of-range", "a value outside its bounds",
     "The message gives the bounds, which are those of the language, of the parameter's "
     "declaration\n"
     "or of the field that holds the value.",
     "priority: 0\nqueue: {depth: 1000}", "priority: 50\nqueue: {depth: 255}"},
    {"graph.missing-unit", "a bare number where a unit is declared",
     "10 could be volts or millivolts. Any unit that converts is right; 0 needs one too.",
     "params: {resistance: 1}\nsafe: {output: 0}",
     "params: {resistance: 1 Ohm}\nsafe: {output: 0 V}"},
    {"graph.unknown-unit", "no unit",
     "Units are those of UDUNITS-2: V, mV, A, rad/s, rpm, deg, N.m, m/s2, kg.m2, degC, %, 1. A dot "
     "or\n"
     "a blank multiplies: 'Nm' is no unit, 'nm' would be a nanometre. Factors ('2 V') are numbers.",
     "params: {constant: 0.01 Nm/A}", "params: {constant: 0.01 N.m/A}"},
    {"graph.unexpected-unit", "a unit where none can be used",
     "Nothing says which unit this number is to be converted to: the parameter or field declares\n"
     "none. 'units:' is for outputs of type Scalar; the fields of other samples have units of "
     "their\n"
     "own.",
     "encoder: {type: sensor/encoder, period: 1ms, units: {joint: rad}}",
     "encoder: {type: sensor/encoder, period: 1ms}"},
    {"graph.wrong-dimension", "a unit of another quantity",
     "Volts do not convert to amperes. Nor does Hz to rad/s: takt refuses to guess the factor 2 "
     "pi\n"
     "between turns and radians, write rpm or rad/s for speeds and Hz for frequencies.",
     "params: {frequency: 10 rad/s}", "params: {frequency: 1.6 Hz}"},
    {"graph.unit-mismatch", "the two ends of an edge are in different units",
     "Samples are not converted on their way, so V and mV on one edge would be wrong by a factor "
     "of\n"
     "1000. The unit of a Scalar output is that of its type, or of 'units:', or of an input that "
     "reads\n"
     "it, or the one in which the graph writes its safe value, its first reader's initial value "
     "or\n"
     "the writer's parameters.",
     "pid: {type: controller/pid, on: measurement, units: {output: mV}}    # the motor takes V",
     "pid: {type: controller/pid, on: measurement, units: {output: V}}"},
    {"graph.missing-field", "a sample with a field left out",
     "Initial and safe samples give every field: a zero that nobody wrote may move a machine.",
     "initial: {speed: 0 rad/s}", "initial: {speed: 0 rad/s, current: 0 A}"},
    {"graph.unknown-field", "a sample has no such field",
     "Fields of nested structs are written with dots: 'position.x'.",
     "initial: {sped: 0 rad/s, current: 0 A}", "initial: {speed: 0 rad/s, current: 0 A}"},
};

}  // namespace

std::span<const ExplanationEntry> value_explanations() { return kValueEntries; }

}  // namespace takt::graph
