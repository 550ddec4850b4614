"""Plain words: every metric that a built-in profile judges has a sentence, and what a mend names exists."""
import re
import unittest

from program import SOURCE_DIR, run


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


if __name__ == "__main__":
    unittest.main()
