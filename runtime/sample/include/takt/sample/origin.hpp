// Where the origin stamp of an output's samples comes from.
#pragma once

namespace takt {

enum class Origin {
  now,      // The step's release: sensors, plants, sources.
  inherit,  // The input marked `measurement`, else the trigger input.
  none,     // Set-points and parameters carry no origin.
};

}  // namespace takt
