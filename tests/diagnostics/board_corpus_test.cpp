// Wrong board profiles (boards/), and graphs that are wrong on a board (on_board/, whose line
// `# board: FILE` names a profile of good_boards/), with what takt says about them. As in
// corpus_test.cpp: hand-written places first, the whole text beside them (NAME.expected),
// TAKT_UPDATE_EXPECTED=1 writes the texts anew.
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
using takt::Diagnostics;
using takt::format;

constexpr std::size_t kWrongFilesMin = 20;
const fs::path kFolder = fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics";

// check_board_memory needs the plan of a graph: tests/unit/graph/board_test.cpp covers it.
const std::set<std::string> kWithoutFile{"board.memory"};

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The profiles and graphs that are wrong, as paths from the folder of the corpus.
std::vector<std::string> wrong_files() {
  std::vector<std::string> names;
  for (const char* folder : {"boards", "on_board"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(kFolder / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      names.push_back(folder + std::string("/") + entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What follows `mark` on the first lines that begin with it.
std::multiset<std::string> header_of(const std::string& text, const std::string& mark) {
  std::multiset<std::string> found;
  for (const std::string& line : takt::split(text, '\n')) {
    if (!line.starts_with("# ")) break;
    if (line.starts_with(mark)) found.insert(line.substr(mark.size()));
  }
  return found;
}

std::multiset<std::string> places_of(const Diagnostics& diagnostics) {
  std::multiset<std::string> findings;
  for (const takt::Diagnostic& d : diagnostics.entries()) {
    findings.insert(format("{}:{} {}", d.spot.line, d.spot.column, d.code));
  }
  return findings;
}

Diagnostics findings_in(const std::string& name) {
  if (name.starts_with("boards/")) return takt::load_board(name).diagnostics;
  const auto boards = header_of(content_of(name), "# board: ");
  EXPECT_EQ(boards.size(), 1U) << name;
  takt::LoadedBoard board = takt::load_board((kFolder / "good_boards" / *boards.begin()).string());
  EXPECT_TRUE(board.diagnostics.empty()) << board.diagnostics.render(false);
  takt::LoadOptions options = takt::test::test_options();
  options.library_folders = {"."};
  options.allowed_cpus = board.board.cpus();
  options.board = std::move(board.board);
  return takt::load_graph(name, options).diagnostics;
}

// Reads in a folder that holds the files and the manifests, so that names in messages are relative.
class BoardCorpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path folder = fs::path(TAKT_BINARY_DIR) / "tests/diagnostics/board_corpus";
    fs::remove_all(folder);
    fs::create_directories(folder / "boards");
    fs::create_directories(folder / "on_board");
    takt::test::write_test_manifests(folder);
    for (const std::string& name : wrong_files()) fs::copy_file(kFolder / name, folder / name);
    fs::current_path(folder);
  }
};

TEST_F(BoardCorpus, HasEnoughWrongFiles) { EXPECT_GE(wrong_files().size(), kWrongFilesMin); }

TEST_F(BoardCorpus, FindsWhatTheFirstLinesSayAndNothingElse) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    const auto expected = header_of(content_of(name), "# expect: ");

    const Diagnostics found = findings_in(name);

    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(places_of(found), expected) << found.render(false);
  }
}

TEST_F(BoardCorpus, SaysItInTheWordsThatWereReviewed) {
  const bool update = std::getenv("TAKT_UPDATE_EXPECTED") != nullptr;
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    const fs::path golden = (kFolder / name).replace_extension(".expected");

    const std::string text = findings_in(name).render(false);

    if (update) std::ofstream(golden, std::ios::binary) << text;
    EXPECT_EQ(text, content_of(golden));
  }
}

TEST_F(BoardCorpus, ShowsEveryCodeOfBoardsAndExplainsEachThatItShows) {
  std::set<std::string> shown = kWithoutFile;
  for (const std::string& name : wrong_files()) {
    const Diagnostics found = findings_in(name);
    for (const takt::Diagnostic& d : found.entries()) {
      shown.insert(d.code);
      EXPECT_NE(takt::explain(d.code), nullptr) << d.code << " in " << name;
    }
  }
  for (const std::string& code : takt::explained_codes()) {
    if (code.starts_with("board.") || takt::test::kCodesOfBoards.contains(code)) {
      EXPECT_TRUE(shown.contains(code)) << code;
    }
  }
}

}  // namespace
