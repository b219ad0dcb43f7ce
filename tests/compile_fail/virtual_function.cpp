// expect: a sample has no virtual functions
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  virtual double twice() const { return 2 * a; }
  double a;
};
TAKT_SAMPLE(S, (a));
#else
struct S {
  double a;
};
TAKT_SAMPLE(S, (a));
#endif
