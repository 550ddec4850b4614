"""A ratchet: what an earlier audit measured bounds the next one, and a run that became worse never becomes the bound itself."""
import json
import pathlib
import tempfile
import unittest

from program import run

POLICY = "policy:\n  rules:\n    - {metric: tokens.unique_share, max_increase: 0.02, must: true}\n"
ALIKE = "we talk about the weather and the harbour and the boats"


def corpus(own_words, people=8):
    """People who all write alike, but for the first `own_words` of them, who have a word of their own."""
    return "".join(json.dumps({"user": f"u{person}", "conversation": f"c{person}-{turn}", "region": "north",
                               "text": ALIKE + (f" zebra{person}" if person < own_words else "")}) + "\n"
                   for person in range(people) for turn in range(3))


class Ratchet(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = pathlib.Path(held.name)
        for name, own in (("good", 1), ("same", 1), ("worse", 4)):
            (self.folder / f"{name}.jsonl").write_text(corpus(own))
        (self.folder / "policy.yaml").write_text(POLICY)

    def audit(self, name, *options, expect, policy="policy.yaml", measures="tokens"):
        done = run("audit", f"{name}.jsonl" if "." not in name else name, "--policy", policy, "--measures", measures,
                   *options, cwd=self.folder)
        said = (done.stdout + done.stderr).decode()
        self.assertEqual(done.returncode, expect, said)
        return said

    def make(self, path="base.json"):
        return self.audit("good", "--write-baseline", path, "-o", "first", expect=1)

    def share(self, path):
        return json.loads((self.folder / path).read_text())["metrics"]["tokens.unique_share"]["value"]

    def refused(self, name, *options, words, **more):
        said = self.audit(name, *options, expect=2, **more)
        self.assertEqual(len(said.splitlines()), 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_the_first_run_is_not_decided_and_is_kept(self):
        said = self.make("kept/base.json")
        self.assertIn("Baseline written: kept/base.json", said)
        self.assertEqual(self.share("kept/base.json"), 0.125)
        self.assertIn("Not decided", said)
        self.assertIn("--write-baseline FILE", (self.folder / "first/report.json").read_text())
        self.audit("same", "--baseline", "kept/base.json", expect=0)
        self.audit("worse", "--baseline", "kept/base.json", expect=1)

    def test_a_worse_corpus_never_passes_in_one_folder(self):
        for name in ("report.json", "audit.db"):
            with self.subTest(baseline=name):
                self.audit("good", "-o", "out", expect=1)
                kept = (self.folder / "out" / name).read_bytes()
                stem, end = name.split(".")
                for again in range(3):
                    said = self.audit("worse", "-o", "out", "--baseline", f"./out//{name}", expect=1)
                    self.assertIn(f"Baseline kept: out/{name}", said)
                    self.assertEqual((self.folder / "out" / name).read_bytes(), kept)
                    self.assertTrue((self.folder / "out" / f"{stem}.failed.{end}").is_file())
                    self.refused("same", "--baseline", f"out/{stem}.failed.{end}", words=["became worse than its own baseline"])
                self.audit("same", "-o", "out", "--baseline", f"out/{name}", expect=0)
                self.assertNotEqual((self.folder / "out" / name).read_bytes(), kept)

    def test_a_worse_corpus_does_not_become_the_baseline(self):
        self.make()
        kept = (self.folder / "base.json").read_bytes()
        for again in range(3):
            said = self.audit("worse", "--baseline", "base.json", "--write-baseline", "base.json", expect=1)
            self.assertIn("No baseline written to base.json, as the gate failed", said)
            self.assertEqual((self.folder / "base.json").read_bytes(), kept)
            self.refused("worse", "--write-baseline", "base.json", words=["base.json", "--baseline"])
        self.audit("same", "--baseline", "base.json", "--write-baseline", "base.json", expect=0)
        self.assertNotEqual((self.folder / "base.json").read_bytes(), kept)

    def test_the_name_of_a_report_is_no_way_around(self):
        (self.folder / "hard.yaml").write_text(POLICY + "    - {metric: tokens.unique_share, max: 0.2}\n")
        self.audit("worse", "--write-baseline", "out/report.json", "-o", "out", policy="hard.yaml", expect=1)
        self.assertFalse((self.folder / "out/report.json").exists())
        self.assertTrue((self.folder / "out/report.failed.json").exists())

    def test_what_is_undecided_for_another_reason_is_not_kept(self):
        (self.folder / "more.yaml").write_text(POLICY + "    - {metric: identifiers.total, max: 0, must: true}\n")
        said = self.audit("good", "--write-baseline", "base.json", policy="more.yaml", expect=1)
        self.assertIn("No baseline written to base.json, as the gate is not decided", said)
        self.assertFalse((self.folder / "base.json").exists())

    def test_a_figure_that_the_baseline_does_not_have_is_not_judged(self):
        (self.folder / "other.yaml").write_text(POLICY.replace("tokens.unique_share", "identifiers.total"))
        self.make()
        said = self.audit("same", "--baseline", "base.json", policy="other.yaml", measures="tokens,identifiers", expect=1)
        self.assertIn("Not decided", said)

    def test_a_missing_baseline_says_how_to_make_it(self):
        self.refused("good", "--baseline", "nowhere.json", words=["nowhere.json", "--write-baseline FILE"])

    def test_a_baseline_that_no_rule_compares_with_is_refused(self):
        self.make()
        (self.folder / "none.yaml").write_text("policy:\n  rules:\n    - {metric: tokens.unique_share, max: 0.9}\n")
        self.refused("good", "--baseline", "base.json", policy="none.yaml", words=["--baseline", "max_increase"])

    def test_what_cannot_be_compared_is_refused(self):
        self.make()
        (self.folder / "table.csv").write_text("region,age\n" + "north,30\nsouth,31\n" * 20)
        (self.folder / "good.csv").write_text("user,conversation,text\n" + "".join(
            f"u{n % 8},c{n},{ALIKE}\n" for n in range(24)))
        for name, options, word in (
                ("same", ["--unit", "conversation"], "unit"), ("same", ["--k", "5"], "--k is 10, that of this run is 5"),
                ("same", ["--ngrams", "1"], "--ngrams"), ("same", ["--min-messages", "2"], "--min-messages"),
                ("same", ["--missing", "any"], "--missing"), ("same", ["--skip", "urls"], "--skip"),
                ("same", ["--roles", "user,assistant"], "--roles"), ("same", ["--qi", "region"], "quasi-identifiers"),
                ("same", ["--split", "time"], "--split"), ("good.csv", [], "format"), ("table.csv", ["--qi", "region"], "unit")):
            with self.subTest(differs=word):
                self.refused(name, "--baseline", "base.json", *options, words=["base.json: ", word, "--write-baseline"])

    def test_another_version_or_no_report_is_refused(self):
        self.make()
        report = json.loads((self.folder / "base.json").read_text())
        for change, word in (({"schema": "linkback.report/2"}, "no report of this version"),
                             ({"tool": {**report["tool"], "version": "9.1.0"}}, "linkback 9.1.0"),
                             ({"run": {key: value for key, value in report["run"].items() if key != "options"}}, "options")):
            with self.subTest(word=word):
                (self.folder / "odd.json").write_text(json.dumps({**report, **change}))
                self.refused("same", "--baseline", "odd.json", words=["odd.json: ", word])
        (self.folder / "odd.json").write_text("{}")
        self.refused("same", "--baseline", "odd.json", words=["odd.json: ", "no report"])

    def test_masked_or_revealed_does_not_matter(self):
        self.make()
        self.audit("same", "--baseline", "base.json", "--reveal", expect=0)


if __name__ == "__main__":
    unittest.main()
