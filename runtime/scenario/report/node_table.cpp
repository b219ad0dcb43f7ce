#include "runtime/scenario/report/node_table.hpp"

#include <takt/base/text.hpp>

#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

std::string count_in(const Json& node, const char* key) {
  if (!node.contains(key) || !node.at(key).is_number_integer()) return "-";
  return format("{}", node.at(key).get<std::int64_t>());
}

std::string text_in(const Json& node, const char* key) {
  if (!node.contains(key) || !node.at(key).is_string()) return "-";
  return escaped(node.at(key).get<std::string>());
}

std::string micros_in(const Json& node, const char* histogram, const char* key) {
  if (!node.contains(histogram)) return "-";
  const Json& of = node.at(histogram);
  if (!of.is_object() || !of.contains(key) || !of.at(key).is_number()) return "-";
  return format("{:.1f}", of.at(key).get<double>() * 1e-3);
}

std::string lost_in(const Json& node) {
  if (!node.contains("inputs") || !node.at("inputs").is_array()) return "-";
  std::int64_t lost = 0;
  for (const Json& input : node.at("inputs")) {
    const bool counted = input.is_object() && input.contains("lost");
    if (counted && input.at("lost").is_number_integer())
      lost += input.at("lost").get<std::int64_t>();
  }
  return format("{}", lost);
}

}  // namespace

std::string node_table(const Json& summary) {
  if (!summary.is_object() || !summary.contains("nodes")) return "";
  const Json& nodes = summary.at("nodes");
  if (!nodes.is_array() || nodes.empty()) return "";
  std::string html =
      "<section id=\"nodes\">\n<h2>Nodes</h2>\n<div class=\"scroll\"><table>\n<tr><th>node</th>"
      "<th>type</th><th>state</th>";
  for (const char* head : {"cycles", "overruns", "skipped", "misses", "stale", "lost", "restarts",
                           "step p50 / us", "p99 / us", "max / us"}) {
    html += format("<th class=\"n\">{}</th>", head);
  }
  html += "</tr>\n";
  for (const Json& node : nodes) {
    if (!node.is_object()) continue;
    html += format("<tr><td class=\"name\">{}</td><td>{}</td><td>{}</td>", text_in(node, "name"),
                   text_in(node, "type"), text_in(node, "state"));
    for (const std::string& cell :
         {count_in(node, "cycles"), count_in(node, "overruns"), count_in(node, "skipped"),
          count_in(node, "misses"), count_in(node, "stale_steps"), lost_in(node),
          count_in(node, "restarts"), micros_in(node, "step_ns", "p50"),
          micros_in(node, "step_ns", "p99"), micros_in(node, "step_ns", "max")}) {
      html += format("<td class=\"n\">{}</td>", cell);
    }
    html += "</tr>\n";
  }
  return html + "</table></div>\n</section>\n";
}

}  // namespace takt::scenario
