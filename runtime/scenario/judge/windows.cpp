// Conditions over windows of time: always, eventually, until, stays, settles.
#include <algorithm>
#include <cmath>
#include <limits>

#include <takt/base/text.hpp>

#include "runtime/scenario/judge/judge.hpp"

namespace takt::scenario {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<std::size_t> joined(const std::vector<std::size_t>& a,
                                const std::vector<std::size_t>& b) {
  std::vector<std::size_t> all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// The value that a person looks at first: that of the only signal, when there is one.
std::optional<double> shown_value(const std::vector<std::size_t>& signals, const Instant& instant) {
  if (signals.size() != 1) return std::nullopt;
  return instant.values[signals.front()];
}

// Keeps the worst instant, and where the condition does not hold.
class Worst {
 public:
  void add(std::int64_t t, const Truth& truth, std::optional<double> value) {
    any_ = true;
    if (!truth.holds) {
      if (!open_) violations_.push_back({nanoseconds(t), nanoseconds(t)});
      open_ = true;
    }
    if (open_) violations_.back().end = nanoseconds(t);
    open_ = !truth.holds;
    // What does not hold is worse than what does, whatever the margin: `x < 5` at 5 has margin 0.
    const bool first = !worst_.has_value();
    const bool worse =
        !first && (truth.holds == worst_->holds ? truth.margin < worst_->margin : !truth.holds);
    if (!first && !worse) return;
    worst_ = truth;
    at_ = nanoseconds(t);
    value_ = value;
  }
  bool any() const { return any_; }
  bool holds() const { return violations_.empty(); }

  Finding finding(std::string good, const std::string& bad) const {
    if (!any_) return {.verdict = Verdict::untested, .text = "there is no sample in the window"};
    return {.verdict = holds() ? Verdict::pass : Verdict::fail,
            .text = holds() ? std::move(good)
                            : format("{} at {}", bad, seconds_text(violations_.front().begin)),
            .margin = worst_->margin,
            .worst_at = at_,
            .worst_value = value_,
            .violations = violations_};
  }

 private:
  bool any_ = false;
  bool open_ = false;
  std::optional<Truth> worst_;
  nanoseconds at_{0};
  std::optional<double> value_;
  std::vector<Span> violations_;
};

Finding judge_always(const AlwaysSpec& always, const Span& window, const Evidence& evidence) {
  Worst worst;
  std::vector<std::size_t> signals = always.condition.signals();
  if (always.only_while) signals = joined(signals, always.only_while->signals());
  evidence.trace.for_each_instant(signals, window, [&](std::int64_t t, const Instant& instant) {
    if (always.only_while && !always.only_while->at(instant).holds) return true;
    worst.add(t, always.condition.at(instant), shown_value(always.condition.signals(), instant));
    return true;
  });
  Finding found = worst.finding("held throughout", "does not hold");
  if (!worst.any() && always.only_while) {
    found.text = format("'{}' never held in the window", always.only_while->text());
  }
  return found;
}

// The window's share that a deadline leaves; whether the run went on for as long.
struct Deadline {
  Span span;
  bool seen_whole = true;
};
Deadline deadline_of(const Span& window, nanoseconds within, const Trace& trace) {
  const nanoseconds end = window.begin + within;
  // A window that ends before the run was meant to cut the time short.
  return {{window.begin, std::min(end, window.end)},
          end.count() <= trace.end_ns || window.end.count() < trace.end_ns};
}

Finding judge_eventually(const EventuallySpec& eventually, const Span& window,
                         const Evidence& evidence) {
  const Deadline deadline = deadline_of(window, eventually.within, evidence.trace);
  Finding found;
  const auto& signals = eventually.condition.signals();
  bool any = false;
  evidence.trace.for_each_instant(
      signals, deadline.span, [&](std::int64_t t, const Instant& instant) {
        any = true;
        const Truth truth = eventually.condition.at(instant);
        if (!found.margin || truth.margin > *found.margin || truth.holds) {
          found.margin = truth.margin;
          found.worst_at = nanoseconds(t);
          found.worst_value = shown_value(signals, instant);
        }
        if (!truth.holds) return true;
        found.verdict = Verdict::pass;
        found.text = format("after {}", seconds_text(nanoseconds(t) - window.begin));
        return false;
      });
  if (found.verdict == Verdict::pass) return found;
  if (!any) return {.verdict = Verdict::untested, .text = "there is no sample in the window"};
  if (!deadline.seen_whole) {
    return {.verdict = Verdict::untested, .text = "the run ended before its time was over"};
  }
  found.verdict = Verdict::fail;
  found.text = format("not within {}", seconds_text(eventually.within));
  found.violations = {deadline.span};
  return found;
}

Finding judge_until(const UntilSpec& until, const Span& window, const Evidence& evidence) {
  const Deadline deadline = deadline_of(window, until.within, evidence.trace);
  Worst worst;
  std::optional<nanoseconds> reached;
  evidence.trace.for_each_instant(joined(until.hold.signals(), until.until.signals()),
                                  deadline.span, [&](std::int64_t t, const Instant& instant) {
                                    // What has to hold until then need not hold then.
                                    if (until.until.at(instant).holds) {
                                      reached = nanoseconds(t);
                                      return false;
                                    }
                                    worst.add(t, until.hold.at(instant),
                                              shown_value(until.hold.signals(), instant));
                                    return worst.holds();
                                  });
  Finding found = worst.finding(reached ? format("held until {}", seconds_text(*reached)) : "",
                                "does not hold");
  if (reached && !worst.any()) {
    return {.verdict = Verdict::pass, .text = "it was so from the beginning"};
  }
  if (found.verdict != Verdict::pass || reached) return found;
  if (!deadline.seen_whole) {
    return {.verdict = Verdict::untested, .text = "the run ended before its time was over"};
  }
  found.verdict = Verdict::fail;
  found.text = format("'{}' not within {}", until.until.text(), seconds_text(until.within));
  found.violations = {deadline.span};
  return found;
}

// Spans in which a condition holds without a break, as instants see it.
struct Holding {
  Span span;
  double margin = kInfinity;
};
std::vector<Holding> holdings(const Condition& condition, const Span& window,
                              const Evidence& evidence) {
  std::vector<Holding> found;
  bool open = false;
  evidence.trace.for_each_instant(
      condition.signals(), window, [&](std::int64_t t, const Instant& instant) {
        const Truth truth = condition.at(instant);
        if (open) found.back().span.end = nanoseconds(t);
        if (!truth.holds) {
          open = false;
          return true;
        }
        if (!open) found.push_back({{nanoseconds(t), nanoseconds(t)}});
        open = true;
        found.back().margin = std::min(found.back().margin, truth.margin);
        return true;
      });
  // The last value holds until the end of what was recorded.
  if (open) {
    found.back().span.end = std::min(window.end, nanoseconds(evidence.trace.end_ns));
  }
  return found;
}

Finding judge_stays(const StaysSpec& stays, const Span& window, const Evidence& evidence) {
  const Deadline deadline = deadline_of(window, stays.within + stays.stays, evidence.trace);
  const Span& look = deadline.span;
  const auto spans = holdings(stays.condition, look, evidence);
  Finding found{.verdict = Verdict::fail};
  for (const Holding& holding : spans) {
    const bool in_time = holding.span.begin - window.begin <= stays.within;
    if (!in_time || holding.span.end - holding.span.begin < stays.stays) continue;
    return {.verdict = Verdict::pass,
            .text = format("after {}", seconds_text(holding.span.begin - window.begin)),
            .margin = holding.margin,
            .worst_at = holding.span.begin};
  }
  if (!deadline.seen_whole) {
    return {.verdict = Verdict::untested, .text = "the run ended before its time was over"};
  }
  found.text = spans.empty() ? format("not within {}", seconds_text(stays.within))
                             : format("does not stay for {}", seconds_text(stays.stays));
  found.violations = {look};
  return found;
}

Finding judge_settles(const SettlesSpec& settles, const Span& window, const Evidence& evidence) {
  const SignalTrace& signal = evidence.trace.signals[settles.signal];
  const Span whole{window.begin, std::min(window.end, nanoseconds(evidence.trace.end_ns))};
  std::optional<nanoseconds> entered, settled;
  double worst = 0.0;
  nanoseconds worst_at{0};
  bool any = false;
  std::vector<Span> exits;
  evidence.trace.for_each_instant({settles.signal}, whole, [&](std::int64_t t, const Instant&) {
    any = true;
    const nanoseconds now(t);
    const double distance = std::abs(signal.at(t) - settles.to);
    if (distance <= settles.band) {
      if (!entered) {
        entered = now;
        worst = distance;
        worst_at = now;
      }
      if (!settled && now - *entered >= settles.stays) settled = *entered;
    } else if (settled) {
      exits.push_back({now, now});
    } else {
      entered.reset();
    }
    // After it has settled only what must not leave the band counts.
    if (entered && distance > worst && !(settled && settles.allow_exit)) {
      worst = distance;
      worst_at = now;
    }
    return true;
  });
  if (!any) return {.verdict = Verdict::untested, .text = "there is no sample in the window"};
  // The last value holds until the end.
  if (!settled && entered && whole.end - *entered >= settles.stays) settled = *entered;
  const bool in_time = settled && *settled - window.begin <= settles.within;
  const bool stays_in = exits.empty() || settles.allow_exit;
  Finding found{.verdict = in_time && stays_in ? Verdict::pass : Verdict::fail,
                .margin = settles.band - worst,
                .worst_at = worst_at,
                .worst_value = signal.at(worst_at.count())};
  if (!settled) {
    found.margin = settles.band - std::abs(signal.at(whole.end.count()) - settles.to);
    found.text = "does not settle";
    found.violations = {whole};
    if (whole.end - window.begin < settles.within + settles.stays) {
      found.verdict = Verdict::untested;
      found.text = "the run ended before its time was over";
    }
  } else if (!in_time) {
    found.text = format("settles after {}, later than {}", seconds_text(*settled - window.begin),
                        seconds_text(settles.within));
    found.violations = {{window.begin + settles.within, *settled}};
  } else if (!stays_in) {
    found.text = format("leaves the band again at {}", seconds_text(exits.front().begin));
    found.violations = exits;
  } else {
    found.text = format("after {}", seconds_text(*settled - window.begin));
  }
  return found;
}

}  // namespace

Finding judge_body(const BodySpec& body, const Span& window, const Evidence& evidence) {
  if (const auto* always = std::get_if<AlwaysSpec>(&body)) {
    return judge_always(*always, window, evidence);
  }
  if (const auto* eventually = std::get_if<EventuallySpec>(&body)) {
    return judge_eventually(*eventually, window, evidence);
  }
  if (const auto* until = std::get_if<UntilSpec>(&body)) {
    return judge_until(*until, window, evidence);
  }
  if (const auto* stays = std::get_if<StaysSpec>(&body)) {
    return judge_stays(*stays, window, evidence);
  }
  return judge_settles(std::get<SettlesSpec>(body), window, evidence);
}

}  // namespace takt::scenario
