// A shared library of nodes, opened.
#pragma once

#include <memory>
#include <string>

#include <takt/base/result.hpp>
#include <takt/node/registry.hpp>

namespace takt::loop {

// Opens the library with every symbol bound and asks it for its nodes. It stays open for the life
// of the process. Errors: no such file, missing symbols, built for another takt.
Result<const NodeLibrary*> open_library(const std::string& path);

// The entry of `type`, or null.
const NodeEntry* find_in(const NodeLibrary& library, std::string_view type);

}  // namespace takt::loop
