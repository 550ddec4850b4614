"""What the end-to-end tests share: running the program, and the made-up corpora they run it on.

Each test file is called as: test_NAME.py LINKBACK SYNTH SOURCE_DIR"""
import json
import os
import pathlib
import subprocess
import sys

SOURCE_DIR = pathlib.Path(sys.argv.pop(3))
SYNTH = sys.argv.pop(2)
LINKBACK = sys.argv.pop(1)
SHARED = pathlib.Path(os.environ.get("LINKBACK_SHARED", SOURCE_DIR / ".." / "shared"))


def run(*arguments, stdin=None, cwd=None, env=None):
    return subprocess.run([LINKBACK, *map(str, arguments)], capture_output=True, input=stdin, cwd=cwd,
                          env={**os.environ, **(env or {})})


def audit(*arguments, expect=(0,), **options):
    """Runs an audit and returns its report.json."""
    done = run("audit", "--report", "json=-", "--progress", "never", *arguments, **options)
    assert done.returncode in expect, (done.returncode, done.stderr.decode("utf-8", "replace"))
    return json.loads(done.stdout)


def values(report):
    return {name: metric["value"] for name, metric in report["metrics"].items()}


def synth(path, *options, **named):
    """Writes a made-up corpus to `path`; returns its ground truth."""
    truth = path.with_suffix(path.suffix + ".truth")
    words = [SYNTH, "--truth", str(truth), *map(str, options)]
    for name, value in {"users": 40, "messages": 1500, "seed": 7, **named}.items():
        words += [f"--{name}", str(value)]
    with open(path, "wb") as file:
        subprocess.run(words, stdout=file, check=True)
    return json.loads(truth.read_text(encoding="utf-8"))
