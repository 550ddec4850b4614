"""Compiles every public header on its own, in C and in C++: check_headers.py INCLUDE_DIR CC CXX"""
import pathlib
import subprocess
import sys

include, cc, cxx = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{include}", "-"]
failed = False
for header in sorted(include.glob("linkback/*.h")):
    source = f'#include "linkback/{header.name}"\nint main(void) {{ return 0; }}\n'
    for compiler in ([cc, "-std=c17", "-xc"], [cxx, "-std=c++17", "-xc++"]):
        run = subprocess.run(compiler + flags, input=source, text=True)
        if run.returncode:
            print(f"{header}: does not compile on its own with {' '.join(compiler)}")
            failed = True
sys.exit(failed)
