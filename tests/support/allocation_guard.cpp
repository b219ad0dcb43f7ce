#include "tests/support/allocation_guard.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace {
// Initial-exec: reading it allocates nothing, not even in a thread's first access.
__attribute__((tls_model("initial-exec"))) thread_local std::uint64_t calls_of_thread = 0;
}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

__attribute__((visibility("default"))) void* malloc(std::size_t size) {
  ++calls_of_thread;
  return __libc_malloc(size);
}
__attribute__((visibility("default"))) void* calloc(std::size_t count, std::size_t size) {
  ++calls_of_thread;
  return __libc_calloc(count, size);
}
__attribute__((visibility("default"))) void* realloc(void* old, std::size_t size) {
  ++calls_of_thread;
  return __libc_realloc(old, size);
}
__attribute__((visibility("default"))) void* memalign(std::size_t align, std::size_t size) {
  ++calls_of_thread;
  return __libc_memalign(align, size);
}
__attribute__((visibility("default"))) void* aligned_alloc(std::size_t align, std::size_t size) {
  ++calls_of_thread;
  return __libc_memalign(align, size);
}
__attribute__((visibility("default"))) int posix_memalign(void** memory, std::size_t align,
                                                          std::size_t size) {
  ++calls_of_thread;
  *memory = __libc_memalign(align, size);
  return *memory == nullptr ? ENOMEM : 0;
}
__attribute__((visibility("default"))) void free(void* memory) {
  if (memory != nullptr) ++calls_of_thread;
  __libc_free(memory);
}
}
#endif

namespace takt::test {

AllocationGuard::AllocationGuard() noexcept : before_(calls_of_thread) {}
std::uint64_t AllocationGuard::calls() const noexcept { return calls_of_thread - before_; }

}  // namespace takt::test
