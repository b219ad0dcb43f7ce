// Samples as text and JSON, and values written into them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include <takt/sample/json.hpp>

#include "tests/unit/sample/test_samples.hpp"

namespace takt::test {
namespace {

class Values : public testing::Test {
 protected:
  Everything sample_{};
  const Layout& layout_ = layout_of<Everything>();
  const std::vector<Column> columns_ = columns_of(layout_);

  const Column& column(const std::string& name) const {
    for (const Column& c : columns_) {
      if (c.name == name) return c;
    }
    ADD_FAILURE() << "no column " << name;
    return columns_.front();
  }
  std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(&sample_, 1)); }
  bool write(const std::string& name, const Json& value) {
    return write_element(column(name), value, bytes()).ok();
  }
};

TEST_F(Values, ColumnsNameEveryElementInOrder) {
  std::vector<std::string> names;
  for (const Column& c : columns_of(layout_of<Everything>())) names.push_back(c.name);

  EXPECT_THAT(names, testing::ElementsAre(
      "joints[0].angle", "joints[0].torque", "joints[0].flags", "joints[1].angle",
      "joints[1].torque", "joints[1].flags", "q[0]", "q[1]", "q[2]", "raw[0]", "raw[1]", "raw[2]",
      "raw[3]", "name", "path[0]", "path[1]", "big", "huge", "tiny", "mode", "on", "letter",
      "number"));
}

TEST_F(Values, TextHas17DigitsAndLeavesOutWhatIsBehindAVectorsLength) {
  sample_.q[1] = 0.1;
  sample_.big = std::numeric_limits<std::int64_t>::min();
  sample_.on = true;
  sample_.tiny = -3;
  sample_.name.assign("axis");
  sample_.path.push_back(1.5);
  const auto text = [&](const char* name) { return column_text(column(name), bytes()); };

  EXPECT_EQ(text("q[1]"), "0.10000000000000001");
  EXPECT_EQ(text("big"), "-9223372036854775808");
  EXPECT_EQ(text("on"), "1");
  EXPECT_EQ(text("tiny"), "-3");
  EXPECT_EQ(text("name"), "axis");
  EXPECT_EQ(text("path[0]"), "1.5");
  EXPECT_EQ(text("path[1]"), "");
}

TEST_F(Values, JsonNestsAndShowsNonFiniteNumbersAsNull) {
  sample_.joints[1].angle = 0.5;
  sample_.q[0] = std::numeric_limits<double>::quiet_NaN();
  sample_.path.push_back(2.0);
  const Json json = sample_to_json(layout_, bytes());

  EXPECT_EQ(json["joints"][1]["angle"], 0.5);
  EXPECT_EQ(json["q"], Json({nullptr, 0.0, 0.0}));
  EXPECT_EQ(json["path"], Json({2.0}));
  EXPECT_EQ(json["on"], false);
}

TEST_F(Values, IntegersOutsideOfTheirKindAreRefusedAndLeaveTheSampleAlone) {
  EXPECT_TRUE(write("tiny", -128));
  EXPECT_FALSE(write("tiny", 128));
  EXPECT_FALSE(write("tiny", 1.5));
  EXPECT_EQ(sample_.tiny, -128);
  EXPECT_FALSE(write("mode", -1));
  EXPECT_FALSE(write("mode", 256));
  EXPECT_TRUE(write("raw[3]", 32767.0));
  EXPECT_FALSE(write("raw[3]", 32768));
  EXPECT_FALSE(write("joints[0].flags", 4294967296.0));
  EXPECT_FALSE(write("number", -2147483649.0));
  EXPECT_FALSE(write("big", 9223372036854775808.0));
  EXPECT_FALSE(write("huge", 18446744073709551616.0));
  EXPECT_FALSE(write("huge", -1));
  EXPECT_EQ(sample_.raw[3], 32767);
}

TEST_F(Values, LargeIntegersAreWrittenExactly) {
  EXPECT_TRUE(write("big", 9007199254740993));  // 2^53 + 1 is no double.
  EXPECT_TRUE(write("huge", std::numeric_limits<std::uint64_t>::max()));

  EXPECT_EQ(sample_.big, 9007199254740993);
  EXPECT_EQ(sample_.huge, std::numeric_limits<std::uint64_t>::max());
}

TEST_F(Values, ADoubleThatAFloatCannotHoldIsRefused) {
  EXPECT_TRUE(write("joints[0].torque", 0.1));
  EXPECT_FALSE(write("joints[0].torque", 1e39));
  EXPECT_EQ(sample_.joints[0].torque, 0.1F);
}

TEST_F(Values, KindsOfJsonThatDoNotFitAreRefused) {
  EXPECT_TRUE(write("name", "0123456789abcdef"));
  EXPECT_FALSE(write("name", "0123456789abcdefg"));
  EXPECT_FALSE(write("name", 3));
  EXPECT_FALSE(write("q[0]", "3"));
  EXPECT_FALSE(write("q[0]", nullptr));
  EXPECT_TRUE(write("on", true));
  EXPECT_TRUE(sample_.on);
  EXPECT_EQ(sample_.name.view(), "0123456789abcdef");
}

}  // namespace
}  // namespace takt::test
