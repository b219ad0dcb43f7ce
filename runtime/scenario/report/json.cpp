#include "runtime/scenario/report/json.hpp"

#include <algorithm>

#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

Json json_of(const Span& span) {
  return {{"begin_ns", span.begin.count()}, {"end_ns", span.end.count()}};
}

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json json_of(const AssessmentResult& a) {
  Json violations = Json::array();
  for (const Span& span : a.violations) violations.push_back(json_of(span));
  return {{"name", a.name},
          {"kind", a.kind},
          {"verdict", name_of(a.verdict)},
          {"allow_untested", a.allow_untested},
          {"text", a.text},
          {"required", a.required},
          {"margin", json_of(a.margin)},
          {"worst_at_ns", a.worst_at ? Json(a.worst_at->count()) : Json()},
          {"worst_value", json_of(a.worst_value)},
          {"signals", a.signals},
          {"violations", std::move(violations)},
          {"window", a.window ? json_of(*a.window) : Json()}};
}

Json json_of(const SignalRecord& signal) {
  return {{"name", signal.name},
          {"source", signal.source},
          {"unit", signal.unit},
          {"interpolates", signal.interpolates},
          {"samples", std::min(signal.t_ns.size(), signal.values.size())}};
}

Json json_of(const EventRecord& event) {
  return {{"kind", event.kind},
          {"name", event.name},
          {"detail", event.detail},
          {"at_ns", event.at.count()}};
}

Json json_of(const FaultRecord& fault) {
  Json json = {{"name", fault.name}, {"what", fault.what}};
  json.update(json_of(fault.span));
  json["samples"] = fault.samples;
  return json;
}

template <typename Record>
Json list_of(const std::vector<Record>& records) {
  Json list = Json::array();
  for (const Record& record : records) list.push_back(json_of(record));
  return list;
}

std::string_view word_of(RunEnd end) {
  return end == RunEnd::stop_condition ? "stop_condition" : name_of(end);
}

}  // namespace

Json to_json(const RunResult& run) {
  Json parameters = Json::object();
  for (const auto& [name, value] : run.parameters) parameters[name] = value;
  return {{"takt_scenario_result", 1},
          {"id", run.id},
          {"scenario", run.scenario},
          {"description", run.description},
          {"file", run.file},
          {"graph", run.graph},
          {"clock", run.clock},
          {"seed", run.seed},
          {"requirements", run.requirements},
          {"parameters", std::move(parameters)},
          {"repetition", run.repetition},
          {"repetitions", run.repetitions},
          {"command", run.command},
          {"started", run.started},
          {"folder", run.folder},
          {"verdict", name_of(run.verdict())},
          {"passed", run.passed()},
          {"end", word_of(run.end)},
          {"problem", run.problem},
          {"duration_ns", run.duration.count()},
          {"wall_s", run.wall_s},
          {"assessments", list_of(run.assessments)},
          {"signals", list_of(run.signals)},
          {"events", list_of(run.events)},
          {"faults", list_of(run.faults)},
          {"plots", run.plots},
          {"run", run.summary}};
}

}  // namespace takt::scenario
