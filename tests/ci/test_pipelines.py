"""action.yml, ci/ and .pre-commit-hooks.yaml: their structure, and a local run of the steps they tell."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from program import LINKBACK, SOURCE_DIR, synth  # noqa: E402

try:
    import yaml
except ImportError:
    yaml = None


def load(name):
    with open(SOURCE_DIR / name, encoding="utf-8") as file:
        return yaml.safe_load(file)


class Pipelines(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        synth(self.folder / "my corpus.jsonl", users=20, messages=300)
        (self.folder / "lax.yaml").write_text("policy: {rules: [{metric: qi.k, min: 1, must: false, reason: lax}]}\n",
                                              encoding="utf-8")
        # what a pipeline finds in its path
        os.symlink(LINKBACK, self.folder / "linkback")

    def run_in(self, *words, **environment):
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True,
                              env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", **environment})

    def github(self, **named):
        summary, output = self.folder / "summary.md", self.folder / "output.txt"
        for path in (summary, output):
            path.write_text("", encoding="utf-8")
        done = self.run_in("bash", str(SOURCE_DIR / "ci/github.sh"), GITHUB_STEP_SUMMARY=str(summary),
                           GITHUB_OUTPUT=str(output), OUTPUT="out", **{"DATA": "my corpus.jsonl", **named})
        return done, summary.read_text(encoding="utf-8"), dict(line.split("=", 1) for line in output.read_text().splitlines())

    def test_the_action_fails_where_the_policy_is_broken_and_tells_what_it_found(self):
        done, summary, outputs = self.github(POLICY="release", OPTIONS="--qi\ncountry,age\n")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(outputs, {"verdict": "fail", "exit-code": "1", "report": "out", "sarif": "out/report.sarif"})
        self.assertTrue(summary.startswith("## linkback: "))
        sarif = json.loads((self.folder / outputs["sarif"]).read_text(encoding="utf-8"))
        places = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in sarif["runs"][0]["results"]}
        self.assertEqual(places, {"my%20corpus.jsonl"})

    def test_the_action_says_where_it_was_not_decided(self):
        (self.folder / "open.yaml").write_text("policy: {rules: [{metric: qi.k, min: 2}]}\n", encoding="utf-8")
        done, _, outputs = self.github(POLICY="open.yaml\n")
        self.assertEqual((done.returncode, outputs["verdict"]), (1, "undecided"), done.stderr)

    def test_the_action_passes_where_it_is_met(self):
        done, summary, outputs = self.github(POLICY="lax.yaml\n")
        self.assertEqual((done.returncode, outputs["verdict"]), (0, "pass"), done.stderr)
        self.assertIn("lax.yaml", summary)

    def test_the_action_says_error_where_nothing_was_read(self):
        done, summary, outputs = self.github(DATA="none.jsonl", POLICY="release")
        self.assertEqual(done.returncode, 3)
        self.assertEqual((outputs["verdict"], outputs["sarif"], summary), ("error", "", ""))
        self.assertIn("none.jsonl", done.stderr)

    def test_no_input_is_taken_for_code(self):
        done, _, outputs = self.github(DATA="$(touch pwned)\n`touch pwned`; touch pwned", POLICY="$(touch pwned)")
        self.assertEqual((done.returncode, outputs["verdict"]), (2, "error"), done.stderr)
        self.assertFalse((self.folder / "pwned").exists())

    @unittest.skipUnless(yaml, "python3-yaml is not installed")
    def test_the_action_is_a_composite_one_that_hands_its_inputs_by_environment(self):
        action = load("action.yml")
        self.assertEqual(action["runs"]["using"], "composite")
        ids = {step.get("id") for step in action["runs"]["steps"]}
        for step in action["runs"]["steps"]:
            self.assertTrue(("run" in step) != ("uses" in step))
            if "run" in step:
                self.assertEqual(step["shell"], "bash")
                self.assertNotIn("${{", step["run"])
        for name, output in action["outputs"].items():
            step, key = re.fullmatch(r"\$\{\{ steps\.([\w-]+)\.outputs\.([\w-]+) \}\}", output["value"]).groups()
            self.assertIn(step, ids)
            self.assertEqual(key, name)
        text = (SOURCE_DIR / "action.yml").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"inputs\.([\w-]+)", text)), set(action["inputs"]))

    @unittest.skipUnless(yaml, "python3-yaml is not installed")
    def test_the_gitlab_job_keeps_its_reports_and_its_verdict(self):
        job = load("ci/gitlab.yml")[".linkback"]
        variables = {**job["variables"], "LINKBACK_DATA": "my corpus.jsonl", "LINKBACK_OUTPUT": "gl"}
        for policy, code in (("release-strict", 1), ("lax.yaml", 0)):
            done = self.run_in("bash", "-c", "\n".join(job["script"]), **{**variables, "LINKBACK_POLICY": policy})
            self.assertEqual(done.returncode, code, done.stderr)
            kept = job["artifacts"]["reports"]["junit"].replace("$LINKBACK_OUTPUT", "gl")
            self.assertTrue((self.folder / kept).is_file())
        self.assertEqual(job["artifacts"]["when"], "always")

    @unittest.skipUnless(yaml, "python3-yaml is not installed")
    def test_the_hook_takes_all_files_at_once_and_fails_with_reasons(self):
        hook, = load(".pre-commit-hooks.yaml")
        self.assertTrue({"id", "name", "entry", "language"} <= set(hook))
        self.assertTrue(hook["require_serial"])
        self.assertRegex("data/chats.jsonl.gz", hook["files"])
        self.assertNotRegex("src/main.c", hook["files"])
        done = self.run_in(*shlex.split(hook["entry"]), "--policy", "release-strict", "my corpus.jsonl", PRE_COMMIT="1")
        self.assertEqual(hook["args"], ["--policy", "release"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("Rules that do not hold", done.stdout)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()),
                         ["lax.yaml", "linkback", "my corpus.jsonl", "my corpus.jsonl.truth"])


if __name__ == "__main__":
    unittest.main()
