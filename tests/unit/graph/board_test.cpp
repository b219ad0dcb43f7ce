// Board profiles as values, and where they put nodes.
#include <filesystem>
#include <fstream>

#include <takt/base/text.hpp>

#include "tests/unit/graph/graph_fixture.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using takt::test::codes_of;

takt::LoadedBoard good_board(const std::string& name) {
  const fs::path folder = fs::path(TAKT_SOURCE_DIR) / "tests/diagnostics/good_boards";
  return takt::load_board((folder / name).string());
}

TEST(BoardProfile, HoldsWhatTheFileSays) {
  const takt::LoadedBoard loaded = good_board("small.yaml");

  ASSERT_TRUE(loaded.diagnostics.empty()) << loaded.diagnostics.render(false);
  const takt::BoardProfile& board = loaded.board;
  EXPECT_EQ(board.name, "small");
  EXPECT_EQ(board.arch, "aarch64");
  EXPECT_EQ(board.cpus(), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(board.isolated, (std::vector<int>{2, 3})) << "ascending, however it was written";
  EXPECT_EQ(board.housekeeping, std::vector<int>{0});
  EXPECT_EQ(board.memory_mib, 512U);
  ASSERT_TRUE(board.wake_latency.has_value());
  EXPECT_EQ(board.wake_latency->p99, 40us);
  EXPECT_EQ(board.wake_latency->max, 150us);
  ASSERT_EQ(board.buses.size(), 2U);
  EXPECT_EQ(board.buses[1].name, "imu");
  EXPECT_EQ(board.buses[1].kind, "spi");
  EXPECT_EQ(board.buses[1].driver, "spidev");
  EXPECT_EQ(board.buses[1].device, "/dev/spidev0.0");
}

TEST(BoardProfile, NeedsNoMoreThanNameArchitectureAndCpus) {
  const takt::LoadedBoard loaded = good_board("least.yaml");

  EXPECT_TRUE(loaded.diagnostics.empty()) << loaded.diagnostics.render(false);
  EXPECT_FALSE(loaded.board.memory_mib.has_value());
  EXPECT_FALSE(loaded.board.wake_latency.has_value());
}

TEST(BoardProfile, ThatIsMissingIsCalledByItsKind) {
  const takt::LoadedBoard loaded = takt::load_board("no/such/board.yaml");

  ASSERT_EQ(loaded.diagnostics.entries().size(), 1U);
  EXPECT_EQ(loaded.diagnostics.entries()[0].message, "cannot read the board profile: no such file");
}

TEST(BoardProfile, ThatIsShippedHasNoFinding) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TAKT_SOURCE_DIR) / "config/boards")) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    const takt::LoadedBoard loaded = takt::load_board(entry.path().string());
    EXPECT_TRUE(loaded.diagnostics.empty()) << loaded.diagnostics.render(false);
    EXPECT_EQ(loaded.board.name, entry.path().stem()) << "found by its name";
  }
  EXPECT_GE(count, 3U);
}

class FindBoard : public takt::test::GraphTest {};

TEST_F(FindBoard, TakesTheFirstFolderThatHasTheName) {
  const fs::path folder = scratch_folder();
  fs::create_directories(folder / "own");
  fs::create_directories(folder / "installed");
  std::ofstream(folder / "own/pi.yaml") << "\n";
  std::ofstream(folder / "installed/pi.yaml") << "\n";
  const std::vector<std::string> folders{(folder / "none").string(), (folder / "own").string(),
                                         (folder / "installed").string()};

  const auto found = takt::find_board("pi", folders);

  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, (folder / "own/pi.yaml").string());
}

TEST_F(FindBoard, TakesAPathAsItIs) {
  EXPECT_EQ(*takt::find_board("./boards/pi", {}), "./boards/pi");
  EXPECT_EQ(*takt::find_board("pi.yaml", {}), "pi.yaml");
}

TEST_F(FindBoard, NamesTheKnownOnesAndTheNearest) {
  const fs::path folder = scratch_folder();
  std::ofstream(folder / "raspberry.yaml") << "\n";
  std::ofstream(folder / "virtual.yaml") << "\n";

  const auto found = takt::find_board("rasberry", {folder.string()});

  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().message,
            "there is no board profile 'rasberry'; did you mean 'raspberry'?");
  EXPECT_NE(found.error().fix.find("raspberry, virtual"), std::string::npos);
}

