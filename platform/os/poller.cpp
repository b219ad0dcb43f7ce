#include <algorithm>
#include <cerrno>
#include <csignal>

#include <takt/base/assert.hpp>
#include <takt/os/poller.hpp>

#include "platform/os/timespec.hpp"

namespace takt::os {

void Poller::watch(int fd, std::uint64_t tag) {
  TAKT_ASSERT(fd >= 0);
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (watched_[i].fd != fd) continue;
    tags_[i] = tag;
    return;
  }
  TAKT_ASSERT(watched_.size() < kWatchesMax);
  watched_.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  tags_.push_back(tag);
}

void Poller::forget(int fd) {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (watched_[i].fd != fd) continue;
    watched_.erase(watched_.begin() + static_cast<std::ptrdiff_t>(i));
    tags_.erase(tags_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

std::vector<std::uint64_t> Poller::wait(std::optional<std::chrono::nanoseconds> deadline) {
  for (;;) {
    timespec left{};
    if (deadline) left = to_timespec(*deadline - monotonic_now());
    const int ready =
        ::ppoll(watched_.data(), watched_.size(), deadline ? &left : nullptr, nullptr);
    if (ready < 0) {
      TAKT_ASSERT(errno == EINTR || errno == ENOMEM);  // Both pass; anything else is a bug.
      if (errno == ENOMEM && deadline && monotonic_now() >= *deadline) return {};
      continue;
    }
    std::vector<std::uint64_t> tags;
    for (std::size_t i = 0; i < watched_.size(); ++i) {
      TAKT_ASSERT((watched_[i].revents & POLLNVAL) == 0);  // Closed while it was watched.
      if (watched_[i].revents == 0) continue;
      if (std::find(tags.begin(), tags.end(), tags_[i]) == tags.end()) tags.push_back(tags_[i]);
    }
    return tags;
  }
}

}  // namespace takt::os
