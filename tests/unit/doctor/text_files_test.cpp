#include "runtime/doctor/text_files.hpp"

#include <gtest/gtest.h>

namespace takt::doctor {
namespace {

TEST(CpuList, ReadsRangesAndNumbers) {
  EXPECT_EQ(cpu_list("0-2,5\n"), (std::vector<int>{0, 1, 2, 5}));
  EXPECT_EQ(cpu_list("7"), std::vector<int>{7});
}

TEST(CpuList, OfNothingIsEmpty) {
  for (const char* text : {"", "\n", "(null)", "a-b", "-1", "5-3", "0-99999999999"}) {
    EXPECT_TRUE(cpu_list(text).empty()) << text;
  }
}

TEST(Ranges, AreWrittenAsTheKernelDoes) {
  EXPECT_EQ(as_ranges({0, 1, 2, 5}), "0-2,5");
  EXPECT_EQ(as_ranges({3}), "3");
  EXPECT_EQ(as_ranges({}), "none");
}

TEST(Field, IsTheRestOfItsLine) {
  EXPECT_EQ(field_of("Name:\ttakt\nUid:\t0\t0\n", "Uid:"), "0\t0");
  EXPECT_FALSE(field_of("Name:\ttakt\n", "Uid:").has_value());
}

TEST(ChosenWord, StandsInBrackets) {
  EXPECT_EQ(chosen_word("always [madvise] never"), "madvise");
  EXPECT_FALSE(chosen_word("always").has_value());
}

}  // namespace
}  // namespace takt::doctor
