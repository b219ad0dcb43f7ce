// What a stimulus or a fault is aimed at.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/scenario/language/reading.hpp"

namespace takt::scenario {

// One field of one input, and its unit.
struct DrivenField {
  InputTarget target;
  std::string unit;
};

// `NODE.INPUT`, `NODE.INPUT.FIELD` or the name of a signal that is an input.
std::optional<DrivenField> read_target(const MarkedNode& node, Reading& reading);

// A value for it: with a unit where one is known.
std::optional<double> read_driven(const MarkedNode& node, const std::string& what,
                                  const DrivenField& field, Reading& reading);

// `NODE.params.NAME`.
struct ParamTarget {
  std::string node;
  std::string param;
};
std::optional<ParamTarget> param_target(const MarkedNode& node);

// A topic, or one field of it, with every input that reads it.
struct FaultyTopic {
  std::string topic;
  std::string field;
  std::string unit;
  std::vector<InputTarget> readers;
};
// `NODE.OUTPUT`, `NODE.OUTPUT.FIELD`, `NODE.INPUT` (that reader alone) or the name of a signal.
std::optional<FaultyTopic> read_faulty_topic(const MarkedNode& node, Reading& reading);

// What the run would refuse is said before anything starts: reports it; false then.
bool is_accepted(const Result<void>& checked, const char* code, const Mark& mark, Reading& reading);

}  // namespace takt::scenario
