// Denormal numbers as zero: a filter that fades out must not become tens of times slower.
//
// Thread safety: acts on the calling thread alone; a thread inherits it from the one that makes it.
// Real time: yes. Lifetime: until the thread ends or sets it otherwise.
#pragma once

#include <takt/base/rt.hpp>

namespace takt::os {

// Results and operands that are denormal count as zero from here on (x86: FTZ and DAZ of MXCSR;
// ARM: FZ). Part of a run's arithmetic: live, lockstep and replay set it alike.
void flush_denormals_to_zero() noexcept TAKT_RT;

// Read back from the register.
bool denormals_are_flushed() noexcept TAKT_RT;

}  // namespace takt::os
