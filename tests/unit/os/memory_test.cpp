#include <atomic>
#include <ctime>
#include <thread>

#include <alloca.h>
#include <gmock/gmock.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <takt/os/memory.hpp>
#include <takt/os/scheduling.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::HasSubstr;

constexpr std::size_t kStackBytes = std::size_t{4} << 20;

// Runs `body` on a stack that nobody has touched.
template <typename Body>
void on_a_fresh_stack(Body body) {
  void* const stack = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(stack, MAP_FAILED);
  ::madvise(stack, kStackBytes, MADV_NOHUGEPAGE);  // A huge page would come as a whole.
  pthread_attr_t attributes;
  ASSERT_EQ(::pthread_attr_init(&attributes), 0);
  ASSERT_EQ(::pthread_attr_setstack(&attributes, stack, kStackBytes), 0);
  pthread_t thread{};
  const auto run = [](void* what) -> void* {
    (*static_cast<Body*>(what))();
    return nullptr;
  };
  ASSERT_EQ(::pthread_create(&thread, &attributes, run, &body), 0);
  ::pthread_join(thread, nullptr);
  ::pthread_attr_destroy(&attributes);
  ::munmap(stack, kStackBytes);
}

__attribute__((noinline)) void use_stack(std::size_t bytes) {
  auto* const area = static_cast<volatile char*>(alloca(bytes));
  for (std::size_t i = 0; i < bytes; i += 512) area[i] = 1;
}

std::int64_t faults_of_using(std::size_t bytes) {
  use_stack(1);
  const PageFaults before = page_faults();
  use_stack(bytes);
  return page_faults().minor - before.minor;
}

TEST(LockMemory, LocksAndCanBeReadBack) {
  if (!test::is_root()) GTEST_SKIP() << "locks memory, which takes root";

  const std::string report = test::in_child([]() -> std::string {
    if (memory_is_locked()) return "locked before";
    const auto locked = lock_memory();
    if (!locked) return locked.error().text();
    return memory_is_locked() ? "locked" : "not locked";
  });

  EXPECT_EQ(report, "locked");
}

TEST(LockMemory, LeavesNoFaultForTheFirstWriteToSharedMemory) {
  if (!test::is_root()) GTEST_SKIP() << "locks memory, which takes root";

  const std::string report = test::in_child([]() -> std::string {
    constexpr std::size_t kSize = std::size_t{1} << 20;
    void* const shared =
        ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return "no set-up";
    if (const auto locked = lock_memory(); !locked) return locked.error().text();
    auto* const bytes = static_cast<volatile char*>(shared);
    const PageFaults before = page_faults();
    for (std::size_t i = 0; i < kSize; i += 4096) bytes[i] = 1;
    return std::to_string(page_faults().minor - before.minor) + " faults";
  });

  EXPECT_EQ(report, "0 faults");
}

TEST(LockMemory, ARefusalNamesTheLimitAndTheRemedy) {
  if (!test::is_root()) GTEST_SKIP() << "changes the user, which takes root";

  const std::string report = test::in_child([]() -> std::string {
    const rlimit limit{.rlim_cur = 65536, .rlim_max = 65536};
    if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0 || !test::become_nobody()) return "no set-up";
    const auto locked = lock_memory();
    return locked ? "locked" : locked.error().text();
  });

  EXPECT_THAT(report, HasSubstr("cannot lock memory: Cannot allocate memory (ENOMEM)"));
  EXPECT_THAT(report, HasSubstr("RLIMIT_MEMLOCK is 64 KiB; page faults will break deadlines"));
  EXPECT_THAT(report, HasSubstr("LimitMEMLOCK=infinity"));
}

TEST(PageFaultsOfThisThread, CountTheFirstTouchOfEveryPage) {
  std::int64_t faults = 0;

  on_a_fresh_stack([&] { faults = faults_of_using(1 << 20); });

  EXPECT_GE(faults, (1 << 20) / ::sysconf(_SC_PAGESIZE) - 2);
}

TEST(PrefaultStack, LeavesNoFaultForTheLoop) {
  std::int64_t faults = -1;

  on_a_fresh_stack([&] {
    prefault_stack(2 << 20);
    faults = faults_of_using(1 << 20);
  });

  EXPECT_EQ(faults, 0);
}

constexpr std::size_t kMoreThanAnyStack = std::size_t{1} << (sizeof(void*) == 8 ? 40 : 31);

TEST(PrefaultStack, NeverTouchesMoreThanThereIs) {
  bool returned = false;

  on_a_fresh_stack([&] {
    prefault_stack(kMoreThanAnyStack);
    returned = true;
  });

  EXPECT_TRUE(returned);
}

TEST(PrefaultStack, WorksOnTheMainThread) {
  prefault_stack(kMoreThanAnyStack);  // The watchdog, or a SIGSEGV, would end the program.
}

// A thread of the same processor that must run at once takes it away from one that could run on.
TEST(InvoluntarySwitches, CountThatTheProcessorWasTakenAway) {
  if (!test::is_root()) GTEST_SKIP() << "needs SCHED_FIFO, which takes root";
  const std::vector<int> one_cpu{allowed_cpus().front()};
  std::atomic<bool> done{false};
  std::atomic<bool> ready{true};
  std::thread disturber([&] {
    if (!set_affinity(0, one_cpu) || !set_policy(0, SchedulingClass::fifo, 1)) ready = false;
    constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 1'000'000};
    while (!done && ready) ::nanosleep(&kPause, nullptr);
  });
  bool counted = false;
  std::thread disturbed([&] {
    if (!set_affinity(0, one_cpu)) ready = false;
    const std::int64_t before = involuntary_switches();
    while (ready && !counted) counted = involuntary_switches() > before;
  });
  disturbed.join();
  done = true;
  disturber.join();

  EXPECT_TRUE(ready);
  EXPECT_TRUE(counted);
}

}  // namespace
}  // namespace takt::os
