#include <cstdint>

#include <takt/os/denormals.hpp>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace takt::os {
namespace {

#if defined(__SSE2__)
using Register = std::uint32_t;
constexpr Register kFlush = 0x8040;  // FTZ (results) and DAZ (operands).
Register read_register() noexcept { return _mm_getcsr(); }
void write_register(Register value) noexcept { _mm_setcsr(value); }
#elif defined(__aarch64__)
using Register = std::uint64_t;
constexpr Register kFlush = Register{1} << 24;  // FZ: results and operands.
Register read_register() noexcept {
  Register value = 0;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void write_register(Register value) noexcept { asm volatile("msr fpcr, %0" : : "r"(value)); }
#elif defined(__arm__) && defined(__ARM_FP)
using Register = std::uint32_t;
constexpr Register kFlush = Register{1} << 24;
Register read_register() noexcept {
  Register value = 0;
  asm volatile("vmrs %0, fpscr" : "=r"(value));
  return value;
}
void write_register(Register value) noexcept { asm volatile("vmsr fpscr, %0" : : "r"(value)); }
#else
#error "takt needs to know how this processor treats denormals: add it here"
#endif

}  // namespace

void flush_denormals_to_zero() noexcept { write_register(read_register() | kFlush); }

bool denormals_are_flushed() noexcept { return (read_register() & kFlush) == kFlush; }

}  // namespace takt::os
