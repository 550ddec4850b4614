"""Fails on a source file over 600 lines, on a path of somebody's machine and on an unreadable file: check_tree.py ROOT

Exit 77 (skipped) where git does not know the tree: then nobody knows which files belong to it.
"""
import pathlib
import re
import subprocess
import sys

LINES_MAX = 600
MACHINE_PATH = re.compile(rb"(?<![\w.-])/(?:work|farm)/[\w.-]")


def problems(root, names):
    for name in names:
        path = root / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        for match in MACHINE_PATH.finditer(data):
            yield f"{name}:{data.count(10, 0, match.start()) + 1}: a path of one machine"
        if name.startswith("src/") and path.suffix in (".c", ".h", ".cpp"):
            lines = data.count(b"\n")
            if lines > LINES_MAX and b"enerated by" not in data[:500]:
                yield f"{name}: {lines} lines, the house allows {LINES_MAX}; give each reason to change a file of its own"


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    listing = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"], capture_output=True)
    if listing.returncode:
        print("skipped: this is no git checkout")
        sys.exit(77)
    found = list(problems(root, listing.stdout.decode().split("\0")[:-1]))
    print("\n".join(found) if found else "the tree is in order")
    sys.exit(1 if found else 0)
