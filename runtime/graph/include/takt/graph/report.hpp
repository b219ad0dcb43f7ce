// The collecting end of all checks of one file.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <takt/base/diagnostic.hpp>
#include <takt/graph/mark.hpp>

namespace takt::graph {

// One finding before it has a file name; notes are places with a sentence each.
struct Finding {
  const char* code = "";
  Mark mark{};
  std::string message{};
  std::string help{};
  std::vector<Marked<std::string>> notes{};
};

// How messages call the kind of file that is being read, and the keys that the smallest one has.
struct FileWords {
  const char* kind = "graph file";
  const char* content = "graph";
  const char* smallest = "'takt', 'graph' and 'nodes'";
};

// Thread safety: one thread. Real time: no. Lifetime: one reading of one file.
class Report {
 public:
  explicit Report(std::string file, FileWords words = {}) : file_(std::move(file)), words_(words) {}

  const FileWords& words() const { return words_; }

  void error(Finding finding) { add(Severity::error, std::move(finding)); }
  void warning(Finding finding) { add(Severity::warning, std::move(finding)); }
  bool has_errors() const { return found_.has_errors(); }
  std::size_t count() const { return found_.entries().size(); }

  // The mark with the file's name.
  SourceSpot spot(const Mark& mark) const;

  // Everything found so far, in file order.
  Diagnostics take();

 private:
  void add(Severity severity, Finding finding);

  std::string file_;
  FileWords words_;
  Diagnostics found_;
};

}  // namespace takt::graph
