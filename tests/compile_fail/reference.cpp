// A struct with a reference has no standard layout: that is what the compiler says first.
// expect: a sample has one layout on every compiler
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  double& a;
};
#else
struct S {
  double a;
};
#endif
TAKT_SAMPLE(S, (a));
