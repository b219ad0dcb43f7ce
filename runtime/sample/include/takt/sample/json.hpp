// Layouts and samples as JSON. Not for the loop's path.
#pragma once

#include <cstddef>
#include <span>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/sample/layout.hpp>

namespace takt {

Json to_json(const Layout& layout);

// Errors: a member that is missing or out of place, a field that leaves the sample.
Result<Layout> layout_from_json(const Json& json);

// The sample as an object of nested objects and arrays; non-finite numbers are null.
Json sample_to_json(const Layout& layout, std::span<const std::byte> sample);

// Writes `value` (number, boolean or text, already in the field's unit) into `sample`. Errors: a
// value that the field's kind cannot hold.
Result<void> write_element(const Column& column, const Json& value, std::span<std::byte> sample);

}  // namespace takt
