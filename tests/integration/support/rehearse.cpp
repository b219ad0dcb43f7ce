// A scenario in small: runs a graph as a plan says and prints what the run says of itself.
//
//   takt-rehearse INSTANCE PLAN.json
//
// PLAN: {"graph": FILE, "clock": "lockstep"|"realtime", "for_ns": N, "await_taps": N, "paced": B,
//        "injections": [..], "faults": [..], "orders": [{"at_ns": T, ..an order..}], "leave_ns": T}
// An order goes out with the first event at or after its time, and with "on": EVENT the first one
// of that name. Every event but "instant" is printed
// as a line; the last line has the result, the number of instants and the summary.
#include <cstdio>
#include <fstream>
#include <iterator>

#include <sys/wait.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/supervisor/supervisor.hpp>

namespace {

using std::chrono::nanoseconds;
using takt::Json;

int fail(const std::string& why) {
  std::fprintf(stderr, "takt-rehearse: %s\n", why.c_str());
  return 2;
}

takt::Rehearsal rehearsal_of(const Json& plan, int wire) {
  takt::Rehearsal rehearsal;
  rehearsal.wire = wire;
  rehearsal.paced = plan.value("paced", false);
  for (const Json& each : plan.value("injections", Json::array())) {
    auto injection = takt::injection_from_json(each);
    if (!injection) std::exit(fail(injection.error().text()));
    rehearsal.injections.push_back(std::move(*injection));
  }
  for (const Json& each : plan.value("faults", Json::array())) {
    auto fault = takt::node_fault_from_json(each);
    if (!fault) std::exit(fail(fault.error().text()));
    rehearsal.faults.push_back(std::move(*fault));
  }
  return rehearsal;
}

// The process of the run. Its result and summary go to `results`, its words to standard error.
int run(const std::string& instance, const Json& plan, int wire, int results) {
  takt::LoadOptions loading;
  loading.allowed_cpus = {0};
  loading.library_folders = takt::default_library_folders();
  loading.real_time = takt::RealTimeMode::best_effort;
  if (plan.value("clock", "lockstep") == "lockstep") loading.clock = takt::ClockMode::lockstep;
  const auto loaded = takt::load_graph(plan.at("graph").get<std::string>(), loading);
  if (loaded.diagnostics.has_errors()) return fail(loaded.diagnostics.render(false));
  takt::RunOptions options;
  options.instance = instance;
  options.await_taps = plan.value("await_taps", std::uint32_t{0});
  if (plan.contains("for_ns")) options.run_for = nanoseconds(plan["for_ns"].get<std::int64_t>());
  options.say = [](const std::string& words) { std::fprintf(stderr, "%s\n", words.c_str()); };
  options.rehearsal = rehearsal_of(plan, wire);
  const auto outcome = takt::run_graph(loaded.spec, options);
  if (!outcome) return fail(outcome.error().text());
  const Json result = {{"result", outcome->summary.at("result")},
                       {"reason", outcome->reason},
                       {"summary", outcome->summary}};
  return takt::os::write_all(results, takt::json_line(result)) ? 0 : 1;
}

// The other end of the wire, until the run closes it.
int hear(const Json& plan, int wire) {
  Json orders = plan.value("orders", Json::array());
  int instants = 0;
  for (;;) {
    auto received = takt::os::receive_with_fd(wire);
    if (!received || received->bytes.empty()) return instants;
    const auto event = takt::parse_json(received->bytes);
    if (!event) return instants;
    const std::int64_t now = event->at("t_ns").get<std::int64_t>();
    const bool is_instant = event->at("event") == "instant";
    if (is_instant) {
      ++instants;
    } else {
      std::printf("%s\n", takt::json_line(*event).c_str());
      std::fflush(stdout);
    }
    if (plan.contains("leave_ns") && now >= plan["leave_ns"].get<std::int64_t>()) return instants;
    Json order = Json::object();
    if (!orders.empty() && now >= orders.front().at("at_ns").get<std::int64_t>() &&
        event->at("event") == orders.front().value("on", event->at("event").get<std::string>())) {
      order = orders.front();
      orders.erase(orders.begin());
    }
    if (is_instant) order["go"] = true;
    if (!order.empty()) {
      static_cast<void>(takt::os::send_with_fd(wire, takt::json_line(order), -1));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return fail("INSTANCE PLAN.json");
  std::ifstream file(argv[2]);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto plan = takt::parse_json(text);
  if (!plan) return fail(plan.error().text());
  auto wire = takt::os::socket_pair();
  int results[2];
  if (!wire || ::pipe(results) != 0) return fail("no wire");
  const pid_t child = ::fork();
  if (child == 0) {
    wire->first.reset();
    ::close(results[0]);
    ::_exit(run(argv[1], *plan, wire->second.get(), results[1]));
  }
  wire->second.reset();
  ::close(results[1]);
  const int instants = hear(*plan, wire->first.get());
  wire->first.reset();
  std::string said;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(results[0], buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<std::size_t>(n));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 1;
  auto result = takt::parse_json(said);
  if (!result) return fail("the run said no result");
  (*result)["instants"] = instants;
  std::printf("%s\n", takt::json_line(*result).c_str());
  return 0;
}
