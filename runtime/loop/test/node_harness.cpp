#include <algorithm>
#include <map>

#include <takt/base/aligned.hpp>
#include <takt/loop/loop.hpp>
#include <takt/node/access.hpp>
#include <takt/port/local.hpp>
#include <takt/test/node_harness.hpp>

namespace takt::test {
namespace {

// An hour after boot: an age before the barrier would show.
constexpr std::chrono::nanoseconds kGridZero = std::chrono::hours(1);
// A node's queue in a test: more than any test sends between two steps.
constexpr std::uint32_t kDepth = 64;

struct FreePages {
  void operator()(std::byte* memory) const { ::operator delete[](memory, std::align_val_t{64}); }
};
using Pages = std::unique_ptr<std::byte[], FreePages>;

Pages zeroed(std::size_t bytes) {
  auto* memory = static_cast<std::byte*>(::operator new[](bytes, std::align_val_t{64}));
  std::memset(memory, 0, bytes);
  return Pages(memory);
}

NodeConfig config_for(const NodeDeclaration& declaration, const HarnessOptions& options) {
  NodeConfig config;
  config.name = "node";
  config.type = declaration.type;
  config.declaration = declaration;
  config.base_folder = options.base_folder;
  config.period = options.period;
  config.actuator = declaration.is_actuator();
  for (const auto& param : declaration.params) {
    if (!param.fallback.is_null()) config.params[param.name] = param.fallback;
  }
  config.params.update(options.params);
  config.trigger.kind = options.period.count() > 0 ? TriggerKind::periodic : TriggerKind::on_any;
  config.trigger.period = options.period;
  for (const auto& input : declaration.inputs) {
    InputConfig made;
    made.name = input.name;
    made.layout = input.layout;
    made.measurement = input.measurement;
    made.command = input.command;
    made.optional = input.optional;
    const auto& left_out = options.unconnected;
    if (std::find(left_out.begin(), left_out.end(), input.name) == left_out.end()) {
      made.from = TopicName{"test", input.name};
      if (options.period.count() == 0) config.trigger.inputs.push_back(input.name);
    }
    config.inputs.push_back(std::move(made));
  }
  for (const auto& output : declaration.outputs) {
    OutputConfig made;
    made.name = output.name;
    made.layout = output.layout;
    made.origin = output.origin;
    made.has_safe = output.safe;
    if (output.safe) made.safe.resize(output.layout.size);
    config.outputs.push_back(std::move(made));
  }
  return config;
}

}  // namespace

struct NodeHarness::State {
  SteppedClock clock;
  port::LocalHub hub;
  std::unique_ptr<port::Participant> participant = hub.join();
  Pages status;
  Pages snapshot;
  Pages bells = zeroed(sizeof(BellPage));
  NodeLaunch launch;
  std::unique_ptr<loop::Loop> loop;
  std::optional<Error> error;
  std::map<std::string, std::unique_ptr<port::Writer>, std::less<>> writers;
  std::map<std::string, std::unique_ptr<port::Reader>, std::less<>> readers;
  std::map<std::string, std::uint64_t> sequences;
  std::uint64_t log_next = 0;
  std::uint64_t log_missed = 0;
  bool first = true;

  void make_snapshot(const std::vector<std::byte>& given) {
    if (!launch.node.declaration.state) return;
    const std::uint32_t size = launch.node.declaration.state->size;
    snapshot = zeroed(SnapshotPage::bytes_for(size));
    auto& page = *aligned_as<SnapshotPage>(snapshot.get());
    page.size = size;
    if (given.empty()) return;
    TAKT_ASSERT(given.size() == size);
    page.write(given.data());
    launch.restore = true;
  }

