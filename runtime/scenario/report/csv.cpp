#include "runtime/scenario/report/csv.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include <takt/base/text.hpp>

#include "runtime/scenario/report/text.hpp"

namespace takt::scenario {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Walks through one signal's samples as time goes by.
class SignalWalk {
 public:
  explicit SignalWalk(const SignalRecord& signal)
      : signal_(signal), size_(std::min(signal.t_ns.size(), signal.values.size())) {}

  std::int64_t next_at() const { return next_ < size_ ? signal_.t_ns[next_] : kNever; }

  // Takes every sample up to `t`, the last of one instant counts.
  void go_to(std::int64_t t) {
    while (next_ < size_ && signal_.t_ns[next_] <= t) ++next_;
  }

  void write_at(std::int64_t t, std::string& text) const {
    if (next_ == 0) return;
    double value = signal_.values[next_ - 1];
    const std::int64_t before = signal_.t_ns[next_ - 1];
    if (signal_.interpolates && next_ < size_ && t > before) {
      const double part =
          static_cast<double>(t - before) / static_cast<double>(signal_.t_ns[next_] - before);
      value += part * (signal_.values[next_] - value);
    }
    fmt::format_to(std::back_inserter(text), "{:.17g}", value);
  }

 private:
  const SignalRecord& signal_;
  std::size_t size_;
  std::size_t next_ = 0;
};

}  // namespace

std::string signals_csv(const RunResult& run) {
  std::string text = "t";
  std::vector<SignalWalk> walks;
  for (const SignalRecord& signal : run.signals) {
    text += ',';
    text += cell(signal.name);
    walks.emplace_back(signal);
  }
  text += "\n";
  for (;;) {
    std::int64_t t = kNever;
    for (const SignalWalk& walk : walks) t = std::min(t, walk.next_at());
    if (t == kNever) return text;
    text += seconds_text(t);
    for (SignalWalk& walk : walks) {
      walk.go_to(t);
      text += ',';
      walk.write_at(t, text);
    }
    text += '\n';
  }
}

std::string events_csv(const RunResult& run) {
  struct Line {
    nanoseconds at;
    std::string text;
  };
  std::vector<Line> lines;
  for (const EventRecord& event : run.events) {
    lines.push_back({event.at, format("{},,{},{},{},", seconds_text(event.at.count()),
                                      cell(event.kind), cell(event.name), cell(event.detail))});
  }
  for (const FaultRecord& fault : run.faults) {
    lines.push_back({fault.span.begin,
                     format("{},{},injection,{},{},{}", seconds_text(fault.span.begin.count()),
                            seconds_text(fault.span.end.count()), cell(fault.name),
                            cell(fault.what), fault.samples)});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.at < b.at; });
  std::string text = "t,end,kind,name,detail,samples\n";
  for (const Line& line : lines) text += line.text + "\n";
  return text;
}

}  // namespace takt::scenario
