// The files of a run's results, and the refusals of the disk.
#include "runtime/scenario/report/write.hpp"

#include <csignal>
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <takt/os/fd.hpp>

#include "runtime/scenario/report/html.hpp"
#include "tests/unit/scenario/sample_run.hpp"

namespace takt::scenario {
namespace {

using ::testing::HasSubstr;

class WriteResults : public ::testing::Test {
 protected:
  WriteResults() {
    std::string name = ::testing::TempDir() + "takt-results-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~WriteResults() override { std::filesystem::remove_all(folder_); }

  std::set<std::string> files_in(const std::string& folder) const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }

  std::string folder_;
};

TEST_F(WriteResults, MakesTheFolderAndAllFiles) {
  const std::string folder = folder_ + "/a/b";
  const RunResult run = test::full_run();

  ASSERT_TRUE(write_results(folder, run).ok());
  ASSERT_TRUE(write_results(folder, run).ok());  // Again: the files are replaced.

  EXPECT_EQ(files_in(folder), (std::set<std::string>{"events.csv", "junit.xml", "report.html",
                                                     "signals.csv", "summary.json"}));
  EXPECT_EQ(*os::read_file(folder + "/report.html"), html_report(run));
  EXPECT_EQ(parse_json(*os::read_file(folder + "/summary.json"))->at("takt_scenario_result"), 1);
}

TEST_F(WriteResults, NamesTheFolderThatCannotBeMade) {
  ASSERT_TRUE(os::write_file_atomically(folder_ + "/file", "").ok());

  const auto written = write_results(folder_ + "/file/results", test::plain_run());

  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr(folder_ + "/file/results"));
  EXPECT_THAT(written.error().fix, HasSubstr("name another folder"));
  EXPECT_EQ(written.error().errno_value, ENOTDIR);
}

// A folder of a file's name: the file cannot take its place, whoever asks.
TEST_F(WriteResults, NamesTheFileThatCannotBeWritten) {
  std::filesystem::create_directories(folder_ + "/junit.xml/full");

  const auto written = write_results(folder_, test::plain_run());

  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr(folder_ + "/junit.xml"));
  EXPECT_FALSE(written.error().fix.empty());
  EXPECT_EQ(files_in(folder_), (std::set<std::string>{"junit.xml", "report.html"}));
}

// The largest size of a file stands for a full disk: the write ends in the middle.
TEST_F(WriteResults, LeavesNoHalfFileWhenThereIsNoRoom) {
  ASSERT_TRUE(write_results(folder_, test::plain_run()).ok());
  const std::string before = *os::read_file(folder_ + "/report.html");
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);

  const auto written = write_results(folder_, test::full_run());

  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr(folder_ + "/report.html"));
  EXPECT_FALSE(written.error().fix.empty());
  EXPECT_EQ(*os::read_file(folder_ + "/report.html"), before);
  EXPECT_EQ(files_in(folder_).size(), 5u);
}

}  // namespace
}  // namespace takt::scenario
