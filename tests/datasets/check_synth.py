"""Checks linkback-synth against a second count of its corpora by other means: check_synth.py PROGRAM"""
import collections
import csv
import io
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import unittest
import xml.etree.ElementTree as ElementTree

PROGRAM = sys.argv.pop(1)
WORD = re.compile(r"[a-z0-9]+(?:['.][a-z0-9]+)*")
COLUMNS = ["user", "conversation", "message", "reply_to", "role", "timestamp", "text",
           "country", "age", "gender", "language", "device", "condition"]
QUASI_IDENTIFIERS = ["country", "age", "gender", "language", "device"]


def run(*options):
    return subprocess.run([PROGRAM, *map(str, options)], capture_output=True)


def corpus(*options):
    return [json.loads(line) for line in run(*options).stdout.decode("utf-8").splitlines()]


def truth(*options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "truth.json"
        messages = corpus(*options, "--truth", path)
        return messages, json.loads(path.read_text(encoding="utf-8"))


def linked_share(messages):
    """Share of people whose later half is nearest to their own earlier half, by cosine of TF-IDF of words."""
    halves = {}
    own = collections.defaultdict(list)
    for message in messages:
        if message["role"] == "user":
            own[message["user"]].append(message)
    for user, said in own.items():
        conversations = sorted({m["conversation"] for m in said},
                               key=lambda c: min(m["timestamp"] for m in said if m["conversation"] == c))
        early = set(conversations[:len(conversations) // 2])
        for side in (0, 1):
            words = collections.Counter(w for m in said if (m["conversation"] in early) == (side == 0)
                                        for w in re.findall(r"\w+|[^\w\s]", m["text"].lower()))
            halves[user, side] = words
    found_in = collections.Counter(word for words in halves.values() for word in words)

    def vector(words):
        weights = {w: (1 + math.log(n)) * math.log(len(halves) / found_in[w]) for w, n in words.items()}
        length = math.sqrt(sum(x * x for x in weights.values())) or 1
        return {w: x / length for w, x in weights.items()}

    early = {user: vector(halves[user, 0]) for user in own}
    hits = 0
    for user in own:
        late = vector(halves[user, 1])
        score = {other: sum(x * early[other].get(w, 0) for w, x in late.items()) for other in own}
        hits += max(score, key=score.get) == user
    return hits / len(own)


class Synth(unittest.TestCase):
    def test_the_same_options_give_the_same_bytes_and_another_seed_gives_others(self):
        first, again, other = (run("--users", 50, "--messages", 900, "--seed", s).stdout for s in (5, 5, 6))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_users_and_messages_come_in_the_numbers_asked_for(self):
        for users, messages, style in ((1, 1, 1), (7, 7, 0), (90, 4321, 1), (90, 4321, 0)):
            found = corpus("--users", users, "--messages", messages, "--seed", 2, "--style", style)
            self.assertEqual(len(found), messages)
            self.assertEqual(len({m["user"] for m in found}), users)
            self.assertEqual(len({m["message"] for m in found}), messages)

    def test_csv_and_xml_say_what_jsonl_says(self):
        options = ["--users", 60, "--messages", 1500, "--seed", 3, "--style", 1]
        messages = corpus(*options)
        self.assertEqual(list(messages[0]), COLUMNS)
        raw = run(*options, "--format", "csv").stdout.decode("utf-8")
        rows = [{k: v or None for k, v in row.items()} for row in csv.DictReader(io.StringIO(raw, newline=""))]
        self.assertEqual(rows, messages)
        root = ElementTree.fromstring(run(*options, "--format", "xml").stdout)
        items = [{c: e.find("text").text if c == "text" else e.get(c) for c in COLUMNS} for e in root]
        self.assertEqual(items, messages)

    def test_the_truth_is_what_a_second_count_finds(self):
        messages, said = truth("--users", 150, "--messages", 4000, "--seed", 11, "--style", 0.7, "--languages", "en")
        own = [m for m in messages if m["role"] == "user"]
        self.assertEqual(said["messages"], len(messages))
        self.assertEqual(said["own_messages"], len(own))
        self.assertEqual(said["conversations"], len({m["conversation"] for m in messages}))
        used = collections.defaultdict(lambda: collections.defaultdict(set))
        for message in own:
            for word in WORD.findall(message["text"].lower()):
                used[word][message["user"]].add(message["conversation"])
        by_user = collections.defaultdict(list)
        for word, users in used.items():
            for user in users:
                by_user[user].append(word)
        tokens = said["tokens"]
        self.assertTrue(tokens["complete"])
        self.assertEqual(tokens["distinct"], len(used))
        self.assertEqual(tokens["unique"], sum(len(u) == 1 for u in used.values()))
        self.assertEqual(tokens["below_k"], sum(len(u) < 10 for u in used.values()))
        self.assertEqual(tokens["unique_users"], sum(any(len(used[w]) == 1 for w in ws) for ws in by_user.values()))
        self.assertEqual(tokens["signature_users"], sum(any(len(used[w]) < 10 and len(used[w][u]) > 1 for w in ws)
                                                        for u, ws in by_user.items()))
        self.assertAlmostEqual(tokens["rtu"], sum(1 / min(len(used[w]) for w in ws) for ws in by_user.values()) / len(by_user))
        self.assertAlmostEqual(tokens["unicity_p1"], sum(sum(len(used[w]) == 1 for w in ws) / len(ws)
                                                         for ws in by_user.values()) / len(by_user))
        self.assertGreater(len(said["planted"]), 10)
        for planted in said["planted"]:
            users = used[planted["token"].lower()]
            self.assertEqual(list(users), [planted["user"]])
            self.assertEqual(len(users[planted["user"]]), planted["conversations"])
            self.assertEqual(planted["signature"], planted["conversations"] >= 2)
        text = "\n".join(m["text"] for m in own)
        self.assertEqual(said["identifiers"]["email"], len(re.findall(r"[a-z]+\.[a-z]+@example\.org", text)))
        self.assertEqual(said["identifiers"]["phone"], len(re.findall(r"\+1 202 555 01\d\d", text)))
        self.assertGreater(sum(said["identifiers"].values()), 0)

    def test_ascii_words_touch_no_other_letters(self):
        other = r"[\u0E00-\u0E7F\u3040-\u9FFF]"
        for message in corpus("--users", 100, "--messages", 5000, "--seed", 9, "--languages", "th,ja"):
            self.assertNotRegex(message["text"], f"[A-Za-z0-9]{other}|{other}[A-Za-z0-9]")

    def test_no_word_becomes_ascii_by_folding(self):
        for message in corpus("--users", 100, "--messages", 5000, "--seed", 9, "--style", 1):
            for word in re.findall(r"[^\W_]+", message["text"]):
                folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
                self.assertEqual(word.isascii(), folded.isascii(), word)

    def test_the_anonymity_sets_are_counted_by_users_whoever_they_say_they_are(self):
        for style in (0.1, 1):
            messages, said = truth("--users", 200, "--messages", 3000, "--seed", 4, "--style", style)
            classes = collections.defaultdict(set)
            for message in messages:
                classes[tuple(message[q] for q in QUASI_IDENTIFIERS)].add(message["user"])
            sets = said["quasi_identifiers"]
            self.assertEqual(sets["columns"], QUASI_IDENTIFIERS)
            self.assertEqual(sets["classes"], len(classes))
            self.assertEqual(sets["k"], min(map(len, classes.values())))
            self.assertEqual(sets["unique_users"], len({next(iter(u)) for u in classes.values() if len(u) == 1}))
            self.assertFalse(said["tokens"]["complete"])

    def test_without_style_nobody_can_be_linked_and_with_it_most_can(self):
        options = ["--users", 100, "--messages", 4000, "--seed", 8, "--languages", "en"]
        self.assertLess(linked_share(corpus(*options, "--style", 0)), 0.06)
        self.assertGreater(linked_share(corpus(*options, "--style", 1)), 0.6)
        _, said = truth(*options, "--style", 0)
        self.assertEqual(said["planted"], [])

    def test_a_wrong_command_line_is_refused(self):
        fine = ["--users", 2, "--messages", 4, "--seed", 1]
        for wrong in (["--users", 0, "--messages", 4], ["--users", 5, "--messages", 4], ["--users", 2], ["--seed"],
                      [*fine, "--style", "1.5"], [*fine, "--style", "nan"], [*fine, "--format", "yaml"],
                      [*fine, "--languages", "tlh"], [*fine, "--languages", ""], [*fine, "--seed", "-1"],
                      [*fine, "--colour", "red"]):
            refused = run(*wrong)
            self.assertEqual(refused.returncode, 2, wrong)
            self.assertEqual(refused.stdout, b"")
            self.assertRegex(refused.stderr.decode(), r"^linkback-synth: [^\n]+: [^\n]+; [^\n]+\n$")

    def test_a_truth_that_cannot_be_written_is_known_before_the_corpus_is(self):
        refused = run("--users", 2, "--messages", 4, "--seed", 1, "--truth", "/nowhere/truth.json")
        self.assertEqual((refused.returncode, refused.stdout), (4, b""))

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "wb") as full:
            refused = subprocess.run([PROGRAM, "--users", "2", "--messages", "4", "--seed", "1"], stdout=full,
                                     stderr=subprocess.PIPE)
        self.assertEqual(refused.returncode, 4)


if __name__ == "__main__":
    unittest.main()
