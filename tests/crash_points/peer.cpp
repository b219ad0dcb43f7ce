// One participant of the crash tests: a survivor, a bystander, a late reader, or a victim.
//
//     crash_peer ROLE PARTICIPANT TOPIC WHO DEPTH INCARNATION SETUP
//
// A victim takes part until it has proved that its world is whole, brings its queue into the wanted
// state, and lets itself be traced through one operation.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include <takt/os/shared_memory.hpp>
#include <takt/port/iceoryx.hpp>

#include "tests/crash_points/board.hpp"

namespace takt::test {
namespace {

using std::chrono::microseconds;

struct Plan {
  std::string role, participant, topic, setup;
  std::uint32_t who = 0, depth = 8;
  std::uint64_t incarnation = 0;
};

class Peer {
 public:
  Peer(const Plan& plan, Board& board, port::Participant& participant)
      : plan_(plan), board_(board), me_(board.slots[plan.who]), participant_(participant) {}

  void make_writer(const std::string& topic) {
    writer_ = std::move(participant_.make_writer({topic, "out"}, layout_of<Proof>())).value();
  }
  void make_reader(const std::string& topic) {
    reader_ = std::move(participant_.make_reader({topic, "out"}, layout_of<Proof>(), plan_.depth))
                  .value();
    held_ = nullptr;
  }
  void drop_reader() { reader_.reset(); }

  void publish() {
    auto* proof = static_cast<Proof*>(writer_->loan());
    if (proof == nullptr) {
      ++me_.unsent;
      return;
    }
    ++number_;
    *proof = {plan_.incarnation, number_, check_of(plan_.incarnation, number_), {}};
    writer_->publish({number_, 0, 0, plan_.incarnation});
    ++me_.published;
  }

  // The kept sample must still be what it was: nobody else may have got its chunk.
  bool take() {
    port::Taken taken;
    if (!reader_->try_take(taken)) return false;
    if (held_ != nullptr && std::memcmp(held_, &copy_, sizeof copy_) != 0) ++me_.bad;
    held_ = static_cast<const Proof*>(taken.data);
    copy_ = *held_;
    judge(copy_);
    reader_->keep();
    ++me_.taken;
    return true;
  }

  void run() {
    MonotonicClock clock;
    std::uint32_t late = 0;
    for (;;) {
      const std::uint32_t order = me_.order.load();
      if (plan_.role == "late") late = be_late(late);
      if (order == static_cast<std::uint32_t>(Order::run)) {
        if (writer_) publish();
        while (reader_ && take()) {
        }
      }
      me_.obeyed.store(order);
      ++me_.rounds;
      // A victim that is killed at any time is inside of the transport as often as it can be.
      if (plan_.setup != "free")
        clock.wait_until(clock.now() + microseconds(board_.pause_us.load()));
    }
  }

  std::uint64_t number() const { return number_; }
  port::Writer& writer() { return *writer_; }
  port::Reader& reader() { return *reader_; }

 private:
  void judge(const Proof& proof) {
    if (proof.check != check_of(proof.incarnation, proof.number)) ++me_.bad;
    if (proof.incarnation == me_.incarnation && proof.number <= me_.number) ++me_.bad;
    me_.number = proof.number;
    me_.incarnation = proof.incarnation;
  }
  std::uint32_t be_late(std::uint32_t seen) {
    const std::uint32_t wanted = me_.wanted.load();
    if (wanted == seen) return seen;
    if (wanted % 2 == 1) {
      me_.number = 0;
      make_reader(plan_.topic);
    } else {
      drop_reader();
    }
    me_.made.store(wanted);
    return wanted;
  }

  Plan plan_;
  Board& board_;
  Slot& me_;
  port::Participant& participant_;
  std::unique_ptr<port::Writer> writer_;
  std::unique_ptr<port::Reader> reader_;
  std::uint64_t number_ = 0;
  const Proof* held_ = nullptr;
  Proof copy_{};
};

class Victim {
 public:
  Victim(const Plan& plan, Board& board, Peer& peer)
      : plan_(plan), me_(board.slots[kVictim]), other_(board.slots[kSurvivor]), peer_(peer) {}

