// Decides, while a run goes on, what happens next: conditional stimuli and faults, the end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <takt/base/json.hpp>

#include "runtime/scenario/stage/drive.hpp"
#include "runtime/scenario/stage/recorder.hpp"
#include "runtime/scenario/stage/stage.hpp"

namespace takt::scenario {

// Thread safety: one thread. Real time: no. Lifetime: not beyond its scenario and recorder.
class Director {
 public:
  Director(const ScenarioSpec& spec, Recorder& recorder);

  // What is known before the barrier.
  Rehearsal plan(bool paced) const;

  // An instant is over (lockstep), or new samples have come (real time). What to tell the run, with
  // `go` set; `end` in it when the scenario is over.
  Json decide(nanoseconds t);
  // Something has happened in the run.
  void note(const Json& event);

  bool is_stopped() const { return stopped_; }
  const std::string& problem() const { return problem_; }
  // When the run is over: the driven signals and the spans of the faults.
  void finish(Performance& performance, const Json& summary);

 private:
  void add_event(EventRecord event);
  void announce_timed_faults(nanoseconds t);
  void start_stimulus(std::size_t index, nanoseconds at, Json& orders);
  void start_fault(std::size_t index, nanoseconds at, Json& orders);
  bool is_defined(const Condition& condition) const;
  FaultRecord record_of(const FaultSpec& fault, const Json& summary, nanoseconds end) const;

  const ScenarioSpec& spec_;
  Recorder& recorder_;
  std::vector<Injection> driven_;  // Every `set` so far, in the order of acting.
  std::vector<std::optional<TriggerWatch>> stimulus_watches_;
  std::vector<std::optional<TriggerWatch>> fault_watches_;
  struct Started {
    std::optional<nanoseconds> at;
    std::optional<nanoseconds> until;
    bool begin_said = false;
    bool end_said = false;
  };
  std::vector<Started> faults_;
  std::vector<EventRecord> unseen_;  // Events that no trigger has looked at yet.
  bool stopped_ = false;
  std::string problem_;
};

}  // namespace takt::scenario
