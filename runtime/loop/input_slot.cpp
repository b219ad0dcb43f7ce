#include "runtime/loop/input_slot.hpp"

#include <algorithm>

namespace takt::loop {
namespace {

Stamp shortest_limit(const InputConfig& config) {
  Stamp shortest = 0;
  for (const auto& limit : {config.max_age, config.max_data_age}) {
    if (limit && (shortest == 0 || limit->count() < shortest)) shortest = limit->count();
  }
  return shortest;
}

}  // namespace

InputSlot::InputSlot(InputBase& input, const InputConfig& config,
                     std::vector<std::unique_ptr<port::Reader>> readers, InputWiring wiring,
                     bool refuse_non_finite)
    : input_(input), config_(config), wiring_(wiring), limit_(shortest_limit(config)) {
  if (refuse_non_finite && !config_.layout.allows_non_finite) {
    refused_runs_ = float_runs(config_.layout);
  }
  sources_.reserve(readers.size());
  for (auto& reader : readers) sources_.emplace_back(config_, wiring_, std::move(reader));
  active_ = sources_.data();
  PortAccess::connect(input_);
}

void InputSlot::start(Stamp from, bool joins_late) noexcept {
  for (InputSource& source : sources_) source.start(from, joins_late);
  if (!config_.initial.empty()) PortAccess::show(input_, config_.initial.data(), SampleHeader{});
}

void InputSlot::adopt(const InjectionEntry& entry, const DrivePoint* points, Stamp now) noexcept {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (entry.source == kAnySource || entry.source == i) sources_[i].adopt(entry, points, now);
  }
}

// What has arrived and was not taken waits for a step, not for time.
Stamp InputSlot::next_arrival(Stamp now) const noexcept {
  Stamp next = kInjectionForEver;
  for (const InputSource& source : sources_) {
    if (source.next_arrival() > now) next = std::min(next, source.next_arrival());
  }
  return next;
}

bool InputSlot::collect(Stamp now) noexcept {
  bool came = false;
  for (InputSource& source : sources_) {
    const bool one_by_one = config_.queue_depth > 0;
    if (one_by_one && source.is_new()) continue;
    while (source.take(refused_runs_, now)) {
      came = came || &source == active_;
      if (one_by_one) break;
    }
  }
  came = active_->refresh(refused_runs_, now) || came;
  if (came) PortAccess::show(input_, active_->data(), active_->header());
  return active_->is_new();
}

InputSource* InputSlot::best_source(Stamp now) noexcept {
  InputSource* const first = sources_.data();
  for (InputSource* s = first; s != active_; ++s) {
    if (s->is_steady(now, kReturnAfter * limit_)) return s;
  }
  if (!active_->too_old(now)) return active_;
  for (InputSource& s : sources_) {
    if (s.is_fresh(now)) return &s;
  }
  return active_;
}

void InputSlot::show_source(InputSource* source) noexcept {
  if (source == active_) return;
  active_ = source;
  bump(wiring_.counters->switches);
  const auto place = static_cast<std::uint32_t>(source - sources_.data());
  wiring_.counters->source.store(place, std::memory_order_relaxed);
  PortAccess::show(input_, source->data(), source->header());
  PortAccess::set_source(input_, place);
}

void InputSlot::consume() noexcept {
  active_->mark_seen();
  PortAccess::mark_new(input_, false);
}

InputSlot::Verdict InputSlot::judge(Stamp now, bool record) noexcept {
  choose(now);
  if (active_->refresh(refused_runs_, now)) {
    PortAccess::show(input_, active_->data(), active_->header());
  }
  const bool stale = too_old(now);
  const Stamp age = active_->age(now);
  const Stamp origin = has_sample() ? header().origin_ns : 0;
  const Stamp data_age = origin != 0 ? now - origin : 0;
  PortAccess::judge(input_, std::chrono::nanoseconds(age), std::chrono::nanoseconds(data_age),
                    stale);
  PortAccess::mark_new(input_, is_new());
  if (record && has_sample()) {
    wiring_.counters->age.add(age);
    if (origin != 0) wiring_.counters->data_age.add(data_age);
  }
  if (stale) {
    bump(wiring_.counters->stale);
    return Verdict::stale;
  }
  return input_.has_value() || config_.optional ? Verdict::fresh : Verdict::missing;
}

}  // namespace takt::loop
