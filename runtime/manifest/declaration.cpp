#include <algorithm>
#include <fstream>
#include <iterator>

#include <takt/base/text.hpp>
#include <takt/manifest/declaration.hpp>
#include <takt/sample/json.hpp>

#include "runtime/manifest/enums.hpp"

namespace takt {
namespace {

constexpr int kManifestVersion = 1;

void set_text(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}
void set_flag(Json& json, const char* key, bool flag) {
  if (flag) json[key] = true;
}

Json to_json(const InputDeclaration& input) {
  Json json = {{"name", input.name}};
  set_text(json, "summary", input.summary);
  set_text(json, "unit", input.unit);
  set_flag(json, "measurement", input.measurement);
  set_flag(json, "optional", input.optional);
  set_flag(json, "command", input.command);
  json["layout"] = takt::to_json(input.layout);
  return json;
}

Json to_json(const OutputDeclaration& output) {
  Json json = {{"name", output.name}};
  set_text(json, "summary", output.summary);
  set_text(json, "unit", output.unit);
  json["origin"] = output.origin;
  set_flag(json, "safe", output.safe);
  json["layout"] = takt::to_json(output.layout);
  return json;
}

Json to_json(const ParamDeclaration& param) {
  Json json = {{"name", param.name}};
  set_text(json, "summary", param.summary);
  json["kind"] = param.kind;
  set_text(json, "unit", param.unit);
  if (!param.fallback.is_null()) json["fallback"] = param.fallback;
  if (!param.min.is_null()) json["min"] = param.min;
  if (!param.max.is_null()) json["max"] = param.max;
  if (!param.choices.empty()) json["choices"] = param.choices;
  return json;
}

std::string text(const Json& json, const char* key) { return json.value(key, std::string()); }
Json any(const Json& json, const char* key) { return json.contains(key) ? json.at(key) : Json(); }

InputDeclaration input_from(const Json& json, const Layout& layout) {
  return {json.at("name"),
          text(json, "summary"),
          layout,
          text(json, "unit"),
          json.value("measurement", false),
          json.value("optional", false),
          json.value("command", false)};
}

OutputDeclaration output_from(const Json& json, const Layout& layout) {
  return {json.at("name"),    text(json, "summary"),           layout,
          text(json, "unit"), json.at("origin").get<Origin>(), json.value("safe", false)};
}

ParamDeclaration param_from(const Json& json) {
  return {json.at("name"),
          text(json, "summary"),
          json.at("kind").get<ParamKind>(),
          text(json, "unit"),
          any(json, "fallback"),
          any(json, "min"),
          any(json, "max"),
          json.value("choices", std::vector<std::string>())};
}

}  // namespace

bool NodeDeclaration::is_actuator() const {
  return device || std::any_of(outputs.begin(), outputs.end(),
                               [](const OutputDeclaration& output) { return output.safe; });
}

const InputDeclaration* NodeDeclaration::find_input(std::string_view name) const {
  const auto found = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const InputDeclaration& i) { return i.name == name; });
  return found == inputs.end() ? nullptr : &*found;
}

const OutputDeclaration* NodeDeclaration::find_output(std::string_view name) const {
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const OutputDeclaration& o) { return o.name == name; });
  return found == outputs.end() ? nullptr : &*found;
}

Json to_json(const NodeDeclaration& declaration) {
  Json json = {{"type", declaration.type}};
  set_text(json, "summary", declaration.summary);
  set_flag(json, "needs_period", declaration.needs_period);
  if (declaration.state) json["state"] = to_json(*declaration.state);
  set_flag(json, "device", declaration.device);
  json["inputs"] = Json::array();
  json["outputs"] = Json::array();
  json["params"] = Json::array();
  for (const auto& input : declaration.inputs) json["inputs"].push_back(to_json(input));
  for (const auto& output : declaration.outputs) json["outputs"].push_back(to_json(output));
  for (const auto& param : declaration.params) json["params"].push_back(to_json(param));
  return json;
}

Result<NodeDeclaration> declaration_from_json(const Json& json) {
  try {
    NodeDeclaration declaration;
    declaration.type = json.at("type").get<std::string>();
    declaration.summary = text(json, "summary");
    declaration.needs_period = json.value("needs_period", false);
    if (json.contains("state")) {
      auto layout = layout_from_json(json.at("state"));
      if (!layout) return layout.error();
      declaration.state = std::move(*layout);
    }
    declaration.device = json.value("device", false);
    for (const Json& input : json.at("inputs")) {
      auto layout = layout_from_json(input.at("layout"));
      if (!layout) return layout.error();
      declaration.inputs.push_back(input_from(input, *layout));
    }
    for (const Json& output : json.at("outputs")) {
      auto layout = layout_from_json(output.at("layout"));
      if (!layout) return layout.error();
      declaration.outputs.push_back(output_from(output, *layout));
    }
    for (const Json& param : json.at("params")) declaration.params.push_back(param_from(param));
    return declaration;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a node declaration: ") + refusal.what());
  }
}

Json to_json(const Manifest& manifest) {
  Json nodes = Json::array();
  for (const auto& node : manifest.nodes) nodes.push_back(to_json(node));
  return {{"takt_manifest", kManifestVersion},
          {"takt_version", manifest.takt_version},
          {"library", manifest.library},
          {"nodes", std::move(nodes)}};
}

Result<Manifest> manifest_from_json(const Json& json) {
  try {
    if (json.value("takt_manifest", 0) != kManifestVersion) {
      return fail(format("this takt reads manifests of version {}", kManifestVersion),
                  "build the library again with this takt");
    }
    Manifest manifest;
    manifest.library = json.at("library").get<std::string>();
    manifest.takt_version = json.at("takt_version").get<std::string>();
    for (const Json& node : json.at("nodes")) {
      auto declaration = declaration_from_json(node);
      if (!declaration) return declaration.error();
      manifest.nodes.push_back(std::move(*declaration));
    }
    return manifest;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a manifest: ") + refusal.what());
  }
}

Result<Manifest> read_manifest(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    return fail(format("cannot read the manifest '{}'", path),
                "takt_add_nodes() writes it when the library is built");
  }
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  auto json = parse_json(content);
  if (!json) return fail(format("'{}': {}", path, json.error().message));
  auto manifest = manifest_from_json(*json);
  if (!manifest) {
    return fail(format("'{}': {}", path, manifest.error().message), manifest.error().fix);
  }
  return manifest;
}

}  // namespace takt
