// What a node type declares about itself, as plain data: the content of a manifest.
//
// The build writes it beside the library (`libNAME.takt.json`); checks and tools read it there and
// never load users' code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/base/result.hpp>
#include <takt/sample/layout.hpp>
#include <takt/sample/origin.hpp>

namespace takt {

struct InputDeclaration {
  std::string name;
  std::string summary;
  Layout layout;
  std::string unit;          // Unit of a Scalar, when the node type fixes it; else empty.
  bool measurement = false;  // Its origin is the origin of inheriting outputs.
  bool optional = false;     // May stay unconnected.
  bool command = false;      // An actuator acts on it: a freshness limit is mandatory.
  bool operator==(const InputDeclaration&) const = default;
};

struct OutputDeclaration {
  std::string name;
  std::string summary;
  Layout layout;
  std::string unit;  // Unit of a Scalar, when the node type fixes it; else empty.
  Origin origin = Origin::inherit;
  bool safe = false;  // Has a safe value: makes its node an actuator.
  bool operator==(const OutputDeclaration&) const = default;
};

enum class ParamKind { number, integer, boolean, text };

struct ParamDeclaration {
  std::string name;
  std::string summary;
  ParamKind kind = ParamKind::number;
  std::string unit;  // Of a number; a value in the graph must then carry a unit.
  Json fallback;     // In `unit`; null: the graph must give a value.
  Json min;          // Numbers and integers: null when unbounded.
  Json max;
  std::vector<std::string> choices;  // Texts: the allowed ones; empty: any.
  bool operator==(const ParamDeclaration&) const = default;
};

struct NodeDeclaration {
  std::string type;     // "controller/pid"
  std::string summary;  // One sentence.
  std::vector<InputDeclaration> inputs;
  std::vector<OutputDeclaration> outputs;
  std::vector<ParamDeclaration> params;
  std::optional<Layout> state;  // What is given again to a node that is started again.
  bool needs_period = false;    // Cannot run without a period of its own or of its trigger chain.
  bool device = false;          // Owns a device: the graph must say what that does in silence.

  bool is_actuator() const;  // It owns a device, or some output has a safe value.
  const InputDeclaration* find_input(std::string_view name) const;
  const OutputDeclaration* find_output(std::string_view name) const;
  bool operator==(const NodeDeclaration&) const = default;
};

// Everything that one library of nodes declares.
struct Manifest {
  std::string library;  // "takt_nodes"
  std::string takt_version;
  std::vector<NodeDeclaration> nodes;
};

Json to_json(const NodeDeclaration& declaration);
Json to_json(const Manifest& manifest);
Result<NodeDeclaration> declaration_from_json(const Json& json);
Result<Manifest> manifest_from_json(const Json& json);

// Reads `libNAME.takt.json`. Errors: a missing or damaged file, another version of the format.
Result<Manifest> read_manifest(const std::string& path);

}  // namespace takt
