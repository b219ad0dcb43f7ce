// Shared memory without a name: a memfd that is handed on, and its mappings.
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include <takt/base/aligned.hpp>
#include <takt/base/result.hpp>
#include <takt/os/fd.hpp>

namespace takt::os {

// Zeroed memory of a fixed size; nobody can shrink or grow it, so no reader can be made to fault.
//
// Thread safety: a plain value; the memory is as safe as what is put into it.
// Real time: no. Lifetime: the memory lives as long as the last descriptor or mapping of it.
class SharedMemory {
 public:
  // `name` only shows in /proc/PID/fd and maps. The pages are there when this returns: a later
  // write never finds the memory used up.
  static Result<SharedMemory> create(const std::string& name, std::size_t bytes);

  SharedMemory() = default;

  // A descriptor that cannot be mapped writable. It keeps a reader's bugs from the memory; a
  // hostile process of the same user could still open the memory anew.
  Result<UniqueFd> reopen_read_only() const;

  int fd() const noexcept { return fd_.get(); }
  std::size_t size() const noexcept { return bytes_; }

 private:
  SharedMemory(UniqueFd fd, std::size_t bytes) : fd_(std::move(fd)), bytes_(bytes) {}
  UniqueFd fd_;
  std::size_t bytes_ = 0;
};

// A part of this process's addresses that shows the memory of a descriptor.
//
// Thread safety: a plain value; the memory is as safe as what is put into it.
// Real time: access is, the pages were mapped in advance; making and ending one is not.
// Lifetime: the addresses end with it; the descriptor may be closed before.
class Mapping {
 public:
  // Maps the first `bytes` of `fd`. A file that has fewer is refused: touching what is missing
  // would be a SIGBUS.
  static Result<Mapping> map(int fd, std::size_t bytes, bool writable);

  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { reset(); }

  // Unmaps now.
  void reset() noexcept;

  std::byte* data() noexcept { return data_; }
  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return bytes_; }
  bool writable() const noexcept { return writable_; }
  explicit operator bool() const noexcept { return data_ != nullptr; }

  // The `T` at the beginning. On a read-only mapping ask for a `const T`; anything else is a bug.
  template <typename T>
  T* as() noexcept {
    TAKT_ASSERT(sizeof(T) <= bytes_);
    TAKT_ASSERT(std::is_const_v<T> || writable_);
    return aligned_as<T>(data_);
  }
  template <typename T>
  const T* as() const noexcept {
    TAKT_ASSERT(sizeof(T) <= bytes_);
    return aligned_as<T>(std::as_const(data_));
  }

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
  bool writable_ = false;
};

}  // namespace takt::os
