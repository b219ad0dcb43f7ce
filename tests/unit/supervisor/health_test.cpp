#include "runtime/supervisor/health.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace takt::supervisor {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// A periodic node of 10 ms with a watchdog of 1 s, let run at 100 s.
struct Health : testing::Test {
  NodeConfig config;
  NodeSupervision rules;
  Process process;
  std::unique_ptr<StatusPage> page = std::make_unique<StatusPage>();
  nanoseconds now = 200s;

  Health() {
    config.name = "pump";
    config.trigger.kind = TriggerKind::periodic;
    config.trigger.period = 10ms;
    rules.watchdog = 1s;
    page->heartbeat = nanoseconds(now).count();
  }
  std::string sut() { return what_ails(config, rules, process, *page, 100s, now); }
};

TEST_F(Health, IsGoodWhileANodeRuns) {
  EXPECT_EQ(sut(), "");
  page->heartbeat = nanoseconds(now - 900ms).count();
  EXPECT_EQ(sut(), "") << "late is not ill";
}

TEST_F(Health, EndsWithAPeriodicNodeThatDoesNotRun) {
  page->heartbeat = nanoseconds(now - 1500ms).count();
  EXPECT_EQ(sut(), "node 'pump' has not run for 1.5 s");
  config.trigger.period = 1s;
  EXPECT_EQ(sut(), "") << "three periods are allowed";
  page->heartbeat = 0;
  EXPECT_EQ(sut(), "node 'pump' has not run for 100 s") << "since it was let run";
}

TEST_F(Health, DoesNotAskANodeForStepsThatNobodyTriggers) {
  config.trigger.kind = TriggerKind::on_input;
  page->heartbeat = 0;
  EXPECT_EQ(sut(), "");
}

TEST_F(Health, EndsWithAStepThatLastsLongerThanTheNodesWatchdog) {
  page->busy_since = nanoseconds(now - 900ms).count();
  EXPECT_EQ(sut(), "");
  page->busy_since = nanoseconds(now - 1100ms).count();
  EXPECT_EQ(sut(), "node 'pump' has been in one step for 1.1 s");
  rules.watchdog = 0s;
  EXPECT_EQ(sut(), "") << "the graph says 'none'";
}

TEST_F(Health, EndsWithADeadNodeAndNotWithOneThatIsDone) {
  process.ending = os::Ending{.exited = false, .signal = 9};
  EXPECT_NE(sut().find("node 'pump' killed by SIGKILL"), std::string::npos) << sut();
  process.ending = os::Ending{.exited = true, .status = 0};
  page->heartbeat = 0;
  EXPECT_EQ(sut(), "");
  process.restart_at = now;
  EXPECT_EQ(sut(), "node 'pump' is being started again");
}

}  // namespace
}  // namespace takt::supervisor
