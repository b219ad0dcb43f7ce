#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include <takt/base/diagnostic.hpp>

namespace takt {
namespace {

TEST(Diagnostics, RenderTheLineACaretRunNotesAndHelp) {
  const std::string file = testing::TempDir() + "takt_diagnostic.yaml";
  std::ofstream(file) << "nodes:\n  pid:\n\tperod: 1ms\n";
  Diagnostics sut;
  sut.add({Severity::warning, "graph.b", {file, 3, 2, 7}, "second", "write 'period'",
           {{{file, 2, 3, 6}, "the node is here"}}});
  sut.add({Severity::error, "graph.a", {file, 1, 1, 99}, "first", "", {}});
  sut.add({Severity::error, "graph.c", {file, 0, 0, 0}, "the file as a whole", "", {}});
  sut.add({Severity::error, "graph.d", {file, 9, 1, 2}, "a line that is gone", "", {}});
  sut.sort_by_place();

  EXPECT_TRUE(sut.has_errors());
  EXPECT_EQ(sut.render(false),
            file + ": error: the file as a whole [graph.c]\n" +
            file + ":1:1: error: first [graph.a]\n"
            "    1 | nodes:\n"
            "      | ^~~~~~\n" +
            file + ":3:2: warning: second [graph.b]\n"
            "    3 | \tperod: 1ms\n"
            "      | \t^~~~~\n" +
            file + ":2:3: note: the node is here\n"
            "    2 |   pid:\n"
            "      |   ^~~\n"
            "      = help: write 'period'\n" +
            file + ":9:1: error: a line that is gone [graph.d]\n");
}

TEST(Diagnostics, WarningsAloneAreNoErrors) {
  Diagnostics sut;
  sut.add({Severity::warning, "w", {}, "m", "", {}});

  EXPECT_FALSE(sut.has_errors());
  EXPECT_FALSE(sut.empty());
}

}  // namespace
}  // namespace takt
