#include "runtime/scenario/language/substitute.hpp"

#include <algorithm>
#include <set>

#include <takt/base/text.hpp>

namespace takt::scenario {
namespace {

class Substitution {
 public:
  Substitution(const Parameters& parameters, graph::Report& report)
      : parameters_(parameters), report_(report) {}

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
      if (found == parameters_.end()) return refuse(node, name);
      node.text.replace(at, end + 1 - at, found->second);
      used_.insert(name);
      at += found->second.size();
    }
  }

  void refuse(const graph::MarkedNode& node, const std::string& name) {
    std::vector<std::string> known;
    for (const auto& [parameter, value] : parameters_) known.push_back(parameter);
    report_.error({.code = "scenario.unknown-parameter",
                   .mark = node.mark,
                   .message = name.empty() ? "'${' begins a parameter and no '}' ends it"
                                           : format("there is no parameter '{}'", name),
                   .help = known.empty() ? "parameters stand under 'parameters:'"
                                         : format("parameters: {}", fmt::join(known, ", "))});
  }

  const Parameters& parameters_;
  graph::Report& report_;
  std::set<std::string> used_;
};

}  // namespace

void substitute(graph::MarkedNode& root, const Parameters& parameters, graph::Report& report) {
  Substitution substitution(parameters, report);
  substitution.walk(root);
  const graph::MarkedEntry* matrix = root.find("parameters");
  if (!matrix) return;
  for (const graph::MarkedEntry& entry : matrix->value.entries) {
    if (substitution.used(entry.key.value)) continue;
    report.warning({.code = "scenario.unused-parameter",
                    .mark = entry.key.mark,
                    .message = format("nothing uses the parameter '{}'", entry.key.value),
                    .help = format("write ${{{}}} where its value belongs", entry.key.value)});
  }
}

}  // namespace takt::scenario
