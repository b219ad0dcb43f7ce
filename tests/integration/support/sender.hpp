// Somebody at the far end of a wire who says one number over and over, as the published
// description of the datagram has it. It links nothing of takt.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace observer {

// Thread safety: any thread. Lifetime: independent; its end is silence.
class Sender {
 public:
  // Begins to send `value` every millisecond to a port of 127.0.0.1 that was free.
  explicit Sender(double value);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  std::uint16_t port() const { return port_; }
  void says(double value);
  void falls_silent() { speaks_ = false; }

 private:
  void send();
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<double> value_;
  std::atomic<bool> speaks_{true};
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace observer
