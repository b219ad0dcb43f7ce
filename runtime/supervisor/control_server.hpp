// The control socket: one JSON line each way, peers known by their credentials.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <takt/base/json.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/os/poller.hpp>

namespace takt::supervisor {

// Version of the lines; another one is refused.
inline constexpr int kControlVersion = 1;

// Thread safety: one thread. Real time: no. Lifetime: the run's; its end closes every connection
// and removes the socket.
class ControlServer {
 public:
  // Answers one request. A null answer: the connection has been handed on, nothing is sent.
  // `keep` is set to leave the connection open until the server ends.
  using Handler = std::function<Json(const Json& request, int connection, bool& keep)>;

  // Errors: the instance runs already, permissions. Tags from `first_tag` on belong to the server.
  static Result<std::unique_ptr<ControlServer>> listen(const std::string& path, os::Poller& poller,
                                                       std::uint64_t first_tag, Handler handler);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  // Handles a readable tag.
  void handle(std::uint64_t tag);

 private:
  struct Client {
    os::UniqueFd socket;
    std::unique_ptr<os::LineReader> lines;
  };
  ControlServer(std::string path, os::UniqueFd listening, os::Poller& poller,
                std::uint64_t first_tag, Handler handler);
  void accept_clients();
  void serve(std::uint64_t tag);
  void close(std::uint64_t tag);

  std::string path_;
  os::UniqueFd listening_;
  os::Poller& poller_;
  std::uint64_t first_tag_;
  std::uint64_t next_tag_;
  Handler handler_;
  std::map<std::uint64_t, Client> clients_;
};

}  // namespace takt::supervisor
