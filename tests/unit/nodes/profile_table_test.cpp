// The table of a profile: what its reader accepts, and the words with which it refuses.
#include "nodes/source/profile_table.hpp"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace takt::nodes::profile_table_test {
namespace {

using namespace std::chrono_literals;

std::vector<double> values_of(const ProfileTable& table) {
  std::vector<double> values;
  for (const auto& row : table.rows()) values.push_back(row.value);
  return values;
}

std::vector<double> parsed(const std::string& text) {
  const auto table = parse_profile_table(text, "t.csv");
  EXPECT_TRUE(table.ok()) << (table.ok() ? "" : table.error().text());
  return table.ok() ? values_of(*table) : std::vector<double>{};
}

std::string refusal(const std::string& text) {
  const auto table = parse_profile_table(text, "t.csv");
  return table.ok() ? "accepted" : table.error().message;
}

using Values = std::vector<double>;

TEST(ProfileTableReader, TakesRowsWithAndWithoutAHeader) {
  EXPECT_EQ(parsed("0,1\n1,2\n"), (Values{1, 2}));
  EXPECT_EQ(parsed("t[s],value\n0,1\n1,2"), (Values{1, 2}));
}

TEST(ProfileTableReader, PassesOverBlanksCommentsAndForeignLineEnds) {
  EXPECT_EQ(parsed("\xEF\xBB\xBFt,v\r\n\r\n# words, and more\r\n 0 ,\t1 \r\n+1e-3,-2.5E1\r\n"),
            (Values{1, -25}));
}

TEST(ProfileTableReader, NamesTheLineOfWhatIsNotANumber) {
  EXPECT_EQ(refusal("t,v\n0,1\n1,two\n"), "t.csv:3: the value 'two' is not a number");
  EXPECT_EQ(refusal("0,1\none,2\n"), "t.csv:2: the time 'one' is not a number");
  EXPECT_EQ(refusal("0,1 V\n"), "t.csv:1: the value '1 V' is not a number");
  EXPECT_EQ(refusal("t,1\n"), "t.csv:1: the time 't' is not a number");
  EXPECT_EQ(refusal("t,v\nt,v\n"), "t.csv:2: the time 't' is not a number");
  EXPECT_EQ(refusal("0,\n"), "t.csv:1: the value '' is not a number");
  EXPECT_EQ(refusal("0,+-1\n"), "t.csv:1: the value '+-1' is not a number");
}

TEST(ProfileTableReader, RefusesValuesThatAreNotFinite) {
  EXPECT_EQ(refusal("0,1\n1,nan\n"), "t.csv:2: the value 'nan' is not finite");
  EXPECT_EQ(refusal("0,inf\n"), "t.csv:1: the value 'inf' is not finite");
  EXPECT_EQ(refusal("0,1e999\n"), "t.csv:1: the value '1e999' is not finite");
}

TEST(ProfileTableReader, RefusesTimesThatDoNotIncrease) {
  EXPECT_EQ(refusal("0,1\n1,2\n1,3\n"), "t.csv:3: the time '1' is not later than the row before");
  EXPECT_EQ(refusal("1,1\n0.5,2\n"), "t.csv:2: the time '0.5' is not later than the row before");
  EXPECT_EQ(refusal("0,1\n1e-10,2\n"),
            "t.csv:2: the time '1e-10' is not later than the row before");
}

TEST(ProfileTableReader, RefusesTimesOutsideOfARun) {
  EXPECT_EQ(refusal("-1,1\n"), "t.csv:1: the time '-1' is not between 0 and 1000000000 seconds");
  EXPECT_EQ(refusal("nan,1\n"), "t.csv:1: the time 'nan' is not between 0 and 1000000000 seconds");
  EXPECT_EQ(refusal("2e9,1\n"), "t.csv:1: the time '2e9' is not between 0 and 1000000000 seconds");
  EXPECT_EQ(refusal("1000000000,1\n"), "accepted");
}

TEST(ProfileTableReader, RefusesAnotherNumberOfColumns) {
  EXPECT_EQ(refusal("0\n"), "t.csv:1: a row has two columns, time and value");
  EXPECT_EQ(refusal("0,1,2\n"), "t.csv:1: a row has two columns, time and value");
  EXPECT_EQ(refusal("0;1\n0,1"), "accepted");  // A first line without a number is a header.
}

TEST(ProfileTableReader, RefusesATableWithoutRows) {
  EXPECT_EQ(refusal(""), "t.csv:1: the table has no rows");
  EXPECT_EQ(refusal("t,v\n\n"), "t.csv:2: the table has no rows");
}

TEST(ProfileTableReader, RefusesMoreThanAMillionRows) {
  std::string text;
  for (std::size_t i = 0; i < kTableRowsMax; ++i) text += std::to_string(i) + ",0\n";
  EXPECT_EQ(refusal(text), "accepted");

  text += "1000000,0\n";
  EXPECT_EQ(refusal(text), "t.csv:1000001: the table has more than 1000000 rows");
}

class ProfileTableFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_ = testing::TempDir() + "takt_profile_table_" + std::to_string(::getpid());
};

