// Loops on one local hub with pages of their own: what NodeHarness hides, for tests of the wiring.
#pragma once

#include <cstring>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <takt/base/assert.hpp>
#include <takt/loop/loop.hpp>
#include <takt/node/access.hpp>
#include <takt/port/local.hpp>
#include <takt/time/clock.hpp>

#include "tests/unit/loop/test_nodes.hpp"

namespace takt::test {

class LoopRig {
 public:
  struct Part {
    NodeLaunch launch;
    std::unique_ptr<StatusPage> status = std::make_unique<StatusPage>();
    std::unique_ptr<loop::Loop> loop;
    // Of inputs from "test", by the input's name; of fallbacks by the output's.
    std::map<std::string, std::unique_ptr<port::Writer>> writers;
    std::map<std::string, std::unique_ptr<port::Reader>> readers;  // One for each output.
    std::map<std::string, std::uint64_t> sequences;
  };

  // A node of the type, started at grid point 0 = 0 ns. Its name is "n0", "n1" ...; an input that
  // `adjust` leaves alone is written by `send`.
  Part& add(std::string_view type, const std::function<void(NodeConfig&)>& adjust) {
    const auto index = static_cast<std::uint32_t>(parts_.size());
    Part& part = parts_.emplace_back();
    const NodeEntry* entry = find_node_entry(type);
    TAKT_ASSERT(entry != nullptr);
    auto node = entry->make();
    NodeConfig& config = part.launch.node;
    config.declaration = PortAccess::declare(*node, entry->type, entry->summary);
    config.name = "n" + std::to_string(index);
    part.launch.index = index;
    part.launch.incarnation = incarnation;
    for (std::uint32_t i = 0; i < 4; ++i) part.launch.node_indices["n" + std::to_string(i)] = i;
    for (const auto& input : config.declaration.inputs) {
      InputConfig made;
      made.name = input.name;
      made.layout = input.layout;
      made.optional = input.optional;
      made.measurement = input.measurement;
      made.from = TopicName{"test", config.name + input.name};
      config.inputs.push_back(std::move(made));
    }
    for (const auto& output : config.declaration.outputs) {
      OutputConfig made;
      made.name = output.name;
      made.layout = output.layout;
      made.origin = output.origin;
      config.outputs.push_back(std::move(made));
    }
    adjust(config);
    for (const auto& other : parts_) {
      for (const auto& input : other.launch.node.inputs) {
        part.launch.node_inputs[other.launch.node.name].push_back(input.name);
      }
    }
    make(part, std::move(node));
    return part;
  }

  void send(Part& part, const std::string& input, double value, std::int64_t origin_ns) {
    port::Writer& writer = *part.writers.at(input);
    void* memory = writer.loan();
    TAKT_ASSERT(memory != nullptr);
    std::memcpy(memory, &value, sizeof value);
    writer.publish({part.sequences[input]++, clock.now().count(), origin_ns, 1});
  }

  // The newest header that the output has sent; all zero when it sent nothing.
  static SampleHeader header_of(Part& part, const std::string& output) {
    SampleHeader header;
    port::Taken taken;
    while (part.readers.at(output)->try_take(taken)) {
      header = *taken.header;
      part.readers.at(output)->drop();
    }
    return header;
  }

  std::unique_ptr<BellPage> bells = std::make_unique<BellPage>();
  SteppedClock clock;
  std::uint64_t incarnation = 1;         // Of the nodes that are added from now on.
  const ControlPage* control = nullptr;  // The same.
  const InjectionPage* injections = nullptr;  // The same.

 private:
  void make(Part& part, std::unique_ptr<Node> node) {
    part.launch.scenario = injections != nullptr;
    const loop::Pages pages{control, bells.get(), part.status.get(), nullptr, nullptr, injections};
    auto made = loop::Loop::make(std::move(node), part.launch, *participant_, pages, clock);
    TAKT_ASSERT(made.ok());
    part.loop = std::move(*made);
    for (const auto& input : part.launch.node.inputs) {
      for (const TopicName& topic : input.sources()) {
        if (topic.node != "test") continue;
        auto writer = participant_->make_writer({"test", topic.output}, input.layout);
        TAKT_ASSERT(writer.ok());
        part.writers[topic == input.from ? input.name : topic.output] = std::move(*writer);
      }
    }
    for (const auto& output : part.launch.node.outputs) {
      auto reader =
          participant_->make_reader({part.launch.node.name, output.name}, output.layout, 16);
      TAKT_ASSERT(reader.ok());
      part.readers[output.name] = std::move(*reader);
    }
    part.loop->warm_up();
    part.loop->start(0);
  }

  port::LocalHub hub_;
  std::unique_ptr<port::Participant> participant_ = hub_.join();
  std::list<Part> parts_;  // Loops keep references into their part.
};

}  // namespace takt::test
