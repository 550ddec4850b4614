"""Puts libduckdb.so under FOLDER, from the npm package that carries it, unless it is there. Without npm or a network
this says so and ends well: the tests that need the library then skip."""
import pathlib
import shutil
import subprocess
import sys

PACKAGE = "@duckdb/node-bindings-linux-x64"

folder = pathlib.Path(sys.argv[1])
library = folder / "node_modules" / PACKAGE / "libduckdb.so"
if library.exists():
    print(f"{library} is here")
elif not shutil.which("npm"):
    print("skipped: npm is not installed, so libduckdb is not fetched")
else:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        print(library if library.exists() else f"skipped: npm could not fetch {PACKAGE}: {done.stderr[-500:]}")
    except subprocess.TimeoutExpired:
        print(f"skipped: npm did not answer in time for {PACKAGE}")
