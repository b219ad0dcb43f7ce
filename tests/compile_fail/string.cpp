// expect: a sample is copied as bytes
#include <takt/sample/sample.hpp>

#ifdef MISUSE
struct S {
  std::string a;
};
TAKT_SAMPLE(S, (a));
#else
struct S {
  takt::FixedString<16> a;
};
TAKT_SAMPLE(S, (a));
#endif
