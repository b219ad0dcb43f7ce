// Wrong graph files and what takt says about them: see corpus.hpp.
#include "tests/diagnostics/corpus.hpp"

#include "tests/diagnostics/test_nodes.hpp"

namespace corpus_test {
namespace {

namespace fs = std::filesystem;
using takt::test::kCorpus;

constexpr std::size_t kWrongFilesMin = 45;

// Codes that no file in a folder of files can show; tests/unit/graph/file_test.cpp covers them.
const std::set<std::string> kWithoutFile{"graph.unreadable-file"};

std::vector<std::string> wrong_files() { return takt::test::yaml_files(""); }

takt::LoadedGraph load(const std::string& name) {
  takt::LoadOptions options = takt::test::test_options();
  options.library_folders = {"more_nodes"};
  return takt::load_graph(name, options);
}

// Reads in a folder that holds the files and the manifests, so that names in messages are relative.
class DiagnosticsCorpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path folder = fs::path(TAKT_BINARY_DIR) / "tests/diagnostics/corpus";
    fs::remove_all(folder);
    fs::create_directories(folder);
    takt::test::write_test_manifests(folder);
    for (const std::string& name : wrong_files()) fs::copy_file(kCorpus / name, folder / name);
    fs::current_path(folder);
  }
};

TEST_F(DiagnosticsCorpus, HasEnoughWrongFiles) { EXPECT_GE(wrong_files().size(), kWrongFilesMin); }

TEST_F(DiagnosticsCorpus, FindsWhatTheFirstLinesSayAndNothingElse) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    takt::test::expect_places(name, load(name).diagnostics);
  }
}

TEST_F(DiagnosticsCorpus, SaysItInTheWordsThatWereReviewed) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    takt::test::expect_reviewed_words(name, load(name).diagnostics);
  }
}

TEST_F(DiagnosticsCorpus, IsInFileOrder) {
  for (const std::string& name : wrong_files()) {
    const takt::LoadedGraph loaded = load(name);
    const auto& entries = loaded.diagnostics.entries();
    EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return std::pair(a.spot.line, a.spot.column) < std::pair(b.spot.line, b.spot.column);
    })) << name;
  }
}

TEST_F(DiagnosticsCorpus, ShowsEveryExplainedCode) {
  std::set<std::string> shown = kWithoutFile;
  for (const std::string& name : wrong_files()) {
    const takt::LoadedGraph loaded = load(name);
    for (const takt::Diagnostic& d : loaded.diagnostics.entries()) shown.insert(d.code);
  }
  for (const std::string& code : takt::explained_codes()) {
    const bool of_a_file_beside = code.starts_with("board.") || code.starts_with("scenario.");
    if (of_a_file_beside || takt::test::kCodesOfBoards.contains(code)) continue;
    EXPECT_TRUE(shown.contains(code)) << code;
  }
}

TEST_F(DiagnosticsCorpus, ExplainsEveryCodeThatItShows) {
  for (const std::string& name : wrong_files()) {
    const takt::LoadedGraph loaded = load(name);
    for (const takt::Diagnostic& d : loaded.diagnostics.entries()) {
      EXPECT_NE(takt::explain(d.code), nullptr) << d.code << " in " << name;
    }
  }
}

}  // namespace
}  // namespace corpus_test
