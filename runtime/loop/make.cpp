// How a loop is put together: ports from the configuration, wiring from the pages.
#include <algorithm>
#include <cstring>

#include <takt/base/text.hpp>

#include "runtime/loop/configure.hpp"
#include "runtime/loop/state.hpp"

namespace takt::loop {
namespace {

template <typename Port>
Port* find_port(const std::vector<Port*>& ports, const std::string& name) {
  for (Port* port : ports) {
    if (PortAccess::name(*port) == name) return port;
  }
  return nullptr;
}

std::size_t index_in(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

Error not_declared(const char* kind, const std::string& name) {
  return fail(format("the library has no {} '{}', its manifest has", kind, name),
              "build the library again");
}

// One for the input's topic and one for each fallback; a null one for an external input.
Result<std::vector<std::unique_ptr<port::Reader>>> make_readers(port::Participant& participant,
                                                                const InputConfig& input) {
  const std::uint32_t depth = input.queue_depth > 0 ? input.queue_depth : port::kLatestDepth;
  std::vector<std::unique_ptr<port::Reader>> readers;
  if (input.external) readers.push_back(nullptr);
  for (const TopicName& topic : input.sources()) {
    auto reader = participant.make_reader({topic.node, topic.output}, input.layout, depth);
    if (!reader) return reader.error();
    readers.push_back(std::move(*reader));
  }
  return readers;
}

}  // namespace

Result<void> Loop::State::make_inputs(port::Participant& participant) {
  slots.resize(config().inputs.size(), nullptr);
  for (std::size_t i = 0; i < config().inputs.size(); ++i) {
    const InputConfig& input = config().inputs[i];
    if (!input.from && !input.external) continue;
    if (config().estop && input.name == kEstopInput) {
      if (auto made = make_estop(participant, i); !made) return made;
      continue;
    }
    InputBase* port = find_port(PortAccess::inputs(*node), input.name);
    if (port == nullptr) return not_declared("input", input.name);
    auto readers = make_readers(participant, input);
    if (!readers) return readers.error();
    InputWiring wiring{&pages.status->inputs[i], nullptr, &counters().non_finite};
    Bell* writer = nullptr;
    if (input.when_full == WhenFull::wait) {
      wiring.consumed = &bell_of(launch.index).consumed[i];
      writer = &bell_of(launch.node_indices.at(input.from->node));
    }
    writers_with_credits.push_back(writer);
    inputs.push_back(
        std::make_unique<InputSlot>(*port, input, std::move(*readers), wiring, config().actuator));
    slots[i] = inputs.back().get();
    if (pages.injections != nullptr) inputs.back()->make_room(launch.scenario);
  }
  return {};
}

Result<void> Loop::State::make_estop(port::Participant& participant, std::size_t index) {
  const InputConfig& input = config().inputs[index];
  auto readers = make_readers(participant, input);
  if (!readers) return readers.error();
  const InputWiring wiring{&pages.status->inputs[index], nullptr, &counters().non_finite};
  estop = std::make_unique<EstopInput>(*config().estop, input, std::move(*readers), wiring);
  slots[index] = &estop->slot();
  if (pages.injections != nullptr) estop->make_room(launch.scenario);
  return {};
}

Result<void> Loop::State::make_outputs(port::Participant& participant) {
  for (std::size_t i = 0; i < config().outputs.size(); ++i) {
    const OutputConfig& output = config().outputs[i];
    OutputBase* port = find_port(PortAccess::outputs(*node), output.name);
    if (port == nullptr) return not_declared("output", output.name);
    auto writer = participant.make_writer({config().name, output.name}, output.layout);
    if (!writer) return writer.error();
    OutputSlot::Wiring wiring{
        &pages.status->outputs[i], &counters().non_finite, {}, {}, launch.incarnation};
    for (const ReaderConfig& reader : output.readers) {
      Bell& bell = bell_of(launch.node_indices.at(reader.node));
      if (reader.rings) wiring.bells.push_back(&bell);
      if (reader.credit_depth > 0) {
        const std::size_t at = index_in(launch.node_inputs.at(reader.node), reader.input);
        wiring.credits.push_back({&bell.consumed.at(at), reader.credit_depth});
      }
    }
    outputs.push_back(
        std::make_unique<OutputSlot>(*port, output, std::move(*writer), std::move(wiring)));
  }
  return {};
}

void Loop::State::choose_triggers() {
  for (const std::string& name : config().trigger.inputs) {
    for (const auto& input : inputs) {
      if (input->config().name == name) triggers.push_back(input.get());
    }
  }
  for (const auto& input : inputs) {
    if (input->config().measurement) origin_input = input.get();
  }
  if (origin_input == nullptr && !triggers.empty()) origin_input = triggers.front();
}

Result<std::unique_ptr<Loop>> Loop::make(std::unique_ptr<Node> node, const NodeLaunch& launch,
                                         port::Participant& participant, Pages pages,
                                         Clock& clock) {
  auto state = std::make_unique<State>(launch, std::move(node), pages, clock);
  pages.status->version = kPageVersion;
  pages.status->input_count = static_cast<std::uint32_t>(state->config().inputs.size());
  pages.status->output_count = static_cast<std::uint32_t>(state->config().outputs.size());
  if (auto set = PortAccess::set_params(*state->node, state->config().params); !set) {
    return set.error();
  }
  if (auto made = state->make_inputs(participant); !made) return made.error();
  if (auto made = state->make_outputs(participant); !made) return made.error();
  state->choose_triggers();
  return std::unique_ptr<Loop>(new Loop(std::move(state)));
}

Loop::Loop(std::unique_ptr<State> state) : state_(std::move(state)) {}
Loop::~Loop() = default;

Result<void> Loop::configure() {
  PortAccess::bind(state_->logger, state_->pages.status->log);
  PortAccess::set_time(state_->logger, state_->clock.now().count());
  auto configured =
      configure_node(*state_->node, state_->launch, state_->logger, state_->clock.now().count());
  if (!configured) return configured;
  state_->restore();
  return {};
}

void Loop::State::restore() {
  const auto& layout = config().declaration.state;
  if (!launch.restore || pages.snapshot == nullptr || !layout) return;
  std::vector<std::byte> newest(layout->size);
  if (!pages.snapshot->read(newest.data())) return;
  if (!all_finite(float_runs(*layout), newest.data())) return;
  std::memcpy(PortAccess::state(*node), newest.data(), newest.size());
  node->restored();
}

void Loop::warm_up() noexcept {
  for (const auto& output : state_->outputs) output->exercise();
  state_->node->warm_up();
  // What it published, there or in `configure`, is scratch: a first stale step must not send it.
  for (const auto& output : state_->outputs) output->discard();
}

void Loop::start(std::int64_t grid_zero) noexcept {
  state_->grid_zero = grid_zero;
  state_->last_release = grid_zero;
  const std::int64_t from =
      joins_late() ? std::max(grid_zero, state_->clock.now().count()) : grid_zero;
  for (const auto& input : state_->inputs) input->start(from, joins_late());
  if (state_->estop) state_->estop->start(from, joins_late());
  state_->look_at_injections();
  state_->show_state(NodeState::running);
}

}  // namespace takt::loop
