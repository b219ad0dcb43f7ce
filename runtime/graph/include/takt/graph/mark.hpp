// A place in the one graph file that is being read; SourceSpot without the file's name.
#pragma once

namespace takt::graph {

// 1-based; `end_column` is one past the last character. Line 0: the file as a whole.
struct Mark {
  int line = 0;
  int column = 0;
  int end_column = 0;
};

// A value with the place where it is written.
template <typename T>
struct Marked {
  T value{};
  Mark mark;
};

}  // namespace takt::graph
