"""Population uniqueness, estimated from samples of a population of one million whose truth is known.

usage: population_million.py [build/release]      (needs LINKBACK_SHARED: Adult, and textbook.json to compare with)

The population is made of Adult's people: each of the million is one of them, of whom every column was drawn anew from the whole
table with a small probability. So combinations are as frequent as in a real table, and many are rare. Samples of it are audited with
--population, and every model's estimate is printed as a ratio to the truth, beside the ratio that the independent programs of
textbook.json reached on their population, which was made of the same table in a like manner."""
import collections
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PEOPLE = 1_000_000
ANEW = 0.13  # share of values that are drawn anew; it gives about as many uniques as textbook.json's population has
MODELS = ("zayatz", "pitman", "snb")


def population(table, chance):
    with open(table, encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    columns = list(zip(*rows))
    made = []
    for _ in range(PEOPLE):
        person = list(chance.choice(rows))
        for i in range(len(person)):
            if chance.random() < ANEW:
                person[i] = chance.choice(columns[i])
        made.append(person)
    return head, made


def estimates(linkback, head, people, fields):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(people)
        file.flush()
        done = subprocess.run([linkback, "audit", file.name, "--unit", "record", "--qi", ",".join(fields), "--population", str(PEOPLE),
                               "--measures", "qi,population", "--report", "json=-", "--progress", "never"],
                              capture_output=True, check=True)
    metrics = json.loads(done.stdout)["metrics"]
    return {model: metrics[f"population.{model}"]["value"] for model in MODELS + ("unique_share",)}


def ratio(value, truth):
    return f"{value / truth:8.3f}" if value is not None else "       -"


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/release")
    reference = pathlib.Path(os.environ.get("LINKBACK_SHARED", "../shared")) / "reference"
    book = json.loads((reference / "textbook.json").read_text(encoding="utf-8"))["population_uniqueness_vs_truth_simulation"]["rows"]
    chance = random.Random(20261126)
    head, people = population(reference / "data" / "adult_arx.csv", chance)
    chance.shuffle(people)
    print(f"population of {PEOPLE:,}; estimates as ratios to its uniques, beside those of textbook.json to its own\n")
    print("columns  sample    uniques   zayatz   pitman      snb   chosen | uniques   zayatz   pitman      snb")
    for row in book:
        fields = row["qi"].split(",")
        places = [head.index(field) for field in fields]
        classes = collections.Counter(tuple(person[i] for i in places) for person in people)
        truth = sum(1 for size in classes.values() if size == 1)
        found = estimates(build / "linkback", head, people[:row["n"]], fields)
        theirs = [row["zayatz"], row["pitman"], row["snb_corrected"]]
        print(f"{len(fields):7}  {row['f']:6.0%}  {truth:9,}", *[ratio(found[model] and found[model] * PEOPLE, truth) for model in found],
              f"| {row['true_uniques']:7,}", *[ratio(value, row["true_uniques"]) for value in theirs])


if __name__ == "__main__":
    main()
