// The processes of a graph: started with their launch message, watched by pidfd and wire.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/manifest/launch.hpp>
#include <takt/os/poller.hpp>
#include <takt/os/process.hpp>
#include <takt/os/shared_memory.hpp>

#include "runtime/supervisor/process_pages.hpp"
#include "runtime/supervisor/restart_plan.hpp"
#include "runtime/supervisor/threads.hpp"

namespace takt::supervisor {

// The name of a process in the transport: a new one for each start.
std::string participant_name(const std::string& process, std::uint64_t incarnation);

// How far one process has come, by its own reports.
enum class Progress { started, connected, ready, ended };

// One child of the supervisor.
struct Process {
  std::string name;         // Of the node, or "tap".
  std::string participant;  // Its name in the transport.
  os::Child child;
  os::UniqueFd wire;
  os::UniqueFd output;  // Reading end of its standard output and error.
  std::string partial_line;
  Progress progress = Progress::started;
  std::optional<Error> failure;  // It refused to start, and why.
  std::optional<os::Ending> ending;
  std::optional<Applied> applied;
  std::int64_t page_faults = 0;
  std::int64_t involuntary_switches = 0;
  ThreadBaseline baseline;  // Since when its threads' faults and switches count.
  std::string end_reason;

  // Life after death.
  RestartPlan plan;
  std::uint64_t incarnation = 1;
  std::chrono::nanoseconds ready_at{0};
  std::chrono::nanoseconds died_at{0};
  bool restored = false;                                // It was given its predecessor's state.
  std::optional<std::chrono::nanoseconds> restart_at;   // It is to be started again then.
  std::optional<std::chrono::nanoseconds> ready_until;  // It was, and must be ready by then.
  bool restart_wanted = false;                          // A person asked for it.
  bool stopped = false;                                 // By a scenario.
  bool planned_end = false;                             // A scenario killed it.
  bool planned_return = false;                          // It comes after such an end.
  std::chrono::nanoseconds restart_time{0};             // In lockstep, after that; 0: never.
  bool let_in = false;                                  // Its pairs are connected.
  bool hung = false;                                    // It was killed for standing still.
  bool healing = false;                                 // Dead, and what follows is not decided.
  bool alive() const { return child.pid() > 0 && !ending; }
  // Nothing of it comes any more.
  bool is_over() const { return !alive() && !healing && !restart_at; }
};

// What a process is started with.
struct StartPlan {
  std::string name;
  std::string program;
  std::string verb = "--launched";
  std::string participant;
  Json launch;
  std::vector<std::pair<int, int>> inherited;  // Beside wire and launch message.
};

// Starts one process; its launch message lies in a memory file of its own. Errors: the program is
// missing, the machine is out of processes or memory.
Result<Process> start_process(const StartPlan& plan);

// The program `name` beside the running `takt`, or in `../libexec/takt` of an installation.
Result<std::string> find_program(const std::string& name);

// The launch message of node number `index`. `scenario`: its inputs reserve room for injections.
NodeLaunch launch_of(const GraphSpec& graph, const std::string& instance, std::size_t index,
                     bool scenario);

// Reads the reports that have come from `process`; `other` gets those that are not about progress.
// False when the process has closed its end.
bool read_reports(Process& process, const std::function<void(const Json&)>& other);

// Reads what the process has printed; every whole line goes to `line`. False at its end.
bool read_output(Process& process, const std::function<void(const std::string&)>& line);

// Looks whether the process has ended and keeps how. It stays a zombie, whose pid goes to nobody
// else, until it is reaped.
void look_for_end(Process& process);
void reap(Process& process);

}  // namespace takt::supervisor
