// What the corpora of wrong files share. Every file begins with the hand-written lines
// `# expect: LINE:COL CODE`, one a finding and nothing more may be found, and has the whole text
// beside it (NAME.expected). TAKT_UPDATE_EXPECTED=1 writes those anew, to be read before they are
// committed.
#pragma once

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

namespace takt::test {

inline const std::filesystem::path kCorpus =
    std::filesystem::path(TAKT_SOURCE_DIR) / "tests/diagnostics";

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The YAML files of a folder of the corpus, as paths from the corpus, sorted.
inline std::vector<std::string> yaml_files(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kCorpus / folder)) {
    if (entry.path().extension() != ".yaml") continue;
    names.push_back((std::filesystem::path(folder) / entry.path().filename()).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What follows `mark` on the comment lines at the head.
inline std::multiset<std::string> header_of(const std::string& text, const std::string& mark) {
  std::multiset<std::string> found;
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with("# ")) break;
    if (line.starts_with(mark)) found.insert(line.substr(mark.size()));
  }
  return found;
}

// "7:3 graph.no-trigger", sorted.
inline std::multiset<std::string> places_of(const Diagnostics& diagnostics) {
  std::multiset<std::string> findings;
  for (const Diagnostic& d : diagnostics.entries()) {
    findings.insert(format("{}:{} {}", d.spot.line, d.spot.column, d.code));
  }
  return findings;
}

inline void expect_places(const std::string& name, const Diagnostics& found) {
  const auto expected = header_of(content_of(name), "# expect: ");
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(places_of(found), expected) << found.render(false);
}

inline void expect_reviewed_words(const std::string& name, const Diagnostics& found) {
  const std::filesystem::path golden = (kCorpus / name).replace_extension(".expected");
  const std::string text = found.render(false);
  if (std::getenv("TAKT_UPDATE_EXPECTED") != nullptr) {
    std::ofstream(golden, std::ios::binary) << text;
  }
  EXPECT_EQ(text, content_of(golden));
}

}  // namespace takt::test
