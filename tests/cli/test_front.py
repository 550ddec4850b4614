"""The command line as a user meets it: what help says, what is meant by a word that is wrong, and how options add up."""
import json
import os
import pathlib
import pty
import re
import shlex
import subprocess
import tempfile
import unittest

from program import LINKBACK, run, synth, values, audit

COMMANDS = ("audit", "link", "inspect", "diff", "report", "explain", "metrics", "formats", "profiles")
GROUPS = ("Input", "What is measured", "Side data", "Gate", "Output", "Running", "Examples")


class Front(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.corpus = cls.folder / "chats.jsonl"
        synth(cls.corpus, users=20, messages=300)

    def says(self, *arguments, **options):
        done = run(*arguments, cwd=self.folder, **options)
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout.decode("utf-8")

    def refused(self, *arguments, says):
        done = run(*arguments, cwd=self.folder)
        error = done.stderr.decode("utf-8")
        self.assertEqual((done.returncode, done.stdout), (2, b""), (arguments, error))
        self.assertRegex(error, r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z")
        for words in [says] if isinstance(says, str) else says:
            self.assertIn(words, error)

    def test_help_fits_a_small_terminal_and_names_every_command(self):
        text = self.says("--help", env={"COLUMNS": "80"})
        self.assertLessEqual(len(text.splitlines()), 40)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command}\b")
        self.assertEqual(text, self.says("help", env={"COLUMNS": "80"}))
        self.assertEqual(text, self.says("-h", env={"COLUMNS": "80"}))

    def test_help_of_a_command_is_grouped_and_wraps(self):
        text = self.says("audit", "--help")
        at = [text.index(f"\n{group}\n") for group in GROUPS]
        self.assertEqual(at, sorted(at))
        for command in COMMANDS:
            self.assertEqual(self.says(command, "--help"), self.says("help", command))
            self.assertEqual(self.says(command, "--help"), self.says(command, "-h"))
            for columns in (40, 80):
                lines = self.says(command, "--help", env={"COLUMNS": str(columns)}).splitlines()
                self.assertLessEqual(max(map(len, lines)), columns, (command, columns))

    def test_the_examples_of_the_help_work(self):
        synth(self.folder / "spring.jsonl", users=20, messages=300)
        synth(self.folder / "autumn.jsonl", users=20, messages=300)
        (self.folder / "left.txt").write_text("nobody\n", encoding="utf-8")
        users = re.findall(r'"user":"([^"]*)"', (self.folder / "spring.jsonl").read_text(encoding="utf-8"))
        (self.folder / "who.csv").write_text(f"a,b\n{users[0]},{users[0]}\n", encoding="utf-8")
        for name in ("before", "after", "audit"):
            run("audit", "chats.jsonl", "-q", "-o", name, cwd=self.folder)
        wrong = []
        for words in ([], *[[command] for command in COMMANDS]):
            text = self.says(*words, "--help", env={"COLUMNS": "100"}).split("\nExamples\n")[1]
            lines = re.findall(r"^  (linkback .*)", text, re.M)
            self.assertTrue(2 <= len(lines) <= 5, (words, lines))
            for line in lines:
                if "author" in line:  # fields of a file that is not this one
                    continue
                done = subprocess.run(["bash", "-o", "pipefail", "-c", line.replace("linkback", shlex.quote(LINKBACK), 1)],
                                      cwd=self.folder, capture_output=True)
                if done.returncode > 1 or b"linkback:" in done.stderr:
                    wrong.append((line, done.returncode, done.stderr))
        self.assertFalse(wrong, wrong)

    def test_every_figure_is_explained(self):
        for metric in json.loads(self.says("metrics", "--json")):
            text = " ".join(self.says("explain", metric["name"]).split())
            for words in (f"{metric['name']}: ", "Unit: ", "Worse: ", "Certainty: ", "Options: --", "Source: "):
                self.assertIn(words, text, metric["name"])
            self.assertNotIn("The same", text)
        self.assertIn("release min 11", " ".join(self.says("explain", "qi.k").split()))
        self.assertIn("If it is bad: ", self.says("explain", "qi.k"))

    def test_words_are_explained(self):
        for word, says in (("k-anonymity", "No class is smaller than k."), (("Equivalence", "classes"), "combination of values"),
                           ("MSU", "minimal sample unique"), ("unicity", "tokens.unicity_p3"), ("link", "link.recall_p90: ")):
            words = (word,) if isinstance(word, str) else word
            self.assertIn(says, " ".join(self.says("explain", *words).split()))
        everything = self.says("explain")
        for words in ("qi.k: ", "link.top1: ", "k-anonymity", "unicity"):
            self.assertIn(words, everything)
        self.refused("explain", "unicty", says=["unicty", "did you mean unicity?"])
        self.refused("explain", "qi.kk", says="did you mean qi.k?")
        self.refused("explain", "luck", says="linkback explain")

    def test_versions_are_told(self):
        self.assertEqual(self.says("-V"), self.says("--version"))
        self.assertRegex(self.says("-V"), r"\Alinkback \d")

    def test_a_file_is_audited_without_a_command(self):
        for words in ([self.corpus], ["chats.js*"], ["--k", "5", self.corpus]):
            done = run(*words, "--measures", "qi", "-q", "--report", "json=-", cwd=self.folder)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b'"qi.k"', done.stdout)

    def test_what_was_meant_is_asked(self):
        audit = ["audit", self.corpus]
        for words, says in [(["adit", self.corpus], ["no such command or file", "did you mean audit?"]),
                            (["inspcet", self.corpus], "did you mean inspect?"), (["help", "lnk"], "did you mean link?"),
                            (["nothing.jsonl"], "no such command or file"),
                            ([*audit, "--polcy", "release"], ["--polcy", "did you mean --policy?"]),
                            ([*audit, "--mesures=qi"], ["--mesures", "did you mean --measures?"]),
                            ([*audit, "--population-tabel", "x"], "did you mean --population-table?"),
                            ([*audit, "--unit", "usr"], "did you mean user?"), ([*audit, "--report", "htm"], "did you mean html?"),
                            ([*audit, "--measures", "qii"], "did you mean qi?"), ([*audit, "--split", "tme"], "did you mean time?"),
                            ([*audit, "--missing", "ony"], "did you mean any?"), ([*audit, "--progress", "nevr"], "did you mean never?"),
                            ([*audit, "--policy", "relase"], "did you mean release?"), ([*audit, "--format", "wildcat"], "wildchat"),
                            (["metrics", "--jsn"], "did you mean --json?"), (["diff", "--exit-cod", "a", "b"], ())]:
            with self.subTest(words=words):
                if says:
                    self.refused(*words, says=says)

    def test_a_long_name_may_be_cut_where_it_is_clear(self):
        self.assertIn('"qi.k"', self.says("audit", "chats.jsonl", "--mea", "qi", "--quiet", "--repo=json=-"))
        self.refused("audit", self.corpus, "--pop", "5", says=["--population", "--population-table"])

    def test_lists_add_up(self):
        apart = audit(self.corpus, "--qi", "country", "--qi", "age", "--sensitive=device", "--measures", "qi", "--measures", "suda")
        together = audit(self.corpus, "--qi", "country,age", "--sensitive", "device", "--measures", "qi,suda")
        self.assertEqual(values(apart), values(together))
        self.assertEqual(apart["corpus"]["quasi_identifiers"], ["country", "age"])

    def test_an_option_with_two_values_is_refused(self):
        self.refused("audit", self.corpus, "--k", "5", "--k", "9", says=["--k", "5", "9", "give it once"])
        self.refused("audit", self.corpus, "-o", "a", "--output=b", says=["--output", "give it once"])
        self.says("audit", "chats.jsonl", "--k=5", "--k", "5", "-q", "-q", "--measures", "qi", "-oonce")
        self.assertTrue((self.folder / "once/report.json").exists())

    def test_a_value_is_not_taken_from_the_next_option(self):
        self.refused("audit", self.corpus, "--qi", "--k", "5", says=["--qi", "the value is missing", "--qi=--k"])
        self.refused("audit", self.corpus, "--policy", "", says=["--policy", "empty"])
        self.refused("audit", self.corpus, "--reveal=yes", says=["--reveal", "takes no value"])
        self.refused("audit", self.corpus, "-x", says="-x")

    def test_a_file_that_begins_with_a_minus_stands_behind_two(self):
        (self.folder / "-notes.jsonl").write_bytes(self.corpus.read_bytes())
        self.assertIn('"qi.k"', self.says("audit", "-q", "--report=json=-", "--measures=qi", "--", "-notes.jsonl"))
        self.refused("audit", "-notes.jsonl", says="behind --")

    def test_progress_is_gone_before_the_summary(self):
        """Both on one terminal: what stands on the screen begins with the summary."""
        terminal, theirs = pty.openpty()
        process = subprocess.Popen([LINKBACK, "audit", self.corpus, "--measures", "qi,tokens"], cwd=self.folder, stdout=theirs,
                                   stderr=theirs)
        os.close(theirs)
        text = b""
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            text += piece
        os.close(terminal)
        self.assertEqual(process.wait(), 0)
        before, erased, summary = text.rpartition(b"\r\x1b[K")
        self.assertTrue(erased and before, text)
        self.assertIn(b"What to do next", summary)
        self.assertNotIn(b"\r\x1b[K", summary)

    def test_progress_in_a_file_is_whole_lines(self):
        done = run("audit", self.corpus, "--measures", "qi", "--progress", "always", cwd=self.folder)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stderr.endswith(b"\n"))
        self.assertNotIn(b"\x1b", done.stderr + done.stdout)
        self.assertNotIn(b"\r", done.stderr + done.stdout)

    def test_inputs_are_counted(self):
        self.refused("link", self.corpus, says="only one is named")
        self.refused("diff", "a", "b", "c", says=['"c"', "one too many"])
        self.refused("metrics", "x", says='"x"')
        done = run()
        self.assertEqual((done.returncode, done.stdout), (2, b""))


if __name__ == "__main__":
    unittest.main()
