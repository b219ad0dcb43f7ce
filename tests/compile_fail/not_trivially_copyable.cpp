// expect: a sample is copied as bytes
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  S() = default;
  S(const S& other) : a(other.a) {}
  double a = 0.0;
};
TAKT_SAMPLE(S, (a));
#else
struct S {
  double a;
};
TAKT_SAMPLE(S, (a));
#endif
