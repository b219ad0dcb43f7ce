#!/usr/bin/env python3
"""The floors of the house: who may include whom, and where a third-party library may be named.

    .ci/check_layers.py [ROOT]      checks every C++ file under platform/ runtime/ nodes/ tests/
    .ci/check_layers.py --self-test plants bad includes in a temporary tree and expects each error

Arrows point down only. Rooms of one floor do not include each other, except the orders in SAME_FLOOR.
Private headers ("room/x.hpp") belong to their room; tests may include them.
"""
import re
import sys
import tempfile
from pathlib import Path

FLOORS = {
    "platform/base": 0, "platform/time": 0, "platform/os": 0, "platform/bus": 0,
    # runtime/manifest: plain data of node types and resolved configurations, shared by graph and node.
    "runtime/sample": 1, "runtime/manifest": 1, "runtime/status": 1, "runtime/port": 1,
    "runtime/graph": 2, "runtime/node": 2, "runtime/analysis": 2,
    "runtime/loop": 3, "runtime/supervisor": 3, "runtime/tap": 3, "runtime/record": 3,
    "runtime/doctor": 3,
    "runtime/scenario": 4, "runtime/replay": 4, "runtime/deploy": 4, "nodes": 4,
    "runtime/cli": 5,
}
SAME_FLOOR = {  # room: the rooms of its own floor that stand below it
    "platform/time": {"platform/base"}, "platform/os": {"platform/base"},
    "platform/bus": {"platform/base", "platform/os", "platform/time"},
    "runtime/manifest": {"runtime/sample"}, "runtime/status": {"runtime/sample"},
    "runtime/port": {"runtime/sample"},
}
FENCES = [  # (library, what its includes look like, where they may stand)
    ("yaml-cpp", r"yaml-cpp/", r"runtime/graph/yaml/"),
    ("udunits2", r"udunits2", r"runtime/graph/units/"),
    ("iceoryx", r"(iceoryx_|iox/)", r"runtime/port/iceoryx/"),
    ("nlohmann-json", r"nlohmann/", r"platform/base/include/takt/base/json\.hpp$"),
    ("fmt", r"fmt/", r"platform/base/include/takt/base/text\.hpp$"),
    ("spdlog", r"spdlog/", r"runtime/supervisor/log\.[ch]pp$"),
    ("CLI11", r"CLI/", r"runtime/cli/"),
    ("muParser", r"muParser", r"runtime/scenario/expression/"),
    # An outside project has its own tests folder; its files carry placeholders here.
    ("GoogleTest", r"g(test|mock)/", r"(tests/|nodes/template/)"),
]
TOPS = ("platform", "runtime", "nodes", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    """The room of a path from the root; None outside of the house (tests)."""
    parts = path.split("/")
    if parts[0] == "nodes":
        return "nodes"
    room = "/".join(parts[:2])
    return room if parts[0] in ("platform", "runtime") else None


def cpp_files(root):
    for top in TOPS:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".hpp", ".cpp", ".h", ".inc") and path.is_file():
                yield path.relative_to(root).as_posix()


def public_headers(root):
    """takt/part/x.hpp -> its path from the root."""
    found = {}
    for top in TOPS:
        for path in (root / top).glob("**/include/takt/**/*.hpp"):
            relative = path.relative_to(root).as_posix()
            found[relative.split("/include/", 1)[1]] = relative
    return found


def floor_error(own, other):
    if own == other:
        return None
    if other not in FLOORS:
        return f"{other} stands on no floor; add it to FLOORS in .ci/check_layers.py"
    if own not in FLOORS:
        return f"{own} stands on no floor; add it to FLOORS in .ci/check_layers.py"
    if FLOORS[other] < FLOORS[own] or other in SAME_FLOOR.get(own, ()):
        return None
    return f"{own} (floor {FLOORS[own]}) must not include {other} (floor {FLOORS[other]})"


