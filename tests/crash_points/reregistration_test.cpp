// A process is killed wherever it is, healed, and started again; the surviving peer goes on.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/port/safe_kill.hpp>

#include "tests/crash_points/rig.hpp"

namespace takt::test {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

int kills() { return std::getenv("TAKT_LONG") != nullptr ? 2000 : 200; }

// Files of participants: each leaves a socket and a lock of its own name.
std::size_t files_of_participants() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/tmp")) {
    count += entry.path().filename().string().starts_with("iox-takt-");
  }
  return count;
}

std::int64_t pages_of_this_process() {
  std::int64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident;
}

// Kills the victim at a random instant of its tight loop, heals, `count` times.
void kill_and_heal(Rig& rig, int count) {
  std::mt19937_64 random(20260101);
  MonotonicClock clock;
  std::uint64_t leaked = 0, replaced = 0, locks = 0;
  std::vector<std::chrono::nanoseconds> durations;
  std::size_t files = 0;
  std::int64_t pages = 0;
  for (int i = 0; i < count; ++i) {
    Slot& victim = rig.slot(kVictim);
    victim.rounds = 0;
    rig.world().hurry(true);
    const std::string trouble = rig.start_victim("free", Stage::joined);
    rig.world().hurry(false);
    ASSERT_EQ(trouble, "") << "kill " << i;
    const bool writes = !rig.options().writer_survives;
    const auto exchanged = [&] {
      return writes ? rig.slot(kSurvivor).incarnation == static_cast<std::uint64_t>(i + 1)
                    : victim.number > 0;
    };
    ASSERT_TRUE(wait_for(exchanged, seconds(10))) << "kill " << i;
    clock.wait_until(clock.now() + microseconds(random() % 2000));
    rig.kill_victim();
    const port::HealReport report = rig.world().heal(rig.victim_name(), rig.victim().pid());
    rig.reap_victim();
    ASSERT_TRUE(report.healed) << "kill " << i << ": " << report.reason;
    EXPECT_LE(report.chunks_leaked_ever, 2U * static_cast<unsigned>(i + 1));
    leaked += report.chunks_leaked;
    replaced += report.indices_replaced;
    locks += report.locks_freed;
    durations.push_back(report.duration);
    if (i == count / 10) files = files_of_participants(), pages = pages_of_this_process();
  }
  EXPECT_EQ(files_of_participants(), files);
  EXPECT_LE(pages_of_this_process(), pages + 256) << "of 4 KiB";
  EXPECT_EQ(rig.peers_go_on(), "");
  EXPECT_EQ(rig.bad_samples(), 0U);
  std::sort(durations.begin(), durations.end());
  const auto ms = [&](std::size_t of_100) {
    return static_cast<double>(durations[(durations.size() - 1) * of_100 / 100].count()) * 1e-6;
  };
  std::puts(format("{} kills: {} locks freed, {} indices replaced, {} chunks leaked; healing took "
                   "{:.3f} ms in the median, {:.3f} at most",
                   count, locks, replaced, leaked, ms(50), ms(100))
                .c_str());
}

TEST(Reregistration, AKilledWriterComesBackAndItsReaderHearsEveryIncarnation) {
  Rig rig({.writer_survives = false, .pause_us = 50});
  kill_and_heal(rig, kills() / 2);
}

// From its first instruction to its first samples: RouDi may still be answering the dead.
TEST(Reregistration, AProcessThatIsKilledWhileItJoinsLeavesNothing) {
  Rig rig({.writer_survives = true});
  std::mt19937_64 random(20260102);
  MonotonicClock clock;
  std::uint64_t joined = 0;
  const std::size_t files = files_of_participants();
  for (int i = 0; i < kills() / 2; ++i) {
    ASSERT_EQ(rig.start_victim("free", Stage::started), "");
    clock.wait_until(clock.now() + microseconds(random() % 8000));
    rig.kill_victim();
    joined += rig.slot(kVictim).stage >= static_cast<std::uint32_t>(Stage::joined);
    const port::HealReport report = rig.world().heal(rig.victim_name(), rig.victim().pid());
    rig.reap_victim();
    ASSERT_TRUE(report.healed) << "kill " << i << ": " << report.reason;
  }
  EXPECT_EQ(files_of_participants(), files);
  EXPECT_EQ(rig.start_victim("plain", Stage::armed), "");
  EXPECT_EQ(rig.peers_go_on(), "");
  EXPECT_EQ(rig.bad_samples(), 0U);
  std::puts(format("{} of {} had joined", joined, kills() / 2).c_str());
}

TEST(Reregistration, AKilledReaderComesBackAndItsWriterNeverStandsStill) {
  Rig rig({.writer_survives = true, .pause_us = 50});
  kill_and_heal(rig, kills() / 2);
}

}  // namespace
}  // namespace takt::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  ::alarm(std::getenv("TAKT_LONG") != nullptr ? 1800 : 110);
  if (!takt::test::enter_test_world()) return 1;
  return RUN_ALL_TESTS();
}
