// Topics without a transport: what a loop needs to write and read samples.
//
// Two implementations: `join_iceoryx` (processes, shared memory) and `LocalHub` (one process). One
// conformance suite runs over both (tests/conformance).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <takt/base/result.hpp>
#include <takt/base/rt.hpp>
#include <takt/sample/sample.hpp>

namespace takt::port {

// The depth of a queue that is drained to its newest sample. 8: a writer that catches up after a
// stall sends a burst, and a dead reader's queue must not fill before it can be healed.
inline constexpr std::uint32_t kLatestDepth = 8;
// Samples that one reader may hold beside its queue: the kept one and the one being looked at.
inline constexpr std::uint32_t kHeldMax = 2;
// Samples that one writer may have on loan: one step stages one sample of an output.
inline constexpr std::uint32_t kLoansMax = 2;

// A topic is one output of one node.
struct TopicKey {
  std::string node;
  std::string output;
};

// The writing end of one topic.
//
// Thread safety: one thread, the node's loop thread. Real time: yes, after construction; never a
// system call. Lifetime: not beyond its Participant.
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  // Memory for one sample, or null when no chunk is free. Asked twice before `publish`, it answers
  // with the same memory. The content is undefined.
  virtual void* loan() noexcept TAKT_RT = 0;
  // Sends the sample on loan to every reader's queue; a full queue drops its oldest.
  virtual void publish(const SampleHeader& header) noexcept TAKT_RT = 0;
  // Gives the memory on loan back without sending.
  virtual void discard() noexcept TAKT_RT = 0;
};

// A sample that a reader looks at.
struct Taken {
  const SampleHeader* header = nullptr;
  const void* data = nullptr;
};

// The reading end of one topic, with a queue of its own.
//
// Thread safety: one thread, the node's loop thread. Real time: yes, after construction; never
// waits, never a system call. Lifetime: not beyond its Participant.
class Reader {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;

  // Removes the oldest sample from the queue and shows it; false when the queue is empty. What is
  // shown must then be kept or dropped before the next call.
  virtual bool try_take(Taken& taken) noexcept TAKT_RT = 0;
  // The shown sample stays valid until another one is kept; the one kept before is given back.
  virtual void keep() noexcept TAKT_RT = 0;
  // Gives the shown sample back.
  virtual void drop() noexcept TAKT_RT = 0;
};

// One process's membership in a world of topics.
//
// Thread safety: none. Real time: no. Lifetime: outlives its ports.
class Participant {
 public:
  Participant() = default;
  Participant(const Participant&) = delete;
  Participant& operator=(const Participant&) = delete;
  virtual ~Participant() = default;

  // Errors: limits of the transport. A topic has one writer.
  virtual Result<std::unique_ptr<Writer>> make_writer(const TopicKey& topic,
                                                      const Layout& layout) = 0;
  // A reader of another layout than the writer's is never connected.
  virtual Result<std::unique_ptr<Reader>> make_reader(const TopicKey& topic, const Layout& layout,
                                                      std::uint32_t depth) = 0;
};

}  // namespace takt::port
