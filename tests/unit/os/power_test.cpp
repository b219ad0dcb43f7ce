#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include <takt/os/power.hpp>

namespace takt::os {
namespace {

// Stands for /sys/power: what is written there is all that the kernel is told.
struct PowerFolder : testing::Test {
  PowerFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "power-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  ~PowerFolder() override { std::filesystem::remove_all(folder); }
  std::string text(const char* name) { return read_file(folder / name).value(); }
  std::filesystem::path folder;
};

TEST_F(PowerFolder, GetsTheNameOfAWakeLockAndGetsItAgainWhenItIsLetGo) {
  ASSERT_TRUE(write_file_atomically(folder / "wake_lock", "").ok());
  ASSERT_TRUE(write_file_atomically(folder / "wake_unlock", "").ok());
  {
    auto taken = WakeLock::take("takt-left", folder);
    ASSERT_TRUE(taken.ok()) << taken.error().text();
    const WakeLock sut = std::move(*taken);
    EXPECT_EQ(text("wake_lock"), "takt-left");
    EXPECT_EQ(text("wake_unlock"), "");
  }
  EXPECT_EQ(text("wake_unlock"), "takt-left");
}

TEST_F(PowerFolder, WithoutWakeLocksIsAnErrorThatNamesWhatElseHelps) {
  const auto sut = WakeLock::take("takt-left", folder);

  ASSERT_FALSE(sut.ok());
  EXPECT_EQ(sut.error().errno_value, ENOENT);
  EXPECT_NE(sut.error().fix.find("systemctl mask sleep.target"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace
}  // namespace takt::os
