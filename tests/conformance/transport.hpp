// The transports under test.
#pragma once

#include <memory>
#include <string>

#include <takt/port/port.hpp>

namespace takt::test {

// The one participant in the world of iceoryx that this program has made around itself; null, with
// the reason, where it could not.
port::Participant* iceoryx_participant();
const std::string& why_no_iceoryx();

}  // namespace takt::test
