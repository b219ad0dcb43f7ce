#include "runtime/loop/input_shim.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <takt/sample/element.hpp>

#include "runtime/loop/chance.hpp"
#include "runtime/loop/shim_memory.hpp"

namespace takt::loop {
namespace {

// A writer that was started again counts from 0 anew; its samples are others.
std::uint64_t number_of(const SampleHeader& header) noexcept {
  return header.sequence ^ header.incarnation << 48;
}

bool withholds(InjectionVerb verb) noexcept {
  return verb == InjectionVerb::off || verb == InjectionVerb::intermittent ||
         verb == InjectionVerb::slow || verb == InjectionVerb::delayed;
}

}  // namespace

bool InputShim::Act::drives(Stamp now) const noexcept {
  if (entry.verb != InjectionVerb::set || !is_in_window(now)) return false;
  return entry.points == 0 || now >= points[0].at_ns;
}

void InputShim::forget_past(Stamp now) noexcept {
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < act_count_; ++i) {
    const Stamp until = acts_[i].entry.until_ns;
    const bool over =
        until < kInjectionForEver - kInjectionSlotKept && until + kInjectionSlotKept <= now;
    if (over) continue;
    if (kept != i) acts_[kept] = acts_[i];
    ++kept;
  }
  act_count_ = kept;
}

std::byte* InputShim::free_last_sample() noexcept {
  for (std::uint32_t i = 0; i < stuck_samples(room_); ++i) {
    std::byte* const memory = buffer(kFirstStuck + i);
    const bool taken = std::any_of(acts_.get(), acts_.get() + act_count_,
                                   [&](const Act& act) { return act.last_sample == memory; });
    if (!taken) return memory;
  }
  return nullptr;
}

void InputShim::adopt(const InjectionEntry& entry, const DrivePoint* points, const void* shown,
                      Stamp now) noexcept {
  forget_past(now);
  if (act_count_ == room_.injections) return;
  const bool needs_copies = !withholds(entry.verb) || entry.verb == InjectionVerb::delayed;
  if (needs_copies && !room_.copies) return;
  Act act;
  act.entry = entry;
  act.points = points + entry.first_point;
  if (entry.verb == InjectionVerb::stuck && entry.has_value == 0) {
    if (entry.whole != 0) {
      act.last_sample = free_last_sample();
      if (act.last_sample == nullptr) return;
    }
    if (shown != nullptr) remember(act, shown);
  }
  std::uint32_t place = act_count_++;
  for (; place > 0 && acts_[place - 1].entry.serial > entry.serial; --place) {
    acts_[place] = acts_[place - 1];
  }
  acts_[place] = act;
}

bool InputShim::lets_pass(Act& act, const SampleHeader& header, std::uint64_t sample) noexcept {
  switch (act.entry.verb) {
    case InjectionVerb::off:
      return false;
    case InjectionVerb::intermittent:
      return Chance(act.entry.seed, number_of(header)).uniform(0) >= act.entry.drop;
    case InjectionVerb::slow:
      if (act.counted_sample != sample) {
        act.counted_sample = sample;
        ++act.counted;
      }
      return (act.counted - 1) % act.entry.divide == 0;
    default:
      return true;
  }
}

InputShim::Judgement InputShim::judge(const SampleHeader& header) noexcept {
  const std::uint64_t sample = number_of(header);
  Stamp delay = 0;
  for (std::uint32_t i = 0; i < act_count_; ++i) {
    Act& act = acts_[i];
    if (!withholds(act.entry.verb) || !act.is_in_window(header.publish_ns)) continue;
    if (!lets_pass(act, header, sample)) return {Fate::withheld, 0};
    if (act.entry.verb != InjectionVerb::delayed) continue;
    const double more = Chance(act.entry.seed, sample).uniform(0);
    delay += act.entry.by_ns + static_cast<Stamp>(more * static_cast<double>(act.entry.jitter_ns));
  }
  if (delay == 0 && waiting_ == 0) return {Fate::passes, 0};
  return {waiting_ == room_.delayed ? Fate::dropped : Fate::waits, delay};
}

InputShim::Fate InputShim::receive(const SampleHeader& header, const void* data) noexcept {
  const Judgement judgement = judge(header);
  if (judgement.fate != Fate::waits) return judgement.fate;
  Arrival& arrival = arrivals_[(first_ + waiting_++) % (room_.delayed + 1)];
  arrival.header = header;
  arrival.time = last_arrival_ = std::max(last_arrival_, header.publish_ns + judgement.delay);
  std::memcpy(arrival.data, data, size_);
  return Fate::waits;
}

void InputShim::take_due() noexcept {
  first_ = (first_ + 1) % (room_.delayed + 1);
  --waiting_;
}

void InputShim::drop_due() noexcept {
  const std::uint32_t places = room_.delayed + 1;
  std::swap(arrivals_[first_].data, arrivals_[(first_ + places - 1) % places].data);
  take_due();
}

bool InputShim::acts_on(const Act& act, const SampleHeader& header, Stamp now) const noexcept {
  if (withholds(act.entry.verb)) return false;
  if (act.entry.verb == InjectionVerb::set) return !config_.external && act.drives(now);
  return act.is_in_window(header.publish_ns);
}

