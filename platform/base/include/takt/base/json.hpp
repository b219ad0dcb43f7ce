// JSON values: the only header of takt that includes nlohmann-json. Keys keep their order.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

#include <takt/base/result.hpp>

namespace takt {

using Json = nlohmann::ordered_json;

// Parses one JSON text. Errors: the parser's own words with the byte at which it stopped.
Result<Json> parse_json(std::string_view text);

// One line, invalid UTF-8 replaced instead of refused.
std::string json_line(const Json& value);

}  // namespace takt
