"""Plain words: every metric that a built-in profile judges has a sentence, and what a mend names exists."""
import pathlib
import re
import subprocess
import tempfile
import unittest

from program import LINKBACK, SOURCE_DIR, audit, run, synth


def rows(path, macro):
    """The string literals of each row of a table; those that stand beside each other are one."""
    text = re.sub(r"/\*.*?\*/", "", (SOURCE_DIR / path).read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r'"\s*\n\s*"', "", text)
    found = re.findall(r"^" + macro + r'\(((?:[^"()]|"(?:[^"\\]|\\.)*")*)\)', text, flags=re.M)
    return [re.findall(r'"((?:[^"\\]|\\.)*)"', row) for row in found]


def said(*arguments):
    return run(*arguments).stdout.decode("utf-8")


class Words(unittest.TestCase):
    def test_every_metric_of_a_profile_has_a_sentence(self):
        told = {row[0] for row in rows("src/results/plain.def", "LB_PLAIN")}
        judged = {"corpus.unit"}
        for profile in (SOURCE_DIR / "reports/profiles").glob("*.yaml"):
            judged |= set(re.findall(r"- metric: (\S+)", profile.read_text(encoding="utf-8")))
        self.assertGreater(len(judged), 20)
        self.assertEqual(judged - told, set())

    def test_a_sentence_is_about_a_metric_that_exists(self):
        known = {row[0] for row in rows("src/results/metrics.def", "LB_METRIC")} | {"corpus.unit"}
        told = {row[0] for row in rows("src/results/plain.def", "LB_PLAIN")}
        self.assertEqual(told - known, set())

    def test_a_mend_names_sections_options_and_commands_that_exist(self):
        mends = [row[-1] for row in rows("src/results/metrics.def", "LB_FAMILY")]
        sections = {row[-1] for row in rows("src/report/html/parts.def", "LB_HTML_PART")}
        options = set(re.findall(r"--[a-z][a-z-]*", said("audit", "--help")))
        commands = set(re.findall(r"^  ([a-z]+) ", said("--help"), flags=re.M))
        named = {name for mend in mends for name in re.findall(r"the section ([A-Z][A-Za-z ]*?) shows", mend)}
        self.assertGreater(len(named), 3)
        self.assertEqual(named - sections, set())
        for mend in mends:
            self.assertNotRegex(mend, r"table|listed there")
            self.assertEqual(mend.count("the section "), len(re.findall(r"the section [A-Z][A-Za-z ]*? shows", mend)), mend)
            self.assertEqual(set(re.findall(r"--[a-z][a-z-]*", mend)) - options, set())
            self.assertEqual(set(re.findall(r"\blinkback ([a-z]+)", mend)) - commands, set())

    def test_the_report_says_which_field_is_what(self):
        report = audit(SOURCE_DIR / "datasets/hh-rlhf/sample.jsonl", "--measures", "identifiers")
        self.assertIn("text", [field["key"] for field in report["corpus"]["fields"]])
        self.assertEqual({field["from"] for field in report["corpus"]["fields"]}, {"format"})


def commands(text):
    """What stands in a summary to be pasted: lines that begin with the program, and those that continue them."""
    return re.findall(r"^    (%s (?:.*\\\n)*.*)$" % re.escape(LINKBACK), text, flags=re.M)


class Commands(unittest.TestCase):
    def test_every_command_works_when_it_is_pasted(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            corpus = folder / "Bob's $HOME chats; `x` & more.jsonl"
            synth(corpus, users=30, messages=600)
            for columns in "40", "80":
                done = run("audit", corpus.name, "-o", "my reports", cwd=folder, env={"COLUMNS": columns})
                text = done.stdout.decode("utf-8")
                found = commands(text)
                self.assertEqual(len(found), 2, text)
                self.assertIn("--qi", found[0])
                self.assertIn("--policy release", found[0].replace("\\\n     ", ""))
                for command in found:
                    again = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True)
                    self.assertIn(again.returncode, (0, 1), (command, again.stderr))
                    self.assertEqual(again.stderr, b"", command)
                self.assertTrue((folder / "my reports/report.html").is_file())

    def test_without_people_the_fields_are_shown(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            lines = ['{"conversation": "c%d", "text": "we talk of pears and plums %d"}' % (i // 3, i) for i in range(90)]
            (folder / "chats.jsonl").write_text("\n".join(lines), encoding="utf-8")
            text = run("audit", "chats.jsonl", cwd=folder).stdout.decode("utf-8")
            self.assertIn("conversations are counted and not people", " ".join(text.split()))
            self.assertIn(LINKBACK + " inspect chats.jsonl", " ".join(text.split()).replace("\\ ", ""))
            self.assertNotRegex(text, r"\d people")


if __name__ == "__main__":
    unittest.main()
