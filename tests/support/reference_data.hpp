// Reads the oracle's figures that are kept beside these tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <takt/base/text.hpp>

namespace takt::test {

inline std::string data_folder() { return TAKT_SOURCE_DIR "/tests/support/data"; }

// A CSV file with a header.
class ReferenceTable {
 public:
  explicit ReferenceTable(const std::string& name) {
    std::ifstream file(format("{}/{}", data_folder(), name));
    std::string line;
    if (std::getline(file, line)) columns_ = split(line, ',');
    while (std::getline(file, line)) rows_.push_back(split(line, ','));
    EXPECT_FALSE(rows_.empty()) << "no reference data in " << name;
  }

  std::size_t size() const { return rows_.size(); }
  double number(std::size_t row, const std::string& column) const {
    const auto at = std::find(columns_.begin(), columns_.end(), column) - columns_.begin();
    return std::stod(rows_.at(row).at(static_cast<std::size_t>(at)));
  }
  // The row whose first column is `name`.
  std::size_t row_of(const std::string& name) const {
    const auto found = std::find_if(rows_.begin(), rows_.end(),
                                    [&](const auto& row) { return row.at(0) == name; });
    EXPECT_NE(found, rows_.end()) << "no row " << name;
    return static_cast<std::size_t>(found - rows_.begin());
  }

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Half a unit in the last of six significant digits, as the oracle's trajectories are printed.
inline double printed_tolerance(double value) {
  if (value == 0.0) return 1e-12;
  return 0.5000001 * std::pow(10.0, std::floor(std::log10(std::abs(value))) - 5.0) + 1e-12;
}

}  // namespace takt::test
