// SHA-256 (FIPS 180-4): names the bytes of a graph file in summaries and recordings.
#pragma once

#include <string>
#include <string_view>

namespace takt::graph {

// 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace takt::graph
