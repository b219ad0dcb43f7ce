// The long explanations of the diagnostics' codes, as written.
#pragma once

#include <span>

namespace takt::graph {

struct ExplanationEntry {
  const char* code;
  const char* title;
  const char* why;
  const char* wrong;  // YAML
  const char* right;  // YAML
};

std::span<const ExplanationEntry> file_explanations();
std::span<const ExplanationEntry> language_explanations();
std::span<const ExplanationEntry> name_explanations();
std::span<const ExplanationEntry> value_explanations();
std::span<const ExplanationEntry> time_explanations();
std::span<const ExplanationEntry> limit_explanations();
std::span<const ExplanationEntry> board_explanations();
std::span<const ExplanationEntry> device_explanations();
std::span<const ExplanationEntry> scenario_explanations();

}  // namespace takt::graph
