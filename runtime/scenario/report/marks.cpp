#include "runtime/scenario/report/marks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <takt/base/text.hpp>

#include "runtime/scenario/report/curve.hpp"
#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

constexpr std::int64_t kNearest = static_cast<std::int64_t>(kBoxWidth) / 2000;  // Half a pixel.
constexpr std::size_t kNamesMax = 5;  // Of one mark that stands for several.
constexpr double kLetter = 6.2;       // The width of a letter of a fault's name, in the panel.
constexpr double kRowHeight = 14.0;
constexpr std::size_t kNameRowsMax = 4;

std::int64_t place_of(nanoseconds t, const AxisRange& time) {
  const double part = (static_cast<double>(t.count()) * 1e-9 - time.low) / time.size();
  return std::llround(std::clamp(part, 0.0, 1.0) * kBoxWidth);
}

std::string rectangle(const char* kind, std::int64_t begin, std::int64_t end,
                      const std::string& title) {
  return format(
      "<rect class=\"{}\" x=\"{}\" y=\"0\" width=\"{}\" "
      "height=\"{:.0f}\"><title>{}</title></rect>\n",
      kind, begin, end - begin, kBoxHeight, escaped(title));
}

bool judged_any(const AssessmentResult& a, const std::vector<const SignalRecord*>& signals) {
  return std::any_of(signals.begin(), signals.end(), [&a](const SignalRecord* signal) {
    return std::find(a.signals.begin(), a.signals.end(), signal->name) != a.signals.end();
  });
}

}  // namespace

std::string fault_marks(const RunResult& run, const AxisRange& time) {
  std::string svg;
  for (const FaultRecord& fault : run.faults) {
    const std::string title = format("{}: {}\n{} to {}", fault.name, fault.what,
                                     time_text(fault.span.begin), time_text(fault.span.end));
    const std::int64_t begin = place_of(fault.span.begin, time);
    svg += rectangle("fault", begin, std::max(begin, place_of(fault.span.end, time)), title);
  }
  return svg;
}

std::string event_marks(const RunResult& run, const AxisRange& time) {
  std::vector<const EventRecord*> events;
  for (const EventRecord& event : run.events) events.push_back(&event);
  std::stable_sort(events.begin(), events.end(),
                   [](const EventRecord* a, const EventRecord* b) { return a->at < b->at; });
  std::string svg;
  for (std::size_t i = 0; i < events.size();) {
    const std::int64_t x = place_of(events[i]->at, time);
    std::string title;
    std::size_t count = 0;
    for (; i < events.size() && place_of(events[i]->at, time) - x < kNearest; ++i, ++count) {
      if (count >= kNamesMax) continue;
      title += format("{}{}: {} {}", count > 0 ? "\n" : "", time_text(events[i]->at),
                      events[i]->kind, events[i]->name);
    }
    if (count > kNamesMax) title += format("\nand {} more", count - kNamesMax);
    svg += format("<path class=\"event\" d=\"M{} 0V{:.0f}\"><title>{}</title></path>\n", x,
                  kBoxHeight, escaped(title));
  }
  return svg;
}

std::string violation_marks(const RunResult& run, const std::vector<const SignalRecord*>& signals,
                            const AxisRange& time) {
  std::string svg;
  for (const AssessmentResult& a : run.assessments) {
    if (!judged_any(a, signals)) continue;
    std::vector<Span> spans = a.violations;
    std::sort(spans.begin(), spans.end(),
              [](const Span& left, const Span& right) { return left.begin < right.begin; });
    for (std::size_t i = 0; i < spans.size();) {
      const nanoseconds from = spans[i].begin;
      nanoseconds until = spans[i].end;
      while (++i < spans.size() &&
             place_of(spans[i].begin, time) - place_of(until, time) < kNearest) {
        until = std::max(until, spans[i].end);
      }
      svg += rectangle("violation", place_of(from, time), place_of(until, time),
                       format("{} violated\n{} to {}", a.name, time_text(from), time_text(until)));
    }
  }
  return svg;
}

std::string worst_marks(const RunResult& run, const std::vector<const SignalRecord*>& signals,
                        const AxisRange& time, const AxisRange& values) {
  std::string svg;
  for (const AssessmentResult& a : run.assessments) {
    if (!a.worst_at) continue;
    // On the first curve that it judged: what was compared may be no signal itself.
    const auto judged =
        std::find_if(signals.begin(), signals.end(),
                     [&a](const SignalRecord* signal) { return judged_any(a, {signal}); });
    if (judged == signals.end()) continue;
    const std::optional<double> value = value_at(**judged, *a.worst_at);
    if (!value || !std::isfinite(*value)) continue;
    const double y = (values.high - *value) / values.size() * kBoxHeight;
    // A line of no length with round ends is a circle, however its box is stretched.
    svg += format("<path class=\"worst{}\" d=\"M{} {:.0f}h0\"><title>{}</title></path>\n",
                  a.counts_as_failure() ? " bad" : "", place_of(*a.worst_at, time), y,
                  escaped(format("{}: worst at {}, margin {}\n{}", a.name, worst_at_text(a),
                                 margin_text(a), a.text)));
  }
  return svg;
}

FaultNames fault_names(const RunResult& run, const AxisRange& time, double left, double width) {
  FaultNames names;
  std::array<double, kNameRowsMax> ends{};
  for (const FaultRecord& fault : run.faults) {
    const double length = kLetter * static_cast<double>(columns_of(fault.name));
    const double begin = static_cast<double>(place_of(fault.span.begin, time)) / kBoxWidth * width;
    const double x = left + std::max(0.0, std::min(begin, width - length));
    const auto row = std::find_if(ends.begin(), ends.end(), [x](double end) { return end <= x; });
    if (row == ends.end()) continue;  // It is in the table of faults, and its shading says it.
    *row = x + length + kLetter;
    const auto index = row - ends.begin();
    names.rows = std::max(names.rows, static_cast<int>(index) + 1);
    names.svg +=
        format("<text class=\"fault-name\" data-t=\"{:.9g}\" x=\"{:.1f}\" y=\"{:.0f}\">{}</text>\n",
               static_cast<double>(fault.span.begin.count()) * 1e-9, x,
               11.0 + kRowHeight * static_cast<double>(index), escaped(fault.name));
  }
  return names;
}

}  // namespace takt::scenario
