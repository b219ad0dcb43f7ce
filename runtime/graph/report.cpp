#include <takt/graph/report.hpp>

namespace takt::graph {

SourceSpot Report::spot(const Mark& mark) const {
  return {file_, mark.line, mark.column, mark.end_column};
}

void Report::add(Severity severity, Finding finding) {
  Diagnostic diagnostic{severity,
                        finding.code,
                        spot(finding.mark),
                        std::move(finding.message),
                        std::move(finding.help),
                        {}};
  for (Marked<std::string>& note : finding.notes) {
    diagnostic.notes.push_back({spot(note.mark), std::move(note.value)});
  }
  found_.add(std::move(diagnostic));
}

Diagnostics Report::take() {
  found_.sort_by_place();
  return std::exchange(found_, {});
}

}  // namespace takt::graph
