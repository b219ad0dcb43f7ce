// source/profile: a set-point that follows a step, ramp, sine, square or a table over time.
//
//  output         type    unit  origin
//  value          Scalar        none: a set-point carries no origin
//
//  parameter      unit  default  range
//  shape          -     (given)  step, ramp, sine, square, table
//  at             s     0        0 to 1e9; when the shape begins, since the barrier
//  from, to       -     0, 1     any, in the unit of `value`; of step, ramp, square
//  duration       s     1        0 to 1e9; of the ramp; 0: a step
//  amplitude      -     1        any, in the unit of `value`; of the sine
//  offset         -     0        any, in the unit of `value`; of the sine
//  frequency      Hz    1        from 0; of the sine
//  phase          rad   0        any; of the sine
//  period         s     1        1e-9 to 1e9; of the square
//  duty           -     0.5      0 to 1; part of the square's period, from its start, at `to`
//  file           -     ""       CSV file `time,value` (profile_table.hpp); of the table
//  interpolation  -     hold     hold, linear; between rows of the table
//  repeat         -     false    the table starts again at its first row when it reaches its last
//
// The value depends on `cycle.release` alone, so a replayed or restarted node sends the same ones.
// Before `at`: step, ramp, square `from`; sine its value at `at`; table its first row.
// At a release exactly at `at` a step is already `to`, and a square begins its high part.
// First step, skipped releases: nothing special. No input, so nothing is stale and no NaN comes in.
// Infinite parameters do not exist; a sine whose sum overflows is refused by the loop.
// Reset: nothing to forget.
// Real time cost: one `sin`, or one binary search among at most a million rows.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include <takt/base/text.hpp>
#include <takt/node/node.hpp>

#include "nodes/source/profile_shapes.hpp"
#include "nodes/source/profile_table.hpp"

namespace takt::nodes {
namespace {

constexpr double kTimeMax = 1e9;  // Seconds, about 31 years: fits into 64-bit nanoseconds.

std::chrono::nanoseconds nanoseconds_of(double seconds) {
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::llround(seconds * 1e9))};
}

class Profile final : public Node {
 public:
  Result<void> configure(NodeContext& context) override {
    const auto known = shape_named(shape.value());
    if (!known) return known.error();
    settings_ = {.shape = *known,
                 .at = nanoseconds_of(at),
                 .from = from,
                 .to = to,
                 .duration = nanoseconds_of(duration),
                 .amplitude = amplitude,
                 .offset = offset,
                 .frequency = frequency,
                 .phase = phase,
                 .period = nanoseconds_of(period),
                 .high = nanoseconds_of(period * duty)};
    if (settings_.shape == Shape::table) return read_table(context);
    if (!file.value().empty()) {
      return fail(format("`file` is given, but shape '{}' reads none", shape.value()),
                  "write `shape: table`, or leave `file` out");
    }
    return {};
  }

  StepResult step(const Cycle& cycle) noexcept TAKT_RT override {
    value.publish({.value = profile_value(settings_, cycle.release)});
    return StepResult::ok;
  }

 private:
  static Result<Shape> shape_named(const std::string& name) {
    if (name == "step") return Shape::step;
    if (name == "ramp") return Shape::ramp;
    if (name == "sine") return Shape::sine;
    if (name == "square") return Shape::square;
    if (name == "table") return Shape::table;
    return fail(format("there is no shape '{}'", name),
                "give step, ramp, sine, square or table as `shape`");
  }

  Result<void> read_table(const NodeContext& context) {
    if (file.value().empty()) {
      return fail("shape 'table' needs a file", "give a CSV file as `file`");
    }
    auto table = read_profile_table(context.resolve(file));
    if (!table) return table.error();
    if (repeat && table->rows().size() < 2) {
      return fail(format("table '{}' has one row and `repeat` is on: it has no length to repeat",
                         file.value()),
                  "add a row that marks the end, or leave `repeat` out");
    }
    settings_.table = std::move(*table);
    settings_.table.set_repeat(repeat);
    settings_.table.set_interpolation(interpolation.value() == "linear" ? Interpolation::linear
                                                                        : Interpolation::hold);
    return {};
  }

  Output<Scalar> value{*this, "value", {.summary = "The set-point", .origin = Origin::none}};

  Param<std::string> shape{*this,
                           "shape",
                           {.summary = "What the value does over time",
                            .choices = {"step", "ramp", "sine", "square", "table"}}};
  Param<double> at{*this,
                   "at",
                   {.summary = "When the shape begins, since the barrier",
                    .unit = "s",
                    .fallback = 0.0,
                    .min = 0.0,
                    .max = kTimeMax}};
  Param<double> from{*this,
                     "from",
                     {.summary = "Step, ramp, square: first or low value, in the unit of `value`",
                      .fallback = 0.0}};
  Param<double> to{*this,
                   "to",
                   {.summary = "Step, ramp, square: last or high value, in the unit of `value`",
                    .fallback = 1.0}};
  Param<double> duration{*this,
                         "duration",
                         {.summary = "Ramp: time from `from` to `to`",
                          .unit = "s",
                          .fallback = 1.0,
                          .min = 0.0,
                          .max = kTimeMax}};
  Param<double> amplitude{
      *this,
      "amplitude",
      {.summary = "Sine: largest deviation, in the unit of `value`", .fallback = 1.0}};
  Param<double> offset{
      *this, "offset", {.summary = "Sine: its middle, in the unit of `value`", .fallback = 0.0}};
  Param<double> frequency{
      *this,
      "frequency",
      {.summary = "Sine: cycles per second", .unit = "Hz", .fallback = 1.0, .min = 0.0}};
  Param<double> phase{
      *this, "phase", {.summary = "Sine: angle at `at`", .unit = "rad", .fallback = 0.0}};
  Param<double> period{*this,
                       "period",
                       {.summary = "Square: from one rise to the next",
                        .unit = "s",
                        .fallback = 1.0,
                        .min = 1e-9,
                        .max = kTimeMax}};
  Param<double> duty{
      *this,
      "duty",
      {.summary = "Square: part of the period at `to`", .fallback = 0.5, .min = 0.0, .max = 1.0}};
  Param<std::string> file{
      *this,
      "file",
      {.summary = "Table: CSV file `time,value`, from the graph file's folder", .fallback = ""}};
  Param<std::string> interpolation{
      *this,
      "interpolation",
      {.summary = "Table: between its rows", .fallback = "hold", .choices = {"hold", "linear"}}};
  Param<bool> repeat{
      *this,
      "repeat",
      {.summary = "Table: begins again when it reaches its last row", .fallback = false}};

  ProfileSettings settings_;
};

TAKT_NODE(Profile, "source/profile",
          "A set-point that follows a step, ramp, sine, square or a table over time.");

}  // namespace
}  // namespace takt::nodes
