"""Puts DuckDB, libduckdb.so and its interface for node, under FOLDER: fetch_duckdb.py FOLDER

npm fetches what package-lock.json beside this file names, unless FOLDER has it. Without npm or a network this says so
and ends well: the tests that need the library then skip."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = "node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so"


def fetch(folder):
    """Why DuckDB is not under `folder`; None where it is."""
    folder = pathlib.Path(folder)
    wanted, lock = (HERE / "package-lock.json").read_bytes(), folder / "package-lock.json"
    if (folder / LIBRARY).exists() and lock.exists() and lock.read_bytes() == wanted:
        return None
    if not shutil.which("npm"):
        return "npm is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    try:
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder,
                              capture_output=True, text=True, timeout=240)
        why = None if done.returncode == 0 and (folder / LIBRARY).exists() else f"npm could not fetch it: {done.stderr[-500:]}"
    except subprocess.TimeoutExpired:
        why = "npm did not answer in time"
    if why:
        lock.unlink()  # so that the next run tries again
    return why


if __name__ == "__main__":
    missing = fetch(sys.argv[1])
    print(f"skipped: {missing}" if missing else pathlib.Path(sys.argv[1]) / LIBRARY)
