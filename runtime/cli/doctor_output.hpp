// What `takt doctor` found, as JSON and as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <takt/base/json.hpp>
#include <takt/doctor/latency.hpp>

namespace takt::cli {

Json doctor_json(const doctor::Demand& demand, const std::vector<doctor::Finding>& findings,
                 const std::optional<doctor::LatencyResult>& latency, bool ok);

std::string doctor_text(const doctor::Demand& demand, const std::vector<doctor::Finding>& findings,
                        const std::optional<doctor::LatencyResult>& latency);

}  // namespace takt::cli
