#include <map>

#include <takt/base/text.hpp>
#include <takt/graph/graph_spec.hpp>

#include "runtime/graph/explanations/entry.hpp"

namespace takt {
namespace graph {
namespace {

std::string indented(const char* yaml) {
  std::string text;
  for (const std::string& line : split(yaml, '\n')) text += "    " + line + "\n";
  return text;
}

using Table = std::map<std::string, Explanation, std::less<>>;

const Table& table() {
  static const Table made = [] {
    Table entries;
    for (const auto& part :
         {file_explanations(), language_explanations(), name_explanations(), value_explanations(),
          time_explanations(), limit_explanations(), board_explanations(), device_explanations(),
          scenario_explanations()}) {
      for (const ExplanationEntry& entry : part) {
        entries[entry.code] = {entry.code, entry.title,
                               format("{}\n\nWrong:\n\n{}\nRight:\n\n{}", entry.why,
                                      indented(entry.wrong), indented(entry.right))};
      }
    }
    return entries;
  }();
  return made;
}

}  // namespace
}  // namespace graph

const Explanation* explain(std::string_view code) {
  const auto found = graph::table().find(code);
  return found == graph::table().end() ? nullptr : &found->second;
}

std::vector<std::string> explained_codes() {
  std::vector<std::string> codes;
  for (const auto& [code, explanation] : graph::table()) codes.push_back(code);
  return codes;
}

}  // namespace takt
