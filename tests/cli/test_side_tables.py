"""Tables beside the corpus, as people and spreadsheets write them: in every dress each gives what the plain one gives, and a broken one
is told with its line."""
import csv
import gzip
import hashlib
import io
import json
import pathlib
import tempfile
import unittest

from program import audit, run, values

CORPUS_ROWS = [("anna", "nord", "flu"), ("bert", "nord", "asthma"), ("cora", "süd", "flu"), ("dora", "süd", "cold")]


def written(rows, delimiter=",", end="\n", quoting=csv.QUOTE_MINIMAL):
    into = io.StringIO()
    csv.writer(into, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return into.getvalue()


def dresses(rows):
    """(name, bytes) of a table in each dress."""
    plain = written(rows)
    yield "plain", plain.encode()
    yield "mark", plain.encode("utf-8-sig")
    yield "CR LF, empty lines", written(rows, end="\r\n\r\n").encode()
    yield "CR", written(rows, end="\r").encode()
    yield "quotes", written(rows, quoting=csv.QUOTE_ALL).encode()
    yield "gzip", gzip.compress(plain.encode())
    for name, delimiter in (("semicolon", ";"), ("tab", "\t")):
        yield name, written(rows, delimiter=delimiter).encode()
    for name in ("utf-16-le", "utf-16-be"):
        odd = written(rows, delimiter=";", end="\r\n", quoting=csv.QUOTE_ALL)
        yield name, odd.encode(name)
        yield name + " with mark", ("\ufeff" + odd).encode(name)


class SideTables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.held = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.held.name)
        cls.corpus = cls.folder / "corpus.jsonl"
        keys = {name: hashlib.sha256(name.encode()).hexdigest() for name, _, _ in CORPUS_ROWS}
        cls.other = cls.folder / "other.jsonl"
        cls.truth = [("a", "b")] + [(keys[name], f"known {i}") for i, (name, _, _) in enumerate(CORPUS_ROWS)]
        for path, users in ((cls.corpus, keys), (cls.other, {name: known for (name, _, _), (_, known) in zip(CORPUS_ROWS, cls.truth[1:])})):
            path.write_text("".join(
                json.dumps({"user": users[name], "conversation": f"{name} {n}", "region": region, "ill": ill,
                            "text": f"I am {name} {n} and write a word of {name[::-1]}"}) + "\n"
                for name, region, ill in CORPUS_ROWS for n in range(6)), encoding="utf-8")
        cls.map = [word for field in ("user", "conversation", "text") for word in ("--map", f"{field}={field}")]

    @classmethod
    def tearDownClass(cls):
        cls.held.cleanup()

    def said(self, *arguments):
        """What the report says, but for what the run was told."""
        report = audit(self.corpus, *self.map, "--threads", "1", *arguments)
        return {part: json.dumps(report[part]).replace("side", "") for part in ("metrics", "singling_out", "linkability", "consent")
                if part in report}

    def check(self, rows, option, *arguments, prefix="", measured):
        file = self.folder / "side"
        wanted = None
        for name, content in dresses(rows):
            with self.subTest(dress=name):
                file.write_bytes(content)
                got = self.said(option, prefix + str(file), *arguments)
                wanted = wanted or got
                self.assertEqual(got, wanted)
        for metric, value in measured.items():
            self.assertEqual(json.loads(wanted["metrics"])[metric]["value"], value)
        self.break_it(rows, option, *arguments, prefix=prefix)

    def break_it(self, rows, option, *arguments, prefix="", quotes=True):
        file = self.folder / "side"
        first, rest = written(rows[:1]), written(rows[1:])
        for name, content in (("quote", (first + '"' + rest.replace('"', "")).encode()), ("zero", (first + "\0" + rest).encode()),
                              ("UTF-16", (first + rows[1][0]).encode("utf-16")[:-1])):
            if name == "quote" and not quotes:
                continue
            with self.subTest(broken=name):
                file.write_bytes(content)
                done = run("audit", self.corpus, *self.map, option, prefix + str(file), *arguments, "-q", "-o", self.folder / "out")
                self.assertEqual((done.returncode, "side:2: " in done.stderr.decode()), (3, True), done.stderr.decode())

    def test_population(self):
        rows = [("region", "note", "count"), ("nord", "a, b", "300"), ("süd", 'the "best"; so', "40"), ("", "", "2")]
        self.check(rows, "--population-table", "--qi", "region", "--measures", "qi", measured={"qi.k_map": 40})

    def test_blanks_around_the_cells_of_a_population_do_not_count(self):
        file, wanted = self.folder / "side", None
        for text in ("region,count\nnord,300\nsüd,40\n", ' region , "count"\nnord, 300\n\n"süd" ,\t40 \n  \n'):
            file.write_text(text, encoding="utf-8")
            got = self.said("--population-table", file, "--qi", "region", "--measures", "qi")
            wanted = wanted or got
            self.assertEqual(got, wanted)

    def test_hierarchy(self):
        rows = [("flu", "lung; so", "*"), ("asthma", "lung; so", "*"), ("cold", 'nose, "cold"', "*")]
        self.check(rows, "--hierarchy", "--qi", "region", "--sensitive", "ill", "--measures", "qi,inference", prefix="ill=",
                   measured={"inference.t": 0.25})

    def test_truth(self):
        self.check(self.truth, "--truth", "--aux", self.other, "--measures", "link", "--min-messages", "2",
                   measured={"ext.top1": 1})

    def test_opted_out(self):
        rows = [(key,) for key, _ in self.truth[1:3]] + [("Doe, J",)]
        self.check(rows, "--opted-out", "--measures", "consent", measured={"consent.opted_out_users": 2})

    def test_a_list_may_begin_with_a_comma_in_quotes(self):
        file = self.folder / "side"
        file.write_text('"Doe, J"\n' + self.truth[1][0] + "\n", encoding="utf-8")
        report = audit(self.corpus, *self.map, "--opted-out", file, "--measures", "consent")
        self.assertEqual(values(report)["consent.opted_out_users"], 1)
        self.assertEqual(report["consent"]["opted_out"]["listed_users"], 2)

    def test_keys_to_try(self):
        rows = [("anna",), ("a, b",), ("Cora",)]
        file, wanted = self.folder / "side", None
        for name, content in dresses(rows):
            if name.startswith("CR LF"):
                content = written(rows, end="\r\n").encode()  # an empty line is a guess too
            elif name == "plain":
                content = b"anna\na, b\nCora\n"
            with self.subTest(dress=name):
                file.write_bytes(content)
                got = self.said("--try-keys", file, "--measures", "identifiers")
                wanted = wanted or got
                self.assertEqual(got, wanted)
        self.assertEqual(json.loads(wanted["metrics"])["identifiers.reversible_keys"]["value"], 2)
        self.break_it(rows, "--try-keys", "--measures", "identifiers", quotes=False)

    def test_a_guess_with_a_quote_is_a_guess(self):
        file = self.folder / "side"
        file.write_text('"x\nanna\n"y" z\n', encoding="utf-8")
        self.assertEqual(values(audit(self.corpus, *self.map, "--try-keys", file, "--measures", "identifiers"))["identifiers.reversible_keys"], 1)


if __name__ == "__main__":
    unittest.main()
