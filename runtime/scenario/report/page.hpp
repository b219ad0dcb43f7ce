// What every page has: its looks (page.css) and its script (page.js).
#pragma once

#include <string_view>

namespace takt::scenario {

std::string_view page_style();
std::string_view page_script();

}  // namespace takt::scenario