  void write() {
    await([&] { return peer_.publish(), other_.incarnation == plan_.incarnation; },
          Stage::connected);
    for (int i = 0; i < 3; ++i) publish_and_hear();
    reach(Stage::exchanged);
    freeze();
    for (std::uint32_t i = 0; i < 2 * plan_.depth + 3; ++i) peer_.publish();  // Spins if it can.
    reach(Stage::filled);
    const std::uint64_t before = other_.taken;
    order(Order::run);
    await([&] { return heard(); }, Stage::evicted);
    // A queue that has lost its room gives less than its depth.
    if (other_.taken - before < plan_.depth) ++me_.bad;
    if (plan_.setup == "full" || plan_.setup == "fills") {
      freeze();
      const std::uint32_t n = plan_.setup == "full" ? plan_.depth + 4 : plan_.depth - 1;
      for (std::uint32_t i = 0; i < n; ++i) peer_.publish();
    }
    reach(Stage::armed);
    let_trace();
    peer_.publish();
    end();
  }

  void read() {
    std::uint64_t taken = 0;
    await([&] { return peer_.take(); }, Stage::connected);
    await([&] { return (taken += peer_.take()) > 3; }, Stage::exchanged);
    // Full, and evicted from: the writer spins if it can.
    const std::uint64_t from = other_.published;
    await([&] { return other_.published > from + 2 * plan_.depth + 3; }, Stage::filled);
    freeze();
    for (taken = 0; peer_.take();) ++taken;
    if (taken < plan_.depth) ++me_.bad;
    order(Order::run);
    const std::uint64_t n = plan_.setup == "running" ? plan_.depth + 2 : 1;
    const std::uint64_t now = other_.published;
    await([&] { return other_.published >= now + n; }, Stage::evicted);
    if (plan_.setup != "running") freeze();
    reach(Stage::armed);
    let_trace();
    peer_.take();
    end();
  }

 private:
  void reach(Stage stage) { me_.stage.store(static_cast<std::uint32_t>(stage)); }
  template <typename Condition>
  void await(Condition condition, Stage stage) {
    wait_for(condition, std::chrono::hours(1));  // The driver has the watch.
    reach(stage);
  }
  bool heard() const {
    return other_.incarnation == plan_.incarnation && other_.number == peer_.number();
  }
  void publish_and_hear() {
    peer_.publish();
    wait_for([&] { return heard(); }, std::chrono::hours(1));
  }
  void order(Order order) {
    other_.order.store(static_cast<std::uint32_t>(order));
    wait_for([&] { return other_.obeyed == static_cast<std::uint32_t>(order); },
             std::chrono::hours(1));
  }
  void freeze() {
    // An order that is already obeyed may have been read before: two rounds later nothing moves.
    order(Order::freeze);
    const std::uint64_t rounds = other_.rounds;
    wait_for([&] { return other_.rounds > rounds + 1; }, std::chrono::hours(1));
  }
  static void let_trace() {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
  }
  [[noreturn]] static void end() {
    ::raise(SIGSTOP);
    for (;;) ::pause();
  }

  const Plan& plan_;
  Slot& me_;
  Slot& other_;
  Peer& peer_;
};

[[noreturn]] void play(const Plan& plan, Board& board) {
  Slot& me = board.slots[plan.who];
  auto participant = port::join_iceoryx(plan.participant, &me.inside);
  if (!participant) {
    std::fprintf(stderr, "%s: %s\n", plan.role.c_str(), participant.error().text().c_str());
    ::_exit(3);
  }
  me.stage.store(static_cast<std::uint32_t>(Stage::joined));
  Peer peer(plan, board, **participant);
  if (plan.role == "bystander") {
    peer.make_writer(plan.topic);
    peer.make_reader(plan.topic);
  }
  if (plan.role.ends_with("writer")) peer.make_writer(plan.topic);
  if (plan.role.ends_with("reader")) peer.make_reader(plan.topic);
  Victim victim(plan, board, peer);
  if (plan.role == "victim-writer") victim.write();
  if (plan.role == "victim-reader") victim.read();
  peer.run();
  std::abort();
}

}  // namespace
}  // namespace takt::test

int main(int argc, char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_TIMERSLACK, 1000);
  if (argc != 8) return 2;
  takt::test::Plan plan{argv[1], argv[2], argv[3], argv[7], {}, {}, {}};
  plan.who = static_cast<std::uint32_t>(std::atoi(argv[4]));
  plan.depth = static_cast<std::uint32_t>(std::atoi(argv[5]));
  plan.incarnation = std::strtoull(argv[6], nullptr, 10);
  auto map = takt::os::Mapping::map(takt::test::kBoardFd, sizeof(takt::test::Board), true);
  if (!map) return 2;
  takt::test::play(plan, *map->as<takt::test::Board>());
}
