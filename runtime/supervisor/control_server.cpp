#include "runtime/supervisor/control_server.hpp"

#include <cerrno>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

namespace takt::supervisor {
namespace {

// More tools at once than anybody runs; one more is told so and let go.
constexpr std::size_t kClientsMax = 64;
// A socket that only its user and root may write to.
constexpr mode_t kMode = 0600;

Json refusal(const std::string& message) {
  return {{"takt", kControlVersion}, {"ok", false}, {"message", message}};
}

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::listen(const std::string& path,
                                                             os::Poller& poller,
                                                             std::uint64_t first_tag,
                                                             Handler handler) {
  auto listening = os::listen_at(path, kMode);
  if (!listening) return listening.error();
  os::set_nonblocking(listening->get(), true);
  poller.watch(listening->get(), first_tag);
  return std::unique_ptr<ControlServer>(
      new ControlServer(path, std::move(*listening), poller, first_tag, std::move(handler)));
}

ControlServer::ControlServer(std::string path, os::UniqueFd listening, os::Poller& poller,
                             std::uint64_t first_tag, Handler handler)
    : path_(std::move(path)),
      listening_(std::move(listening)),
      poller_(poller),
      first_tag_(first_tag),
      next_tag_(first_tag + 1),
      handler_(std::move(handler)) {}

ControlServer::~ControlServer() { ::unlink(path_.c_str()); }

void ControlServer::handle(std::uint64_t tag) {
  if (tag == first_tag_) {
    accept_clients();
  } else if (clients_.contains(tag)) {
    serve(tag);
  }
}

void ControlServer::accept_clients() {
  while (auto accepted = os::accept_from(listening_.get())) {
    if (clients_.size() >= kClientsMax) {
      static_cast<void>(os::write_all(
          accepted->get(),
          json_line(refusal(format("{} tools are connected already; close one", kClientsMax))) +
              "\n"));
      continue;
    }
    os::set_nonblocking(accepted->get(), true);
    const std::uint64_t tag = next_tag_++;
    poller_.watch(accepted->get(), tag);
    auto lines = std::make_unique<os::LineReader>(accepted->get());
    clients_.emplace(tag, Client{std::move(*accepted), std::move(lines)});
  }
}

void ControlServer::serve(std::uint64_t tag) {
  Client& client = clients_.at(tag);
  auto line = client.lines->next_line(std::chrono::nanoseconds(0));
  if (!line && line.error().errno_value == ETIMEDOUT) return;  // Half a line so far.
  if (!line || !line->has_value()) return close(tag);
  Json answer;
  bool keep = false;
  auto request = parse_json(**line);
  if (!request || !request->is_object()) {
    answer = refusal("a request is one JSON object");
  } else if (request->value("takt", Json()) != Json(kControlVersion)) {
    answer =
        refusal(format("this instance speaks version {} of the control protocol; use the "
                       "`takt` that it was started with",
                       kControlVersion));
  } else {
    try {
      answer = handler_(*request, client.socket.get(), keep);
    } catch (const Json::exception&) {  // A member of another type than the verb takes.
      answer = refusal("a member of the request is of the wrong type");
    }
  }
  if (!answer.is_null()) {
    static_cast<void>(os::write_all(client.socket.get(), json_line(answer) + "\n"));
  }
  if (!keep) close(tag);
}

void ControlServer::close(std::uint64_t tag) {
  const auto found = clients_.find(tag);
  poller_.forget(found->second.socket.get());
  clients_.erase(found);
}

}  // namespace takt::supervisor
