#!/usr/bin/env python3
"""Judges `objdump -drwC` of real-time objects on standard input: see check_rt_symbols.sh.

Every function of the objects is on the loop's path, except constructors, destructors and what
SETUP names. Whatever such a function reaches inside these objects is too. Calls through a virtual
table are not seen here: they are what takt::test::AllocationGuard is for.

With --nodes the objects are those of nodes: only what the loop calls of a node is on its path, and
`configure` is not.
"""
import re
import sys

# The reason stands beside each: these run before the barrier or after the end.
SETUP = [
    (r"_GLOBAL__sub_", "constructors of globals run before main"),
    (r"std::call_once", "none on the path"),
]
# (function, what it may call all the same, why)
ALLOWED = [
    (r"takt::bus::SerialChannel::send\(", r"write$",
     "on a terminal with O_NONBLOCK, which has no send(); a read would wait all the same"),
]
FORBIDDEN = [  # (what a reference looks like, why)
    (r"operator new|operator delete", "allocates"),
    (r"(__libc_)?(malloc|calloc|realloc|free|aligned_alloc|posix_memalign|strdup|reallocarray)$",
     "allocates"),
    (r"pthread_(mutex|rwlock|cond|spin)_|__gthread_mutex|std::mutex|std::condition_variable",
     "takes a lock"),
    (r"__cxa_(throw|rethrow|allocate_exception)|std::__throw_", "throws"),
    (r"__cxa_guard_acquire", "initialises a static under a lock"),
    (r"_?_?v?(f|s|sn|d|as)?printf(_chk)?$|(fopen|fwrite|fread|fputs|fputc|puts|putchar|fflush)",
     "prints"),
    (r"std::(basic_)?(ostream|istream|cout|cerr)|std::__ostream_insert", "prints"),
    (r"(u|nano|clock_nano)?sleep(@|$)|std::this_thread|sched_yield|poll$|select$", "waits"),
    (r"(secure_)?getenv|setenv|strerror$|localtime|gmtime", "reads or changes the process"),
    (r"(open|openat|read|write|close|ioctl|mmap|munmap|fork|dlopen|dlsym)(64)?$",
     "is a system call"),
    (r"fmt::v|nlohmann::|std::__cxx11::basic_string.*::_M_(create|append|replace|mutate|assign)",
     "makes text"),
]
FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")
RELOCATION = re.compile(r"\s[0-9a-f]+: R_\w+\s+(.*)$")
ADDEND = re.compile(r"[-+]0x[0-9a-f]+$")
CALL = re.compile(r"\s(?:call|jmp|j[a-z]+|bl|b|b\.\w+)\s+[0-9a-f]+ <(.*)>$")


def plain(name):
    """Without clone marks and offsets: `f [clone .cold]` is a part of f."""
    name = ADDEND.sub("", name.strip())
    return re.sub(r"\s*\[clone [^]]*\]|@plt$", "", name)


def read(lines):
    """function -> the names it refers to."""
    functions, current = {}, None
    for line in lines:
        line = line.rstrip("\n")
        if match := FUNCTION.match(line):
            current = functions.setdefault(plain(match.group(1)), set())
        elif current is not None:
            if match := RELOCATION.search(line):
                current.add(plain(match.group(1)))
            elif match := CALL.search(line):
                current.add(plain(match.group(1)))
    return functions


def base_name(function):
    """`a::B<c::D>::~B(int)` -> (`B`, `~B`): the class and the name, without arguments."""
    flat = function
    while True:
        shorter = re.sub(r"<[^<>]*>|\([^()]*\)", "", flat)
        if shorter == flat:
            break
        flat = shorter
    parts = flat.split("::")
    return (parts[-2] if len(parts) > 1 else "", parts[-1].split("[")[0].strip())


def is_setup(function):
    owner, name = base_name(function)
    if owner and name in (owner, "~" + owner):
        return True
    return any(re.search(pattern, function) for pattern, _ in SETUP)


def is_library(function):
    """Templates of the standard library that were not inlined: judged when something reaches them."""
    return re.match(r"(void |bool |auto )?(std|__gnu_cxx|fmt|nlohmann|operator)\b", function) is not None


def why_forbidden(name):
    for pattern, reason in FORBIDDEN:
        if re.match(pattern, name):
            return reason
    return None


def is_allowed(function, name):
    return any(re.match(where, function) and re.match(what, name) for where, what, _ in ALLOWED)


def judge(functions, is_root):
    """Yields (path of functions, forbidden name, reason)."""
    reported = set()
    for root in functions:
        if not is_root(root):
            continue
        stack, seen = [(root, (root,))], {root}
        while stack:
            function, path = stack.pop()
            for name in sorted(functions[function]):
                reason = why_forbidden(name)
                if reason and not is_allowed(function, name) and (root, name) not in reported:
                    reported.add((root, name))
                    yield path, name, reason
                if name in functions and name not in seen and not is_setup(name):
                    seen.add(name)
                    stack.append((name, path + (name,)))


def is_root(function):
    return not is_setup(function) and not is_library(function)


def is_nodes_root(function):
    return base_name(function)[1] in ("step", "stale", "safe_step", "reset")


def self_test(functions):
    nodes = [base_name(path[0])[0] for path, _, _ in judge(functions, is_nodes_root)]
    if nodes != ["BadNode"]:
        print(f"self-test: of the planted nodes {nodes} were refused")
        return 1
    found = {base_name(path[0])[1] for path, _, _ in judge(functions, is_root)}
    planted = {base_name(f)[1] for f in functions if re.search(r"::bad_\w+\(", f)}
    missed = sorted(planted - found)
    wrong = sorted(n for n in found if n.startswith(("good", "send", "Slot", "~Slot")))
    print(f"self-test: {len(planted)} planted calls, missed {missed}, wrongly refused {wrong}")
    return 1 if missed or wrong or len(planted) < 8 else 0


def main():
    functions = read(sys.stdin)
    if "--self-test" in sys.argv:
        return self_test(functions)
    root = is_nodes_root if "--nodes" in sys.argv else is_root
    count = 0
    for path, name, reason in judge(functions, root):
        count += 1
        print(f"error: {' -> '.join(path)} calls {name}, which {reason}")
    judged = sum(1 for f in functions if root(f))
    print(f"{judged} functions on the loop's path, {count} forbidden calls")
    if judged < 20:
        print("error: too few functions for a judgement: is the list of objects complete?")
        return 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
