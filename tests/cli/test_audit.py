"""linkback audit on corpora whose truth is known, in every container, cutting and number of threads."""
import gzip
import json
import pathlib
import random
import tempfile
import unittest

from program import audit, run, synth, values

QI = ["--qi", "country,age,gender,language,device", "--sensitive", "condition"]


class Audit(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def test_agrees_with_the_ground_truth(self):
        corpus = self.folder / "corpus.jsonl"
        truth = synth(corpus)
        report = audit(corpus, *QI)
        metrics = values(report)
        self.assertEqual(report["corpus"]["users"], truth["users"])
        self.assertEqual(report["corpus"]["conversations"], truth["conversations"])
        self.assertEqual(report["corpus"]["messages"], truth["messages"])
        self.assertEqual(report["corpus"]["counts"]["own_messages"], truth["own_messages"])
        known = truth["quasi_identifiers"]
        self.assertEqual(metrics["qi.k"], known["k"])
        self.assertEqual(metrics["qi.classes"], known["classes"])
        self.assertEqual(metrics["qi.unique_users"], known["unique_users"])

    def test_planted_tokens_are_found_and_masked_unless_revealed(self):
        corpus = self.folder / "corpus.jsonl"
        truth = synth(corpus)
        planted = [p["token"] for p in truth["planted"]]
        self.assertGreater(len(planted), 0)
        report = audit(corpus, *QI)
        self.assertGreaterEqual(values(report)["tokens.unique"], len(planted))
        signed = {p["user"] for p in truth["planted"] if p["signature"]}
        self.assertGreaterEqual(values(report)["tokens.signature_share"], len(signed) / truth["users"] - 1e-12)
        run("audit", corpus, *QI, "-o", self.folder / "out", "-q")
        everything = b"".join(p.read_bytes() for p in (self.folder / "out").iterdir()).lower()
        users = {json.loads(line)["user"] for line in corpus.open(encoding="utf-8")}
        for secret in planted + sorted(users):
            self.assertNotIn(secret.encode("utf-8").lower(), everything)
        revealed = audit(corpus, *QI, "--reveal")
        self.assertTrue({person["user"] for person in revealed["users"]} <= users)

    def test_containers_say_the_same(self):
        seen = []
        for form in ("jsonl", "csv", "xml"):
            corpus = self.folder / f"corpus.{form}"
            synth(corpus, format=form)
            seen.append(values(audit(corpus, *QI)))
        lines = [json.loads(line) for line in (self.folder / "corpus.jsonl").open(encoding="utf-8")]
        array = self.folder / "corpus.json"
        array.write_text(json.dumps(lines, indent=1), encoding="utf-8")
        seen.append(values(audit(array, *QI)))
        for other in seen[1:]:
            self.assertEqual(seen[0], other)

    def test_threads_order_and_cutting_change_no_bit(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus, users=40, messages=2000)
        lines = corpus.read_bytes().splitlines(keepends=True)
        whole = audit(corpus, *QI, "--ngrams", 3)["metrics"]
        for threads in (1, 2, 5):
            self.assertEqual(audit(corpus, *QI, "--ngrams", 3, "--threads", threads)["metrics"], whole)
        random.Random(3).shuffle(lines)
        for trial in range(3):
            parts = []
            for i in range(7):
                part = self.folder / f"{trial}-part-{i}.jsonl{'.gz' if i % 2 else ''}"
                text = b"".join(lines[i::7])
                part.write_bytes(gzip.compress(text) if i % 2 else text)
                parts.append(part)
            random.Random(trial).shuffle(parts)
            self.assertEqual(audit(*parts, *QI, "--ngrams", 3, "--threads", trial + 1)["metrics"], whole)

    def test_more_people_never_lower_k(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus)
        rows = [json.loads(line) for line in corpus.open(encoding="utf-8")]
        k = values(audit(corpus, "--qi", "gender"))["qi.k"]
        twin = self.folder / "twin.jsonl"
        with twin.open("w", encoding="utf-8") as file:
            for row in rows:
                for copy in ("", "-twin"):
                    file.write(json.dumps({**row, "user": row["user"] + copy}) + "\n")
        self.assertEqual(values(audit(twin, "--qi", "gender"))["qi.k"], 2 * k)
        self.assertEqual(values(audit(twin, "--qi", "gender"))["tokens.unique"], 0)

    def test_standard_input_is_an_input(self):
        corpus = self.folder / "corpus.jsonl"
        synth(corpus)
        self.assertEqual(values(audit("-", *QI, stdin=corpus.read_bytes())), values(audit(corpus, *QI)))

    def test_assistants_are_not_users(self):
        corpus = self.folder / "chats.jsonl"
        turns = [{"role": "user", "content": "the quick zyxomma"}, {"role": "assistant", "content": "aardwolf"}]
        with corpus.open("w", encoding="utf-8") as file:
            for i in range(3):
                file.write(json.dumps({"messages": turns, "user": f"u{i}"}) + "\n")
        report = audit(corpus)
        self.assertEqual(report["corpus"]["users"], 3)
        self.assertEqual(report["corpus"]["distinct_tokens"], 3)
        self.assertEqual(report["corpus"]["counts"]["other_roles"], 3)


if __name__ == "__main__":
    unittest.main()
