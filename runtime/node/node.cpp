#include <utility>

#include <takt/node/node.hpp>

namespace takt {

std::string NodeContext::resolve(const std::string& path) const {
  return path.empty() || path.front() == '/' ? path : base_folder + "/" + path;
}

Result<void> Node::configure(NodeContext&) { return {}; }
void Node::restored() noexcept {}
void Node::warm_up() noexcept {}
void Node::stale(const Cycle&) noexcept {}
void Node::safe_step(const Cycle& cycle) noexcept { stale(cycle); }
void Node::reset() noexcept {}

InputBase::InputBase(Node& node, std::string_view name, const Layout& (*layout)(),
                     InputOptions options)
    : name_(name), layout_(layout), options_(options) {
  node.inputs_.push_back(this);
}

OutputBase::OutputBase(Node& node, std::string_view name, const Layout& (*layout)(),
                       OutputOptions options)
    : name_(name), layout_(layout), options_(options) {
  node.outputs_.push_back(this);
}

OutputBase::OutputBase(Node& node, std::string_view name, const Layout& (*layout)(),
                       OutputOptions options, Device device)
    : OutputBase(node, name, layout, options) {
  options_.safe = true;
  device_ = device;
  node.owns_device_ = true;
}

ParamBase::ParamBase(Node& node, std::string_view name) : name_(name) {
  node.params_.push_back(this);
}

StateBase::StateBase(Node& node, const Layout& (*layout)(), void* data)
    : layout_(layout), data_(data) {
  TAKT_ASSERT(node.state_ == nullptr);  // A node has one state.
  node.state_ = this;
}

namespace {
const NodeEntry*& entries() {
  static const NodeEntry* first = nullptr;
  return first;
}
}  // namespace

const NodeEntry* node_entries() { return entries(); }

void register_node(NodeEntry& entry) { entry.next = std::exchange(entries(), &entry); }

const NodeEntry* find_node_entry(std::string_view type) {
  for (const NodeEntry* entry = node_entries(); entry != nullptr; entry = entry->next) {
    if (type == entry->type) return entry;
  }
  return nullptr;
}

}  // namespace takt
