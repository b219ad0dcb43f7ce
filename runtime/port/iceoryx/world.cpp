#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/os/fd.hpp>
#include <takt/os/process.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/port/world.hpp>
#include <takt/time/clock.hpp>

#include "iceoryx_posh/iceoryx_posh_config.hpp"
#include "iceoryx_posh/roudi/iceoryx_roudi_components.hpp"
#include "runtime/port/iceoryx/broker.hpp"
#include "runtime/port/iceoryx/error_handler.hpp"
#include "runtime/port/iceoryx/healer.hpp"
#include "runtime/port/iceoryx/healing.hpp"
#include "runtime/port/iceoryx/roudi_socket.hpp"
#include "runtime/port/iceoryx/service.hpp"

namespace takt::port {
namespace {

// While it lives, standard output goes to the log, since RouDi greets there and it belongs to the
// data of `takt`, and std::clog and std::cerr, where iceoryx tells of every segment and of answers
// that a dead process does not take, go nowhere: nothing else of takt writes there.
class QuietStdout {
 public:
  explicit QuietStdout(int log_fd)
      : clog_(std::clog.rdbuf(nullptr)),
        cerr_(std::cerr.rdbuf(nullptr)),
        saved_(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)) {
    std::fflush(stdout);
    if (log_fd >= 0) ::dup2(log_fd, STDOUT_FILENO);
  }
  ~QuietStdout() {
    std::cout.flush();
    std::fflush(stdout);
    if (saved_.get() >= 0) ::dup2(saved_.get(), STDOUT_FILENO);
    std::clog.rdbuf(clog_);
    std::cerr.rdbuf(cerr_);
  }
  QuietStdout(const QuietStdout&) = delete;
  QuietStdout& operator=(const QuietStdout&) = delete;

 private:
  std::streambuf* clog_;
  std::streambuf* cerr_;
  os::UniqueFd saved_;
};

iox::RouDiConfig_t configuration(const std::vector<PoolPlan>& pools) {
  iox::mepoo::MePooConfig sizes;
  for (const PoolPlan& pool : pools) sizes.addMemPool({pool.payload, pool.count});
  iox::RouDiConfig_t config;
  const auto group = iox::posix::PosixGroup::getGroupOfCurrentProcess().getName();
  config.m_sharedMemorySegments.push_back({group, group, sizes});
  return config;
}

// A second RouDi would end the process inside iceoryx: look at its lock first.
Result<void> require_no_roudi() {
  const std::string path = "/tmp/iox-unique-roudi.lock";
  os::UniqueFd lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!lock) {
    if (errno == ENOENT) return {};
    return system_error("look at " + path, errno, "another user's iceoryx may be running",
                        "stop it, or give this graph a name: takt run --instance NAME");
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail("another iceoryx broker (RouDi) is running on this machine",
                "stop it, or give this graph its own world: takt run --instance NAME");
  }
  return {};
}

constexpr std::chrono::seconds kRoudiMax{5};

// Participants leave without unlinking their sockets and locks, and killed ones cannot. Without a
// RouDi they are all dead. In a world of its own an instance takes them along; in the machine's
// /tmp they would stay.
void remove_leftovers() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/tmp", error)) {
    struct stat facts {};
    const std::string path = entry.path().string();
    if (!entry.path().filename().string().starts_with(kRuntimePrefix)) continue;
    if (::lstat(path.c_str(), &facts) != 0 || facts.st_uid != ::geteuid()) continue;
    if (S_ISSOCK(facts.st_mode) || S_ISREG(facts.st_mode)) ::unlink(path.c_str());
  }
}

class IceoryxWorld final : public World {
 public:
  IceoryxWorld(const std::vector<PoolPlan>& pools, int log_fd) : pools_(pools) {
    quiet_.emplace(log_fd);
    const std::vector<pid_t> before = os::threads_of(::getpid());
    components_.emplace(configuration(pools));
    roudi_.emplace(components_->rouDiMemoryManager, components_->portManager,
                   iox::roudi::RouDi::RoudiStartupParameters{
                       iox::roudi::MonitoringMode::OFF, false,
                       iox::roudi::RouDi::RuntimeMessagesThreadStart::DEFER_START,
                       iox::version::CompatibilityCheckLevel::PATCH});
    threads_.emplace(threads_since(before));
    std::vector<std::uint32_t> spare;
    spare.reserve(pools.size());
    for (const PoolPlan& pool : pools) spare.push_back(pool.spare);
    healing_.emplace(*components_->rouDiMemoryManager.portPool().value(), memory(),
                     std::move(spare));
    healer_.emplace(*roudi_, *threads_, *healing_, memory());
  }

