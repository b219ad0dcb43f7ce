#include <cstdio>

#include "runtime/cli/cli.hpp"

namespace takt::cli {

void add_version(CLI::App& app, int&) {
  auto* verb = app.add_subcommand("version", "Print the version of takt");
  auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "As one JSON object");
  verb->footer("Example:\n  takt version");
  verb->callback([json] {
    if (*json) {
      std::puts(json_line({{"takt_version", TAKT_VERSION}, {"iceoryx", "2.0.3"}}).c_str());
    } else {
      std::puts("takt " TAKT_VERSION);
    }
  });
}

}  // namespace takt::cli
