#include "runtime/port/iceoryx/broker.hpp"

#include <cerrno>
#include <cstring>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/process.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/time/clock.hpp>

#include "runtime/port/iceoryx/roudi_socket.hpp"
#include "runtime/port/iceoryx/service.hpp"

namespace takt::port {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Above the nodes (up to 89), below the healer.
constexpr int kHurriedPriority = 90;
constexpr const char* kProbe = "=probe";  // No node can have that name.
constexpr const char* kEcho = "iox-takt-echo.";
constexpr std::uint64_t kProbeValue = 0x7461'6b74'7072'6f62;

// Readable within the time that is left; -1 ms never waits for ever.
bool readable(int fd, nanoseconds deadline) {
  MonotonicClock clock;
  const auto left = std::chrono::ceil<milliseconds>(deadline - clock.now());
  return os::wait_readable(fd, std::max(left, milliseconds(0)));
}

}  // namespace

Broker::Broker(iox::roudi::RouDiMemoryInterface& memory, iox::roudi::PortManager& ports,
               RoudiStartupParameters parameters)
    : RouDi(memory, ports, parameters), echo_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  startProcessRuntimeMessagesThread();  // Deferred until now: it calls `processMessage`.
}

void Broker::remove(const iox::RuntimeName_t& name) {
  m_prcMgr->unregisterProcess(name);
  // A killed process cannot unlink them; the names of incarnations never come back.
  const std::string path = std::string("/tmp/") + name.c_str();
  ::unlink(path.c_str());
  ::unlink((path + ".lock").c_str());
}

bool Broker::answers(nanoseconds deadline) {
  iox::runtime::IpcMessage question;
  const std::string id = format("{}{}", kEcho, ++question_);
  question << iox::runtime::IpcMessageTypeToString(iox::runtime::IpcMessageType::KEEPALIVE) << id;
  const std::string text = question.getMessage();
  const os::UniqueFd socket = roudi_socket();
  MonotonicClock clock;
  while (::send(socket.get(), text.c_str(), text.size() + 1, MSG_DONTWAIT) < 0) {
    if (errno != EAGAIN || clock.now() >= deadline) return false;
    clock.wait_until(clock.now() + milliseconds(1));
  }
  // Answers to questions that were given up are passed over.
  std::uint64_t answered = 0;
  while (answered < question_ && readable(echo_.get(), deadline)) {
    std::uint64_t news = 0;
    if (::read(echo_.get(), &news, sizeof news) != sizeof news) return false;
    answered = answered_.load(std::memory_order_acquire);
  }
  return answered >= question_;
}

void Broker::processMessage(const iox::runtime::IpcMessage& message,
                            const iox::runtime::IpcMessageType& command,
                            const iox::RuntimeName_t& name) noexcept {
  if (std::strncmp(name.c_str(), kEcho, std::strlen(kEcho)) != 0) {
    RouDi::processMessage(message, command, name);
    return;
  }
  answered_.store(std::strtoull(name.c_str() + std::strlen(kEcho), nullptr, 10),
                  std::memory_order_release);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(echo_.get(), &one, sizeof one);
}

const char* Broker::exchange(iox::mepoo::MemoryManager& memory) {
  const iox::RuntimeName_t name = runtime_name(kProbe);
  const iox::capro::ServiceDescription service{"takt", "probe", "value"};
  const auto guard = m_prcMgr.getScopeGuard();
  auto writing = m_portManager->acquirePublisherPortData(service, {}, name, &memory, {});
  auto reading = m_portManager->acquireSubscriberPortData(service, {}, name, {});
  const char* failure = "the probe's sample did not arrive";
  if (writing.has_error() || reading.has_error()) {
    failure = "the probe gets no ports";
  } else {
    iox::PublisherPortUserType writer(writing.value());
    iox::SubscriberPortUserType reader(reading.value());
    writer
        .tryAllocateChunk(sizeof kProbeValue, alignof(std::uint64_t),
                          iox::CHUNK_NO_USER_HEADER_SIZE, iox::CHUNK_NO_USER_HEADER_ALIGNMENT)
        .and_then([&](auto* chunk) {
          std::memcpy(chunk->userPayload(), &kProbeValue, sizeof kProbeValue);
          writer.sendChunk(chunk);
        })
        .or_else([&](auto&) { failure = "the probe gets no chunk"; });
    reader.tryGetChunk().and_then([&](const auto* chunk) {
      std::uint64_t value = 0;
      std::memcpy(&value, chunk->userPayload(), sizeof value);
      if (value == kProbeValue) failure = nullptr;
      reader.releaseChunk(chunk);
    });
  }
  m_portManager->deletePortsOfProcess(name);
  return failure;
}

BrokerThreads::BrokerThreads(std::vector<pid_t> threads) : threads_(std::move(threads)) {
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  ::pthread_mutex_init(&mutex_, &attributes);
  ::pthread_mutexattr_destroy(&attributes);
}

BrokerThreads::~BrokerThreads() { ::pthread_mutex_destroy(&mutex_); }

void BrokerThreads::hurry(bool on) {
  ::pthread_mutex_lock(&mutex_);
  const bool before = wishes_ > 0;
  wishes_ += on ? 1 : -1;
  const bool now = wishes_ > 0;
  if (before != now) {
    const auto policy = now ? os::SchedulingClass::fifo : os::SchedulingClass::other;
    for (const pid_t thread : threads_) {
      // Refused to ordinary users: then the nodes are of no real-time class either.
      static_cast<void>(os::set_policy(thread, policy, now ? kHurriedPriority : 0));
    }
  }
  ::pthread_mutex_unlock(&mutex_);
}

}  // namespace takt::port
