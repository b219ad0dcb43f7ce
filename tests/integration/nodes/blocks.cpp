// test/writer_SIZE and test/reader_SIZE: what goes in must come out, whole and in order.
#include "tests/integration/nodes/blocks.hpp"

#include <cstdio>
#include <thread>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

namespace takt::test {
namespace {

// Sends block after block; ends well after `count` of them or after the time `active`.
template <typename Block>
class Writer : public Node {
  Output<Block> out{*this, "out", {.origin = Origin::now}};
  Param<std::int64_t> count{*this, "count", {.summary = "0: no end", .fallback = 0}};
  Param<double> active{*this, "active", {.summary = "0: no end", .unit = "s", .fallback = 0.0}};

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    if (active > 0.0 && std::chrono::duration<double>(cycle.start).count() >= active) {
      return StepResult::done;
    }
    Block* block = out.loan();
    if (block == nullptr) return StepResult::ok;  // Counted as unsent.
    fill(*block, number_++);
    return count > 0 && number_ == static_cast<std::uint64_t>(count) ? StepResult::done
                                                                     : StepResult::ok;
  }
  std::uint64_t number_ = 0;
};

// Fails, with a line on standard error, when a block is torn, out of order or, with `gapless`, when
// one is missing. Ends well after block number `last`.
template <typename Block>
class Reader : public Node {
  Input<Block> in{*this, "in", {.measurement = true}};
  Param<bool> gapless{*this, "gapless", {.fallback = false}};
  Param<std::int64_t> last{*this, "last", {.summary = "-1: no end", .fallback = -1}};
  Param<double> pause{*this, "pause", {.summary = "Sleeps so long", .unit = "s", .fallback = 0.0}};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    if (!in.is_new()) return StepResult::ok;
    const std::uint64_t number = in->number;
    if (!whole(*in)) return refuse("is torn", number);
    if (in.header().sequence != number) return refuse("has another's header", number);
    if (number < next_) return refuse("came twice or late", number);
    if (gapless && number != next_) return refuse("came, one before it did not", number);
    next_ = number + 1;
    if (pause > 0.0) sleep_so_long();
    const bool over = last >= 0 && number >= static_cast<std::uint64_t>(last);
    return over ? StepResult::done : StepResult::ok;
  }
  // A slow consumer: a step that sleeps is what `when_full: wait` is for.
  void sleep_so_long() const noexcept {
    std::this_thread::sleep_for(std::chrono::duration<double>(pause.value()));
  }
  StepResult refuse(const char* why, std::uint64_t number) const noexcept {
    std::fputs(format("block {} {} (expected {})\n", number, why, next_).c_str(), stderr);
    return StepResult::failed;
  }
  std::uint64_t next_ = 0;
};

class Writer64B final : public Writer<Block64B> {};
class Writer4KiB final : public Writer<Block4KiB> {};
class Writer1MiB final : public Writer<Block1MiB> {};
class Reader64B final : public Reader<Block64B> {};
class Reader4KiB final : public Reader<Block4KiB> {};
class Reader1MiB final : public Reader<Block1MiB> {};
TAKT_NODE(Writer64B, "test/writer_64b", "Sends blocks of 64 bytes.");
TAKT_NODE(Writer4KiB, "test/writer_4kib", "Sends blocks of 4 KiB.");
TAKT_NODE(Writer1MiB, "test/writer_1mib", "Sends blocks of 1 MiB.");
TAKT_NODE(Reader64B, "test/reader_64b", "Checks blocks of 64 bytes.");
TAKT_NODE(Reader4KiB, "test/reader_4kib", "Checks blocks of 4 KiB.");
TAKT_NODE(Reader1MiB, "test/reader_1mib", "Checks blocks of 1 MiB.");

}  // namespace
}  // namespace takt::test
