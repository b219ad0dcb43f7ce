// Who may do what with a running graph: real users, by their ids and groups alone.
#include <csignal>
#include <filesystem>
#include <optional>

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observe.hpp"

namespace takt::test {
namespace {

constexpr uid_t kNobody = 65534, kSomebody = 61234;

// Groups that every Debian has and no process of this test is in by itself.
constexpr const char* kOperators = "games";
constexpr const char* kObservers = "users";

gid_t id_of(const char* group) {
  const auto* entry = ::getgrnam(group);
  EXPECT_NE(entry, nullptr) << group;
  return entry == nullptr ? 0 : entry->gr_gid;
}

std::string graph_with(const std::string& access) {
  return format(R"(takt: 1
graph: shared
start: disarmed
real_time: best_effort
{}libraries: [takt_nodes]
defaults: {{policy: other, restart: on_failure}}
nodes:
  set_point: {{type: source/profile, period: 10ms, params: {{shape: step, at: 0s, from: 0, to: 1}}}}
  drive:
    type: actuator/limiter
    on: command
    safe: {{output: 0}}
    inputs: {{command: {{from: set_point.value, max_age: 500ms, on_stale: safe}}}}
)",
                access);
}

std::string shared_graph() {
  return graph_with(format("access: {{operators: {}, observers: {}}}\n", kOperators, kObservers));
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode : 0;
}

class SharedGraph : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root: it becomes other users";
  }
  ChildOptions user(const std::vector<const char*>& groups) {
    ChildOptions options;
    options.user = kSomebody;
    options.environment = {"HOME=/nonexistent", "XDG_STATE_HOME=/nonexistent",
                           "XDG_RUNTIME_DIR=" + runtime_folder_};
    for (const char* group : groups) options.groups.push_back(id_of(group));
    return options;
  }
  void expect_refused(const std::string& verb, const std::vector<std::string>& more,
                      const std::vector<const char*>& groups, const std::string& text) {
    auto tool = sut.start(verb, more, user(groups));
    EXPECT_NE(tool->wait(), 0) << verb;
    EXPECT_NE(tool->err().find(text), std::string::npos) << verb << ": " << tool->err();
  }
  void expect_allowed(const std::string& verb, const std::vector<std::string>& more,
                      const std::vector<const char*>& groups) {
    auto tool = sut.start(verb, more, user(groups));
    EXPECT_EQ(tool->wait(), 0) << verb << ": " << tool->err();
  }
  // Everything that a tool can ask for, as each of the three kinds of users.
  void expect_the_three_kinds() {
    using Words = std::vector<std::string>;
    const std::vector<std::pair<std::string, Words>> commands{{"arm", {}},
                                                              {"disarm", {}},
                                                              {"restart", {"set_point"}},
                                                              {"inject", {"kill", "set_point"}},
                                                              {"stop", {}}};
    const std::vector<std::pair<std::string, Words>> looks{
        {"ps", {}}, {"echo", {"set_point.value", "-n", "2"}}};
    for (const auto& [verb, more] : looks) {
      expect_allowed(verb, more, {kObservers});
      expect_allowed(verb, more, {kOperators});
      expect_refused(verb, more, {}, "only members of the group 'users' or 'games' may");
    }
    for (const auto& [verb, more] : commands) {
      expect_refused(verb, more, {kObservers}, "only members of the group 'games' may");
      expect_refused(verb, more, {}, "usermod -aG users");
    }
  }
  std::filesystem::path folder_of_results() const { return "/var/lib/takt/" + sut.name(); }
  std::string runtime_folder_ = "/nonexistent";
  Instance sut;
};

