"""Real corpora against figures that other programs found (skipped where ../shared is not there)."""
import json
import re
import subprocess
import sys
import unittest

from program import LINKBACK, SHARED, audit, values


@unittest.skipUnless(SHARED.is_dir(), f"{SHARED} is not there: no reference corpora")
class Reference(unittest.TestCase):
    def test_irc_figures_agree_with_icu_and_python(self):
        known = json.loads((SHARED / "reference/ubuntu-irc.tokens.json").read_text())
        report = audit(SHARED / "corpora/ubuntu-irc.jsonl.gz", "--qi", "channel", "--measures", "qi,tokens")
        corpus, metrics = report["corpus"], values(report)
        self.assertEqual(corpus["messages"], known["messages"])
        self.assertEqual(corpus["conversations"], known["conversations"])
        # The reference normalises a message before it cuts it into words, linkback cuts first: where NFKC
        # turns one character into several words (fractions, ligatures, superscripts) the two differ.
        words = known["words"]
        for name, value in [("tokens.distinct", words["distinct"]), ("tokens.unique", words["unique"]),
                            ("tokens.below_k", words["below_10"]), ("tokens.unique_share", words["unique_share"]),
                            ("tokens.rtu", words["rtu"]), ("tokens.unicity_p1", words["unicity_p1"])]:
            self.assertLess(abs(metrics[name] / value - 1), 0.005, name)
        self.assertLess(abs(corpus["tokens"] / known["tokens"] - 1), 0.005)
        bigrams = report["singling_out"]["tokens"][1]
        for name in ("distinct", "unique", "unique_share", "rtu", "unicity_p1"):
            self.assertLess(abs(bigrams[name] / known["bigrams"][name] - 1), 0.005, name)

    def test_persona_chat_has_the_known_anonymity_sets_and_japanese_words(self):
        path = SHARED / "corpora/real-persona-chat-ja.jsonl.gz"
        report = audit(path, "--qi", "gender,age,education,employment,region", "--measures", "qi,tokens",
                       "--ngrams", "1")
        metrics = values(report)
        self.assertEqual(report["corpus"]["users"], 233)
        self.assertEqual((metrics["qi.k"], metrics["qi.classes"], metrics["qi.unique_users"]), (1, 197, 167))
        self.assertEqual(report["corpus"]["messages"], 408619)
        # words of a dictionary, not sentences: about a third of the distinct ones are one person's
        self.assertTrue(0.2 < metrics["tokens.unique"] / metrics["tokens.distinct"] < 0.45)
        self.assertTrue(10000 < metrics["tokens.distinct"] < 60000)

    def test_irc_logs_are_read_as_they_are(self):
        folder = SHARED / "corpora/irc-raw"
        spoken = 0
        for path in folder.iterdir():
            text = path.read_text(encoding="utf-8", errors="replace")
            spoken += len(re.findall(r"(?m)^(?:\S+ \d{4}-\d\d-\d\d )?\[\d\d:\d\d(?::\d\d)?\] (?:<[^>]+>|\* \S)", text))
        report = audit(folder, "--measures", "tokens", "--ngrams", "1")
        self.assertEqual({i["container"] for i in report["corpus"]["inputs"]}, {"log"})
        self.assertEqual(report["corpus"]["messages"], spoken)

    def test_tables_agree_with_pycanon(self):
        done = subprocess.run([sys.executable, SHARED / "tools/check_reference.py", LINKBACK, "pycanon"],
                              capture_output=True, text=True)
        wrong = [line for line in done.stdout.splitlines() if " qi." in line]
        self.assertEqual(wrong, [])
        self.assertIn("agree", done.stdout)


if __name__ == "__main__":
    unittest.main()
