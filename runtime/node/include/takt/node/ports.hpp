// Inputs, outputs and parameters: members of a node class that declare themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <takt/base/rt.hpp>
#include <takt/port/port.hpp>
#include <takt/sample/origin.hpp>
#include <takt/sample/sample.hpp>

namespace takt {

class Node;

struct InputOptions {
  std::string_view summary{};
  std::string_view unit{};   // Fixes the unit of a Scalar.
  bool measurement = false;  // Its origin is the origin of inheriting outputs.
  bool optional = false;     // May stay unconnected.
  bool command = false;      // An actuator acts on it: the graph must limit its age.
};

struct OutputOptions {
  std::string_view summary{};
  std::string_view unit{};  // Fixes the unit of a Scalar.
  Origin origin = Origin::inherit;
  bool safe = false;  // The graph gives a safe value: makes the node an actuator.
};

// What every input has, whatever its type. The loop fills `view_` before each step.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
class InputBase {
 public:
  InputBase(Node& node, std::string_view name, const Layout& (*layout)(), InputOptions options);
  InputBase(const InputBase&) = delete;
  InputBase& operator=(const InputBase&) = delete;

  bool connected() const noexcept TAKT_RT { return view_.connected; }
  // A sample, or the graph's `initial`, is there. True in every step for a required input.
  bool has_value() const noexcept TAKT_RT { return view_.data != nullptr; }
  // A sample has come since the step before.
  bool is_new() const noexcept TAKT_RT { return view_.is_new; }
  // Older than its limits; seen by a step only with `on_stale: hold`.
  bool stale() const noexcept TAKT_RT { return view_.stale; }
  // Start of this step minus the publish stamp; since the barrier before the first sample.
  std::chrono::nanoseconds age() const noexcept TAKT_RT { return view_.age; }
  // Start of this step minus the origin stamp; 0 for a sample without origin.
  std::chrono::nanoseconds data_age() const noexcept TAKT_RT { return view_.data_age; }
  const SampleHeader& header() const noexcept TAKT_RT { return view_.header; }
  // Which topic of `from: [primary, backup]` the sample is of: 0 the first; 0 without fallbacks.
  std::uint32_t source() const noexcept TAKT_RT { return view_.source; }

 protected:
  struct View {
    const void* data = nullptr;
    SampleHeader header;
    std::chrono::nanoseconds age{0};
    std::chrono::nanoseconds data_age{0};
    std::uint32_t source = 0;
    bool is_new = false;
    bool stale = false;
    bool connected = false;
  };
  View view_;

 private:
  friend struct PortAccess;
  std::string name_;
  const Layout& (*layout_)();
  InputOptions options_;
};

// An input of samples of type `T`.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
template <Sample T>
class Input final : public InputBase {
 public:
  Input(Node& node, std::string_view name, InputOptions options = {})
      : InputBase(node, name, &layout_of<T>, options) {}

  // The newest sample, or with `queue` the next one, in shared memory. Asking while `has_value()`
  // is false ends the process.
  const T& value() const noexcept TAKT_RT {
    TAKT_ASSERT(view_.data != nullptr);
    return *static_cast<const T*>(view_.data);
  }
  const T& operator*() const noexcept TAKT_RT { return value(); }
  const T* operator->() const noexcept TAKT_RT { return &value(); }
};

// What every output has. `publish` inside a step only stages: the loop sends after the step.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
class OutputBase {
 public:
  OutputBase(Node& node, std::string_view name, const Layout& (*layout)(), OutputOptions options);
  OutputBase(const OutputBase&) = delete;
  OutputBase& operator=(const OutputBase&) = delete;

 protected:
  // What a DeviceOutput (node/device.hpp) adds: samples are staged in its own memory, because a
  // device must be driven also when the transport has no chunk left, and go to the device first.
  struct Device {
    void* staged = nullptr;  // Memory of one sample.
    void* safe = nullptr;    // Another; filled before `configure`.
    bool (*drive)(OutputBase&, const void* sample, const SampleHeader&) noexcept = nullptr;
  };
  OutputBase(Node& node, std::string_view name, const Layout& (*layout)(), OutputOptions options,
             Device device);

