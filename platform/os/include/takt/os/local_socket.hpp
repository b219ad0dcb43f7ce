// Connections between processes of one machine: lines of text, and messages that carry descriptors.
//
// Thread safety: any thread; one writer and one reader a socket at a time.
// Real time: no. Lifetime: descriptors belong to whom they are returned to; all are close-on-exec.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// A longer line is refused: no request of takt's is near it.
inline constexpr std::size_t kLineBytesMax = std::size_t{1} << 20;

// A longer message is refused: whole messages must fit into the socket's buffer, 208 KiB by
// default.
inline constexpr std::size_t kMessageBytesMax = std::size_t{128} << 10;

// How long a peer may keep a writer or a connecting client waiting without any progress.
inline constexpr std::chrono::seconds kPeerWaitMax{5};

// Listens at `path` (AF_UNIX, SOCK_STREAM) with the permissions `mode`. A socket that a dead
// process left there is replaced; one at which somebody listens is an error, "already running"
// (EADDRINUSE); a file that is no socket is left alone and is an error. The path may have 107
// bytes.
Result<UniqueFd> listen_at(const std::string& path, mode_t mode);

// Lets the members of `group` connect to the socket of this user at `path`. EPERM: an ordinary user
// is no member of it.
Result<void> open_to_group(const std::string& path, gid_t group);

// Removes what a dead process left at `path`; true when nothing is there any more, false when
// somebody listens. Never takes the place of a new listener's socket away.
bool remove_if_stale(const std::string& path);

// ENOENT and ECONNREFUSED: nobody listens there.
Result<UniqueFd> connect_to(const std::string& path);

// The next connection; waits for one unless `listening` is non-blocking, then EAGAIN is the error.
Result<UniqueFd> accept_from(int listening);

// Two ends of one connection that keeps the borders of messages (SOCK_SEQPACKET).
Result<std::pair<UniqueFd, UniqueFd>> socket_pair();

// Sends one message, not empty, and a copy of `fd` with it (-1: none). EPIPE: the other end closed.
// Waits for room up to kPeerWaitMax (ETIMEDOUT); on a non-blocking socket EAGAIN is the error.
Result<void> send_with_fd(int socket, std::string_view bytes, int fd);

struct Received {
  std::string bytes{};  // Empty: the other end closed.
  UniqueFd fd{};        // Empty when none came along.
};

// The next message of a SOCK_SEQPACKET socket; waits for it unless the socket is non-blocking, then
// EAGAIN is the error. At most one descriptor a message is taken, any more are closed.
Result<Received> receive_with_fd(int socket);

// Who is at the other end, as it was when the connection was made.
struct Peer {
  pid_t pid = -1;
  uid_t uid = 0;
  gid_t gid = 0;
};
Result<Peer> peer_of(int socket);

// Its supplementary groups at that time, without `Peer::gid`; empty when the kernel does not tell.
// In a user namespace both show ids that it does not map as the overflow id, 65534.
std::vector<gid_t> peer_groups(int socket);

// Writes all of it; waits for a slow reader, but no longer than kPeerWaitMax without progress
// (ETIMEDOUT). EPIPE, and never a SIGPIPE, when the reader of a socket has gone. For a pipe or a
// file SIGPIPE must be ignored by the process, and the wait is as long as the file wants.
Result<void> write_all(int fd, std::string_view bytes);

// Writes what fits without waiting and says how much that was; 0 when nothing did. A pipe or a file
// must be non-blocking itself.
Result<std::size_t> write_some(int fd, std::string_view bytes);

// Cuts what comes from a descriptor into lines.
//
// Thread safety: one thread. Real time: no. Lifetime: does not own the descriptor.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}

  // The next line without its newline; nullopt at the end. Waits until `deadline` (CLOCK_MONOTONIC;
  // without one, for ever), then the error is ETIMEDOUT; what came so far is kept. A deadline that
  // has passed takes what is there without waiting, so that a server that was told that `fd` is
  // readable calls until ETIMEDOUT or the end. Errors: EMSGSIZE for a line above kLineBytesMax, and
  // EPIPE once when the other end went away within a line; there is no next line after either.
  Result<std::optional<std::string>> next_line(std::optional<std::chrono::nanoseconds> deadline);

 private:
  std::optional<std::string> take_line();
  int fd_;
  std::string buffer_;
  std::size_t searched_ = 0;  // No newline before this place of `buffer_`.
  bool ended_ = false;
};

}  // namespace takt::os
