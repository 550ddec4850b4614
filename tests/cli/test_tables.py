"""linkback audit on tables: travellers, values with any Unicode and 200 columns, against brute force."""
import collections
import csv
import itertools
import json
import math
import pathlib
import random
import tempfile
import unittest
import xml.etree.ElementTree

from program import audit, run, values


def project(units, columns):
    """The distinct combinations of each unit on some columns."""
    return [{tuple(row[c] for c in columns) for row in rows} for rows in units]


def class_sizes(units):
    """How many units have each combination."""
    return collections.Counter(combination for rows in units for combination in rows)


def anonymity_sets(units):
    """The size of each unit's smallest class."""
    sizes = class_sizes(units)
    return [min(sizes[combination] for combination in rows) for rows in units]


def figures(units, k=10):
    sets = anonymity_sets(units)
    risks = [1 / size for size in sets]
    return {"qi.k": min(sets), "qi.classes": len(class_sizes(units)), "qi.unique_users": sets.count(1),
            "qi.unique_share": sets.count(1) / len(sets), "qi.below_k_share": sum(s < k for s in sets) / len(sets),
            "qi.prosecutor_max": max(risks), "qi.prosecutor_mean": math.fsum(risks) / len(risks),
            "qi.records_at_risk": sum(risk > 0.2 for risk in risks) / len(risks)}


def minimal_uniques(units, columns, largest):
    """MSUs by size: combinations of one unit, all of whose parts several units have."""
    found, sizes = [0] * largest, {(): {(): 2}}
    for size in range(1, largest + 1):
        for chosen in itertools.combinations(range(columns), size):
            sizes[chosen] = class_sizes(project(units, chosen))
            parts = [[i for i in range(size) if i != left_out] for left_out in range(size)]
            for combination, count in sizes[chosen].items():
                found[size - 1] += count == 1 and all(
                    sizes[tuple(chosen[i] for i in part)][tuple(combination[i] for i in part)] > 1 for part in parts)
    return found


