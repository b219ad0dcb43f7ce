#include "runtime/scenario/stage/stage.hpp"

#include <cerrno>
#include <csignal>

#include <poll.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/os/process.hpp>
#include <takt/supervisor/instance.hpp>
#include <takt/tap/stream.hpp>
#include <takt/time/clock.hpp>

#include "runtime/scenario/stage/director.hpp"
#include "runtime/scenario/stage/handed.hpp"

namespace takt::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLook{20};
// From the start of the process to its control socket.
constexpr seconds kAppearMax{60};

void drain(int fd, std::string& text) {
  char buffer[4096];
  for (;;) {
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    if (n <= 0) return;
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

std::string last_lines(const std::string& text) {
  constexpr std::size_t kShown = 600;
  std::string tail = text.size() > kShown ? "..." + text.substr(text.size() - kShown) : text;
  while (!tail.empty() && tail.back() == '\n') tail.pop_back();
  return tail;
}

// One run from its process to its summary.
class Show {
 public:
  Show(const LoadedScenario& scenario, const StageOptions& options)
      : scenario_(scenario),
        spec_(scenario.spec),
        options_(options),
        recorder_(scenario.spec),
        director_(scenario.spec, recorder_),
        paced_(spec_.clock == ClockMode::lockstep && spec_.is_conditional()) {}

  Performance play() {
    const nanoseconds begun = clock_.now();
    if (auto started = start(); !started) {
      performance_.problem = started.error().text();
    } else {
      attach();
      serve();
    }
    performance_.wall_s = std::chrono::duration<double>(clock_.now() - begun).count();
    conclude();
    return std::move(performance_);
  }

 private:
  Result<void> start() {
    Json plan = {{"paced", paced_}, {"injections", Json::array()}, {"faults", Json::array()}};
    const Rehearsal known = director_.plan(paced_);
    for (const Injection& injection : known.injections) {
      plan["injections"].push_back(to_json(injection));
    }
    for (const NodeFault& fault : known.faults) plan["faults"].push_back(to_json(fault));
    plan["params"] = spec_.param_overrides;
    auto handed = make_handed(plan);
    if (!handed) return handed.error();
    handed_ = std::move(*handed);
    const bool lockstep = spec_.clock == ClockMode::lockstep;
    os::SpawnOptions spawn;
    spawn.program = options_.program;
    spawn.arguments = {"run",
                       scenario_.spec.graph_file,
                       "--json",
                       "--instance",
                       options_.instance,
                       "--clock",
                       lockstep ? "lockstep" : "realtime",
                       "--for",
                       format("{}ns", spec_.duration.count()),
                       "--rehearse",
                       format("{},{}", kRunsWire, kRunsPlan)};
    if (lockstep) spawn.arguments.insert(spawn.arguments.end(), {"--real-time", "best_effort"});
    if (!topics_of(spec_).empty()) {
      spawn.arguments.insert(spawn.arguments.end(), {"--await-taps", "1"});
    }
    spawn.inherited = {{handed_.theirs.get(), kRunsWire}, {handed_.plan.fd(), kRunsPlan}};
    spawn.stdout_fd = handed_.out_theirs.get();
    spawn.stderr_fd = handed_.words_theirs.get();
    auto child = os::spawn(spawn);
    if (!child) return child.error();
    child_ = std::move(*child);
    handed_.theirs.reset();
    handed_.out_theirs.reset();
    handed_.words_theirs.reset();
    return {};
  }

  void take_words() {
    drain(handed_.out.get(), out_);
    drain(handed_.words.get(), words_);
  }

  // Until the tap has let this tool in, or the run has ended.
  void attach() {
    const auto topics = topics_of(spec_);
    const nanoseconds until = clock_.now() + kAppearMax;
    while (!topics.empty() && !stream_ && !has_ended()) {
      auto stream = tap::Stream::attach(paths_of(options_.instance).socket, topics);
      if (stream) {
        if (auto known = recorder_.attach(stream->topics()); !known) {
          return fail_run(known.error().text());
        }
        stream_.emplace(std::move(*stream));
        return;
      }
      if (clock_.now() >= until) return fail_run(stream.error().text());
      take_words();
      obey_interrupts();
      static_cast<void>(os::wait_readable(child_.pidfd(), kLook));
    }
  }

  bool has_ended() {
    if (!ending_) ending_ = os::try_wait(child_);
    return ending_.has_value();
  }

  void serve() {
    while (!has_ended()) {
      pollfd watched[] = {{stream_ ? stream_->fd() : -1, POLLIN, 0},
                          {handed_.wire.get(), POLLIN, 0},
                          {handed_.out.get(), POLLIN, 0},
                          {handed_.words.get(), POLLIN, 0},
                          {child_.pidfd(), POLLIN, 0}};
      ::poll(watched, std::size(watched), static_cast<int>(kLook.count()));
      take_samples();
      take_messages();
      take_words();
      obey_interrupts();
    }
    take_samples();
    take_messages();
    take_words();
  }

  // Everything that has been sent.
  void take_samples() {
    tap::Frame frame;
    bool any = false;
    while (stream_) {
      pollfd ready{stream_->fd(), POLLIN, 0};
      if (::poll(&ready, 1, 0) <= 0) break;
      const auto more = stream_->next(frame);
      if (!more || !*more) {
        stream_.reset();
        break;
      }
      recorder_.add(frame);
      any = true;
      now_ = std::max(now_, nanoseconds(frame.header.since_barrier_ns));
    }
    if (any && options_.progress) options_.progress(now_);
    // In real time a condition is looked at when something new is known.
    if (any && !paced_ && spec_.is_conditional()) give_orders(director_.decide(now_));
  }

  void take_messages() {
    for (;;) {
      auto received = os::receive_with_fd(handed_.wire.get());
      if (!received || received->bytes.empty()) return;
      const auto event = parse_json(received->bytes);
      if (!event || !event->is_object()) continue;
      now_ = std::max(now_, nanoseconds(event->value("t_ns", std::int64_t{0})));
      director_.note(*event);
      if (event->value("event", "") != "instant") continue;
      // What the tap has passed on before the run said so lies in the socket.
      take_samples();
      send(director_.decide(nanoseconds(event->value("t_ns", std::int64_t{0}))));
    }
  }

  // Only what says something.
  void give_orders(const Json& orders) {
    if (orders.size() > 1) send(orders);
  }
  void send(const Json& orders) {
    static_cast<void>(os::send_with_fd(handed_.wire.get(), json_line(orders), -1));
  }

  void obey_interrupts() {
    const int pressed = options_.interrupts ? options_.interrupts->load() : 0;
    if (pressed <= obeyed_) return;
    obeyed_ = pressed;
    performance_.end = RunEnd::aborted;
    static_cast<void>(os::send_signal(child_, SIGTERM));
  }

  void fail_run(const std::string& why) {
    if (performance_.problem.empty()) performance_.problem = why;
    static_cast<void>(os::send_signal(child_, SIGTERM));
  }

  void conclude() {
    const auto last = out_.find_last_of('\n', out_.empty() ? 0 : out_.size() - 2);
    auto summary = parse_json(last == std::string::npos ? out_ : out_.substr(last + 1));
    if (summary && summary->is_object()) performance_.summary = std::move(*summary);
    const Json& said = performance_.summary;
    const double elapsed = said.is_object() ? said.value("elapsed_s", 0.0) : 0.0;
    recorder_.end(nanoseconds(std::llround(elapsed * 1e9)));
    director_.finish(performance_, said);
    const bool aborted = performance_.end == RunEnd::aborted;
    if (aborted) {
      performance_.problem = "aborted by Ctrl-C";
    } else if (director_.is_stopped()) {
      performance_.end = RunEnd::stop_condition;
    }
    if (performance_.problem.empty()) performance_.problem = director_.problem();
    const std::string result = said.is_object() ? said.value("result", "") : "";
    if (performance_.problem.empty() && result != "ok") {
      performance_.end = RunEnd::failed;
      const std::string reason = said.is_object() ? said.value("reason", "") : "";
      performance_.problem =
          !reason.empty() ? reason
                          : format("the run {}: {}", ending_ ? ending_->text() : "did not start",
                                   last_lines(words_));
    }
    if (performance_.problem.empty() && recorder_.lost() > 0) {
      performance_.problem =
          format("{} samples were lost on the way to the recording", recorder_.lost());
    }
    performance_.trace = recorder_.take();
  }

  const LoadedScenario& scenario_;
  const ScenarioSpec& spec_;
  const StageOptions& options_;
  MonotonicClock clock_;
  Recorder recorder_;
  Director director_;
  bool paced_;
  Handed handed_;
  os::Child child_;
  std::optional<tap::Stream> stream_;
  std::optional<os::Ending> ending_;
  std::string out_, words_;
  nanoseconds now_{0};
  int obeyed_ = 0;
  Performance performance_;
};

}  // namespace

Performance perform(const LoadedScenario& scenario, const StageOptions& options) {
  return Show(scenario, options).play();
}

}  // namespace takt::scenario
