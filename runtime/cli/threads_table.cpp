// `takt ps --long`: every thread, what was asked for it and what it has.
#include <takt/base/text.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

std::string cpus_of(const Json& schedule) {
  const auto cpus = schedule.at("cpus").get<std::vector<int>>();
  return cpus.empty() ? "any" : format("{}", fmt::join(cpus, ","));
}

// "fifo 70", "other"
std::string class_of(const Json& schedule) {
  std::string text = schedule.at("policy").get<std::string>();
  const int priority = schedule.at("priority").get<int>();
  return priority > 0 ? text + format(" {}", priority) : text;
}

// Whether a thread has what was asked for it.
bool as_requested(const Json& thread, std::int64_t locked_kib) {
  const Json& requested = thread.at("requested");
  if (requested.is_null()) return true;
  if (requested.at("lock_memory").get<bool>() && locked_kib == 0) return false;
  const Json& cpus = requested.at("cpus");
  return requested.at("policy") == thread.at("policy") &&
         requested.at("priority") == thread.at("priority") &&
         (cpus.empty() || cpus == thread.at("cpus"));
}

void add_rows(const std::string& process, const Json& facts, std::vector<Row>& rows) {
  const auto locked = facts.at("locked_kib").get<std::int64_t>();
  for (const Json& thread : facts.at("threads")) {
    const Json& requested = thread.at("requested");
    const bool first = &thread == &facts.at("threads").front();
    rows.push_back(
        {first ? process : "", thread.at("name").get<std::string>(),
         format("{}", thread.at("tid").get<int>()), requested.is_null() ? "-" : class_of(requested),
         requested.is_null() ? "-" : cpus_of(requested), class_of(thread), cpus_of(thread),
         format("{}", locked), format("{}", thread.at("page_faults").get<std::int64_t>()),
         format("{}", thread.at("involuntary_switches").get<std::int64_t>()),
         as_requested(thread, locked) ? "" : "not as requested"});
  }
}

}  // namespace

std::string threads_table_of(const Json& summary) {
  std::vector<Row> rows{{"process", "thread", "tid", "requested", "cpu", "has", "cpu", "locked KiB",
                         "page faults", "involuntary", ""}};
  for (const Json& node : summary.at("nodes")) {
    if (node.contains("process")) add_rows(node.at("name"), node.at("process"), rows);
  }
  for (const Json& other : summary.at("processes")) {
    add_rows(other.at("name"), other.at("process"), rows);
  }
  return lay_out(rows);
}

}  // namespace takt::cli
