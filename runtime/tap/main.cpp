// takt-tap: the program of an instance's tap.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include <poll.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/manifest/launch.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/os/signals.hpp>
#include <takt/port/iceoryx.hpp>
#include <takt/time/clock.hpp>

#include "runtime/tap/tap.hpp"

namespace {

using takt::Json;

// How long the tap tries to clean up behind a dead supervisor, and how often.
constexpr std::chrono::milliseconds kSocketsMax{1000};
constexpr std::chrono::milliseconds kSocketsLook{2};
// A tap that is at work needs no longer for its last deliveries.
constexpr std::chrono::milliseconds kLeaveMax{2000};

void report(const Json& message) {
  static_cast<void>(takt::os::send_with_fd(takt::kWireFd, takt::json_line(message), -1));
}

int refuse(const takt::Error& error) {
  report({{"report", "failed"}, {"message", error.message}, {"fix", error.fix}});
  return 1;
}

// The supervisor died without a chance to: its sockets would look like an instance that runs. The
// kernel closes them a moment after it has told of the death.
void remove_sockets(const Json& paths) {
  takt::MonotonicClock clock;
  const auto until = clock.now() + kSocketsMax;
  for (const Json& path : paths) {
    while (!takt::os::remove_if_stale(path.get<std::string>()) && clock.now() < until) {
      clock.wait_until(clock.now() + kSocketsLook);
    }
  }
}

// Joining the transport, and attaching to a topic, waits for a RouDi that may have died with the
// supervisor: nothing else would end that before a minute has passed.
class Guard {
 public:
  explicit Guard(const Json& launch)
      : sockets_(launch.value("sockets", Json::array())), thread_([this] { watch(); }) {
    thread_.detach();
  }
  // From now on the tap notices itself, and may have something to deliver first.
  void joined() { joined_.store(true); }

 private:
  void watch() {
    pollfd wire{takt::kWireFd, 0, 0};
    while (::poll(&wire, 1, -1) < 0 && errno == EINTR) {
    }
    takt::MonotonicClock clock;
    if (joined_.load()) clock.wait_until(clock.now() + kLeaveMax);
    remove_sockets(sockets_);
    ::_exit(1);
  }

  const Json sockets_;
  std::atomic<bool> joined_{false};
  std::thread thread_;
};

int serve(const Json& launch, const takt::ControlPage& page, Guard& guard) {
  auto topics = takt::tap::topics_from_launch(launch);
  if (!topics) return refuse(topics.error());
  auto participant = takt::port::join_iceoryx(launch.value("participant", ""));
  if (!participant) return refuse(participant.error());
  guard.joined();
  takt::tap::Tap tap(**participant, std::move(*topics), page, takt::kWireFd);
  report({{"report", "connected"}});
  report({{"report", "ready"}});
  tap.serve();
  return 0;
}

int run() {
  takt::os::block_all_signals();
  takt::os::ignore_broken_pipes();
  auto text = takt::os::read_file(takt::format("/proc/self/fd/{}", takt::kLaunchFd));
  if (!text) return refuse(text.error());
  auto launch = takt::parse_json(*text);
  if (!launch) return refuse(launch.error());
  auto control = takt::os::Mapping::map(takt::kControlFd, sizeof(takt::ControlPage), false);
  if (!control) return refuse(control.error());
  const auto& page = *std::as_const(*control).as<takt::ControlPage>();
  // Lives as long as the process: its thread does.
  static Guard guard(*launch);
  const int status = serve(*launch, page, guard);
  if (page.supervisor.owner_died()) remove_sockets(launch->value("sockets", Json::array()));
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "--launched") {
    // The supervisor removes the ports; their destructors would ask a RouDi that may be gone.
    ::_exit(run());
  }
  std::fputs("takt-tap - shows the samples of a graph to tools; started by `takt run`\n",
             argc > 1 && std::string(argv[1]) == "--help" ? stdout : stderr);
  return argc > 1 && std::string(argv[1]) == "--help" ? 0 : 2;
}
