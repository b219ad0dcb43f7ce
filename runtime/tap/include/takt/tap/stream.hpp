// What a tool receives from the tap: one JSON line, then frames.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <takt/base/result.hpp>
#include <takt/sample/layout.hpp>
#include <takt/sample/sample.hpp>

namespace takt::tap {

// In front of the bytes of every sample.
struct FrameHeader {
  std::uint32_t topic = 0;  // Its place in the tap's answer.
  std::uint32_t size = 0;   // Bytes that follow.
  std::uint64_t lost = 0;   // Samples between the frame before and this one that are not here.
  std::int64_t since_barrier_ns = 0;  // Publish stamp, counted from grid point 0.
  SampleHeader header;
};
static_assert(sizeof(FrameHeader) == 56 && std::is_trivially_copyable_v<FrameHeader>);

// A topic of the stream, as the tap answers it.
struct StreamTopic {
  std::string name;  // "motor.speed"
  std::string unit;  // Of a Scalar.
  Layout layout;
};

struct Frame {
  FrameHeader header;
  std::vector<std::byte> sample;
};

// A tool's end of the stream: connects to an instance's control socket and attaches to topics.
//
// Thread safety: one thread. Real time: no. Lifetime: its destruction detaches.
class Stream {
 public:
  // `topics` are "node.output" or "node" for all of its outputs. Errors: no such instance, no such
  // topic (with the nearest name), the instance speaks another version.
  static Result<Stream> attach(const std::string& socket_path,
                               const std::vector<std::string>& topics);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  const std::vector<StreamTopic>& topics() const;
  // Waits for the next sample. False at the end of the graph. Errors: a broken stream.
  Result<bool> next(Frame& frame);
  // Readable when there is something to take, or when the stream has ended.
  int fd() const;

 private:
  struct State;
  explicit Stream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace takt::tap
