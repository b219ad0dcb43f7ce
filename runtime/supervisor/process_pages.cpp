#include "runtime/supervisor/process_pages.hpp"

#include <cstdlib>
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

Result<std::optional<os::SharedMemory>> make_snapshot_page(const NodeConfig& node) {
  if (!node.declaration.state) return std::optional<os::SharedMemory>();
  const std::uint32_t size = node.declaration.state->size;
  auto page = make_page("takt-state-" + node.name, SnapshotPage::bytes_for(size));
  if (!page) return page.error();
  page->map.as<SnapshotPage>()->version = kPageVersion;
  page->map.as<SnapshotPage>()->size = size;
  return std::optional<os::SharedMemory>(std::move(page->memory));
}

void free_page(StatusPage* page) { std::free(page); }

}  // namespace

Result<void> ProcessPages::make_injections(std::uint32_t points) {
  auto page = make_page("takt-injections", InjectionPage::bytes_for(points));
  if (!page) return page.error();
  auto read_only = page->memory.reopen_read_only();
  if (!read_only) return read_only.error();
  injections_ = std::move(page->memory);
  injections_map_ = std::move(page->map);
  injections_read_only_ = std::move(*read_only);
  injections().version = kPageVersion;
  injections().room_for_points = points;
  return {};
}

Result<ProcessPages> ProcessPages::create(const GraphSpec& graph, std::uint32_t points) {
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
  if (graph.clock == ClockMode::lockstep) {
    auto turns = make_page("takt-turns", sizeof(TurnPage));
    if (!turns) return turns.error();
    pages.turns_ = std::move(turns->memory);
    pages.turns_map_ = std::move(turns->map);
    pages.turns()->version = kPageVersion;
    pages.turns()->now_ns = kLogicalZero;
  }
  if (auto made = pages.make_injections(points); !made) return made.error();
  pages.control().supervisor.init();
  pages.control().supervisor.claim();
  for (const NodeConfig& node : graph.nodes) {
    auto status = make_page("takt-status-" + node.name, StatusPage::bytes_for(node.inputs.size()));
    if (!status) return status.error();
    pages.status_.push_back(std::move(status->memory));
    pages.status_maps_.push_back(std::move(status->map));
    pages.totals_.emplace_back(nullptr, free_page);
    auto state = make_snapshot_page(node);
    if (!state) return state.error();
    pages.states_.push_back(std::move(*state));
  }
  return pages;
}

Result<void> ProcessPages::renew_status(std::size_t node, const NodeConfig& config) {
  const std::size_t bytes = StatusPage::bytes_for(config.inputs.size());
  auto fresh = make_page("takt-status-" + config.name, bytes);
  if (!fresh) return fresh.error();
  // Zeroed memory is an empty page.
  if (!totals_[node]) totals_[node].reset(static_cast<StatusPage*>(std::calloc(1, bytes)));
  add_counts(*totals_[node], status(node), config.inputs.size(), config.outputs.size());
  status_[node] = std::move(fresh->memory);
  status_maps_[node] = std::move(fresh->map);
  return {};
}

void ProcessPages::release() {
  if (control_map_) control().supervisor.release();
}

void ProcessPages::command(std::size_t node, Command command) {
  control().commands[node].store(static_cast<std::uint32_t>(command), std::memory_order_release);
  os::futex_wake(control().commands[node], std::numeric_limits<int>::max());
  ring(bells().bells[node]);
}

void ProcessPages::enter(Phase phase) {
  control().phase.store(static_cast<std::uint32_t>(phase), std::memory_order_release);
  os::futex_wake(control().phase, std::numeric_limits<int>::max());
}

}  // namespace takt::supervisor
