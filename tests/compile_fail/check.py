#!/usr/bin/env python3
"""check.py CASE.cpp COMPILER FLAGS...: the file compiles as it stands and not with -DMISUSE.

The file says in a line `// expect: TEXT` what the compiler's message must contain.
"""
import re
import subprocess
import sys

path, *command = sys.argv[1:]
expected = re.search(r"^// expect: (.+)$", open(path).read(), re.M).group(1)


def compile_with(*flags):
    return subprocess.run([*command, *flags, path], capture_output=True, text=True)


proper = compile_with()
if proper.returncode != 0:
    sys.exit(f"{path} must compile without MISUSE:\n{proper.stderr}")
misuse = compile_with("-DMISUSE")
if misuse.returncode == 0:
    sys.exit(f"{path} must not compile with -DMISUSE")
if expected not in misuse.stderr:
    sys.exit(f"{path}: the message does not say '{expected}':\n{misuse.stderr}")
print(f"refused: {expected}")
