// Triggers, and what must follow each of their firings.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/scenario/judge/judge.hpp"

namespace takt::scenario {
namespace {

// Rising edges; with `stays` the ends of the times for which the condition has held.
std::vector<nanoseconds> edges(const TriggerSpec& trigger, const Trace& trace, const Span& window) {
  std::vector<nanoseconds> found;
  bool was_true = false, first = true, fired = false;
  std::int64_t since = 0;
  const auto fire_if_held = [&](std::int64_t t) {
    if (!was_true || fired || t - since < trigger.stays.count()) return;
    found.emplace_back(since + trigger.stays.count());
    fired = true;
  };
  trace.for_each_instant(trigger.becomes_true->signals(), {nanoseconds(0), window.end},
                         [&](std::int64_t t, const Instant& instant) {
                           const bool holds = trigger.becomes_true->at(instant).holds;
                           fire_if_held(t);
                           // True from the first sample on: it has not become so.
                           if (holds && !was_true && !first) {
                             since = t;
                             fired = false;
                           } else if (holds && first) {
                             fired = true;
                           }
                           was_true = holds;
                           first = false;
                           fire_if_held(t);
                           return true;
                         });
  fire_if_held(std::min(window.end.count(), trace.end_ns));
  return found;
}

}  // namespace

std::vector<nanoseconds> firings(const TriggerSpec& trigger, const Trace& trace,
                                 const Span& window) {
  std::vector<nanoseconds> found;
  if (trigger.becomes_true) {
    found = edges(trigger, trace, window);
  } else {
    for (const EventRecord& event : trace.events) {
      if (event.kind == trigger.event && event.name == trigger.name) found.push_back(event.at);
    }
  }
  std::erase_if(found, [&](nanoseconds at) { return at < window.begin || at > window.end; });
  for (nanoseconds& at : found) at += trigger.delay;
  return found;
}

Finding judge_triggered(const TriggeredSpec& triggered, const Span& window,
                        const Evidence& evidence) {
  const auto fired = firings(triggered.trigger, evidence.trace, window);
  if (fired.empty()) {
    return {.verdict = Verdict::untested,
            .text = format("the trigger never fired: {}", triggered.trigger.text)};
  }
  Finding worst{.verdict = Verdict::pass};
  bool first = true;
  std::size_t count = 0;
  for (const nanoseconds at : fired) {
    Span span{at, window.end};
    if (triggered.lasts.count() > 0) span.end = std::min(span.end, at + triggered.lasts);
    Finding found = judge_body(triggered.body, span, evidence);
    if (found.verdict == Verdict::fail) ++count;
    std::vector<Span> violations = std::move(worst.violations);
    violations.insert(violations.end(), found.violations.begin(), found.violations.end());
    const bool is_worse =
        first || (found.verdict == worst.verdict
                      ? found.margin && worst.margin && *found.margin < *worst.margin
                      : worse(found.verdict, worst.verdict) == found.verdict);
    if (is_worse) {
      worst = std::move(found);
      worst.text += format(" (trigger at {})", seconds_text(at));
    }
    worst.violations = std::move(violations);
    first = false;
  }
  if (fired.size() > 1) worst.text += format(", {} of {} firings failed", count, fired.size());
  return worst;
}

}  // namespace takt::scenario