def include_error(root, path, quote, target, headers):
    for library, pattern, allowed in FENCES:
        if re.match(pattern, target):
            if re.match(allowed, path):
                return None
            return f"{library} is fenced into {allowed.replace(chr(92), '').rstrip('$')}"
    own = room_of(path)
    if target.startswith("takt/"):
        if target not in headers:
            return f"no room has a public header <{target}>"
        if quote == '"':
            return f'a public header is included as <{target}>'
        return floor_error(own, room_of(headers[target])) if own else None
    if quote == "<":
        return None
    if not (root / target).is_file():
        return f'"{target}" is no path from the root of the tree'
    other = room_of(target)
    if own is None:  # Tests see everything.
        return None
    if other is None:
        return f"{own} must not include {target.split('/')[0]}/"
    if error := floor_error(own, other):
        return error
    return None if own == other else f'"{target}" is private to {other}'


def check(root):
    headers = public_headers(root)
    errors = []
    for path in cpp_files(root):
        for number, line in enumerate((root / path).read_text(errors="replace").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            error = include_error(root, path, match.group(1), match.group(2), headers)
            if error:
                errors.append(f"{path}:{number}: error: {error}")
    return errors


PLANTED = [  # (file, its include line, the expected error or None)
    ("runtime/graph/bad.hpp", "#include <takt/node/node.hpp>",
     "runtime/graph (floor 2) must not include runtime/node (floor 2)"),
    ("runtime/graph/bad2.cpp", '#include "runtime/node/private.hpp"',
     "runtime/graph (floor 2) must not include runtime/node (floor 2)"),
    ("platform/base/bad.cpp", "#include <takt/os/fd.hpp>",
     "platform/base (floor 0) must not include platform/os (floor 0)"),
    ("runtime/sample/bad.cpp", "  #  include <takt/port/port.hpp>",
     "runtime/sample (floor 1) must not include runtime/port (floor 1)"),
    ("runtime/loop/bad.cpp", "#include <takt/cli/verbs.hpp>",
     "runtime/loop (floor 3) must not include runtime/cli (floor 5)"),
    ("runtime/loop/bad2.cpp", '#include "runtime/node/private.hpp"', "is private to runtime/node"),
    ("runtime/loop/bad3.cpp", '#include "tests/support/x.hpp"', "must not include tests/"),
    ("runtime/loop/bad4.cpp", "#include <takt/loop/none.hpp>", "no room has a public header"),
    ("runtime/loop/bad5.cpp", '#include "bad.hpp"', "is no path from the root"),
    ("runtime/attic/bad.cpp", "#include <takt/os/fd.hpp>", "runtime/attic stands on no floor"),
    ("runtime/cli/bad.cpp", "#include <yaml-cpp/yaml.h>", "yaml-cpp is fenced"),
    ("runtime/loop/bad6.cpp", '#include "iceoryx_posh/popo/x.hpp"', "iceoryx is fenced"),
    ("nodes/bad.cpp", "#include <gtest/gtest.h>", "GoogleTest is fenced"),
    ("platform/base/bad2.cpp", "#include <fmt/format.h>", "fmt is fenced"),
    ("runtime/supervisor/bad.cpp", "#include <spdlog/logger.h>", "spdlog is fenced"),
    ("runtime/scenario/bad.cpp", "#include <muParser.h>", "muParser is fenced"),
    ("runtime/port/good.cpp", "#include <takt/os/fd.hpp>", None),
    ("runtime/node/good.cpp", '#include "runtime/node/private.hpp"', None),
    ("runtime/graph/yaml/good.cpp", "#include <yaml-cpp/parser.h>", None),
    ("tests/good.cpp", '#include "runtime/node/private.hpp"', None),
]


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def put(path, text):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text + "\n")

        for path in ("runtime/node/include/takt/node/node.hpp", "runtime/node/private.hpp",
                     "platform/os/include/takt/os/fd.hpp", "tests/support/x.hpp",
                     "runtime/port/include/takt/port/port.hpp",
                     "runtime/cli/include/takt/cli/verbs.hpp"):
            put(path, "#pragma once")
        for path, line, _ in PLANTED:
            put(path, "// A planted file.\n" + line)
        errors = check(root)
    failed = 0
    for path, line, expected in PLANTED:
        got = [e for e in errors if e.startswith(f"{path}:2: error: ")]
        good = not got if expected is None else len(got) == 1 and expected in got[0]
        if not good:
            failed += 1
            print(f"self-test: {path}: {line}: expected {expected!r}, got {got}")
    print(f"self-test: {len(PLANTED)} planted includes, {failed} judged wrongly")
    return 1 if failed else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    errors = check(root)
    print("\n".join(errors) if errors else "every include points down")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
