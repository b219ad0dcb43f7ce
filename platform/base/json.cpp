#include <takt/base/json.hpp>

namespace takt {

Result<Json> parse_json(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& refusal) {
    return fail(std::string("not valid JSON: ") + refusal.what());
  }
}

std::string json_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace takt
