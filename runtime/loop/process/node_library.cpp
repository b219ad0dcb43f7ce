#include "runtime/loop/process/node_library.hpp"

#include <string_view>

#include <dlfcn.h>

#include <takt/base/text.hpp>

namespace takt::loop {

Result<const NodeLibrary*> open_library(const std::string& path) {
  // RTLD_NOW: a symbol that is missing, or bound for the first time inside a step, would cost the
  // loop its deadline.
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return fail(format("cannot open the node library '{}': {}", path, ::dlerror()),
                "build it again, or install the libraries that it needs");
  }
  using Entry = const NodeLibrary* (*)();
  const auto entry = reinterpret_cast<Entry>(::dlsym(handle, kNodeLibrarySymbol));
  if (entry == nullptr) {
    return fail(
        format("'{}' is not a library of takt nodes: it has no '{}'", path, kNodeLibrarySymbol),
        "build it with takt_add_nodes()");
  }
  const NodeLibrary* library = entry();
  if (std::string_view(library->abi) != kNodeAbi) {
    return fail(format("'{}' was built for another takt: it speaks '{}', this one '{}'", path,
                       library->abi, kNodeAbi),
                "build it again with this takt");
  }
  return library;
}

const NodeEntry* find_in(const NodeLibrary& library, std::string_view type) {
  for (const NodeEntry* entry = library.entries; entry != nullptr; entry = entry->next) {
    if (type == entry->type) return entry;
  }
  return nullptr;
}

}  // namespace takt::loop
