#include "runtime/scenario/report/plot.hpp"

#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/scenario/report/curve.hpp"
#include "runtime/scenario/report/marks.hpp"
#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

// A panel in the units of its SVG, which the browser scales to the page.
constexpr double kPanelWidth = 1100;
constexpr double kLeft = 72;
constexpr double kRight = 18;
constexpr double kPlotWidth = kPanelWidth - kLeft - kRight;
constexpr double kPlotHeight = 210;
constexpr int kColours = 8;

using Signals = std::vector<const SignalRecord*>;

AxisRange drawn_time_of(const RunResult& run) {
  AxisRange time{0.0, static_cast<double>(run.duration.count()) * 1e-9};
  for (const SignalRecord& signal : run.signals) {
    if (signal.t_ns.empty()) continue;
    time.low = std::min(time.low, static_cast<double>(signal.t_ns.front()) * 1e-9);
    time.high = std::max(time.high, static_cast<double>(signal.t_ns.back()) * 1e-9);
  }
  if (time.size() <= 0.0) time.high = time.low + 1.0;
  return time;
}

std::vector<std::vector<std::string>> entries_of(const RunResult& run) {
  if (!run.plots.empty()) return run.plots;
  std::vector<std::string> judged;
  std::vector<std::string> all;
  for (const SignalRecord& signal : run.signals) {
    all.push_back(signal.name);
    const bool is_judged =
        std::any_of(run.assessments.begin(), run.assessments.end(), [&](const auto& a) {
          return std::find(a.signals.begin(), a.signals.end(), signal.name) != a.signals.end();
        });
    if (is_judged) judged.push_back(signal.name);
  }
  if (all.empty()) return {};
  return {judged.empty() ? all : judged};
}

// By unit, in the order in which the units come.
std::vector<Signals> panels_of(const Signals& signals) {
  std::vector<Signals> panels;
  for (const SignalRecord* signal : signals) {
    const auto panel = std::find_if(panels.begin(), panels.end(), [signal](const Signals& other) {
      return other.front()->unit == signal->unit;
    });
    if (panel == panels.end()) {
      panels.push_back({signal});
    } else {
      panel->push_back(signal);
    }
  }
  return panels;
}

// The class of the signal's colour; a second round of colours is dashed.
std::string colour_class(std::size_t index) {
  return format("s{}{}", index % kColours, index / kColours % 2 == 1 ? " dashed" : "");
}

std::string y_axis(const AxisRange& values, double top) {
  std::string svg = "<g class=\"y-ticks\">";
  const std::vector<double> ticks = ticks_of(values, 5);
  const double distance = ticks.size() > 1 ? ticks[1] - ticks[0] : 0.0;
  for (const double tick : ticks) {
    const double y = top + (values.high - tick) / values.size() * kPlotHeight;
    svg += format(
        "<path d=\"M{0} {1:.1f}H{2}\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "text-anchor=\"end\">{5}</text>",
        kLeft, y, kLeft + kPlotWidth, kLeft - 7, y + 4, tick_text(tick, distance));
  }
  return svg + "</g>\n";
}

std::string x_axis(const AxisRange& time, double top) {
  std::string svg = "<g class=\"x-ticks\">";
  const std::vector<double> ticks = ticks_of(time, 10);
  const double distance = ticks.size() > 1 ? ticks[1] - ticks[0] : 0.0;
  const double bottom = top + kPlotHeight;
  for (const double tick : ticks) {
    const double x = kLeft + (tick - time.low) / time.size() * kPlotWidth;
    svg += format(
        "<path d=\"M{0:.1f} {1}V{2}\"/><text x=\"{0:.1f}\" y=\"{3}\" "
        "text-anchor=\"middle\">{4}</text>",
        x, top, bottom + 5, bottom + 18, tick_text(tick, distance));
  }
  return svg + "</g>\n";
}

std::string curves(const Signals& panel, const Signals& figure, const AxisRange& time,
                   const AxisRange& values) {
  std::string svg;
  for (const SignalRecord* signal : panel) {
    const auto index = std::find(figure.begin(), figure.end(), signal) - figure.begin();
    svg += format("<path class=\"curve {}\" data-name=\"{}\" data-lines=\"{}\" d=\"{}\"/>\n",
                  colour_class(static_cast<std::size_t>(index)), escaped(signal->name),
                  signal->interpolates ? 1 : 0, path_of(*signal, time, values));
  }
  return svg;
}

