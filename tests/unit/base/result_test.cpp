#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/base/text.hpp>

namespace takt {
namespace {

using testing::ElementsAre;

TEST(Result, HoldsAValueOrAnErrorAndHandsOutMoveOnlyValues) {
  Result<std::unique_ptr<int>> good = std::make_unique<int>(3);
  const Result<std::unique_ptr<int>> bad = fail("no", "do");

  EXPECT_TRUE(good.ok());
  EXPECT_EQ(**good, 3);
  EXPECT_EQ(*std::move(good).value(), 3);
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().text(), "no; do");
}

TEST(ResultDeathTest, EndsTheProcessWhenAskedForWhatIsNotThere) {
  const Result<int> bad = fail("no");
  const Result<void> good;

  EXPECT_DEATH(static_cast<void>(bad.value()), "takt's own assertion failed: ok\\(\\)");
  EXPECT_DEATH(static_cast<void>(good.error()), "assertion failed: error_.has_value\\(\\)");
}

TEST(SystemError, SaysWhatWasTriedWhatTheSystemAnsweredAndWhatItMeans) {
  const Error sut = system_error("lock memory", EPERM, "page faults will break deadlines",
                                 "set LimitMEMLOCK=infinity");

  EXPECT_EQ(sut.text(), "cannot lock memory: Operation not permitted (EPERM); page faults will "
                        "break deadlines; set LimitMEMLOCK=infinity");
  EXPECT_EQ(sut.errno_value, EPERM);
}

TEST(SystemError, ShowsTheNumberOfAnErrorWithoutName) {
  EXPECT_EQ(system_error("try", 9999, "", "").text(), "cannot try: unknown error (9999)");
}

TEST(NearestWord, FindsTyposAndStaysSilentOtherwise) {
  const std::vector<std::string> known = {"period", "priority", "on", "deadline"};

  EXPECT_EQ(nearest_word("perod", known), "period");
  EXPECT_EQ(nearest_word("preiod", known), "period");  // Two neighbours swapped: one mistake.
  EXPECT_EQ(nearest_word("deadlnie", known), "deadline");
  EXPECT_EQ(nearest_word("banana", known), "");
  EXPECT_EQ(nearest_word("xy", known), "");  // "on" would be two of two letters away.
  EXPECT_EQ(nearest_word("a", {}), "");
}

TEST(Split, KeepsEmptyPieces) {
  EXPECT_THAT(split("a.b", '.'), ElementsAre("a", "b"));
  EXPECT_THAT(split("", '.'), ElementsAre(""));
  EXPECT_THAT(split(".a.", '.'), ElementsAre("", "a", ""));
}

TEST(OneOf, ReadsAsASentence) {
  EXPECT_EQ(one_of(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(one_of(std::vector<std::string>{"a", "b", "c"}), "a, b or c");
}

TEST(JsonText, RefusesDamageInWordsAndReplacesInvalidText) {
  EXPECT_THAT(parse_json("{\"a\": ").error().message, testing::StartsWith("not valid JSON: "));
  EXPECT_EQ(json_line({{"b", 1}, {"a", "x\xff"}}), "{\"b\":1,\"a\":\"x\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace takt
