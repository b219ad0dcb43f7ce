// A value or the reason why there is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <takt/base/assert.hpp>

namespace takt {

// A refusal of the world: a sentence that says what was tried, what the system answered and what
// that means, and the remedy as a command or a setting.
//
// Thread safety: a plain value. Real time: no, it owns strings. Lifetime: independent.
struct Error {
  std::string message;   // No trailing full stop.
  std::string fix;       // Empty when there is nothing better to say than `message`.
  int errno_value = 0;   // 0 when no system call was refused.

  // `message; fix`, in one line.
  std::string text() const;
};

// "cannot lock memory: Operation not permitted (EPERM); page faults will break deadlines".
Error system_error(std::string_view what_we_tried, int errno_value, std::string_view consequence,
                   std::string_view fix);

// Returned by functions that cannot fail otherwise: `return fail("...")`.
inline Error fail(std::string message, std::string fix = {}) {
  return Error{std::move(message), std::move(fix), 0};
}

// Either a `T` or an `E`. Asking for the one that is not there ends the process.
//
// Thread safety: a plain value. Real time: as its `T` and `E`. Lifetime: independent.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(E error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & {
    TAKT_ASSERT(ok());
    return *std::get_if<0>(&content_);
  }
  const T& value() const& {
    TAKT_ASSERT(ok());
    return *std::get_if<0>(&content_);
  }
  T&& value() && {
    TAKT_ASSERT(ok());
    return std::move(*std::get_if<0>(&content_));
  }
  const E& error() const {
    TAKT_ASSERT(!ok());
    return *std::get_if<1>(&content_);
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> content_;
};

template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  const E& error() const {
    TAKT_ASSERT(error_.has_value());
    return *error_;
  }

 private:
  std::optional<E> error_;
};

}  // namespace takt
