#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/port/iceoryx.hpp>

#include "iceoryx_posh/popo/untyped_publisher.hpp"
#include "iceoryx_posh/popo/untyped_subscriber.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"
#include "runtime/port/iceoryx/error_handler.hpp"
#include "runtime/port/iceoryx/queue_spare.hpp"
#include "runtime/port/iceoryx/roudi_socket.hpp"
#include "runtime/port/iceoryx/service.hpp"

namespace takt::port {
namespace {

// Where it points when nobody looks.
std::atomic<std::uint32_t> unwatched{0};
std::atomic<std::uint32_t>* inside_word = &unwatched;

// Tells that this process is inside of iceoryx. The reader looks while this process is stopped: the
// order within the thread is all that is needed.
class Inside {
 public:
  Inside() noexcept {
    inside_word->store(1, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Inside() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    inside_word->store(0, std::memory_order_relaxed);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
};

class IceoryxWriter final : public Writer {
 public:
  IceoryxWriter(const TopicKey& topic, const Layout& layout)
      : size_(layout.size),
        align_(layout.align),
        publisher_(service_of(topic, layout.fingerprint()), iox::popo::PublisherOptions{}) {}

  void* loan() noexcept override {
    if (loaned_ == nullptr) {
      const Inside inside;
      publisher_.loan(size_, align_, sizeof(SampleHeader), alignof(SampleHeader))
          .and_then([this](void* memory) { loaned_ = memory; });
    }
    return loaned_;
  }

  void publish(const SampleHeader& header) noexcept override {
    if (loaned_ == nullptr) return;
    const Inside inside;
    auto* chunk = iox::mepoo::ChunkHeader::fromUserPayload(loaned_);
    std::memcpy(chunk->userHeader(), &header, sizeof header);
    publisher_.publish(loaned_);
    loaned_ = nullptr;
  }

  void discard() noexcept override {
    if (loaned_ == nullptr) return;
    const Inside inside;
    publisher_.release(loaned_);
    loaned_ = nullptr;
  }

 private:
  std::uint32_t size_;
  std::uint32_t align_;
  void* loaned_ = nullptr;
  iox::popo::UntypedPublisher publisher_;
};

// A subscriber whose queue has its spare index before anything is taken from it: only a take that
// is interrupted needs one. iceoryx is asked for a capacity of one less, so that it holds `depth`
// samples all the same.
class Subscriber final : public iox::popo::UntypedSubscriber {
 public:
  Subscriber(const iox::capro::ServiceDescription& service, std::uint32_t depth)
      : UntypedSubscriber(service, options(depth)) {
    give_queue_its_spare(port());
  }

 private:
  static iox::popo::SubscriberOptions options(std::uint32_t depth) {
    iox::popo::SubscriberOptions options;
    options.queueCapacity = depth > kQueueSpare ? depth - kQueueSpare : 1;
    options.queueFullPolicy = iox::popo::QueueFullPolicy::DISCARD_OLDEST_DATA;
    return options;
  }
};

class IceoryxReader final : public Reader {
 public:
  IceoryxReader(const TopicKey& topic, const Layout& layout, std::uint32_t depth)
      : subscriber_(service_of(topic, layout.fingerprint()), depth), newest_only_(depth == 1) {}
  ~IceoryxReader() override {
    release(kept_);
    release(shown_);
  }

  bool try_take(Taken& taken) noexcept override {
    const Inside inside;
    const void* data = take();
    if (data == nullptr) return false;
    // The shortest queue of iceoryx with a spare holds two.
    if (newest_only_) {
      if (const void* const newer = take()) subscriber_.release(std::exchange(data, newer));
    }
    const auto* chunk = iox::mepoo::ChunkHeader::fromUserPayload(data);
    taken = {static_cast<const SampleHeader*>(chunk->userHeader()), data};
    shown_ = data;
    return true;
  }
  void keep() noexcept override {
    release(kept_);
    kept_ = shown_;
    shown_ = nullptr;
  }
  void drop() noexcept override { release(shown_); }

 private:
  const void* take() noexcept {
    const void* data = nullptr;
    subscriber_.take().and_then([&](const void* sample) { data = sample; });
    return data;
  }
  void release(const void*& sample) noexcept {
    if (sample == nullptr) return;
    const Inside inside;
    subscriber_.release(sample);
    sample = nullptr;
  }
  const void* kept_ = nullptr;
  const void* shown_ = nullptr;
  Subscriber subscriber_;
  bool newest_only_;
};

class IceoryxParticipant final : public Participant {
 public:
  Result<std::unique_ptr<Writer>> make_writer(const TopicKey& topic,
                                              const Layout& layout) override {
    return std::unique_ptr<Writer>(std::make_unique<IceoryxWriter>(topic, layout));
  }
  Result<std::unique_ptr<Reader>> make_reader(const TopicKey& topic, const Layout& layout,
                                              std::uint32_t depth) override {
    return std::unique_ptr<Reader>(std::make_unique<IceoryxReader>(topic, layout, depth));
  }
};

// `initRuntime` polls for 60 s and then aborts when no RouDi is there: ask its socket first.
Result<void> require_roudi() {
  if (roudi_answers()) return {};
  return system_error("reach the transport's broker RouDi", errno, "samples cannot be exchanged",
                      "nodes are started by `takt run`, not by hand");
}

}  // namespace

Result<std::unique_ptr<Participant>> join_iceoryx(const std::string& name,
                                                  std::atomic<std::uint32_t>* inside) {
  if (auto there = require_roudi(); !there) return there.error();
  static std::string kept_name;
  kept_name = name;
  if (inside != nullptr) inside_word = inside;
  take_over_iceoryx_errors(kept_name.c_str());
  iox::runtime::PoshRuntime::initRuntime(runtime_name(name));
  return std::unique_ptr<Participant>(std::make_unique<IceoryxParticipant>());
}

}  // namespace takt::port