  // Ports of the test's side: a writer for each input, a reader for each output.
  Result<void> make_counterparts() {
    for (const auto& input : launch.node.inputs) {
      if (!input.from) continue;
      auto writer = participant->make_writer({"test", input.name}, input.layout);
      if (!writer) return writer.error();
      writers.emplace(input.name, std::move(*writer));
    }
    for (const auto& output : launch.node.outputs) {
      auto reader = participant->make_reader({"node", output.name}, output.layout, kDepth);
      if (!reader) return reader.error();
      readers.emplace(output.name, std::move(*reader));
    }
    return {};
  }
};

NodeHarness::NodeHarness(std::string_view type, const HarnessOptions& options)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.clock.set(kGridZero);
  const NodeEntry* entry = find_node_entry(type);
  if (entry == nullptr) {
    s.error = fail("no node type '" + std::string(type) + "' is linked into this test");
    return;
  }
  auto node = entry->make();
  s.launch.node = config_for(PortAccess::declare(*node, entry->type, entry->summary), options);
  if (options.adjust) options.adjust(s.launch.node);
  s.status = zeroed(StatusPage::bytes_for(s.launch.node.inputs.size()));
  s.make_snapshot(options.state);
  const loop::Pages pages{nullptr, aligned_as<BellPage>(s.bells.get()),
                          aligned_as<StatusPage>(s.status.get()),
                          aligned_as<SnapshotPage>(s.snapshot.get())};
  auto made = loop::Loop::make(std::move(node), s.launch, *s.participant, pages, s.clock);
  if (!made) {
    s.error = made.error();
    return;
  }
  s.loop = std::move(*made);
  if (auto ports = s.make_counterparts(); !ports) s.error = ports.error();
  if (auto configured = s.loop->configure(); !configured) s.error = configured.error();
  s.loop->warm_up();
  s.loop->start(kGridZero.count());
}

NodeHarness::~NodeHarness() {
  state_->readers.clear();
  state_->writers.clear();
  state_->loop.reset();
}

const Error* NodeHarness::error() const { return state_->error ? &*state_->error : nullptr; }
Node& NodeHarness::node() { return state_->loop->node(); }
const StatusPage& NodeHarness::status() const {
  return *aligned_as<StatusPage>(state_->status.get());
}

std::vector<std::byte> NodeHarness::state() const {
  const auto* page = aligned_as<SnapshotPage>(state_->snapshot.get());
  if (page == nullptr) return {};
  std::vector<std::byte> bytes(page->size);
  return page->read(bytes.data()) ? bytes : std::vector<std::byte>();
}

std::vector<std::string> NodeHarness::logged() {
  std::vector<std::string> lines;
  state_->log_next = status().log.read(
      state_->log_next,
      [&](const LogRecord& record) {
        lines.push_back(std::string(name_of(record.level)) + ": " + record.line());
      },
      state_->log_missed);
  return lines;
}

void NodeHarness::advance(std::chrono::nanoseconds time) { state_->clock.advance(time); }

NodeHarness::Did NodeHarness::step() { return step_after_skipping(0); }

NodeHarness::Did NodeHarness::step_after_skipping(std::uint64_t count) {
  State& s = *state_;
  TAKT_ASSERT(!s.error);
  const auto period = s.launch.node.trigger.period;
  if (!s.first) s.clock.advance(period * static_cast<std::int64_t>(count + 1));
  s.first = false;
  const std::int64_t now = s.clock.now().count();
  const bool triggered = s.loop->collect();
  const bool due = period.count() > 0 || triggered || s.loop->any_stale(now);
  if (!due) return Did::waited;
  const std::int64_t release = triggered && period.count() == 0 ? s.loop->trigger_stamp() : now;
  switch (s.loop->run({release, now, count})) {
    case loop::Loop::Did::stepped:
      return Did::stepped;
    case loop::Loop::Did::went_stale:
      return Did::went_stale;
    case loop::Loop::Did::waited:
      return Did::waited;
    case loop::Loop::Did::ended:
      return Did::stopped;
  }
  return Did::stopped;
}

void NodeHarness::send_bytes(std::string_view input, const Layout& layout,
                             std::span<const std::byte> sample) {
  State& s = *state_;
  TAKT_ASSERT(!s.error);
  const auto found = s.writers.find(input);
  TAKT_ASSERT(found != s.writers.end());
  const auto* declared = s.launch.node.declaration.find_input(input);
  TAKT_ASSERT(declared != nullptr && declared->layout == layout);
  void* memory = found->second->loan();
  TAKT_ASSERT(memory != nullptr);
  std::memcpy(memory, sample.data(), sample.size());
  const std::int64_t now = s.clock.now().count();
  found->second->publish({s.sequences[std::string(input)]++, now, now, 1});
}

bool NodeHarness::take_bytes(std::string_view output, const Layout& layout,
                             std::span<std::byte> sample) {
  State& s = *state_;
  TAKT_ASSERT(!s.error);
  const auto found = s.readers.find(output);
  TAKT_ASSERT(found != s.readers.end());
  const auto* declared = s.launch.node.declaration.find_output(output);
  TAKT_ASSERT(declared != nullptr && declared->layout == layout);
  bool any = false;
  port::Taken taken;
  while (found->second->try_take(taken)) {
    std::memcpy(sample.data(), taken.data, sample.size());
    found->second->drop();
    any = true;
  }
  return any;
}

}  // namespace takt::test
