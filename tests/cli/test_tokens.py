"""The deep token measures of an audit, against enumeration and against other programs."""
import collections
import gzip
import itertools
import json
import math
import os
import pathlib
import random
import re
import signal
import subprocess
import tempfile
import unittest

from program import LINKBACK, SHARED, audit, run, synth, values

K = 3
DEEP = ("--measures", "tokens,unicity")


def made_up(seed, users, words, most, conversations=6):
    """Messages of words that stand nowhere else in a report; some people say only what others say."""
    draw = random.Random(seed)
    vocabulary = ["".join(draw.choices("qxzvkjw", k=9)) for _ in range(words)]
    rows = []
    for u in range(users):
        said = [vocabulary[int(draw.random() ** 2 * words)] for _ in range(draw.randint(1, most))]
        if u % 5 == 4:
            said = [word for row in rows[-2:] for word in row["text"].split()][:2]
        for at in range(0, len(said), 4):
            rows.append({"user": f"person-{u}", "conversation": f"room-{draw.randrange(conversations)}",
                         "text": " ".join(said[at:at + 4])})
    draw.shuffle(rows)
    return rows


class Truth:
    """What the definitions say of some messages, by enumeration."""

    def __init__(self, rows):
        self.of = collections.defaultdict(set)  # user -> tokens
        for row in rows:
            self.of[row["user"]].update(row["text"].split())
        self.users_of = collections.defaultdict(set)
        for user, tokens in self.of.items():
            for token in tokens:
                self.users_of[token].add(user)

    def common(self, tokens):
        return len(set.intersection(*(self.users_of[token] for token in tokens)))

    def unicity(self, p):
        shares = [self.share(tokens, p) for tokens in self.of.values() if len(tokens) >= p]
        return sum(shares) / len(shares)

    def share(self, tokens, p):
        sets = list(itertools.combinations(sorted(tokens), p))
        return sum(self.common(one) == 1 for one in sets) / len(sets)

    def smallest(self, user, m):
        tokens = sorted(self.of[user])
        return min(self.common(one) for size in range(1, m + 1) for one in itertools.combinations(tokens, size))

    def km(self, k):
        for m in range(1, 4):
            for tokens in self.of.values():
                if any(self.common(one) < k for one in itertools.combinations(sorted(tokens), m)):
                    return m - 1
        return 3


def without_places(report):
    """What must not depend on how the input is cut: all but the places in it."""
    text = json.dumps([report["metrics"], report["singling_out"], report["users"]])
    return re.sub(r'"place": "[^"]*"', "", text)


