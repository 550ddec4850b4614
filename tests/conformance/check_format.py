"""Fails on a C file that clang-format would lay out differently: check_format.py ROOT

Other versions of clang-format lay out differently: exit 77 (skipped) where it is not the one of Debian 12.
"""
import pathlib
import re
import shutil
import subprocess
import sys

VERSION = "14"
PLACES = ["src", "include", "tests", "tools"]

root = pathlib.Path(sys.argv[1])
program = shutil.which("clang-format-14") or shutil.which("clang-format")
version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout if program else ""
if not re.search(rf"version {VERSION}\.", version):
    print(f"skipped: clang-format {VERSION} is not here")
    sys.exit(77)
files = [str(path) for place in PLACES for path in sorted((root / place).rglob("*"))
         if path.suffix in (".c", ".h", ".cpp") and b"enerated by" not in path.read_bytes()[:500]]
sys.exit(subprocess.run([program, "--dry-run", "-Werror", "--style=file", *files]).returncode)
