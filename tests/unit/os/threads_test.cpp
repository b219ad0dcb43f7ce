#include <cstring>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <takt/os/memory.hpp>
#include <takt/os/threads.hpp>

namespace takt::os {
namespace {

TEST(ThreadCountsTest, TellNameAndFaultsOfAnotherThread) {
  std::promise<pid_t> begun;
  std::promise<void> touch, leave;
  std::promise<std::int64_t> own;
  std::thread thread([&] {
    ::pthread_setname_np(::pthread_self(), "odd ) name (");
    begun.set_value(::gettid());
    touch.get_future().wait();
    constexpr std::size_t kPages = 64;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* memory =
        ::mmap(nullptr, kPages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ::madvise(memory, kPages * page, MADV_NOHUGEPAGE);
    for (std::size_t i = 0; i < kPages; ++i)
      std::memset(static_cast<char*>(memory) + i * page, 1, 1);
    const PageFaults faults = page_faults();
    own.set_value(faults.minor + faults.major);
    leave.get_future().wait();
    ::munmap(memory, kPages * page);
  });
  const pid_t tid = begun.get_future().get();

  const auto before = thread_counts(::getpid(), tid);
  touch.set_value();
  const std::int64_t told = own.get_future().get();
  const auto after = thread_counts(::getpid(), tid);
  leave.set_value();
  thread.join();

  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->name, "odd ) name (");
  EXPECT_GE(after->page_faults, before->page_faults + 64);
  EXPECT_GE(after->page_faults, told);
}

TEST(ThreadCountsTest, AreNothingForAThreadThatIsNotThere) {
  EXPECT_FALSE(thread_counts(::getpid(), 1));
  EXPECT_EQ(locked_kib(-1), 0);
}

}  // namespace
}  // namespace takt::os
