#include "runtime/supervisor/access.hpp"

#include <gtest/gtest.h>

namespace takt::supervisor {
namespace {

constexpr uid_t kOwner = 900, kSomebody = 1000;
constexpr gid_t kOperators = 50, kObservers = 60, kOther = 70;

AccessRules rules() {
  return {kOwner, AccessGroup{"robot", kOperators}, AccessGroup{"eyes", kObservers}, false};
}
May judged(uid_t user, gid_t group, const std::vector<gid_t>& more, May door = May::command) {
  return judge(rules(), door, {.pid = 1, .uid = user, .gid = group}, more);
}

TEST(Access, IsTheOwnersAndRootsWithoutAnyGroup) {
  EXPECT_EQ(judged(kOwner, kOther, {}), May::command);
  EXPECT_EQ(judged(0, 0, {}), May::command);
  EXPECT_EQ(judged(kSomebody, kOther, {0, kOther}), May::nothing);
}

TEST(Access, FollowsTheGroupsOfAProcessWhicheverItHasFirst) {
  EXPECT_EQ(judged(kSomebody, kOperators, {}), May::command);
  EXPECT_EQ(judged(kSomebody, kOther, {kOther, kOperators}), May::command);
  EXPECT_EQ(judged(kSomebody, kObservers, {}), May::look);
  EXPECT_EQ(judged(kSomebody, kOther, {kObservers}), May::look);
  EXPECT_EQ(judged(kSomebody, kObservers, {kOperators}), May::command);
}

TEST(Access, ThroughTheObserversSocketIsToLookForEverybody) {
  EXPECT_EQ(judged(0, 0, {}, May::look), May::look);
  EXPECT_EQ(judged(kSomebody, kOperators, {}, May::look), May::look);
  EXPECT_EQ(judged(kSomebody, kOther, {}, May::look), May::nothing);
}

TEST(Access, IsJudgedByTheSocketWhereIdsAreHidden) {
  AccessRules hidden = rules();
  hidden.ids_are_hidden = true;
  const os::Peer unknown{.pid = 1, .uid = 65534, .gid = 65534};
  EXPECT_EQ(judge(hidden, May::look, unknown, {65534}), May::look);
  EXPECT_EQ(judge(hidden, May::command, unknown, {65534}), May::command);
}

TEST(Access, AnUnknownRequestIsACommand) {
  EXPECT_EQ(needed_for("ps"), May::look);
  EXPECT_EQ(needed_for("echo"), May::look);
  for (const char* verb : {"arm", "disarm", "stop", "restart", "inject", "force", "", "PS"}) {
    EXPECT_EQ(needed_for(verb), May::command) << verb;
  }
}

TEST(Access, ARefusalNamesTheGroupsThatMay) {
  EXPECT_EQ(refusal_of(rules(), "arm").message,
            "you may not 'arm': only members of the group 'robot' may");
  EXPECT_EQ(refusal_of(rules(), "ps").message,
            "you may not 'ps': only members of the group 'eyes' or 'robot' may");
  EXPECT_EQ(refusal_of(rules(), "arm").fix, "sudo usermod -aG robot \"$USER\", then log in again");
  AccessRules nobody = rules();
  nobody.operators.reset();
  EXPECT_NE(refusal_of(nobody, "arm").message.find("it belongs to the user '900'"),
            std::string::npos);
}

}  // namespace
}  // namespace takt::supervisor
