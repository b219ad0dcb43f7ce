#include <filesystem>

#include <gmock/gmock.h>

#include <takt/os/host.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

TEST(ThisHost, SaysWhatTheKernelSays) {
  const Host host = this_host();

  EXPECT_EQ(host.kernel + "\n", test::content_of("/proc/sys/kernel/osrelease"));
  EXPECT_EQ(host.hostname + "\n", test::content_of("/proc/sys/kernel/hostname"));
#if defined(__x86_64__)
  EXPECT_EQ(host.arch, "x86_64");
#elif defined(__aarch64__)
  EXPECT_EQ(host.arch, "aarch64");
#endif
}

TEST(SelfExecutable, IsTheFileOfThisTest) {
  EXPECT_EQ(std::filesystem::path(self_executable()).filename(), "unit_os_files");
}

}  // namespace
}  // namespace takt::os
