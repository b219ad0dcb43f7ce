#include "runtime/supervisor/node_logs.hpp"

#include <takt/base/text.hpp>

namespace takt::supervisor {

void NodeLog::drain(const std::string& node, const LogRing& ring, Log& log) {
  const std::uint64_t missed_before = missed;
  next = ring.read(
      next,
      [&](const LogRecord& record) {
        log.output_of(node, format("{}: {}", name_of(record.level), record.line()));
      },
      missed);
  const std::uint64_t now = ring.suppressed();
  const std::uint64_t gone = (now - suppressed) + (missed - missed_before);
  suppressed = now;
  if (gone > 0) log.output_of(node, format("warning: {} more lines were not kept", gone));
}

void NodeLog::say_switches(const NodeConfig& node, const StatusPage& page, Log& log) {
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i].fallbacks.empty()) continue;
    const std::uint32_t now = page.inputs[i].source.load(std::memory_order_relaxed);
    std::uint32_t& before = sources[i];
    if (now == before) continue;
    const auto topics = node.inputs[i].sources();
    const std::string left = topics.at(before).text();
    log.say(format("input '{}.{}' reads '{}': {}", node.name, node.inputs[i].name,
                   topics.at(now).text(),
                   now > before ? format("'{}' is too old", left) : "it is fresh again"));
    before = now;
  }
}

}  // namespace takt::supervisor
