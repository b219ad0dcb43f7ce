#include "runtime/scenario/stage/handed.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include <takt/os/local_socket.hpp>

namespace takt::scenario {
namespace {

Result<void> make_pipe(os::UniqueFd& read, os::UniqueFd& write) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make a pipe", errno, "", "");
  read = os::UniqueFd(ends[0]);
  write = os::UniqueFd(ends[1]);
  os::set_nonblocking(read.get(), true);
  return {};
}

}  // namespace

Result<Handed> make_handed(const Json& plan) {
  Handed handed;
  auto pair = os::socket_pair();
  if (!pair) return pair.error();
  handed.wire = std::move(pair->first);
  handed.theirs = std::move(pair->second);
  os::set_nonblocking(handed.wire.get(), true);
  const std::string text = json_line(plan);
  auto memory = os::SharedMemory::create("takt-plan", text.size() + 1);
  if (!memory) return memory.error();
  auto mapping = os::Mapping::map(memory->fd(), text.size() + 1, true);
  if (!mapping) return mapping.error();
  std::memcpy(mapping->data(), text.c_str(), text.size() + 1);
  handed.plan = std::move(*memory);
  if (auto made = make_pipe(handed.out, handed.out_theirs); !made) return made.error();
  if (auto made = make_pipe(handed.words, handed.words_theirs); !made) return made.error();
  return handed;
}

}  // namespace takt::scenario
