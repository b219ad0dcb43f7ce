#include "runtime/scenario/report/write.hpp"

#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include <takt/base/text.hpp>
#include <takt/os/fd.hpp>

#include "runtime/scenario/report/csv.hpp"
#include "runtime/scenario/report/html.hpp"
#include "runtime/scenario/report/json.hpp"
#include "runtime/scenario/report/junit.hpp"

namespace takt::scenario {
namespace {

std::string summary_text(const RunResult& run) {
  return to_json(run).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string junit_of_one(const RunResult& run) { return junit_xml({&run, 1}); }

}  // namespace

Result<void> write_results(const std::string& folder, const RunResult& run) {
  std::error_code refusal;
  std::filesystem::create_directories(folder, refusal);
  if (refusal) {
    return system_error(format("make the folder {}", folder), refusal.value(),
                        "the results are not written",
                        "name another folder, or see who may write there (`ls -ld`)");
  }
  // One text at a time: the samples of a long run are hundreds of megabytes of it.
  using Writer = std::function<std::string(const RunResult&)>;
  for (const auto& [name, text_of] : {std::pair<const char*, Writer>{"report.html", html_report},
                                      {"junit.xml", junit_of_one},
                                      {"signals.csv", signals_csv},
                                      {"events.csv", events_csv},
                                      {"summary.json", summary_text}}) {
    const std::string path = (std::filesystem::path(folder) / name).string();
    if (auto written = os::write_file_atomically(path, text_of(run)); !written) return written;
  }
  return {};
}

}  // namespace takt::scenario
