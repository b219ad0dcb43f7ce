// One topic inside a process: its chunks, its queues, and the two ports on it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <takt/port/port.hpp>

namespace takt::port::local {

// One sample's memory. `users` counts the queues and readers that still see it.
struct Chunk {
  std::atomic<std::uint32_t> users{0};
  SampleHeader header;
  std::unique_ptr<std::byte[], void (*)(std::byte*)> data;
};

// A ring with one writer and one reader, in which the writer may also remove the oldest entry.
//
// `head` only grows; whoever moves it with a compare-exchange owns the entry that was there. A slot
// is overwritten only after its entry was removed, so a reader that lost the race re-reads.
class Queue {
 public:
  explicit Queue(std::uint32_t depth) : slots_(depth) {}

  Chunk* pop() noexcept TAKT_RT;

  // Returns the entry that had to make room, or null. Writer only.
  Chunk* push(Chunk* chunk) noexcept TAKT_RT;

 private:
  std::size_t place_of(std::uint64_t count) const noexcept {
    return static_cast<std::size_t>(count % slots_.size());
  }

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

class LocalWriter final : public Writer {
 public:
  explicit LocalWriter(std::shared_ptr<Topic> topic) : topic_(std::move(topic)) {}
  ~LocalWriter() override { topic_->has_writer = false; }
  void* loan() noexcept TAKT_RT override;
  void publish(const SampleHeader& header) noexcept TAKT_RT override;
  void discard() noexcept TAKT_RT override { loaned_ = nullptr; }

 private:
  std::shared_ptr<Topic> topic_;
  Chunk* loaned_ = nullptr;
};

class LocalReader final : public Reader {
 public:
  LocalReader(std::shared_ptr<Topic> topic, std::size_t slot, Queue* queue)
      : topic_(std::move(topic)), slot_(slot), queue_(queue) {}
  ~LocalReader() override;
  bool try_take(Taken& taken) noexcept TAKT_RT override;
  void keep() noexcept TAKT_RT override;
  void drop() noexcept TAKT_RT override;

 private:
  std::shared_ptr<Topic> topic_;
  std::size_t slot_;
  Queue* queue_;
  Chunk* kept_ = nullptr;
  Chunk* shown_ = nullptr;
};

}  // namespace takt::port::local
