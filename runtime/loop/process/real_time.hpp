// Real-time settings of the loop thread: asked for, read back, and told.
#pragma once

#include <takt/manifest/launch.hpp>

namespace takt::loop {

// Locks the memory, places the calling thread on its CPUs and takes its class, each by itself, and
// reads back what the system really gave. What was refused stands in `refused` with its remedy;
// whether that is fatal is the supervisor's to judge.
Applied take_real_time(const RealTimeConfig& wanted);

}  // namespace takt::loop
