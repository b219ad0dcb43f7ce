#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

constexpr uid_t kNobody = 65534;

// An ordinary user without any real-time right, with folders of his own.
ChildOptions as_ordinary_user(const Instance& instance) {
  const std::string home = instance.folder().path();
  ChildOptions options;
  options.environment = {"HOME=" + home, "XDG_RUNTIME_DIR=" + home + "/run",
                         "XDG_STATE_HOME=" + home + "/state"};
  if (::geteuid() == 0) options.user = kNobody;
  return options;
}

// An ordinary user cannot have it, unless the machine's limits say so.
bool real_time_is_free() {
  rlimit limit{};
  ::getrlimit(RLIMIT_RTPRIO, &limit);
  return limit.rlim_cur > 0;
}

TEST(WithoutPrivileges, RequiredRealTimeIsRefusedWithSettingReasonAndFix) {
  if (real_time_is_free()) GTEST_SKIP() << "everybody here may take real-time classes";
  Instance sut;

  auto run =
      sut.run(shipped_graph("motor_speed.yaml"),
              {"--real-time", "required", "--for", "500ms", "--json"}, as_ordinary_user(sut));

  EXPECT_EQ(run->wait(), 1);
  EXPECT_NE(run->err().find("motor: policy: wanted fifo 70, got other"), std::string::npos)
      << run->err();
  EXPECT_NE(run->err().find("EPERM"), std::string::npos) << "the system's own word\n" << run->err();
  EXPECT_NE(run->err().find("rtprio"), std::string::npos) << run->err();
  const Json summary = summary_of(*run);
  EXPECT_EQ(summary.at("result"), "refused");
  EXPECT_EQ(node_of(summary, "motor").at("cycles"), 0);
  const Json& refused = node_of(summary, "motor").at("applied").at("refused");
  ASSERT_FALSE(refused.empty());
  for (const Json& entry : refused) {
    for (const char* member : {"setting", "wanted", "got", "errno", "fix"}) {
      EXPECT_TRUE(entry.contains(member)) << member;
    }
  }
}

TEST(WithoutPrivileges, BestEffortRunsAndSaysWhatWasNotApplied) {
  if (real_time_is_free()) GTEST_SKIP() << "everybody here may take real-time classes";
  Instance sut;

  auto run =
      sut.run(shipped_graph("motor_speed.yaml"),
              {"--real-time", "best_effort", "--for", "500ms", "--json"}, as_ordinary_user(sut));

  EXPECT_EQ(run->wait(), 0) << run->err();
  const auto lines = lines_of(run->err());
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(run->err().find("not real time:"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("policy: wanted fifo 70, got other"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("what changes that:"), std::string::npos) << run->err();
  EXPECT_NE(run->err().find("rtprio"), std::string::npos) << run->err();
  EXPECT_GT(node_of(summary_of(*run), "motor").at("cycles").get<int>(), 0);
}

TEST(WithoutPrivileges, TwoInstancesRunSideBySide) {
  Instance left, right;
  auto left_run = left.run(shipped_graph("motor_speed.yaml"), {"--for", "500ms", "--json"},
                           as_ordinary_user(left));
  auto right_run = right.run(shipped_graph("motor_speed.yaml"), {"--for", "500ms", "--json"},
                             as_ordinary_user(right));

  EXPECT_EQ(left_run->wait(), 0) << left_run->err();
  EXPECT_EQ(right_run->wait(), 0) << right_run->err();
}

}  // namespace
}  // namespace takt::test
