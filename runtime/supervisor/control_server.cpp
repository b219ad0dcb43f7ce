#include "runtime/supervisor/control_server.hpp"

#include <cerrno>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

namespace takt::supervisor {
namespace {

// More tools at once than anybody runs; one more is told so and let go. Observers have their own
// number: they cannot keep an operator out.
constexpr std::size_t kClientsMax = 64;
// A socket that only its user and root may write to.
constexpr mode_t kMode = 0600;

Json refusal(const std::string& message, const std::string& fix = "") {
  return {{"takt", kControlVersion}, {"ok", false}, {"message", message}, {"fix", fix}};
}

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::listen(const InstancePaths& paths,
                                                             AccessRules rules, os::Poller& poller,
                                                             std::uint64_t first_tag,
                                                             Handler handler) {
  std::unique_ptr<ControlServer> server(
      new ControlServer(std::move(rules), poller, first_tag, std::move(handler)));
  const AccessRules& of = server->rules_;
  if (auto opened = server->open_door(paths.socket, May::command, of.operators); !opened) {
    return opened.error();
  }
  ::unlink(paths.looking.c_str());  // Of a supervisor that was killed.
  if (!of.observers) return server;
  if (auto opened = server->open_door(paths.looking, May::look, of.observers); !opened) {
    return opened.error();
  }
  return server;
}

Result<void> ControlServer::open_door(const std::string& path, May may,
                                      const std::optional<AccessGroup>& group) {
  auto listening = os::listen_at(path, kMode);
  if (!listening) return listening.error();
  os::set_nonblocking(listening->get(), true);
  poller_.watch(listening->get(), first_tag_ + doors_.size());
  doors_.push_back({path, std::move(*listening), may, 0});
  return group ? os::open_to_group(path, group->id) : Result<void>();
}

ControlServer::~ControlServer() {
  for (const Door& door : doors_) ::unlink(door.path.c_str());
}

void ControlServer::handle(std::uint64_t tag) {
  if (tag - first_tag_ < doors_.size()) {
    accept_clients(tag - first_tag_);
  } else if (clients_.contains(tag)) {
    serve(tag);
  }
}

void ControlServer::accept_clients(std::size_t door) {
  while (auto accepted = os::accept_from(doors_[door].listening.get())) {
    if (doors_[door].clients >= kClientsMax) {
      static_cast<void>(os::write_all(
          accepted->get(),
          json_line(refusal(format("{} tools are connected already; close one", kClientsMax))) +
              "\n"));
      continue;
    }
    os::set_nonblocking(accepted->get(), true);
    const auto peer = os::peer_of(accepted->get());
    const May may = peer ? judge(rules_, doors_[door].may, *peer, os::peer_groups(accepted->get()))
                         : May::nothing;
    const std::uint64_t tag = next_tag_++;
    poller_.watch(accepted->get(), tag);
    auto lines = std::make_unique<os::LineReader>(accepted->get());
    clients_.emplace(tag, Client{std::move(*accepted), may, door, std::move(lines)});
    ++doors_[door].clients;
  }
}

void ControlServer::serve(std::uint64_t tag) {
  Client& client = clients_.at(tag);
  auto line = client.lines->next_line(std::chrono::nanoseconds(0));
  if (!line && line.error().errno_value == ETIMEDOUT) return;  // Half a line so far.
  if (!line || !line->has_value()) return close(tag);
  bool keep = false;
  auto request = parse_json(**line);
  const Json reply = request && request->is_object() ? answer(*request, client, keep)
                                                     : refusal("a request is one JSON object");
  if (!reply.is_null()) {
    static_cast<void>(os::write_all(client.socket.get(), json_line(reply) + "\n"));
  }
  if (!keep) close(tag);
}

Json ControlServer::answer(const Json& request, Client& client, bool& keep) {
  if (request.value("takt", Json()) != Json(kControlVersion)) {
    return refusal(
        format("this instance speaks version {} of the control protocol; use the "
               "`takt` that it was started with",
               kControlVersion));
  }
  try {
    const std::string verb = request.value("verb", "");
    if (client.may < needed_for(verb)) {
      const Error refused = refusal_of(rules_, verb);
      return refusal(refused.message, refused.fix);
    }
    return handler_(request, client.socket.get(), keep);
  } catch (const Json::exception&) {  // A member of another type than the verb takes.
    return refusal("a member of the request is of the wrong type");
  }
}

void ControlServer::close(std::uint64_t tag) {
  const auto found = clients_.find(tag);
  poller_.forget(found->second.socket.get());
  --doors_[found->second.door].clients;
  clients_.erase(found);
}

}  // namespace takt::supervisor
