"""A text field is text: what was guessed wrongly ends the run and names the candidates, and what people write is no id."""
import base64
import csv
import hashlib
import io
import json
import pathlib
import random
import tempfile
import unittest
import uuid

from program import SOURCE_DIR, audit, run

WORDS = ("the a we rowed to island boat never again please tell me about your river house when it rains I like green tea and old "
         "books of yours").split()
DRAW = random.Random(1)


def said(words=8):
    return " ".join(DRAW.choice(WORDS) for _ in range(words))


def digest(i):
    return hashlib.md5(str(i).encode("ascii")).hexdigest()


class Guess(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def put(self, make, count=200, name="a.jsonl"):
        path = self.folder / name
        records = [{"user": f"u{i % 20}", **make(i)} for i in range(count)]
        if name.endswith(".csv"):
            table = io.StringIO()
            writer = csv.DictWriter(table, records[0])
            writer.writeheader()
            writer.writerows(records)
            path.write_text(table.getvalue(), encoding="utf-8")
        else:
            path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path

    def refused(self, path, *says):
        done = run("audit", path, "--report", "json=-", "--policy", "release")
        error = done.stderr.decode("utf-8")
        self.assertEqual((done.returncode, done.stdout), (2, b""), error)
        self.assertRegex(error, r"\Alinkback: [^\n]+; [^\n]+\n\Z")
        for words in (*says, "--map text="):
            self.assertIn(words, error)

    def warnings(self, path, *options):
        doubts = (" taken for the text, but", " holds sentences ", "It is not sure")
        return [w for w in audit(path, "--measures", "qi", *options)["warnings"] if any(doubt in w for doubt in doubts)]

    def test_a_text_of_keys_is_refused_and_a_field_of_sentences_named(self):
        keys = {"hash": digest, "uuid": lambda i: str(uuid.UUID(digest(i))), "number": lambda i: str(7 * i), "id": lambda i: f"m{i}",
                "address": lambda i: f"https://example.org/{i}", "date": lambda i: f"2024-01-{i % 28 + 1:02}",
                "written date": lambda i: f"Jan {i % 28 + 1}, 2024", "file": lambda i: "clips/sp_one.wav", "e-mail": lambda i: "ann@example.org",
                "base64": lambda i: base64.b64encode(said().encode("ascii")).decode("ascii"),
                "numbers of words": lambda i: " ".join(str(j * 37) for j in range(9))}
        for kind, key in keys.items():
            for name in ("a.jsonl",) if kind == "number" else ("a.jsonl", "a.csv"):  # numbers of a table are never taken for text
                with self.subTest(kind=kind, name=name):
                    self.refused(self.put(lambda i: {"content": key(i), "q": said()}, name=name), '"content"', "--map text=q")
            with self.subTest(kind=kind):
                self.refused(self.put(lambda i: {"conversation": f"c{i // 5}", "text": key(i)}), '"text"', "inspect")
        self.refused(self.put(lambda i: {"message": f"m{i}", "body": said()}), "--map text=body")
        self.refused(self.put(lambda i: {"text": 7 * i}), "holds numbers")
        self.refused(self.put(lambda i: {"text": digest(i)}, count=3))

    def test_keys_behind_words_are_seen(self):
        for count in (10, 60, 120):
            self.refused(self.put(lambda i: {"text": said() if i < count else digest(i)}), '"text"')

    def test_labels_beside_sentences_are_refused(self):
        for labels in (("positive", "negative"), ("a very positive one", "a negative one")):
            for count in (10, 200):
                self.refused(self.put(lambda i: {"text": labels[i % 2], "tweet": said()}, count=count), '"tweet"', "--map text=tweet")
        self.refused(self.put(lambda i: {"content": f"{WORDS[i % 9]}{WORDS[i % 7]}", "q": said()}), "--map text=q")

    def test_of_two_texts_neither_is_taken(self):
        self.refused(self.put(lambda i: {"text": said(), "message": said()}), '"text" and "message"')
        self.refused(self.put(lambda i: {"q": said(), "w": said()}), '"q"', '"w"')

    def test_a_second_field_of_sentences_is_named_and_not_searched(self):
        for text, other in {"prompt": "response", "selftext": "title", "content": "note"}.items():
            with self.subTest(text=text):
                path = self.put(lambda i: {text: said(), other: said(5)})
                found = self.warnings(path)
                self.assertEqual(len(found), 1)
                self.assertIn(f"--map text={other}", found[0])
                self.assertIn(other, [field["path"] for field in audit(path, "--measures", "qi")["coverage"]["fields"]])
                self.assertEqual(self.warnings(path, "--qi", other), [])

    def test_what_people_write_is_text(self):
        texts = {"short": ("ok", "lol", "\U0001F600", "yes", "no", "k", "thx :)", "see you", "ha" * 30), "one word": WORDS,
                 "Chinese": ("我们今天去河边", "吃饭", "看书吗我们今天去河边吃饭看书", "好", "3年", "去", "今天呢"), "yes and no": ("yes", "no"),
                 "Thai": ("กขคงจฉชซญ", "ดตถทธน", "กข", "งจฉชซญดตถทธน", "ชซ", "ฉช"), "hearts": ("❤", "\U0001F602\U0001F602"),
                 "figures among words": ("42", "yes", "maybe tomorrow", "I think so", "no", "not yet", "why", "well yes", "as ever", "https://example.org/a")}
        for kind, values in texts.items():
            with self.subTest(kind=kind):
                found = self.warnings(self.put(lambda i: {"text": DRAW.choice(values)}))
                self.assertEqual([w for w in found if "few different" not in w], [])
        for values in (("hi", "room 5", "ok2"), ("word1",), ("10",)):
            self.assertEqual(self.warnings(self.put(lambda i: {"text": values[i]}, count=len(values))), [])
        path = self.put(lambda i: {"text_id": f"t{i}", "comment": said()}, name="a.csv")
        self.assertEqual(self.warnings(path), [])

    def test_files_of_one_corpus_are_judged_together(self):
        for i in range(30):
            self.put(lambda j: {"text": "https://example.org/a" if i == 3 else said()}, count=6, name=f"f{i:02}.jsonl")
        self.assertEqual(self.warnings(self.folder), [])

    def test_what_is_named_is_taken_as_said(self):
        path = self.put(lambda i: {"content": digest(i), "q": said()})
        found = self.warnings(path, "--map", "text=content")
        self.assertEqual(len(found), 1)
        self.assertIn("100 %", found[0])
        self.assertEqual(self.warnings(path, "--map", "text=q"), [])
        (self.folder / "linkback.yaml").write_text("corpus: {map: {text: q}}\n", encoding="utf-8")
        audit(path, "--measures", "qi", cwd=self.folder)
        path = self.put(lambda i: {"text": i, "age": 20 + i % 2})
        audit(path, "--measures", "qi", "--map", "text=", "--qi", "age")

    def test_the_text_of_a_format_is_doubted_in_a_warning(self):
        path = self.put(lambda i: {"messages": [{"role": "user", "content": digest(i)}, {"role": "assistant", "content": "yes, it is"}]})
        self.assertIn("50 %", self.warnings(path)[0])

    def test_a_user_who_is_another_in_every_message_is_no_person(self):
        def people(path, *options):
            report = audit(path, "--policy", "release", "--qi", "none", *options, expect=(0, 1))
            found = [w for w in report["warnings"] if "--map user=" in w]
            return found, [check["verdict"] for check in report["gate"]["checks"] if check["metric"] == "corpus.unit"]

        path = self.put(lambda i: {"user": f"m{i}", "text": "all say the same here", "member_key": f"k{i % 9}"})
        found, verdict = people(path)
        self.assertEqual((len(found), verdict), (1, ["broken"]))
        self.assertIn("--map user=member_key", found[0])
        found, verdict = people(path, "--map", "user=user")
        self.assertEqual((len(found), verdict), (1, ["held"]))
        self.assertEqual(people(path, "--map", "user=member_key"), ([], ["held"]))
        found, verdict = people(self.put(lambda i: {"user": "all", "text": "all say the same here"}))
        self.assertIn("All messages are of one user", found[0])
        found, verdict = people(self.put(lambda i: {"user": f"2024-01-{i % 28 + 1:02}", "text": "all say the same here"}))
        self.assertIn("look like times", found[0])

    def test_inspect_shows_what_is_doubted(self):
        done = run("inspect", self.put(lambda i: {"content": digest(i), "q": said()}))
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"--map text=q", done.stdout + done.stderr)

    def test_the_samples_of_the_formats_are_in_no_doubt(self):
        for sample in sorted((SOURCE_DIR / "datasets").glob("*/sample*")):
            with self.subTest(sample=sample.name):
                self.assertEqual(self.warnings(sample), [])


if __name__ == "__main__":
    unittest.main()
