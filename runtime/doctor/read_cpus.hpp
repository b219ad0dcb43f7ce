// The part of the facts that the CPUs, their interrupts and their idle states give.
#pragma once

#include "runtime/doctor/facts.hpp"

namespace takt::doctor {

void read_cpus(const std::string& root, MachineFacts& facts);

}  // namespace takt::doctor
