// The wire between a run and the scenario that drives it (supervisor/injection.hpp).
#include <cerrno>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>

#include "runtime/supervisor/run.hpp"
#include "runtime/supervisor/tags.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::milliseconds;

// By the machine's clock: how often a wait for an answer looks for other things.
constexpr milliseconds kAnswerLook{100};

}  // namespace

void Run::open_rehearsal() {
  if (!options_.rehearsal) return;
  os::set_nonblocking(options_.rehearsal->wire, true);
  poller_.watch(options_.rehearsal->wire, kRehearsalTag);
}

bool Run::tell(Json event) {
  if (!options_.rehearsal || !hears_) return true;
  if (!event.contains("t_ns")) event["t_ns"] = (graph_now() - grid_zero_).count();
  const auto sent = os::send_with_fd(options_.rehearsal->wire, json_line(event), -1);
  if (sent || sent.error().errno_value == EPIPE) return true;  // Its end is noticed by the poller.
  log_.event("the scenario is not told: " + sent.error().text());
  return false;
}

void Run::tell_of(const Process& process, const char* event, bool planned) {
  static_cast<void>(tell({{"event", event}, {"node", process.name}, {"planned", planned}}));
}

void Run::refuse_injection(const std::string& name, const Error& error) {
  log_.say(format("refused: {}: {}", name, error.text()));
  static_cast<void>(tell({{"event", "refused"}, {"name", name}, {"message", error.text()}}));
}

// Before the barrier opens, when it is known where time begins.
void Run::plan_rehearsal() {
  if (!options_.rehearsal) return;
  for (const Injection& injection : options_.rehearsal->injections) {
    if (auto done = inject(injection); !done) refuse_injection(injection.name, done.error());
  }
  for (const NodeFault& fault : options_.rehearsal->faults) plan_fault(fault);
}

void Run::handle_rehearsal() {
  for (;;) {
    auto received = os::receive_with_fd(options_.rehearsal->wire);
    if (!received && received.error().errno_value == EAGAIN) return;
    if (!received || received->bytes.empty()) {
      poller_.forget(options_.rehearsal->wire);
      hears_ = false;
      return request_end(RunResult::ok, "the scenario has left");
    }
    auto order = parse_json(received->bytes);
    if (!order || !order->is_object()) {
      refuse_injection("", fail("not an order: " + received->bytes));
      continue;
    }
    obey_scenario(*order);
  }
}

void Run::obey_scenario(const Json& order) {
  for (const Json& each : order.value("inject", Json::array())) {
    const std::string name = each.is_object() ? each.value("name", "") : "";
    const auto injection = injection_from_json(each);
    const auto done = injection ? inject(*injection) : Result<void>(injection.error());
    if (!done) refuse_injection(name, done.error());
  }
  for (const Json& each : order.value("faults", Json::array())) {
    const std::string name = each.is_object() ? each.value("name", "") : "";
    const auto fault = node_fault_from_json(each);
    if (fault) {
      plan_fault(*fault);
    } else {
      refuse_injection(name, fault.error());
    }
  }
  if (const std::string end = order.value("end", ""); !end.empty()) {
    request_end(RunResult::ok, end);
  }
  if (order.value("go", false)) answered_ = true;
}

// In lockstep: nobody is due at this instant any more. Time stands still until the answer has come.
void Run::await_scenario() {
  if (!options_.rehearsal || !options_.rehearsal->paced || ending_ || !hears_) return;
  let_tap_follow();
  answered_ = false;
  // A scenario that does not read its wire is waited for, as one that does not answer.
  while (!tell({{"event", "instant"}}) && !ending_) pump(clock_.now() + kAnswerLook);
  while (!answered_ && !ending_) pump(clock_.now() + kAnswerLook);
}

void Run::watch_state() {
  if (!options_.rehearsal) return;
  std::string now = state();
  if (now == told_state_) return;
  told_state_ = std::move(now);
  static_cast<void>(tell({{"event", "state"}, {"state", told_state_}}));
}

}  // namespace takt::supervisor
