// Counts what a piece of code asks of the heap.
#pragma once

#include <cstdint>

namespace takt::test {

// Counts malloc, calloc, realloc, free and their kin, and with them new and delete, on the calling
// thread from construction on. A test that uses it links allocation_guard.cpp, which takes the
// place of the C library's functions. Under a sanitizer, which has its own heap, it counts
// nothing: tests/no_asan.txt and no_tsan.txt leave out what it would prove.
//
// Thread safety: one thread. Real time: yes. Lifetime: a block of a test; guards may nest.
class AllocationGuard {
 public:
  AllocationGuard() noexcept;

  // Calls since construction; 0 under a sanitizer.
  std::uint64_t calls() const noexcept;

 private:
  std::uint64_t before_;
};

}  // namespace takt::test
