// How topics of one process are made and found: before the loop runs, and free to allocate.
#include <functional>
#include <map>
#include <mutex>
#include <new>

#include <takt/base/text.hpp>
#include <takt/port/local.hpp>

#include "runtime/port/local/topic.hpp"

namespace takt::port {
namespace {

using local::Chunk;
using local::kReadersMax;
using local::LocalReader;
using local::LocalWriter;
using local::Queue;
using local::Topic;

constexpr std::align_val_t kAlign{64};

Chunk* make_chunk(std::size_t size) {
  auto* memory = static_cast<std::byte*>(::operator new[](size, kAlign));
  return new Chunk{0, {}, {memory, [](std::byte* p) { ::operator delete[](p, kAlign); }}};
}

}  // namespace

struct LocalHub::State {
  // Guards the table while ports are made; never taken by a port.
  std::mutex guard;
  std::map<std::string, std::shared_ptr<Topic>> topics;

  std::shared_ptr<Topic> topic(const TopicKey& key, const Layout& layout) {
    // The layout is part of the name: a reader of another layout meets another topic.
    const std::string name =
        format("{}.{}#{:016x}", key.node, key.output, layout.fingerprint());
    auto& topic = topics[name];
    if (!topic) {
      topic = std::make_shared<Topic>();
      topic->size = layout.size;
      for (std::uint32_t i = 0; i < kLoansMax; ++i) {
        topic->chunks.emplace_back(make_chunk(layout.size));
      }
    }
    return topic;
  }
};

namespace {

class LocalParticipant final : public Participant {
 public:
  LocalParticipant(std::mutex& guard,
                   std::function<std::shared_ptr<Topic>(const TopicKey&, const Layout&)> find,
                   std::shared_ptr<void> keeper)
      : guard_(guard), find_(std::move(find)), keeper_(std::move(keeper)) {}

  Result<std::unique_ptr<Writer>> make_writer(const TopicKey& key, const Layout& layout) override {
    const std::lock_guard lock(guard_);
    auto topic = find_(key, layout);
    if (topic->has_writer) return fail(format("topic '{}.{}' has a writer", key.node, key.output));
    topic->has_writer = true;
    return std::unique_ptr<Writer>(std::make_unique<LocalWriter>(std::move(topic)));
  }

  Result<std::unique_ptr<Reader>> make_reader(const TopicKey& key, const Layout& layout,
                                              std::uint32_t depth) override {
    const std::lock_guard lock(guard_);
    auto topic = find_(key, layout);
    for (std::size_t slot = 0; slot < kReadersMax; ++slot) {
      if (topic->queues[slot].load(std::memory_order_relaxed) != nullptr) continue;
      for (std::uint32_t i = 0; i < depth + kHeldMax; ++i) {
        topic->chunks.emplace_back(make_chunk(layout.size));
      }
      Queue* queue = topic->owned_queues.emplace_back(std::make_unique<Queue>(depth)).get();
      topic->queues[slot].store(queue, std::memory_order_release);
      return std::unique_ptr<Reader>(std::make_unique<LocalReader>(std::move(topic), slot, queue));
    }
    return fail(format("topic '{}.{}' has {} readers already", key.node, key.output, kReadersMax));
  }

 private:
  std::mutex& guard_;
  std::function<std::shared_ptr<Topic>(const TopicKey&, const Layout&)> find_;
  std::shared_ptr<void> keeper_;
};

}  // namespace

LocalHub::LocalHub() : state_(std::make_shared<State>()) {}
LocalHub::~LocalHub() = default;

std::unique_ptr<Participant> LocalHub::join() {
  auto state = state_;
  return std::make_unique<LocalParticipant>(
      state_->guard,
      [state](const TopicKey& key, const Layout& layout) { return state->topic(key, layout); },
      state_);
}

}  // namespace takt::port
