// expect: every member is listed in order
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  double a;
  double b;
};
TAKT_SAMPLE(S, (a));
#else
struct S {
  double a;
  double b;
};
TAKT_SAMPLE(S, (a), (b));
#endif
