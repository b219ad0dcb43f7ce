#include "runtime/scenario/stage/director.hpp"

#include <algorithm>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

// The same injection, begun at `at` instead of at the barrier.
Injection shifted(Injection injection, nanoseconds at) {
  const auto move = [at](nanoseconds& time) {
    if (time != kUntilTheEnd) time += at;
  };
  move(injection.from);
  move(injection.until);
  for (InjectionPoint& point : injection.points) move(point.at);
  return injection;
}

std::optional<double> number_of_state(const std::string& word) {
  const auto found = std::find(kGraphStates.begin(), kGraphStates.end(), word);
  if (found == kGraphStates.end()) return std::nullopt;
  return static_cast<double>(found - kGraphStates.begin());
}

}  // namespace

Director::Director(const ScenarioSpec& spec, Recorder& recorder)
    : spec_(spec), recorder_(recorder), faults_(spec.faults.size()) {
  for (const StimulusSpec& stimulus : spec_.stimuli) {
    stimulus_watches_.emplace_back();
    if (stimulus.when) stimulus_watches_.back().emplace(*stimulus.when);
    if (!stimulus.when) driven_.push_back(stimulus.injection);
  }
  for (std::size_t i = 0; i < spec_.faults.size(); ++i) {
    const FaultSpec& fault = spec_.faults[i];
    fault_watches_.emplace_back();
    if (fault.when) {
      fault_watches_.back().emplace(*fault.when);
      continue;
    }
    const bool is_process = fault.process.has_value();
    faults_[i].at = is_process ? fault.process->at : fault.injections.front().from;
    faults_[i].until = is_process ? fault.process->until : fault.injections.front().until;
  }
}

Rehearsal Director::plan(bool paced) const {
  Rehearsal plan;
  plan.paced = paced;
  plan.injections = driven_;
  for (const FaultSpec& fault : spec_.faults) {
    if (fault.when) continue;
    plan.injections.insert(plan.injections.end(), fault.injections.begin(), fault.injections.end());
    if (fault.process) plan.faults.push_back(*fault.process);
  }
  return plan;
}

void Director::add_event(EventRecord event) {
  unseen_.push_back(event);
  recorder_.trace().events.push_back(std::move(event));
}

void Director::note(const Json& event) {
  const std::string kind = event.value("event", "");
  const nanoseconds at(event.value("t_ns", std::int64_t{0}));
  if (kind == "refused") {
    if (problem_.empty()) {
      problem_ = format("'{}' could not be applied: {}", event.value("name", ""),
                        event.value("message", ""));
    }
  } else if (kind == "state") {
    const std::string state = event.value("state", "");
    if (const auto number = number_of_state(state)) recorder_.set_state(at, *number);
    add_event({"state", state, "", at});
  } else if (kind != "barrier" && kind != "instant") {
    add_event({kind, event.value("node", ""), event.value("planned", false) ? "planned" : "", at});
  }
}

bool Director::is_defined(const Condition& condition) const {
  return std::all_of(condition.signals().begin(), condition.signals().end(),
                     [this](std::size_t i) { return recorder_.is_defined(i); });
}

void Director::announce_timed_faults(nanoseconds t) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    Started& fault = faults_[i];
    const std::string& name = spec_.faults[i].name;
    if (fault.at && *fault.at <= t && !fault.begin_said) {
      fault.begin_said = true;
      add_event({"fault", name, spec_.faults[i].what, *fault.at});
    }
    if (fault.until && *fault.until <= t && !fault.end_said) {
      fault.end_said = true;
      add_event({"fault_cleared", name, spec_.faults[i].what, *fault.until});
    }
  }
}

void Director::start_stimulus(std::size_t index, nanoseconds at, Json& orders) {
  Injection injection = shifted(spec_.stimuli[index].injection, at);
  orders["inject"].push_back(to_json(injection));
  add_event({"stimulus", injection.target.text(), injection.name, at});
  driven_.push_back(std::move(injection));
}

void Director::start_fault(std::size_t index, nanoseconds at, Json& orders) {
  const FaultSpec& fault = spec_.faults[index];
  for (const Injection& injection : fault.injections) {
    orders["inject"].push_back(to_json(shifted(injection, at)));
    faults_[index].until = shifted(injection, at).until;
  }
  if (fault.process) {
    NodeFault begun = *fault.process;
    begun.at = at;
    if (begun.until != kUntilTheEnd) begun.until += at;
    faults_[index].until = begun.until;
    orders["faults"].push_back(to_json(begun));
  }
  faults_[index].at = at;
}

