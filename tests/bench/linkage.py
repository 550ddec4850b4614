"""How time and memory of the linkage attack grow with the people: linkage.py BUILD_DIR WORK_DIR [USERS ...]   (default 10000 30000 100000)

Makes linkback-synth corpora of 50 messages each in WORK_DIR (2.3 GB for 100,000 people), and attacks them with default options.
Seconds and processor seconds are of the whole process, reading included."""
import json
import os
import pathlib
import subprocess
import sys
import time

MESSAGES = 50


def corpus(build, work, users):
    path = work / f"people-{users}.jsonl"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        with open(unfinished, "wb") as file:
            subprocess.run([build / "linkback-synth", "--users", str(users), "--messages", str(MESSAGES * users),
                            "--seed", "1"], stdout=file, check=True)
        unfinished.rename(path)
    return path


def attack(build, path):
    """Seconds, processor seconds, peak MB, metrics."""
    began = time.monotonic()
    process = subprocess.Popen([build / "linkback", "audit", path, "--measures", "link", "--progress", "never", "-q",
                                "--report", "json=-"], stdout=subprocess.PIPE)
    report = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"failed: {path}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(report)["metrics"]


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    build, work = (pathlib.Path(name) for name in sys.argv[1:3])
    work.mkdir(parents=True, exist_ok=True)
    before = None
    for users in [int(word) for word in sys.argv[3:]] or [10_000, 30_000, 100_000]:
        seconds, processor, peak, metrics = attack(build, corpus(build, work, users))
        top1, recall = metrics["link.top1"], metrics["link.recall_p90"]
        grown = f"   {users / before[0]:.1f} times the people: {seconds / before[1]:.1f} times the time" if before else ""
        print(f"{users:8} people {seconds:8.1f} s {processor:8.1f} s of processor {peak:7.0f} MB   top-1 {top1['value']:.3f} "
              f"({top1['low']:.3f} to {top1['high']:.3f})   recall at 90 % {recall['value']:.3f}{grown}", flush=True)
        before = users, seconds


if __name__ == "__main__":
    main()
