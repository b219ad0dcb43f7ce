// expect: long double differs between architectures: use double
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  long double a;
};
TAKT_SAMPLE(S, (a));
#else
struct S {
  double a;
};
TAKT_SAMPLE(S, (a));
#endif
