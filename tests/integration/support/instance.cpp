#include "tests/integration/support/instance.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include <takt/base/text.hpp>

namespace takt::test {
namespace {

const Json kNone;

ChildOptions with_libraries(ChildOptions options) {
  for (const std::string& entry : options.environment) {
    if (entry.rfind("TAKT_NODE_PATH=", 0) == 0) return options;
  }
  options.environment.push_back(
      format("TAKT_NODE_PATH={}/lib/takt/nodes:{}", TAKT_BINARY_DIR, TAKT_TEST_NODES_DIR));
  return options;
}

}  // namespace

std::string shipped_graph(const std::string& file) {
  return format("{}/config/graphs/{}", TAKT_SOURCE_DIR, file);
}

std::string test_nodes_folder() { return TAKT_TEST_NODES_DIR; }

Folder::Folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "it-XXXXXX";
  const char* const made = ::mkdtemp(pattern.data());
  EXPECT_NE(made, nullptr);
  path_ = pattern;
  std::filesystem::permissions(path_, std::filesystem::perms::all);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name) << text;
  return path_ / name;
}

Instance::Instance() {
  static int count = 0;
  name_ = format("it-{}-{}", ::getpid(), ++count);
}

Instance::~Instance() {
  std::error_code ignored;
  if (::geteuid() != 0) return;
  std::filesystem::remove_all("/var/lib/takt/" + name_, ignored);
  std::filesystem::remove("/run/takt/" + name_ + ".sock", ignored);  // Of a killed supervisor.
}

std::unique_ptr<Child> Instance::run(const std::string& graph, std::vector<std::string> more,
                                     ChildOptions options) {
  const bool is_text = graph.find('\n') != std::string::npos;
  std::vector<std::string> arguments{is_text ? folder_.write("graph.yaml", graph) : graph};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return start("run", std::move(arguments), std::move(options));
}

std::unique_ptr<Child> Instance::start(const std::string& verb, std::vector<std::string> more,
                                       ChildOptions options) {
  more.insert(more.begin(), verb);
  more.insert(more.end(), {"--instance", name_});
  return takt(std::move(more), std::move(options));
}

bool Instance::runs() {
  const auto until = std::chrono::steady_clock::now() + kWatchdog;
  std::string last;
  while (std::chrono::steady_clock::now() < until) {
    auto asked = start("ps", {"--json"});
    const bool answered = asked->wait() == 0;
    auto summary = parse_json(asked->out());
    if (answered && summary && summary->at("elapsed_s").get<double>() > 0.0) return true;
    last = asked->out() + asked->err();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << name_ << " does not run: " << last;
  return false;
}

Json Instance::ps() {
  auto asked = start("ps", {"--json"});
  EXPECT_EQ(asked->wait(), 0) << asked->err();
  return summary_of(*asked);
}

std::unique_ptr<Child> takt(std::vector<std::string> arguments, ChildOptions options) {
  arguments.insert(arguments.begin(), format("{}/bin/takt", TAKT_BINARY_DIR));
  return std::make_unique<Child>(std::move(arguments), with_libraries(std::move(options)));
}

Json summary_of(const Child& run) {
  auto summary = parse_json(run.out());
  if (summary && summary->is_object()) return *summary;
  ADD_FAILURE() << "no summary, but:\n" << run.out() << "\n" << run.err();
  return {{"result", "none"}, {"reason", ""}, {"nodes", Json::array()}};
}

const Json& by_name(const Json& list, const std::string& name) {
  for (const Json& entry : list) {
    if (entry.at("name") == name) return entry;
  }
  ADD_FAILURE() << "nothing is named '" << name << "' in " << list.dump();
  return kNone;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<double> cells_of(const std::string& line) {
  std::vector<double> cells;
  for (const std::string& cell : split(line, ','))
    cells.push_back(std::strtod(cell.c_str(), nullptr));
  return cells;
}

}  // namespace takt::test
