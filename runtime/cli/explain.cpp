#include <cstdio>

#include <takt/base/text.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {

void add_explain(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("explain", "Explain the code of a finding");
  auto code = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  verb->add_option("CODE", *code, "For example graph.unknown-key; without it, every code");
  verb->add_flag("--json", *json, "As JSON");
  verb->footer("Example:\n  takt explain graph.unknown-key");
  verb->callback([code, json, &exit_code] {
    if (code->empty()) {
      const auto codes = explained_codes();
      if (*json) {
        std::puts(json_line(codes).c_str());
        return;
      }
      for (const auto& known : codes) {
        std::puts(format("{:<32} {}", known, explain(known)->title).c_str());
      }
      return;
    }
    const Explanation* found = explain(*code);
    if (found == nullptr) {
      const auto codes = explained_codes();
      const std::string nearest = nearest_word(*code, codes);
      print_error(fail(format("there is no code '{}'", *code),
                       nearest.empty() ? "takt explain lists every code"
                                       : format("did you mean '{}'?", nearest)));
      exit_code = kUsage;
      return;
    }
    if (*json) {
      std::puts(json_line({{"code", found->code}, {"title", found->title}, {"text", found->text}})
                    .c_str());
    } else {
      std::puts(format("{}: {}\n\n{}", found->code, found->title, found->text).c_str());
    }
  });
}

}  // namespace takt::cli
