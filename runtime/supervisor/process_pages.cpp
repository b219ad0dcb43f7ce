#include "runtime/supervisor/process_pages.hpp"

#include <limits>

#include <takt/os/futex.hpp>

namespace takt::supervisor {
namespace {

struct Page {
  os::SharedMemory memory;
  os::Mapping map;
};

Result<Page> make_page(const std::string& name, std::size_t bytes) {
  auto memory = os::SharedMemory::create(name, bytes);
  if (!memory) return memory.error();
  auto map = os::Mapping::map(memory->fd(), bytes, true);
  if (!map) return map.error();
  return Page{std::move(*memory), std::move(*map)};
}

}  // namespace

Result<ProcessPages> ProcessPages::create(const GraphSpec& graph) {
  ProcessPages pages;
  auto control = make_page("takt-control", sizeof(ControlPage));
  if (!control) return control.error();
  auto bells = make_page("takt-bells", sizeof(BellPage));
  if (!bells) return bells.error();
  auto read_only = control->memory.reopen_read_only();
  if (!read_only) return read_only.error();
  pages.control_ = std::move(control->memory);
  pages.control_map_ = std::move(control->map);
  pages.control_read_only_ = std::move(*read_only);
  pages.bells_ = std::move(bells->memory);
  pages.bells_map_ = std::move(bells->map);
  pages.control().version = kPageVersion;
  pages.bells().version = kPageVersion;
  pages.control().supervisor.init();
  pages.control().supervisor.claim();
  for (const NodeConfig& node : graph.nodes) {
    auto status = make_page("takt-status-" + node.name, StatusPage::bytes_for(node.inputs.size()));
    if (!status) return status.error();
    pages.status_.push_back(std::move(status->memory));
    pages.status_maps_.push_back(std::move(status->map));
  }
  return pages;
}

void ProcessPages::release() {
  if (control_map_) control().supervisor.release();
}

void ProcessPages::command(std::size_t node, Command command) {
  control().commands[node].store(static_cast<std::uint32_t>(command), std::memory_order_release);
  ring(bells().bells[node]);
}

void ProcessPages::enter(Phase phase) {
  control().phase.store(static_cast<std::uint32_t>(phase), std::memory_order_release);
  os::futex_wake(control().phase, std::numeric_limits<int>::max());
}

}  // namespace takt::supervisor
