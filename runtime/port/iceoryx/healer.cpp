#include "runtime/port/iceoryx/healer.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/memory.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/os/signals.hpp>
#include <takt/time/clock.hpp>

#include "runtime/port/iceoryx/error_handler.hpp"
#include "runtime/port/iceoryx/service.hpp"

namespace takt::port {

using std::chrono::nanoseconds;

struct Healer::Request {
  std::uint64_t id;
  pid_t pid;
  nanoseconds since;
  char participant[iox::MAX_RUNTIME_NAME_LENGTH + 1];
};

struct Healer::Job {
  Request request;
  Unblocked unblocked;
  nanoseconds at;
};

struct Healer::Answer {
  std::uint64_t id;
  const char* failure;
  Unblocked unblocked;
  Leaks leaks;
  nanoseconds at_unblocked;
  nanoseconds at_end;
};

namespace {

constexpr std::size_t kStackTouched = 64U << 10U;

// False when the other end has closed, or nothing is there and the end does not wait. Messages are
// smaller than PIPE_BUF and of one size a pipe: they are never cut.
template <typename T>
bool receive(int pipe, T& message) {
  for (;;) {
    const ssize_t n = ::read(pipe, &message, sizeof message);
    if (n == static_cast<ssize_t>(sizeof message)) return true;
    if (n >= 0 || errno != EINTR) return false;
  }
}

template <typename T>
void send(int pipe, const T& message) {
  static_assert(sizeof message <= PIPE_BUF);
  // The capacity of a pipe is 64 KiB, a graph has at most 256 nodes.
  static_assert(sizeof message * 300 <= 65536);
  while (::write(pipe, &message, sizeof message) < 0 && errno == EINTR) {
  }
}

// The class of the calling thread; an error is the first refusal of either thread.
void prepare_thread(const char* name, int priority, Result<void>& refused) {
  ::pthread_setname_np(::pthread_self(), name);
  os::block_all_signals();
  os::prefault_stack(kStackTouched);
  refused = os::set_policy(0, os::SchedulingClass::fifo, priority);
}

}  // namespace

Healer::Healer(Broker& broker, BrokerThreads& threads, Healing& healing,
               iox::mepoo::MemoryManager& memory)
    : broker_(broker), threads_(threads), healing_(healing), memory_(memory) {
  timer_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  either_.reset(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(either_.get(), EPOLL_CTL_ADD, timer_.get(), &event);
}

Result<void> Healer::arm(const HealerOptions& options) {
  if (!Healing::possible()) {
    unarmed_ = "this build does not know how to repair its version of iceoryx";
    return fail(unarmed_, "after a death the whole graph is restarted");
  }
  if (unblocker_.joinable()) return {};
  for (Pipe* pipe : {&requests_, &jobs_, &answers_}) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      return system_error("make a pipe for the healer", errno, "no death can be healed",
                          "raise the limit: ulimit -n");
    }
    pipe->read.reset(ends[0]);
    pipe->write.reset(ends[1]);
  }
  os::set_nonblocking(answers_.read.get(), true);
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(either_.get(), EPOLL_CTL_ADD, answers_.read.get(), &event);
  limit_ = options.time_limit;
  Result<void> locked;
  if (options.lock_memory) locked = os::lock_memory();
  Result<void> first, second;
  std::atomic<int> ready{0};
  const auto announce = [&ready] {
    ready.fetch_add(1, std::memory_order_release);
    ready.notify_one();
  };
  unblocker_ = std::thread([&, this] {
    prepare_thread("takt-unblock", options.priority, first);
    announce();
    run_unblocker();
  });
  finisher_ = std::thread([&, this] {
    prepare_thread("takt-finish", options.priority - 1, second);
    announce();
    run_finisher();
  });
  for (int n = 0; n < 2; n = ready.load(std::memory_order_acquire)) ready.wait(n);
  unarmed_.clear();
  if (!first) return first.error();
  if (!second) return second.error();
  return locked;
}

Healer::~Healer() {
  requests_.write.reset();
  if (unblocker_.joinable()) unblocker_.join();
  jobs_.write.reset();
  if (finisher_.joinable()) finisher_.join();
}

