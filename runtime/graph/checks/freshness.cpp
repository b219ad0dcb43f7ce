// Age limits (CONTRACTS, origin): what an actuator needs, and where a limit can be judged.
#include <algorithm>

#include <takt/base/text.hpp>

#include "runtime/graph/checks/checks.hpp"

namespace takt::graph {
namespace {

using std::chrono::nanoseconds;

// Follows outputs to the measurement that their origin stamps come from.
class OriginSearch {
 public:
  explicit OriginSearch(const Model& model) : model_(model), inherits_(model.nodes.size()) {}

  bool carries_origin(std::size_t node, std::size_t output) {
    const Origin origin = model_.nodes[node].declaration->outputs[output].origin;
    if (origin != Origin::inherit) return origin == Origin::now;
    if (!inherits_[node]) {
      inherits_[node] = false;  // While it is being asked for: a loop of nodes measures nothing.
      inherits_[node] = inherits_origin(node);
    }
    return *inherits_[node];
  }

 private:
  // From the measurement inputs, else from the triggers; there is a stamp when all of them have
  // one.
  bool inherits_origin(std::size_t node) {
    std::vector<const Edge*> measurements;
    std::vector<const Edge*> triggers;
    for (const Edge& edge : model_.edges) {
      if (edge.reader != node) continue;
      if (model_.input_of(edge).measurement) measurements.push_back(&edge);
      if (edge.triggers) triggers.push_back(&edge);
    }
    // What is written from outside is stamped as measured when it is read.
    const bool external = std::any_of(
        model_.externals.begin(), model_.externals.end(), [&](const ExternalInput& e) {
          return e.reader == node && model_.input_of(e).measurement;
        });
    if (external && measurements.empty()) return true;
    const auto& sources = measurements.empty() ? triggers : measurements;
    return !sources.empty() && std::all_of(sources.begin(), sources.end(), [&](const Edge* edge) {
      return carries_origin(edge->writer, edge->output);
    });
  }

