#include "tests/diagnostics/test_nodes.hpp"

#include <fstream>

#include <takt/base/text.hpp>

#include "tests/diagnostics/test_samples.hpp"

namespace takt::test {
namespace {

template <typename T = Scalar>
InputDeclaration input(const std::string& name) {
  InputDeclaration declaration;
  declaration.name = name;
  declaration.layout = layout_of<T>();
  return declaration;
}
InputDeclaration in_unit(InputDeclaration declaration, const std::string& unit) {
  declaration.unit = unit;
  return declaration;
}
InputDeclaration measured(InputDeclaration declaration) {
  declaration.measurement = true;
  return declaration;
}
InputDeclaration optional(InputDeclaration declaration) {
  declaration.optional = true;
  return declaration;
}
InputDeclaration command(InputDeclaration declaration) {
  declaration.command = true;
  return declaration;
}

template <typename T = Scalar>
OutputDeclaration output(const std::string& name, Origin origin, const std::string& unit = "") {
  OutputDeclaration declaration;
  declaration.name = name;
  declaration.layout = layout_of<T>();
  declaration.origin = origin;
  declaration.unit = unit;
  return declaration;
}
OutputDeclaration safe(OutputDeclaration declaration) {
  declaration.safe = true;
  return declaration;
}

ParamDeclaration number(const std::string& name, const std::string& unit, Json fallback,
                        Json min = {}, Json max = {}) {
  ParamDeclaration declaration;
  declaration.name = name;
  declaration.unit = unit;
  declaration.fallback = std::move(fallback);
  declaration.min = std::move(min);
  declaration.max = std::move(max);
  return declaration;
}
ParamDeclaration param(const std::string& name, ParamKind kind, Json fallback, Json min = {},
                       Json max = {}) {
  ParamDeclaration declaration =
      number(name, "", std::move(fallback), std::move(min), std::move(max));
  declaration.kind = kind;
  return declaration;
}
ParamDeclaration choice(const std::string& name, std::vector<std::string> choices) {
  ParamDeclaration declaration = param(name, ParamKind::text, {});
  declaration.choices = std::move(choices);
  return declaration;
}

NodeDeclaration node(const std::string& type, std::vector<InputDeclaration> inputs,
                     std::vector<OutputDeclaration> outputs,
                     std::vector<ParamDeclaration> params = {}) {
  NodeDeclaration declaration;
  declaration.type = type;
  declaration.summary = "A test node.";
  declaration.inputs = std::move(inputs);
  declaration.outputs = std::move(outputs);
  declaration.params = std::move(params);
  return declaration;
}
NodeDeclaration needing_period(NodeDeclaration declaration) {
  declaration.needs_period = true;
  return declaration;
}

NodeDeclaration owning_device(NodeDeclaration declaration) {
  declaration.device = true;
  return declaration;
}

std::vector<InputDeclaration> many_inputs(int count) {
  std::vector<InputDeclaration> inputs;
  for (int i = 0; i < count; ++i) inputs.push_back(optional(input(format("in{}", i))));
  return inputs;
}
std::vector<OutputDeclaration> many_outputs(int count) {
  std::vector<OutputDeclaration> outputs;
  for (int i = 0; i < count; ++i) outputs.push_back(output(format("out{}", i), Origin::none));
  return outputs;
}

// Shaped like the stock nodes of the same names.
std::vector<NodeDeclaration> control_nodes() {
  return {
      node("source/profile", {}, {output("value", Origin::none)},
           {choice("shape", {"step", "ramp", "sine", "square", "table"}), number("at", "s", 0, 0),
            number("from", "", 0), number("to", "", 1), number("duration", "s", 1, 0),
            number("frequency", "Hz", 1, 0), number("phase", "rad", 0),
            number("duty", "", 0.5, 0, 1), param("file", ParamKind::text, "")}),
      needing_period(
          node("plant/dc_motor", {in_unit(input("voltage"), "V")},
               {output("speed", Origin::now, "rad/s"), output("current", Origin::now, "A")},
               {number("inertia", "kg.m2", 0.01, 0), number("friction", "N.m.s", 0.1, 0),
                number("constant", "N.m/A", 0.01), number("resistance", "Ohm", 1, 0),
                number("inductance", "H", 0.5, 0), number("temperature", "K", 293.15, 0)})),
      needing_period(
          node("controller/pid",
               {measured(input("measurement")), input("reference"), optional(input("tracking")),
                optional(input("manual"))},
               {output("output", Origin::inherit)},
               {number("kp", "", 1), number("ki", "", 0), number("kd", "", 0),
                number("tf", "s", 0.01, 0), number("b", "", 1, 0, 1), number("c", "", 0, 0, 1)})),
      node("actuator/limiter", {command(input("command"))},
           {safe(output("output", Origin::inherit))},
           {number("min", "", -1e9), number("max", "", 1e9), number("rate", "", 1e9, 0)}),
  };
}

std::vector<NodeDeclaration> other_nodes() {
  return {
      node("sensor/imu", {}, {output<Imu>("motion", Origin::now)},
           {param("range", ParamKind::integer, 4, 2, 16), param("filter", ParamKind::boolean, true),
            param("device", ParamKind::text, {})}),
      node("sensor/encoder", {}, {output<JointState>("joint", Origin::now)},
           {param("lines", ParamKind::integer, {}, 1)}),
      node("sensor/encoder32", {}, {output<small::JointState>("joint", Origin::now)}),
      node("controller/joint", {measured(input<JointState>("joint"))},
           {output<MotorState>("command", Origin::inherit)}),
      node("actuator/joint", {command(input<MotorState>("command"))},
           {safe(output<MotorState>("drive", Origin::inherit))}),
      owning_device(node("actuator/valve", {command(input("command"))},
                         {safe(output("applied", Origin::inherit))})),
      node("filter/mean", {input("a"), input("b"), optional(input("c"))},
           {output("mean", Origin::inherit)}),
      node("filter/amplifier", {input("in")},
           {output("out", Origin::inherit, "V"), output("half", Origin::inherit, "mV")}),
      node("sink/print", {input("value")}, {}),
      node("sink/current", {in_unit(input("value"), "A")}, {}),
      node("monitor/status", {input<Status>("status")},
           {output<Status>("status", Origin::inherit)}),
      node("sink/many", many_inputs(32), {}),
      node("test/wide", many_inputs(32), many_outputs(32)),
      node("test/too_wide", {}, many_outputs(33)),
      node("test/camera", {}, {output<Frame>("frame", Origin::now)}),
      node("test/viewer", {input<Frame>("frame")}, {}),
      node("test/scanner", {}, {output<Scan>("scan", Origin::now)}),
  };
}

void write(const std::filesystem::path& folder, const std::string& library, const Json& content) {
  std::ofstream(folder / format("lib{}.takt.json", library)) << json_line(content) << "\n";
}

}  // namespace

void write_test_manifests(const std::filesystem::path& folder) {
  Manifest manifest{"test_nodes", "0.1.0", control_nodes()};
  for (NodeDeclaration& declaration : other_nodes())
    manifest.nodes.push_back(std::move(declaration));
  write(folder, "test_nodes", to_json(manifest));
  write(folder, "takt_nodes", to_json(Manifest{"takt_nodes", "0.1.0", control_nodes()}));
  write(folder, "twin_nodes",
        to_json(Manifest{"twin_nodes", "0.1.0", {node("sink/print", {input("value")}, {})}}));
  write(folder, "damaged_nodes", {{"takt_manifest", 7}});
}

LoadOptions test_options() {
  return {.allowed_cpus = {0, 1}, .library_folders = {}, .require_library_files = false};
}

}  // namespace takt::test