class OnABoard : public takt::test::GraphTest {
 protected:
  // CPUs 0 to 3: 0 for housekeeping, 2 and 3 isolated.
  static takt::LoadOptions on_small() {
    takt::LoadOptions on = options();
    on.board = good_board("small.yaml").board;
    on.allowed_cpus = on.board->cpus();
    return on;
  }
  static std::string sources(int count, const std::string& more = "") {
    std::string nodes;
    for (int i = 0; i < count; ++i) {
      nodes += takt::format(
          "  n{}: {{type: source/profile, period: 1ms, params: {{shape: step}}{}}}\n", i, more);
    }
    return nodes;
  }
  static std::size_t on_cpu(const takt::LoadedGraph& graph, int cpu) {
    std::size_t count = 0;
    for (const auto& node : graph.spec.nodes) {
      count += node.real_time.cpus == std::vector<int>{cpu} ? 1U : 0U;
    }
    return count;
  }
};

TEST_F(OnABoard, AutoFillsIsolatedCpusThenTheOthersAndNeverHousekeepingOnes) {
  const auto graph = load_nodes(sources(60), on_small());

  EXPECT_EQ(codes_of(graph), "");
  // 16 each until all are full, then the least loaded one.
  EXPECT_EQ(graph.spec.find("n0")->real_time.cpus, std::vector<int>{3});
  EXPECT_EQ(graph.spec.find("n16")->real_time.cpus, std::vector<int>{2});
  EXPECT_EQ(graph.spec.find("n32")->real_time.cpus, std::vector<int>{1});
  EXPECT_EQ(on_cpu(graph, 3), 20U);
  EXPECT_EQ(on_cpu(graph, 2), 20U);
  EXPECT_EQ(on_cpu(graph, 1), 20U);
  EXPECT_EQ(on_cpu(graph, 0), 0U);
}

TEST_F(OnABoard, IsolatedCpusComeBeforeHigherOnes) {
  takt::LoadOptions on = on_small();
  on.board->isolated = {1};

  EXPECT_EQ(load_nodes(sources(1), on).spec.nodes.at(0).real_time.cpus, std::vector<int>{1});
}

TEST_F(OnABoard, AutoDoesNotFollowAChainOntoAHousekeepingCpu) {
  const auto graph = load_nodes(
      "  root: {type: source/profile, period: 1ms, cpu: 0, params: {shape: step}}\n"
      "  leaf: {type: sink/print, on: value, inputs: {value: root.value}}\n",
      on_small());

  EXPECT_EQ(codes_of(graph), "graph.housekeeping-cpu");
  EXPECT_EQ(graph.spec.find("root")->real_time.cpus, std::vector<int>{0}) << "named by hand";
  EXPECT_EQ(graph.spec.find("leaf")->real_time.cpus, std::vector<int>{3});
}

TEST_F(OnABoard, UsesOnlyCpusThatTheMachineAllowsToo) {
  takt::LoadOptions on = on_small();
  on.allowed_cpus = {0, 1, 2, 9};

  EXPECT_EQ(load_nodes(sources(1), on).spec.nodes.at(0).real_time.cpus, std::vector<int>{2});
  EXPECT_EQ(codes_of(load_nodes(sources(1, ", cpu: 9"), on)), "graph.cpu-not-available");
  EXPECT_EQ(codes_of(load_nodes(sources(1, ", cpu: 3"), on)), "graph.cpu-not-available");
}

TEST_F(OnABoard, ALimitOfExactlyTheWakeLatencyIsNoFinding) {
  EXPECT_EQ(codes_of(load_nodes(sources(1, ", deadline: 150us"), on_small())), "");
  EXPECT_EQ(codes_of(load_nodes(sources(1, ", deadline: 149999ns"), on_small())),
            "graph.below-wake-latency");
}

TEST_F(OnABoard, MoreSharedMemoryThanThereIsIsAnError) {
  const takt::BoardProfile board = good_board("small.yaml").board;
  takt::GraphSpec graph;
  graph.name = "camera";
  constexpr std::uint64_t kAll = std::uint64_t{512} << 20U;

  EXPECT_TRUE(takt::check_board_memory(board, graph, kAll).empty());
  const takt::Diagnostics over = takt::check_board_memory(board, graph, kAll + 1);

  ASSERT_EQ(over.entries().size(), 1U);
  const takt::Diagnostic& found = over.entries()[0];
  EXPECT_EQ(found.code, "board.memory");
  EXPECT_EQ(found.severity, takt::Severity::error);
  EXPECT_EQ(found.spot.line, 6) << "where memory_mib stands";
  EXPECT_EQ(found.spot.column, 13);
  EXPECT_NE(found.message.find("need 513 MiB"), std::string::npos) << found.message;
}

}  // namespace
