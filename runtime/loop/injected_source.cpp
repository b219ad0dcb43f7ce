// An input's source while something is injected there.
#include "runtime/loop/input_source.hpp"

namespace takt::loop {

void InputSource::adopt(const InjectionEntry& entry, const DrivePoint* points, Stamp now) noexcept {
  if (!shim_) return;
  if (!is_injected_) {
    is_injected_ = true;
    raw_ = data_;
    // Without a sample the input shows its initial value, which can be altered as well.
    if (data_ == nullptr && !config_.initial.empty()) raw_ = config_.initial.data();
  }
  shim_->adopt(entry, points, data_ != nullptr ? data_ : raw_, now);
}

bool InputSource::show_altered(const std::vector<FloatRun>& refused, const SampleHeader& header,
                               const void* raw, Stamp now, bool is_counted) noexcept {
  const void* const shown = shim_->alter(header, raw, now);
  const bool altered = shown != raw;
  if (altered && !is_counted) bump(wiring_.counters->injected);
  if (!all_finite(refused, shown)) {
    bump(*wiring_.non_finite);
    return false;
  }
  if (altered) shim_->keep_altered();
  is_altered_ = altered || is_counted;
  was_driven_ = altered && shim_->is_driven(now);
  raw_ = raw;
  note(header, shown);
  return true;
}

// Of those whose time has come; they are older than what is in the queue.
bool InputSource::take_delayed(const std::vector<FloatRun>& refused, Stamp now) noexcept {
  while (const InputShim::Arrival* due = shim_->due(now)) {
    const InputShim::Arrival arrival = *due;
    // One that is refused leaves its place to the next; the memory on show is the one before.
    if (!all_finite(refused, shim_->alter(arrival.header, arrival.data, now))) {
      bump(*wiring_.non_finite);
      shim_->drop_due();
      continue;
    }
    shim_->take_due();
    show_altered(refused, arrival.header, arrival.data, now, true);
    return true;
  }
  return false;
}

bool InputSource::take_injected(const std::vector<FloatRun>& refused, Stamp now) noexcept {
  for (;;) {
    if (take_delayed(refused, now)) return true;
    port::Taken taken;
    if (reader_ == nullptr || !reader_->try_take(taken)) return false;
    account(*taken.header);
    const InputShim::Fate fate = shim_->receive(*taken.header, taken.data);
    if (fate != InputShim::Fate::passes) {
      bump(wiring_.counters->injected);
      if (fate == InputShim::Fate::dropped) {
        wiring_.counters->undelayed.fetch_add(1, std::memory_order_relaxed);
      }
      reader_->drop();
      continue;
    }
    const SampleHeader header = *taken.header;
    if (show_altered(refused, header, taken.data, now, false)) {
      reader_->keep();
      return true;
    }
    reader_->drop();
  }
}

bool InputSource::refresh_injected(const std::vector<FloatRun>& refused, Stamp now) noexcept {
  if (config_.external) return make_sample(refused, now);
  const bool is_driven = shim_->is_driven(now);
  if (raw_ == nullptr || (!is_driven && !was_driven_)) return false;
  const void* const shown = shim_->alter(header_, raw_, now);
  if (!all_finite(refused, shown)) return false;
  if (shown != raw_) shim_->keep_altered();
  if (is_driven && !is_altered_) {
    bump(wiring_.counters->injected);
    is_altered_ = true;
  }
  was_driven_ = is_driven;
  data_ = shown;
  return true;
}

// The sample of the next release. Looks before that release make it anew, with the same number.
bool InputSource::make_sample(const std::vector<FloatRun>& refused, Stamp now) noexcept {
  if (!shim_->is_driven(now)) {
    // A look between two releases has made one that no release has seen.
    if (is_pending_) is_pending_ = is_new_ = false;
    return false;
  }
  is_pending_ = true;
  made_.publish_ns = now;
  made_.origin_ns = now;
  const void* const driven = shim_->drive(now);
  if (shim_->fate_of(made_) != InputShim::Fate::passes) return false;
  const void* const shown = shim_->alter(made_, driven, now);
  if (!all_finite(refused, shown)) {
    if (!is_refused_) bump(*wiring_.non_finite);
    is_refused_ = true;
    return false;
  }
  if (shown != driven) {
    shim_->keep_altered();
  } else {
    shim_->keep_driven();
  }
  is_refused_ = false;
  note(made_, shown);
  return true;
}

// A release has come. A sample that is to arrive later starts on its way.
void InputSource::end_made_sample() noexcept {
  is_pending_ = false;
  is_refused_ = false;
  bump(wiring_.counters->taken);
  bump(wiring_.counters->injected);
  if (shim_->receive(made_, shim_->driven()) == InputShim::Fate::dropped) {
    wiring_.counters->undelayed.fetch_add(1, std::memory_order_relaxed);
  }
  ++made_.sequence;
}

}  // namespace takt::loop
