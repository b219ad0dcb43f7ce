// One run of a graph: the state that the supervisor's steps share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <takt/os/hardware_watchdog.hpp>
#include <takt/os/power.hpp>
#include <takt/os/service_manager.hpp>
#include <takt/port/world.hpp>
#include <takt/supervisor/instance.hpp>
#include <takt/supervisor/supervisor.hpp>
#include <takt/time/clock.hpp>

#include "runtime/supervisor/conductor.hpp"
#include "runtime/supervisor/control_server.hpp"
#include "runtime/supervisor/injection_book.hpp"
#include "runtime/supervisor/log.hpp"
#include "runtime/supervisor/node_logs.hpp"
#include "runtime/supervisor/process_pages.hpp"
#include "runtime/supervisor/processes.hpp"
#include "runtime/supervisor/summary.hpp"
#include "runtime/supervisor/suspend_watch.hpp"

namespace takt::supervisor {

// How often a node that joins is looked after.
inline constexpr std::chrono::milliseconds kJoinLook{2};
inline constexpr std::chrono::seconds kLiveLineEvery{1};
// A person who forces or injects by hand stands beside the machine for so long.
inline constexpr std::chrono::minutes kByHandMax{10};
// How soon a node's words are seen.
inline constexpr std::chrono::milliseconds kLogsEvery{100};

// Thread safety: the process's main thread, whose life the control page mirrors. Real time: no.
// Lifetime: made, started, watched and stopped once.
class Run {
 public:
  static Result<std::unique_ptr<Run>> set_up(const GraphSpec& graph, const RunOptions& options);
  ~Run();

  // From the first process to the open barrier. An error is a refused start.
  Result<void> start();
  // The start was refused.
  void refuse(const Error& error);
  // Until the run is over.
  void watch();
  // Actuators safe, nodes against the data flow, tap, world.
  void stop();
  RunOutcome outcome();
  // Before this process becomes another program.
  void leave_as_it_is() { world_->give_back_stdout(); }

 private:
  Run(const GraphSpec& graph, const RunOptions& options, Log log)
      : graph_(graph),
        options_(options),
        paths_(paths_of(options.instance)),
        log_(std::move(log)) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Result<void> open_doors();
  Result<void> make_world();
  void prepare_machine();
  Result<void> start_processes();
  NodeLaunch launch(std::size_t node) const {
    return launch_of(graph_, options_.instance, node, options_.rehearsal.has_value());
  }
  StartPlan node_plan(const std::string& program, std::size_t node, const NodeLaunch& launch) const;
  StartPlan tap_plan(const std::string& program, std::uint64_t incarnation) const;
  void arm_healer();
  Result<void> await(Progress progress);
  std::chrono::nanoseconds start_deadline(const Process& process) const;
  Error missed_deadline(Progress progress, const std::vector<const Process*>& late) const;
  Result<void> verify_pairs();
  std::string unpaired(std::size_t node) const;
  Result<void> judge_real_time();
  Result<void> await_taps();
  void open_barrier();
  Result<void> first_failure() const;

  // Handles what comes until `deadline`, or until one event has been handled.
  void pump(std::chrono::nanoseconds deadline);
  void handle_process(std::size_t index, unsigned what);
  void handle_signal();
  void handle_tap_report(const Json& report);
  void note_end(std::size_t index);
  void watch_process(std::size_t index);

  // run_restart.cpp
  void on_death(std::size_t index);
  void decide(std::size_t index);
  void give_back_credits(std::size_t node);
  void run_last_will(std::size_t index);
  bool may_restore(const Process& before) const;
  Result<StartPlan> plan_restart(std::size_t index);
  Result<void> start_again(std::size_t index);
  void let_in(std::size_t index);
  void kill_hung(std::size_t index, const std::string& why);
  void handle_heal_reports();
  void restart_graph(const std::string& why);
  void leave_hurry(Process& process);
  void watch_step(std::size_t index);
  void tend();
  std::chrono::nanoseconds next_tend(std::chrono::nanoseconds latest) const;

  // run_arming.cpp
  void watch_arming();
  void go_safe(const std::string& why);
  void set_armed(std::uint64_t arming);
  EstopState estop() const;
  std::string estop_refusal() const;
  Json estop_summary() const;
  Json arm();
  Json disarm(std::string reason);
  // run_force.cpp
  struct Forced {
    std::string target;
    std::string value;
    std::chrono::nanoseconds until;
    bool is_input;  // An external one; else an output.
  };
  Json force(const Json& request);
  void watch_forces();
  Json forces_summary() const;
  std::string state() const;
  bool is_armed() const;
  void watch_suspend();
  Json act_on_node(const Json& request);

  // run_inject.cpp
  Result<void> inject(const Injection& injection);
  Json inject_by_hand(const Json& request);
  bool is_external_input(const std::string& target) const;
  bool means_external_input(const std::string& target) const;  // Misspelt.
  Json force_input(const std::string& target, const std::string& value,
                   std::chrono::nanoseconds time);

