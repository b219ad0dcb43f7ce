#include <algorithm>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <takt/base/text.hpp>
#include <takt/graph/mark_tree.hpp>

#include "runtime/graph/yaml/source_lines.hpp"
#include "runtime/graph/yaml/text_checks.hpp"

namespace takt::graph {
namespace {

// Thrown through yaml-cpp's walk to leave it, and caught at its only caller.
struct Refusal {
  Finding finding;
};

// Builds the tree from the parser's events. Depth is refused here, before yaml-cpp recurses.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceLines& lines, Report& report) : lines_(lines), report_(report) {}

  MarkedNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(in_document_, true)) {
      refuse_feature(mark, "a second document",
                     format("a {} holds one {}: remove the line '---' and what follows",
                            report_.words().kind, report_.words().content));
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (wants_key()) refuse("graph.syntax", mark, "a key is missing before ':'", "");
    MarkedNode node;
    node.mark = open_.empty() || open_.back().is_list ? lines_.mark_at(mark.line, mark.column)
                                                      : open_.back().key.mark;
    add(std::move(node), mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse_feature(
        mark, "an alias ('*name')",
        format("write the value out: a {} says everything where it holds", report_.words().kind));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    const bool quoted = tag == "!";
    const Mark place = lines_.scalar_mark(mark.line, mark.column, value, quoted);
    if (value.size() > kTextBytesMax) {
      refuse("graph.too-large", mark,
             format("a value of {} bytes; a value has at most {}", value.size(), kTextBytesMax),
             "");
    }
    if (wants_key()) return take_key({value, place}, mark);
    MarkedNode node;
    node.shape = Shape::scalar;
    node.mark = place;
    node.text = value;
    node.quoted = quoted;
    add(std::move(node), mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Shape::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Shape::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct OpenNode {
    MarkedNode node;
    bool is_list = false;
    bool has_key = false;
    bool drop_value = false;  // The key stood before.
    Marked<std::string> key;
  };

  [[noreturn]] void refuse(const char* code, const YAML::Mark& mark, std::string message,
                           std::string help) const {
    throw Refusal{{.code = code,
                   .mark = lines_.mark_at(mark.line, mark.column),
                   .message = std::move(message),
                   .help = std::move(help)}};
  }

  [[noreturn]] void refuse_feature(const YAML::Mark& mark, const char* what,
                                   std::string help) const {
    refuse("graph.yaml-feature", mark,
           format("{} cannot stand in a {}", what, report_.words().kind), std::move(help));
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor == YAML::NullAnchor) return;
    refuse_feature(
        mark, "an anchor ('&name')",
        format("write the value out: a {} says everything where it holds", report_.words().kind));
  }

  // yaml-cpp gives plain scalars "?" and quoted ones "!"; anything else was written by the user.
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    refuse_feature(mark, "a tag ('!name')",
                   "remove it: the node type's declaration says what kind a value is");
  }

  bool wants_key() const {
    return !open_.empty() && !open_.back().is_list && !open_.back().has_key;
  }

  void count(const YAML::Mark& mark) {
    if (++values_ > kValuesMax) {
      refuse("graph.too-large", mark, format("more than {} values", kValuesMax), "");
    }
  }

  void take_key(Marked<std::string> key, const YAML::Mark& mark) {
    count(mark);
    if (key.value == "<<") {
      refuse_feature(mark, "a merge key ('<<')",
                     "write the values out, or use 'defaults:' for what all nodes share");
    }
    OpenNode& map = open_.back();
    if (map.node.entries.size() >= kKeysPerMapMax) {
      refuse("graph.too-large", mark, format("more than {} keys in one map", kKeysPerMapMax), "");
    }
    if (const MarkedEntry* first = map.node.find(key.value)) {
      report_.error({.code = "graph.duplicate-key",
                     .mark = key.mark,
                     .message = format("key '{}' stands twice", key.value),
                     .help = "remove one of them",
                     .notes = {{"it stands here first", first->key.mark}}});
      map.drop_value = true;
    }
    map.key = std::move(key);
    map.has_key = true;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Shape shape) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    count(mark);
    if (wants_key()) {
      refuse_feature(
          mark, "a key that is a map or a list",
          "look for a bracket that is not closed; quote a text that begins with '[' or '{'");
    }
    if (open_.size() >= kNestingMax) {
      refuse("graph.too-deep", mark, format("more than {} levels of nesting", kNestingMax), "");
    }
    OpenNode node;
    node.node.shape = shape;
    node.node.mark = lines_.mark_at(mark.line, mark.column);
    node.is_list = shape == Shape::list;
    open_.push_back(std::move(node));
  }

  void close() {
    MarkedNode node = std::move(open_.back().node);
    open_.pop_back();
    attach(std::move(node));
  }

  void add(MarkedNode node, const YAML::Mark& mark) {
    count(mark);
    attach(std::move(node));
  }

  void attach(MarkedNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().is_list) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      OpenNode& map = open_.back();
      map.has_key = false;
      if (std::exchange(map.drop_value, false)) return;
      map.node.entries.push_back({std::move(map.key), std::move(node)});
    }
  }

  const SourceLines& lines_;
  Report& report_;
  MarkedNode root_;
  std::vector<OpenNode> open_;
  std::size_t values_ = 0;
  bool in_document_ = false;
};

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

}  // namespace

const MarkedEntry* MarkedNode::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const MarkedEntry& entry) { return entry.key.value == key; });
  return found == entries.end() ? nullptr : &*found;
}

std::string_view name_of(Shape shape) {
  switch (shape) {
    case Shape::empty:
      return "nothing";
    case Shape::scalar:
      return "a single value";
    case Shape::list:
      return "a list";
    case Shape::map:
      return "a map";
  }
  return "";
}

std::optional<MarkedNode> read_yaml(const std::string& text, Report& report) {
  const std::string_view content = without_byte_order_mark(text);
  if (!check_text(content, report)) return std::nullopt;
  const SourceLines lines(content);
  TreeBuilder builder(lines, report);
  std::istringstream in{std::string(content)};
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take_root();
  } catch (const Refusal& refusal) {
    report.error(refusal.finding);
  } catch (const YAML::Exception& refusal) {
    report.error(
        {.code = "graph.syntax",
         .mark = lines.mark_at(std::max(0, refusal.mark.line), std::max(0, refusal.mark.column)),
         .message = format("not valid YAML: {}", refusal.msg),
         .help = "look for a missing quote, bracket or colon here or on the line before"});
  }
  return std::nullopt;
}

}  // namespace takt::graph
