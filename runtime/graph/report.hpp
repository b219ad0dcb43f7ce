// The collecting end of all checks of one file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <takt/base/diagnostic.hpp>

#include "runtime/graph/mark.hpp"

namespace takt::graph {

// One finding before it has a file name; notes are places with a sentence each.
struct Finding {
  const char* code = "";
  Mark mark{};
  std::string message{};
  std::string help{};
  std::vector<Marked<std::string>> notes{};
};

// Thread safety: one thread. Real time: no. Lifetime: one reading of one file.
class Report {
 public:
  explicit Report(std::string file) : file_(std::move(file)) {}

  void error(Finding finding) { add(Severity::error, std::move(finding)); }
  void warning(Finding finding) { add(Severity::warning, std::move(finding)); }
  bool has_errors() const { return found_.has_errors(); }

  // Everything found so far, in file order.
  Diagnostics take();

 private:
  void add(Severity severity, Finding finding);
  SourceSpot spot(const Mark& mark) const;

  std::string file_;
  Diagnostics found_;
};

}  // namespace takt::graph