TEST_F(SharedGraph, IsLookedAtByObserversAndCommandedByOperatorsOnly) {
  auto run = sut.run(shared_graph());
  ASSERT_TRUE(run->says("the graph is disarmed")) << run->err();
  ASSERT_TRUE(sut.runs());

  expect_the_three_kinds();

  const Json summary = sut.ps();
  EXPECT_EQ(summary.at("armed"), false);
  EXPECT_EQ(node_of(summary, "set_point").at("restarts"), 0);
  expect_allowed("arm", {}, {kOperators});
  expect_allowed("stop", {}, {kOperators});
  EXPECT_EQ(run->wait(), 0) << run->err();
}

TEST_F(SharedGraph, HasNothingThatEverybodyMayWriteTo) {
  auto run = sut.run(shared_graph());
  ASSERT_TRUE(sut.runs());

  const std::filesystem::path folder = "/run/takt";
  EXPECT_EQ(mode_of(folder / (sut.name() + ".sock")) & 07777, 0660U);
  EXPECT_EQ(mode_of(folder / (sut.name() + ".observe.sock")) & 07777, 0660U);
  for (const std::filesystem::path& place : {folder, folder_of_results()}) {
    EXPECT_EQ(mode_of(place) & S_IWOTH, 0U) << place;
    for (const auto& entry : std::filesystem::directory_iterator(place)) {
      if (entry.path().string().find(sut.name()) == std::string::npos) continue;
      EXPECT_EQ(mode_of(entry.path()) & S_IWOTH, 0U) << entry.path();
    }
  }
  EXPECT_EQ(sut.start("stop")->wait(), 0);
  EXPECT_EQ(mode_of(folder / (sut.name() + ".observe.sock")), 0U) << "nothing is left behind";
}

TEST_F(SharedGraph, LeavesNoSocketWhenItsSupervisorIsKilled) {
  auto run = sut.run(shared_graph());
  ASSERT_TRUE(sut.runs());
  const auto processes = children_of(run->pid());
  ASSERT_EQ(sockets_of(sut.name()).size(), 2U);

  run->signal(SIGKILL);
  run->wait();

  EXPECT_GE(seconds_until_gone(processes), 0.0);
  EXPECT_EQ(sockets_of(sut.name()), std::vector<std::string>());
}

TEST_F(SharedGraph, IsTheOwnersAloneWithoutTheKey) {
  auto run = sut.run(graph_with(""));
  ASSERT_TRUE(sut.runs());

  expect_refused("ps", {}, {kOperators, kObservers}, "its graph lets no group in");
  EXPECT_EQ(mode_of("/run/takt/" + sut.name() + ".sock") & 07777, 0600U);
  EXPECT_EQ(sut.start("stop")->wait(), 0);
}

// In a user namespace a supervisor sees the ids of others as 65534: the sockets' modes judge.
TEST_F(SharedGraph, OfAnOrdinaryUserIsSharedTheSameWay) {
  runtime_folder_ = sut.folder().path() / "run";
  std::filesystem::create_directory(runtime_folder_);
  std::filesystem::permissions(runtime_folder_, std::filesystem::perms::all);
  ChildOptions owner = user({kOperators, kObservers});
  owner.user = kNobody;
  owner.environment[1] = "XDG_STATE_HOME=" + sut.folder().path().string();

  auto run = sut.run(shared_graph(), {}, owner);
  ASSERT_TRUE(run->says("theirs find this one with XDG_RUNTIME_DIR=" + runtime_folder_));
  ASSERT_TRUE(run->says("the graph is disarmed")) << run->err();

  expect_the_three_kinds();

  expect_allowed("stop", {}, {kOperators});
  EXPECT_EQ(run->wait(), 0) << run->err();
}

TEST_F(SharedGraph, OfAnOrdinaryUserStartsOnlyWithGroupsThatItIsIn) {
  runtime_folder_ = sut.folder().path() / "run";
  ChildOptions owner = user({kObservers});
  owner.environment[1] = "XDG_STATE_HOME=" + sut.folder().path().string();

  auto run = sut.run(shared_graph(), {}, owner);

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("to the group 'games'"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("usermod -aG games"), std::string::npos) << run->err();
}

}  // namespace
}  // namespace takt::test
