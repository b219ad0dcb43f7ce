// Wrong graph files and what takt says about them. Every file begins with the hand-written lines
// `# expect: LINE:COL CODE`, one a finding and nothing more may be found, and has the whole text
// beside it (NAME.expected). TAKT_UPDATE_EXPECTED=1 writes those anew, to be read before they are
// committed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>
#include <takt/graph/graph_spec.hpp>

#include "tests/diagnostics/test_nodes.hpp"

namespace {

namespace fs = std::filesystem;
using takt::format;

constexpr std::size_t kWrongFilesMin = 45;
const fs::path kFolder = fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics";

// Codes that no file in a folder of files can show; tests/unit/graph/file_test.cpp covers them.
const std::set<std::string> kWithoutFile{"graph.unreadable-file"};

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> wrong_files() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// "7:3 graph.no-trigger", sorted.
std::multiset<std::string> expected_findings(const std::string& text) {
  std::multiset<std::string> findings;
  const std::string mark = "# expect: ";
  for (const std::string& line : takt::split(text, '\n')) {
    if (!line.starts_with(mark)) break;
    findings.insert(line.substr(mark.size()));
  }
  return findings;
}

std::multiset<std::string> actual_findings(const takt::Diagnostics& diagnostics) {
  std::multiset<std::string> findings;
  for (const takt::Diagnostic& d : diagnostics.entries()) {
    findings.insert(format("{}:{} {}", d.spot.line, d.spot.column, d.code));
  }
  return findings;
}

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
    for (const std::string& name : wrong_files()) fs::copy_file(kFolder / name, folder / name);
    fs::current_path(folder);
  }
};

TEST_F(DiagnosticsCorpus, HasEnoughWrongFiles) { EXPECT_GE(wrong_files().size(), kWrongFilesMin); }

TEST_F(DiagnosticsCorpus, FindsWhatTheFirstLinesSayAndNothingElse) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    const auto expected = expected_findings(content_of(name));

    const takt::LoadedGraph loaded = load(name);

    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(actual_findings(loaded.diagnostics), expected) << loaded.diagnostics.render(false);
  }
}

TEST_F(DiagnosticsCorpus, SaysItInTheWordsThatWereReviewed) {
  const bool update = std::getenv("TAKT_UPDATE_EXPECTED") != nullptr;
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    const fs::path golden = (kFolder / name).replace_extension(".expected");

    const std::string text = load(name).diagnostics.render(false);

    if (update) std::ofstream(golden, std::ios::binary) << text;
    EXPECT_EQ(text, content_of(golden));
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
    if (code.starts_with("board.") || takt::test::kCodesOfBoards.contains(code)) continue;
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
