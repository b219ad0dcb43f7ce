// How a node crashes on purpose.
#pragma once

namespace takt::test {

// The runtime blocks every signal in a node's process; the kernel delivers this one anyway.
__attribute__((no_sanitize("undefined", "address"))) inline void crash() noexcept {
  volatile int* nowhere = nullptr;
  *nowhere = 1;
}

}  // namespace takt::test
