// How a topic of takt is named in iceoryx.
#pragma once

#include <string>

#include <takt/base/text.hpp>
#include <takt/port/port.hpp>

#include "iceoryx_posh/capro/service_description.hpp"
#include "iceoryx_posh/iceoryx_posh_types.hpp"

namespace takt::port {

// In front of every participant's name. iceoryx makes a socket and a lock of that name in /tmp;
// `os::enter_private_world` leaves such names of other worlds out.
inline constexpr const char* kRuntimePrefix = "iox-takt-";

inline iox::RuntimeName_t runtime_name(const std::string& participant) {
  return {iox::cxx::TruncateToCapacity, format("{}{}", kRuntimePrefix, participant).c_str()};
}

// Service: sample type with its fingerprint, so that two layouts never meet; instance: node;
// event: output. Names are cut by iceoryx at 100 characters; the fingerprint stands first.
inline iox::capro::ServiceDescription service_of(const TopicKey& topic, std::uint64_t fingerprint) {
  using iox::cxx::TruncateToCapacity;
  const auto id = [](const std::string& text) {
    return iox::capro::IdString_t(TruncateToCapacity, text.c_str());
  };
  return {id(format("takt:{:016x}", fingerprint)), id(topic.node), id(topic.output)};
}

// Bytes of iceoryx payload that one sample with our header needs in a pool: the formula of
// ChunkSettings (2.0.3) for a user header, less the 40 bytes of the chunk header, to whole 8 bytes.
inline std::uint64_t pool_payload(std::uint64_t size, std::uint64_t align) {
  const std::uint64_t needed = sizeof(SampleHeader) + (align > 4 ? align : 4) + size;
  return (needed + 7) / 8 * 8;
}

}  // namespace takt::port
