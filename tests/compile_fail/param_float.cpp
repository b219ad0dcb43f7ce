// expect: a parameter is a double, a std::int64_t, a bool or a std::string
#include <takt/node/node.hpp>

#ifdef MISUSE
takt::StepResult use(takt::Node& node) {
  takt::Param<float> gain{node, "gain"};
  return takt::StepResult::ok;
}
#else
takt::StepResult use(takt::Node& node) {
  takt::Param<double> gain{node, "gain"};
  return takt::StepResult::ok;
}
#endif
