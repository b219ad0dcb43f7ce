// Injections into a run: planned ones, those of a scenario that runs, and those by hand.
#include <algorithm>

#include <takt/base/text.hpp>
#include <takt/sample/element.hpp>

#include "runtime/supervisor/injection_resolve.hpp"
#include "runtime/supervisor/run.hpp"

namespace takt::supervisor {
namespace {

using std::chrono::nanoseconds;

Json reply(const Error& error) {
  return {{"takt", kControlVersion}, {"ok", false}, {"message", error.message}, {"fix", error.fix}};
}

double number_in(const ElementValue& element) {
  return load_number(element.kind, element.bytes.data());
}

std::string seconds_text(nanoseconds time) {
  return format("{:.3g} s", std::chrono::duration<double>(time).count());
}

// The injection that a request describes, without its target's node and input and without times.
// Values are text in the field's unit. Errors: for the person who typed it.
Result<Injection> read_request(const GraphSpec& graph, const Json& request) {
  Json words = request;
  words["verb"] = request.value("how", "");
  words["node"] = words["input"] = "";
  words.erase("points");
  auto injection = injection_from_json(words);
  if (!injection) return injection.error();
  const std::string target = request.value("topic", "");
  const auto number = [&](const char* key, double& to) -> Result<void> {
    if (!request.contains(key)) return {};
    const auto element = find_element(graph, target, request.value(key, ""));
    if (!element) return element.error();
    to = number_in(*element);
    return {};
  };
  if (auto read = number("bias_text", injection->bias); !read) return read.error();
  if (auto read = number("sd_text", injection->sd); !read) return read.error();
  if (!request.contains("at_text")) return injection;
  InjectionPoint point;
  if (auto read = number("at_text", point.value); !read) return read.error();
  injection->points.push_back(point);
  return injection;
}

std::int64_t instant(nanoseconds zero, nanoseconds since) {
  return since == kUntilTheEnd ? kInjectionForEver : (zero + since).count();
}

}  // namespace

Result<void> Run::inject(const Injection& injection) {
  auto entry = resolve_injection(graph_, injection);
  if (!entry) return entry.error();
  // What comes late acts from now on: samples that have been read are not altered any more.
  const nanoseconds now = std::max(graph_now(), grid_zero_);
  entry->from_ns = std::max(instant(grid_zero_, injection.from), now.count());
  entry->until_ns = instant(grid_zero_, injection.until);
  if (entry->until_ns <= entry->from_ns) return fail("its time has passed");
  std::vector<DrivePoint> points;
  points.reserve(injection.points.size());
  for (const InjectionPoint& point : injection.points) {
    points.push_back({instant(grid_zero_, point.at), point.value});
  }
  const InputConfig& input = graph_.nodes[entry->node].inputs[entry->input];
  const InjectionRoom room = injection_room(options_.rehearsal.has_value(), input.layout.size);
  return injections_->add(*entry, points, room, graph_now().count());
}

// On every input that reads the topic, or on none.
Json Run::inject_by_hand(const Json& request) {
  if (!barrier_open_ || ending_) return reply(fail("the graph is starting or stopping"));
  const std::string topic = request.value("topic", "");
  const nanoseconds time(request.value("for_ns", std::int64_t{0}));
  if (time.count() <= 0 || time > kByHandMax) {
    return reply(
        fail(format("an injection lasts more than 0 s and at most {} min", kByHandMax.count())));
  }
  const auto targets = targets_of(graph_, topic);
  if (!targets) return reply(targets.error());
  auto injection = read_request(graph_, request);
  if (!injection) return reply(injection.error());
  injection->from = std::max(graph_now() - grid_zero_, nanoseconds(0));
  injection->until = injection->from + time;
  for (InjectionPoint& point : injection->points) point.at = injection->from;
  for (const InputTarget& target : *targets) {
    injection->target = target;
    if (auto good = check_injection(graph_, *injection); !good) return reply(good.error());
  }
  std::string at;
  for (const InputTarget& target : *targets) {
    injection->target = target;
    if (auto done = inject(*injection); !done) return reply(done.error());
    at += (at.empty() ? "" : ", ") + target.node + "." + target.input;
  }
  log_.say(format("injected: {} '{}' for {} at {}", name_of(injection->verb), topic,
                  seconds_text(time), at));
  return {{"takt", kControlVersion}, {"ok", true}, {"message", "at " + at}};
}

bool Run::is_external_input(const std::string& target) const {
  const std::vector<std::string> parts = split(target, '.');
  const NodeConfig* node = parts.size() < 2 ? nullptr : graph_.find(parts[0]);
  if (node == nullptr) return false;
  return std::any_of(node->inputs.begin(), node->inputs.end(), [&](const InputConfig& input) {
    return input.external && input.name == parts[1];
  });
}

bool Run::means_external_input(const std::string& target) const {
  const std::vector<std::string> parts = split(target, '.');
  const NodeConfig* node = parts.size() < 2 ? nullptr : graph_.find(parts[0]);
  if (node == nullptr || node->declaration.find_output(parts[1]) != nullptr) return false;
  std::vector<std::string> inputs;
  for (const InputConfig& input : node->inputs) {
    if (input.external) inputs.push_back(input.name);
  }
  return !nearest_word(parts[1], inputs).empty();
}

Json Run::force_input(const std::string& target, const std::string& value, nanoseconds time) {
  if (!barrier_open_ || ending_) return reply(fail("the graph is starting or stopping"));
  const auto element = find_input_element(graph_, target, value);
  if (!element) return reply(element.error());
  const NodeConfig& node = graph_.nodes[element->node];
  Injection injection;
  injection.target = {node.name, node.inputs[element->port].name, element->field, ""};
  injection.verb = InjectionVerb::set;
  injection.from = std::max(graph_now() - grid_zero_, nanoseconds(0));
  injection.until = injection.from + time;
  injection.points = {{injection.from, number_in(*element)}};
  if (auto done = inject(injection); !done) return reply(done.error());
  std::erase_if(forced_, [&](const Forced& f) { return f.target == target; });
  forced_.push_back({target, value, grid_zero_ + injection.until, true});
  log_.say(format("forced: {} = {} for {}", target, value, seconds_text(time)));
  return {{"takt", kControlVersion}, {"ok", true}, {"message", ""}};
}

}  // namespace takt::supervisor
