// takt as a service: it tells its service manager when it is ready, that it lives while its graph
// is well, and that it stops. And the machine's own watchdog, as far as a machine without one can
// show.
#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

// Stands where systemd listens.
class Manager {
 public:
  explicit Manager(const std::filesystem::path& folder) : path_(folder / "notify") {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.string().copy(address.sun_path, sizeof address.sun_path - 1);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Manager() { ::close(socket_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  ChildOptions options() const {
    ChildOptions options;
    options.environment = {"NOTIFY_SOCKET=" + path_.string(), "WATCHDOG_USEC=300000"};
    return options;
  }
  // What was said so far, each word with its number in the order of arrival.
  const std::vector<std::string>& heard() {
    char text[256];
    ssize_t size = 0;
    while ((size = ::recv(socket_, text, sizeof text, 0)) > 0) {
      heard_.emplace_back(text, static_cast<std::size_t>(size));
    }
    return heard_;
  }
  std::ptrdiff_t count(const std::string& word) {
    heard();
    return std::count(heard_.begin(), heard_.end(), word);
  }
  bool hears_more(const std::string& word, std::ptrdiff_t than) {
    const auto until = std::chrono::steady_clock::now() + kWatchdog;
    while (count(word) <= than) {
      if (std::chrono::steady_clock::now() > until) return false;
      pollfd news{socket_, POLLIN, 0};
      ::poll(&news, 1, 100);
    }
    return true;
  }

 private:
  std::filesystem::path path_;
  int socket_ = -1;
  std::vector<std::string> heard_;
};

const char* const kAlive = "WATCHDOG=1";

struct Service : testing::Test {
  Instance sut;
  Manager manager{sut.folder().path()};
  std::unique_ptr<Child> start() {
    return sut.run(shipped_graph("motor_speed.yaml"), {"--real-time", "best_effort"},
                   manager.options());
  }
  double elapsed() { return sut.ps().at("elapsed_s").get<double>(); }
};

TEST_F(Service, SaysThatItIsReadyThatItLivesAndThatItStops) {
  auto run = start();
  ASSERT_TRUE(sut.runs());

  ASSERT_TRUE(manager.hears_more(kAlive, 5));
  EXPECT_EQ(manager.heard().front(), "READY=1");
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(run->wait(), 0) << run->err();

  EXPECT_EQ(manager.count("READY=1"), 1);
  EXPECT_EQ(manager.count("STOPPING=1"), 1);
}

TEST_F(Service, IsSilentWhileANodeStandsStillAndLivesAgainWithIt) {
  auto run = start();
  ASSERT_TRUE(sut.runs());
  ASSERT_TRUE(manager.hears_more(kAlive, 0));

  ASSERT_EQ(sut.start("inject", {"stop", "motor"})->wait(), 0);
  ASSERT_TRUE(run->says("the watchdogs are not fed: node 'motor' has not run for"));
  const auto heard = manager.count(kAlive);
  // A second by the supervisor's own clock, in which it would be fed ten times.
  const double since = elapsed();
  while (elapsed() < since + 1.0) {
  }
  EXPECT_EQ(manager.count(kAlive), heard);

  ASSERT_EQ(sut.start("inject", {"cont", "motor"})->wait(), 0);
  EXPECT_TRUE(run->says("the watchdogs are fed again"));
  EXPECT_TRUE(manager.hears_more(kAlive, heard));
  EXPECT_EQ(sut.start("stop")->wait(), 0);
}

TEST_F(Service, IsNeverReadyWhenItsStartIsRefused) {
  auto run = sut.run(R"(takt: 1
graph: refused
real_time: best_effort
libraries: [takt_integration_nodes]
nodes:
  sensor: {type: test/faulty, period: 10ms, params: {configure: fail}}
)",
                     {}, manager.options());

  EXPECT_EQ(run->wait(), 1);
  EXPECT_EQ(manager.count("READY=1"), 0);
  EXPECT_EQ(manager.count(kAlive), 0);
}

TEST_F(Service, IsWatchedOnlyWhenTheWatchdogIsMeantForIt) {
  ChildOptions options = manager.options();
  options.environment.push_back("WATCHDOG_PID=1");
  auto run = sut.run(shipped_graph("motor_speed.yaml"),
                     {"--real-time", "best_effort", "--for", "1s"}, options);

  EXPECT_EQ(run->wait(), 0) << run->err();
  EXPECT_EQ(manager.count("READY=1"), 1);
  EXPECT_EQ(manager.count(kAlive), 0);
}

// What is no watchdog would be fed without effect.
TEST(MachineWatchdog, ThatIsNoneRefusesTheStart) {
  Instance sut;
  const auto refused = [&](const std::string& device, const std::string& text) {
    auto run = sut.run(shipped_graph("motor_speed.yaml"),
                       {"--real-time", "best_effort", "--watchdog", device, "--json"});
    EXPECT_EQ(run->wait(), 1) << device;
    EXPECT_NE(run->err().find(text), std::string::npos) << run->err();
    const Json summary = summary_of(*run);
    EXPECT_EQ(summary.at("result"), "refused");
    for (const Json& node : summary.at("nodes")) EXPECT_EQ(node.at("cycles"), 0);
  };
  refused("/dev/null", "the device is no watchdog");
  refused("/dev/none", "No such file or directory");
  refused(sut.folder().write("file", ""), "it is no device");
}

}  // namespace
}  // namespace takt::test
