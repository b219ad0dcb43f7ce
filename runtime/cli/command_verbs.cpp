// arm, disarm, force, restart: commands to a running instance.
#include <cstdio>

#include <takt/base/text.hpp>
#include <takt/supervisor/instance.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {

int command(const std::string& named, const Json& request, const std::string& done) {
  auto instance = choose_instance(named);
  if (!instance) {
    print_error(instance.error());
    return kUsage;
  }
  auto answer = ask(*instance, request);
  if (!answer) {
    print_error(answer.error());
    return kFinding;
  }
  const std::string more = answer->value("message", "");
  std::fprintf(stderr, "%s%s%s\n", done.c_str(), more.empty() ? "" : ": ", more.c_str());
  return kDone;
}

std::shared_ptr<std::string> add_instance(CLI::App& verb) {
  auto instance = std::make_shared<std::string>();
  verb.add_option("--instance", *instance, "Which one, when several run");
  return instance;
}

void add_arm(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("arm", "Let the actuators of a running graph act");
  auto instance = add_instance(*verb);
  verb->footer(
      "Refused while an actuator's inputs are stale or missing, and while the emergency stop "
      "(`estop:`)\nis pressed or silent. After a safe state or an emergency stop nothing moves "
      "before it.\n"
      "Examples:\n  takt arm\n  takt arm --instance left");
  verb->callback([instance, &exit_code] {
    exit_code = command(*instance, {{"verb", "arm"}}, "armed");
  });
}

void add_force(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand(
      "force", "Hold one output, or external input, of a running graph at a value");
  auto instance = add_instance(*verb);
  auto output = std::make_shared<std::string>();
  auto value = std::make_shared<std::string>();
  auto time = std::make_shared<std::string>();
  verb->add_option(
          "TARGET", *output,
          "NODE.OUTPUT, or NODE.OUTPUT.FIELD of a larger sample; or NODE.INPUT of an input "
          "that is 'from: external'")
      ->required();
  verb->add_option("VALUE", *value, "With its unit, as in a graph: '2 V', 0.5, true")->required();
  verb->add_option("--for", *time, "Ends by itself after this time, at most 10 min")->required();
  verb->footer(
      "Takes the place of what the node sends, in what it sends: limits inside of the node do not "
      "hold\nit. Only while the graph is armed, and never in a safe state: stale inputs, the "
      "emergency stop and\n`takt disarm` end it. An external input has no other writer: arming "
      "does not matter there.\nA negative value stands behind '--'.\n"
      "Examples:\n  takt force drive.output '2 V' --for 2s\n"
      "  takt force pid.reference '2 rad/s' --for 10s\n"
      "  takt force --for 500ms drive.output -- '-2 V'");
  verb->callback([=, &exit_code] {
    const auto length = parse_duration(*time);
    if (!length) {
      print_error(fail("--for: " + length.error().message, length.error().fix));
      exit_code = kUsage;
      return;
    }
    exit_code = command(
        *instance,
        {{"verb", "force"}, {"output", *output}, {"value", *value}, {"for_ns", length->count()}},
        format("'{}' is forced to {} for {}", *output, *value, *time));
  });
}

void add_disarm(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("disarm", "Drive every actuator to its safe output");
  auto instance = add_instance(*verb);
  verb->footer(
      "Everything else runs on. `takt arm` lets actuators act again.\n"
      "Examples:\n  takt disarm\n  takt disarm --instance left");
  verb->callback([instance, &exit_code] {
    exit_code = command(*instance, {{"verb", "disarm"}}, "disarmed");
  });
}

void add_restart(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("restart", "Stop one node safely and start it again");
  auto instance = add_instance(*verb);
  auto node = std::make_shared<std::string>();
  verb->add_option("NODE", *node, "Its name in the graph, or 'tap'")->required();
  verb->footer("Examples:\n  takt restart speed_pid");
  verb->callback([instance, node, &exit_code] {
    exit_code = command(*instance, {{"verb", "restart"}, {"node", *node}},
                        format("'{}' is being restarted", *node));
  });
}

}  // namespace takt::cli
