// `takt force`: a value that a person holds for a time. The loop of the node applies it and ends it
// by the clock; what is kept here is for the eye.
#include <algorithm>
#include <cstring>

#include <takt/base/text.hpp>

#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

Json reply(bool ok, const std::string& message, const std::string& fix = "") {
  return {{"takt", kControlVersion}, {"ok", ok}, {"message", message}, {"fix", fix}};
}

// The first slot of this element, else one whose force is over, else none.
ForceSlot* choose_slot(ControlPage& control, const Force& wanted, std::int64_t now) {
  ForceSlot* free = nullptr;
  const std::uint64_t armed = control.armed.load(std::memory_order_relaxed);
  for (ForceSlot& slot : control.forces) {
    const bool is_over = slot.until_ns.load() <= now || slot.armed.load() != armed;
    if (is_over && free == nullptr) free = &slot;
    if (!is_over && slot.node == wanted.node && slot.output == wanted.output &&
        slot.offset == wanted.offset) {
      return &slot;
    }
  }
  return free;
}

// Readers see the whole of it or nothing: an odd revision is a slot that is being written.
void write(ForceSlot& slot, const Force& force) {
  const std::uint64_t revision = slot.revision.load(std::memory_order_relaxed);
  slot.revision.store(revision + 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  slot.armed.store(force.armed, std::memory_order_relaxed);
  slot.until_ns.store(force.until_ns, std::memory_order_relaxed);
  slot.node.store(force.node, std::memory_order_relaxed);
  slot.output.store(force.output, std::memory_order_relaxed);
  slot.offset.store(force.offset, std::memory_order_relaxed);
  slot.size.store(force.size, std::memory_order_relaxed);
  slot.bits.store(force.bits, std::memory_order_relaxed);
  slot.revision.store(revision + 2, std::memory_order_release);
}

}  // namespace

Json Run::force(const Json& request) {
  if (!barrier_open_ || ending_) return reply(false, "the graph is starting or stopping");
  const std::string target = request.value("output", "");
  const std::string value = request.value("value", "");
  const nanoseconds time(request.value("for_ns", std::int64_t{0}));
  if (time.count() <= 0 || time > kByHandMax) {
    return reply(false,
                 format("a force lasts more than 0 s and at most {} min", kByHandMax.count()));
  }
  if (is_external_input(target)) return force_input(target, value, time);
  const auto element = find_element(graph_, target, value);
  if (!element) {
    const auto input = find_input_element(graph_, target, value);
    const Error& error = means_external_input(target) ? input.error() : element.error();
    return reply(false, error.message, error.fix);
  }
  if (!is_armed()) {
    return reply(false, "not forced: the graph is disarmed", "`takt arm` lets it act first");
  }
  ControlPage& control = pages_.control();
  Force force{control.armed.load(),
              (graph_now() + time).count(),
              static_cast<std::uint32_t>(element->node),
              static_cast<std::uint32_t>(element->port),
              element->offset,
              static_cast<std::uint32_t>(element->bytes.size()),
              0};
  std::memcpy(&force.bits, element->bytes.data(), element->bytes.size());
  ForceSlot* slot = choose_slot(control, force, graph_now().count());
  if (slot == nullptr) {
    return reply(false, format("not forced: {} values are forced already", kForcesMax));
  }
  write(*slot, force);
  const auto used = static_cast<std::uint32_t>(slot - control.forces.data()) + 1;
  control.forces_used.store(std::max(control.forces_used.load(), used), std::memory_order_release);
  std::erase_if(forced_, [&](const Forced& f) { return f.target == target; });
  forced_.push_back({target, value, nanoseconds(force.until_ns), false});
  log_.say(format("forced: {} = {} for {:.3g} s", target, value,
                  std::chrono::duration<double>(time).count()));
  return reply(true, "");
}

// Ten times a second, and when the graph is disarmed.
void Run::watch_forces() {
  const nanoseconds now = graph_now();
  std::erase_if(forced_, [&](const Forced& f) {
    const bool holds = f.is_input || is_armed();
    if (holds && now < f.until) return false;
    log_.say(format("no longer forced: {} ({})", f.target,
                    holds ? "its time has passed" : "the graph is disarmed"));
    return true;
  });
}

Json Run::forces_summary() const {
  Json list = Json::array();
  for (const Forced& f : forced_) {
    const nanoseconds left = f.until - graph_now();
    if (left.count() <= 0 || !(f.is_input || is_armed())) continue;
    list.push_back({{f.is_input ? "input" : "output", f.target},
                    {"value", f.value},
                    {"left_s", std::chrono::duration<double>(left).count()}});
  }
  return list;
}

}  // namespace takt::supervisor
