#include "runtime/supervisor/processes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>
#include <takt/os/local_socket.hpp>

namespace takt::supervisor {
namespace {

// A child that prints without a newline is cut here, not collected without bound.
constexpr std::size_t kLineMax = 4096;

Result<os::SharedMemory> memory_with(const std::string& name, const std::string& text) {
  auto memory = os::SharedMemory::create(name, text.size());
  if (!memory) return memory.error();
  auto map = os::Mapping::map(memory->fd(), text.size(), true);
  if (!map) return map.error();
  std::memcpy(map->data(), text.data(), text.size());
  return memory;
}

void take_report(Process& process, const Json& report,
                 const std::function<void(const Json&)>& other) {
  const std::string kind = report.value("report", "");
  if (kind == "connected") {
    process.progress = Progress::connected;
  } else if (kind == "ready") {
    process.progress = Progress::ready;
    if (auto applied = applied_from_json(report.value("applied", Json::object()))) {
      process.applied = std::move(*applied);
    }
  } else if (kind == "failed") {
    process.failure = fail(report.value("message", "unknown"), report.value("fix", ""));
  } else if (kind == "ended") {
    process.progress = Progress::ended;
    process.end_reason = report.value("reason", "");
    process.page_faults = report.value("page_faults", std::int64_t{0});
    process.involuntary_switches = report.value("involuntary_switches", std::int64_t{0});
  } else if (other) {
    other(report);
  }
}

}  // namespace

std::string participant_name(const std::string& process, std::uint64_t incarnation) {
  return incarnation == 1 ? process : format("{}.{}", process, incarnation);
}

Result<std::string> find_program(const std::string& name) {
  const std::filesystem::path here = std::filesystem::path(os::self_executable()).parent_path();
  for (const auto& candidate : {here / name, here / ".." / "libexec" / "takt" / name}) {
    if (::access(candidate.c_str(), X_OK) == 0) return candidate.string();
  }
  return fail(format("the program '{}' is not beside '{}'", name, os::self_executable()),
              "build or install the whole of takt");
}

Result<Process> start_process(const StartPlan& plan) {
  auto wire = os::socket_pair();
  if (!wire) return wire.error();
  auto launch = memory_with("takt-launch", json_line(plan.launch));
  if (!launch) return launch.error();
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) {
    return system_error("make a pipe for a node's output", errno, "", "raise the limit: ulimit -n");
  }
  os::UniqueFd reading(pipe_ends[0]);
  const os::UniqueFd writing(pipe_ends[1]);
  os::set_nonblocking(reading.get(), true);
  os::set_nonblocking(wire->first.get(), true);

  os::SpawnOptions options;
  options.program = plan.program;
  options.arguments = {plan.verb, plan.name};
  options.inherited = plan.inherited;
  options.inherited.emplace_back(wire->second.get(), kWireFd);
  options.inherited.emplace_back(launch->fd(), kLaunchFd);
  options.stdout_fd = writing.get();
  options.stderr_fd = writing.get();
  const os::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  options.stdin_fd = nothing.get();
  auto child = os::spawn(options);
  if (!child) return child.error();

  Process process;
  process.name = plan.name;
  process.participant = plan.participant;
  process.child = std::move(*child);
  process.wire = std::move(wire->first);
  process.output = std::move(reading);
  return process;
}

NodeLaunch launch_of(const GraphSpec& graph, const std::string& instance, std::size_t index,
                     bool scenario) {
  NodeLaunch launch;
  launch.scenario = scenario;
  launch.node = graph.nodes[index];
  launch.node.instance = instance;
  launch.lockstep = graph.clock == ClockMode::lockstep;
  launch.participant = participant_name(launch.node.name, 1);
  launch.index = static_cast<std::uint32_t>(index);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const NodeConfig& node = graph.nodes[i];
    launch.node_indices[node.name] = static_cast<std::uint32_t>(i);
    auto& inputs = launch.node_inputs[node.name];
    for (const InputConfig& input : node.inputs) inputs.push_back(input.name);
  }
  return launch;
}

bool read_reports(Process& process, const std::function<void(const Json&)>& other) {
  for (;;) {
    auto received = os::receive_with_fd(process.wire.get());
    if (!received) return received.error().errno_value == EAGAIN;
    if (received->bytes.empty()) return false;
    if (auto report = parse_json(received->bytes)) take_report(process, *report, other);
  }
}

bool read_output(Process& process, const std::function<void(const std::string&)>& line) {
  char buffer[4096];
  ssize_t n = 0;
  while ((n = ::read(process.output.get(), buffer, sizeof buffer)) > 0) {
    process.partial_line.append(buffer, static_cast<std::size_t>(n));
    for (;;) {
      const std::size_t end = process.partial_line.find('\n');
      if (end == std::string::npos && process.partial_line.size() <= kLineMax) break;
      const std::size_t length = std::min(end, kLineMax);
      line(process.partial_line.substr(0, length));
      process.partial_line.erase(0, length == end ? length + 1 : length);
    }
  }
  const bool open = n < 0 && errno == EAGAIN;
  if (!open && !process.partial_line.empty()) line(std::exchange(process.partial_line, {}));
  return open;
}

void look_for_end(Process& process) {
  if (process.alive()) process.ending = os::try_wait(process.child, true);
}

void reap(Process& process) {
  if (process.ending) static_cast<void>(os::try_wait(process.child));
}

}  // namespace takt::supervisor
