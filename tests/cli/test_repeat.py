"""A run can be repeated from its report: run.options has every option as it came out, the configuration's and the defaults too."""
import hashlib
import json
import pathlib
import tempfile
import unittest

from program import SOURCE_DIR, run, synth

CONFIGURATION = """corpus:
  map: {user: user, text: text}
  quasi_identifiers: [country, age]
  sensitive: [condition]
  accepted_consent: [aye]
  max_errors: 7
measure:
  k: 4
  ngrams: 3
  measures: qi,tokens,unicity,link,inference,consent
  min_messages: 3
  missing: any
  seed: 5
policy:
  retention_days: 30
  rules:
    - {metric: qi.k, min: 5}
"""


def command_of(report, folder):
    """The words that repeat a run, read from nothing but its report."""
    words = [report["run"]["job"]]
    for name, value in report["run"]["options"].items():
        option = "--" + name.replace("_", "-")
        if name == "inputs" or value is None or value is False:
            continue
        if value is True:
            words.append(option)
        for item in value if isinstance(value, list) else [] if value is True else [value]:
            words.append(f"{option}={folder / item if name == 'policy' and '.' in item else item}")
    return [*words, "--", *(str(folder / path) for path in report["run"]["options"]["inputs"])]


class Repeat(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.empty = self.folder / "empty"
        self.empty.mkdir()

    def report(self, *words, cwd):
        done = run(words[0], "--report", "json=-", "-q", *words[1:], cwd=cwd)
        self.assertIn(done.returncode, (0, 1), (words, done.stderr))
        return json.loads(done.stdout)

    def repeats(self, *words):
        first = self.report(*words, cwd=self.folder)
        again = self.report(*command_of(first, self.folder), cwd=self.empty)
        self.assertEqual(first["metrics"], again["metrics"])
        self.assertEqual(first["corpus"]["unit"], again["corpus"]["unit"])
        self.assertIsNone(again["run"]["configuration"])
        return first, again

    def test_a_run_with_a_configuration(self):
        synth(self.folder / "chats.jsonl", users=30, messages=600)
        path = self.folder / "linkback.yaml"
        path.write_text(CONFIGURATION, encoding="utf-8")
        first, again = self.repeats("audit", "chats.jsonl", "--ngrams", "2", "--skip", "urls")
        self.assertEqual(first["run"]["configuration"],
                         {"path": "linkback.yaml", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
        options = first["run"]["options"]
        for name, value in {"k": 4, "ngrams": 2, "qi": ["country", "age"], "seed": 5, "accepted_consent": ["aye"], "missing": "any",
                            "max_errors": 7, "inputs": ["chats.jsonl"], "policy": ["linkback.yaml"]}.items():
            self.assertEqual(options[name], value, name)
        self.assertEqual([check["verdict"] for check in first["gate"]["checks"]],
                         [check["verdict"] for check in again["gate"]["checks"]])
        plain = self.report("audit", self.folder / "chats.jsonl", cwd=self.empty)
        self.assertNotEqual(plain["metrics"], first["metrics"])
        ignored = self.report("audit", "chats.jsonl", "--no-config", cwd=self.folder)
        self.assertIsNone(ignored["run"]["configuration"])
        self.assertEqual(plain["metrics"], ignored["metrics"])

    def test_runs_with_side_data(self):
        synth(self.folder / "chats.jsonl", users=30, messages=600)
        (self.folder / "left.txt").write_text("somebody\n", encoding="utf-8")
        (self.folder / "linkback.yaml").write_text("measure: {measures: '-suda,-unicity'}\n", encoding="utf-8")
        left = self.folder / "left.txt"
        self.repeats("audit", "chats.jsonl", "--opted-out", left, "--try-keys", "ipv4", "--population", "5000", "--qi", "country",
                     "--split", "time", "--policy", "release")
        self.repeats("audit", "chats.jsonl", "--qi", "none", "--unit", "conversation", "--map", "time=timestamp")
        self.repeats("link", "chats.jsonl", self.folder / "chats.jsonl", "--min-messages", "3", "--seed", "2")

    def test_a_corpus_may_have_a_name(self):
        synth(self.folder / "chats.jsonl", users=10, messages=100)
        title = "Help desk <2024> & more"
        first, _ = self.repeats("audit", "chats.jsonl", "--measures", "qi", "--title", title)
        self.assertEqual(first["corpus"]["title"], title)
        run("audit", "chats.jsonl", "--measures", "qi", "--title", title, "-q", "-o", "out", cwd=self.folder)
        for name, says in (("report.html", "Help desk &lt;2024&gt; &amp; more: "), ("report.xml", 'title="Help desk &lt;2024&gt; &amp; more"'),
                           ("report.md", "Help desk")):
            self.assertIn(says, (self.folder / "out" / name).read_text(encoding="utf-8"), name)

    def test_every_sample_of_the_formats(self):
        for path in sorted(SOURCE_DIR.resolve().glob("datasets/*/sample*")):
            with self.subTest(sample=path.name):
                self.repeats("audit", path)

    def test_a_report_names_no_configuration_where_none_was_read(self):
        synth(self.folder / "chats.jsonl", users=10, messages=100)
        self.assertIsNone(self.report("audit", "chats.jsonl", cwd=self.folder)["run"]["configuration"])
        done = run("audit", "chats.jsonl", "--no-config", "-c", "x.yaml", cwd=self.folder)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
