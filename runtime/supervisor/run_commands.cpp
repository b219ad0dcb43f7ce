// What a tool may do to one process of the graph: restart it, or hurt it in a test.
#include <csignal>
#include <map>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {

Json Run::act_on_node(const Json& request) {
  static const std::map<std::string, int> kSignals{
      {"kill", SIGKILL}, {"stop", SIGSTOP}, {"cont", SIGCONT}};
  const auto answer = [](bool ok, const std::string& message) {
    return Json{{"takt", kControlVersion}, {"ok", ok}, {"message", message}};
  };
  const std::string name = request.value("node", "");
  const std::string how =
      request.value("verb", "") == "restart" ? "restart" : request.value("how", "");
  if (conductor_) {
    return answer(false, format("not in lockstep: '{}' by hand has no instant in logical time",
                                how));
  }
  for (Process& process : processes_) {
    if (process.name != name) continue;
    if (!process.alive()) return answer(false, format("'{}' is not running", name));
    if (how == "restart") {
      if (!barrier_open_ || ending_) return answer(false, "the graph is starting or stopping");
      process.restart_wanted = true;
      log_.say(format("'{}' is to be restarted", name));
      if (&process == &tap()) {
        static_cast<void>(os::send_signal(process.child, SIGKILL));
      } else {
        pages_.command(static_cast<std::size_t>(&process - processes_.data()), Command::stop);
      }
      return answer(true, "");
    }
    if (how == "hog") {
      if (&process == &tap()) return answer(false, "the tap has no place of its own to disturb");
      const auto started =
          start_hogs(process, std::chrono::nanoseconds(request.value("for_ns", std::int64_t{0})));
      if (!started) return answer(false, started.error().text());
      log_.say(format("injected: hog '{}': {}", name, *started));
      return answer(true, *started);
    }
    const auto signal = kSignals.find(how);
    if (signal == kSignals.end()) return answer(false, format("unknown fault '{}'", how));
    log_.say(format("injected: {} '{}'", how, name));
    const auto sent = os::send_signal(process.child, signal->second);
    return answer(sent.ok(), sent ? "" : sent.error().text());
  }
  return answer(false, format("there is no process '{}' in this graph", name));
}

}  // namespace takt::supervisor
