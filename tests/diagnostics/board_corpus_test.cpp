// Wrong board profiles (boards/), and graphs that are wrong on a board (on_board/, whose line
// `# board: FILE` names a profile of good_boards/), with what takt says about them: see corpus.hpp.
#include "tests/diagnostics/corpus.hpp"
#include "tests/diagnostics/test_nodes.hpp"

namespace board_corpus_test {
namespace {

namespace fs = std::filesystem;
using takt::Diagnostics;
using takt::test::content_of;
using takt::test::kCorpus;

constexpr std::size_t kWrongFilesMin = 20;

// check_board_memory needs the plan of a graph: tests/unit/graph/board_test.cpp covers it.
const std::set<std::string> kWithoutFile{"board.memory"};

std::vector<std::string> wrong_files() {
  std::vector<std::string> names = takt::test::yaml_files("boards");
  std::ranges::copy(takt::test::yaml_files("on_board"), std::back_inserter(names));
  return names;
}

Diagnostics findings_in(const std::string& name) {
  if (name.starts_with("boards/")) return takt::load_board(name).diagnostics;
  const auto boards = takt::test::header_of(content_of(name), "# board: ");
  EXPECT_EQ(boards.size(), 1U) << name;
  takt::LoadedBoard board = takt::load_board((kCorpus / "good_boards" / *boards.begin()).string());
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
    for (const std::string& name : wrong_files()) fs::copy_file(kCorpus / name, folder / name);
    fs::current_path(folder);
  }
};

TEST_F(BoardCorpus, HasEnoughWrongFiles) { EXPECT_GE(wrong_files().size(), kWrongFilesMin); }

TEST_F(BoardCorpus, FindsWhatTheFirstLinesSayAndNothingElse) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    takt::test::expect_places(name, findings_in(name));
  }
}

TEST_F(BoardCorpus, SaysItInTheWordsThatWereReviewed) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    takt::test::expect_reviewed_words(name, findings_in(name));
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
}  // namespace board_corpus_test