  // run_rehearsal.cpp
  void open_rehearsal();
  void plan_rehearsal();
  void handle_rehearsal();
  void obey_scenario(const Json& order);
  void await_scenario();
  void watch_state();
  bool tell(Json event);  // With the present time unless it has one; false: it was not taken.
  void tell_of(const Process& process, const char* event, bool planned);
  void refuse_injection(const std::string& name, const Error& error);

  // run_faults.cpp
  struct PlannedFault {
    NodeFault fault;
    std::size_t node = 0;
    std::chrono::nanoseconds next{0};  // When something is to be done.
    bool begun = false;                // It is stopped, and is to go on then.
  };
  void plan_fault(const NodeFault& fault);
  std::chrono::nanoseconds next_fault(std::chrono::nanoseconds latest) const;
  bool carry_out_faults();
  Result<void> carry_out(PlannedFault& planned);
  Result<void> kill_as_planned(std::size_t node, const NodeFault& fault);
  void decide_planned(std::size_t index);
  bool restart_in_lockstep();

  // run_watchdogs.cpp
  Result<void> open_watchdog();
  void feed_watchdogs();
  void leave_watchdog();
  std::string what_is_wrong() const;

  // run_hog.cpp
  // Says what was applied. Errors: too long, the class was refused.
  Result<std::string> start_hogs(const Process& process, std::chrono::nanoseconds time);
  void reap_hogs();
  void end_hogs();

  // run_lockstep.cpp
  void watch_lockstep();
  void take_turn(std::size_t node);
  bool end_instant();
  bool await_health();
  void tend_lockstep();
  void keep_speed(std::int64_t next);
  void let_tap_follow();
  // The clock by which the graph lives: the machine's, or logical time.
  std::chrono::nanoseconds graph_now() const {
    return conductor_ ? conductor_->now() : clock_.now();
  }

  void request_end(RunResult result, std::string reason);
  void show_live_line();
  void drain_logs();

  void stop_wave(const std::vector<std::size_t>& nodes);
  std::vector<std::vector<std::size_t>> stop_waves() const;
  void stop_tap();
  void kill_what_is_left();
  bool node_has_stopped(std::size_t node) const;
  void plan_graph_restart(RunOutcome& outcome) const;
  Json summary(const std::string& result);
  void add_threads(Json& summary);
  Json answer(const Json& request, int connection, bool& keep);
  Process& tap() { return processes_.back(); }

  const GraphSpec& graph_;
  RunOptions options_;
  InstancePaths paths_;
  Log log_;
  MonotonicClock clock_;
  os::Poller poller_;
  os::UniqueFd signals_;
  os::UniqueFd awake_;  // Open: no processor sleeps deeply.
  std::optional<os::WakeLock> system_awake_;
  SuspendWatch suspend_;
  os::ServiceManager manager_;
  std::optional<os::HardwareWatchdog> machine_watchdog_;
  std::chrono::nanoseconds next_feed_{0};  // When the watchdogs want to be fed.
  std::string ails_;                       // Why they are not; empty: they are.
  std::unique_ptr<ControlServer> server_;
  ProcessPages pages_;
  std::optional<InjectionBook> injections_;
  std::optional<Conductor> conductor_;  // In lockstep.
  std::unique_ptr<port::World> world_;
  std::vector<Process> processes_;  // The nodes in file order, then the tap.
  ThreadBaseline own_;              // The supervisor's own threads when the barrier opened.
  std::vector<os::Child> hogs_;     // Of `takt inject hog`.
  std::vector<NodeLog> node_logs_;  // In file order.
  std::uint32_t taps_attached_ = 0;
  bool tap_follows_ = true;  // Everything it was asked to pass on has been taken.
  unsigned signals_seen_ = 0;
  bool ending_ = false;
  bool barrier_open_ = false;
  RunResult result_ = RunResult::ok;
  std::string reason_;
  std::string not_applied_;
  std::uint64_t armings_ = 0;  // The number of the last one.
  bool gone_safe_ = false;      // Disarmed by an actuator, not by a person.
  std::string safe_reason_;     // Why, then.
  bool estop_latched_ = false;  // Its reason was the emergency stop.
  std::vector<Forced> forced_;
  std::vector<PlannedFault> faults_;
  std::string told_state_;  // To the scenario.
  bool hears_ = true;       // The scenario has not left.
  bool answered_ = false;   // It has, to the last instant.
  std::chrono::nanoseconds started_at_{0};
  std::chrono::nanoseconds startup_deadline_{0};
  std::chrono::nanoseconds grid_zero_{0};
  std::optional<std::chrono::nanoseconds> run_until_;  // From the barrier on.
  std::chrono::nanoseconds ended_at_{0};
  // In lockstep, by the machine's clock: when it began, when it ended, and what is done next.
  struct Pace {
    std::chrono::nanoseconds begun{0}, ended{0}, next_pump{0}, next_logs{0}, next_line{0};
    std::uint32_t instants = 0;
  } pace_;
};

}  // namespace takt::supervisor
