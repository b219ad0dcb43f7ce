#include "runtime/scenario/language/substitute.hpp"

#include <algorithm>
#include <set>

#include <takt/base/text.hpp>

#include "runtime/scenario/language/place.hpp"

namespace takt::scenario {
namespace {

class Substitution {
 public:
  Substitution(const Parameters& parameters, const std::string& source, graph::Report& report)
      : parameters_(parameters), source_(source), report_(report) {}

  void walk(graph::MarkedNode& node) {
    if (node.shape == graph::Shape::scalar) replace(node);
    for (graph::MarkedNode& item : node.items) walk(item);
    for (graph::MarkedEntry& entry : node.entries) {
      if (entry.key.value != "parameters") walk(entry.value);
    }
  }
  bool used(const std::string& name) const { return used_.contains(name); }

 private:
  void replace(graph::MarkedNode& node) {
    std::size_t at = 0;
    while ((at = node.text.find("${", at)) != std::string::npos) {
      const std::size_t end = node.text.find('}', at);
      const std::string name =
          end == std::string::npos ? "" : node.text.substr(at + 2, end - at - 2);
      const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                      [&](const auto& entry) { return entry.first == name; });
      if (found == parameters_.end()) return refuse(node, at, name);
      node.text.replace(at, end + 1 - at, found->second);
      used_.insert(name);
      at += found->second.size();
    }
  }

  void refuse(const graph::MarkedNode& node, std::size_t at, const std::string& name) {
    const std::size_t length = name.empty() ? 2 : name.size() + 3;
    std::vector<std::string> known;
    for (const auto& [parameter, value] : parameters_) known.push_back(parameter);
    const std::string near = nearest_word(name, known);
    report_.error(
        {.code = "scenario.unknown-parameter",
         .mark = place_in(node, at, length, source_, parameters_),
         .message = name.empty() ? "'${' begins a parameter and no '}' ends it"
                                 : format("there is no parameter '{}'{}", name,
                                          near.empty() ? "" : format("; did you mean '{}'?", near)),
         .help = known.empty() ? "parameters stand under 'parameters:'"
                               : format("parameters: {}", fmt::join(known, ", "))});
  }

  const Parameters& parameters_;
  const std::string& source_;
  graph::Report& report_;
  std::set<std::string> used_;
};

}  // namespace

void substitute(graph::MarkedNode& root, const Parameters& parameters, const std::string& source,
                graph::Report& report) {
  Substitution substitution(parameters, source, report);
  substitution.walk(root);
  const graph::MarkedEntry* matrix = root.find("parameters");
  if (!matrix) return;
  for (const graph::MarkedEntry& entry : matrix->value.entries) {
    const bool is_one = std::any_of(parameters.begin(), parameters.end(), [&](const auto& known) {
      return known.first == entry.key.value;
    });
    if (!is_one || substitution.used(entry.key.value)) continue;
    report.warning({.code = "scenario.unused-parameter",
                    .mark = entry.key.mark,
                    .message = format("nothing uses the parameter '{}'", entry.key.value),
                    .help = format("write ${{{}}} where its value belongs", entry.key.value)});
  }
}

}  // namespace takt::scenario
