#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>
#include <takt/os/host.hpp>

#include "runtime/cli/cli.hpp"

namespace takt::cli {
namespace {

namespace fs = std::filesystem;

// The templates that users copy: in the build tree's share folder, and in an installation.
Result<fs::path> find_templates(const std::string& kind) {
  const fs::path here = fs::path(os::self_executable()).parent_path();
  const fs::path folder = here / ".." / "share" / "takt" / "templates" / kind;
  if (fs::is_directory(folder)) return folder;
  return fail(format("the templates are not in '{}'", folder.lexically_normal().string()),
              "build or install the whole of takt");
}

bool is_name(const std::string& name) {
  if (name.empty() || name.size() > 32 || name[0] < 'a' || name[0] > 'z') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string camel_case(const std::string& name) {
  std::string text;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    text += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string filled_in(const std::string& text, const std::string& name) {
  return replaced(replaced(text, "TEMPLATE_NAME", name), "TemplateName", camel_case(name));
}

Result<void> copy_template(const fs::path& from, const fs::path& to, const std::string& name) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(from, error)) {
    if (!entry.is_regular_file()) continue;
    const fs::path relative = fs::relative(entry.path(), from);
    const fs::path target = to / filled_in(relative.string(), name);
    fs::create_directories(target.parent_path(), error);
    auto text = os::read_file(entry.path().string());
    if (!text) return text.error();
    if (auto written = os::write_file_atomically(target.string(), filled_in(*text, name));
        !written) {
      return written;
    }
    std::puts(target.string().c_str());
  }
  if (error) return system_error(format("copy '{}'", from.string()), error.value(), "", "");
  return {};
}

int make(const std::string& kind, const std::string& name) {
  if (!is_name(name)) {
    print_error(fail(format("'{}' is not a name", name),
                     "a letter, then letters, digits and _, in lower case, at most 32"));
    return kUsage;
  }
  const fs::path target = kind == "graph" ? fs::path(name + ".yaml") : fs::path(name);
  if (fs::exists(target)) {
    print_error(fail(format("'{}' exists already", target.string()), "choose another name"));
    return kUsage;
  }
  auto templates = find_templates(kind);
  if (!templates) {
    print_error(templates.error());
    return kFinding;
  }
  const fs::path into = kind == "graph" ? fs::path(".") : target;
  if (auto copied = copy_template(*templates, into, name); !copied) {
    print_error(copied.error());
    return kFinding;
  }
  const std::string next =
      kind == "graph" ? format("takt run {}.yaml --real-time best_effort", name)
                      : format(
                            "cmake -S {0} -B {0}/build && cmake --build {0}/build && ctest "
                            "--test-dir {0}/build",
                            name);
  std::fprintf(stderr, "next: %s\n", next.c_str());
  return kDone;
}

}  // namespace

void add_new(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("new", "Start a graph or a node of your own");
  auto kind = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  verb->add_option("KIND", *kind, "graph or node")
      ->required()
      ->check(CLI::IsMember({"graph", "node"}));
  verb->add_option("NAME", *name, "Of the graph file, or of the folder with the node")->required();
  verb->footer("Examples:\n  takt new graph my_robot\n  takt new node my_filter");
  verb->callback([kind, name, &exit_code] { exit_code = make(*kind, *name); });
}

}  // namespace takt::cli
