"""Speed and memory of the token measures: tokens.py BUILD_DIR WORK_DIR [SIZE_IN_GB ...]   (default 0.3 1)

Makes linkback-synth corpora of the given sizes in WORK_DIR and prints, in one run: the speed of each stage, linkback's time and
peak memory on one and two threads, for words and for pairs of words, and the ratios to DuckDB (two threads, the same counts by
SQL; fetched into WORK_DIR by tests/corpus/fetch_duckdb.py) and to jq | sort -u | sort | uniq -c. With --spill it also compares
--memory 512M with 8G on the largest. Times are whole processes, the median of three runs where they are short."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "corpus"))
from fetch_duckdb import fetch  # noqa: E402


def timed(command, runs=1, shell=False):
    """Median seconds, peak MB of the largest process, and the last standard output."""
    seconds, peak, out = [], 0, b""
    for _ in range(runs):
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, shell=shell)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.monotonic() - began)
        peak = max(peak, usage.ru_maxrss / 1024)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            raise SystemExit(f"failed: {command}")
    return statistics.median(seconds), peak, out


def corpus(build, work, gigabytes):
    path = work / f"synth-{gigabytes:g}.jsonl"
    if not path.exists():
        messages = int(gigabytes * 2_250_000)
        with open(path, "wb") as file:
            subprocess.run([build / "linkback-synth", "--users", str(max(1000, messages // 60)), "--messages",
                            str(messages), "--seed", "3"], stdout=file, check=True)
    return path


def linkback(build, path, *options):
    return timed([build / "linkback", "audit", path, "--measures", "tokens", "--progress", "never", "-q", "--report",
                  "json=-", *options], runs=3 if path.stat().st_size < 6e8 else 1)


def line(name, seconds, size, peak=None, ratio=None):
    print(f"  {name:34} {seconds:8.2f} s {size / 1e6 / seconds:8.1f} MB/s"
          + (f" {peak:7.0f} MB" if peak else "") + (f"   {ratio}" if ratio else ""), flush=True)


def duckdb(path, work):
    modules = work / "npm"
    missing = fetch(modules)
    if missing:
        print(f"  DuckDB: left out, {missing}")
        return None
    return timed(["node", HERE / "duckdb.mjs", path, modules])


def main():
    spill = "--spill" in sys.argv
    build, work, *sizes = [a for a in sys.argv[1:] if a != "--spill"]
    build, work = pathlib.Path(build).resolve(), pathlib.Path(work).resolve()
    work.mkdir(parents=True, exist_ok=True)
    for gigabytes in map(float, sizes or ["0.3", "1"]):
        path = corpus(build, work, gigabytes)
        size = path.stat().st_size
        print(f"\n{path.name}: {size / 1e6:.0f} MB", flush=True)
        print(timed([build / "tests/bench/bench_stages", path])[2].decode(), end="")
        one, _, _ = linkback(build, path, "--ngrams", "1", "--threads", "1")
        two, peak, out = linkback(build, path, "--ngrams", "1", "--threads", "2")
        pairs, pairs_peak, _ = linkback(build, path, "--ngrams", "2", "--threads", "2")
        line("linkback, words, 1 thread", one, size)
        line("linkback, words, 2 threads", two, size, peak, f"x{one / two:.2f} of one thread")
        line("linkback, pairs of words too", pairs, size, pairs_peak, f"{pairs / two:.2f} times the time of words")
        token = json.loads(out)["singling_out"]["tokens"][0]
        print(f"  linkback counts {token['distinct']} tokens, {token['unique']} of one user, {token['below_k']} below 10")
        other = duckdb(path, work)
        if other:
            line("DuckDB, 2 threads", other[0], size, other[1],
                 f"linkback is {other[0] / two:.1f} times as fast with {peak / other[1]:.2f} of the memory")
            print("  DuckDB counts", other[2].decode().strip(), "(letters and digits only: not quite the same words)")
        if gigabytes <= 0.3 and shutil.which("jq"):
            script = (f"jq -r 'select(.role == \"user\") | .user as $u | .text | ascii_downcase | [match(\"[a-z0-9]+\"; \"g\").string] | "
                      f".[] | . + \" \" + $u' {path} | LC_ALL=C sort -u | cut -d' ' -f1 | uniq -c | wc -l")
            seconds, _, _ = timed(script, shell=True)
            line("jq | sort -u | uniq -c", seconds, size, None, f"linkback is {seconds / two:.0f} times as fast")
    if spill:
        roomy = timed([build / "linkback", "audit", path, "-q", "--progress", "never", "--report", "json=-", "--memory", "8G"])
        tight = timed([build / "linkback", "audit", path, "-q", "--progress", "never", "--report", "json=-", "--memory", "512M"])
        same = json.loads(roomy[2])["metrics"] == json.loads(tight[2])["metrics"]
        line("whole audit, --memory 8G", roomy[0], size, roomy[1])
        line("whole audit, --memory 512M", tight[0], size, tight[1],
             f"{tight[0] / roomy[0]:.2f} times the time, metrics {'the same' if same else 'DIFFER'}")


main()
