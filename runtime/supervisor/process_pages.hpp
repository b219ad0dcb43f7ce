// The pages that the supervisor owns: control, bells, and one status page a node.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <takt/base/aligned.hpp>
#include <takt/graph/graph_spec.hpp>
#include <takt/os/shared_memory.hpp>
#include <takt/status/injections.hpp>
#include <takt/status/pages.hpp>
#include <takt/status/turns.hpp>

namespace takt::supervisor {

// Thread safety: one thread. Real time: no. Lifetime: the run's.
class ProcessPages {
 public:
  // `points`: so many can be injected at inputs.
  static Result<ProcessPages> create(const GraphSpec& graph, std::uint32_t points);

  ControlPage& control() { return *control_map_.as<ControlPage>(); }
  BellPage& bells() { return *bells_map_.as<BellPage>(); }
  InjectionPage& injections() { return *injections_map_.as<InjectionPage>(); }
  TurnPage* turns() { return turns_map_ ? turns_map_.as<TurnPage>() : nullptr; }
  const StatusPage& status(std::size_t node) const {
    return *aligned_as<StatusPage>(status_maps_[node].data());
  }
  StatusPage& writable_status(std::size_t node) {
    return *aligned_as<StatusPage>(status_maps_[node].data());
  }

  int control_fd() const { return control_read_only_.get(); }
  int bells_fd() const { return bells_.fd(); }
  int injections_fd() const { return injections_read_only_.get(); }
  int turns_fd() const { return turns_ ? turns_->fd() : -1; }  // -1: the machine's clock.
  int status_fd(std::size_t node) const { return status_[node].fd(); }

  // A fresh status page for a node that is started again; what the old one counted is kept.
  Result<void> renew_status(std::size_t node, const NodeConfig& config);
  // Everything that the incarnations before have counted; null before the first restart.
  const StatusPage* totals(std::size_t node) const { return totals_[node].get(); }

  // The node's snapshot page, which outlives its processes; -1 when it declares no state.
  int state_fd(std::size_t node) const { return states_[node] ? states_[node]->fd() : -1; }

  // Tells one node, and wakes it if it sleeps on its bell.
  void command(std::size_t node, Command command);
  // The supervisor leaves in good order: it will not count as dead.
  void release();
  // Moves the start on and wakes every node that waits for it.
  void enter(Phase phase);

 private:
  Result<void> make_injections(std::uint32_t points);

  os::SharedMemory control_;
  os::UniqueFd control_read_only_;
  os::Mapping control_map_;
  os::SharedMemory bells_;
  os::Mapping bells_map_;
  os::SharedMemory injections_;
  os::UniqueFd injections_read_only_;
  os::Mapping injections_map_;
  std::optional<os::SharedMemory> turns_;
  os::Mapping turns_map_;
  std::vector<os::SharedMemory> status_;
  std::vector<os::Mapping> status_maps_;
  std::vector<std::optional<os::SharedMemory>> states_;
  std::vector<std::unique_ptr<StatusPage, void (*)(StatusPage*)>> totals_;
};

}  // namespace takt::supervisor
