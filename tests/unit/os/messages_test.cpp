// What goes over a connection: whole messages with descriptors, and streams of bytes.
#include <cerrno>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/os/local_socket.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::HasSubstr;

class Messages : public testing::Test {
 protected:
  Messages() {
    auto pair = socket_pair();
    left_ = std::move(pair.value().first);
    right_ = std::move(pair.value().second);
  }
  UniqueFd left_;
  UniqueFd right_;
};

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

TEST_F(Messages, KeepTheirBorders) {
  ASSERT_TRUE(send_with_fd(left_.get(), "one", -1));
  ASSERT_TRUE(send_with_fd(left_.get(), "two", -1));

  EXPECT_EQ(receive_with_fd(right_.get())->bytes, "one");
  EXPECT_EQ(receive_with_fd(right_.get())->bytes, "two");
}

TEST_F(Messages, CarryBytesOfEveryKindUpToTheLimit) {
  std::string bytes(kMessageBytesMax, '\0');
  bytes.back() = '\n';

  ASSERT_TRUE(send_with_fd(left_.get(), bytes, -1));

  EXPECT_EQ(receive_with_fd(right_.get())->bytes, bytes);
}

TEST_F(Messages, AboveTheLimitAreRefusedByTheSender) {
  const auto refused = send_with_fd(left_.get(), std::string(kMessageBytesMax + 1, 'x'), -1);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errno_value, EMSGSIZE);
}

TEST_F(Messages, AboveTheLimitAreRefusedByTheReceiverWhichGoesOn) {
  const std::string bytes(kMessageBytesMax + 1, 'x');
  ASSERT_EQ(::send(left_.get(), bytes.data(), bytes.size(), 0), std::ssize(bytes));
  ASSERT_TRUE(send_with_fd(left_.get(), "next", -1));

  const auto refused = receive_with_fd(right_.get());

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errno_value, EMSGSIZE);
  EXPECT_EQ(receive_with_fd(right_.get())->bytes, "next");
}

TEST_F(Messages, BringADescriptorOfTheSameFile) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);

  ASSERT_TRUE(send_with_fd(left_.get(), "pipe", writing.get()));
  writing.reset();
  const auto received = receive_with_fd(right_.get());

  ASSERT_TRUE(received) << received.error().text();
  EXPECT_EQ(received->bytes, "pipe");
  ASSERT_TRUE(received->fd);
  EXPECT_NE(::fcntl(received->fd.get(), F_GETFD) & FD_CLOEXEC, 0);
  ASSERT_EQ(::write(received->fd.get(), "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(::read(reading.get(), &byte, 1), 1);
}

TEST_F(Messages, WithoutADescriptorBringNone) {
  ASSERT_TRUE(send_with_fd(left_.get(), "plain", -1));

  EXPECT_FALSE(receive_with_fd(right_.get())->fd);
}

TEST_F(Messages, LeakNoDescriptorWhenMoreThanOneIsSent) {
  const std::size_t before = open_descriptors();
  int several[2] = {0, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof several)] = {};
  char byte = 'x';
  iovec part{.iov_base = &byte, .iov_len = 1};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof several);
  std::memcpy(CMSG_DATA(rights), several, sizeof several);
  ASSERT_EQ(::sendmsg(left_.get(), &message, 0), 1);

  {
    const auto received = receive_with_fd(right_.get());
    EXPECT_TRUE(received.value().fd);
  }

  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(Messages, EndWithAnEmptyOneWhenTheOtherEndCloses) {
  ASSERT_TRUE(send_with_fd(left_.get(), "last", -1));
  left_.reset();

  EXPECT_EQ(receive_with_fd(right_.get())->bytes, "last");
  const auto end = receive_with_fd(right_.get());
  ASSERT_TRUE(end) << end.error().text();
  EXPECT_EQ(end->bytes, "");
}

