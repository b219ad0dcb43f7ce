// The two graphs of a test with hardware in the loop, as the repository ships them.
//
//   system: speed --> speed_pid --> drive      rig: command --> drive --> motor --> speed
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/integration/support/instance.hpp"
#include "tests/integration/support/observer.hpp"

namespace takt::test {

using Replacements = std::vector<std::pair<std::string, std::string>>;

// Ages and time-outs so long that a host that stands still for 100 ms is no finding.
inline const Replacements kPatientAges{{"age: 10ms", "age: 300ms"},
                                       {"age: 20ms", "age: 600ms"},
                                       {"age: 50ms", "age: 600ms"},
                                       {"device_timeout: 50ms", "device_timeout: 600ms"},
                                       {"device_timeout: 10ms", "device_timeout: 300ms"}};

// A shipped graph with every text of the list replaced; each must be in it unless it is an age.
inline std::string changed_graph(const std::string& file, const Replacements& list) {
  std::ifstream in(shipped_graph(file));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto replace = [&](const std::string& what, const std::string& with) {
    bool found = false;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
      text.replace(at, what.size(), with);
      found = true;
    }
    return found;
  };
  for (const auto& [what, with] : kPatientAges) replace(what, with);
  for (const auto& [what, with] : list) EXPECT_TRUE(replace(what, with)) << file << ": " << what;
  return text;
}

// `takt arm`, as often as it is refused because the inputs have not come yet.
inline bool arm(Instance& instance) {
  for (int i = 0; i < 200; ++i) {
    if (instance.start("arm")->wait() == 0) return true;
  }
  return false;
}

}  // namespace takt::test
