#include <cerrno>
#include <type_traits>

#include <linux/futex.h>

#include <takt/base/assert.hpp>
#include <takt/os/life_word.hpp>

// The kernel marks the word of a robust mutex, and glibc keeps that word first in its mutex. Other
// C libraries keep it elsewhere.
#ifndef __GLIBC__
#error "LifeWord reads the lock word of glibc's pthread_mutex_t"
#endif

namespace takt::os {
namespace {

static_assert(offsetof(pthread_mutex_t, __data.__lock) == 0 &&
                  sizeof(pthread_mutex_t::__data.__lock) == sizeof(int),
              "the layout that the kernel is told with set_robust_list");
static_assert(std::is_standard_layout_v<LifeWord> && std::is_trivially_copyable_v<LifeWord>,
              "stands in shared memory");

}  // namespace

void LifeWord::init() {
  pthread_mutexattr_t attributes;
  TAKT_ASSERT(::pthread_mutexattr_init(&attributes) == 0);
  TAKT_ASSERT(::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0);
  TAKT_ASSERT(::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0);
  TAKT_ASSERT(::pthread_mutex_init(&mutex_, &attributes) == 0);
  ::pthread_mutexattr_destroy(&attributes);
}

void LifeWord::claim() {
  const int answer = ::pthread_mutex_trylock(&mutex_);
  if (answer == EOWNERDEAD) {
    TAKT_ASSERT(::pthread_mutex_consistent(&mutex_) == 0);
    return;
  }
  TAKT_ASSERT(answer == 0);
}

void LifeWord::release() { TAKT_ASSERT(::pthread_mutex_unlock(&mutex_) == 0); }

bool LifeWord::owner_died() const noexcept {
  // Acquire: who sees the death also sees what the owner wrote before it.
  const int word = __atomic_load_n(&mutex_.__data.__lock, __ATOMIC_ACQUIRE);
  return (static_cast<unsigned>(word) & FUTEX_OWNER_DIED) != 0;
}

}  // namespace takt::os
