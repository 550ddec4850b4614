"""Renders every report of the golden corpus and compares: golden.py LINKBACK [--renew]

The audit's report.json is stripped of what changes from run to run (time, machine, versions), and every format is
rendered of that by `linkback report`. --renew writes what came out as what is expected."""
import difflib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = HERE / "expected"


def fixed(report):
    report["tool"] = {"name": "linkback", "version": "0.0.0", "libraries": {"gsl": "0", "libxml2": "0"}}
    report["run"].update(started="2026-11-23T12:00:00Z", elapsed_seconds=1.5, cpu_seconds=2.25,
                         peak_rss_bytes=32000000, threads=2)
    report["run"]["options"].update(threads=2, memory=1 << 30, tmpdir="/tmp")
    return report


def dump(path):
    """An audit.db as SQL: its bytes depend on the version of SQLite. The document has a golden file of its own."""
    connection = sqlite3.connect(path)
    lines = [line for line in connection.iterdump() if not line.startswith('INSERT INTO "document"')]
    connection.close()
    return "\n".join(lines) + "\n"


def render(linkback):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        done = subprocess.run([linkback, "audit", "corpus.jsonl", "--qi", "gender,language", "--sensitive", "condition",
                               "--k", "3", "--policy", "policy.yaml", "--report", f"json={folder / 'audit.json'}", "-q"],
                              cwd=HERE)
        assert done.returncode == 1, done.returncode
        report = fixed(json.loads((folder / "audit.json").read_text(encoding="utf-8")))
        report["run"]["command"] = ["audit", "corpus.jsonl"]
        stored = folder / "fixed.json"
        stored.write_text(json.dumps(report), encoding="utf-8")
        out = folder / "out"
        summary = subprocess.run([linkback, "report", stored, "-o", out], capture_output=True, check=True).stdout
        found = {path.name: path.read_bytes().decode("utf-8") for path in out.iterdir() if path.name != "audit.db"}
        found["audit.sql"] = dump(out / "audit.db")
        found["summary.txt"] = summary.decode("utf-8").split("\nWhat to do next\n")[0]
        return found


def main():
    found = render(pathlib.Path(sys.argv[1]).resolve())
    if sys.argv[2:] == ["--renew"]:
        EXPECTED.mkdir(exist_ok=True)
        for path in EXPECTED.iterdir():
            path.unlink()
        for name, text in found.items():
            (EXPECTED / name).write_bytes(text.encode("utf-8"))
        return 0
    wrong = 0
    for name in sorted(set(found) | {path.name for path in EXPECTED.iterdir()}):
        wanted = (EXPECTED / name).read_bytes().decode("utf-8") if (EXPECTED / name).is_file() else ""
        if found.get(name, "") != wanted:
            wrong += 1
            lines = difflib.unified_diff(wanted.splitlines(), found.get(name, "").splitlines(), f"expected/{name}", name, n=1, lineterm="")
            print("\n".join(line[:300] for _, line in zip(range(40), lines)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
