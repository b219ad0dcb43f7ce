#include "runtime/loop/output_slot.hpp"

#include <cstring>

namespace takt::loop {

OutputSlot::OutputSlot(OutputBase& output, const OutputConfig& config,
                       std::unique_ptr<port::Writer> writer, Wiring wiring)
    : output_(output),
      config_(config),
      writer_(std::move(writer)),
      wiring_(std::move(wiring)),
      course_(config) {
  if (!config_.layout.allows_non_finite) finite_runs_ = float_runs(config_.layout);
  PortAccess::bind(output_, *writer_);
}

void OutputSlot::exercise() noexcept {
  if (void* memory = writer_->loan()) {
    std::memset(memory, 0, config_.layout.size);
    writer_->discard();
  }
}

bool OutputSlot::has_credit() const noexcept {
  for (const Credit& credit : wiring_.credits) {
    // acquire: the reader has looked at the samples that it counts as consumed.
    const std::uint64_t word = credit.consumed->load(std::memory_order_acquire);
    if (word == consumed::kAbsent) continue;
    if (sequence_ - consumed::count(word, wiring_.incarnation) >= credit.depth) return false;
  }
  return true;
}

OutputSlot::Sent OutputSlot::commit(std::int64_t publish_ns, std::int64_t origin_ns) noexcept {
  const std::uint64_t unsent = PortAccess::unsent(output_);
  wiring_.counters->unsent.store(unsent, std::memory_order_relaxed);
  const void* staged = PortAccess::staged(output_);
  if (staged == nullptr) return Sent::nothing;
  if (!all_finite(finite_runs_, staged)) {
    bump(*wiring_.non_finite);
    discard();
    return Sent::refused;
  }
  const SampleHeader header{sequence_, publish_ns, origin_ns, wiring_.incarnation};
  if (PortAccess::is_device(output_) && !drive_device(header)) return Sent::nothing;
  PortAccess::unstage(output_);
  writer_->publish(header);
  ++sequence_;
  bump(wiring_.counters->published);
  return Sent::sample;
}

OutputSlot::Sent OutputSlot::commit_step(std::int64_t publish_ns, std::int64_t origin_ns) noexcept {
  if (const void* staged = PortAccess::staged(output_)) course_.offer(staged);
  const Sent sent = commit(publish_ns, origin_ns);
  if (sent == Sent::sample) course_.accept();
  return sent;
}

void OutputSlot::overwrite(std::uint32_t offset, const void* bytes, std::uint32_t size) noexcept {
  void* const staged = PortAccess::staged(output_);
  if (staged == nullptr || size > sizeof(std::uint64_t) || offset + size > config_.layout.size)
    return;
  std::memcpy(static_cast<std::byte*>(staged) + offset, bytes, size);
}

// The device comes before the topic: it must be safe also when no chunk is free to tell of it.
bool OutputSlot::drive_device(const SampleHeader& header) noexcept {
  const void* const sample = PortAccess::staged(output_);
  PortAccess::unstage(output_);
  const bool driven = PortAccess::drive(output_, sample, header);
  void* const memory = driven ? writer_->loan() : nullptr;
  if (memory == nullptr) {
    PortAccess::count_unsent(output_);
    wiring_.counters->unsent.store(PortAccess::unsent(output_), std::memory_order_relaxed);
    return false;
  }
  std::memcpy(memory, sample, config_.layout.size);
  return true;
}

void OutputSlot::stage_safe(std::int64_t now) noexcept {
  if (!config_.has_safe) {
    discard();
    return;
  }
  if (PortAccess::staged(output_) != nullptr) return;
  if (void* memory = PortAccess::stage(output_)) {
    course_.write(memory, now);
  }
}

void OutputSlot::discard() noexcept {
  if (PortAccess::staged(output_) == nullptr) return;
  if (!PortAccess::is_device(output_)) writer_->discard();
  PortAccess::unstage(output_);
}

}  // namespace takt::loop
