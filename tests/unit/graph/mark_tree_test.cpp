#include <gtest/gtest.h>

#include <takt/graph/mark_tree.hpp>

namespace {

using takt::graph::Mark;
using takt::graph::MarkedNode;
using takt::graph::read_yaml;
using takt::graph::Report;
using takt::graph::Shape;

std::string place(const Mark& mark) {
  return std::to_string(mark.line) + ":" + std::to_string(mark.column) + "-" +
         std::to_string(mark.end_column);
}

MarkedNode read(const std::string& text) {
  Report report("test.yaml");
  auto tree = read_yaml(text, report);
  EXPECT_TRUE(tree.has_value()) << report.take().render(false);
  return tree.value_or(MarkedNode());
}

std::string code_of(const std::string& text) {
  Report report("test.yaml");
  read_yaml(text, report);
  const takt::Diagnostics found = report.take();
  return found.empty() ? "" : found.entries().front().code;
}

TEST(MarkTree, KnowsThePlaceOfEveryKeyAndValue) {
  const MarkedNode root = read("a: one\nlong key: [2, 'three']\n");

  EXPECT_EQ(place(root.entries[0].key.mark), "1:1-2");
  EXPECT_EQ(place(root.entries[0].value.mark), "1:4-7");
  EXPECT_EQ(place(root.entries[1].key.mark), "2:1-9");
  EXPECT_EQ(place(root.entries[1].value.items[0].mark), "2:12-13");
  EXPECT_EQ(place(root.entries[1].value.items[1].mark), "2:15-22");
}

TEST(MarkTree, KeepsTextAsWritten) {
  const MarkedNode root = read("[010, yes, '5', null]");

  EXPECT_EQ(root.items[0].text, "010");
  EXPECT_EQ(root.items[1].text, "yes");
  EXPECT_FALSE(root.items[1].quoted);
  EXPECT_TRUE(root.items[2].quoted);
  EXPECT_EQ(root.items[3].shape, Shape::empty);  // YAML's own word for nothing.
}

TEST(MarkTree, PutsAnEmptyValueAtItsKey) {
  const MarkedNode root = read("a:\nb: 1\n");

  EXPECT_EQ(root.entries[0].value.shape, Shape::empty);
  EXPECT_EQ(place(root.entries[0].value.mark), "1:1-2");
}

TEST(MarkTree, KeepsTheFirstOfTwoEqualKeysAndReportsTheSecond) {
  Report report("test.yaml");

  const auto root = read_yaml("a: 1\nb: 2\na: {c: 3}\n", report);

  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->find("a")->value.text, "1");
  EXPECT_EQ(report.take().entries().at(0).code, "graph.duplicate-key");
}

TEST(MarkTree, CountsBytesBehindAnUmlaut) {
  const MarkedNode root = read("\xC3\xA4: x\n");

  EXPECT_EQ(place(root.entries[0].value.mark), "1:5-6");
}

TEST(MarkTree, MarksTheFirstLineOfAValueOfSeveral) {
  const MarkedNode root = read("a: one\n  two\nb: |\n  text\nc: \"x\n  y\"\n");

  EXPECT_EQ(place(root.entries[0].value.mark), "1:4-7");
  EXPECT_EQ(place(root.entries[1].value.mark), "3:4-5");
  EXPECT_EQ(place(root.entries[2].value.mark), "5:4-6");
}

TEST(MarkTree, ReadsWindowsLineEndsAndAByteOrderMark) {
  const MarkedNode root = read(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: 2\r\n");

  EXPECT_EQ(root.entries[0].value.text, "1");
  EXPECT_EQ(place(root.entries[1].value.mark), "2:4-5");
}

TEST(MarkTree, SurvivesHostileNesting) {
  const std::string opened(100'000, '[');
  EXPECT_EQ(code_of(opened + std::string(100'000, ']')), "graph.too-deep");
  // Brackets that are never closed look like keys to the parser.
  EXPECT_EQ(code_of(opened), "graph.yaml-feature");
  EXPECT_EQ(code_of(std::string(100'000, '{')), "graph.yaml-feature");
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  EXPECT_EQ(code_of(dashes), "graph.too-deep");
}

TEST(MarkTree, RefusesOddPiecesOfYaml) {
  for (const char* text : {"!2", "&a", "*a", "a: &b", "? [a]\n: b", "? ", "%YAML 9.9\n---\na",
                           "a: b: c", "'", "\"\\q\"", "- a\nb", "[a, b", "{a: b", "}", "a: !<",
                           "--- a\n--- b", "a: |9\n x", "\xEF\xBB\xBF"}) {
    Report report("test.yaml");
    read_yaml(text, report);
    SUCCEED() << "no crash, no exception";
  }
  EXPECT_EQ(code_of("a: !!int 5"), "graph.yaml-feature");
  EXPECT_EQ(code_of("? {a: b}\n: c"), "graph.yaml-feature");
}

}  // namespace
