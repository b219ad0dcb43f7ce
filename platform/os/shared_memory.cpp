#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/shared_memory.hpp>

namespace takt::os {

Result<SharedMemory> SharedMemory::create(const std::string& name, std::size_t bytes) {
  const std::string what = format("make {} bytes of shared memory '{}'", bytes, name);
  if (bytes == 0) return fail(format("cannot {}: there must be at least one", what));
  UniqueFd fd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) {
    return system_error(
        what, errno, "",
        "a full table of files (`ulimit -n`) and a name above 249 bytes are refused");
  }
  // Not ftruncate: its pages would be found missing by a SIGBUS in the middle of a cycle.
  int refusal = 0;
  do {
    refusal = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes));
  } while (refusal == EINTR);
  if (refusal != 0) {
    return system_error(what, refusal, "",
                        "free memory, or raise the memory limit of the cgroup (`free -m`)");
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return system_error(format("seal the size of shared memory '{}'", name), errno,
                        "a process that shrinks it would end its readers", "");
  }
  return SharedMemory(std::move(fd), bytes);
}

Result<UniqueFd> SharedMemory::reopen_read_only() const {
  UniqueFd fd(::open(format("/proc/self/fd/{}", fd_.get()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return system_error("open shared memory again for reading", errno, "",
                        "/proc must be mounted, and the table of files not be full (`ulimit -n`)");
  }
  return fd;
}

Result<Mapping> Mapping::map(int fd, std::size_t bytes, bool writable) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return system_error("map shared memory", errno, "", "the descriptor must be open");
  }
  if (bytes == 0 || std::cmp_less(status.st_size, bytes)) {
    return fail(format("cannot map {} bytes of shared memory that has {}", bytes, status.st_size),
                "both sides must be of the same version of takt");
  }
  void* const address = ::mmap(nullptr, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ,
                               MAP_SHARED | MAP_POPULATE, fd, 0);
  if (address == MAP_FAILED) {
    return system_error(
        format("map {} bytes of shared memory{}", bytes, writable ? " for writing" : ""), errno, "",
        errno == EACCES ? "the descriptor was opened for reading only"
                        : "raise the limit of locked memory (`ulimit -l unlimited`)");
  }
  Mapping mapping;
  mapping.data_ = static_cast<std::byte*>(address);
  mapping.bytes_ = bytes;
  mapping.writable_ = writable;
  return mapping;
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      writable_(std::exchange(other.writable_, false)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this == &other) return *this;
  reset();
  data_ = std::exchange(other.data_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  writable_ = std::exchange(other.writable_, false);
  return *this;
}

void Mapping::reset() noexcept {
  if (data_ != nullptr) ::munmap(data_, bytes_);
  data_ = nullptr;
  bytes_ = 0;
  writable_ = false;
}

}  // namespace takt::os
