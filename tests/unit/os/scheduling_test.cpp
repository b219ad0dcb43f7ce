#include <algorithm>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <takt/os/scheduling.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A thread that does nothing but exist.
class IdleThread {
 public:
  IdleThread() : thread_([this] { run(); }) { tid_ = started_.get_future().get(); }
  ~IdleThread() { end(); }
  pid_t tid() const { return tid_; }
  void end() {
    if (!thread_.joinable()) return;
    leave_.set_value();
    thread_.join();
    // The kernel lets a joined thread go a moment after it told the joiner; the watchdog is the
    // limit.
    while (std::ranges::count(threads_of(::getpid()), tid_) != 0) std::this_thread::yield();
  }

 private:
  void run() {
    started_.set_value(::gettid());
    leave_.get_future().wait();
  }
  std::promise<pid_t> started_;
  std::promise<void> leave_;
  pid_t tid_ = 0;
  std::thread thread_;
};

TEST(SetPolicy, AppliesToTheThreadAndIsReadBack) {
  if (!test::is_root()) GTEST_SKIP() << "real-time classes take root";
  const IdleThread thread;

  ASSERT_TRUE(set_policy(thread.tid(), SchedulingClass::fifo, 12));

  const auto schedule = read_schedule(thread.tid());
  ASSERT_TRUE(schedule) << schedule.error().text();
  EXPECT_EQ(schedule->policy, SchedulingClass::fifo);
  EXPECT_EQ(schedule->priority, 12);
  const auto own = read_schedule(0);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->policy, SchedulingClass::other);  // Nobody else was touched.
}

TEST(SetPolicy, GoesThroughEveryClass) {
  if (!test::is_root()) GTEST_SKIP() << "real-time classes take root";
  const IdleThread thread;

  for (const auto policy : {SchedulingClass::round_robin, SchedulingClass::fifo}) {
    ASSERT_TRUE(set_policy(thread.tid(), policy, 99));
    EXPECT_EQ(read_schedule(thread.tid())->policy, policy);
  }
  ASSERT_TRUE(set_policy(thread.tid(), SchedulingClass::other, 0));
  EXPECT_EQ(read_schedule(thread.tid())->policy, SchedulingClass::other);
}

TEST(SetPolicy, RefusesAPriorityThatTheClassDoesNotHave) {
  const auto too_high = set_policy(0, SchedulingClass::fifo, 100);
  ASSERT_FALSE(too_high);
  EXPECT_THAT(too_high.error().text(), HasSubstr("priorities 1 to 99"));

  EXPECT_FALSE(set_policy(0, SchedulingClass::fifo, 0));
  EXPECT_FALSE(set_policy(0, SchedulingClass::other, 1));
}

TEST(SetPolicy, ARefusalNamesTheLimitAndTheRemedy) {
  if (!test::is_root()) GTEST_SKIP() << "changes the user, which takes root";

  const std::string report = test::in_child([]() -> std::string {
    const rlimit limit{.rlim_cur = 0, .rlim_max = 0};
    if (::setrlimit(RLIMIT_RTPRIO, &limit) != 0 || !test::become_nobody()) return "no set-up";
    const auto refused = set_policy(0, SchedulingClass::fifo, 80);
    return refused ? "granted" : refused.error().text();
  });

  EXPECT_THAT(report, HasSubstr("class fifo priority 80: Operation not permitted (EPERM)"));
  EXPECT_THAT(report, HasSubstr("RLIMIT_RTPRIO is 0"));
  EXPECT_THAT(report, HasSubstr("setcap cap_sys_nice,cap_ipc_lock+ep"));
  EXPECT_THAT(report, HasSubstr("`USER - rtprio 80` in /etc/security/limits.d/takt.conf"));
}

TEST(SetPolicy, SaysThatAThreadHasEnded) {
  IdleThread thread;
  const pid_t tid = thread.tid();
  thread.end();

  const auto refused = set_policy(tid, SchedulingClass::other, 0);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errno_value, ESRCH);
  EXPECT_THAT(refused.error().text(), HasSubstr("the thread has ended"));
  EXPECT_FALSE(read_schedule(tid));
}

TEST(SetAffinity, BindsTheThreadAndIsReadBack) {
  const std::vector<int> last{allowed_cpus().back()};
  const IdleThread thread;

  ASSERT_TRUE(set_affinity(thread.tid(), last));

  EXPECT_EQ(read_schedule(thread.tid())->cpus, last);
}

TEST(SetAffinity, TakesTheProcessorsInAnyOrderAndTwice) {
  std::vector<int> cpus = allowed_cpus();
  const std::vector<int> sorted = cpus;
  std::reverse(cpus.begin(), cpus.end());
  cpus.push_back(cpus.front());
  const IdleThread thread;

  ASSERT_TRUE(set_affinity(thread.tid(), cpus));

  EXPECT_EQ(read_schedule(thread.tid())->cpus, sorted);
}

TEST(SetAffinity, RefusesAProcessorThatIsNotThere) {
  const auto refused = set_affinity(0, {8000});

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("cpus 8000"));
  EXPECT_THAT(refused.error().text(), HasSubstr("choose from"));
}

TEST(SetAffinity, RefusesWhatTheKernelWouldSilentlyReduce) {
  const IdleThread thread;
  const int there = allowed_cpus().front();

  const auto refused = set_affinity(thread.tid(), {there, 8000});

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(),
              HasSubstr("the kernel gave " + std::to_string(there) + " only"));
}

TEST(SetAffinity, RefusesNumbersThatAreNone) {
  EXPECT_FALSE(set_affinity(0, {}));
  EXPECT_FALSE(set_affinity(0, {-1}));
  EXPECT_FALSE(set_affinity(0, {1'000'000'000}));
}

TEST(AllowedCpus, AreThoseOfTheProcess) {
  const std::vector<int> cpus = allowed_cpus();

  EXPECT_EQ(std::ssize(cpus),
            ::sysconf(_SC_NPROCESSORS_ONLN) < std::ssize(cpus)
                ? -1
                : static_cast<std::ptrdiff_t>(std::thread::hardware_concurrency()));
  EXPECT_TRUE(std::is_sorted(cpus.begin(), cpus.end()));
}

TEST(ThreadsOf, ListsAThreadWhileItLives) {
  IdleThread thread;
  const pid_t tid = thread.tid();
  EXPECT_THAT(threads_of(::getpid()), Contains(tid));
  EXPECT_THAT(threads_of(::getpid()), Contains(::getpid()));

  thread.end();

  EXPECT_THAT(threads_of(::getpid()), Not(Contains(tid)));
}

TEST(ThreadsOf, AProcessThatDoesNotExistHasNone) { EXPECT_TRUE(threads_of(0x7ffffff0).empty()); }

}  // namespace
}  // namespace takt::os
