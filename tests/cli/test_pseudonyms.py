"""What people are called where their keys are masked: one number each in all lists and reports, which tells
nothing to those who have a list of candidates but not the corpus."""
import csv
import hashlib
import hmac
import io
import json
import pathlib
import random
import re
import sqlite3
import tempfile
import unittest
import zlib

from program import audit, run, synth

QI = ["--qi", "country,age,gender,language,device"]


def users_of(report):
    """The people that a report lists, list by list, as (place, name)."""
    lists = {"users": (report["users"], "user"),
             "suda": (report["singling_out"].get("suda", {}).get("specials", []), "user"),
             "linked": (report["linkability"].get("self", {}).get("exposed", []), "user"),
             "external": (report["linkability"].get("external", {}).get("links", []), "a")}
    return {name: [entry[key] for entry in entries] for name, (entries, key) in lists.items()}


def correlation(left, right):
    """Spearman's, of two lists without ties."""
    n = len(left)
    places = [{value: place for place, value in enumerate(sorted(values))} for values in (left, right)]
    d2 = sum((places[0][a] - places[1][b]) ** 2 for a, b in zip(left, right))
    return 1 - 6 * d2 / (n * (n * n - 1))


class Pseudonyms(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def numbers(self, *arguments):
        """The number of each person that some list names, by the key; fails where someone has two."""
        masked, clear = audit(*arguments), audit(*arguments, "--reveal")
        numbers = {}
        for (name, hidden), shown in zip(users_of(masked).items(), users_of(clear).values()):
            self.assertEqual(len(hidden), len(shown), name)
            for mask, key in zip(hidden, shown):
                self.assertRegex(mask, r"^user #\d+$")
                self.assertEqual(numbers.setdefault(key, int(mask[6:])), int(mask[6:]), (name, key))
        self.assertEqual(len(set(numbers.values())), len(numbers), "two people have one number")
        return numbers

    def write(self, name, lines):
        path = self.folder / name
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def test_a_person_has_one_number_in_all_lists_and_reports(self):
        corpus = self.folder / "c.jsonl"
        synth(corpus, users=40, messages=1500)
        numbers = self.numbers(corpus, *QI, "--aux", corpus)
        self.assertGreater(len(numbers), 30)
        self.assertLessEqual(max(numbers.values()), 40)
        out = self.folder / "out"
        self.assertEqual(run("audit", corpus, *QI, "--aux", corpus, "-o", out, "-q").returncode, 0)
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        listed = {name for names in users_of(report).values() for name in names}
        for file in ("report.html", "report.md", "report.xml", "report.csv"):
            text = (out / file).read_text(encoding="utf-8")
            self.assertLessEqual(set(re.findall(r"user #\d+", text)), listed, file)
        with sqlite3.connect(out / "audit.db") as database:
            stored = [row[0] for row in database.execute("SELECT user FROM users ORDER BY rank")]
        self.assertEqual(stored, users_of(report)["users"])

    def test_links_are_called_as_in_the_report(self):
        corpus = self.folder / "c.jsonl"
        synth(corpus, users=40, messages=1500)
        out = self.folder / "out"
        done = run("link", corpus, corpus, "-o", out, "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        rows = list(csv.DictReader(io.StringIO((out / "links.csv").read_text(encoding="utf-8"))))
        links = report["linkability"]["external"]["links"]
        self.assertEqual([(row["a"], row["b"]) for row in rows], [(link["a"], link["b"]) for link in links])
        # The two corpora are one here, so that who is linked rightly has the same number on both sides.
        self.assertGreater(sum(row["a"] == row["b"] for row in rows), 20)

    def test_neither_threads_nor_order_nor_cutting_change_a_number(self):
        corpus = self.folder / "c.jsonl"
        synth(corpus, users=30, messages=900)
        lines = corpus.read_text(encoding="utf-8").splitlines(True)
        whole = self.numbers(corpus, *QI, "--threads", "1")
        random.Random(5).shuffle(lines)
        cut = [self.write(f"part{i}.jsonl", lines[i::3]) for i in range(3)]
        self.assertEqual(self.numbers(self.write("mixed.jsonl", lines), *QI, "--threads", "3"), whole)
        self.assertEqual(self.numbers(*reversed(cut), *QI, "--threads", "2"), whole)

    def equals(self, count, change=""):
        """Of `count` people each has one word of their own, so that all are equally exposed."""
        def message(i, word):
            return json.dumps({"user": f"nick{i:04d}", "conversation": f"c{i}", "text": f"we all say {word}"}) + "\n"
        lines = [message(i, "zq" + hashlib.sha256(b"%d" % i).hexdigest()[:8]) for i in range(count)]
        return self.write(f"equals{change}.jsonl", lines + [message(0, f"hello{change}")])

    def test_who_has_candidates_but_no_corpus_is_at_chance(self):
        count = 100
        numbers = self.numbers(self.equals(count), "--measures", "tokens,unicity")
        self.assertEqual(len(numbers), count)
        keys = [key.encode() for key in numbers]
        guesses = {
            "sorted": keys,
            "reversed": [key[::-1] for key in keys],
            "crc32": [zlib.crc32(key) for key in keys],
            **{name: [hashlib.new(name, key).digest() for key in keys] for name in ("md5", "sha1", "sha256")},
            **{f"hmac {salt}": [hmac.digest(salt, key, "sha256") for key in keys]
               for salt in (b"", b"1", b"linkback", bytes(32), (1).to_bytes(8, "little"))},
        }
        for name, guess in guesses.items():
            # Four standard deviations of the correlation of two orders that have nothing to do with each other.
            self.assertLess(abs(correlation(guess, list(numbers.values()))), 4 / (count - 1) ** 0.5, name)

    def test_one_message_more_changes_all_numbers_and_the_order_of_equals(self):
        count = 100
        before = self.numbers(self.equals(count), "--measures", "tokens,unicity")
        after = self.numbers(self.equals(count, "x"), "--measures", "tokens,unicity")
        self.assertEqual(before.keys(), after.keys())
        self.assertLess(sum(before[key] == after[key] for key in before), 8)  # one is expected by chance
        self.assertLess(abs(correlation(list(before.values()), [after[key] for key in before])), 4 / (count - 1) ** 0.5)
        # All but the one with a word more are equally exposed: whoever knew their order would know something.
        self.assertLess(abs(correlation(*[[list(run_).index(key) for key in sorted(before)]
                                          for run_ in (before, after)])), 4 / (count - 1) ** 0.5)

    def test_conversations_are_numbered_alike(self):
        lines = [json.dumps({"conversation": f"talk{i}", "text": f"we said {hashlib.md5(b'%d' % i).hexdigest()[:9]}"}) + "\n"
                 for i in range(30)]
        first = audit(self.write("a.jsonl", lines), "--measures", "tokens,unicity")
        again = audit(self.write("b.jsonl", lines[::-1]), "--measures", "tokens,unicity", "--threads", "3")
        names = {name: [entry[key] for entry in entries]
                 for name, entries, key in (("units", first["users"], "user"),
                                            ("conversations", first["singling_out"]["conversations"], "conversation"))}
        self.assertEqual(sorted(names["units"]), sorted(f"conversation #{i}" for i in range(1, 31)))
        self.assertEqual([entry["user"] for entry in again["users"]], names["units"])
        self.assertEqual(sorted(names["conversations"]), sorted(names["units"]))
        clear = audit(self.folder / "a.jsonl", "--measures", "tokens,unicity", "--reveal")
        by_unit = dict(zip((entry["user"] for entry in clear["users"]), names["units"]))
        for entry, name in zip(clear["singling_out"]["conversations"], names["conversations"]):
            self.assertEqual(by_unit[entry["conversation"]], name)


if __name__ == "__main__":
    unittest.main()
