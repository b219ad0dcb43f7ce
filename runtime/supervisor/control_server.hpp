// The control socket: one JSON line each way, peers known by their credentials.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/os/poller.hpp>
#include <takt/supervisor/instance.hpp>

#include "runtime/supervisor/access.hpp"

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

  // Listens at the two sockets of `paths`, the second one only when `rules` have observers.
  // Requests of peers that may not make them are refused before the handler sees them. Errors: the
  // instance runs already, permissions. Tags from `first_tag` on belong to the server.
  static Result<std::unique_ptr<ControlServer>> listen(const InstancePaths& paths,
                                                       AccessRules rules, os::Poller& poller,
                                                       std::uint64_t first_tag, Handler handler);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  // Handles a readable tag.
  void handle(std::uint64_t tag);

 private:
  // A socket that is listened at, and the most that somebody may do who comes through it.
  struct Door {
    std::string path;
    os::UniqueFd listening;
    May may = May::nothing;
    std::size_t clients = 0;
  };
  struct Client {
    os::UniqueFd socket;
    May may = May::nothing;
    std::size_t door = 0;
    std::unique_ptr<os::LineReader> lines;
  };
  ControlServer(AccessRules rules, os::Poller& poller, std::uint64_t first_tag, Handler handler)
      : rules_(std::move(rules)),
        poller_(poller),
        first_tag_(first_tag),
        next_tag_(first_tag + kDoorsMax),
        handler_(std::move(handler)) {}
  Result<void> open_door(const std::string& path, May may, const std::optional<AccessGroup>& group);
  void accept_clients(std::size_t door);
  void serve(std::uint64_t tag);
  Json answer(const Json& request, Client& client, bool& keep);
  void close(std::uint64_t tag);

  static constexpr std::uint64_t kDoorsMax = 2;

  AccessRules rules_;
  std::vector<Door> doors_;
  os::Poller& poller_;
  std::uint64_t first_tag_;
  std::uint64_t next_tag_;
  Handler handler_;
  std::map<std::uint64_t, Client> clients_;
};

}  // namespace takt::supervisor
