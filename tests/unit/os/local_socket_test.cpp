// Where connections come from: listening, connecting, accepting.
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <takt/os/local_socket.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::HasSubstr;

class LocalSocket : public testing::Test {
 protected:
  // A socket whose process has gone without removing it.
  void leave_a_stale_socket() {
    auto listening = listen_at(path_, 0600);
    ASSERT_TRUE(listening) << listening.error().text();
  }
  test::TemporaryFolder folder_;
  const std::string path_ = folder_ / "control";
};

TEST_F(LocalSocket, ConnectsToWhoListens) {
  const auto listening = listen_at(path_, 0600);
  ASSERT_TRUE(listening) << listening.error().text();
  const auto client = connect_to(path_);
  ASSERT_TRUE(client) << client.error().text();
  const auto server = accept_from(listening->get());
  ASSERT_TRUE(server) << server.error().text();

  ASSERT_TRUE(write_all(client->get(), "hello\n"));

  LineReader reader(server->get());
  const auto line = reader.next_line(std::nullopt);
  ASSERT_TRUE(line) << line.error().text();
  EXPECT_EQ(*line, "hello");
}

TEST_F(LocalSocket, IsRemovedForTheDeadAndLeftToTheLiving) {
  leave_a_stale_socket();
  EXPECT_TRUE(remove_if_stale(path_));
  EXPECT_NE(::access(path_.c_str(), F_OK), 0);
  EXPECT_TRUE(remove_if_stale(path_)) << "nothing is there";

  const auto listening = listen_at(path_, 0600);
  EXPECT_FALSE(remove_if_stale(path_));
  EXPECT_TRUE(connect_to(path_));
}

TEST_F(LocalSocket, AllOfThemAreClosedInAProgramThatIsExecuted) {
  const auto listening = listen_at(path_, 0600);
  const auto client = connect_to(path_);
  const auto server = accept_from(listening.value().get());

  for (const int fd : {listening->get(), client.value().get(), server.value().get()}) {
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST_F(LocalSocket, HasThePermissionsThatWereAskedForWhateverTheUmask) {
  for (const mode_t mode : {mode_t{0600}, mode_t{0666}}) {
    const mode_t before = ::umask(0077);
    const auto listening = listen_at(path_, mode);
    ::umask(before);
    ASSERT_TRUE(listening) << listening.error().text();
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);

    EXPECT_EQ(status.st_mode & 07777, mode);
    ::unlink(path_.c_str());
  }
}

TEST_F(LocalSocket, ReplacesASocketThatADeadProcessLeft) {
  leave_a_stale_socket();
  ASSERT_FALSE(connect_to(path_));

  const auto listening = listen_at(path_, 0600);

  ASSERT_TRUE(listening) << listening.error().text();
  EXPECT_TRUE(connect_to(path_));
}

TEST_F(LocalSocket, RefusesAPathAtWhichSomebodyListens) {
  const auto first = listen_at(path_, 0600);
  ASSERT_TRUE(first) << first.error().text();

  const auto second = listen_at(path_, 0600);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().errno_value, EADDRINUSE);
  EXPECT_THAT(second.error().text(), HasSubstr("already running"));
  EXPECT_TRUE(connect_to(path_));  // The first was not disturbed.
}

