// expect: a sample crosses process borders: a pointer would point nowhere
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  double* a;
};
TAKT_SAMPLE(S, (a));
#else
struct S {
  double a;
};
TAKT_SAMPLE(S, (a));
#endif
