// takt-tap: the program of an instance's tap.
#include <chrono>
#include <cstdio>
#include <string>

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

int serve(const Json& launch, const takt::ControlPage& page) {
  auto topics = takt::tap::topics_from_launch(launch);
  if (!topics) return refuse(topics.error());
  auto participant = takt::port::join_iceoryx(launch.value("participant", ""));
  if (!participant) return refuse(participant.error());
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
  const int status = serve(*launch, page);
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
