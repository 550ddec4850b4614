"""The tabular measures against the tools people use, and how they grow: tabular.py [BUILD] [--largest ROWS]

BUILD is the folder of the release build (build/release). Prints, in one run: k, l, t, beta and delta on Adult
against pycanon; counting classes against SQLite and `sort | uniq -c`; growth up to ROWS (10 million) rows, of the
measure alone and of the whole program; SUDA's growth; and the errors of the population models. Needs python3,
sqlite3, sort and uniq; Adult and pycanon's seconds come from LINKBACK_SHARED, and what needs them is skipped without."""
import argparse
import json
import math
import os
import pathlib
import random
import re
import subprocess
import tempfile
import time

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("LINKBACK_SHARED", SOURCE_DIR / ".." / "shared"))
COLUMNS = {"age": 90, "country": 200, "state": 50, "sex": 3, "language": 40, "occupation": 300}
STEPS = [30000, 100000, 300000, 1000000, 3000000]
PYCANON = ["k_anonymity", "l_diversity", "t_closeness", "basic_beta_likeness", "delta_disclosure"]


class Run:
    """A command, its wall and processor seconds, peak memory and output."""

    def __init__(self, command, **options):
        with tempfile.TemporaryFile("w+") as output:
            begin = time.perf_counter()
            child = subprocess.Popen(list(map(str, command)), stdout=output, **options)
            _, status, used = os.wait4(child.pid, 0)
            self.seconds = time.perf_counter() - begin
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                raise SystemExit(f"{command[0]} failed: {child.returncode}")
            self.processor = used.ru_utime + used.ru_stime
            self.peak = used.ru_maxrss * 1024
            output.seek(0)
            self.output = output.read()


def best(command, rounds=3, **options):
    return min((Run(command, **options) for _ in range(rounds)), key=lambda run: run.seconds)


def heading(text):
    print(f"\n{text}", flush=True)


def write_table(path, rows):
    """A made-up table whose values are skewed as people's are: the product of two uniform draws."""
    rng = random.Random(1)
    shares = {name: [x * (1 - math.log(x)) for x in ((v + 1) / count for v in range(count))]
              for name, count in COLUMNS.items()}
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for begin in range(0, rows, 100000):
            count = min(100000, rows - begin)
            drawn = [rng.choices([f"{name[:3]}{v}" for v in range(values)], cum_weights=shares[name], k=count)
                     for name, values in COLUMNS.items()]
            file.write("\n".join(map(",".join, zip(*drawn))) + "\n")


def audit(linkback, table, names, *options):
    return [linkback, "audit", table, "--unit", "record", "--qi", ",".join(names), "--report", "json=-", "--quiet",
            "--progress", "never", *options]


def adult_against_pycanon(linkback):
    heading("Adult: k, l, t, beta, delta (whole program, best of 5) against pycanon (reading not counted)")
    if not SHARED.is_dir():
        print(f"skipped: {SHARED} is not there")
        return
    for case in json.loads((SHARED / "reference/pycanon.json").read_text()):
        if case["file"] != "adult.csv":
            continue
        theirs = sum(case["seconds"][name] for name in PYCANON)
        ours = best(audit(linkback, SHARED / "reference/data/adult.csv", case["qi"], "--sensitive", case["sensitive"],
                          "--measures", "qi,inference"), 5)
        print(f"{len(case['qi'])} fields, {case['sensitive']:15} linkback {ours.seconds:7.3f} s  pycanon {theirs:7.3f} s"
              f"  {theirs / ours.seconds:6.1f} times")
    print("pycanon's seconds were measured on the same machine type; linkback's include reading, all subsets of the fields,\n"
          "the attribute-inference attack and the report")


def classes_of(run):
    return json.loads(run.output)["metrics"]["qi.classes"]["value"]


def counting_classes(linkback, folder):
    heading("Counting classes: 1 million rows, 6 columns, reading included (best of 3)")
    table = folder / "table.csv"
    write_table(table, 1000000)
    ours = best(audit(linkback, table, COLUMNS, "--measures", "qi"))
    script = folder / "classes.sql"
    script.write_text(f".mode csv\n.import {table} t\n.timer on\nSELECT COUNT(*), MIN(n) FROM "
                      f"(SELECT COUNT(*) AS n FROM t GROUP BY {','.join(COLUMNS)});\n")
    sqlite = best(["sqlite3", ":memory:", f".read {script}"])
    sort = best(["sh", "-c", f"tail -n +2 '{table}' | LC_ALL=C sort | uniq -c | wc -l"])
    counted = {int(classes_of(ours)), int(sqlite.output.split(",")[0]), int(sort.output)}
    print(f"{counted.pop()} classes{', and they do not agree' if counted else ''}")
    print(f"linkback {ours.seconds:.2f} s, of all 42 subsets of the columns, and of what each column adds")
    grouping = float(re.search(r"real ([0-9.]+)", sqlite.output).group(1))
    print(f"SQLite {sqlite.seconds:.2f} s ({grouping:.2f} s of it GROUP BY), of one: {sqlite.seconds / ours.seconds:.1f} times")
    print(f"sort | uniq -c {sort.seconds:.2f} s, of one: {sort.seconds / ours.seconds:.1f} times")
    return grouping


def growth_of_classes(build, largest, grouping):
    heading("k and classes of 6 columns after reading, one core (`two`: two rows a unit)")
    output = Run([build / "tests/bench/bench_anonymity", largest]).output
    print(output, end="")
    ours = re.search(r"usual +1000000 rows.* ([0-9.]+) s", output)
    if ours:
        print(f"SQLite's GROUP BY of 1 million rows in memory: {grouping / float(ours.group(1)):.0f} times")


def growth_of_program(linkback, folder, largest):
    heading("The whole program on a table of 6 columns, every subset of them (--measures qi)")
    print("     rows   wall [s]    cpu [s]   peak [MB]   bytes a row")
    for rows in [*(step for step in STEPS if step < largest), largest]:
        table = folder / "table.csv"
        write_table(table, rows)
        run = best(audit(linkback, table, COLUMNS, "--measures", "qi"), 3 if rows < 1000000 else 1)
        print(f"{rows:9d} {run.seconds:10.2f} {run.processor:10.2f} {run.peak / 1e6:11.0f} {run.peak / rows:13.0f}", flush=True)
        table.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=SOURCE_DIR / "build/release")
    parser.add_argument("--largest", type=int, default=10000000)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}")
    adult_against_pycanon(build / "linkback")
    with tempfile.TemporaryDirectory() as folder:
        grouping = counting_classes(build / "linkback", pathlib.Path(folder))
        growth_of_classes(build, arguments.largest, grouping)
        growth_of_program(build / "linkback", pathlib.Path(folder), arguments.largest)
    heading("SUDA: all minimal sample uniques of 8 columns, after reading")
    print(Run([build / "tests/bench/bench_suda"]).output, end="")
    heading("Population uniqueness predicted from samples of Adult: truth, mean estimate of five samples, mean absolute error")
    if SHARED.is_dir():
        print(Run([build / "tests/bench/bench_population", SHARED / "reference/data/adult_arx.csv"]).output, end="")
    else:
        print(f"skipped: {SHARED} is not there")


if __name__ == "__main__":
    main()