void InputShim::remember(Act& act, const void* sample) noexcept {
  act.has_last = true;
  if (act.entry.whole != 0) {
    std::memcpy(act.last_sample, sample, size_);
    return;
  }
  std::memcpy(&act.last, static_cast<const std::byte*>(sample) + act.entry.offset,
              element_bytes(act.kind()));
}

const void* InputShim::alter(const SampleHeader& header, const void* raw, Stamp now) noexcept {
  std::byte* const copy = buffer(view_);
  const void* sample = raw;
  for (std::uint32_t i = 0; i < act_count_; ++i) {
    Act& act = acts_[i];
    const bool acts = acts_on(act, header, now);
    // A sensor that sticks stays at what it said last, or from the first on at what it says first.
    const bool stays = act.entry.verb == InjectionVerb::stuck && act.entry.has_value == 0;
    if (stays && (acts ? !act.has_last : header.publish_ns < act.entry.from_ns)) {
      remember(act, sample);
    }
    if (!acts) continue;
    if (sample == raw) std::memcpy(copy, raw, size_);
    sample = copy;
    apply(act, header, now, copy);
  }
  return sample;
}

void InputShim::apply(Act& act, const SampleHeader& header, Stamp now, std::byte* sample) noexcept {
  const InjectionEntry& entry = act.entry;
  const Chance chance(entry.seed, number_of(header));
  std::byte* const at = sample + entry.offset;
  const auto store = [&](double number) { store_number(act.kind(), at, number); };
  switch (entry.verb) {
    case InjectionVerb::set:
      return store(value_of(act, now));
    case InjectionVerb::stuck:
      if (entry.has_value != 0) return store(entry.value);
      if (entry.whole != 0) {
        std::memcpy(sample, act.last_sample, size_);
      } else {
        std::memcpy(at, &act.last, element_bytes(act.kind()));
      }
      return;
    case InjectionVerb::wrong:
      return store(load_number(act.kind(), at) * entry.scale + entry.bias);
    case InjectionVerb::noise:
      return store(load_number(act.kind(), at) + entry.sd * chance.normal(0));
    case InjectionVerb::garbage:
      return scramble(act, number_of(header), sample);
    case InjectionVerb::off:
    case InjectionVerb::delayed:
    case InjectionVerb::slow:
    case InjectionVerb::intermittent:
      return;
  }
}

// Every bit, as far as a reader may meet it: a boolean stays 0 or 1, a length within its vector.
// What no type of C++ can hold no bus delivers into a sample.
void InputShim::scramble(const Act& act, std::uint64_t sample, std::byte* data) noexcept {
  const Chance chance(act.entry.seed, sample);
  std::uint64_t number = 0;
  const auto element = [&](FieldKind kind, std::byte* at) {
    std::uint64_t bits = chance.bits(number++);
    if (kind == FieldKind::boolean) bits &= 1;
    std::memcpy(at, &bits, element_bytes(kind));
  };
  if (act.entry.whole == 0) return element(act.kind(), data + act.entry.offset);
  for (const Field& field : config_.layout.fields) {
    const std::uint32_t bytes = element_bytes(field.kind);
    for (std::uint32_t i = 0; i < field.count; ++i) {
      element(field.kind, data + field.offset + i * bytes);
    }
    if (field.length_offset < 0) continue;
    const std::uint64_t length = chance.bits(number++) % (field.count + std::uint64_t{1});
    std::memcpy(data + field.length_offset, &length, sizeof length);
  }
}

double InputShim::value_of(Act& act, Stamp now) noexcept {
  const std::uint32_t count = act.entry.points;
  if (count == 0) return act.entry.value;
  while (act.cursor + 1 < count && act.points[act.cursor + 1].at_ns <= now) ++act.cursor;
  const DrivePoint& here = act.points[act.cursor];
  if (act.entry.interpolate == 0 || act.cursor + 1 == count) return here.value;
  const DrivePoint& next = act.points[act.cursor + 1];
  const double part =
      static_cast<double>(now - here.at_ns) / static_cast<double>(next.at_ns - here.at_ns);
  return here.value + part * (next.value - here.value);
}

bool InputShim::is_driven(Stamp now) const noexcept {
  return std::any_of(acts_.get(), acts_.get() + act_count_,
                     [now](const Act& act) { return act.drives(now); });
}

const void* InputShim::driven() noexcept { return buffer(kViews + driven_); }

const void* InputShim::drive(Stamp now) noexcept {
  std::byte* const sample = buffer(kViews + driven_);
  if (config_.initial.empty()) {
    std::memset(sample, 0, size_);
  } else {
    std::memcpy(sample, config_.initial.data(), size_);
  }
  for (std::uint32_t i = 0; i < act_count_; ++i) {
    Act& act = acts_[i];
    if (!act.drives(now)) continue;
    store_number(act.kind(), sample + act.entry.offset, value_of(act, now));
  }
  return sample;
}

}  // namespace takt::loop
