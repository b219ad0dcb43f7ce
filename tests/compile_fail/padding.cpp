// expect: the compiler adds no padding
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  std::int32_t a;
  double b;
};
TAKT_SAMPLE(S, (a), (b));
#else
struct S {
  std::int32_t a;
  std::int32_t reserved;
  double b;
};
TAKT_SAMPLE(S, (a), (reserved), (b));
#endif
