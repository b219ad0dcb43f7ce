#include <cerrno>
#include <cstring>

#include <sys/socket.h>

#include <takt/base/json.hpp>
#include <takt/base/text.hpp>
#include <takt/os/local_socket.hpp>
#include <takt/sample/json.hpp>
#include <takt/tap/stream.hpp>

namespace takt::tap {
namespace {

// A line is read byte by byte: what follows it on the socket is not text.
Result<std::string> read_line(int socket) {
  constexpr std::size_t kMax = std::size_t{16} << 20;  // Layouts of every topic of a large graph.
  std::string line;
  char c = 0;
  while (line.size() < kMax) {
    const ssize_t n = ::recv(socket, &c, 1, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("the instance closed the connection", "look at it: takt ps");
    if (c == '\n') return line;
    line += c;
  }
  return fail("the instance's answer is too long");
}

// False at the end of the stream, when it lies between two frames.
Result<bool> read_exactly(int socket, void* memory, std::size_t bytes) {
  auto* at = static_cast<std::byte*>(memory);
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t n = ::recv(socket, at + done, bytes - done, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("read samples", errno, "", "");
    if (n == 0 && done == 0) return false;
    if (n == 0) return fail("the stream of samples ended within a sample");
    done += static_cast<std::size_t>(n);
  }
  return true;
}

Result<std::vector<StreamTopic>> topics_from(const Json& answer) {
  std::vector<StreamTopic> topics;
  for (const Json& entry : answer.at("topics")) {
    auto layout = layout_from_json(entry.at("layout"));
    if (!layout) return layout.error();
    topics.push_back(
        {entry.at("node").get<std::string>() + "." + entry.at("output").get<std::string>(),
         entry.value("unit", ""), std::move(*layout)});
  }
  return topics;
}

}  // namespace

struct Stream::State {
  os::UniqueFd socket;
  std::vector<StreamTopic> topics;
};

Stream::Stream(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Result<Stream> Stream::attach(const std::string& socket_path,
                              const std::vector<std::string>& topics) {
  auto socket = os::connect_to(socket_path);
  if (!socket) return socket.error();
  const Json request = {{"takt", 1}, {"verb", "echo"}, {"topics", topics}};
  if (auto sent = os::write_all(socket->get(), json_line(request) + "\n"); !sent)
    return sent.error();
  auto line = read_line(socket->get());
  if (!line) return line.error();
  auto answer = parse_json(*line);
  if (!answer) return answer.error();
  try {
    if (!answer->at("ok").get<bool>()) {
      return fail(answer->value("message", "refused"), answer->value("fix", ""));
    }
    auto attached = topics_from(*answer);
    if (!attached) return attached.error();
    return Stream(std::make_unique<State>(State{std::move(*socket), std::move(*attached)}));
  } catch (const Json::exception& refusal) {
    return fail(std::string("the instance's answer is not understood: ") + refusal.what());
  }
}

const std::vector<StreamTopic>& Stream::topics() const { return state_->topics; }

int Stream::fd() const { return state_->socket.get(); }

Result<bool> Stream::next(Frame& frame) {
  auto head = read_exactly(state_->socket.get(), &frame.header, sizeof frame.header);
  if (!head || !*head) return head;
  if (frame.header.topic >= state_->topics.size() ||
      frame.header.size != state_->topics[frame.header.topic].layout.size) {
    return fail("the stream of samples is damaged");
  }
  frame.sample.resize(frame.header.size);
  auto body = read_exactly(state_->socket.get(), frame.sample.data(), frame.sample.size());
  if (body && !*body) return fail("the stream of samples ended within a sample");
  return body;
}

}  // namespace takt::tap
