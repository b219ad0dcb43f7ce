#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <cstdlib>
#include <utility>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/os/scheduling.hpp>
#include <takt/supervisor/instance.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

Json place(const SourceSpot& spot) {
  return {{"file", spot.file}, {"line", spot.line}, {"column", spot.column}};
}

}  // namespace

void print_error(const Error& error) {
  std::fprintf(stderr, "%serror:%s %s\n", colour_wanted() ? "\033[1;31m" : "",
               colour_wanted() ? "\033[0m" : "", error.message.c_str());
  if (!error.fix.empty()) std::fprintf(stderr, "  help: %s\n", error.fix.c_str());
}

bool colour_wanted() { return ::isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  static constexpr std::array kUnits{std::pair{"ns", 1.0},   std::pair{"us", 1e3},
                                     std::pair{"ms", 1e6},   std::pair{"s", 1e9},
                                     std::pair{"min", 60e9}, std::pair{"h", 3600e9}};
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  std::string_view unit(end);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& [name, factor] : kUnits) {
    if (unit != name || end == copy.c_str()) continue;
    const double ns = number * factor;
    // 2^63 ns are 292 years; NaN fails both comparisons.
    if (!(ns >= 0.0 && ns < 9.2e18)) return fail(format("'{}' is not a time that can pass", text));
    return std::chrono::nanoseconds(std::llround(ns));
  }
  return fail(format("'{}' is not a duration", text),
              "write a number and a unit: 5s, 250ms, 1.5min");
}

std::string own_program() {
  std::error_code problem;
  return std::filesystem::read_symlink("/proc/self/exe", problem).string();
}

LoadOptions load_options() {
  LoadOptions options;
  options.allowed_cpus = os::allowed_cpus();
  options.library_folders = default_library_folders();
  return options;
}

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics.entries()) {
    Json entry = {{"severity", d.severity == Severity::error ? "error" : "warning"},
                  {"code", d.code}};
    entry.update(place(d.spot));
    entry["end_column"] = d.spot.end_column;
    entry["message"] = d.message;
    entry["help"] = d.help;
    entry["notes"] = Json::array();
    for (const DiagnosticNote& note : d.notes) {
      entry["notes"].push_back(place(note.spot));
      entry["notes"].back()["message"] = note.message;
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Result<std::string> choose_instance(const std::string& named) {
  std::string name = named;
  if (const char* given = std::getenv("TAKT_INSTANCE"); name.empty() && given != nullptr) {
    name = given;
  }
  const RunningInstances running = running_instances();
  const std::vector<std::string>& names = running.reachable;
  if (!name.empty()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) return name;
    if (auto socket = socket_to(name); !socket && socket.error().errno_value == 0) {
      return socket.error();  // It runs, and does not let this user in.
    }
    return fail(format("no instance '{}' is running", name),
                names.empty() ? "start one: takt run GRAPH"
                              : format("running: {}", fmt::join(names, ", ")));
  }
  if (names.size() == 1) return names.front();
  if (names.empty() && !running.closed.empty()) return socket_to(running.closed.front()).error();
  if (names.empty()) return fail("no graph is running", "start one: takt run GRAPH");
  return fail("several instances are running",
              format("name one with --instance: {}", fmt::join(names, ", ")));
}

Result<Json> ask(const std::string& instance, const Json& request) {
  const auto socket_path = socket_to(instance);
  if (!socket_path) return socket_path.error();
  auto socket = os::connect_to(*socket_path);
  if (!socket) return socket.error();
  Json message = {{"takt", 1}};
  message.update(request);
  if (auto sent = os::write_all(socket->get(), json_line(message) + "\n"); !sent)
    return sent.error();
  os::LineReader lines(socket->get());
  auto line = lines.next_line(std::nullopt);
  if (!line) return line.error();
  if (!line->has_value()) return fail("the instance closed the connection without an answer");
  auto answer = parse_json(**line);
  if (!answer) return answer.error();
  if (!answer->is_object() || answer->value("ok", Json()) != Json(true)) {
    return fail(answer->value("message", "the instance refused"), answer->value("fix", ""));
  }
  if (request.value("wait_for_end", false)) {
    while (auto rest = lines.next_line(std::nullopt)) {
      if (!rest->has_value()) break;
    }
  }
  return answer;
}

}  // namespace takt::cli