  ~IceoryxWorld() override {
    // Every participant has ended: whatever still waits for one of them goes on.
    healing_->unblock_all();
    healer_.reset();
    roudi_.reset();
    components_.reset();
    remove_leftovers();
  }

  std::uint32_t readers_of(const TopicKey& topic) const override {
    const auto ports = components_->rouDiMemoryManager.portPool();
    if (!ports.has_value()) return 0;
    for (const auto* port : ports.value()->getPublisherPortDataList()) {
      const auto& service = port->m_serviceDescription;
      if (service.getInstanceIDString() == id(topic.node) &&
          service.getEventIDString() == id(topic.output)) {
        return static_cast<std::uint32_t>(port->m_chunkSenderData.m_queues.size());
      }
    }
    return 0;
  }

  std::vector<PoolUse> measure() const override {
    std::vector<PoolUse> uses;
    const iox::mepoo::MemoryManager& manager = memory();
    for (std::uint32_t i = 0; i < manager.getNumberOfMemPools(); ++i) {
      const auto info = manager.getMemPoolInfo(i);
      uses.push_back({pools_[i].payload, info.m_numChunks, info.m_usedChunks,
                      info.m_numChunks - info.m_minFreeChunks});
    }
    return uses;
  }

  void remove(const std::string& participant) override {
    roudi_->remove(runtime_name(participant));
  }

  Result<void> arm_healer(const HealerOptions& options) override { return healer_->arm(options); }
  int heal_fd() const override { return healer_->fd(); }
  void request_heal(const std::string& participant, pid_t pid) override {
    healer_->request(participant, pid);
  }
  std::optional<HealReport> take_heal_report() override { return healer_->take(); }

  Result<void> probe(std::chrono::milliseconds limit) override {
    if (!roudi_->answers(MonotonicClock().now() + limit)) {
      return fail("the transport's broker RouDi does not answer", "restart the graph");
    }
    if (const char* failure = roudi_->exchange(memory())) return fail(failure, "restart the graph");
    return {};
  }
  void give_back_stdout() override { quiet_.reset(); }
  void hurry(bool on) override { threads_->hurry(on); }

 private:
  static std::vector<pid_t> threads_since(const std::vector<pid_t>& before) {
    std::vector<pid_t> made;
    for (const pid_t thread : os::threads_of(::getpid())) {
      if (std::find(before.begin(), before.end(), thread) == before.end()) made.push_back(thread);
    }
    return made;
  }
  // Of the segment that carries the samples.
  iox::mepoo::MemoryManager& memory() const {
    const auto user = iox::posix::PosixUser::getUserOfCurrentProcess();
    auto* segments = components_->rouDiMemoryManager.segmentManager().value();
    return segments->getSegmentInformationWithWriteAccessForUser(user).m_memoryManager.value();
  }
  static iox::capro::IdString_t id(const std::string& text) {
    return {iox::cxx::TruncateToCapacity, text.c_str()};
  }
  std::optional<QuietStdout>
      quiet_;  // RouDi's threads print whenever they like, to its last moment.
  std::vector<PoolPlan> pools_;
  // In this order: RouDi uses the components to its end.
  mutable std::optional<iox::roudi::IceOryxRouDiComponents> components_;
  std::optional<Broker> roudi_;
  std::optional<BrokerThreads> threads_;
  std::optional<Healing> healing_;
  std::optional<Healer> healer_;
};

}  // namespace

Result<std::unique_ptr<World>> World::create(const std::vector<PoolPlan>& pools, int log_fd) {
  if (auto free = require_no_roudi(); !free) return free.error();
  remove_leftovers();
  take_over_iceoryx_errors("takt");
  survive_double_frees();
  std::unique_ptr<World> world = std::make_unique<IceoryxWorld>(pools, log_fd);
  // RouDi's thread opens its socket on its own time: whoever joins before that is refused.
  MonotonicClock clock;
  const auto until = clock.now() + kRoudiMax;
  while (!roudi_answers()) {
    if (clock.now() >= until) return fail("the transport's broker RouDi does not come up");
    clock.wait_until(clock.now() + std::chrono::milliseconds(1));
  }
  return world;
}

bool World::can_heal() { return Healing::possible(); }

HealReport World::heal(const std::string& participant, pid_t pid) {
  request_heal(participant, pid);
  for (;;) {
    if (auto report = take_heal_report()) return *report;
    os::wait_readable(heal_fd(), std::chrono::milliseconds(100));
  }
}

}  // namespace takt::port
