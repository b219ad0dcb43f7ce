// Enumerations as words in manifests and launch messages; an unknown word is an error.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <takt/base/json.hpp>
#include <takt/manifest/node_config.hpp>

namespace takt {

// Specialised with `kWords`, a table of values and their words. The functions below stand in the
// enumerations' own namespace: that is where the JSON library looks for them.
template <typename Enum>
struct EnumWords;

template <typename Enum>
concept HasWords = requires {
  EnumWords<Enum>::kWords;
};

template <HasWords Enum>
void to_json(Json& json, const Enum& value) {
  for (const auto& [known, word] : EnumWords<Enum>::kWords) {
    if (known == value) json = word;
  }
}

template <HasWords Enum>
void from_json(const Json& json, Enum& value) {
  const auto given = json.get<std::string>();
  for (const auto& [known, word] : EnumWords<Enum>::kWords) {
    if (given == word) {
      value = known;
      return;
    }
  }
  throw Json::other_error::create(501, "unknown word '" + given + "'", &json);
}

template <typename Enum, std::size_t N>
using Words = std::array<std::pair<Enum, const char*>, N>;

template <>
struct EnumWords<Origin> {
  static constexpr Words<Origin, 3> kWords{
      {{Origin::inherit, "inherit"}, {Origin::now, "now"}, {Origin::none, "none"}}};
};
template <>
struct EnumWords<ParamKind> {
  static constexpr Words<ParamKind, 4> kWords{{{ParamKind::number, "number"},
                                               {ParamKind::integer, "integer"},
                                               {ParamKind::boolean, "boolean"},
                                               {ParamKind::text, "text"}}};
};
template <>
struct EnumWords<FieldKind> {
  static constexpr Words<FieldKind, 12> kWords{
      {{FieldKind::f64, "f64"}, {FieldKind::f32, "f32"}, {FieldKind::i64, "i64"},
       {FieldKind::i32, "i32"}, {FieldKind::i16, "i16"}, {FieldKind::i8, "i8"},
       {FieldKind::u64, "u64"}, {FieldKind::u32, "u32"}, {FieldKind::u16, "u16"},
       {FieldKind::u8, "u8"}, {FieldKind::boolean, "bool"}, {FieldKind::text, "text"}}};
};
template <>
struct EnumWords<TriggerKind> {
  static constexpr Words<TriggerKind, 5> kWords{{{TriggerKind::periodic, "periodic"},
                                                 {TriggerKind::on_input, "on_input"},
                                                 {TriggerKind::on_all, "on_all"},
                                                 {TriggerKind::on_any, "on_any"},
                                                 {TriggerKind::free_running, "free_running"}}};
};
template <>
struct EnumWords<OnStale> {
  static constexpr Words<OnStale, 3> kWords{
      {{OnStale::hold, "hold"}, {OnStale::safe, "safe"}, {OnStale::stop, "stop"}}};
};
template <>
struct EnumWords<OnMiss> {
  static constexpr Words<OnMiss, 3> kWords{
      {{OnMiss::count, "count"}, {OnMiss::safe, "safe"}, {OnMiss::stop, "stop"}}};
};
template <>
struct EnumWords<OnSupervisorLoss> {
  static constexpr Words<OnSupervisorLoss, 3> kWords{{{OnSupervisorLoss::safe, "safe"},
                                                      {OnSupervisorLoss::finish, "finish"},
                                                      {OnSupervisorLoss::go_on, "continue"}}};
};
template <>
struct EnumWords<Silence> {
  static constexpr Words<Silence, 3> kWords{{{Silence::device_timeout, "device_timeout"},
                                             {Silence::holds_last, "holds_last"},
                                             {Silence::unknown, "unknown"}}};
};
template <>
struct EnumWords<WhenFull> {
  static constexpr Words<WhenFull, 2> kWords{
      {{WhenFull::drop_oldest, "drop_oldest"}, {WhenFull::wait, "wait"}}};
};
template <>
struct EnumWords<Policy> {
  static constexpr Words<Policy, 3> kWords{
      {{Policy::other, "other"}, {Policy::fifo, "fifo"}, {Policy::round_robin, "rr"}}};
};

}  // namespace takt
