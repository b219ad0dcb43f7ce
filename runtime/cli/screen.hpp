// One line of a terminal that is written over itself; what else is said goes above it.
#pragma once

#include <cstdio>
#include <string>

namespace takt::cli {

// Thread safety: one thread. Real time: no. Lifetime: its destruction leaves a clean line.
class Screen {
 public:
  explicit Screen(bool live) : live_(live) {}
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen() { clear(); }
  void line(const std::string& text) {
    if (!live_) return;
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    shown_ = true;
  }
  void say(const std::string& text) {
    clear();
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  void clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
  }
  bool live() const { return live_; }

 private:
  bool live_;
  bool shown_ = false;
};

}  // namespace takt::cli
