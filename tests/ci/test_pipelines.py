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
        (self.folder / "lax.yaml").write_text("policy: {rules: [{metric: coverage.unread_files, max: 0}, "
                                              "{metric: qi.k, min: 1, must: false, reason: lax}]}\n", encoding="utf-8")
        # what a pipeline finds in its path
        os.symlink(LINKBACK, self.folder / "linkback")

    # names that are options, input of another kind, patterns or commands to whoever is careless with them
    HOSTILE = ["--map=text=t.jsonl", "--report=json=..#x.jsonl", "-o.jsonl", "--no-gate.jsonl", "--.jsonl", "-", "--",
               "duckdb:SELECT 1 AS text.jsonl", "*.jsonl", "a[1].jsonl", "?.jsonl", "it's.jsonl", 'say "x".jsonl', "a b.jsonl",
               " lead.jsonl", "$(touch pwned).jsonl", "`touch pwned`.jsonl", "x; touch pwned;.jsonl", "back\\slash.jsonl",
               "~.jsonl", "{a,b}.jsonl", "!x.jsonl", "#x.jsonl", "::set-output name=verdict::pass.jsonl",
               "##[set-output name=verdict;]pass.jsonl", "line\n::set-output name=verdict::pass\n.jsonl", "\u202etxt.jsonl",
               "file:x?mode=rwc.jsonl", ":memory:", "http:x.jsonl", "\x1b[2Jx.jsonl", "<img src=x>|**b**.jsonl", "=cmd().jsonl"]

    def hostile(self):
        """A folder of its own in which every file has such a name, and nothing else does."""
        place = self.folder / "hostile"
        place.mkdir()
        synth(place / "all", users=60, messages=3000)
        (place / "all.truth").unlink()
        lines = (place / "all").read_text(encoding="utf-8").splitlines(keepends=True)
        (place / "all").unlink()
        for i, name in enumerate(self.HOSTILE):
            (place / name).write_text("".join(lines[i::len(self.HOSTILE)]), encoding="utf-8")
        return place, len(lines)

    def assertNoCommand(self, log):
        """What a runner of GitHub takes for a command: :: at the start of a line, ##[ anywhere in it."""
        for line in re.split(r"[\r\n]", log):
            self.assertFalse(line.lstrip().startswith("::"), line)
            self.assertNotIn("##[", line)
        self.assertNotRegex(log, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

    def run_in(self, *words, cwd=None, **environment):
        return subprocess.run(words, cwd=cwd or self.folder, capture_output=True, text=True,
                              env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", **environment})

    def github(self, **named):
        summary, output = self.folder / "summary.md", self.folder / "output.txt"
        for path in (summary, output):
            path.write_text("", encoding="utf-8")
        done = self.run_in("bash", str(SOURCE_DIR / "ci/github.sh"), GITHUB_STEP_SUMMARY=str(summary),
                           GITHUB_OUTPUT=str(output), **{"DATA": "my corpus.jsonl", "OUTPUT": "out", **named})
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
        self.assertIn("none.jsonl", done.stdout)

    def test_no_input_is_taken_for_code(self):
        done, _, outputs = self.github(DATA="$(touch pwned)\n`touch pwned`; touch pwned", POLICY="$(touch pwned)")
        self.assertEqual((done.returncode, outputs["verdict"]), (2, "error"), done.stderr)
        self.assertFalse((self.folder / "pwned").exists())

    def test_a_line_is_one_word_and_only_one_of_the_options_is_an_option(self):
        for named in ({"DATA": "--help\nmy corpus.jsonl"}, {"DATA": "-h"}, {"POLICY": "--help"}, {"OUTPUT": "--help/x\ny"},
                      {"OPTIONS": "--seed 7"}, {"OPTIONS": "--title"}, {"OPTIONS": "-o"}, {"OPTIONS": "--\n--seed=7"},
                      {"OUTPUT": "out\nverdict=pass"}):
            done, _, outputs = self.github(**named)
            self.assertIn(done.returncode, (2, 3), (named, done.stdout))
            self.assertNotIn("usage:", done.stdout)
            self.assertNotEqual(outputs.get("verdict"), "pass")
        done, _, outputs = self.github(OPTIONS="--title=two words; $(touch pwned) 'x'", POLICY="lax.yaml", OUTPUT="--out")
        self.assertEqual((done.returncode, outputs["verdict"]), (0, "pass"), done.stdout)
        self.assertIn("-- 'my corpus.jsonl'\n", done.stdout)  # what to do next adds its options before that
        self.assertIn("two words; $(touch pwned) 'x'", (self.folder / "--out/report.json").read_text(encoding="utf-8"))

    def test_the_action_writes_through_no_link_that_was_committed(self):
        (self.folder / "elsewhere").mkdir()
        os.symlink("elsewhere", self.folder / "linked")
        done, _, _ = self.github(POLICY="lax.yaml", OUTPUT="linked")
        self.assertEqual((done.returncode, list((self.folder / "elsewhere").iterdir())), (2, []))

    def test_no_name_is_a_command_to_the_runner(self):
        place, count = self.hostile()
        for data in (str(place), "\n".join(f"./hostile/{name}" for name in self.HOSTILE if "\n" not in name),
                     "::set-output name=verdict::pass", "##[set-output name=verdict;]pass"):
            done, summary, outputs = self.github(DATA=data, POLICY="release")
            self.assertEqual(done.stderr, "")
            first, *between, last = done.stdout.splitlines()
            token = re.fullmatch("::stop-commands::([0-9a-f]{32})", first)[1]
            self.assertEqual(last, f"::{token}::")
            self.assertNoCommand("\n".join(between))
            self.assertIn(outputs["verdict"], ("fail", "error"))
            self.assertNoCommand(summary)
            self.assertNotIn("<img", summary)
        # nor where linkback is called without the action
        for words in (["inspect"], ["audit", "-o", "plain"], ["audit", "--report=markdown=-"]):
            done = self.run_in("linkback", *words, "--", str(place))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNoCommand(done.stdout + done.stderr)

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
            else:
                self.assertRegex(step["uses"], r"^[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}$")
        for name, output in action["outputs"].items():
            step, key = re.fullmatch(r"\$\{\{ steps\.([\w-]+)\.outputs\.([\w-]+) \}\}", output["value"]).groups()
            self.assertIn(step, ids)
            self.assertEqual(key, name)
        text = (SOURCE_DIR / "action.yml").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"inputs\.([\w-]+)", text)), set(action["inputs"]))

    def test_what_is_called_is_pinned_by_hash_with_its_version_beside_it(self):
        for name in ("action.yml", "README.md"):
            for used in re.findall(r"uses: (.*)", (SOURCE_DIR / name).read_text(encoding="utf-8")):
                if not used.startswith("OWNER/"):
                    self.assertRegex(used, r"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", name)

    def test_no_script_evaluates_or_expands_without_quotes(self):
        for script in sorted((SOURCE_DIR / "ci").glob("*.sh")):
            text = re.sub(r"(?m)^\s*#.*", "", script.read_text(encoding="utf-8"))
            self.assertNotRegex(text, r"\beval\b", script.name)
            self.assertIn("set -euo pipefail", text)
            bare = re.findall(r"\$\{?[\w@*].*", re.sub(r'"[^"]*"|\'[^\']*\'', "", text))
            self.assertEqual(bare, [], script.name)

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
        done = self.hook("my corpus.jsonl", args=["--policy", "release-strict", "--"])
        self.assertEqual(hook["args"], ["--policy", "release", "--"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("Rules that do not hold", done.stdout)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()),
                         ["lax.yaml", "linkback", "my corpus.jsonl", "my corpus.jsonl.truth"])

    def hook(self, *names, args=None, cwd=None):
        """As pre-commit does: the words of `entry`, then `args`, then the names."""
        hook, = load(".pre-commit-hooks.yaml")
        self.assertEqual(hook["language"], "script")
        entry, *words = shlex.split(hook["entry"])
        return self.run_in(str(SOURCE_DIR / entry), *words, *(hook["args"] if args is None else args), *names, PRE_COMMIT="1",
                           cwd=cwd)

    @unittest.skipUnless(yaml, "python3-yaml is not installed")
    def test_no_name_of_a_committed_file_changes_what_the_hook_does(self):
        place, count = self.hostile()
        self.assertEqual(self.hook("my corpus.jsonl").returncode, 1)
        (self.folder / "--map=text=t.jsonl").write_bytes((self.folder / "my corpus.jsonl").read_bytes())
        self.assertEqual(self.hook("--map=text=t.jsonl", "my corpus.jsonl").returncode, 1)
        before = sorted(os.walk(self.folder))
        done = self.hook(*sorted(self.HOSTILE), cwd=place)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertRegex(done.stdout, rf"\b{count:,} messages")
        self.assertNoCommand(done.stdout)
        self.assertEqual(sorted(os.walk(self.folder)), before)
        for name in self.HOSTILE:
            done = self.hook(name, args=["--seed=7", "--"], cwd=place)
            self.assertEqual(done.returncode, 0, (name, done.stderr))
            self.assertNoCommand(done.stderr)
        self.assertEqual(sorted(os.walk(self.folder)), before)

    @unittest.skipUnless(yaml, "python3-yaml is not installed")
    def test_the_hook_does_not_run_where_options_and_files_cannot_be_told_apart(self):
        for args in ([], ["--policy", "lax.yaml"]):
            done = self.hook("my corpus.jsonl", args=args)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("--]", done.stderr)
        self.assertEqual(self.hook("my corpus.jsonl", args=["--policy", "--"]).returncode, 2)

    @unittest.skipUnless(yaml, "python3-yaml is not installed")
    def test_the_hook_does_not_take_a_part_of_the_files_for_the_corpus(self):
        done = self.hook(*(f"{i:0200}.jsonl" for i in range(640)))
        self.assertEqual(done.returncode, 2)
        self.assertIn("too many", done.stderr)


if __name__ == "__main__":
    unittest.main()
