#include "tests/crash_points/rig.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/host.hpp>
#include <takt/os/private_world.hpp>

namespace takt::test {
namespace {

using std::chrono::seconds;

// Far above what any of it takes on a machine that also does other work.
constexpr seconds kPeerMax{10};

template <typename T>
T or_end(Result<T> result, const char* what) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "cannot %s: %s\n", what, result.error().text().c_str());
  std::exit(3);
}

const char* describe(Stage stage) {
  switch (stage) {
    case Stage::started:
      return "does not join";
    case Stage::joined:
      return "is not connected";
    case Stage::connected:
      return "exchanges no samples";
    case Stage::exchanged:
      return "hangs in a full queue";
    case Stage::filled:
      return "is not heard after a full queue";
    default:
      return "does not come to its operation";
  }
}

// Whether the child has ended; it stays a zombie. A traced child's stops are no end.
bool has_ended(const os::Child& child) {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid != 0 &&
         (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
}

}  // namespace

bool enter_test_world() {
  auto entered = os::enter_private_world(!os::can_enter_private_world());
  if (!entered) std::fprintf(stderr, "%s\n", entered.error().text().c_str());
  return entered.ok();
}

Rig::Rig(const RigOptions& options) : options_(options) {
  memory_ = or_end(os::SharedMemory::create("crash-board", sizeof(Board)), "make the board");
  map_ = or_end(os::Mapping::map(memory_.fd(), sizeof(Board), true), "map the board");
  board().pause_us = options.pause_us;
  const port::TopicDemand demand{sizeof(Proof), alignof(Proof), 4 * options.depth + 40};
  const auto pools = or_end(port::plan_pools({demand}, options.spare), "plan the pools");
  world_ = or_end(port::World::create(pools, STDERR_FILENO), "make the world");
  // A refused real-time class is no matter here.
  if (options.arms) {
    static_cast<void>(world_->arm_healer({.lock_memory = false, .time_limit = options.limit}));
  }
  const char* role = options.writer_survives ? "writer" : "reader";
  peers_.push_back(spawn(role, "survivor", kSurvivor, "topic", ""));
  peers_.push_back(spawn("bystander", "bystander", kBystander, "other", ""));
  peers_.push_back(spawn("late", "late", kLate, "topic", ""));
  for (const Who who : {kSurvivor, kBystander, kLate}) {
    if (!wait_for([&] { return slot(who).rounds > 3; }, kPeerMax)) {
      std::fprintf(stderr, "a peer of the test does not start\n");
      std::exit(3);
    }
  }
}

Rig::~Rig() {
  if (victim_lives_) kill_victim();
  for (os::Child& peer : peers_) {
    static_cast<void>(os::send_signal(peer, SIGKILL));
    ::waitpid(peer.pid(), nullptr, 0);
  }
  if (victim_.pid() > 0) reap_victim();
}

os::Child Rig::spawn(const std::string& role, const std::string& participant, Who who,
                     const std::string& topic, const std::string& setup) {
  os::SpawnOptions plan;
  const std::filesystem::path self = os::self_executable();
  plan.program = self.parent_path() / "crash_peer";
  plan.arguments = {role,
                    participant,
                    topic,
                    std::to_string(who),
                    std::to_string(options_.depth),
                    std::to_string(incarnation_),
                    setup};
  plan.extra_environment = {"LD_BIND_NOW=1"};  // No symbol is resolved within an operation.
  plan.inherited = {{memory_.fd(), kBoardFd}};
  return or_end(os::spawn(plan), "start a peer");
}

std::string Rig::victim_name() const { return "victim." + std::to_string(incarnation_); }

std::string Rig::start_victim(const std::string& setup, Stage stage) {
  ++incarnation_;
  Slot& own = slot(kVictim);
  own.stage = 0;
  own.order = 0;
  own.number = 0;
  own.incarnation = 0;
  const char* role = options_.writer_survives ? "reader" : "writer";
  const std::string prefix = setup == "free" ? "" : "victim-";
  victim_ = spawn(prefix + role, victim_name(), kVictim, "topic", setup);
  victim_lives_ = true;
  const bool there =
      wait_for([&] { return own.stage >= static_cast<std::uint32_t>(stage) || has_ended(victim_); },
               kPeerMax);
  if (has_ended(victim_)) return "the next incarnation ends";
  if (!there) {
    return std::string("the next incarnation ") + describe(static_cast<Stage>(own.stage.load()));
  }
  return {};
}

void Rig::kill_victim() {
  static_cast<void>(os::send_signal(victim_, SIGKILL));
  wait_for([&] { return has_ended(victim_); }, kPeerMax);
  victim_lives_ = false;
}

void Rig::reap_victim() {
  ::waitpid(victim_.pid(), nullptr, 0);
  victim_ = {};
}

std::string Rig::peers_go_on() {
  const std::uint64_t survivor = slot(kSurvivor).rounds;
  const std::uint64_t bystander = slot(kBystander).taken;
  if (!wait_for([&] { return slot(kSurvivor).rounds > survivor + 2; }, kPeerMax)) {
    return "the survivor hangs";
  }
  if (!wait_for([&] { return slot(kBystander).taken > bystander + 2; }, kPeerMax)) {
    return "an unconcerned pair hangs";
  }
  for (os::Child& peer : peers_) {
    if (has_ended(peer)) return "a peer ended";
  }
  return {};
}

std::uint64_t Rig::bad_samples() const {
  std::uint64_t sum = 0;
  for (const Slot& slot : map_.as<Board>()->slots) sum += slot.bad;
  return sum;
}

}  // namespace takt::test
