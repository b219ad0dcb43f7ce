// test/camera and test/viewer: samples that nobody wants to copy.
#include <takt/node/node.hpp>

#include "tests/integration/nodes/blocks.hpp"

namespace takt::test {
namespace {

// Sends `frames` frames, then none.
class Camera final : public Node {
  Output<Frame8MiB> frame{*this, "frame", {.origin = Origin::now}};
  Param<std::int64_t> frames{*this, "frames", {.fallback = 1}};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    if (sent_ >= frames) return StepResult::ok;
    if (Frame8MiB* place = frame.loan()) fill(*place, static_cast<std::uint64_t>(sent_++));
    return StepResult::ok;
  }
  std::int64_t sent_ = 0;
};

class Viewer final : public Node {
  Input<Frame8MiB> frame{*this, "frame", {.measurement = true}};

  StepResult step(const Cycle&) noexcept TAKT_RT override {
    return whole(*frame) ? StepResult::ok : StepResult::failed;
  }
};

TAKT_NODE(Camera, "test/camera", "Sends frames of 8 MiB.");
TAKT_NODE(Viewer, "test/viewer", "Checks frames of 8 MiB.");

}  // namespace
}  // namespace takt::test