  // Memory of the staged sample; null, and counted, when no chunk is free.
  void* stage() noexcept TAKT_RT {
    if (staged_ == nullptr && device_.staged != nullptr) staged_ = device_.staged;
    if (staged_ == nullptr && writer_ != nullptr) {
      staged_ = writer_->loan();
      if (staged_ == nullptr) ++unsent_;
    }
    return staged_;
  }

 private:
  friend struct PortAccess;
  std::string name_;
  const Layout& (*layout_)();
  OutputOptions options_;
  Device device_;
  port::Writer* writer_ = nullptr;
  void* staged_ = nullptr;
  std::uint64_t unsent_ = 0;
};

// An output of samples of type `T`.
//
// Thread safety: the loop thread. Real time: yes after construction. Lifetime: its node's.
template <Sample T>
class Output final : public OutputBase {
 public:
  Output(Node& node, std::string_view name, OutputOptions options = {})
      : OutputBase(node, name, &layout_of<T>, options) {}

  // Stages `sample`; the loop sends it, stamped, after `step` has returned. Staging twice in one
  // step keeps the last. Cost: one copy into shared memory, never a system call.
  void publish(const T& sample) noexcept TAKT_RT {
    if (void* memory = stage()) std::memcpy(memory, &sample, sizeof(T));
  }
  // Stages a sample that the step fills in place: no copy, for large samples. Null when no chunk
  // is free. The content is undefined.
  T* loan() noexcept TAKT_RT { return static_cast<T*>(stage()); }
};

// The allowed values of a text. A class of its own because g++ 12 crashes (in nothrow_spec_p) on a
// default member initializer of type std::vector in a template that a member initializer names.
struct Choices : std::vector<std::string> {
  using std::vector<std::string>::vector;
  Choices() noexcept {}
};

template <typename T>
struct ParamOptions {
  std::string_view summary{};
  std::string_view unit{};  // Of a double: a value in the graph must carry a unit of this kind.
  std::optional<T> fallback{};  // None: the graph must give a value.
  std::optional<T> min{};
  std::optional<T> max{};
  Choices choices{};  // Of a text.
};

// What every parameter has.
//
// Thread safety: the loop thread. Real time: reading is. Lifetime: its node's.
class ParamBase {
 public:
  ParamBase(Node& node, std::string_view name);
  ParamBase(const ParamBase&) = delete;
  ParamBase& operator=(const ParamBase&) = delete;
  virtual ~ParamBase() = default;

 protected:
  struct Description;  // The declaration and a way to set the value, see node/param_access.hpp.
  virtual Description describe() = 0;

 private:
  friend struct PortAccess;
  std::string name_;
};

// A parameter of type double, std::int64_t, bool or std::string, set before `configure`.
//
// Thread safety: the loop thread. Real time: reading is. Lifetime: its node's.
template <typename T>
class Param final : public ParamBase {
  static_assert(std::is_same_v<T, double> || std::is_same_v<T, std::int64_t> ||
                    std::is_same_v<T, bool> || std::is_same_v<T, std::string>,
                "a parameter is a double, a std::int64_t, a bool or a std::string");

 public:
  Param(Node& node, std::string_view name, ParamOptions<T> options = {})
      : ParamBase(node, name), options_(std::move(options)) {
    if (options_.fallback) value_ = *options_.fallback;
  }
  const T& value() const noexcept TAKT_RT { return value_; }
  operator const T&() const noexcept TAKT_RT { return value_; }  // NOLINT: reads as its value

 private:
  Description describe() override;
  ParamOptions<T> options_;
  T value_{};
};

extern template class Param<double>;
extern template class Param<std::int64_t>;
extern template class Param<bool>;
extern template class Param<std::string>;

}  // namespace takt
