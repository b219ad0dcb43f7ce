#include <filesystem>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/os/local_socket.hpp>
#include <takt/os/private_world.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::HasSubstr;

// Names in /tmp itself that no other test and no other run has.
std::string name_in_tmp(const std::string& what) {
  return "/tmp/takt-os-test-" + std::to_string(::getpid()) + "-" + what;
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

std::size_t entries_of(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

enum class Way { as_root, as_an_ordinary_user };

class PrivateWorld : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    if (!test::is_root()) GTEST_SKIP() << "makes namespaces and changes the user, which takes root";
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
    const bool user = GetParam() == Way::as_an_ordinary_user;
    const std::string possible = inside([] { return std::string("inside"); });
    if (user && possible.find("EPERM") != std::string::npos) {
      GTEST_SKIP() << "this machine forbids user namespaces: " << possible;
    }
    ASSERT_EQ(possible, "inside");
  }

  // What `body` returns in a child that has entered.
  template <typename Body>
  static std::string inside(Body body) {
    return test::in_child([&]() -> std::string {
      const bool user = GetParam() == Way::as_an_ordinary_user;
      if (user && !test::become_nobody()) return "still root";
      if (can_enter_private_world() == user) return "wrong about CAP_SYS_ADMIN";
      const auto entered = enter_private_world(user);
      return entered ? body() : entered.error().text();
    });
  }

  test::TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(BothWays, PrivateWorld,
                         testing::Values(Way::as_root, Way::as_an_ordinary_user),
                         [](const auto& way) {
                           return way.param == Way::as_root ? "AsRoot" : "AsAnOrdinaryUser";
                         });

TEST_P(PrivateWorld, ShowsFilesThatWereInTmpBeforeAndWritesThroughToThem) {
  const std::string file = name_in_tmp("file");
  test::put(file, "before");
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
  test::put(folder_ / "deep", "down");

  const std::string seen = inside([&] {
    const std::string text = test::content_of(file) + " " + test::content_of(folder_ / "deep");
    test::put(file, "written inside");
    test::put(folder_ / "new", "made inside");
    return text;
  });

  EXPECT_EQ(seen, "before down");
  EXPECT_EQ(test::content_of(file), "written inside");
  EXPECT_EQ(test::content_of(folder_ / "new"), "made inside");
  ::unlink(file.c_str());
}

TEST_P(PrivateWorld, KeepsNewNamesInTmpToItself) {
  const std::string file = name_in_tmp("new");

  const std::string made = inside([&] {
    test::put(file, "inside");
    return test::content_of(file);
  });

  EXPECT_EQ(made, "inside");
  EXPECT_FALSE(exists(file));
}

TEST_P(PrivateWorld, HasAnEmptyDevShmOfItsOwn) {
  const std::string name = "/dev/shm/takt-os-test-" + std::to_string(::getpid());
  test::put(name, "outside");

  const std::string seen = inside([&] {
    const std::size_t before = entries_of("/dev/shm");
    test::put(name + "-inside", "x");
    return std::to_string(before) + " " + std::to_string(entries_of("/dev/shm"));
  });

  EXPECT_EQ(seen, "0 1");
  EXPECT_TRUE(exists(name));
  EXPECT_FALSE(exists(name + "-inside"));
  ::unlink(name.c_str());
}

TEST_P(PrivateWorld, HidesTheNamesOfIceoryx) {
  const std::string suffix = "-takt-os-test-" + std::to_string(::getpid());
  const std::string roudi = "/tmp/roudi" + suffix;
  const std::string iox = "/tmp/iox-" + suffix;
  const std::string other = "/tmp/other-iox-" + suffix;
  for (const std::string& name : {roudi, iox, other}) test::put(name, "x");

  const std::string seen = inside([&] {
    return std::to_string(exists(roudi)) + std::to_string(exists(iox)) +
           std::to_string(exists(other));
  });

  EXPECT_EQ(seen, "001");
  for (const std::string& name : {roudi, iox, other}) ::unlink(name.c_str());
}

TEST_P(PrivateWorld, KeepsTheWorkingDirectoryBelowTmp) {
  test::put(folder_ / "file", "here");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());

  const std::string seen = inside([&] {
    // By the relative name, and through the parent, which must be the new /tmp and not the old one.
    test::put("../takt-os-test-sibling", "x");
    return test::content_of("file") + " " + std::filesystem::current_path().string() + " " +
           std::to_string(exists("/tmp/takt-os-test-sibling"));
  });
  std::filesystem::current_path(before);

  EXPECT_EQ(seen, "here " + folder_.path() + " 1");
  EXPECT_FALSE(exists("/tmp/takt-os-test-sibling"));
}

