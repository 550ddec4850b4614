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


def hierarchical_distance(q, p, hierarchy):
    """Earth mover's distance where two values are as far as the level at which they meet: on a tree with equal edges
    every edge carries the difference of what lies below it."""
    height = len(next(iter(hierarchy.values()))) + 1
    moved = 0
    for level in range(height):
        below = collections.defaultdict(float)
        for value, groups in hierarchy.items():
            below[value if level == 0 else groups[level - 1]] += q.get(value, 0) - p.get(value, 0)
        moved += math.fsum(abs(extra) for extra in below.values())
    return moved / (2 * height)


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

    def hierarchical_table(self):
        """A table with a sensitive field whose values lie in a tree; returns (path, rows, hierarchy)."""
        rng = random.Random(8)
        hierarchy = {f"v{v};\"": (f"low{v // 2}", f"high{v // 6}") for v in range(10)}
        rows = [(f"q{rng.randrange(6)}", rng.choice(list(hierarchy))) for _ in range(60)]
        return self.write(["q", "s"], rows), rows, hierarchy

    def write_hierarchy(self, hierarchy, name="hierarchy.csv", root=("*",), **dialect):
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, **{"delimiter": ";", **dialect}).writerows(
                [value, *groups, *root] for value, groups in hierarchy.items())
        return path

    def test_t_closeness_follows_a_hierarchy_of_values(self):
        table, rows, hierarchy = self.hierarchical_table()
        everyone = collections.Counter(value for _, value in rows)
        classes = collections.defaultdict(collections.Counter)
        for q, value in rows:
            classes[q][value] += 1

        def shares(counts):
            return {value: count / counts.total() for value, count in counts.items()}
        expected = max(hierarchical_distance(shares(counts), shares(everyone), hierarchy) for counts in classes.values())
        file = self.write_hierarchy(hierarchy)
        options = [table, "--unit", "record", "--qi", "q", "--sensitive", "s", "--measures", "inference"]
        plain = values(audit(*options))["inference.t"]
        self.assertNotAlmostEqual(plain, expected, places=3)
        config = self.folder / "config.yaml"
        config.write_text(json.dumps({"measure": {"hierarchies": {"s": str(file)}}}), encoding="utf-8")
        unneeded = {"v77": ("low9", "high9"), **hierarchy}
        for given in (["--hierarchy", f"s={file}"], ["--config", config],
                      ["--hierarchy", f"s={self.write_hierarchy(hierarchy, 'rootless.csv', ())}"],
                      ["--hierarchy", f"s={self.write_hierarchy(unneeded, 'comma.csv', ('*', '*'), delimiter=',')}"]):
            report = audit(*options, *given)
            field = report["inference"]["fields"][0]
            self.assertEqual((field["distance"], field["hierarchy"]["levels"]), ("hierarchical", 3))
            self.assertAlmostEqual(values(report)["inference.t"], expected, delta=1e-12)
        done = run("audit", *options, "--hierarchy", f"s={file}", "--report", "html=-", "-q")
        self.assertIn(b"3 levels of", done.stdout)

    def test_a_missing_value_is_alone_below_the_root_unless_the_hierarchy_has_a_line_for_it(self):
        table = self.write(["q", "s"], [["a", ""], ["a", "x"], ["b", "x"], ["b", "y"]])
        options = [table, "--unit", "record", "--qi", "q", "--sensitive", "s", "--measures", "inference"]
        hierarchy = {"x": ("g",), "y": ("g",)}
        for lines, missing in ((hierarchy, "alone"), ({**hierarchy, "": ("g",)}, "g")):
            whole = {"x": ("g",), "y": ("g",), "": (missing,)}
            p = {"x": 0.5, "y": 0.25, "": 0.25}
            expected = max(hierarchical_distance(q, p, whole) for q in ({"": 0.5, "x": 0.5}, {"x": 0.5, "y": 0.5}))
            file = self.write_hierarchy(lines, root=("*",) if missing == "alone" else ("*", "*"))
            if missing == "g":  # one group of all is the root itself
                expected = max(0.5 * sum(abs(q.get(v, 0) - p[v]) for v in p) for q in ({"": 0.5, "x": 0.5}, {"x": 0.5, "y": 0.5}))
            self.assertAlmostEqual(values(audit(*options, "--hierarchy", f"s={file}"))["inference.t"], expected, delta=1e-12)

    def test_a_wrong_hierarchy_names_its_line(self):
        table = self.write(["q", "s"], [["a", "asthma"], ["b", "flu"]])
        file = self.folder / "h.csv"
        options = ["audit", table, "--unit", "record", "--qi", "q", "--sensitive", "s", "-q", "-o", self.folder / "out"]
        for text, code, says in [("asthma;lung;*\nflu;lung\n", 3, "h.csv:2: the line has 2 cells"),
                                 ("asthma;lung;*\n\nflu;lung;*\nflu;skin;*\n", 3, "h.csv:4: the value stands in line 3"),
                                 ("\"as\nthma\";a;*\nasthma;lung;A\nflu;lung;B\n", 3, "h.csv:4: the group in cell 2"),
                                 ("asthma\n", 3, "h.csv:1: "), ("", 3, "h.csv: the hierarchy has no line"),
                                 ("asthma;\"lung\n", 3, "h.csv:1: a quoted cell"),
                                 ("flu;lung;*\n", 3, "1 of the 2 values of \"s\" have no line, the first is a•")]:
            file.write_text(text, encoding="utf-8")
            done = run(*options, "--hierarchy", f"s={file}")
            self.assertEqual((done.returncode, says in done.stderr.decode()), (code, True), done.stderr.decode())
            self.assertNotIn("asthma", done.stderr.decode())
        for wrong, says in [("s", "names no field"), ("q=" + str(file), "no sensitive field"), ("s=/nowhere", "/nowhere")]:
            done = run(*options, "--hierarchy", wrong)
            self.assertEqual((done.returncode, says in done.stderr.decode()), (2, True), done.stderr.decode())

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
