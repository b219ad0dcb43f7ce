#include "runtime/loop/input_source.hpp"

#include <algorithm>
#include <limits>

namespace takt::loop {
namespace {
constexpr Stamp kNever = std::numeric_limits<Stamp>::max() - 1;
}

void InputSource::account(const SampleHeader& header) noexcept {
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
  if (wiring_.consumed == nullptr) return;
  wiring_.consumed->store(consumed::word(header.incarnation, expected_sequence_),
                          std::memory_order_release);
  owes_ring_ = true;
}

void InputSource::note(const SampleHeader& header, const void* data) noexcept {
  const bool gap = !has_sample_ || header.publish_ns > expiry();
  if (gap) steady_from_ = header.publish_ns;
  header_ = header;
  data_ = data;
  has_sample_ = true;
  is_new_ = true;
}

bool InputSource::take_plain(const std::vector<FloatRun>& refused) noexcept {
  port::Taken taken;
  if (reader_ == nullptr) return false;
  while (reader_->try_take(taken)) {
    account(*taken.header);
    if (!all_finite(refused, taken.data)) {
      bump(*wiring_.non_finite);
      reader_->drop();
      continue;
    }
    reader_->keep();
    note(*taken.header, taken.data);
    return true;
  }
  return false;
}

bool InputSource::too_old(Stamp now) const noexcept {
  if (config_.max_age && age(now) > config_.max_age->count()) return true;
  if (!config_.max_data_age) return false;
  const Stamp origin = has_sample_ ? header_.origin_ns : counts_from_;
  return origin != 0 && now - origin > config_.max_data_age->count();
}

Stamp InputSource::expiry() const noexcept {
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

}  // namespace takt::loop