TEST_F(ProfileTableFile, IsRead) {
  std::ofstream(path_of("good.csv")) << "0,1\n2,3\n";

  const auto table = read_profile_table(path_of("good.csv"));

  ASSERT_TRUE(table.ok());
  EXPECT_EQ(values_of(*table), (Values{1, 3}));
}

TEST_F(ProfileTableFile, IsNamedWithTheLineOfItsMistake) {
  std::ofstream(path_of("bad.csv")) << "0,1\n2,x\n";

  const auto table = read_profile_table(path_of("bad.csv"));

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().message, path_of("bad.csv") + ":2: the value 'x' is not a number");
}

TEST_F(ProfileTableFile, IsRefusedWithTheSystemsWordWhenMissing) {
  const auto table = read_profile_table(path_of("none.csv"));

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().errno_value, ENOENT);
}

TEST_F(ProfileTableFile, IsRefusedWhenItIsAFolder) {
  const auto table = read_profile_table(folder_);

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().message, "table '" + folder_ + "' is not a regular file");
}

TEST_F(ProfileTableFile, IsRefusedBeforeItIsReadWhenTooLarge) {
  std::ofstream(path_of("large.csv")) << "0,1\n";
  std::filesystem::resize_file(path_of("large.csv"), kTableBytesMax + 1);

  const auto table = read_profile_table(path_of("large.csv"));

  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().message,
            "table '" + path_of("large.csv") + "' is larger than 64000000 bytes");
}

TEST(ProfileTable, HoldsOrJoinsItsRows) {
  ProfileTable sut({{1s, 10.0}, {2s, 20.0}, {4s, 0.0}});

  EXPECT_EQ(sut.value_at(0s), 10.0);
  EXPECT_EQ(sut.value_at(1s), 10.0);
  EXPECT_EQ(sut.value_at(2s - 1ns), 10.0);
  EXPECT_EQ(sut.value_at(2s), 20.0);
  EXPECT_EQ(sut.value_at(9s), 0.0);

  sut.set_interpolation(Interpolation::linear);
  EXPECT_EQ(sut.value_at(0s), 10.0);
  EXPECT_DOUBLE_EQ(sut.value_at(1500ms), 15.0);
  EXPECT_EQ(sut.value_at(2s), 20.0);
  EXPECT_DOUBLE_EQ(sut.value_at(3s), 10.0);
  EXPECT_EQ(sut.value_at(9s), 0.0);
}

TEST(ProfileTable, RepeatsFromItsFirstRow) {
  ProfileTable sut({{1s, 10.0}, {2s, 20.0}, {4s, 0.0}});
  sut.set_repeat(true);

  EXPECT_EQ(sut.value_at(4s - 1ns), 20.0);
  EXPECT_EQ(sut.value_at(4s), 10.0);  // Its length is 3 s: 4 s is 1 s again.
  EXPECT_EQ(sut.value_at(5s), 20.0);
  EXPECT_EQ(sut.value_at(301s), 10.0);
}

}  // namespace
}  // namespace takt::nodes::profile_table_test
