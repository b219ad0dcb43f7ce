// `takt` under test: every test has an instance and a folder of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <takt/base/json.hpp>

#include "tests/integration/support/child.hpp"

namespace takt::test {

// The graph that the repository ships.
std::string shipped_graph(const std::string& file);

// The folder of the test nodes' library and manifest.
std::string test_nodes_folder();

// A folder in which everybody may write, removed with this.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  // Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

// One instance by name, and what is asked of it from the command line.
//
// Thread safety: one thread. Lifetime: what it started is stopped before it ends.
class Instance {
 public:
  Instance();
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const std::string& name() const { return name_; }
  const Folder& folder() const { return folder_; }

  // `takt run GRAPH --instance NAME ...`; a graph with a newline is a text, else a path.
  std::unique_ptr<Child> run(const std::string& graph, std::vector<std::string> more = {},
                             ChildOptions options = {});
  // `takt VERB ... --instance NAME`
  std::unique_ptr<Child> start(const std::string& verb, std::vector<std::string> more = {},
                               ChildOptions options = {});
  // Waits until the graph runs, that is `ps` counts a cycle in every node that is to step.
  bool runs();
  // The live summary; null, and a failure of the test, when there is none.
  Json ps();

 private:
  std::string name_;
  Folder folder_;
};

// `takt` with any arguments.
std::unique_ptr<Child> takt(std::vector<std::string> arguments, ChildOptions options = {});

// The summary of `run --json`; null and a failure of the test when it is none.
Json summary_of(const Child& run);
// One of its nodes, inputs, outputs by name.
const Json& by_name(const Json& list, const std::string& name);
inline const Json& node_of(const Json& summary, const std::string& name) {
  return by_name(summary.at("nodes"), name);
}

// The lines of a text, and the cells of one.
std::vector<std::string> lines_of(const std::string& text);
std::vector<double> cells_of(const std::string& line);

}  // namespace takt::test
