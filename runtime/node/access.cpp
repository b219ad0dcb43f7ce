#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/node/access.hpp>

namespace takt {
namespace {

template <typename T>
constexpr ParamKind kind_of() {
  if (std::is_same_v<T, double>) return ParamKind::number;
  if (std::is_same_v<T, std::int64_t>) return ParamKind::integer;
  if (std::is_same_v<T, bool>) return ParamKind::boolean;
  return ParamKind::text;
}

template <typename T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

template <typename T>
ParamBase::Description Param<T>::describe() {
  ParamDeclaration declaration;
  declaration.summary = options_.summary;
  declaration.kind = kind_of<T>();
  declaration.unit = options_.unit;
  declaration.fallback = optional_json(options_.fallback);
  declaration.min = optional_json(options_.min);
  declaration.max = optional_json(options_.max);
  declaration.choices = options_.choices;
  return {std::move(declaration), [this](const Json& value) -> Result<void> {
            try {
              value.get_to(value_);
              return {};
            } catch (const Json::exception& refusal) {
              return fail(refusal.what());
            }
          }};
}

template class Param<double>;
template class Param<std::int64_t>;
template class Param<bool>;
template class Param<std::string>;

NodeDeclaration PortAccess::declare(Node& node, std::string_view type, std::string_view summary) {
  NodeDeclaration declaration;
  declaration.type = type;
  declaration.summary = summary;
  declaration.needs_period = node.needs_period_;
  if (node.state_ != nullptr) declaration.state = node.state_->layout_();
  declaration.device = node.owns_device_;
  for (const InputBase* input : node.inputs_) {
    const InputOptions& o = input->options_;
    declaration.inputs.push_back({input->name_, std::string(o.summary), input->layout_(),
                                  std::string(o.unit), o.measurement, o.optional, o.command});
  }
  for (const OutputBase* output : node.outputs_) {
    const OutputOptions& o = output->options_;
    declaration.outputs.push_back({output->name_, std::string(o.summary), output->layout_(),
                                   std::string(o.unit), o.origin, o.safe});
  }
  for (ParamBase* param : node.params_) {
    declaration.params.push_back(param->describe().declaration);
    declaration.params.back().name = param->name_;
  }
  return declaration;
}

Result<void> PortAccess::set_params(Node& node, const Json& values) {
  for (ParamBase* param : node.params_) {
    const auto found = values.find(param->name_);
    if (found == values.end()) continue;
    if (auto set = param->describe().set(*found); !set) {
      return fail(format("parameter '{}': {}", param->name_, set.error().message));
    }
  }
  return {};
}

Manifest manifest_of(std::string_view library, const NodeEntry* entries) {
  Manifest manifest{std::string(library), TAKT_VERSION, {}};
  for (const NodeEntry* entry = entries; entry != nullptr; entry = entry->next) {
    const auto node = entry->make();
    manifest.nodes.push_back(PortAccess::declare(*node, entry->type, entry->summary));
  }
  std::sort(manifest.nodes.begin(), manifest.nodes.end(),
            [](const NodeDeclaration& a, const NodeDeclaration& b) { return a.type < b.type; });
  return manifest;
}

}  // namespace takt
