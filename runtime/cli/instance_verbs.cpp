// ps and stop: one question to a running instance.
#include <cstdio>

#include <takt/base/text.hpp>
#include <takt/supervisor/instance.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

// "motor (default): safe, 12.3 s, actuator 'drive' went safe: ..., e-stop latched"
std::string head_of(const Json& summary) {
  std::string text =
      format("{} ({}): {}, {:.1f} s", summary.at("graph").get<std::string>(),
             summary.at("instance").get<std::string>(), summary.at("state").get<std::string>(),
             summary.at("elapsed_s").get<double>());
  const auto reason = summary.value("safe_reason", "");
  if (!reason.empty()) text += ", " + reason;
  if (const Json& estop = summary.at("estop"); !estop.is_null()) {
    text += format(", e-stop {}", estop.at("state").get<std::string>());
  }
  for (const Json& force : summary.at("forces")) {
    text += format(", forced: {} = {} for {:.1f} s more", force.at("output").get<std::string>(),
                   force.at("value").get<std::string>(), force.at("left_s").get<double>());
  }
  return text + "\n";
}

int ps(const std::string& named, bool json, bool wide) {
  auto instance = choose_instance(named);
  if (!instance) {
    print_error(instance.error());
    return kUsage;
  }
  auto answer = ask(*instance, {{"verb", "ps"}, {"long", wide}});
  if (!answer) {
    print_error(answer.error());
    return kFinding;
  }
  const Json& summary = answer->at("summary");
  if (json) {
    std::puts(json_line(summary).c_str());
  } else {
    std::fputs(head_of(summary).c_str(), stdout);
    std::fputs((wide ? threads_table_of(summary) : table_of(summary)).c_str(), stdout);
  }
  return kDone;
}

int stop(const std::string& named) {
  auto instance = choose_instance(named);
  if (!instance) {
    print_error(instance.error());
    return kUsage;
  }
  auto answer = ask(*instance, {{"verb", "stop"}, {"wait_for_end", true}});
  if (!answer) {
    print_error(answer.error());
    return kFinding;
  }
  std::fprintf(stderr, "'%s' has stopped\n", instance->c_str());
  return kDone;
}

}  // namespace

void add_ps(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("ps", "Show the nodes of a running graph");
  auto instance = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  verb->add_option("--instance", *instance, "Which one, when several run");
  verb->add_flag("--json", *json, "The live summary as one JSON object");
  auto wide = std::make_shared<bool>(false);
  verb->add_flag(
      "--long", *wide,
      "Every thread: the class, priority and CPUs that were asked for and that it has, and "
      "page faults and involuntary switches since the barrier");
  verb->footer("Examples:\n  takt ps\n  takt ps --long\n  takt ps --json | jq '.nodes[].cycles'");
  verb->callback([instance, json, wide, &exit_code] { exit_code = ps(*instance, *json, *wide); });
}

void add_stop(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("stop", "Stop a running graph safely and wait until it has");
  auto instance = std::make_shared<std::string>();
  verb->add_option("--instance", *instance, "Which one, when several run");
  verb->footer("Examples:\n  takt stop\n  takt stop --instance left");
  verb->callback([instance, &exit_code] { exit_code = stop(*instance); });
}

}  // namespace takt::cli
