#include "runtime/tap/tap.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/sample/json.hpp>

namespace takt::tap {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kWireTag = 0;
// How often queues are emptied while somebody is attached. Nobody rings for the tap: an observer
// costs the loop no system call.
constexpr milliseconds kLookEvery{1};
// For what is still buffered when the graph ends.
constexpr milliseconds kDrainMax{1500};

Json refusal(const Error& error) {
  return {{"takt", 1}, {"ok", false}, {"message", error.message}, {"fix", error.fix}};
}

}  // namespace

Result<std::vector<TapTopic>> topics_from_launch(const Json& launch) {
  try {
    std::vector<TapTopic> topics;
    for (const Json& entry : launch.at("topics")) {
      TapTopic topic;
      topic.key = {entry.at("node").get<std::string>(), entry.at("output").get<std::string>()};
      topic.unit = entry.at("unit").get<std::string>();
      topic.depth = entry.at("depth").get<std::uint32_t>();
      auto layout = layout_from_json(entry.at("layout"));
      if (!layout) return layout.error();
      topic.layout = std::move(*layout);
      topics.push_back(std::move(topic));
    }
    return topics;
  } catch (const Json::exception& refusal) {
    return fail(std::string("not a tap's launch message: ") + refusal.what());
  }
}

Tap::Tap(port::Participant& participant, std::vector<TapTopic> topics, const ControlPage& control,
         int wire)
    : participant_(participant), topics_(std::move(topics)), control_(control), wire_(wire) {
  os::set_nonblocking(wire_, true);
  poller_.watch(wire_, kWireTag);
}

void Tap::serve() {
  while (!leaving_) {
    std::optional<std::chrono::nanoseconds> until;
    if (!clients_.empty()) until = clock_.now() + kLookEvery;
    for (const std::uint64_t tag : poller_.wait(until)) {
      if (tag == kWireTag) {
        take_messages();
      } else if (clients_.contains(tag) && clients_.at(tag).hung_up()) {
        drop_client(tag);
      }
    }
    pass_on_samples();
    flush_clients();
    if (must_follow_ && all_drained()) {
      must_follow_ = false;
      static_cast<void>(os::send_with_fd(wire_, json_line({{"report", "followed"}}), -1));
    }
  }
  leave();
}

void Tap::take_messages() {
  for (;;) {
    auto received = os::receive_with_fd(wire_);
    if (!received && received.error().errno_value == EAGAIN) return;
    if (!received || received->bytes.empty()) {
      leaving_ = true;  // The supervisor is gone.
      return;
    }
    auto message = parse_json(received->bytes);
    if (!message || !message->is_object()) continue;
    const Json verb = message->value("verb", Json());
    if (verb == "leave") leaving_ = true;
    if (verb == "follow") must_follow_ = true;
    if (verb == "echo" && received->fd) attach(*message, std::move(received->fd));
  }
}

Result<std::vector<std::size_t>> Tap::find_topics(const Json& names) const {
  std::vector<std::size_t> found;
  std::vector<std::string> known;
  for (const TapTopic& topic : topics_) known.push_back(topic.name());
  for (const Json& entry : names) {
    const std::string name = entry.is_string() ? entry.get<std::string>() : "";
    const std::size_t before = found.size();
    for (std::size_t i = 0; i < topics_.size(); ++i) {
      if (name == known[i] || name == topics_[i].key.node) found.push_back(i);
    }
    if (found.size() > before) continue;
    const std::string nearest = nearest_word(name, known);
    return fail(format("this graph has no topic '{}'", name),
                nearest.empty() ? format("topics are {}", fmt::join(known, ", "))
                                : format("did you mean '{}'?", nearest));
  }
  if (found.empty())
    return fail("no topic is named", format("topics are {}", fmt::join(known, ", ")));
  return found;
}

void Tap::attach(const Json& request, os::UniqueFd socket) {
  auto wanted = find_topics(request.value("topics", Json::array()));
  if (!wanted) {
    static_cast<void>(os::write_all(socket.get(), json_line(refusal(wanted.error())) + "\n"));
    return;
  }
  Json topics = Json::array();
  for (const std::size_t i : *wanted) {
    subscribe(i);
    topics.push_back({{"node", topics_[i].key.node},
                      {"output", topics_[i].key.output},
                      {"unit", topics_[i].unit},
                      {"layout", to_json(topics_[i].layout)}});
  }
  const std::uint64_t tag = next_tag_++;
  poller_.watch(socket.get(), tag);
  Client client(std::move(socket), std::move(*wanted));
  client.send_line(json_line({{"takt", 1}, {"ok", true}, {"topics", std::move(topics)}}));
  clients_.emplace(tag, std::move(client));
  static_cast<void>(os::send_with_fd(wire_, json_line({{"report", "attached"}}), -1));
}

void Tap::subscribe(std::size_t topic) {
  TapTopic& t = topics_[topic];
  if (t.reader) return;
  auto reader = participant_.make_reader(t.key, t.layout, t.depth);
  if (!reader) return;
  t.reader = std::move(*reader);
  t.incarnation = 0;
}

void Tap::pass_on_samples() {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    if (topics_[i].reader) pass_on(i);
  }
}

void Tap::pass_on(std::size_t topic) {
  TapTopic& t = topics_[topic];
  port::Taken taken;
  while (t.reader->try_take(taken)) {
    const SampleHeader& header = *taken.header;
    std::uint64_t lost = 0;
    if (header.incarnation != t.incarnation) {
      t.incarnation = header.incarnation;  // The tap may have come late: nothing was lost.
    } else if (header.sequence > t.expected) {
      lost = header.sequence - t.expected;
    }
    t.expected = header.sequence + 1;
    const std::int64_t grid_zero = control_.grid_zero_ns.load(std::memory_order_acquire);
    for (auto& [tag, client] : clients_) {
      client.offer(topic, lost, header.publish_ns - grid_zero, header, taken.data, t.layout.size);
    }
    t.reader->drop();
  }
}

void Tap::flush_clients() {
  std::vector<std::uint64_t> gone;
  for (auto& [tag, client] : clients_) {
    if (!client.flush()) gone.push_back(tag);
  }
  for (const std::uint64_t tag : gone) drop_client(tag);
}

void Tap::drop_client(std::uint64_t tag) {
  const std::vector<std::size_t> topics = clients_.at(tag).topics();
  poller_.forget(clients_.at(tag).fd());
  clients_.erase(tag);
  for (const std::size_t topic : topics) {
    const bool wanted = std::any_of(clients_.begin(), clients_.end(), [topic](const auto& entry) {
      const auto& of = entry.second.topics();
      return std::find(of.begin(), of.end(), topic) != of.end();
    });
    if (!wanted) topics_[topic].reader.reset();
  }
}

bool Tap::all_drained() const {
  return std::all_of(clients_.begin(), clients_.end(),
                     [](const auto& entry) { return entry.second.drained(); });
}

// The nodes have stopped: what lies in queues and buffers is still delivered.
void Tap::leave() {
  pass_on_samples();
  const auto until = clock_.now() + kDrainMax;
  flush_clients();
  while (!all_drained() && clock_.now() < until) {
    clock_.wait_until(clock_.now() + kLookEvery);
    flush_clients();
  }
}

}  // namespace takt::tap
