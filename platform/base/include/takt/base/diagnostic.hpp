// Findings about a user's file: all of them are collected, each says where, what and what to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace takt {

enum class Severity { error, warning };

// A run of characters of one line; 1-based, `end_column` is one past the last character.
struct SourceSpot {
  std::string file;
  int line = 0;  // 0: the file as a whole.
  int column = 0;
  int end_column = 0;
};

struct DiagnosticNote {
  SourceSpot spot;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     // Stable, documented, searchable: "graph.unknown-key".
  SourceSpot spot;      // Where the user must look, not where we noticed.
  std::string message;  // What is wrong, in the user's words; no trailing full stop.
  std::string help;     // What to do; empty when there is nothing better to say than `message`.
  std::vector<DiagnosticNote> notes;
};

// The findings of one reading, in the order in which they stand in the file.
//
// Thread safety: a plain value. Real time: no. Lifetime: independent.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { entries_.push_back(std::move(diagnostic)); }
  void append(const Diagnostics& other);
  void sort_by_place();
  bool has_errors() const;
  bool empty() const { return entries_.empty(); }
  const std::vector<Diagnostic>& entries() const { return entries_; }

  // The fixed form: `FILE:LINE:COL: error: MESSAGE [CODE]`, the line, a caret run, notes with their
  // own place, help. Lines of text are read from the files again; a file that has gone is left out.
  std::string render(bool colour) const;

 private:
  std::vector<Diagnostic> entries_;
};

}  // namespace takt