TEST_F(Messages, AlsoEndWhenTheOtherEndClosesWithoutHavingReadOurs) {
  ASSERT_TRUE(send_with_fd(right_.get(), "never read", -1));
  left_.reset();  // The next receive meets ECONNRESET.

  const auto end = receive_with_fd(right_.get());

  ASSERT_TRUE(end) << end.error().text();
  EXPECT_EQ(end->bytes, "");
}

TEST_F(Messages, ToAClosedEndAreAnErrorAndNoSignal) {
  right_.reset();

  const auto refused = send_with_fd(left_.get(), "x", -1);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errno_value, EPIPE);
  EXPECT_THAT(refused.error().text(), HasSubstr("the other end has closed"));
}

TEST_F(Messages, OnANonBlockingSocketNeverWait) {
  set_nonblocking(left_.get(), true);
  set_nonblocking(right_.get(), true);

  EXPECT_EQ(receive_with_fd(right_.get()).error().errno_value, EAGAIN);
  Result<void> sent = send_with_fd(left_.get(), "x", -1);
  while (sent) sent = send_with_fd(left_.get(), "x", -1);
  EXPECT_EQ(sent.error().errno_value, EAGAIN);
}

TEST_F(Messages, WaitForAReaderThatIsSlow) {
  constexpr int kCount = 2000;  // More than the socket holds (10 by default).
  int received = 0;
  std::thread reader([&] {
    while (received < kCount && receive_with_fd(right_.get())->bytes == "x") ++received;
  });

  for (int i = 0; i < kCount; ++i) ASSERT_TRUE(send_with_fd(left_.get(), "x", -1));
  reader.join();

  EXPECT_EQ(received, kCount);
}

class Stream : public testing::Test {
 protected:
  Stream() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    left_.reset(ends[0]);
    right_.reset(ends[1]);
  }
  UniqueFd left_;
  UniqueFd right_;
};

TEST_F(Stream, WritesAllOfALongTextToASlowReader) {
  const std::string text(3'000'000, 'x');  // More than the socket holds.
  std::size_t received = 0;
  std::thread reader([&] {
    char piece[1000];
    for (ssize_t n = 1; n > 0; received += static_cast<std::size_t>(n)) {
      n = ::read(right_.get(), piece, sizeof piece);
      if (n < 0) break;
    }
  });

  EXPECT_TRUE(write_all(left_.get(), text));
  left_.reset();
  reader.join();

  EXPECT_EQ(received, text.size());
}

TEST_F(Stream, WritesAllThroughANonBlockingSocketToo) {
  const std::string text(1'000'000, 'x');
  set_nonblocking(left_.get(), true);
  std::size_t received = 0;
  std::thread reader([&] {
    char piece[5000];
    while (received < text.size()) {
      received += static_cast<std::size_t>(::read(right_.get(), piece, sizeof piece));
    }
  });

  EXPECT_TRUE(write_all(left_.get(), text));
  reader.join();

  EXPECT_EQ(received, text.size());
}

TEST_F(Stream, WritingToAClosedEndIsAnErrorAndNoSignal) {
  right_.reset();

  EXPECT_EQ(write_all(left_.get(), "x").error().errno_value, EPIPE);
  EXPECT_EQ(write_some(left_.get(), "x").error().errno_value, EPIPE);
}

TEST_F(Stream, WritesSomeAndThenNothingWithoutWaiting) {
  const std::string text(10'000'000, 'x');

  const auto some = write_some(left_.get(), text);

  ASSERT_TRUE(some) << some.error().text();
  EXPECT_GT(*some, 0u);
  EXPECT_LT(*some, text.size());
  EXPECT_EQ(*write_some(left_.get(), text), 0u);
}

TEST(WriteAll, WritesToAFileThatIsNoSocket) {
  const test::TemporaryFolder folder;
  const UniqueFd file(::open((folder / "file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));

  ASSERT_TRUE(write_all(file.get(), "text"));

  EXPECT_EQ(test::content_of(folder / "file"), "text");
}

}  // namespace
}  // namespace takt::os
