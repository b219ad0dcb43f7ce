#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include <udunits2.h>

#include <takt/base/text.hpp>
#include <takt/graph/units.hpp>

namespace takt::graph {
namespace {

constexpr std::size_t kUnitBytesMax = 64;

struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
using Unit = std::unique_ptr<ut_unit, FreeUnit>;
struct FreeConverter {
  void operator()(cv_converter* converter) const { cv_free(converter); }
};

// The basic units that a unit is made of, as far as takt must tell them apart.
struct Dimension {
  bool plain = true;      // Neither a time of day nor a logarithm.
  bool only_time = true;  // Nothing but seconds and radians.
  int radians = 0;
};

bool is_named(const ut_unit* unit, const char* name) {
  const char* own = ut_get_name(unit, UT_ASCII);
  return own != nullptr && std::string_view(own) == name;
}

void add_basic(const ut_unit* basic, int power, Dimension& dimension) {
  if (is_named(basic, "radian")) {
    dimension.radians += power;
  } else if (!is_named(basic, "second")) {
    dimension.only_time = false;
  }
}

ut_status visit_basic(const ut_unit* unit, void* dimension) {
  add_basic(unit, 1, *static_cast<Dimension*>(dimension));
  return UT_SUCCESS;
}
ut_status visit_product(const ut_unit*, int count, const ut_unit* const* basics, const int* powers,
                        void* dimension) {
  for (int i = 0; i < count; ++i)
    add_basic(basics[i], powers[i], *static_cast<Dimension*>(dimension));
  return UT_SUCCESS;
}
ut_status visit_galilean(const ut_unit*, double, const ut_unit* underlying, double,
                         void* dimension);
ut_status visit_timestamp(const ut_unit*, const ut_unit*, double, void* dimension) {
  static_cast<Dimension*>(dimension)->plain = false;
  return UT_SUCCESS;
}
ut_status visit_logarithmic(const ut_unit*, double, const ut_unit*, void* dimension) {
  static_cast<Dimension*>(dimension)->plain = false;
  return UT_SUCCESS;
}
constexpr ut_visitor kVisitor{visit_basic, visit_product, visit_galilean, visit_timestamp,
                              visit_logarithmic};
ut_status visit_galilean(const ut_unit*, double, const ut_unit* underlying, double,
                         void* dimension) {
  return ut_accept_visitor(underlying, &kVisitor, dimension);
}

Dimension dimension_of(const ut_unit* unit) {
  Dimension dimension;
  ut_accept_visitor(unit, &kVisitor, &dimension);
  return dimension;
}

// Refuses before the library sees it what the language does not take: factors ("2 V", but "1/s" is
// a unit), words with blanks ("s since 2000"), very long texts.
bool looks_like_unit(std::string_view text) {
  if (text.empty() || text.size() > kUnitBytesMax) return false;
  const char first = text.front();
  if (first >= '0' && first <= '9' && text != "1" && !text.starts_with("1/")) return false;
  if (first == '-' || first == '+' || first == '.') return false;
  return text.find_first_of("@#&\"'\\:;,") == std::string_view::npos &&
         text.find("since") == std::string_view::npos;
}

// The unit database and the units that were asked for, each parsed once.
class Database {
 public:
  static Database& get() {
    static Database database;
    return database;
  }

  std::mutex& mutex() { return mutex_; }

  const ut_unit* find(std::string_view text) {
    const auto known = units_.find(text);
    if (known != units_.end()) return known->second.get();
    if (units_.size() >= kUnitsMax) units_.clear();
    return units_.emplace(std::string(text), parse(text)).first->second.get();
  }

 private:
  static constexpr std::size_t kUnitsMax = 1000;  // A graph has tens; a fuzzer has no bound.

  Database() {
    ut_set_error_message_handler(ut_ignore);
    system_.reset(ut_read_xml(nullptr));
    if (!system_) return;
    // UDUNITS knows only "degree" and the sign; "deg" is what people write.
    const Unit degree(ut_parse(system_.get(), "degree", UT_ASCII));
    if (degree) ut_map_name_to_unit("deg", UT_ASCII, degree.get());
  }

  Unit parse(std::string_view text) {
    if (!system_ || !looks_like_unit(text)) return nullptr;
    Unit unit(ut_parse(system_.get(), std::string(text).c_str(), UT_UTF8));
    if (unit && !dimension_of(unit.get()).plain) return nullptr;
    return unit;
  }

  struct FreeSystem {
    void operator()(ut_system* system) const { ut_free_system(system); }
  };
  std::mutex mutex_;
  std::unique_ptr<ut_system, FreeSystem> system_;
  std::map<std::string, Unit, std::less<>> units_;
};

// The largest power of ten that a double holds exactly is 10^22.
constexpr int kExactPowerMax = 22;

// `value * scale`, rounded once when `scale` is a power of ten: 3 us are 3e-6 s, as written in
// decimal, not 3 times a rounded 1e-6.
double scaled(double value, double scale) {
  const double power = std::round(std::log10(scale));
  const double exact = std::pow(10.0, std::abs(power));
  const double ratio = power < 0 ? scale * exact : scale / exact;
  if (std::abs(power) > kExactPowerMax || std::abs(ratio - 1.0) > 1e-12) return value * scale;
  return power < 0 ? value / exact : value * exact;
}

std::optional<double> convert_unlocked(double value, std::string_view from, std::string_view to) {
  // Both are looked up before one is used: a look-up may empty the table.
  Database::get().find(from);
  const ut_unit* const target = Database::get().find(to);
  const ut_unit* const source = Database::get().find(from);
  if (!source || !target || !ut_are_convertible(source, target)) return std::nullopt;
  const Dimension a = dimension_of(source);
  const Dimension b = dimension_of(target);
  if (a.only_time && b.only_time && a.radians != b.radians) return std::nullopt;
  const std::unique_ptr<cv_converter, FreeConverter> converter(
      ut_get_converter(const_cast<ut_unit*>(source), const_cast<ut_unit*>(target)));
  if (!converter) return std::nullopt;
  const double zero = cv_convert_double(converter.get(), 0.0);
  const double one = cv_convert_double(converter.get(), 1.0);
  const double result =
      zero == 0.0 && one > 0.0 ? scaled(value, one) : cv_convert_double(converter.get(), value);
  if (!std::isfinite(result)) return std::nullopt;
  return result;
}

}  // namespace

bool is_unit(std::string_view unit) {
  const std::lock_guard lock(Database::get().mutex());
  return Database::get().find(unit) != nullptr;
}

std::optional<double> convert(double value, std::string_view from, std::string_view to) {
  const std::lock_guard lock(Database::get().mutex());
  return convert_unlocked(value, from, to);
}

bool same_unit(std::string_view a, std::string_view b) {
  const auto zero = convert(0.0, a, b);
  const auto one = convert(1.0, a, b);
  return zero && one && std::abs(*zero) < 1e-12 && std::abs(*one - 1.0) < 1e-12;
}

bool convertible(std::string_view a, std::string_view b) { return convert(1.0, a, b).has_value(); }

std::string per_second(std::string_view unit) { return format("({}).s-1", unit); }

}  // namespace takt::graph
