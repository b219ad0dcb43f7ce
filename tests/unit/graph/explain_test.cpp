#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include <takt/graph/graph_spec.hpp>

namespace {

namespace fs = std::filesystem;

// Every "graph.xxx" in the sources, those of the explanations themselves left out.
std::set<std::string> emitted_codes() {
  static const std::regex kCode("\"(graph\\.[a-z0-9-]+)\"");
  std::set<std::string> codes;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(TAKT_SOURCE_DIR) / "runtime/graph")) {
    const fs::path& path = entry.path();
    if (path.extension() != ".cpp" || path.parent_path().filename() == "explanations") continue;
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (std::sregex_iterator at(text.begin(), text.end(), kCode), end; at != end; ++at) {
      codes.insert((*at)[1]);
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
