// What check_rt_symbols.sh must find, and what it must let pass; compiled by its self-test alone.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include <time.h>
#include <unistd.h>

namespace planted {

std::mutex guard;
int* global = nullptr;

__attribute__((noinline)) static int* helper() { return new int(3); }

void bad_new() { global = helper(); }  // Through a function of this object.
void bad_malloc() { global = static_cast<int*>(std::malloc(8)); }
void bad_lock() { const std::lock_guard lock(guard); }
void bad_throw() { throw 1; }
void bad_print() { std::printf("%d\n", *global); }
void bad_sleep() { usleep(3); }
void bad_environment() { global = reinterpret_cast<int*>(std::getenv("A")); }
void bad_write() {
  if (::write(1, global, sizeof *global) < 0) global = nullptr;
}
void bad_growth(std::vector<int>& values) { values.push_back(1); }

struct Slot {
  Slot();
  ~Slot();
  int good_step() noexcept { return *values_; }
  std::unique_ptr<int> values_;
};
Slot::Slot() : values_(std::make_unique<int>(1)) {}
Slot::~Slot() = default;
int good_step(Slot& slot) { return slot.good_step(); }

// Nodes: what one does before its steps is its own affair.
struct GoodNode {
  void bad_configure();
  int step() noexcept;
};
void GoodNode::bad_configure() { global = helper(); }
int GoodNode::step() noexcept { return *global; }
struct BadNode {
  void step();
};
void BadNode::step() { global = helper(); }

}  // namespace planted

// The exception is one for a class, not for a name.
namespace takt::bus {
struct SerialChannel {
  void send(int fd);
  void bad_read(int fd);
};
void SerialChannel::send(int fd) {
  if (::write(fd, &fd, sizeof fd) < 0) planted::global = nullptr;
}
void SerialChannel::bad_read(int fd) {
  if (::read(fd, &fd, sizeof fd) < 0) planted::global = nullptr;
}
}  // namespace takt::bus
