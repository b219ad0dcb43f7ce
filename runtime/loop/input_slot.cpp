#include "runtime/loop/input_slot.hpp"

#include <algorithm>
#include <limits>

namespace takt::loop {
namespace {
constexpr Stamp kNever = std::numeric_limits<Stamp>::max() - 1;
}

InputSlot::InputSlot(InputBase& input, const InputConfig& config,
                     std::unique_ptr<port::Reader> reader, Wiring wiring, bool refuse_non_finite)
    : input_(input), config_(config), reader_(std::move(reader)), wiring_(wiring) {
  if (refuse_non_finite && !config_.layout.allows_non_finite) {
    refused_runs_ = float_runs(config_.layout);
  }
  PortAccess::connect(input_);
}

void InputSlot::start(Stamp from, bool joins_late) noexcept {
  counts_from_ = from;
  joins_late_ = joins_late;
  if (!config_.initial.empty()) PortAccess::show(input_, config_.initial.data(), SampleHeader{});
}

void InputSlot::account(const SampleHeader& header) noexcept {
  bump(wiring_.counters->taken);
  // Readers are connected before the first sample of every incarnation, so its sequence counts
  // from 0 and whatever is missing was lost in the queue. Only a reader that was itself started
  // into a running graph begins in the middle.
  if (header.incarnation != incarnation_) {
    incarnation_ = header.incarnation;
    expected_sequence_ = joins_late_ ? header.sequence : 0;
  }
  joins_late_ = false;
  if (header.sequence > expected_sequence_) {
    bump(wiring_.counters->lost, header.sequence - expected_sequence_);
  }
  expected_sequence_ = header.sequence + 1;
}

bool InputSlot::take_one() noexcept {
  port::Taken taken;
  while (reader_->try_take(taken)) {
    account(*taken.header);
    if (gives_credit()) {
      wiring_.consumed->store(consumed::word(taken.header->incarnation, taken.header->sequence + 1),
                              std::memory_order_release);
      owes_ring_ = true;
    }
    if (!all_finite(refused_runs_, taken.data)) {
      bump(*wiring_.non_finite);
      reader_->drop();
      continue;
    }
    reader_->keep();
    header_ = *taken.header;
    has_sample_ = true;
    is_new_ = true;
    PortAccess::show(input_, taken.data, header_);
    return true;
  }
  return false;
}

bool InputSlot::collect() noexcept {
  if (config_.queue_depth > 0) {
    if (!is_new_) take_one();
  } else {
    while (take_one()) {
    }
  }
  return is_new_;
}

void InputSlot::consume() noexcept {
  is_new_ = false;
  PortAccess::mark_new(input_, false);
}

bool InputSlot::too_old(Stamp now) const noexcept {
  const Stamp age = now - (has_sample_ ? header_.publish_ns : counts_from_);
  if (config_.max_age && age > config_.max_age->count()) return true;
  if (!config_.max_data_age) return false;
  const Stamp origin = has_sample_ ? header_.origin_ns : counts_from_;
  return origin != 0 && now - origin > config_.max_data_age->count();
}

InputSlot::Verdict InputSlot::judge(Stamp now, bool record) noexcept {
  const bool stale = too_old(now);
  const Stamp age = now - (has_sample_ ? header_.publish_ns : counts_from_);
  const Stamp data_age = has_sample_ && header_.origin_ns != 0 ? now - header_.origin_ns : 0;
  PortAccess::judge(input_, std::chrono::nanoseconds(age), std::chrono::nanoseconds(data_age),
                    stale);
  PortAccess::mark_new(input_, is_new_);
  if (record && has_sample_) {
    wiring_.counters->age.add(age);
    if (header_.origin_ns != 0) wiring_.counters->data_age.add(data_age);
  }
  if (stale) {
    bump(wiring_.counters->stale);
    return Verdict::stale;
  }
  return input_.has_value() || config_.optional ? Verdict::fresh : Verdict::missing;
}

Stamp InputSlot::expiry() const noexcept {
  Stamp first = kNever;
  if (config_.max_age) {
    const Stamp from = has_sample_ ? header_.publish_ns : counts_from_;
    first = std::min(first, from + config_.max_age->count());
  }
  if (config_.max_data_age) {
    const Stamp from = has_sample_ ? header_.origin_ns : counts_from_;
    if (from != 0) first = std::min(first, from + config_.max_data_age->count());
  }
  return first;
}

Stamp InputSlot::limit() const noexcept {
  Stamp shortest = 0;
  for (const auto& limit : {config_.max_age, config_.max_data_age}) {
    if (limit && (shortest == 0 || limit->count() < shortest)) shortest = limit->count();
  }
  return shortest;
}

}  // namespace takt::loop
