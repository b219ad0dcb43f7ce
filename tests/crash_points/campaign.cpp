#include "tests/crash_points/campaign.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <unistd.h>

#include <takt/base/text.hpp>

namespace takt::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kLeaksMax =
    2;  // By one kill: the one that is sent, the one evicted for it.
constexpr seconds kAnswerMax{10};
constexpr std::uint64_t kPauseUs = 200;
constexpr std::uint64_t kSlowUs = 5000;

}  // namespace

void Tally::add(const Tally& other) {
  points += other.points;
  healed += other.healed;
  restarts += other.restarts;
  hangs += other.hangs;
  double_uses += other.double_uses;
  leaked += other.leaked;
  locks += other.locks;
  indices += other.indices;
  unblocked_ns_max = std::max(unblocked_ns_max, other.unblocked_ns_max);
  duration_ns_max = std::max(duration_ns_max, other.duration_ns_max);
}

void Campaign::found(const std::string& what, std::uint64_t Tally::*kind) {
  ++(tally_.*kind);
  findings_.push_back(format("{} before instruction {}: {}", situation_.name, last_step_, what));
  rig_.reset();  // Nothing in that world can be relied on.
}

void Campaign::let_all_run() {
  rig_->board().pause_us = kPauseUs;
  rig_->order(kSurvivor, Order::run);
  rig_->order(kBystander, Order::run);
}

// What goes on during the operation. Step by step it takes a thousand times its time, and whoever
// shares its free list at full speed would make it try again for ever.
void Campaign::let_some_run() {
  rig_->board().pause_us = kSlowUs;
  if (!situation_.shared) rig_->order(kBystander, Order::freeze);
}

// A victim before its operation. False: it cannot come there, which the last kill is to blame for.
bool Campaign::prepare() {
  if (!rig_) {
    rig_ = std::make_unique<Rig>(
        RigOptions{.writer_survives = !situation_.victim_writes, .depth = situation_.depth});
    kills_in_world_ = 0;
  }
  let_all_run();
  rig_->world().hurry(true);
  const std::string trouble = rig_->start_victim(situation_.setup, Stage::armed);
  rig_->world().hurry(false);
  if (trouble.empty() && rig_->slot(kVictim).bad + rig_->bad_samples() == 0) return true;
  if (trouble.empty()) {
    found("a sample is wrong, or a queue holds less than its depth", &Tally::double_uses);
  } else {
    found(trouble, &Tally::hangs);
  }
  return false;
}

const Trace& Campaign::trace() {
  while (trace_.empty()) {
    if (!prepare()) {
      std::fprintf(stderr, "%s: %s\n", situation_.name, findings_.back().c_str());
      std::exit(3);
    }
    Stepper stepper(rig_->victim().pid());
    let_some_run();
    if (stepper.wait_for_start()) trace_ = stepper.record();
    rig_->kill_victim();
    ++kills_in_world_;
    const auto report = rig_->world().heal(rig_->victim_name(), rig_->victim().pid());
    rig_->reap_victim();
  }
  // Two thirds into a publish the writer's lock is held (into a take, nothing is).
  lock_step_ = trace_.size() * 2 / 3;
  return trace_;
}

void Campaign::ask_for_late_reader() {
  Slot& late = rig_->slot(kLate);
  late.wanted.store(late.wanted.load() + 1);
  // RouDi is asked by now, and has answered or waits for the lock.
  wait_for([&] { return late.made == late.wanted; }, milliseconds(2));
}

bool Campaign::stand_at(Stepper& stepper, std::size_t step) {
  let_some_run();
  if (!stepper.wait_for_start()) return false;
  if (!situation_.contend || step <= lock_step_) {
    stepper.run_to(trace_, step);
    if (situation_.late) ask_for_late_reader();
    return true;
  }
  stepper.run_to(trace_, lock_step_);
  ask_for_late_reader();
  Trace rest(trace_.begin() + static_cast<std::ptrdiff_t>(lock_step_), trace_.end());
  // Addresses that ran before the lock count as visited: no anchors there, step by step.
  stepper.run_to({}, std::min(step - lock_step_, rest.size()));
  return true;
}

port::HealReport Campaign::remove_only() {
  port::HealReport report;
  std::atomic<bool> done{false};
  // For ever in RouDi's lock, if the dead held one: this program then ends without it.
  std::thread([this, &done] {
    rig_->world().remove(rig_->victim_name());
    done = true;
  }).detach();
  report.healed = wait_for([&] { return done.load(); }, seconds(2));
  if (!report.healed) {
    std::printf("HANG: RouDi is frozen\n");
    std::fflush(stdout);
    ::_exit(1);
  }
  return report;
}

void Campaign::kill_at(std::size_t step) {
  trace();
  if (!prepare()) {
    if (!prepare()) return;  // In a new world.
  }
  last_step_ = step;
  Stepper stepper(rig_->victim().pid());
  stand_at(stepper, step);
  rig_->kill_victim();
  ++tally_.points;
  ++kills_in_world_;
  if (!situation_.victim_writes) {
    // The writer goes on while the dead reader's queue is still there, to its end if it can.
    const std::uint64_t from = rig_->slot(kSurvivor).published;
    let_all_run();
    wait_for([&] { return rig_->slot(kSurvivor).published > from + situation_.depth + 3; },
             milliseconds(10));
  }
  const port::HealReport report =
      heals_ ? rig_->world().heal(rig_->victim_name(), rig_->victim().pid()) : remove_only();
  rig_->reap_victim();
  if (!report.healed) {
    found("not provable: " + report.reason, &Tally::restarts);
    return;
  }
  tally_.leaked += report.chunks_leaked;
  tally_.locks += report.locks_freed;
  tally_.indices += report.indices_replaced;
  tally_.unblocked_ns_max = std::max(tally_.unblocked_ns_max, report.unblocked.count());
  tally_.duration_ns_max = std::max(tally_.duration_ns_max, report.duration.count());
  const std::string trouble = look_after_kill(report);
  if (!trouble.empty()) {
    found(trouble, &Tally::hangs);
    return;
  }
  ++tally_.healed;
}

std::string Campaign::look_after_kill(const port::HealReport& report) {
  let_all_run();
  if (report.chunks_leaked_ever > kLeaksMax * kills_in_world_) {
    return format("{} chunks are lost by {} deaths", report.chunks_leaked_ever, kills_in_world_);
  }
  if (situation_.late) {
    if (auto trouble = late_reader_comes_and_goes(); !trouble.empty()) return trouble;
  }
  return rig_->peers_go_on();
}

std::string Campaign::late_reader_comes_and_goes() {
  Slot& late = rig_->slot(kLate);
  if (!wait_for([&] { return late.made == late.wanted; }, kAnswerMax)) {
    return "the late reader waits for RouDi";
  }
  if (late.wanted % 2 == 0) return {};
  late.wanted.store(late.wanted.load() + 1);
  return wait_for([&] { return late.made == late.wanted; }, kAnswerMax)
             ? std::string()
             : "the late reader cannot leave";
}

void Campaign::finish() {
  if (!rig_) return;
  prepare();
  rig_.reset();
}

}  // namespace takt::test
