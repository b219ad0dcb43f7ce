// The ports of the local transport: what a loop calls.
#include "runtime/port/local/topic.hpp"

namespace takt::port::local {
namespace {

void give_back(Chunk* chunk) noexcept {
  // release: our reads of the sample happen before the writer reuses it.
  if (chunk != nullptr) chunk->users.fetch_sub(1, std::memory_order_acq_rel);
}

}  // namespace

Chunk* Queue::pop() noexcept {
  std::uint64_t head = head_.load(std::memory_order_acquire);
  for (;;) {
    // acquire: what the writer put into the slot before it moved the tail is seen.
    if (head == tail_.load(std::memory_order_acquire)) return nullptr;
    Chunk* chunk = slots_[place_of(head)].load(std::memory_order_relaxed);
    if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel)) return chunk;
  }
}

Chunk* Queue::push(Chunk* chunk) noexcept {
  const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
  Chunk* evicted = nullptr;
  if (tail - head_.load(std::memory_order_acquire) == slots_.size()) evicted = pop();
  slots_[place_of(tail)].store(chunk, std::memory_order_relaxed);
  tail_.store(tail + 1, std::memory_order_release);  // Publishes the slot and the chunk's bytes.
  return evicted;
}

void* LocalWriter::loan() noexcept {
  if (loaned_ != nullptr) return loaned_->data.get();
  for (const auto& chunk : topic_->chunks) {
    if (chunk->users.load(std::memory_order_acquire) != 0) continue;
    loaned_ = chunk.get();
    return loaned_->data.get();
  }
  return nullptr;
}

void LocalWriter::publish(const SampleHeader& header) noexcept {
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

LocalReader::~LocalReader() {
  topic_->queues[slot_].store(nullptr, std::memory_order_release);
  give_back(kept_);
  give_back(shown_);
  while (Chunk* chunk = queue_->pop()) give_back(chunk);
}

bool LocalReader::try_take(Taken& taken) noexcept {
  shown_ = queue_->pop();
  if (shown_ == nullptr) return false;
  taken = {&shown_->header, shown_->data.get()};
  return true;
}

void LocalReader::keep() noexcept {
  give_back(kept_);
  kept_ = shown_;
  shown_ = nullptr;
}

void LocalReader::drop() noexcept {
  give_back(shown_);
  shown_ = nullptr;
}

}  // namespace takt::port::local
