// `takt-node --hog NANOSECONDS`: computes without pause, then leaves; for `takt inject hog`.
#pragma once

namespace takt::loop {

// Exit status: 0 at the end of its time, 2 when `nanoseconds` is no number. Dies with its parent.
int run_hog(const char* nanoseconds);

}  // namespace takt::loop
