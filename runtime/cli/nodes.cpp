#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <takt/base/text.hpp>
#include <takt/manifest/declaration.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

constexpr std::string_view kManifestEnding = ".takt.json";

// Every manifest in the library folders and the current folder; the first of a name wins, as it
// does when a graph is loaded.
std::vector<Manifest> find_manifests() {
  std::vector<std::string> folders{"."};
  const auto standard = default_library_folders();
  folders.insert(folders.end(), standard.begin(), standard.end());
  std::vector<Manifest> manifests;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (!entry.path().string().ends_with(kManifestEnding)) continue;
      auto manifest = read_manifest(entry.path().string());
      if (!manifest) {
        print_error(manifest.error());
        continue;
      }
      const bool known = std::any_of(manifests.begin(), manifests.end(), [&](const Manifest& m) {
        return m.library == manifest->library;
      });
      if (!known) manifests.push_back(std::move(*manifest));
    }
  }
  return manifests;
}

std::string unit_text(const std::string& unit) { return unit.empty() ? "" : " [" + unit + "]"; }

std::string describe(const NodeDeclaration& node) {
  std::string text =
      format("{}\n  {}{}\n", node.type, node.summary, node.device ? " Owns a device." : "");
  for (const auto& input : node.inputs) {
    text += format("  input   {:<14} {}{}{}{}  {}\n", input.name, input.layout.type,
                   unit_text(input.unit), input.measurement ? ", measurement" : "",
                   input.optional ? ", optional" : "", input.summary);
  }
  for (const auto& output : node.outputs) {
    text += format("  output  {:<14} {}{}{}  {}\n", output.name, output.layout.type,
                   unit_text(output.unit), output.safe ? ", has a safe value" : "", output.summary);
  }
  for (const auto& param : node.params) {
    text += format("  param   {:<14} {}{}", param.name,
                   param.fallback.is_null() ? "mandatory" : "default " + param.fallback.dump(),
                   unit_text(param.unit));
    if (!param.choices.empty()) text += ", " + one_of(param.choices);
    text += format("  {}\n", param.summary);
  }
  return text;
}

int nodes(const std::string& type, bool json) {
  Json list = Json::array();
  std::string text;
  std::vector<std::string> types;
  for (const Manifest& manifest : find_manifests()) {
    for (const NodeDeclaration& node : manifest.nodes) {
      types.push_back(node.type);
      if (!type.empty() && node.type != type) continue;
      list.push_back(to_json(node));
      list.back()["library"] = manifest.library;
      text += type.empty() ? format("{:<22} {:<14} {}\n", node.type, manifest.library, node.summary)
                           : describe(node);
    }
  }
  if (!type.empty() && list.empty()) {
    const std::string nearest = nearest_word(type, types);
    print_error(fail(
        format("no library has a node type '{}'", type),
        nearest.empty() ? "takt nodes lists every type" : format("did you mean '{}'?", nearest)));
    return kUsage;
  }
  if (json)
    std::puts(json_line(list).c_str());
  else
    std::fputs(text.c_str(), stdout);
  return kDone;
}

}  // namespace

void add_nodes(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("nodes", "List node types, or describe one");
  auto type = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  verb->add_option("TYPE", *type, "Describe this type: ports, parameters, units");
  verb->add_flag("--json", *json, "As JSON");
  verb->footer(
      "Libraries are found in the current folder, TAKT_NODE_PATH and takt's own folder.\n\n"
      "Examples:\n  takt nodes\n  takt nodes controller/pid");
  verb->callback([type, json, &exit_code] { exit_code = nodes(*type, *json); });
}

}  // namespace takt::cli
