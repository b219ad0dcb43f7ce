// Wrong scenario files (scenarios/), with what takt says about them: see corpus.hpp. A line
// `# with: FILE` names another scenario that is read in the same call.
#include <takt/scenario/scenario.hpp>

#include "tests/diagnostics/corpus.hpp"
#include "tests/diagnostics/test_nodes.hpp"

namespace scenario_corpus_test {
namespace {

namespace fs = std::filesystem;
using takt::Diagnostics;
using takt::test::content_of;
using takt::test::kCorpus;

constexpr std::size_t kWrongFilesMin = 25;
constexpr std::size_t kGoodFilesMin = 5;

std::vector<std::string> wrong_files() { return takt::test::yaml_files("scenarios"); }
std::vector<std::string> good_files() { return takt::test::yaml_files("good_scenarios"); }

takt::TestOptions options_of(const std::string& name) {
  takt::TestOptions options;
  options.load = takt::test::test_options();
  options.load.library_folders = {"."};
  options.files = {name};
  for (const std::string& other : takt::test::header_of(content_of(kCorpus / name), "# with: ")) {
    options.files.push_back((fs::path(name).parent_path() / other).string());
  }
  return options;
}

// What `takt test --list` says.
Diagnostics findings_in(const std::string& name) {
  return takt::list_scenarios(options_of(name)).diagnostics;
}

// Reads in a folder that holds the files and the manifests, so that names in messages are relative.
class ScenarioCorpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const fs::path folder = fs::path(TAKT_BINARY_DIR) / "tests/diagnostics/scenario_corpus";
    fs::remove_all(folder);
    fs::create_directories(folder);
    takt::test::write_test_manifests(folder);
    for (const char* part : {"scenarios", "good_scenarios"}) {
      fs::copy(kCorpus / part, folder / part, fs::copy_options::recursive);
    }
    fs::current_path(folder);
  }
};

TEST_F(ScenarioCorpus, HasEnoughFiles) {
  EXPECT_GE(wrong_files().size(), kWrongFilesMin);
  EXPECT_GE(good_files().size(), kGoodFilesMin);
}

TEST_F(ScenarioCorpus, FindsWhatTheFirstLinesSayAndNothingElse) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    takt::test::expect_places(name, findings_in(name));
  }
}

TEST_F(ScenarioCorpus, SaysItInTheWordsThatWereReviewed) {
  for (const std::string& name : wrong_files()) {
    SCOPED_TRACE(name);
    takt::test::expect_reviewed_words(name, findings_in(name));
  }
}

TEST_F(ScenarioCorpus, FindsNothingInGoodFiles) {
  for (const std::string& name : good_files()) {
    const takt::TestOutcome outcome = takt::list_scenarios(options_of(name));
    EXPECT_TRUE(outcome.diagnostics.empty()) << name << "\n" << outcome.diagnostics.render(false);
    EXPECT_FALSE(outcome.runs.empty()) << name;
  }
}

TEST_F(ScenarioCorpus, ShowsEveryCodeOfScenariosAndExplainsEachThatItShows) {
  std::set<std::string> shown;
  for (const std::string& name : wrong_files()) {
    const Diagnostics found = findings_in(name);
    for (const takt::Diagnostic& d : found.entries()) {
      shown.insert(d.code);
      EXPECT_NE(takt::explain(d.code), nullptr) << d.code << " in " << name;
    }
  }
  for (const std::string& code : takt::explained_codes()) {
    if (!code.starts_with("scenario.")) continue;
    EXPECT_TRUE(shown.contains(code)) << code;
  }
}

}  // namespace
}  // namespace scenario_corpus_test
