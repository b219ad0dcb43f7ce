// The mark of functions that a control loop may call: no allocation, no lock, no waiting.
//
// TAKT_RT stands last in a declarator, where a reader and a clang of version 20 or later
// (`[[clang::nonblocking]]`) see it. What it promises is checked by `.ci/check_rt_symbols.sh` on
// the objects and by `takt::test::AllocationGuard` in tests.
#pragma once

#if defined(__clang__) && __clang_major__ >= 20
#define TAKT_RT [[clang::nonblocking]]
#else
#define TAKT_RT
#endif
