#include "runtime/cli/rehearse.hpp"

#include <charconv>
#include <cstring>

#include <sys/stat.h>

#include <takt/base/json.hpp>
#include <takt/base/text.hpp>
#include <takt/os/shared_memory.hpp>

namespace takt::cli {
namespace {

Result<int> number_in(const std::string& text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem == std::errc() && end == text.data() + text.size() && number > 2) return number;
  return fail(format("--rehearse: '{}' is no descriptor", text), "`takt test` gives them");
}

Result<Json> read_plan(int fd) {
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || facts.st_size <= 0) return fail("--rehearse: there is no plan");
  const auto bytes = static_cast<std::size_t>(facts.st_size);
  auto mapping = os::Mapping::map(fd, bytes, false);
  if (!mapping) return mapping.error();
  const char* text = reinterpret_cast<const char*>(mapping->data());
  return parse_json({text, ::strnlen(text, bytes)});
}

}  // namespace

Result<HandedRehearsal> read_rehearsal(const std::string& descriptors) {
  const std::vector<std::string> parts = split(descriptors, ',');
  if (parts.size() != 2) return fail("--rehearse takes two descriptors", "`takt test` gives them");
  const auto wire = number_in(parts[0]);
  if (!wire) return wire.error();
  const auto memory = number_in(parts[1]);
  if (!memory) return memory.error();
  const auto plan = read_plan(*memory);
  if (!plan) return plan.error();
  HandedRehearsal handed;
  handed.rehearsal.wire = *wire;
  try {
    handed.rehearsal.paced = plan->at("paced").get<bool>();
    for (const Json& entry : plan->at("injections")) {
      auto injection = injection_from_json(entry);
      if (!injection) return injection.error();
      handed.rehearsal.injections.push_back(std::move(*injection));
    }
    for (const Json& entry : plan->at("faults")) {
      auto fault = node_fault_from_json(entry);
      if (!fault) return fault.error();
      handed.rehearsal.faults.push_back(std::move(*fault));
    }
    for (const auto& [param, value] : plan->at("params").items()) {
      handed.params[param] = value.get<std::string>();
    }
  } catch (const Json::exception& refusal) {
    return fail(std::string("--rehearse: the plan is not understood: ") + refusal.what());
  }
  return handed;
}

}  // namespace takt::cli
