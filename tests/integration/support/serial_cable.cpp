#include "tests/integration/support/serial_cable.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

namespace observer {
namespace {

constexpr std::int64_t kPatienceNs = 45'000'000'000;
constexpr int kLookAgainMs = 5;
constexpr int kLookAtPlugMs = 20;  // The pump wakes by itself when something comes.

std::uint32_t crc_of(const unsigned char* bytes, std::size_t size) {
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

template <typename T>
T from_little(const unsigned char* bytes) {
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = static_cast<T>((value << 8) | bytes[i]);
  return value;
}

// The content of a frame without its borders; nothing when it is none.
std::optional<std::vector<unsigned char>> content_of(const std::vector<unsigned char>& frame) {
  std::vector<unsigned char> content;
  for (std::size_t at = 0; at < frame.size();) {
    const std::size_t code = frame[at];
    if (at + code > frame.size()) return std::nullopt;
    content.insert(content.end(), frame.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                   frame.begin() + static_cast<std::ptrdiff_t>(at + code));
    at += code;
    if (code < 0xff && at < frame.size()) content.push_back(0);
  }
  if (content.size() < 4) return std::nullopt;
  const std::size_t size = content.size() - 4;
  if (from_little<std::uint32_t>(content.data() + size) != crc_of(content.data(), size)) {
    return std::nullopt;
  }
  content.resize(size);
  return content;
}

Seen number_in(const std::vector<unsigned char>& content) {
  Seen seen;
  seen.arrival_ns = now_ns();
  seen.size = content.size();
  if (content.size() < 32) return seen;
  seen.magic.assign(content.begin(), content.begin() + 4);
  seen.incarnation = from_little<std::uint32_t>(content.data() + 4);
  seen.sequence = from_little<std::uint64_t>(content.data() + 8);
  seen.stamp_ns = static_cast<std::int64_t>(from_little<std::uint64_t>(content.data() + 16));
  const auto bits = from_little<std::uint64_t>(content.data() + 24);
  std::memcpy(&seen.value, &bits, sizeof seen.value);
  return seen;
}

}  // namespace

bool wait_until(const std::function<bool()>& holds) {
  for (const std::int64_t until = now_ns() + kPatienceNs; now_ns() < until;) {
    if (holds()) return true;
    ::poll(nullptr, 0, kLookAgainMs);
  }
  return false;
}

SerialCable::SerialCable(const std::string& folder, const std::string& name) {
  ends_[0].name = folder + "/" + name + "-first";
  ends_[1].name = folder + "/" + name + "-second";
  for (End& end : ends_) open(end);
  pump_ = std::thread([this] { pump(); });
}

SerialCable::~SerialCable() {
  {
    const std::lock_guard lock(mutex_);
    ends_now_ = true;
  }
  pump_.join();
  for (End& end : ends_) close(end);
}

void SerialCable::open(End& end) {
  end.master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (end.master < 0 || ::grantpt(end.master) != 0 || ::unlockpt(end.master) != 0) std::abort();
  const char* const device = ::ptsname(end.master);
  end.keeper = ::open(device, O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios line{};
  if (end.keeper < 0 || ::tcgetattr(end.keeper, &line) != 0) std::abort();
  ::cfmakeraw(&line);
  ::tcsetattr(end.keeper, TCSANOW, &line);
  ::unlink(end.name.c_str());
  if (::symlink(device, end.name.c_str()) != 0) std::abort();
}

void SerialCable::close(End& end) {
  if (end.master < 0) return;
  ::unlink(end.name.c_str());
  ::close(end.master);
  ::close(end.keeper);
  end.master = end.keeper = -1;
}

void SerialCable::pull() {
  const std::lock_guard lock(mutex_);
  for (End& end : ends_) close(end);
  begun_.clear();
  knows_borders_ = false;
}

void SerialCable::plug() {
  const std::lock_guard lock(mutex_);
  for (End& end : ends_) open(end);
}

void SerialCable::spoil(int frames) {
  const std::lock_guard lock(mutex_);
  to_spoil_ = frames;
}

int SerialCable::left_to_spoil() const {
  const std::lock_guard lock(mutex_);
  return to_spoil_;
}

void SerialCable::pump() {
  unsigned char bytes[4096];
  for (;;) {
    bool is_quiet = true;
    {
      const std::lock_guard lock(mutex_);
      if (ends_now_) return;
      if (ends_[0].master >= 0) {
        const ssize_t size = ::read(ends_[0].master, bytes, sizeof bytes);
        if (size > 0) hear(bytes, static_cast<std::size_t>(size));
        is_quiet = size <= 0;
      }
      // Nobody listens to the second device, but its sends must find room.
      if (ends_[1].master >= 0) is_quiet &= ::read(ends_[1].master, bytes, sizeof bytes) <= 0;
    }
    if (!is_quiet) continue;
    pollfd first{ends_[0].master, POLLIN, 0};
    ::poll(&first, 1, kLookAtPlugMs);
  }
}

void SerialCable::hear(const unsigned char* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != 0) {
      begun_.push_back(bytes[i]);
      continue;
    }
    if (knows_borders_ && !begun_.empty()) hand_on(std::move(begun_));
    knows_borders_ = true;
    begun_.clear();
  }
}

void SerialCable::hand_on(std::vector<unsigned char> frame) {
  if (const auto content = content_of(frame)) {
    seen_.push_back(number_in(*content));
  } else {
    ++bad_;
  }
  if (to_spoil_ > 0) {
    --to_spoil_;
    unsigned char& victim = frame[frame.size() / 2];
    victim ^= victim == 0x10 ? 0x20 : 0x10;  // Never a border.
  }
  frame.insert(frame.begin(), 0);
  frame.push_back(0);
  // A full line loses it, as a wire does on which nobody listens.
  [[maybe_unused]] const ssize_t written = ::write(ends_[1].master, frame.data(), frame.size());
}

std::vector<Seen> SerialCable::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

int SerialCable::bad() const {
  const std::lock_guard lock(mutex_);
  return bad_;
}

bool SerialCable::sees(const std::function<bool(const Seen&)>& wanted, std::size_t from) const {
  return wait_until([&] {
    const auto all = seen();
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(std::min(from, all.size()));
    return std::any_of(begin, all.end(), wanted);
  });
}

bool SerialCable::settles(std::size_t count, const std::function<bool(const Seen&)>& wanted) const {
  return wait_until([&] {
    const auto all = seen();
    return all.size() >= count &&
           std::all_of(all.end() - static_cast<std::ptrdiff_t>(count), all.end(), wanted);
  });
}

}  // namespace observer