TEST_P(PrivateWorld, MovesAWorkingDirectoryThatIsTmpItselfIntoTheNewOne) {
  const std::string name = "takt-os-test-" + std::to_string(::getpid()) + "-relative";
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path("/tmp");

  const std::string seen = inside([&] {
    test::put(name, "x");
    return std::to_string(exists("/tmp/" + name));
  });
  std::filesystem::current_path(before);

  EXPECT_EQ(seen, "1");
  EXPECT_FALSE(exists("/tmp/" + name));
}

TEST_P(PrivateWorld, KeepsSocketsThatCanBeConnectedTo) {
  const std::string path = name_in_tmp("socket");
  const auto listening = listen_at(path, 0666);
  ASSERT_TRUE(listening) << listening.error().text();

  const std::string report = inside([&] {
    const auto client = connect_to(path);
    return client ? std::string("connected") : client.error().text();
  });

  EXPECT_EQ(report, "connected");
  ::unlink(path.c_str());
}

TEST_P(PrivateWorld, KeepsSymbolicLinksAsLinks) {
  const std::string link = name_in_tmp("link");
  test::put(folder_ / "target", "found");
  ASSERT_EQ(::symlink((folder_ / "target").c_str(), link.c_str()), 0);

  const std::string seen = inside([&] {
    return test::content_of(link) + " " + std::to_string(std::filesystem::is_symlink(link));
  });

  EXPECT_EQ(seen, "found 1");
  ::unlink(link.c_str());
}

TEST_P(PrivateWorld, KeepsTheUser) {
  const std::string seen =
      inside([] { return std::to_string(::geteuid()) + ":" + std::to_string(::getegid()); });

  EXPECT_EQ(seen, GetParam() == Way::as_root ? "0:0" : "65534:65534");
}

// Outside is a namespace whose mounts are shared, as systemd makes them: what a careless copy of it
// mounts would appear there.
TEST_P(PrivateWorld, LeavesTheMountsOutsideAsTheyWere) {
  const std::string report = test::in_child([&]() -> std::string {
    if (::unshare(CLONE_NEWNS) != 0) return "no namespace";
    if (::mount("none", "/", nullptr, MS_REC | MS_SHARED, nullptr) != 0) return "not shared";
    const std::string before = test::content_of("/proc/self/mounts");
    const std::string entered = inside([] { return std::string("entered"); });
    return entered + (test::content_of("/proc/self/mounts") == before ? "" : ", seen outside");
  });

  EXPECT_EQ(report, "entered");
}

TEST(EnterPrivateWorld, ARefusalNamesTheRemedy) {
  if (!test::is_root()) GTEST_SKIP() << "changes the user, which takes root";
  const std::string report = test::in_child([]() -> std::string {
    if (!test::become_nobody()) return "still root";
    const auto entered = enter_private_world(false);
    return entered ? "entered" : entered.error().text();
  });

  EXPECT_THAT(report, HasSubstr("cannot make a mount namespace: Operation not permitted (EPERM)"));
  EXPECT_THAT(report, HasSubstr("setcap cap_sys_admin+ep"));
}

}  // namespace
}  // namespace takt::os
