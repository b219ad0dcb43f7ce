#include <takt/port/local.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include <takt/base/text.hpp>

namespace takt::port {
namespace {

// One sample's memory. `users` counts the queues and readers that still see it.
struct Chunk {
  std::atomic<std::uint32_t> users{0};
  SampleHeader header;
  std::unique_ptr<std::byte[], void (*)(std::byte*)> data;
};

constexpr std::align_val_t kAlign{64};

Chunk* make_chunk(std::size_t size) {
  auto* memory = static_cast<std::byte*>(::operator new[](size, kAlign));
  return new Chunk{0, {}, {memory, [](std::byte* p) { ::operator delete[](p, kAlign); }}};
}

// A ring with one writer and one reader, in which the writer may also remove the oldest entry.
//
// `head` only grows; whoever moves it with a compare-exchange owns the entry that was there. A slot
// is overwritten only after its entry was removed, so a reader that lost the race re-reads.
class Queue {
 public:
  explicit Queue(std::uint32_t depth) : slots_(depth) {}

  Chunk* pop() noexcept {
    std::uint64_t head = head_.load(std::memory_order_acquire);
    for (;;) {
      // acquire: what the writer put into the slot before it moved the tail is seen.
      if (head == tail_.load(std::memory_order_acquire)) return nullptr;
      Chunk* chunk = slots_[head % slots_.size()].load(std::memory_order_relaxed);
      if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel)) return chunk;
    }
  }

  // Returns the entry that had to make room, or null. Writer only.
  Chunk* push(Chunk* chunk) noexcept {
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    Chunk* evicted = nullptr;
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) evicted = pop();
    slots_[tail % slots_.size()].store(chunk, std::memory_order_relaxed);
    tail_.store(tail + 1, std::memory_order_release);  // Publishes the slot and the chunk's bytes.
    return evicted;
  }

 private:
  std::vector<std::atomic<Chunk*>> slots_;
  std::atomic<std::uint64_t> head_{0};
  std::atomic<std::uint64_t> tail_{0};
};

// Readers of one topic at most: the writer's table of queues must not grow while it publishes.
constexpr std::size_t kReadersMax = 64;

struct Topic {
  std::string fingerprint;
  bool has_writer = false;
  std::array<std::atomic<Queue*>, kReadersMax> queues{};
  std::vector<std::unique_ptr<Queue>> owned_queues;
  std::vector<std::unique_ptr<Chunk>> chunks;
  std::size_t size = 0;
};

void give_back(Chunk* chunk) noexcept {
  // release: our reads of the sample happen before the writer reuses it.
  if (chunk != nullptr) chunk->users.fetch_sub(1, std::memory_order_acq_rel);
}

class LocalWriter final : public Writer {
 public:
  explicit LocalWriter(std::shared_ptr<Topic> topic) : topic_(std::move(topic)) {}
  ~LocalWriter() override { topic_->has_writer = false; }

  void* loan() noexcept override {
    if (loaned_ != nullptr) return loaned_->data.get();
    for (const auto& chunk : topic_->chunks) {
      if (chunk->users.load(std::memory_order_acquire) != 0) continue;
      loaned_ = chunk.get();
      return loaned_->data.get();
    }
    return nullptr;
  }

  void publish(const SampleHeader& header) noexcept override {
    if (loaned_ == nullptr) return;
    Chunk* chunk = loaned_;
    loaned_ = nullptr;
    chunk->header = header;
    chunk->users.store(1, std::memory_order_relaxed);  // Ours, until every queue has it.
    for (auto& slot : topic_->queues) {
      Queue* queue = slot.load(std::memory_order_acquire);
      if (queue == nullptr) continue;
      chunk->users.fetch_add(1, std::memory_order_relaxed);
      give_back(queue->push(chunk));
    }
    give_back(chunk);
  }

  void discard() noexcept override { loaned_ = nullptr; }

 private:
  std::shared_ptr<Topic> topic_;
  Chunk* loaned_ = nullptr;
};

class LocalReader final : public Reader {
 public:
  LocalReader(std::shared_ptr<Topic> topic, std::size_t slot, Queue* queue)
      : topic_(std::move(topic)), slot_(slot), queue_(queue) {}
  ~LocalReader() override {
    topic_->queues[slot_].store(nullptr, std::memory_order_release);
    give_back(kept_);
    give_back(shown_);
    while (Chunk* chunk = queue_->pop()) give_back(chunk);
  }

  bool try_take(Taken& taken) noexcept override {
    shown_ = queue_->pop();
    if (shown_ == nullptr) return false;
    taken = {&shown_->header, shown_->data.get()};
    return true;
  }
  void keep() noexcept override {
    give_back(kept_);
    kept_ = shown_;
    shown_ = nullptr;
  }
  void drop() noexcept override {
    give_back(shown_);
    shown_ = nullptr;
  }

 private:
  std::shared_ptr<Topic> topic_;
  std::size_t slot_;
  Queue* queue_;
  Chunk* kept_ = nullptr;
  Chunk* shown_ = nullptr;
};

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
      for (std::uint32_t i = 0; i < kLoansMax; ++i) topic->chunks.emplace_back(make_chunk(layout.size));
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
