// Reads one map of the language key by key, and reports every key that nobody asked for.
#pragma once

#include <string>
#include <vector>

#include <takt/graph/mark_tree.hpp>
#include <takt/graph/report.hpp>

namespace takt::graph {

// Thread safety: one thread. Real time: no. Lifetime: the node and the report must outlive it.
class MapReader {
 public:
  // `what` names the map in messages ("node 'pid'"); `place` is where a missing key is reported.
  MapReader(const MarkedNode& node, std::string what, Mark place, Report& report);

  // False after the report that `node` is no map.
  bool is_map() const { return is_map_; }

  // The entry, or null when it is not there or, which is reported, has no value.
  const MarkedEntry* find(const std::string& key);

  // As `find`; a missing key is reported.
  const MarkedEntry* require(const std::string& key, const std::string& help);

  // As `find`, and the value must be a map; an empty value is an empty map, a null pointer here.
  const MarkedEntry* find_map(const std::string& key);

  // Reports what was not asked for, with the nearest key that was.
  void finish() const;

  const std::string& what() const { return what_; }
  const Mark& place() const { return place_; }

 private:
  const MarkedNode& node_;
  std::string what_;
  Mark place_;
  Report& report_;
  bool is_map_;
  std::vector<std::string> known_;
};

// Reports that `node` has another shape than `wanted`; false then.
bool check_shape(const MarkedNode& node, Shape wanted, const std::string& what, Report& report);

}  // namespace takt::graph
