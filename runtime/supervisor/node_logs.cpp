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

}  // namespace takt::supervisor
