#include <takt/base/result.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include <takt/base/text.hpp>

namespace takt {

namespace base {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  char buffer[512];
  const int n = std::snprintf(buffer, sizeof buffer, "%s:%d: takt's own assertion failed: %s\n",
                              file, line, condition);
  if (n > 0) {
    const auto length = static_cast<std::size_t>(n) < sizeof buffer ? static_cast<std::size_t>(n)
                                                                    : sizeof buffer - 1;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, buffer, length);
  }
  std::abort();
}

}  // namespace base

std::string Error::text() const { return fix.empty() ? message : message + "; " + fix; }

Error system_error(std::string_view what_we_tried, int errno_value, std::string_view consequence,
                   std::string_view fix) {
  const char* name = ::strerrorname_np(errno_value);
  std::string message = format("cannot {}: {} ({})", what_we_tried, ::strerrordesc_np(errno_value)
                                   ? ::strerrordesc_np(errno_value) : "unknown error",
                               name ? name : std::to_string(errno_value).c_str());
  if (!consequence.empty()) message += format("; {}", consequence);
  return Error{std::move(message), std::string(fix), errno_value};
}

}  // namespace takt
