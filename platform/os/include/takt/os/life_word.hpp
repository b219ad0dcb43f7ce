// Whether a thread of another process still lives, read without a system call.
#pragma once

#include <cstddef>

#include <pthread.h>

#include <takt/base/rt.hpp>

namespace takt::os {

// Mirrors the life of one thread in shared memory: the kernel itself marks the word when the thread
// ends without having released it, however it ends. It is the lock word of a robust mutex that its
// owner holds for life; nobody ever waits for it.
//
// Thread safety: `owner_died` from any thread of any process; `claim` and `release` by the one
// thread whose life it mirrors; `init` before anybody else sees the word. Real time: `owner_died`
// is one load; the others are not for a loop. Lifetime: stands in shared memory. The owner must
// keep the memory mapped at one address until it releases or ends: the kernel finds the word
// through that address, and execve counts as the end.
class alignas(64) LifeWord {
 public:
  // Makes the word new: unclaimed, nobody died.
  void init();

  // From now on the word mirrors the calling thread. Also takes over the word of a dead owner,
  // which clears its mark. Claiming the word of a living owner is a bug and ends the process.
  void claim();

  // The owner leaves in good order: it will not count as dead. Only by the thread that claimed.
  void release();

  // True from the death of an owner that had claimed and not released, until the next claim. False
  // before the first claim. Works on a read-only mapping.
  bool owner_died() const noexcept TAKT_RT;

 private:
  pthread_mutex_t mutex_;
};
// One cache line, on every architecture, so that pages that hold one have one layout.
static_assert(sizeof(LifeWord) == 64);
static_assert(alignof(LifeWord) == 64);

}  // namespace takt::os