class Tables(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def write(self, header, rows):
        path = self.folder / "table.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    def assert_figures(self, metrics, expected):
        for name, value in expected.items():
            self.assertAlmostEqual(metrics[name], value, delta=1e-12, msg=name)

    def assert_subsets(self, report, names, units, choose=lambda subsets: subsets):
        for subset in choose(report["singling_out"]["quasi_identifiers"]["subsets"]):
            shown = project(units, [names.index(name) for name in subset["columns"]])
            sets = anonymity_sets(shown)
            self.assertEqual((subset["k"], subset["classes"], subset["unique"]),
                             (min(sets), len(class_sizes(shown)), sets.count(1)), subset["columns"])

    def test_travellers_are_counted_once_in_each_place_they_show(self):
        names = ["country", "age", "sex", "job"]
        for seed in range(3):
            rng = random.Random(seed)
            rows = [(f"user{u}", f"C{rng.randrange(3)}", rng.randrange(20, 23), rng.choice("fm"), f"job{rng.randrange(2)}")
                    for u in range(50) for _ in range(rng.randrange(1, 5))]
            rows += rng.choices(rows, k=20)  # the same person, once more with the same values
            path = self.write(["user", *names], [[str(value) for value in row] for row in rows])
            by_user = collections.defaultdict(list)
            for user, *row in rows:
                by_user[user].append(tuple(row))
            levels = {"user": list(by_user.values()), "record": [[tuple(row)] for _, *row in rows]}
            seen = {}
            for unit, units in levels.items():
                report = audit(path, "--unit", unit, "--qi", ",".join(names), "--measures", "qi,suda", "--k", 4)
                seen[unit] = values(report)
                self.assert_figures(seen[unit], figures(project(units, range(4)), 4))
                self.assert_subsets(report, names, units)
                self.assertEqual(report["singling_out"]["suda"]["msu_by_size"], minimal_uniques(units, 4, 4))
            self.assertEqual(seen["user"]["qi.classes"], seen["record"]["qi.classes"])
            for name in ("qi.unique_share", "qi.prosecutor_mean", "qi.below_k_share"):
                self.assertNotEqual(seen["user"][name], seen["record"][name], name)

    def test_two_records_of_one_person_do_not_hide_each_other(self):
        path = self.write(["user", "town"], [["ann", "Ulm"], ["ann", "Ulm"], ["bob", "Bern"], ["cy", "Bern"], ["cy", "Rome"]])
        people = values(audit(path, "--unit", "user", "--qi", "town", "--measures", "qi"))
        rows = values(audit(path, "--unit", "record", "--qi", "town", "--measures", "qi"))
        self.assertEqual((people["qi.k"], people["qi.unique_users"], people["qi.unique_share"]), (1, 2, 2 / 3))
        self.assertEqual((rows["qi.k"], rows["qi.unique_users"], rows["qi.unique_share"]), (1, 1, 1 / 5))
        self.assertAlmostEqual(people["qi.prosecutor_mean"], (1 + 1 / 2 + 1) / 3, delta=1e-15)
        self.assertAlmostEqual(rows["qi.prosecutor_mean"], 3 / 5, delta=1e-15)

    def test_values_and_names_of_fields_may_be_any_unicode(self):
        odd = ["é", "e\u0301", "ß", "ss", "SS", "İ", "i\u0307", "日本", "ไทย", "\u05d0\u05d1", "\u202eabc", "👩‍👩‍👧", "👩", "\U0001F469\u200d",
               "a\u200bb", "a\u00a0b", "a b", "a,b", 'a"b', "a\nb", "a\u2028b", "a\tb", "𝔸", "A", "\ufdd0", "\uffff", "\U0010ffff", "null", "<&>"]
        names = ["Größe, \"m\"", "都市", "\U0001F3E0", "<a&b>"]
        rng = random.Random(4)
        rows = [tuple(rng.choice(odd) for _ in names) for _ in range(80)]
        rows += rng.choices(rows, k=60)
        units = [[row] for row in rows]
        table = self.write(names, rows)
        lines = self.folder / "table.jsonl"
        lines.write_text("".join(json.dumps(dict(zip(names, row))) + "\n" for row in rows), encoding="utf-8")
        config = self.folder / "linkback.yaml"
        config.write_text(json.dumps({"corpus": {"quasi_identifiers": names}}, ensure_ascii=False), encoding="utf-8")
        options = ["--config", config, "--unit", "record", "--measures", "qi,suda", "--reveal"]
        for path in (table, lines):
            report = audit(path, *options)
            self.assertEqual(report["corpus"]["quasi_identifiers"], names)
            self.assert_figures(values(report), figures(project(units, range(4))))
            self.assert_subsets(report, names, units)
            suda = report["singling_out"]["suda"]
            self.assertEqual(suda["msu_by_size"], minimal_uniques(units, 4, 4))
            self.assertEqual(set(suda["contribution"]), set(names))
            self.assertLessEqual({value["value"] for value in suda["values"]}, set(odd))
        done = run("audit", table, *options, "-o", self.folder / "out", "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        for report in (self.folder / "out").iterdir():
            if report.suffix == ".xml":
                xml.etree.ElementTree.parse(report)
            elif report.suffix != ".db":
                report.read_text(encoding="utf-8")

    def test_values_go_on_after_a_zero_byte(self):
        path = self.folder / "table.jsonl"
        path.write_text("".join(json.dumps({"a": value}) + "\n" for value in ("x\0y", "x", "x\0z", "x")))
        report = audit(path, "--unit", "record", "--qi", "a", "--measures", "qi,suda", "--reveal")
        self.assertEqual(values(report)["qi.classes"], 3)
        self.assertEqual({value["value"] for value in report["singling_out"]["suda"]["values"]}, {"x\0y", "x\0z"})

    def test_200_columns_are_measured_and_what_is_left_out_is_said(self):
        names = [f"q{c}" for c in range(200)]
        rng = random.Random(6)
        rows = [tuple(str(rng.randrange(2 + c % 4)) for c in range(200)) for _ in range(30)]
        units = [[row] for row in rows]
        report = audit(self.write(names, rows), "--unit", "record", "--qi", ",".join(names), "--measures", "qi,suda")
        self.assert_figures(values(report), figures(project(units, range(200))))
        found = report["singling_out"]["quasi_identifiers"]
        everything = 1 + sum(math.comb(200, size) for size in (1, 2, 3))
        self.assertEqual(found["subsets_left_out"], everything - len(found["subsets"]))
        self.assertTrue(any(f"{found['subsets_left_out']} subsets" in warning for warning in report["warnings"]))
        sizes = collections.Counter(len(subset["columns"]) for subset in found["subsets"])
        self.assertEqual((sizes[1], sizes[200]), (200, 1))
        self.assertGreater(sizes[2], 19000)
        self.assert_subsets(report, names, units, lambda subsets: rng.sample(subsets, 500))
        suda = report["singling_out"]["suda"]
        self.assertEqual(suda["msu_by_size"][:2], minimal_uniques(units, 200, 2))
        self.assertEqual([(size["size"], size["sets_searched"]) for size in suda["search"]],
                         [(size, math.comb(200, size)) for size in (1, 2, 3)])


if __name__ == "__main__":
    unittest.main()
