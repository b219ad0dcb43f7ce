#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include <takt/graph/graph_spec.hpp>

namespace {

namespace fs = std::filesystem;

// Every word in quotes that begins with `part` and a dot in `text`.
void collect_codes(const std::string& text, const std::string& part, std::set<std::string>& codes) {
  const std::string quoted = "\"" + part + ".";
  for (std::size_t at = text.find(quoted); at != std::string::npos;
       at = text.find(quoted, at + 1)) {
    const std::size_t end = text.find('"', at + 1);
    codes.insert(text.substr(at + 1, end - at - 1));
  }
}

// The codes in the sources, those of the explanations themselves left out.
std::set<std::string> emitted_codes() {
  std::set<std::string> codes;
  for (const char* folder : {"runtime/graph", "runtime/scenario"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(TAKT_SOURCE_DIR) / folder)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".cpp" || path.parent_path().filename() == "explanations") continue;
      std::ifstream in(path);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      collect_codes(text, "scenario", codes);
      // To scenarios 'graph.state' is a signal.
      if (std::string_view(folder) == "runtime/scenario") continue;
      for (const char* part : {"graph", "board"}) collect_codes(text, part, codes);
    }
  }
  return codes;
}

TEST(Explain, CoversEveryCodeThatTheSourcesEmitAndNoOther) {
  const auto explained = takt::explained_codes();

  EXPECT_EQ(std::set<std::string>(explained.begin(), explained.end()), emitted_codes());
}

TEST(Explain, ShowsAWrongAndARightExample) {
  for (const std::string& code : takt::explained_codes()) {
    const takt::Explanation* explanation = takt::explain(code);
    ASSERT_NE(explanation, nullptr) << code;
    EXPECT_EQ(explanation->code, code);
    EXPECT_FALSE(explanation->title.empty()) << code;
    EXPECT_NE(explanation->text.find("Wrong:\n\n    "), std::string::npos) << code;
    EXPECT_NE(explanation->text.find("Right:\n\n    "), std::string::npos) << code;
  }
}

TEST(Explain, KnowsNoOtherCode) { EXPECT_EQ(takt::explain("graph.no-such-code"), nullptr); }

}  // namespace
