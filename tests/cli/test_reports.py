"""Every report of real runs: valid after the schemas of its readers, equal when it is rendered again, and silent
about what it must not say."""
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from program import LINKBACK, SHARED, SOURCE_DIR, run, synth

FORMATS = {"html": "report.html", "json": "report.json", "xml": "report.xml", "sarif": "report.sarif",
           "junit": "report.junit.xml", "markdown": "report.md", "csv": "report.csv", "sqlite": "audit.db"}
QI = ["--qi", "country,age,gender,language,device", "--sensitive", "condition"]
FAILING = """policy:
  extends: release
  rules:
    - {metric: tokens.unique_share, max: 0, source: "us & <them>"}
    - {metric: qi.individual_max, max: 0.1, bound: upper}
  waivers:
    - {metric: qi.unique_share, until: 2999-12-31, reason: "agreed <ok>"}
    - {metric: qi.marketer, until: 2000-01-01, reason: old}
"""


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


class Corpora(unittest.TestCase):
    """What the tests of all reports share."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def audit(self, name, *arguments, expect=(0, 1)):
        out = self.folder / name
        done = run("audit", *arguments, "-o", out, "-q")
        self.assertIn(done.returncode, expect, done.stderr)
        self.assertEqual(sorted(files(out)), sorted(FORMATS.values()))
        return out

    def xml_is_valid(self, file, schema):
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", schema, file], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[:2000])

    def json_is_valid(self, file, schema):
        done = subprocess.run([sys.executable, SOURCE_DIR / "tests/report/schema.py", schema, file], capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 77), done.stdout)

    def sarif_is_good(self, path):
        sarif = json.loads(path.read_text(encoding="utf-8"))
        run_ = sarif["runs"][0]
        ids = [rule["id"] for rule in run_["tool"]["driver"]["rules"]]
        for result in run_["results"]:
            self.assertEqual(ids[result["ruleIndex"]], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]
            self.assertRegex(place["artifactLocation"]["uri"], r"\A[A-Za-z0-9._~%-]+(/[A-Za-z0-9._~%-]+)*\Z")
            self.assertGreaterEqual(place["region"]["startLine"], 1)
            self.assertRegex(result["partialFingerprints"]["primaryLocationLineHash"], r"\A[0-9a-f]{16}:1\Z")
        levels = [("error", "warning", "note").index(r["level"]) for r in run_["results"]]
        self.assertEqual(levels, sorted(levels))
        if SHARED.is_dir():
            done = subprocess.run([sys.executable, "-W", "ignore", SHARED / "tools/check_sarif_github.py", path],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout.strip().splitlines()[-1]), (0, "0 reject, 0 warn"), done.stdout)
            self.json_is_valid_draft7(sarif)

    def json_is_valid_draft7(self, sarif):
        try:
            import jsonschema
        except ImportError:
            return
        for name in ("sarif-schema-2.1.0.json", "codeql-action-sarif-schema-2.1.0.json"):
            schema = json.loads((SHARED / "schemas" / name).read_text(encoding="utf-8"))
            errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(sarif))
            self.assertEqual([e.message for e in errors[:5]], [])

    def reports_are_valid(self, out):
        self.xml_is_valid(out / "report.xml", SOURCE_DIR / "reports/report.xsd")
        self.json_is_valid(out / "report.json", SOURCE_DIR / "reports/report.schema.json")
        if SHARED.is_dir():
            for schema in ("JUnit.xsd", "jenkins-junit-10.xsd"):
                self.xml_is_valid(out / "report.junit.xml", SHARED / "schemas" / schema)
        self.sarif_is_good(out / "report.sarif")
        rows = list(csv.reader(io.StringIO((out / "report.csv").read_bytes().decode("utf-8"), newline="")))
        self.assertEqual({len(row) for row in rows}, {4})
        self.assertLess((out / "report.md").stat().st_size, 65536)


class Reports(Corpora):
    def made_up(self):
        """(name, the folder of its reports) of every corpus that the schemas are tried on."""
        demo = self.folder / "demo corpus.jsonl"
        synth(demo, users=40, messages=1000, style=0.8)
        policy = self.folder / "policy.yaml"
        policy.write_text(FAILING, encoding="utf-8")
        one = self.folder / "one.jsonl"
        one.write_text('{"user":"a","text":"hello"}\n', encoding="utf-8")
        nobody = self.folder / "nobody.jsonl"
        nobody.write_text('{"conversation":"c","text":"hello & <b>"}\n', encoding="utf-8")
        yield "demo", self.audit("r-demo", demo, *QI, "--policy", "release")
        yield "failing", self.audit("r-failing", demo, *QI, "--policy", policy, "--population", "5000", expect=(1,))
        yield "no policy", self.audit("r-none", demo, *QI, expect=(0,))
        yield "one message", self.audit("r-one", one, "--policy", "internal", "--policy", "aggregate")
        yield "nobody", self.audit("r-nobody", nobody, "--policy", "research")

    def test_every_report_is_valid_for_its_readers(self):
        if not shutil.which("xmllint"):
            self.skipTest("xmllint is not installed")
        if not SHARED.is_dir():
            print(f"without the schemas of SARIF and JUnit: {SHARED} is not there")
        for name, out in self.made_up():
            with self.subTest(corpus=name):
                self.reports_are_valid(out)

    def test_a_stored_audit_renders_to_the_same_bytes(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus, users=30, messages=600)
        policy = self.folder / "policy.yaml"
        policy.write_text(FAILING, encoding="utf-8")
        first = self.audit("first", corpus, *QI, "--policy", policy)
        for source in ("audit.db", "report.json"):
            again = self.folder / f"again-{source}"
            done = run("report", first / source, "-o", again, "-q")
            self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
            self.assertEqual(files(again), files(first))
        for wrong, code in [([corpus], 3), ([self.folder / "none.db"], 3), ([], 2), ([first / "audit.db"] * 2, 2)]:
            done = run("report", *wrong, "-o", self.folder / "no")
            self.assertEqual(done.returncode, code)
            self.assertRegex(done.stderr.decode(), r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z")

    def test_a_waiver_is_in_every_report(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus)
        policy = self.folder / "policy.yaml"
        policy.write_text(FAILING.replace("agreed <ok>", "board-decision-77"), encoding="utf-8")
        for name, data in files(self.audit("out", corpus, *QI, "--policy", policy)).items():
            self.assertIn(b"board-decision-77", data, name)

    def test_diff_says_better_and_worse(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus, users=30, messages=600)
        a = self.audit("a", corpus, "--qi", "country,age,gender,device", "--policy", "internal")
        b = self.audit("b", corpus, "--qi", "country")
        text = run("diff", a / "audit.db", b / "report.json").stdout.decode("utf-8")
        self.assertRegex(text, r"(?m)^\+ better +qi\.unique_share ")
        self.assertIn("verdict: fail -> none", text)
        back = run("diff", "--json", b / "report.json", a / "report.json", "--exit-code")
        self.assertEqual(back.returncode, 1)
        changes = {m["metric"]: m for m in json.loads(back.stdout)["metrics"]}
        self.assertEqual(changes["qi.unique_share"]["change"], "worse")
        self.assertEqual(changes["tokens.unique"]["change"], "same")
        self.assertIn(b"| - worse | qi.unique\\_share |", run("diff", "--markdown", b / "report.json", a / "report.json").stdout)
        self.assertEqual(run("diff", a / "audit.db", a / "report.json", "--exit-code").returncode, 0)
        self.assertEqual(run("diff", a / "audit.db").returncode, 2)
        self.assertEqual(run("diff", "--xml", a / "audit.db", b / "audit.db").returncode, 2)
        self.assertEqual(run("diff", a / "audit.db", corpus).returncode, 3)


@unittest.skipUnless(SHARED.is_dir(), f"{SHARED} is not there: no real corpus")
class RealCorpus(Corpora):
    """Many people, many years: the limits of size. Slow, so that it is a test of its own (CMakeLists.txt)."""

    def test_the_reports_of_a_real_corpus_are_valid_and_small(self):
        out = self.audit("irc", SHARED / "corpora/ubuntu-irc.jsonl.gz", "--qi", "channel", "--policy", "release-strict",
                         "--population", "1000000", expect=(1,))
        self.assertLess((out / "report.html").stat().st_size, 2_000_000)
        self.reports_are_valid(out)


class Secrets(unittest.TestCase):
    """Without --reveal: no rare token, no key and no text in the bytes of any output."""

    def test_no_report_tells_what_few_people_have(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            corpus = folder / "corpus.jsonl"
            synth(corpus, users=40, messages=1200)
            self.plant(corpus)
            out = folder / "out"
            (folder / "policy.yaml").write_text(FAILING, encoding="utf-8")
            for options in ([], ["--missing", "any", "--policy", "release"], ["--unit", "conversation", "--policy", "internal"]):
                done = run("audit", corpus, *QI, "--k", 10, "--policy", folder / "policy.yaml", "-o", out, *options)
                self.assertIn(done.returncode, (0, 1), done.stderr)
                outputs = {**files(out), "standard output": done.stdout, "standard error": done.stderr}
                self.silent(corpus, outputs)
                for path in out.iterdir():
                    path.unlink()

    @staticmethod
    def plant(corpus):
        lines = corpus.read_text(encoding="utf-8").splitlines()
        turns = [i for i, line in enumerate(lines) if json.loads(line)["role"] == "user"]
        for n, i in enumerate(turns[:30]):
            turn = json.loads(lines[i])
            turn["text"] += f" projectzephyr{n} call 0171-55{n:05d} zoe.quartz{n}@example.org"
            turn["country"] = f"Atlantis{n}"
            lines[i] = json.dumps(turn, ensure_ascii=False)
        lines[5:5] = ['{"user": "brokenrecordsecret", "text": "brokentextsecret"']
        corpus.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def silent(self, corpus, outputs):
        users, texts, holders, keys = set(), set(), {}, set()
        for line in corpus.read_text(encoding="utf-8").splitlines():
            try:
                turn = json.loads(line)
            except ValueError:
                continue
            users.add(turn["user"])
            keys |= {turn["conversation"], turn["message"]}
            texts.add(turn["text"].lower())
            for token in re.findall(r"\w+", turn["text"].lower()):
                holders.setdefault(token, set()).add(turn["user"])
        ours = set(re.findall(r"\w+", " ".join(
            path.read_text(encoding="utf-8").lower() for folder in ("src", "reports")
            for path in (SOURCE_DIR / folder).rglob("*") if path.is_file())))
        said = set(re.findall(r"\w+", FAILING.lower())) | set(re.findall(r"\w+", str(corpus).lower()))
        # a page of SQLite may end within one of our own words
        ours |= {piece for word in ours for i in range(5, len(word)) for piece in (word[:i], word[-i:])}
        rare = {t for t, who in holders.items() if len(who) < 10 and len(t) > 4} - ours - said
        self.assertGreater(len(rare), 300)
        for name, data in outputs.items():
            text = data.decode("utf-8", "replace").lower()
            self.assertEqual(sorted(rare & set(re.findall(r"\w+", text)))[:5], [], name)
            for secret in [*users, *keys, *(t for t in texts if len(t) > 20), "brokenrecordsecret", "brokentextsecret",
                           "zephyr", "quartz", "atlantis"]:
                self.assertNotIn(secret.lower(), text, name)
            for secret in [*users, "brokenrecordsecret"]:
                self.assertNotIn(secret.encode("utf-16-le"), data, name)


if __name__ == "__main__":
    unittest.main()
