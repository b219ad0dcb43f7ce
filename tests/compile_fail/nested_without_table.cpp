// expect: a member is a number, a bool, an enum, FixedString, FixedVector, a sample, or
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct Inner {
  double x;
};
struct S {
  Inner a;
};
TAKT_SAMPLE(S, (a));
#else
struct Inner {
  double x;
};
TAKT_SAMPLE(Inner, (x));
struct S {
  Inner a;
};
TAKT_SAMPLE(S, (a));
#endif
