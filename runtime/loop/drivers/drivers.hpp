// What releases a loop. Each driver runs until the loop has ended.
#pragma once

#include <takt/loop/loop.hpp>

namespace takt::loop {

// However long the next release is away, the control page is read this often: a stopped graph or a
// dead supervisor is noticed within it.
inline constexpr std::chrono::milliseconds kLookMax{500};

// On the graph's common grid: grid point 0 + offset + k * period. The phase is kept: a late wake-up
// or a long step moves to a later point of the grid, never a burst.
void drive_periodic(Loop& loop) noexcept TAKT_RT;

// When data comes, or when an input turns stale.
void drive_by_data(Loop& loop) noexcept TAKT_RT;

// Back to back, as fast as credits allow.
void drive_free(Loop& loop) noexcept TAKT_RT;

}  // namespace takt::loop
