// Small files of /proc and /sys, as the values that they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace takt::doctor {

// Without the line end. Nothing: not there, or this user may not read it.
std::optional<std::string> read_text(const std::string& path);
std::optional<std::int64_t> read_number(const std::string& path);

std::optional<std::int64_t> number_of(std::string_view text);

// "0-2,5" as 0, 1, 2, 5; words that are none, as "(null)", give nothing.
std::vector<int> cpu_list(std::string_view text);

// "0-2,5" of 0, 1, 2, 5; "none".
std::string as_ranges(const std::vector<int>& numbers);

// What stands behind `key` in the first line that begins with it, blanks cut off.
std::optional<std::string> field_of(std::string_view text, std::string_view key);

// The word in brackets: "always [madvise] never".
std::optional<std::string> chosen_word(std::string_view text);

// The numbers among the names in a folder ("24" or "cpu3" with the prefix "cpu"), ascending.
std::vector<int> numbered_entries(const std::string& folder, std::string_view prefix);

}  // namespace takt::doctor