Json Director::decide(nanoseconds t) {
  Json orders = {{"go", true}};
  announce_timed_faults(t);
  for (std::size_t i = 0; i < spec_.signals.size(); ++i) {
    const SignalSpec& signal = spec_.signals[i];
    if (signal.source != SignalSource::external) continue;
    const auto value = driven_value(driven_, {signal.node, signal.port, signal.field, ""}, t);
    if (!value) continue;
    recorder_.values()[i] = *value;
    // So that conditions see it as defined; the whole course replaces it at the end.
    auto& trace = recorder_.trace().signals[i];
    if (trace.t_ns.empty()) {
      trace.t_ns.push_back(t.count());
      trace.values.push_back(*value);
    }
  }
  const Instant instant{static_cast<double>(t.count()) * 1e-9, recorder_.values(),
                        recorder_.deltas()};
  const auto look = [&](std::optional<TriggerWatch>& watch) -> std::optional<nanoseconds> {
    if (!watch || watch->has_fired()) return std::nullopt;
    const TriggerSpec& trigger = watch->trigger();
    if (trigger.becomes_true && is_defined(*trigger.becomes_true)) return watch->look(t, instant);
    for (const EventRecord& event : unseen_) {
      if (const auto at = watch->note(event)) return at;
    }
    return std::nullopt;
  };
  for (std::size_t i = 0; i < stimulus_watches_.size(); ++i) {
    if (const auto at = look(stimulus_watches_[i])) start_stimulus(i, *at, orders);
  }
  for (std::size_t i = 0; i < fault_watches_.size(); ++i) {
    if (const auto at = look(fault_watches_[i])) start_fault(i, *at, orders);
  }
  unseen_.clear();
  if (spec_.stop_when && !stopped_ && is_defined(*spec_.stop_when) &&
      spec_.stop_when->at(instant).holds) {
    stopped_ = true;
    orders["end"] = format("stop_when: {}", spec_.stop_when->text());
    add_event({"stop", spec_.stop_when->text(), "", t});
  }
  return orders;
}

FaultRecord Director::record_of(const FaultSpec& fault, const Json& summary,
                                nanoseconds end) const {
  FaultRecord record{fault.name, fault.what, {}, 0};
  const Started& started = faults_[static_cast<std::size_t>(&fault - spec_.faults.data())];
  record.span = {*started.at, std::min(started.until.value_or(end), end)};
  if (fault.process && fault.process->kind == NodeFaultKind::kill) {
    const auto& events = recorder_.trace().events;
    const auto back = std::find_if(events.begin(), events.end(), [&](const EventRecord& event) {
      return event.kind == "ready" && event.name == fault.process->node && event.at >= *started.at;
    });
    if (back != events.end()) record.span.end = back->at;
  }
  for (const Injection& injection : fault.injections) {
    for (const Json& node : summary.value("nodes", Json::array())) {
      if (node.value("name", "") != injection.target.node) continue;
      for (const Json& input : node.value("inputs", Json::array())) {
        if (input.value("name", "") != injection.target.input) continue;
        record.samples += input.value("injected", std::uint64_t{0});
      }
    }
  }
  return record;
}

void Director::finish(Performance& performance, const Json& summary) {
  const nanoseconds end(recorder_.trace().end_ns);
  announce_timed_faults(end);
  for (std::size_t i = 0; i < spec_.signals.size(); ++i) {
    if (spec_.signals[i].source != SignalSource::external) continue;
    recorder_.trace().signals[i] = driven_signal(driven_, spec_.signals[i], end);
  }
  auto& events = recorder_.trace().events;
  for (const StimulusSpec& stimulus : spec_.stimuli) {
    const bool is_beginning = stimulus.injection.from.count() == 0;
    if (stimulus.when || is_beginning || stimulus.injection.from > end) continue;
    events.push_back({"stimulus", stimulus.injection.target.text(), stimulus.injection.name,
                      stimulus.injection.from});
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const EventRecord& a, const EventRecord& b) { return a.at < b.at; });
  for (std::size_t i = 0; i < spec_.faults.size(); ++i) {
    const FaultSpec& fault = spec_.faults[i];
    if (!faults_[i].at || *faults_[i].at >= end) continue;
    performance.faults.push_back(record_of(fault, summary, end));
    const FaultRecord& record = performance.faults.back();
    if (!fault.injections.empty() && record.samples == 0 && problem_.empty()) {
      problem_ = format("the fault '{}' has met no sample: nothing was shown with it", fault.name);
    }
  }
}

}  // namespace takt::scenario