TEST_F(LocalSocket, RefusesAPathWhoseListenerHasNoRoomForMoreClients) {
  UniqueFd full(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  ASSERT_EQ(::bind(full.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(full.get(), 0), 0);
  const auto client = connect_to(path_);  // A backlog of 0 holds one.
  ASSERT_TRUE(client) << client.error().text();

  const auto sut = listen_at(path_, 0600);

  ASSERT_FALSE(sut);
  EXPECT_THAT(sut.error().text(), HasSubstr("already running"));
}

TEST_F(LocalSocket, LeavesAFileThatIsNoSocketAlone) {
  test::put(path_, "precious");

  const auto listening = listen_at(path_, 0600);

  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().text(), HasSubstr("no socket"));
  EXPECT_EQ(test::content_of(path_), "precious");
}

// Each child listens and keeps listening until all have tried; one may have won, all others must
// have been told that it runs.
TEST_F(LocalSocket, OnlyOneOfManyThatStartAtOnceWinsAStaleSocket) {
  leave_a_stale_socket();
  constexpr int kStarters = 8;
  int go[2];
  int told[2];
  int leave[2];
  ASSERT_EQ(::pipe(go), 0);
  ASSERT_EQ(::pipe(told), 0);
  ASSERT_EQ(::pipe(leave), 0);
  for (int i = 0; i < kStarters; ++i) {
    if (::fork() != 0) continue;
    ::alarm(test::kWatchdogSeconds / 2);
    ::close(leave[1]);
    ::close(go[1]);
    char nothing = 0;
    [[maybe_unused]] ssize_t n = ::read(go[0], &nothing, 1);  // Until all ends are closed: now.
    const auto listening = listen_at(path_, 0600);
    const char verdict = listening ? 'w' : listening.error().errno_value == EADDRINUSE ? 'r' : 'e';
    n = ::write(told[1], &verdict, 1);
    n = ::read(leave[0], &nothing, 1);
    ::_exit(0);
  }
  ::close(go[0]);
  ::close(go[1]);
  std::string verdicts(kStarters, ' ');
  for (char& verdict : verdicts) ASSERT_EQ(::read(told[0], &verdict, 1), 1);
  const bool answered = connect_to(path_).ok();
  ::close(leave[1]);
  while (::wait(nullptr) > 0) {
  }
  for (const int fd : {told[0], told[1], leave[0]}) ::close(fd);

  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), 'w'), 1) << verdicts;
  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), 'r'), kStarters - 1) << verdicts;
  EXPECT_TRUE(answered);
}

TEST_F(LocalSocket, RefusesAPathThatIsTooLong) {
  const std::string path = folder_ / std::string(200, 'x');

  const auto listening = listen_at(path, 0600);
  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().text(), HasSubstr("1 to 107"));
  EXPECT_FALSE(connect_to(path));
  EXPECT_FALSE(connect_to(""));
}

TEST_F(LocalSocket, NamesTheFolderThatIsMissing) {
  const auto listening = listen_at(folder_ / "missing/control", 0600);

  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().text(), HasSubstr("mkdir -p"));
}

TEST_F(LocalSocket, SaysThatNobodyListens) {
  const auto client = connect_to(path_);

  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().errno_value, ENOENT);
  EXPECT_THAT(client.error().text(), HasSubstr("nobody listens there"));
}

TEST_F(LocalSocket, ANonBlockingListenerDoesNotWaitForAClient) {
  const auto listening = listen_at(path_, 0600);
  set_nonblocking(listening.value().get(), true);

  const auto server = accept_from(listening->get());

  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().errno_value, EAGAIN);
}

TEST_F(LocalSocket, KnowsWhoIsAtTheOtherEnd) {
  const auto listening = listen_at(path_, 0666);
  ASSERT_TRUE(listening) << listening.error().text();
  ::chmod(folder_.path().c_str(), 0755);
  const bool change_user = test::is_root();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(test::kWatchdogSeconds / 2);
    if (change_user && !test::become_nobody()) ::_exit(1);
    const auto client = connect_to(path_);
    if (!client) ::_exit(1);
    char nothing = 0;
    [[maybe_unused]] const ssize_t n = ::read(client->get(), &nothing, 1);
    ::_exit(0);
  }
  auto server = accept_from(listening->get());
  ASSERT_TRUE(server) << server.error().text();

  const auto peer = peer_of(server->get());

  server->reset();
  int status = -1;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(peer) << peer.error().text();
  EXPECT_EQ(peer->pid, child);
  EXPECT_EQ(peer->uid, change_user ? 65534u : ::geteuid());
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace takt::os
