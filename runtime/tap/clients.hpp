// The tools that are attached to the tap, each with a buffer of its own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <takt/os/fd.hpp>
#include <takt/tap/stream.hpp>

namespace takt::tap {

// One attached tool. What it does not read in time is dropped and counted, never waited for.
//
// Thread safety: one thread. Real time: no. Lifetime: its connection's.
class Client {
 public:
  // `topics`: the tap's topic numbers, in the order of the answer.
  Client(os::UniqueFd socket, std::vector<std::size_t> topics);

  void send_line(const std::string& line) { buffer_ += line + "\n"; }
  // Appends a frame when the client wants this topic.
  void offer(std::size_t topic, std::uint64_t lost, std::int64_t since_barrier_ns,
             const SampleHeader& header, const void* sample, std::uint32_t size);
  // Writes what the socket takes; false when the client has gone.
  bool flush();
  bool drained() const { return sent_ == buffer_.size(); }
  // True when the client has closed its end.
  bool hung_up() const;
  int fd() const { return socket_.get(); }
  const std::vector<std::size_t>& topics() const { return topics_; }

 private:
  os::UniqueFd socket_;
  std::vector<std::size_t> topics_;
  std::vector<std::uint64_t> owed_;  // Lost per topic, told with its next frame.
  std::string buffer_;
  std::size_t sent_ = 0;
};

}  // namespace takt::tap