class Tokens(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def write(self, rows, name="corpus.jsonl"):
        path = self.folder / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    def test_unicity_and_worst_case_are_what_enumeration_says(self):
        for seed in range(4):
            rows = made_up(seed, users=30, words=60, most=22)
            truth = Truth(rows)
            report = audit(self.write(rows), "--k", K, *DEEP)
            singling_out = report["singling_out"]
            self.assertEqual([line["p"] for line in singling_out["unicity"]], [1, 2, 3, 4, 5])
            for line in singling_out["unicity"]:
                exact = truth.unicity(line["p"])
                metric = report["metrics"][f"tokens.unicity_p{line['p']}"]
                self.assertEqual(metric["value"], line["value"])
                self.assertEqual(line["units"], sum(len(t) >= line["p"] for t in truth.of.values()))
                if line["p"] <= 2:  # every pair is looked at, as there are no more than draws
                    self.assertAlmostEqual(line["value"], exact, places=12)
                else:
                    self.assertAlmostEqual(line["value"], exact, delta=0.01)
                if line["p"] > 1:
                    self.assertTrue(line["low"] <= exact <= line["high"])
                    self.assertEqual((metric["low"], metric["high"]), (line["low"], line["high"]))
            worst = singling_out["worst_case"]
            for line in worst["sizes"]:
                found = sum(truth.smallest(user, line["m"]) == 1 for user in truth.of)
                self.assertEqual((line["found"], line["cut"]), (found, 0))
                self.assertAlmostEqual(line["share"], found / len(truth.of), places=12)
                self.assertEqual(values(report)[f"tokens.worst_m{line['m']}"], line["share"])
            self.assertEqual(worst["indistinct"], sum(truth.common(t) > 1 for t in truth.of.values()))

    def test_km_anonymity_is_what_enumeration_says(self):
        seen = set()
        for seed in range(9):
            draw = random.Random(seed)
            words = [f"{letter * 2}word" for letter in "qxzvkj"]
            rows = [{"user": f"u{u}", "conversation": "c", "text": " ".join(draw.sample(words, 2 + seed % 5))}
                    for u in range(30)]
            for k in (2, 4, 9, 15):
                km = audit(self.write(rows), "--k", k, *DEEP)["singling_out"]["km_anonymity"]
                self.assertEqual((km["m"], km["cut"]), (Truth(rows).km(k), False))
                self.assertEqual(len(km["set"]), 0 if km["m"] == 3 else km["m"] + 1)
                seen.add(km["m"])
        self.assertEqual(seen, {0, 1, 2, 3})

    def test_risk_is_one_over_the_smallest_set_three_tokens_reach(self):
        rows = made_up(5, users=40, words=40, most=14)
        truth = Truth(rows)
        report = audit(self.write(rows), "--k", K, "--reveal", *DEEP)
        self.assertEqual(len(report["users"]), len(truth.of))
        kinds = set()
        for person in report["users"]:
            smallest = truth.smallest(person["user"], 3)
            self.assertEqual(person["risk"], 1 / smallest)
            tokens = [token["token"] for token in person["tokens"]]
            kinds.add(person["together"])
            self.assertTrue(set(tokens) <= truth.of[person["user"]])
            if person["together"] == 1:
                self.assertEqual({truth.common([token]) for token in tokens}, {smallest})
            elif person["together"] > 1:
                self.assertEqual(len(tokens), person["together"])
                self.assertEqual(truth.common(tokens), smallest)
            else:
                self.assertTrue(smallest >= K and not tokens)
            for token in person["tokens"]:
                self.assertEqual(token["units"], len(truth.users_of[token["token"]]))
                self.assertIn(token["token"], "; ".join(person["reasons"]))
        self.assertTrue({1, 2} <= kinds)
        risks = [person["risk"] for person in report["users"]]
        self.assertEqual(risks, sorted(risks, reverse=True))

    def test_places_are_the_lines_where_the_tokens_stand_first(self):
        rows = made_up(6, users=40, words=80, most=20)
        parts = [self.write(rows[:50], "a.jsonl"), self.write(rows[50:], "b.jsonl")]
        place_of = {}
        conversations = collections.defaultdict(list)
        for path, part in zip(parts, (rows[:50], rows[50:])):
            for number, row in enumerate(part, 1):
                conversations[row["conversation"]].append(f"{path}:{number}")
                for token in row["text"].split():
                    place_of.setdefault((row["user"], token), f"{path}:{number}")
        for threads in (1, 3):
            report = audit(*parts, "--k", K, "--reveal", "--threads", threads, *DEEP)
            places = 0
            for person in report["users"]:
                for token in person["tokens"]:
                    self.assertEqual(token["place"], place_of[person["user"], token["token"]])
                    places += 1
            self.assertGreater(places, 40)
            listed = report["singling_out"]["conversations"]
            truth = Truth(rows)
            expected = collections.Counter()
            for name, places in conversations.items():
                said = {t for row in rows if row["conversation"] == name for t in row["text"].split()}
                unique = sum(truth.common([token]) == 1 for token in said)
                expected[min(truth.common([t]) for t in said), unique, len(places), places[0]] += 1
            found = collections.Counter((c["smallest"], c["unique"], c["messages"], c["place"]) for c in listed)
            self.assertEqual(found, expected)
            order = [(c["smallest"], -c["unique"]) for c in listed]
            self.assertEqual(order, sorted(order))
            self.assertEqual(sorted(c["conversation"] for c in listed),
                             [f"conversation #{i}" for i in range(1, len(listed) + 1)])

    def test_planted_tokens_carry_their_class(self):
        corpus = self.folder / "corpus.jsonl"
        truth = synth(corpus)
        expected = {"code": "code", "order": "number", "surname": "name"}
        kinds = {p["token"].lower(): expected[p["kind"]] for p in truth["planted"]}
        report = audit(corpus, "--reveal", *DEEP)
        seen = 0
        for person in report["users"]:
            for token in person["tokens"]:
                if token["token"] in kinds:
                    self.assertEqual(token["class"], kinds[token["token"]])
                    seen += 1
        self.assertGreater(seen, 0)
        classes = {c["class"]: c for c in report["singling_out"]["tokens"][0]["classes_of_rare_tokens"]}
        self.assertEqual(sum(c["tokens"] for c in classes.values()), values(report)["tokens.below_k"])
        self.assertEqual(sum(c["unique"] for c in classes.values()), values(report)["tokens.unique"])
        self.assertEqual(sum(c["tokens"] for c in classes.values() if c["identifying"]),
                         values(report)["tokens.identifying_below_k"])
        for name, count in collections.Counter(kinds.values()).items():
            self.assertGreaterEqual(classes[name]["unique"], count)
        owners = {p["user"] for p in truth["planted"]}
        self.assertGreaterEqual(values(report)["tokens.identifying_users_share"], len(owners) / truth["users"])

    def test_nothing_of_anyone_stands_in_clear_unless_revealed(self):
        rows = made_up(7, users=30, words=60, most=20)
        run("audit", self.write(rows), "--k", K, "-o", self.folder / "out", "-q")
        everything = b"".join(path.read_bytes() for path in (self.folder / "out").iterdir())
        self.assertGreater(len(everything), 1000)
        secrets = {row["user"] for row in rows} | {row["conversation"] for row in rows} | set(Truth(rows).users_of)
        for secret in sorted(secrets):
            self.assertNotIn(secret.encode(), everything)

    def test_threads_order_and_cutting_change_no_bit(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus, users=60, messages=4000)
        whole = audit(corpus, "--threads", 1, *DEEP)
        for threads in (2, 5):
            again = audit(corpus, "--threads", threads, *DEEP)
            for part in ("metrics", "singling_out", "users"):
                self.assertEqual(again[part], whole[part])
        self.assertEqual(without_places(audit(corpus, "--memory", "16M", *DEEP)), without_places(whole))
        lines = corpus.read_bytes().splitlines(keepends=True)
        random.Random(1).shuffle(lines)
        parts = []
        for i in range(5):
            parts.append(self.folder / f"part-{i}.jsonl.gz")
            parts[-1].write_bytes(gzip.compress(b"".join(lines[i::5])))
        self.assertEqual(without_places(audit(*parts, "--threads", 3, *DEEP)), without_places(whole))

    @unittest.skipUnless(pathlib.Path("/proc/self/fd").is_dir(), "open files cannot be listed here")
    def test_a_run_that_is_killed_while_it_spills_leaves_no_file(self):
        corpus, spills, out = (self.folder / name for name in ("corpus.jsonl", "spills", "out"))
        synth(corpus, users=200, messages=20000)
        spills.mkdir()
        process = subprocess.Popen([LINKBACK, "audit", corpus, "--memory", "1M", "--tmpdir", spills, "-o", out, "-q", *DEEP])
        spilled = False
        while not spilled and process.poll() is None:
            for link in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
                try:
                    spilled = spilled or os.readlink(link).startswith(str(spills))
                except FileNotFoundError:  # closed in the meantime
                    pass
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        self.assertTrue(spilled)
        self.assertEqual(list(spills.iterdir()), [])
        self.assertEqual(list(out.glob("*")), [])  # the folder is made first, what goes into it last

    def test_measures_can_be_left_out(self):
        path = self.write(made_up(8, users=20, words=40, most=10))
        names = [f"tokens.unicity_p{p}" for p in range(2, 6)] + [f"tokens.worst_m{m}" for m in range(1, 4)]
        report = audit(path, "--measures", "tokens")
        for name in names:
            self.assertEqual(report["metrics"][name]["value"], None)
            self.assertEqual(report["metrics"][name]["why"], "left out by --measures")
        self.assertNotIn("conversations", report["singling_out"])
        self.assertTrue(any(person["tokens"] for person in report["users"]))
        self.assertTrue(all(token["place"] is None for person in report["users"] for token in person["tokens"]))
        report = audit(path, "--measures", "unicity")
        self.assertTrue(all(values(report)[name] is not None for name in names))
        self.assertEqual(report["metrics"]["tokens.identifying_below_k"]["why"], "left out by --measures")
        self.assertEqual([line["p"] for line in report["singling_out"]["unicity"]], [2, 3, 4, 5])

    def test_the_measures_stand_without_anyone_or_any_word(self):
        report = audit(self.write([{"user": "a", "conversation": "c", "text": "?!"}]))
        self.assertIsNone(values(report)["tokens.unicity_p2"])
        self.assertIsNone(values(report)["tokens.worst_m1"])
        self.assertIsNone(values(report)["tokens.identifying_users_share"])
        self.assertEqual(report["users"], [])
        report = audit(self.write([{"user": "a", "conversation": "c", "text": "alone here"}]))
        self.assertEqual(values(report)["tokens.worst_m1"], 1)
        self.assertEqual(report["users"][0]["risk"], 1)

    def test_conversations_as_units_are_named_by_their_keys_when_revealed(self):
        rows = made_up(9, users=20, words=60, most=10)
        report = audit(self.write(rows), "--unit", "conversation", "--k", K, "--reveal", *DEEP)
        names = {c["conversation"] for c in report["singling_out"]["conversations"]}
        self.assertTrue(names and names <= {row["conversation"] for row in rows})

    @unittest.skipUnless(SHARED.is_dir(), f"{SHARED} is not there: no reference corpora")
    def test_irc_unicity_agrees_with_other_programs(self):
        known = json.loads((SHARED / "reference/ubuntu-irc.tokens.json").read_text())["words"]
        report = audit(SHARED / "corpora/ubuntu-irc.jsonl.gz", "--measures", "tokens,unicity", "--ngrams", 1)
        for line in report["singling_out"]["unicity"][1:]:
            other = known[f"unicity_p{line['p']}"]  # 5 draws a user
            spread = math.sqrt(other * (1 - other) / line["units"] * (1 / 5 + 1 / line["draws"]))
            self.assertAlmostEqual(line["value"], other, delta=3 * spread + 0.0005)
        worst = [line["share"] for line in report["singling_out"]["worst_case"]["sizes"]]
        self.assertEqual(worst[0], values(report)["tokens.unique_share"])
        self.assertEqual(worst, sorted(worst))


if __name__ == "__main__":
    unittest.main()
