#include "tests/unit/graph/graph_fixture.hpp"

#include "tests/diagnostics/test_nodes.hpp"

namespace takt::test {

namespace fs = std::filesystem;

fs::path GraphTest::scratch_folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder = fs::path(TAKT_BINARY_DIR) / "tests/unit/graph" / test->name();
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

LoadOptions GraphTest::options() {
  static const fs::path folder = [] {
    const fs::path manifests = fs::path(TAKT_BINARY_DIR) / "tests/unit/graph/manifests";
    fs::create_directories(manifests);
    write_test_manifests(manifests);
    return manifests;
  }();
  LoadOptions options = test_options();
  options.library_folders = {folder.string()};
  return options;
}

LoadedGraph GraphTest::load_good(const std::string& name) {
  const fs::path folder = fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics/good";
  return load_graph((folder / name).string(), options());
}

LoadedGraph GraphTest::load_nodes(const std::string& nodes, const LoadOptions& options) {
  return load_graph_text("takt: 1\ngraph: test\nlibraries: [test_nodes]\nnodes:\n" + nodes,
                         "test.yaml", options);
}

std::string codes_of(const LoadedGraph& graph) {
  std::string codes;
  for (const Diagnostic& d : graph.diagnostics.entries())
    codes += (codes.empty() ? "" : " ") + d.code;
  return codes;
}

}  // namespace takt::test
