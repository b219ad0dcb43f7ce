#!/usr/bin/env python3
"""House rules that a compiler does not hold: sizes, characters, and words with their replacement.

    .ci/tidy.py [ROOT]        checks every C++ file under platform/ runtime/ nodes/ tests/
    .ci/tidy.py --self-test   plants one breach of each rule and expects each error
"""
import re
import sys
import tempfile
from pathlib import Path

FILE_LINES, TEST_FILE_LINES, FUNCTION_LINES, COLUMNS = 300, 400, 70, 100

# Breaches that stand for now: (files, rule): how many at most, and why. It must only shrink: an
# entry for which nothing is left is an error itself.
ALLOWED = {
    (r"platform/os/local_socket\.cpp", "sleep"): (1, "a lock of flock() has no wait with a deadline"),
    (r"tests/unit/os/memory_test\.cpp", "sleep"): (1, "a disturbing thread"),
    (r"tests/integration/nodes/", "sleep"): (3, "nodes that stall on purpose"),
    (r"tests/integration/nodes/", "volatile"): (2, "nodes that crash on purpose"),
    (r"tests/integration/(support/|stop_test)", "sleep"): (6, "polls of another process, with a deadline"),
}

RT_ROOMS = r"runtime/(status|port/local|loop/(drivers/|[a-z_]+\.[ch]pp))"
BANS = [  # (rule, pattern, where it holds, where it does not, what to write instead)
    ("long", r"\blong\b(?! double)", r".*", None,
     "`long` has another width on 32-bit machines: write std::int64_t"),
    ("thread", r"\bstd::j?thread\b", r"runtime/loop/", r"runtime/loop/process/guard\.cpp$",
     "a node's process has one thread of takt's: add to the loop or to process/guard.cpp"),
    ("sleep", r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|\bsleep\s*\(", r".*", None,
     "wait for the thing itself: a condition, a poll with a deadline, Clock::wait_until"),
    ("iostream", r"#\s*include\s*<iostream>", r".*", r"runtime/port/iceoryx/world\.cpp$",
     "it runs constructors in every program: std::fputs for words, takt::format for text"),
    ("cout", r"\bstd::(cout|cerr|clog)\b", r".*", r"runtime/port/iceoryx/world\.cpp$",
     "write with std::fputs or the log of the supervisor"),
    ("rand", r"(?<![\w:.])s?rand\s*\(|\brandom_device\b", r".*", None,
     "seed a std::mt19937_64 with a constant: every run must be repeatable"),
    ("volatile", r"(?<!asm )\bvolatile\b", r".*",
     r"(platform/os/memory\.cpp|tests/unit/os/(denormals|memory)_test\.cpp)$",
     "between threads and processes it orders nothing: std::atomic"),
    ("using-namespace", r"^using namespace\b", r".*\.hpp$", None,
     "it leaks into whoever includes the header: name what you use"),
    ("clock", r"\b(std::chrono::(system|steady|high_resolution)_clock|gettimeofday)\b",
     r"(runtime/(?!cli|supervisor|tap)|nodes/)", None,
     "time comes from takt::Clock, or into a node through its Cycle"),
    ("exception", r"\bthrow\b", RT_ROOMS, None, "return an enum and count it"),
    ("lock", r"\bstd::(mutex|lock_guard|scoped_lock|unique_lock|condition_variable)\b",
     RT_ROOMS, r"runtime/port/local/hub\.[ch]pp$", "the loop takes no lock: an atomic word"),
    ("strcpy", r"\b(sprintf|vsprintf|strcat|gets)\s*\(", r".*", None,
     "std::snprintf or takt::format"),
]
RAW = re.compile(r'R"([^()\s\\]{0,16})\((.*?)\)\1"', re.S)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """The text with comments and the inside of strings blanked; lines stay where they are."""
    text = RAW.sub(lambda m: blank(m.group(0)), text)
    out, i = [], 0
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', re.S)
    for match in token.finditer(text):
        out.append(text[i:match.start()])
        piece = match.group(0)
        digits = piece[0] == "'" and match.start() > 0 and text[match.start() - 1].isalnum()
        out.append(piece if digits else blank(piece))
        i = match.end()
    out.append(text[i:])
    return "".join(out)


NOT_A_FUNCTION = re.compile(r"\b(namespace|class|struct|enum|union|extern)\b[^()]*$")


def long_functions(code):
    """(line, length) of every function body; a body opens with ') ... {' outside of a function."""
    found, stack, statement, line = [], [], "", 1
    for char in code:
        if char == "\n":
            line += 1
            statement += " "
        elif char == "{":
            inside = any(entry[0] for entry in stack)
            head = statement.strip()
            function = (not inside and "(" in head and not NOT_A_FUNCTION.search(head)
                        and not head.endswith(("=", ",", "(")))
            stack.append([function, line, 0, 0])
            statement = ""
        elif char == "}":
            if stack:
                function, start, statements, tables = stack.pop()
                if function:
                    found.append((start, line - start + 1 - tables))
                elif stack:  # Braces without a statement are a table of values, not code.
                    stack[-1][2] += statements
                    stack[-1][3] += tables if statements else line - start
            statement = ""
        elif char == ";":
            if stack:
                stack[-1][2] += 1
            if not any(entry[0] for entry in stack):
                statement = ""
        else:
            statement += char
    return found


def breaches(path, text):
    """(line, rule, message) of one file."""
    lines = text.split("\n")
    count = len(lines) - 1 if text.endswith("\n") else len(lines)
    limit = TEST_FILE_LINES if path.startswith("tests/") else FILE_LINES
    if count > limit:
        yield 1, "file-length", f"{count} lines; split it by behaviour below {limit}"
    if path.endswith(".hpp") and "#pragma once" not in text:
        yield 1, "pragma-once", "a header starts with its purpose and #pragma once"
    if not text.endswith("\n"):
        yield count, "last-line", "the last line ends with a line end"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield number, "columns", f"{len(line)} columns; at most {COLUMNS}"
        if not line.isascii():
            yield number, "ascii", "not ASCII: spell it out, or \\u in a string"
        if "\t" in line:
            yield number, "tab", "a tab: two spaces"
        if line != line.rstrip():
            yield number, "trailing-space", "space at the end of the line"
        if re.search(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b", line):
            yield number, "to-do", "state a limitation as a sentence in the header"
    code = code_only(text)
    for number, line in enumerate(code.split("\n"), 1):
        for rule, pattern, where, but, instead in BANS:
            if not re.match(where, path) or (but and re.match(but, path)):
                continue
            if re.search(pattern, line):
                yield number, rule, instead
    for start, length in long_functions(code):
        if length > FUNCTION_LINES:
            yield start, "function-length", f"a function of {length} lines; at most {FUNCTION_LINES}"


SHARED = re.compile(r"^inline (?:constexpr|const)\b[^=({;]*?\b(k[A-Z]\w*)", re.M)
OWN = re.compile(r"^(?:constexpr|const)\b[^=({;]*?\b(k[A-Z]\w*)\s*[={\[]", re.M)


def hidden_constants(files):
    """Breaches: a source's constant with the name of a header's. Files are compiled in groups: in the
    group it would silently take the place of the header's in other files. `files` is {path: text}."""
    shared = {}
    for path, text in files.items():
        if path.endswith(".hpp"):
            shared.update((name, path) for name in SHARED.findall(text))
    for path, text in files.items():
        for match in OWN.finditer(text) if path.endswith(".cpp") else ():
            if match.group(1) in shared:
                line = text.count("\n", 0, match.start()) + 1
                yield path, line, f"{match.group(1)} is also in {shared[match.group(1)]}: another name"


def check(root, allowed):
    errors, seen, files = [], {}, {}
    for top in ("platform", "runtime", "nodes", "tests"):
        for file in sorted((root / top).rglob("*.?pp")):
            path = file.relative_to(root).as_posix()
            text = file.read_bytes().decode("utf-8", errors="replace")
            files[path] = text
            for line, rule, message in breaches(path, text):
                seen.setdefault((path, rule), []).append(
                    f"{path}:{line}: error: {message} [{rule}]")
    for path, line, message in hidden_constants(files):
        errors.append(f"{path}:{line}: error: {message} [hidden]")
    used = dict.fromkeys(allowed, 0)
    for (path, rule), found in seen.items():
        keys = [k for k in allowed if k[1] == rule and re.match(k[0], path)]
        if keys:
            used[keys[0]] += len(found)
        if not keys or used[keys[0]] > allowed[keys[0]][0]:
            errors += found
    for key, number in used.items():
        if number == 0:
            errors.append(f".ci/tidy.py: error: no [{key[1]}] is left in {key[0]}: take the entry "
                          "out of ALLOWED")
    return errors


LONG_BODY = "void f(int a) {\n" + "  g();\n" * 71 + "}\n"
PLANTED = [  # (path, text, the rule it breaks or None)
    ("runtime/a/length.cpp", "// x\n" * 301, "file-length"),
    ("tests/length.cpp", "// x\n" * 301, None),
    ("runtime/a/function.cpp", "namespace t {\n" + LONG_BODY + "}\n", "function-length"),
    ("runtime/a/words.cpp", "V f() {\n  return {\n" + "  1,\n" * 80 + "};\n}\n", None),
    ("runtime/a/table.cpp", "namespace t {\nstruct S {\n" + "  int a;\n" * 80 + "};\n}\n", None),
    ("runtime/a/columns.cpp", "// " + "x" * 99 + "\n", "columns"),
    ("runtime/a/ascii.cpp", "// \u00e4\n", "ascii"),
    ("runtime/a/tab.cpp", "int a;\t\n", "tab"),
    ("runtime/a/space.cpp", "int a; \n", "trailing-space"),
    ("runtime/a/todo.cpp", "// TO" "DO: later\n", "to-do"),
    ("runtime/a/last.cpp", "int a;", "last-line"),
    ("runtime/a/once.hpp", "int a;\n", "pragma-once"),
    ("runtime/a/long.cpp", "long a;\n", "long"),
    ("runtime/a/quoted.cpp", "// as long as it sleeps( in std::cout\nauto a = \"long volatile\";\n", None),
    ("runtime/loop/thread.cpp", "std::thread t;\n", "thread"),
    ("runtime/loop/process/guard.cpp", "std::thread t;\n", None),
    ("runtime/a/sleep.cpp", "std::this_thread::sleep_for(x);\n", "sleep"),
    ("runtime/a/usleep.cpp", "usleep(3);\n", "sleep"),
    ("runtime/a/iostream.cpp", "#include <iostream>\n", "iostream"),
    ("runtime/a/cout.cpp", "std::cout << a;\n", "cout"),
    ("runtime/a/rand.cpp", "int a = rand();\n", "rand"),
    ("runtime/a/operand.cpp", "int a = operand(3);\n", None),
    ("runtime/a/volatile.cpp", "volatile int a;\n", "volatile"),
    ("runtime/a/using.hpp", "#pragma once\nusing namespace std;\n", "using-namespace"),
    ("runtime/a/using.cpp", "using namespace std::chrono_literals;\n", None),
    ("nodes/clock.cpp", "auto a = std::chrono::steady_clock::now();\n", "clock"),
    ("runtime/status/throw.cpp", "void f() { throw 1; }\n", "exception"),
    ("runtime/loop/lock.cpp", "std::mutex m;\n", "lock"),
    ("runtime/a/shared.hpp", "#pragma once\ninline constexpr int kLimit = 1;\n", None),
    ("runtime/b/hides.cpp", "constexpr std::array<int, 2> kLimit{1, 2};\n", "hidden"),
    ("runtime/b/other.cpp", "constexpr int kOther = kLimit;\n", None),
    ("runtime/a/printf.cpp", "sprintf(a, b);\n", "strcpy"),
]


def self_test():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text, _ in PLANTED:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        errors = check(root, {})
        for path, _, rule in PLANTED:
            got = [e for e in errors if e.startswith(path + ":")]
            if bool(got) != bool(rule) or (rule and not any(f"[{rule}]" in e for e in got)):
                failed += 1
                print(f"self-test: {path}: expected {rule}, got {got}")
        if not any("take the entry" in e for e in check(root, {("tests/length.cpp", "tab"): (1, "")})):
            failed += 1
            print("self-test: an allowance for nothing was accepted")
    print(f"self-test: {len(PLANTED)} planted files, {failed} judged wrongly")
    return 1 if failed else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    errors = check(root, ALLOWED)
    print("\n".join(errors) if errors else f"clean; {len(ALLOWED)} allowances left")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
