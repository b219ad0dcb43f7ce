#include <filesystem>
#include <system_error>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

struct Search {
  std::vector<std::string> folders;
  bool require_library_files = true;
};

// Where both the manifest and the library stand; empty when nowhere.
std::string folder_of(const std::string& library, const Search& search) {
  for (const std::string& folder : search.folders) {
    const bool manifest = is_file(fs::path(folder) / format("lib{}.takt.json", library));
    const bool code = is_file(fs::path(folder) / format("lib{}.so", library));
    if (manifest && (code || !search.require_library_files)) return folder;
  }
  return {};
}

void find_library(Model& model, const Marked<std::string>& library, const Search& search,
                  Report& report) {
  const std::string folder = folder_of(library.value, search);
  if (folder.empty()) {
    report.error({.code = "graph.library-not-found",
                  .mark = library.mark,
                  .message = format("no library of nodes 'lib{}.so' with its manifest "
                                    "'lib{}.takt.json' in {}",
                                    library.value, library.value, one_of(search.folders)),
                  .help = "TAKT_NODE_PATH names more folders, separated by colons"});
    model.libraries_complete = false;
    return;
  }
  auto manifest = read_manifest(folder + "/" + format("lib{}.takt.json", library.value));
  if (!manifest) {
    report.error({.code = "graph.bad-manifest",
                  .mark = library.mark,
                  .message = manifest.error().message,
                  .help = manifest.error().fix});
    model.libraries_complete = false;
    return;
  }
  std::error_code ignored;
  const fs::path so = fs::absolute(fs::path(folder) / format("lib{}.so", library.value), ignored);
  model.libraries.push_back({so.lexically_normal().string(), std::move(*manifest)});
}

}  // namespace

void find_libraries(Model& model, const std::string& folder, const LoadOptions& options,
                    Report& report) {
  model.libraries_complete = model.draft.libraries_complete;
  Search search{.folders = {folder}, .require_library_files = options.require_library_files};
  search.folders.insert(search.folders.end(), options.library_folders.begin(),
                        options.library_folders.end());
  for (std::size_t i = 0; i < model.draft.libraries.size(); ++i) {
    const Marked<std::string>& library = model.draft.libraries[i];
    bool again = false;
    for (std::size_t k = 0; k < i; ++k) again |= model.draft.libraries[k].value == library.value;
    if (again) {
      report.error({.code = "graph.duplicate-key",
                    .mark = library.mark,
                    .message = format("library '{}' stands twice", library.value)});
      continue;
    }
    find_library(model, library, search, report);
  }
}

}  // namespace takt::graph