std::string panel_svg(const RunResult& run, const Signals& panel, const Signals& figure,
                      const AxisRange& time) {
  const std::optional<AxisRange> found = range_of(panel);
  const AxisRange values = found.value_or(AxisRange{});
  const FaultNames names = fault_names(run, time, kLeft, kPlotWidth);
  const double top = 18.0 + 14.0 * std::max(0, names.rows - 1);
  const std::string unit = panel.front()->unit.empty() ? "1" : panel.front()->unit;
  std::string label;
  for (const SignalRecord* signal : panel) label += (label.empty() ? "" : ", ") + signal->name;
  std::string svg = format(
      "<svg class=\"panel\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{} in {} over time\" "
      "data-t0=\"{:.9g}\" data-t1=\"{:.9g}\" data-low=\"{:.17g}\" data-high=\"{:.17g}\" "
      "data-left=\"{}\" data-width=\"{}\" data-top=\"{}\" data-height=\"{}\" data-unit=\"{}\">\n",
      kPanelWidth, top + kPlotHeight + 38, escaped(label), escaped(unit), time.low, time.high,
      values.low, values.high, kLeft, kPlotWidth, top, kPlotHeight, escaped(panel.front()->unit));
  svg += y_axis(values, top) + x_axis(time, top);
  svg += format(
      "<svg class=\"box\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
      "viewBox=\"0 0 {:.0f} {:.0f}\" preserveAspectRatio=\"none\">\n",
      kLeft, top, kPlotWidth, kPlotHeight, kBoxWidth, kBoxHeight);
  svg += fault_marks(run, time) + violation_marks(run, panel, time) + event_marks(run, time);
  svg += curves(panel, figure, time, values) + worst_marks(run, panel, time, values) + "</svg>\n";
  svg += format("<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", kLeft,
                top, kPlotWidth, kPlotHeight);
  svg += names.svg;
  svg += format("<text class=\"unit\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kLeft - 7,
                top - 7, escaped(unit));
  svg += format("<text class=\"unit\" x=\"{}\" y=\"{}\" text-anchor=\"end\">t / s</text>\n",
                kLeft + kPlotWidth, top + kPlotHeight + 33);
  if (!found) {
    svg +=
        format("<text class=\"none\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">no sample</text>\n",
               kLeft + kPlotWidth / 2, top + kPlotHeight / 2);
  }
  return svg + "</svg>\n";
}

std::string legend(const RunResult& run, const Signals& signals,
                   const std::vector<std::string>& missing) {
  std::string html = "<figcaption>";
  for (std::size_t i = 0; i < signals.size(); ++i) {
    html += format(
        "<span class=\"key\" data-name=\"{}\"><svg viewBox=\"0 0 22 8\"><path class=\"curve {}\" "
        "d=\"M0 4H22\"/></svg>{}",
        escaped(signals[i]->name), colour_class(i), escaped(signals[i]->name));
    if (!signals[i]->unit.empty()) html += format(" / {}", escaped(signals[i]->unit));
    if (!signals[i]->source.empty() && signals[i]->source != signals[i]->name) {
      html += format(" <small>{}</small>", escaped(signals[i]->source));
    }
    html += "</span>\n";
  }
  const bool worst = std::any_of(run.assessments.begin(), run.assessments.end(),
                                 [](const auto& a) { return a.worst_at.has_value(); });
  const bool violated = std::any_of(run.assessments.begin(), run.assessments.end(),
                                    [](const auto& a) { return !a.violations.empty(); });
  html += "<span class=\"marks\">";
  if (!run.faults.empty()) html += "<span class=\"key\"><i class=\"fault\"></i>fault</span>\n";
  if (violated) html += "<span class=\"key\"><i class=\"violation\"></i>violation</span>\n";
  if (worst) html += "<span class=\"key\"><i class=\"worst\"></i>worst point</span>\n";
  if (!run.events.empty()) html += "<span class=\"key\"><i class=\"event\"></i>event</span>\n";
  html += "</span>";
  for (const std::string& name : missing) {
    html +=
        format("<span class=\"key\">{} <small>was not recorded</small></span>\n", escaped(name));
  }
  return html + "</figcaption>\n";
}

}  // namespace

std::string plots_html(const RunResult& run) {
  const AxisRange time = drawn_time_of(run);
  std::string html;
  for (const std::vector<std::string>& entry : entries_of(run)) {
    Signals signals;
    std::vector<std::string> missing;
    for (const std::string& name : entry) {
      const auto found = std::find_if(run.signals.begin(), run.signals.end(),
                                      [&name](const auto& signal) { return signal.name == name; });
      if (found == run.signals.end()) {
        missing.push_back(name);
      } else if (std::find(signals.begin(), signals.end(), &*found) == signals.end()) {
        signals.push_back(&*found);
      }
    }
    html += "<figure>\n" + legend(run, signals, missing);
    for (const Signals& panel : panels_of(signals)) html += panel_svg(run, panel, signals, time);
    html += "</figure>\n";
  }
  return html;
}

}  // namespace takt::scenario
