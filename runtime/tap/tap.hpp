// The tap: the one process of an instance through which tools see samples.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/os/poller.hpp>
#include <takt/os/shared_memory.hpp>
#include <takt/port/port.hpp>
#include <takt/status/pages.hpp>
#include <takt/time/clock.hpp>

#include "runtime/tap/clients.hpp"

namespace takt::tap {

// Its name in the transport: no node has it, nodes' names have no dash.

// A topic that tools may attach to.
struct TapTopic {
  port::TopicKey key;
  std::string unit;
  std::uint32_t depth = 0;
  Layout layout;
  std::unique_ptr<port::Reader> reader;  // While somebody is attached.
  std::uint64_t expected = 0;            // The next sequence number; unknown at the first sample.
  std::uint64_t incarnation = 0;
  std::string name() const { return key.node + "." + key.output; }
};

Result<std::vector<TapTopic>> topics_from_launch(const Json& launch);

// Thread safety: one thread. Real time: no; its place is below every node. Lifetime: the process's.
class Tap {
 public:
  Tap(port::Participant& participant, std::vector<TapTopic> topics, const ControlPage& control,
      int wire);
  // Serves tools until the supervisor says leave, or is gone.
  void serve();

 private:
  void take_messages();
  void attach(const Json& request, os::UniqueFd socket);
  Result<std::vector<std::size_t>> find_topics(const Json& names) const;
  void subscribe(std::size_t topic);
  void pass_on_samples();
  void pass_on(std::size_t topic);
  void flush_clients();
  void drop_client(std::uint64_t tag);
  bool all_drained() const;
  void leave();

  port::Participant& participant_;
  std::vector<TapTopic> topics_;
  const ControlPage& control_;
  int wire_;
  MonotonicClock clock_;
  os::Poller poller_;
  std::map<std::uint64_t, Client> clients_;
  std::uint64_t next_tag_ = 1;
  bool leaving_ = false;
  bool must_follow_ = false;  // The supervisor waits until every client has what was sent so far.
};

}  // namespace takt::tap
