#include "runtime/scenario/language/describe.hpp"

#include <takt/base/text.hpp>

#include "runtime/scenario/judge/judge.hpp"

namespace takt::scenario {
namespace {

class Describer {
 public:
  explicit Describer(const ScenarioSpec& scenario) : scenario_(scenario) {}

  std::string operator()(const BodySpec& body) const { return std::visit(*this, body); }
  std::string operator()(const AlwaysSpec& s) const {
    return s.only_while ? format("{} while {}", s.condition.text(), s.only_while->text())
                        : s.condition.text();
  }
  std::string operator()(const EventuallySpec& s) const {
    return format("{} within {}", s.condition.text(), seconds_text(s.within));
  }
  std::string operator()(const UntilSpec& s) const {
    return format("{} until {} within {}", s.hold.text(), s.until.text(), seconds_text(s.within));
  }
  std::string operator()(const StaysSpec& s) const {
    return format("{} for {} within {}", s.condition.text(), seconds_text(s.stays),
                  seconds_text(s.within));
  }
  std::string operator()(const SettlesSpec& s) const {
    const SignalSpec& signal = scenario_.signals[s.signal];
    return format("{} settles to {:.6g} +- {:.3g} within {}", signal.name, s.to, s.band,
                  seconds_text(s.within));
  }
  std::string operator()(const TriggeredSpec& s) const {
    const std::string body = (*this)(s.body);
    const std::string lasts =
        s.lasts.count() > 0 ? format(" for {}", seconds_text(s.lasts)) : std::string();
    return format("after {}: {}{}", s.trigger.text, body, lasts);
  }
  std::string operator()(const FunctionalSpec& s) const {
    constexpr std::array<std::string_view, 6> kNames{"mean",    "rms",     "iae",
                                                     "minimum", "maximum", "at the end"};
    return format("{} of {}: {}", kNames[static_cast<std::size_t>(s.functional)], s.text,
                  text_of(s.limits, ""));
  }
  std::string operator()(const StepResponseSpec& s) const {
    std::vector<std::string> figures;
    for (const auto& [name, limits] : s.figures) {
      figures.push_back(format("{} {}", name, text_of(limits, "")));
    }
    return format("step of {}: {}", scenario_.signals[s.signal].name, fmt::join(figures, ", "));
  }
  std::string operator()(const CompareSpec& s) const {
    return format("{} as in {} within {:.3g} + {:.3g} %", scenario_.signals[s.signal].name, s.file,
                  s.abs, s.rel * 100);
  }
  std::string operator()(const TimingSpec& s) const {
    std::vector<std::string> limits;
    for (const CounterSpec& counter : s.limits) {
      limits.push_back(format("{} {}", counter.path, text_of(counter.limits, "")));
    }
    return fmt::to_string(fmt::join(limits, ", "));
  }

 private:
  const ScenarioSpec& scenario_;
};

}  // namespace

std::string describe(const AssessmentSpec& assessment, const ScenarioSpec& scenario) {
  return std::visit(Describer(scenario), assessment.what);
}

}  // namespace takt::scenario
