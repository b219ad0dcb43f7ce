// What the loop and the manifest writer reach inside a node; not for authors of nodes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <takt/manifest/declaration.hpp>
#include <takt/node/node.hpp>

namespace takt {

// A parameter's declaration and its setter. `set` expects a value of the declared kind and unit.
struct ParamBase::Description {
  ParamDeclaration declaration;
  std::function<Result<void>(const Json&)> set;
};

// The one door into ports and nodes.
struct PortAccess {
  static NodeDeclaration declare(Node& node, std::string_view type, std::string_view summary);
  static Result<void> set_params(Node& node, const Json& values);

  // Null when the node declares no state.
  static void* state(Node& node) { return node.state_ ? node.state_->data_ : nullptr; }

  static std::vector<InputBase*>& inputs(Node& node) { return node.inputs_; }
  static std::vector<OutputBase*>& outputs(Node& node) { return node.outputs_; }
  static const std::string& name(const InputBase& input) { return input.name_; }
  static const std::string& name(const OutputBase& output) { return output.name_; }

  static void bind(Logger& logger, LogRing& ring) { logger.ring_ = &ring; }
  static void set_time(Logger& logger, std::int64_t now_ns) noexcept TAKT_RT {
    logger.now_ns_ = now_ns;
  }

  // Inputs: what the next step sees.
  static void connect(InputBase& input) { input.view_.connected = true; }
  static void show(InputBase& input, const void* data, const SampleHeader& header) noexcept
      TAKT_RT {
    input.view_.data = data;
    input.view_.header = header;
  }
  static void set_source(InputBase& input, std::uint32_t place) noexcept TAKT_RT {
    input.view_.source = place;
  }
  static void mark_new(InputBase& input, bool is_new) noexcept TAKT_RT {
    input.view_.is_new = is_new;
  }
  static void judge(InputBase& input, std::chrono::nanoseconds age,
                    std::chrono::nanoseconds data_age, bool stale) noexcept TAKT_RT {
    input.view_.age = age;
    input.view_.data_age = data_age;
    input.view_.stale = stale;
  }

  // Outputs: what the step staged.
  static void bind(OutputBase& output, port::Writer& writer) { output.writer_ = &writer; }
  static void* staged(const OutputBase& output) noexcept TAKT_RT { return output.staged_; }
  static void* stage(OutputBase& output) noexcept TAKT_RT { return output.stage(); }
  static void unstage(OutputBase& output) noexcept TAKT_RT { output.staged_ = nullptr; }
  static std::uint64_t unsent(const OutputBase& output) noexcept TAKT_RT { return output.unsent_; }
  static void count_unsent(OutputBase& output) noexcept TAKT_RT { ++output.unsent_; }

  // Outputs of a device.
  static bool is_device(const OutputBase& output) noexcept TAKT_RT {
    return output.device_.drive != nullptr;
  }
  static bool drive(OutputBase& output, const void* sample,
                    const SampleHeader& header) noexcept TAKT_RT {
    return output.device_.drive(output, sample, header);
  }
  static void* safe(const OutputBase& output) noexcept TAKT_RT { return output.device_.safe; }
};

// The manifest of a library's entries, types in alphabetical order.
Manifest manifest_of(std::string_view library, const NodeEntry* entries);

}  // namespace takt
