#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <takt/os/accounts.hpp>
#include <takt/os/local_socket.hpp>

namespace takt::os {
namespace {

TEST(Accounts, RootIsFoundByNameAndByNumber) {
  EXPECT_EQ(find_group("root"), 0U);
  EXPECT_EQ(group_name(0), "root");
  EXPECT_EQ(user_name(0), "root");
}

TEST(Accounts, AGroupThatNobodyMadeIsNotFound) {
  EXPECT_FALSE(find_group("no-such-group"));
  EXPECT_FALSE(find_group(""));
}

TEST(Accounts, ANumberWithoutNameIsShownAsNumber) {
  EXPECT_EQ(group_name(3'999'999'999), "3999999999");
  EXPECT_EQ(user_name(3'999'999'999), "3999999999");
}

TEST(PeersGroups, AreThoseOfThePeersProcess) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd one(ends[0]), other(ends[1]);
  std::vector<gid_t> own(static_cast<std::size_t>(::getgroups(0, nullptr)));
  ASSERT_GE(::getgroups(static_cast<int>(own.size()), own.data()), 0);

  EXPECT_EQ(peer_groups(one.get()), own);
  EXPECT_TRUE(peer_groups(-1).empty());
}

}  // namespace
}  // namespace takt::os