void Healer::request(const std::string& participant, pid_t pid) {
  MonotonicClock clock;
  Request request{};
  request.id = next_id_++;
  request.pid = pid;
  request.since = clock.now();
  participant.copy(request.participant, sizeof request.participant - 1);
  outstanding_.push_back({request.id, participant, pid, request.since});
  if (unarmed_.empty()) send(requests_.write.get(), request);
  set_timer();
}

void Healer::run_unblocker() {
  Job job{};
  MonotonicClock clock;
  while (receive(requests_.read.get(), job.request)) {
    // RouDi's threads too may be between the two words of a lock: they must not be starved there.
    threads_.hurry(true);
    job.unblocked = healing_.unblock(runtime_name(job.request.participant), job.request.pid,
                                     clock.now() + limit_);
    threads_.hurry(false);
    job.at = clock.now();
    send(jobs_.write.get(), job);
  }
}

void Healer::run_finisher() {
  Job job{};
  while (receive(jobs_.read.get(), job)) send(answers_.write.get(), finish(job));
}

Healer::Answer Healer::finish(const Job& job) {
  Answer answer{job.request.id, job.unblocked.failure, job.unblocked, {}, job.at, {}};
  const iox::RuntimeName_t name = runtime_name(job.request.participant);
  threads_.hurry(true);
  const auto step = [&answer](const char* failure) {
    if (answer.failure == nullptr) answer.failure = failure;
  };
  // After a failure nothing is touched any more: it could wait for ever.
  if (answer.failure == nullptr && !broker_.answers(MonotonicClock().now() + limit_)) {
    step("RouDi does not answer");
  }
  if (answer.failure == nullptr) {
    broker_.remove(name);
    step(healing_.find_remains(name, job.request.pid));
    step(broker_.exchange(memory_));
    answer.leaks = healing_.count_leaks();
    step(answer.leaks.failure);
    if (double_frees() > 0) step("a chunk was freed twice");
  }
  threads_.hurry(false);
  MonotonicClock clock;
  answer.at_end = clock.now();
  return answer;
}

HealReport Healer::give_up(const std::string& why) {
  HealReport report;
  report.participant = outstanding_.front().participant;
  report.pid = outstanding_.front().pid;
  report.reason = why;
  last_answer_ = MonotonicClock().now();
  report.duration = last_answer_ - outstanding_.front().since;
  outstanding_.pop_front();
  set_timer();
  return report;
}

std::optional<HealReport> Healer::take() {
  Answer answer{};
  while (answers_.read && receive(answers_.read.get(), answer)) {
    // The late answer to a request that was given up.
    if (outstanding_.empty() || outstanding_.front().id != answer.id) continue;
    HealReport report = give_up(answer.failure == nullptr ? "" : answer.failure);
    const nanoseconds since = MonotonicClock().now() - report.duration;
    report.healed = answer.failure == nullptr;
    report.locks_freed = answer.unblocked.locks_freed;
    report.indices_replaced = answer.unblocked.indices_replaced;
    report.chunks_leaked = answer.leaks.lost;
    report.chunks_leaked_ever = answer.leaks.lost_ever;
    report.unblocked = answer.at_unblocked - since;
    report.duration = answer.at_end - since;
    return report;
  }
  if (outstanding_.empty()) return std::nullopt;
  if (!unarmed_.empty()) return give_up(unarmed_);
  if (MonotonicClock().now() < deadline()) return std::nullopt;
  // The threads may be stuck for ever: no further request can be answered by them.
  unarmed_ = format("healing took longer than {} ms",
                    std::chrono::duration_cast<std::chrono::milliseconds>(limit_).count());
  return give_up(unarmed_);
}

// Of the oldest request, counted from when it became that: many may die at once.
nanoseconds Healer::deadline() const {
  return std::max(outstanding_.front().since, last_answer_) + limit_;
}

// Readable at the time-out of the oldest request, at once when nobody will answer.
void Healer::set_timer() {
  itimerspec spec{};
  if (!outstanding_.empty()) {
    const auto at = unarmed_.empty() ? deadline() : nanoseconds(1);
    spec.it_value.tv_sec = static_cast<time_t>(at.count() / 1'000'000'000);
    spec.it_value.tv_nsec = static_cast<std::int32_t>(at.count() % 1'000'000'000);
  }
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

}  // namespace takt::port
