#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/diagnostics/test_nodes.hpp"
#include "tests/unit/graph/graph_fixture.hpp"

namespace {

namespace fs = std::filesystem;
using takt::test::codes_of;
using LibrarySearch = takt::test::GraphTest;

constexpr const char* kGraph =
    "takt: 1\ngraph: own\nnodes:\n  a: {type: source/profile, period: 1s, params: {shape: step}}\n";

// A graph's folder and a folder of libraries, both with or without libtakt_nodes.
struct Folders {
  fs::path graph;
  fs::path libraries;

  explicit Folders(const fs::path& scratch) : graph(scratch / "graph"), libraries(scratch / "lib") {
    fs::create_directories(graph);
    fs::create_directories(libraries);
    std::ofstream(graph / "graph.yaml") << kGraph;
  }
  static void add_library(const fs::path& folder) {
    takt::test::write_test_manifests(folder);
    std::ofstream(folder / "libtakt_nodes.so") << "no code";
  }
  takt::LoadedGraph load() const {
    return takt::load_graph((graph / "graph.yaml").string(),
                            {.allowed_cpus = {}, .library_folders = {libraries.string()}});
  }
};

TEST_F(LibrarySearch, TakesTheGraphsFolderFirst) {
  const Folders folders(scratch_folder());
  Folders::add_library(folders.graph);
  Folders::add_library(folders.libraries);

  const auto graph = folders.load();

  EXPECT_EQ(codes_of(graph), "");
  EXPECT_EQ(graph.spec.nodes.at(0).library, (folders.graph / "libtakt_nodes.so").string());
  EXPECT_EQ(graph.spec.nodes.at(0).base_folder, folders.graph.string());
}

TEST_F(LibrarySearch, TakesTheOtherFoldersNext) {
  const Folders folders(scratch_folder());
  Folders::add_library(folders.libraries);

  EXPECT_EQ(folders.load().spec.nodes.at(0).library,
            (folders.libraries / "libtakt_nodes.so").string());
}

TEST_F(LibrarySearch, PassesOverAManifestWithoutItsLibrary) {
  const Folders folders(scratch_folder());
  takt::test::write_test_manifests(folders.graph);

  const auto graph = folders.load();

  EXPECT_EQ(codes_of(graph), "graph.library-not-found");
  const std::string text = graph.diagnostics.render(false);
  EXPECT_NE(text.find(folders.graph.string()), std::string::npos) << text;
  EXPECT_NE(text.find(folders.libraries.string()), std::string::npos) << text;
}

TEST_F(LibrarySearch, NamesAbsolutePathsForARelativeGraph) {
  const Folders folders(scratch_folder());
  Folders::add_library(folders.graph);
  fs::current_path(folders.graph);

  const auto graph = takt::load_graph("graph.yaml", {});

  ASSERT_EQ(codes_of(graph), "");
  EXPECT_EQ(graph.spec.file, "graph.yaml");
  EXPECT_EQ(graph.spec.nodes.at(0).library, (folders.graph / "libtakt_nodes.so").string());
  EXPECT_EQ(graph.spec.nodes.at(0).base_folder, folders.graph.string());
}

TEST_F(LibrarySearch, ReadsTheEnvironmentAndThePrefix) {
  ::setenv("TAKT_NODE_PATH", "/one::/two", 1);

  const auto folders = takt::default_library_folders();

  ::unsetenv("TAKT_NODE_PATH");
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0], "/one");
  EXPECT_EQ(folders[1], "/two");
  EXPECT_TRUE(folders[2].ends_with("/lib/takt/nodes")) << folders[2];
}

}  // namespace
