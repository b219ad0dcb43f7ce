// The shipped scenarios of published control problems: `takt test` runs their graphs, each node a
// process, and finds the figures that others computed.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

#include "tests/integration/support/instance.hpp"

namespace takt::test {
namespace {

constexpr std::chrono::seconds kAllScenarios{240};

std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(TAKT_SOURCE_DIR "/config/scenarios")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string shipped_scenario(const std::string& name) {
  return format("{}/config/scenarios/{}.yaml", TAKT_SOURCE_DIR, name);
}

struct Tested {
  int status = -1;
  Json summary;
  std::string said;
};

Tested takt_test(std::vector<std::string> files, const Folder& results,
                 std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"test"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  for (const char* word : {"--json", "--results"}) arguments.emplace_back(word);
  arguments.push_back(results.path().string());
  arguments.insert(arguments.end(), more.begin(), more.end());
  auto run = takt(std::move(arguments));
  Tested tested;
  tested.status = run->wait(kAllScenarios);
  tested.said = run->err();
  tested.summary = summary_of(*run);
  return tested;
}

// Of the only run.
std::string recording_of(const Tested& tested) {
  const std::filesystem::path folder =
      tested.summary.at("runs").at(0).at("folder").get<std::string>();
  const auto file = folder / "signals.csv";
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream.good()) << file;
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(ShippedScenarios, AllPass) {
  const auto files = shipped_scenarios();
  ASSERT_GE(files.size(), 13U);
  const Folder results;

  const Tested sut = takt_test(files, results, {"-j", "2"});

  EXPECT_EQ(sut.status, 0) << sut.said;
  const Json& runs = sut.summary.at("runs");
  EXPECT_EQ(runs.size(), files.size() + 2) << "two of them have a parameter with two values";
  std::set<std::string> ids;
  for (const Json& run : runs) {
    const auto id = run.at("id").get<std::string>();
    ids.insert(id);
    EXPECT_EQ(run.at("verdict"), "pass") << id;
    EXPECT_GE(run.at("assessments").size(), 2U) << id;
    for (const Json& assessment : run.at("assessments")) {
      EXPECT_EQ(assessment.at("verdict"), "pass") << id << ": " << assessment.dump();
    }
  }
  EXPECT_EQ(ids.size(), runs.size());
  for (const char* id : {"abs", "abs_off", "motor_speed", "invpend[model=linear]"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
}

// Sensor, estimator, controller, valve and vehicle.
TEST(ShippedScenarios, BrakeInFiveProcessesUntilTheVehicleStands) {
  const Folder results;

  const Tested sut = takt_test({shipped_scenario("abs")}, results);

  EXPECT_EQ(sut.status, 0) << sut.said;
  const Json& run = sut.summary.at("runs").at(0);
  EXPECT_EQ(run.at("end"), "stop_condition");
  EXPECT_NEAR(run.at("duration_ns").get<double>() * 1e-9, 13.8235, 0.25) << "the reference";
  std::set<int> pids;
  for (const Json& node : run.at("run").at("nodes")) {
    pids.insert(node.at("pid").get<int>());
    EXPECT_EQ(node.at("cycles"), run.at("duration_ns").get<std::int64_t>() / 1'000'000 + 1);
  }
  EXPECT_EQ(pids.size(), 5U);
}

TEST(ShippedScenarios, RecordTheSameBytesWhateverElseTheMachineDoes) {
  const Folder quiet, loaded;
  const std::string file = shipped_scenario("motor_speed");
  const Tested undisturbed = takt_test({file}, quiet);
  EXPECT_EQ(undisturbed.status, 0) << undisturbed.said;

  std::atomic<bool> busy{true};
  std::vector<std::thread> load;
  for (int i = 0; i < 4; ++i) {
    load.emplace_back([&] {
      while (busy.load(std::memory_order_relaxed)) {
      }
    });
  }
  const Tested sut = takt_test({file}, loaded);
  busy = false;
  for (auto& thread : load) thread.join();

  EXPECT_EQ(sut.status, 0) << sut.said;
  const std::string left = recording_of(undisturbed);
  EXPECT_GE(lines_of(left).size(), 10'000U) << "5 s at 0.5 ms";
  EXPECT_TRUE(left == recording_of(sut));
}

// One hop at the wrong place is one period of delay, and the figures tell.
TEST(ShippedScenarios, FailWhenTheDriveSendsBeforeTheControllerComputes) {
  const Folder results;

  const Tested sut =
      takt_test({TAKT_SOURCE_DIR "/tests/integration/data/motor_speed_polled.yaml"}, results);

  EXPECT_EQ(sut.status, 1) << sut.said;
  const Json& assessments = sut.summary.at("runs").at(0).at("assessments");
  std::map<std::string, Json> by_name;
  for (const Json& one : assessments) by_name[one.at("name").get<std::string>()] = one;
  EXPECT_EQ(by_name["overshoot"].at("verdict"), "fail");
  EXPECT_NEAR(by_name["overshoot"].at("worst_value").get<double>(), 0.0428, 0.0001)
      << "of the reference with one period of delay";
  EXPECT_EQ(by_name["rise time"].at("verdict"), "fail");
  EXPECT_EQ(by_name["speed of the reference"].at("verdict"), "fail");
  EXPECT_EQ(by_name["final value"].at("verdict"), "pass") << "delay does not move it";
}

}  // namespace
}  // namespace takt::test
