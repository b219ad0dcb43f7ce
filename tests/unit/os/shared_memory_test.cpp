#include <algorithm>
#include <cstdint>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include <takt/os/shared_memory.hpp>

#include "tests/unit/os/support.hpp"

namespace takt::os {
namespace {

using testing::HasSubstr;

struct Page {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

SharedMemory memory_of(std::size_t bytes) {
  auto made = SharedMemory::create("takt-test", bytes);
  EXPECT_TRUE(made) << made.error().text();
  return std::move(made).value();
}

Mapping mapping_of(int fd, std::size_t bytes, bool writable) {
  auto made = Mapping::map(fd, bytes, writable);
  EXPECT_TRUE(made) << made.error().text();
  return std::move(made).value();
}

TEST(SharedMemory, BeginsAsZeros) {
  const SharedMemory sut = memory_of(10'000);
  const Mapping mapping = mapping_of(sut.fd(), 10'000, false);

  EXPECT_EQ(sut.size(), 10'000u);
  EXPECT_TRUE(std::all_of(mapping.data(), mapping.data() + mapping.size(),
                          [](std::byte byte) { return byte == std::byte{0}; }));
}

TEST(SharedMemory, CanNeitherShrinkNorGrow) {
  const SharedMemory sut = memory_of(4096);

  EXPECT_EQ(::ftruncate(sut.fd(), 100), -1);
  EXPECT_EQ(::ftruncate(sut.fd(), 8192), -1);
}

TEST(SharedMemory, IsClosedInAProgramThatIsExecuted) {
  const SharedMemory sut = memory_of(4096);

  EXPECT_NE(::fcntl(sut.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(SharedMemory, RefusesToHaveNoBytes) { EXPECT_FALSE(SharedMemory::create("takt-test", 0)); }

TEST(SharedMemory, ReopenedReadOnlyCannotBeWrittenInAnyWay) {
  const SharedMemory sut = memory_of(4096);
  const auto reader = sut.reopen_read_only();
  ASSERT_TRUE(reader) << reader.error().text();

  const auto mapping = Mapping::map(reader->get(), 4096, true);

  ASSERT_FALSE(mapping);
  EXPECT_THAT(mapping.error().text(), HasSubstr("opened for reading only"));
  EXPECT_EQ(::write(reader->get(), "x", 1), -1);
}

TEST(SharedMemory, IsSeenByAReaderInAnotherProcess) {
  const SharedMemory sut = memory_of(sizeof(Page));
  const auto reader = sut.reopen_read_only();
  ASSERT_TRUE(reader) << reader.error().text();
  Mapping writing = mapping_of(sut.fd(), sizeof(Page), true);
  writing.as<Page>()->last = 17;

  const std::string seen = test::in_child([&] {
    auto mapping = Mapping::map(reader->get(), sizeof(Page), false);
    return mapping ? std::to_string(mapping->as<const Page>()->last) : mapping.error().text();
  });

  EXPECT_EQ(seen, "17");
}

TEST(Mapping, RefusesAFileThatHasLessThanWasAskedFor) {
  const SharedMemory memory = memory_of(4096);

  const auto sut = Mapping::map(memory.fd(), 4097, false);

  ASSERT_FALSE(sut);
  EXPECT_THAT(sut.error().text(), HasSubstr("4097 bytes"));
  EXPECT_THAT(sut.error().text(), HasSubstr("has 4096"));
}

TEST(Mapping, OutlivesTheDescriptor) {
  Mapping sut;
  {
    const SharedMemory memory = memory_of(4096);
    sut = mapping_of(memory.fd(), 4096, true);
  }

  sut.as<Page>()->first = 1;

  EXPECT_EQ(sut.as<const Page>()->first, 1u);
}

TEST(Mapping, MovingLeavesNothingBehind) {
  const SharedMemory memory = memory_of(4096);
  Mapping from = mapping_of(memory.fd(), 4096, true);
  std::byte* const data = from.data();

  Mapping sut = std::move(from);

  EXPECT_EQ(sut.data(), data);
  EXPECT_TRUE(sut.writable());
  EXPECT_FALSE(from);  // NOLINT: asks on purpose.
}

TEST(Mapping, EndsWithItsOwner) {
  const SharedMemory memory = memory_of(4096);
  Mapping sut = mapping_of(memory.fd(), 4096, true);
  void* const data = sut.data();
  ASSERT_EQ(::msync(data, 4096, MS_ASYNC), 0);

  sut.reset();

  EXPECT_EQ(::msync(data, 4096, MS_ASYNC), -1);  // ENOMEM: nothing is mapped there.
}

TEST(MappingDeathTest, AskingAReadOnlyMappingForSomethingWritableIsABug) {
  const SharedMemory memory = memory_of(4096);
  Mapping sut = mapping_of(memory.fd(), 4096, false);

  EXPECT_DEATH(sut.as<Page>(), "assertion failed");
}

}  // namespace
}  // namespace takt::os
