#include <atomic>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/os/fd.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::HasSubstr;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

int an_open_fd() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

TEST(UniqueFd, ClosesWhatItHoldsWhenItGoes) {
  const int fd = an_open_fd();

  { const UniqueFd sut(fd); }

  EXPECT_FALSE(is_open(fd));
}

TEST(UniqueFd, ClosesTheOldWhenItIsGivenANewOne) {
  const int old = an_open_fd();
  UniqueFd sut(old);
  UniqueFd other(an_open_fd());
  const int fresh = other.get();

  sut = std::move(other);

  EXPECT_FALSE(is_open(old));
  EXPECT_EQ(sut.get(), fresh);
  EXPECT_TRUE(is_open(fresh));
}

TEST(UniqueFd, MovingLeavesNothingBehind) {
  UniqueFd from(an_open_fd());

  const UniqueFd sut(std::move(from));

  EXPECT_TRUE(sut);
  EXPECT_FALSE(from);  // NOLINT: asks on purpose.
}

TEST(UniqueFd, MovingToItselfKeepsItOpen) {
  UniqueFd sut(an_open_fd());
  UniqueFd& same = sut;

  sut = std::move(same);

  EXPECT_TRUE(is_open(sut.get()));
}

TEST(UniqueFd, ReleaseGivesItAwayOpen) {
  UniqueFd sut(an_open_fd());

  const int fd = sut.release();

  EXPECT_FALSE(sut);
  EXPECT_TRUE(is_open(fd));
  ::close(fd);
}

TEST(ReadFile, ReadsAFileOfProcWhoseSizeIsZero) {
  const auto text = read_file("/proc/self/status");

  ASSERT_TRUE(text) << text.error().text();
  EXPECT_THAT(*text, HasSubstr("VmLck:"));
}

TEST(ReadFile, ReadsMoreThanOnePiece) {
  const test::TemporaryFolder folder;
  const std::string long_text(100'000, 'x');
  test::put(folder / "long", long_text);

  const auto text = read_file(folder / "long");

  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(*text, long_text);
}

TEST(ReadFile, NamesTheFileThatIsMissing) {
  const auto text = read_file("/nowhere/at-all");

  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().errno_value, ENOENT);
  EXPECT_THAT(text.error().text(), HasSubstr("/nowhere/at-all"));
}

TEST(WriteFileAtomically, ReplacesTheOldContentAndLeavesNothingElse) {
  const test::TemporaryFolder folder;
  test::put(folder / "file", "a long old content");

  ASSERT_TRUE(write_file_atomically(folder / "file", "new"));

  EXPECT_EQ(test::content_of(folder / "file"), "new");
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++entries;
  }
  EXPECT_EQ(entries, 1u);
}

TEST(WriteFileAtomically, ReadersSeeTheOldOrTheNewButNeverAPart) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "file";
  const std::string first(50'000, 'a');
  const std::string second(70'000, 'b');
  ASSERT_TRUE(write_file_atomically(path, first));
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};

  std::thread reader([&] {
    while (!done) {
      const auto text = read_file(path);
      if (!text || (*text != first && *text != second)) ++torn;
    }
  });
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(write_file_atomically(path, i % 2 ? first : second));
  done = true;
  reader.join();

  EXPECT_EQ(torn, 0);
}

TEST(WriteFileAtomically, KeepsTheOldContentWhenTheDiskIsFull) {
  if (!test::is_root()) GTEST_SKIP() << "mounts a small disk, which takes root";
  const test::TemporaryFolder folder;

  const std::string report = test::in_child([&]() -> std::string {
    if (::unshare(CLONE_NEWNS) != 0) return "no namespace";
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return "not private";
    if (::mount("t", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) return "no small disk";
    if (!write_file_atomically(folder / "file", "old")) return "the first write failed";

    const auto refused = write_file_atomically(folder / "file", std::string(200'000, 'x'));

    if (refused) return "a full disk was not noticed";
    std::string names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      names += entry.path().filename().string() + " ";
    }
    return refused.error().text() + "|" + test::content_of(folder / "file") + "|" + names;
  });

  EXPECT_THAT(report, HasSubstr("ENOSPC"));
  EXPECT_THAT(report, HasSubstr("df -h " + folder.path()));
  EXPECT_THAT(report, testing::EndsWith("|old|file "));
}

TEST(WriteFileAtomically, NamesTheFolderThatIsMissing) {
  const auto refused = write_file_atomically("/nowhere/file", "x");

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("mkdir -p /nowhere"));
}

TEST(SetCloexec, TurnsTheFlagOnAndOff) {
  const UniqueFd fd(an_open_fd());

  set_cloexec(fd.get(), false);
  EXPECT_EQ(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);

  set_cloexec(fd.get(), true);
  EXPECT_NE(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(SetNonblocking, TurnsTheFlagOnAndOffAndKeepsTheOthers) {
  const UniqueFd fd(::open("/dev/null", O_WRONLY | O_APPEND | O_CLOEXEC));

  set_nonblocking(fd.get(), true);
  EXPECT_NE(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(fd.get(), F_GETFL) & O_APPEND, 0);

  set_nonblocking(fd.get(), false);
  EXPECT_EQ(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace takt::os