  const Model& model_;
  std::vector<std::optional<bool>> inherits_;
};

void report_no_origin(const std::string& topic, Mark mark, const NodeModel& writer,
                      Report& report) {
  report.error(
      {.code = "graph.no-origin",
       .mark = mark,
       .message = format("'{}' carries no origin, so the age of its data cannot be judged", topic),
       .help = "nothing measured stands behind it; limit its 'max_age' instead",
       .notes = {{format("'{}' gives samples without origin", topic), writer.draft->type->mark}}});
}

void check_origin(const Model& model, const Edge& edge, OriginSearch& origins, Report& report) {
  if (!has_value(edge.draft->max_data_age)) return;
  if (origins.carries_origin(edge.writer, edge.output)) return;
  report_no_origin(model.topic_name(edge), edge.draft->max_data_age->mark, model.nodes[edge.writer],
                   report);
}

// A node that keeps publishing although what it reads is old.
struct Hider {
  std::string sentence;
  Mark mark;
};

// `Place` is an Edge or an ExternalInput.
template <typename Place>
std::optional<Hider> hides_age(const Model& model, const Place& place) {
  const InputDraft& draft = *place.draft;
  if (draft.on_stale && draft.on_stale->value == OnStale::hold) {
    return Hider{format("'{}' is on 'hold'", model.input_name(place)), draft.on_stale->mark};
  }
  if (model.input_of(place).measurement && !has_value(draft.max_age)) {
    return Hider{format("measurement '{}' has no 'max_age'", model.input_name(place)),
                 draft.name.mark};
  }
  return std::nullopt;
}

std::optional<Hider> hides_age(const Model& model, std::size_t node) {
  for (const Edge& edge : model.edges) {
    if (edge.reader != node) continue;
    if (auto hider = hides_age(model, edge)) return hider;
  }
  for (const ExternalInput& external : model.externals) {
    if (external.reader != node) continue;
    if (auto hider = hides_age(model, external)) return hider;
  }
  return std::nullopt;
}

// The first such node on any way that leads to one of `waiting`, these included.
std::optional<Hider> find_hider(const Model& model, std::vector<std::size_t> waiting) {
  std::vector<bool> seen(model.nodes.size(), false);
  for (const std::size_t start : waiting) seen[start] = true;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (auto hider = hides_age(model, waiting[i])) return hider;
    for (const Edge& edge : model.edges) {
      if (edge.reader != waiting[i] || seen[edge.writer]) continue;
      seen[edge.writer] = true;
      waiting.push_back(edge.writer);
    }
  }
  return std::nullopt;
}

template <typename Place>
bool is_command(const Model& model, const Place& place) {
  return model.input_of(place).command && model.nodes[place.reader].declaration->is_actuator();
}

// False after the report that it has no limit.
bool check_command_limit(const InputDraft& draft, const std::string& name, Report& report) {
  if (draft.max_age || draft.max_data_age) return true;
  report.error(
      {.code = "graph.command-freshness",
       .mark = draft.name.mark,
       .message = format("command '{}' has no age limit: a dead controller's last command "
                         "would be driven for ever",
                         name),
       .help = "add 'max_age' or 'max_data_age'; 'none' is possible and must be written"});
  return false;
}

void check_command(const Model& model, const Edge& edge, Report& report) {
  if (!is_command(model, edge) || edge.is_fallback) return;
  const InputDraft& draft = *edge.draft;
  if (!check_command_limit(draft, model.input_name(edge), report) || draft.max_data_age) return;
  std::vector<std::size_t> writers;
  for (const Edge* e : model.edges_into(edge.reader, edge.input)) writers.push_back(e->writer);
  const auto hider = find_hider(model, std::move(writers));
  if (!hider) return;
  report.error({.code = "graph.data-freshness",
                .mark = draft.name.mark,
                .message = format("command '{}' needs 'max_data_age': upstream a node goes on "
                                  "publishing fresh-looking commands from a dead sensor",
                                  model.input_name(edge)),
                .help = "add 'max_data_age'; 'none' is possible and must be written",
                .notes = {{hider->sentence, hider->mark}}});
}

void check_effect(const InputDraft& draft, const std::string& name, Report& report) {
  if (!draft.on_stale || has_value(draft.max_age) || has_value(draft.max_data_age)) return;
  report.warning({.code = "graph.without-effect",
                  .mark = draft.on_stale->mark,
                  .message = format("'on_stale' has no effect: input '{}' is never stale", name),
                  .help = "add 'max_age' or 'max_data_age'"});
}

// `of` names what the limit belongs to ("input 'drive.command'").
void check_period(const NodeModel& writer, const MaybeMarked<AgeLimit>& limit,
                  const std::string& key, const std::string& of, Report& report) {
  if (!has_value(limit) || *limit->value.value >= writer.period) return;
  report.warning({.code = "graph.age-below-period",
                  .mark = limit->mark,
                  .message = format("'{}' of {} is shorter than the period of '{}': it is stale in "
                                    "every period",
                                    key, of, writer.name()),
                  .help = "allow at least one period and the time that the step takes"});
}

// A button that is dead must not look released because a node on the way repeats it.
void check_estop(const Model& model, OriginSearch& origins, Report& report) {
  if (!model.estop) return;
  const EstopDraft& draft = *model.draft.estop;
  const NodeModel& writer = model.nodes[model.estop->writer];
  const std::string of = "'estop'";
  check_period(writer, draft.max_age, "max_age", of, report);
  check_period(writer, draft.max_data_age, "max_data_age", of, report);
  const std::string topic = format("{}.{}", draft.from->value.node, draft.from->value.output);
  if (has_value(draft.max_data_age) &&
      !origins.carries_origin(model.estop->writer, model.estop->output)) {
    report_no_origin(topic, draft.max_data_age->mark, writer, report);
  }
  if (draft.max_data_age) return;
  if (const auto hider = find_hider(model, {model.estop->writer})) {
    report.error({.code = "graph.data-freshness",
                  .mark = draft.mark,
                  .message = "'estop' needs 'max_data_age': upstream a node goes on publishing "
                             "what looks fresh when the button is dead",
                  .help = "add 'max_data_age'; 'none' is possible and must be written",
                  .notes = {{hider->sentence, hider->mark}}});
  }
}

}  // namespace

void check_freshness(const Model& model, Report& report) {
  OriginSearch origins(model);
  for (const Edge& edge : model.edges) {
    check_origin(model, edge, origins, report);
    check_command(model, edge, report);
    // Fallbacks have the same draft.
    if (!edge.is_fallback) check_effect(*edge.draft, model.input_name(edge), report);
    const NodeModel& writer = model.nodes[edge.writer];
    const std::string of = format("input '{}'", model.input_name(edge));
    check_period(writer, edge.draft->max_age, "max_age", of, report);
    check_period(writer, edge.draft->max_data_age, "max_data_age", of, report);
  }
  for (const ExternalInput& external : model.externals) {
    const std::string name = model.input_name(external);
    if (is_command(model, external)) check_command_limit(*external.draft, name, report);
    check_effect(*external.draft, name, report);
  }
  check_estop(model, origins, report);
}

}  // namespace takt::graph
