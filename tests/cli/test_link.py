"""linkback link and audit --aux on corpora whose truth is known: formats that differ, people who are in both and strangers, files of
truth as they come, masking, the gate; what-if, and conversations without users."""
import csv
import io
import json
import pathlib
import random
import tempfile
import unittest

from program import audit, run, synth, values


def rows_of(corpus):
    return [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["author", "thread", "time", "body"])
        out.writerows([row["user"], row["conversation"], row["timestamp"], row["text"]] for row in rows)


def renamed(rows, names):
    return [{**row, "user": names[row["user"]]} for row in rows]


class Link(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        corpus = cls.folder / "whole.jsonl"
        synth(corpus, users=50, messages=3000, style=0.9)
        rows = [row for row in rows_of(corpus) if row["role"] == "user"]
        conversations = sorted({row["conversation"] for row in rows})
        random.Random(1).shuffle(conversations)
        first = set(conversations[::2])
        users = sorted({row["user"] for row in rows})
        shuffled = users[:]
        random.Random(2).shuffle(shuffled)
        # The same names on both sides, but for other people.
        cls.a_names = dict(zip(users, users))
        cls.b_names = dict(zip(users, shuffled))
        cls.a, cls.b = cls.folder / "a.jsonl", cls.folder / "b.csv"
        write_jsonl(cls.a, renamed([row for row in rows if row["conversation"] in first], cls.a_names))
        write_csv(cls.b, renamed([row for row in rows if row["conversation"] not in first], cls.b_names))
        cls.truth = cls.folder / "truth.csv"
        there = [{row["user"] for row in rows if (row["conversation"] in first) == side} for side in (True, False)]
        cls.pairs = [(cls.a_names[user], cls.b_names[user]) for user in users if user in there[0] and user in there[1]]
        cls.write_truth(cls.truth, cls.pairs)
        strangers = cls.folder / "strangers.jsonl"
        synth(strangers, users=50, messages=1500, style=0.9, seed=99)
        cls.strangers = strangers

    @staticmethod
    def write_truth(path, pairs, head="a,b\n", end="\n", encoding="utf-8"):
        path.write_bytes((head + "".join(f"{a},{b}{end}" for a, b in pairs)).encode(encoding))

    def link(self, *arguments, expect=0):
        done = run("link", "--report", "json=-", "--progress", "never", *arguments)
        self.assertEqual(done.returncode, expect, done.stderr.decode("utf-8", "replace"))
        return json.loads(done.stdout)

    def fails(self, code, *arguments, says=()):
        out = self.folder / "never"
        done = run("link", *arguments, "-o", out)
        error = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, error)
        self.assertRegex(error, r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z")
        for words in says:
            self.assertIn(words, error)
        self.assertFalse(out.exists())

    def test_people_are_found_whatever_they_are_called(self):
        report = self.link(self.a, self.b, "--truth", self.truth)
        metrics = values(report)
        self.assertGreater(metrics["ext.top1"], 0.5)
        self.assertGreater(metrics["ext.top1"], 20 * metrics["ext.chance"])
        self.assertGreaterEqual(metrics["ext.top10"], metrics["ext.top1"])
        self.assertEqual(metrics["ext.candidates"], report["linkability"]["external"]["units"])
        self.assertIsNone(metrics["tokens.unique_share"])
        self.assertEqual(report["run"]["job"], "link")
        external = report["linkability"]["external"]
        judged = [link for link in external["links"] if link["right"] is not None]
        # Of those whose match wrote little the figures say nothing, but the list does.
        self.assertGreaterEqual(len(judged), metrics["ext.eligible_users"])
        self.assertGreaterEqual(sum(link["right"] for link in judged), round(metrics["ext.top1"] * metrics["ext.eligible_users"]))
        self.assertEqual([level["links"] for level in external["pairs"]],
                         [metrics[f"ext.pairs_p{p}"] for p in (50, 90, 99)])

    def test_equal_names_are_no_evidence(self):
        report = self.link(self.a, self.b, "--reveal")
        links = report["linkability"]["external"]["links"]
        who = dict(self.pairs)
        right = sum(who.get(link["a"]) == link["b"] for link in links)
        by_name = sum(link["a"] == link["b"] for link in links)
        self.assertGreater(right, len(links) / 2)
        self.assertLess(by_name, len(links) / 5)
        self.assertIsNone(values(report)["ext.top1"])
        self.assertIn("--truth", report["metrics"]["ext.top1"]["why"])
        self.assertAlmostEqual(values(report)["ext.candidates"] * values(report)["ext.chance"], 1)
        self.assertIsNotNone(values(report)["ext.pairs_p50"])

    def test_audit_says_the_same_with_aux(self):
        linked = values(self.link(self.a, self.b, "--truth", self.truth))
        audited = values(audit(self.a, "--aux", self.b, "--truth", self.truth, "--measures", "qi", "--threads", "1"))
        for name in linked:
            if name.startswith("ext."):
                self.assertEqual(linked[name], audited[name], name)

    def test_strangers_are_found_by_chance_only(self):
        lines = [(a, b) for a, b in zip(sorted({row["user"] for row in rows_of(self.a)}),
                                        sorted({row["user"] for row in rows_of(self.strangers)}))]
        truth = self.folder / "strangers.csv"
        self.write_truth(truth, lines)
        report = self.link(self.a, self.strangers, "--truth", truth)
        self.assertLessEqual(report["metrics"]["ext.top1"]["low"], values(report)["ext.chance"])
        self.assertLess(values(report)["ext.pairs_p90"], 8)

    def test_links_are_listed_masked_unless_revealed(self):
        keys = {key for pair in self.pairs for key in pair}
        for reveal in (False, True):
            out = self.folder / f"out-{reveal}"
            done = run("link", self.a, self.b, "--truth", self.truth, "-o", out, "-q", *(["--reveal"] if reveal else []))
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            text = (out / "links.csv").read_bytes().decode("utf-8")
            rows = list(csv.DictReader(io.StringIO(text)))
            self.assertEqual(list(rows[0]), ["a", "b", "probability", "margin", "words", "signals", "right"])
            said = [float(row["probability"]) for row in rows]
            self.assertEqual(said, sorted(said, reverse=True))
            for row in rows:
                self.assertLessEqual(float(row["margin"]), float(row["probability"]))
                self.assertGreater(len(row["signals"].split()), 0)
            everything = b"".join(path.read_bytes() for path in out.iterdir())
            shown = {key for key in keys if key.encode("utf-8") in everything}
            self.assertEqual(bool(shown), reveal)
            if reveal:
                self.assertTrue({row["a"] for row in rows} <= keys)
                again = self.folder / "again"
                self.assertEqual(run("report", out / "audit.db", "-o", again, "-q").returncode, 0)
                self.assertEqual((again / "links.csv").read_bytes(), (out / "links.csv").read_bytes())

    def test_the_gate_judges_links(self):
        policy = self.folder / "policy.yaml"
        rules = "  rules:\n    - metric: ext.top1\n      max: 0.01\n"
        policy.write_text("policy:\n" + rules, encoding="utf-8")
        report = self.link(self.a, self.b, "--truth", self.truth, "--policy", policy, expect=1)
        self.assertEqual((report["gate"]["claim"], report["gate"]["verdict"]), ("pseudonymous", "fail"))
        policy.write_text("policy:\n  claim: unlinkable\n" + rules, encoding="utf-8")
        report = self.link(self.a, self.b, "--truth", self.truth, "--policy", policy, expect=1)
        self.assertEqual(report["gate"]["verdict"], "fail")

    def test_truth_as_it_comes(self):
        """Other columns, other separators, marks, repeated and unknown rows: read and counted."""
        wanted = values(self.link(self.a, self.b, "--truth", self.truth))["ext.top1"]
        odd = self.folder / "odd.csv"
        text = "\ufeffb;note;A\r\n" + "".join(f'"{b}";"x;y";{a}\r\n' for a, b in self.pairs) + "\r\n"
        text += f"{self.pairs[0][1]};again;{self.pairs[0][0]}\r\nnobody;;{self.pairs[1][0]}\r\n{self.pairs[0][1]};;nobody\r\n"
        odd.write_bytes(text.encode("utf-8"))
        report = self.link(self.a, self.b, "--truth", odd)
        self.assertEqual(values(report)["ext.top1"], wanted)
        truth = report["linkability"]["external"]["truth"]
        self.assertEqual((truth["rows"], truth["repeated"], truth["a_not_there"], truth["b_not_there"]),
                         (len(self.pairs) + 3, 1, 1, 1))
        self.assertTrue(any("truth" in warning for warning in report["warnings"]))

    def test_truth_that_cannot_be_read_is_told_with_its_line(self):
        bad = self.folder / "bad.csv"
        a, b = self.pairs[0]
        for content, says in [(f"{a},{b}\n".encode(), ["bad.csv:1", "a,b"]),
                              (b"", ["bad.csv"]), (b"a,b\n", ["nobody"]),
                              (f"a,b\n{a},{b}\n{a},{self.pairs[1][1]}\n".encode(), ["bad.csv:3", "line 2"]),
                              (f"a,b\n{a}\n".encode(), ["bad.csv:2", "too few"]),
                              (f"a,b\n\"{a},{b}\n".encode(), ["bad.csv:2", "never closed"]),
                              (f"a,b\n,{b}\n".encode(), ["bad.csv:2", "empty"]),
                              (f"a,b\n{a},{b}\n".encode("utf-16")[:-1], ["bad.csv:2", "UTF-8"]),
                              (b"a\0,b\nx,y\n", ["bad.csv:1", "UTF-8"]),
                              (b"a,b\nM\xfcller,x\n", ["bad.csv:2", "UTF-8"]),
                              (b"a,b\nx,y\n", ["swapped"])]:
            with self.subTest(content=content):
                bad.write_bytes(content)
                self.fails(3, self.a, self.b, "--truth", bad, says=says)

    def test_wrong_words_exit_2_and_bad_inputs_3(self):
        self.fails(2, self.a, says=["two corpora"])
        self.fails(2, self.a, self.b, self.a, says=["two corpora"])
        self.fails(2, self.a, self.b, "--truth", self.folder / "none.csv", says=["--truth"])
        self.fails(2, self.a, self.b, "--k", "3", says=["--k"])
        self.fails(2, self.a, self.b, "--aux-format", "wildchats", says=["wildchat"])
        self.fails(3, self.a, self.folder / "none.jsonl", says=["none.jsonl"])
        empty = self.folder / "empty.jsonl"
        empty.write_bytes(b"")
        self.fails(3, self.a, empty, says=["empty.jsonl"])
        noise = self.folder / "noise.bin"
        noise.write_bytes(random.Random(3).randbytes(5000))
        self.fails(3, self.a, noise, says=["noise.bin"])
        done = run("audit", self.a, "--truth", self.truth)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"--aux", done.stderr)

    def test_each_corpus_has_its_own_mapping(self):
        odd = self.folder / "odd-fields.jsonl"
        write_jsonl(odd, [{"q1": row["author"], "q2": row["thread"], "q3": row["body"], "q4": row["time"]}
                          for row in csv.DictReader(io.StringIO(self.b.read_bytes().decode("utf-8")))])
        maps = [word for pair in ("user=q1", "conversation=q2", "text=q3", "time=q4") for word in ("--aux-map", pair)]
        plain = values(self.link(self.a, self.b, "--truth", self.truth))
        mapped = values(self.link(self.a, odd, "--truth", self.truth, *maps))
        self.assertEqual(plain, mapped)
        both = self.link(self.a, self.b, "--truth", self.truth, "--map", "user=user", "--map", "text=text")
        self.assertEqual(values(both), plain)
        self.assertTrue(any("--aux-map" in warning for warning in both["warnings"]))

    def test_a_handful_of_people_teaches_nothing_and_is_told(self):
        few = self.folder / "few.jsonl"
        write_jsonl(few, [{"user": f"u{i % 3}", "conversation": f"c{i % 6}", "text": f"word{i % 7} and {i}"} for i in range(60)])
        report = self.link(few, few)
        self.assertIsNone(values(report)["ext.pairs_p90"])
        self.assertIn("calibrate", report["metrics"]["ext.pairs_p90"]["why"])
        for link in report["linkability"]["external"]["links"]:
            self.assertIsNone(link["probability"])

    def test_hostile_names_stay_text(self):
        evil = self.folder / "evil.jsonl"
        write_jsonl(evil, [{"user": f"=cmd()\n<script>{i % 4}</script>\",", "conversation": f"c{i % 8}", "text": f"we say w{i}"}
                           for i in range(80)])
        out = self.folder / "evil"
        done = run("link", evil, self.b, "--reveal", "-o", out, "-q")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertNotIn(b"<script>0", (out / "report.html").read_bytes())
        for row in csv.DictReader(io.StringIO((out / "links.csv").read_bytes().decode("utf-8"))):
            self.assertTrue(row["a"].startswith("'=cmd()"))

    def test_what_would_help_is_measured_when_it_is_named(self):
        fields = ["--qi", "country,age,gender"]
        corpus = self.folder / "small.jsonl"
        synth(corpus, users=40, messages=1500, style=0.9)
        asked = {row["k"]: row for row in audit(corpus, "--qi", "none", "--measures", "link,whatif")["what_if"]}
        self.assertEqual(list(asked), [None, 2, 5, 10, 20, 50])
        costs = [row["cost"] for row in asked.values()]
        self.assertEqual(costs, sorted(costs))
        self.assertEqual(costs[0], 0)
        self.assertGreater(costs[3], 0)
        self.assertLess(asked[50]["mrr"], asked[None]["mrr"])
        rows = audit(corpus, *fields, "--measures", "all,-unicity,-suda")["what_if"]
        self.assertTrue(all(row["top1"] is None and "whatif" in row["why"] for row in rows if row["measure"] != "none"))
        dropped = {row["field"]: row for row in rows if row["measure"] == "drop_field"}
        self.assertEqual(set(dropped), {"country", "age", "gender"})
        self.assertEqual(dropped["age"]["qi_k"], values(audit(corpus, "--qi", "country,gender", "--measures", "qi"))["qi.k"])
        self.assertEqual(audit(corpus, *fields, "--measures", "qi")["what_if"], [])

    def test_a_dropped_field_is_attacked_as_if_it_had_never_been_there(self):
        corpus = self.folder / "fields.jsonl"
        synth(corpus, users=60, messages=1500, style=0.4)
        rows = audit(corpus, "--qi", "country,age", "--measures", "qi,link,whatif")["what_if"]
        dropped = {row["field"]: row for row in rows if row["measure"] == "drop_field"}
        self.assertEqual(set(dropped), {"country", "age"})
        for field, row in dropped.items():
            without = values(audit(corpus, "--qi", {"country": "age", "age": "country"}[field], "--measures", "qi,link"))
            self.assertIsNone(row["why"])
            for figure in ("top1", "mrr", "recall_p90"):
                self.assertEqual(row[figure], without["link." + figure], (field, figure))
        whole = next(row for row in rows if row["measure"] == "none")
        self.assertGreater(whole["mrr"], dropped["age"]["mrr"])
        for row in rows:  # taking out words leaves the fields as they are
            if row["measure"] == "suppress_words":
                self.assertEqual(row["qi_k"], whole["qi_k"])

    def test_conversations_without_users_are_linked_by_what_another_corpus_teaches(self):
        secret = self.folder / "no-users.jsonl"
        teacher = self.folder / "teacher.jsonl"
        synth(teacher, users=80, messages=4000, style=1, seed=5)
        rows = rows_of(self.a)
        write_jsonl(secret, [{"conversation": row["conversation"], "timestamp": row["timestamp"], "text": row["text"]} for row in rows])
        why = audit(secret, "--measures", "link")["metrics"]["link.pairs_p90"]["why"]
        self.assertIn("--calibrate", why)
        report = audit(secret, "--measures", "link", "--calibrate", teacher, "--min-messages", "3")
        part = report["linkability"]["conversations"]
        self.assertEqual([level["links"] for level in part["pairs"]], [values(report)[f"link.pairs_p{p}"] for p in (50, 90, 99)])
        self.assertGreater(part["queries"], 10)
        self.assertGreater(part["learnt_from"], 20)
        self.assertGreater(part["expected"], 0)
        blind = audit(secret, "--measures", "link", "--calibrate", secret)
        self.assertIn("no users either", blind["metrics"]["link.pairs_p50"]["why"])


if __name__ == "__main__":
    unittest.main()
