// Pieces of text that every form of report shares.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/scenario/result.hpp"

namespace takt::scenario {

// For the content and the attributes of XML and HTML: markup escaped, line ends and tabs as
// references, and what XML 1.0 cannot hold (control characters, bytes that are no UTF-8) replaced
// by U+FFFD.
std::string escaped(std::string_view text);

// How many characters a terminal shows of UTF-8 text, each one column wide.
std::size_t columns_of(std::string_view text);

// Five significant digits: "0.091", "1.2e-07", "nan".
std::string number_text(double value);

// Seconds with nine decimals, for tables that programs read: "1.234000000".
std::string seconds_text(std::int64_t t_ns);

// Without the zeros that say nothing, for people: "1.234 s".
std::string time_text(nanoseconds t);

// A dash when there is none.
std::string margin_text(const AssessmentResult& assessment);
std::string worst_at_text(const AssessmentResult& assessment);

// What the run came to, in a sentence, when no assessment says it: its problem, or that nothing was
// assessed. Empty when the assessments are all there is to say.
std::string trouble_of(const RunResult& run);

// "complete", "stopped by its condition", "aborted", "failed".
std::string_view name_of(RunEnd end);

}  // namespace takt::scenario
