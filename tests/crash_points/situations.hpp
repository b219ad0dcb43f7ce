// In which state of the world an operation is interrupted.
#pragma once

#include <array>
#include <cstdint>

namespace takt::test {

struct Situation {
  const char* name;
  const char* what;
  bool victim_writes;
  std::uint32_t depth;
  const char* setup;  // What the victim does before (peer.cpp).
  bool late = false;  // A reader joins while the victim stands before its last instruction.
  bool contend =
      false;            // ... already while it holds its lock; then it runs on to that instruction.
  bool runs = false;    // The survivor goes on meanwhile; else it stands still.
  bool shared = false;  // Another writer uses the same pool meanwhile.
};

// Histories are not among them: no port of takt has one, and healing refuses a topic that does.
inline constexpr std::array<Situation, 11> kSituations{{
    {"write", "publish to a reader that keeps up", true, 8, "plain", false, false, true},
    {"write-full", "publish into a full queue: the oldest is evicted", true, 8, "full"},
    {"write-fills", "publish into the last free place", true, 8, "fills"},
    {"write-single", "publish into a full queue of one", true, 1, "full"},
    {"write-tap", "publish into a full queue of the tap's depth", true, 250, "full"},
    {"write-late", "publish while a reader joins", true, 8, "full", true},
    {"write-contended", "publish while RouDi waits for the writer's lock", true, 8, "full", true,
     true},
    {"write-shared", "publish while another writer uses the same pool", true, 8, "plain", false,
     false, true, true},
    {"read", "take, keep and release, the writer waits", false, 8, "plain"},
    {"read-running", "take, keep and release, the writer evicts", false, 8, "running", false, false,
     true},
    {"read-single", "take, keep and release from a queue of one", false, 1, "running", false, false,
     true},
}};

}  // namespace takt::test
