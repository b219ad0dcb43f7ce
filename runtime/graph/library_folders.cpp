#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <takt/base/text.hpp>
#include <takt/graph/graph_spec.hpp>

namespace takt {

std::vector<std::string> default_library_folders() {
  std::vector<std::string> folders;
  if (const char* path = std::getenv("TAKT_NODE_PATH")) {
    for (std::string& folder : split(path, ':')) {
      if (!folder.empty()) folders.push_back(std::move(folder));
    }
  }
  std::error_code problem;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (!problem) {
    // <prefix>/bin/takt
    const auto prefix = program.parent_path().parent_path();
    folders.push_back((prefix / "lib/takt/nodes").string());
  }
  return folders;
}

}  // namespace takt
