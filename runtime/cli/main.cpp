// takt: the command.
#include "runtime/cli/cli.hpp"

int main(int argc, char** argv) {
  CLI::App app("takt - real-time control loops from a YAML graph", "takt");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  takt check config/graphs/motor_speed.yaml\n"
      "  takt run config/graphs/motor_speed.yaml --for 5s\n"
      "  takt echo motor.speed --csv -n 10\n"
      "  takt VERB --help");
  int exit_code = takt::cli::kDone;
  takt::cli::add_new(app, exit_code);
  takt::cli::add_check(app, exit_code);
  takt::cli::add_nodes(app, exit_code);
  takt::cli::add_explain(app, exit_code);
  takt::cli::add_run(app, exit_code);
  takt::cli::add_ps(app, exit_code);
  takt::cli::add_echo(app, exit_code);
  takt::cli::add_stop(app, exit_code);
  takt::cli::add_arm(app, exit_code);
  takt::cli::add_force(app, exit_code);
  takt::cli::add_disarm(app, exit_code);
  takt::cli::add_restart(app, exit_code);
  takt::cli::add_inject(app, exit_code);
  takt::cli::add_test(app, exit_code);
  takt::cli::add_doctor(app, exit_code);
  takt::cli::add_version(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    // CLI11 has codes of its own; help is 0, everything else is wrong usage.
    return app.exit(end) == 0 ? takt::cli::kDone : takt::cli::kUsage;
  }
  return exit_code;
}
