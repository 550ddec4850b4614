"""Every format from the outside: its sample is detected without options, shown by inspect and audited with exact
counts; also as archives, as many files, as databases, and from nested Parquet where libduckdb is there."""
import ctypes
import json
import os
import pathlib
import sqlite3
import tempfile
import unittest
import zipfile

from program import SOURCE_DIR, audit, run

DATASETS = SOURCE_DIR / "datasets"

# sample: format, users (None: the unit is the conversation), conversations, messages, own messages
SAMPLES = {
    "chatbot-arena/sample.jsonl": ("chatbot-arena", 2, 3, 11, 4),
    "chatgpt-export/sample.json": ("chatgpt-export", 1, 3, 10, 4),
    "claude-export/sample.json": ("claude-export", 2, 3, 5, 3),
    "convokit/sample": ("convokit", 3, 2, 4, 4),
    "discord/sample.json": ("discord", 2, 3, 4, 3),
    "hh-rlhf/sample.jsonl": ("hh-rlhf", None, 2, 8, 3),
    "hh-rlhf/sample.red-team.jsonl": ("hh-rlhf", 2, 2, 6, 3),
    "irc/sample.2024-01-31.log": ("irc", 3, 2, 5, 5),
    "lmsys-chat/sample.jsonl": ("lmsys-chat", None, 3, 6, 3),
    "nps-chat/sample": ("nps-chat", 5, 2, 8, 8),
    "oasst/sample.jsonl": ("oasst", 3, 2, 5, 4),
    "oasst/sample.trees.jsonl": ("oasst", 4, 2, 6, 5),
    "openai-messages/sample.jsonl": ("openai-messages", 1, None, 8, 3),
    "pan-author/sample": ("pan-author", 2, 3, 3, 3),
    "prism/sample": ("prism", 2, 3, 9, 4),
    "sharegpt/sample.json": ("sharegpt", None, 2, 7, 3),
    "slack/sample": ("slack", 3, 4, 6, 5),
    "stackexchange/sample": ("stackexchange", 2, None, 5, 4),
    "telegram/sample.account.json": ("telegram", 2, 2, 3, 3),
    "telegram/sample.json": ("telegram", 2, 2, 4, 4),
    "ultrachat/sample.jsonl": ("ultrachat", None, 1, 4, 2),
    "ultrachat/sample.original.jsonl": ("ultrachat", None, 2, 6, 3),
    "whatsapp/sample.ios.txt": ("whatsapp", 2, 1, 2, 2),
    "whatsapp/sample.txt": ("whatsapp", 2, 2, 3, 3),
    "wildchat/sample.jsonl": ("wildchat", 3, 4, 10, 5),
}


def measures(report):
    corpus = report["corpus"]
    return corpus["users"], corpus["conversations"], corpus["messages"], corpus["counts"]["own_messages"]


def duckdb():
    """libduckdb by ctypes, as a function that runs a statement; None where it is not there."""
    path = os.environ.get("LINKBACK_DUCKDB", "")
    if not os.access(path, os.R_OK):
        return None
    library = ctypes.CDLL(path)
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    assert library.duckdb_open(None, ctypes.byref(database)) == 0
    assert library.duckdb_connect(database, ctypes.byref(connection)) == 0

    def execute(statement):
        result = (ctypes.c_uint64 * 8)()
        library.duckdb_result_error.restype = ctypes.c_char_p
        if library.duckdb_query(connection, statement.encode(), ctypes.byref(result)) != 0:
            raise AssertionError(library.duckdb_result_error(ctypes.byref(result)))

    return execute


class Formats(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def test_every_format_has_a_sample_here(self):
        known = {path.parent.name for path in DATASETS.glob("*/format.yaml")}
        self.assertEqual(known, {expected[0] for expected in SAMPLES.values()})

    def test_every_sample_is_detected_and_counted_exactly(self):
        for sample, (form, users, conversations, messages, own) in SAMPLES.items():
            with self.subTest(sample=sample):
                report = audit(DATASETS / sample)
                self.assertEqual({i["format"] for i in report["corpus"]["inputs"]}, {form})
                got = measures(report)
                self.assertEqual((got[0], got[2], got[3]), (users, messages, own))
                if conversations is not None:
                    self.assertEqual(got[1], conversations)
                self.assertEqual(sum(i["rejected"] for i in report["corpus"]["inputs"]), 0)

    def test_inspect_names_the_format_and_masks_the_messages(self):
        for sample, expected in SAMPLES.items():
            with self.subTest(sample=sample):
                done = run("inspect", DATASETS / sample)
                self.assertEqual(done.returncode, 0, done.stderr)
                shown = done.stdout.decode("utf-8")
                self.assertIn(f"format {expected[0]} (", shown)
                self.assertIn("the first messages of people", shown)
                for secret in ("kayak", "oar?", "herring", "Gjertrud", "salt"):
                    self.assertNotIn(secret, shown)

    def test_inspect_cuts_a_role_behind_a_character_and_hides_control_characters(self):
        path = self.folder / "roles.jsonl"
        role = "\u6f22" * 8
        path.write_text("".join(json.dumps({"user": f"u{i}", "role": role if i else "a\x1b[31m", "text": "hello there"}) + "\n"
                                for i in range(3)), encoding="utf-8")
        shown = run("inspect", path, "--map", "role=role", "--roles", role + ",a\x1b[31m").stdout.decode("utf-8")
        self.assertIn("\u6f22" * 6 + ": ", shown)
        self.assertNotIn("\x1b", shown)

    def test_a_tree_is_shown_by_its_pattern_and_not_by_its_keys(self):
        shown = run("inspect", DATASETS / "chatgpt-export/sample.json").stdout.decode("utf-8")
        self.assertIn("mapping{}.message.author.role", shown)
        self.assertNotIn("mapping.n1", shown)

    def test_an_archive_is_read_as_its_folder(self):
        for name in ("slack", "prism", "convokit", "stackexchange", "pan-author", "nps-chat"):
            with self.subTest(format=name):
                folder = DATASETS / name / "sample"
                archive = self.folder / f"{name}.zip"
                with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
                    for path in sorted(folder.rglob("*")):
                        if path.is_file():
                            file.write(path, path.relative_to(folder))
                inside, outside = audit(archive), audit(folder)
                self.assertEqual(measures(inside), measures(outside))
                self.assertEqual(inside["metrics"]["qi.k"], outside["metrics"]["qi.k"])

    def test_a_chatgpt_archive_is_one_person(self):
        conversations = json.loads((DATASETS / "chatgpt-export/sample.json").read_text(encoding="utf-8"))
        for person in ("p1", "p2"):
            with zipfile.ZipFile(self.folder / f"{person}.zip", "w") as file:
                for i, conversation in enumerate(conversations):
                    file.writestr(f"conversations-{i:03}.json", json.dumps([conversation]))
                file.writestr("user.json", json.dumps({"id": person, "email": f"{person}@mail.example"}))
                file.writestr("chat.html", "<html></html>")
        report = audit(self.folder)
        self.assertEqual(report["corpus"]["users"], 2)
        self.assertEqual(report["corpus"]["counts"]["own_messages"], 8)
        self.assertTrue(any("user.json was left out" in warning for warning in report["warnings"]))

    def test_fifteen_files_of_xml_are_one_corpus(self):
        for i in range(15):
            posts = "".join(f'<Post class="Statement" user="10-{i + 10}-30sUser{j}">word{j} and more'
                            f'<terminals><t pos="UH" word="x"/></terminals></Post>' for j in range(4))
            path = self.folder / f"10-{i + 10}-{'20s' if i % 2 else 'adults'}_4posts.xml"
            path.write_text(f"<Session><Posts>{posts}</Posts></Session>", encoding="utf-8")
        report = audit(self.folder)
        self.assertEqual(measures(report), (60, 15, 60, 60))
        self.assertEqual(report["corpus"]["quasi_identifiers"], ["file(age)"])
        self.assertEqual(report["metrics"]["qi.classes"]["value"], 2)

    def test_an_unknown_table_is_mapped_in_any_container(self):
        rows = [("ann", "c1", "2024-01-01 10:00:00", "good morning"), ("bo", "c1", "2024-01-01 10:01:00", "hello, you"),
                ("ann", "c2", "2024-01-02 10:00:00", "rain again")]
        names = ("nickname", "thread_id", "created_at", "body")
        inputs = [self.folder / name for name in ("a.jsonl", "a.csv", "a.xml", "a.db")]
        inputs[0].write_text("".join(json.dumps(dict(zip(names, row))) + "\n" for row in rows))
        inputs[1].write_text("\n".join([",".join(names), *(",".join(f'"{v}"' for v in row) for row in rows)]))
        inputs[2].write_text("<log>" + "".join(
            "<entry>" + "".join(f"<{n}>{v}</{n}>" for n, v in zip(names, row)) + "</entry>" for row in rows) + "</log>")
        database = sqlite3.connect(inputs[3])
        database.execute("CREATE TABLE settings(name, value)")
        database.execute(f"CREATE TABLE messages({', '.join(names)})")
        database.executemany("INSERT INTO messages VALUES (?, ?, ?, ?)", rows)
        database.commit()
        database.close()
        for path in inputs:
            with self.subTest(container=path.suffix):
                shown = run("inspect", path).stdout.decode("utf-8")
                for key, name in zip(("user", "conversation", "time", "text"), names):
                    self.assertRegex(shown, rf"  {key} +{name} +guessed")
                report = audit(path)
                self.assertEqual(measures(report), (2, 2, 3, 3))
                self.assertTrue(report["corpus"]["first"].startswith("2024-01-01"))

    def test_nested_parquet_is_its_jsonl_twin(self):
        execute = duckdb()
        if not execute:
            self.skipTest("libduckdb is not here")
        for name in ("wildchat", "lmsys-chat", "chatbot-arena"):
            with self.subTest(format=name):
                sample, parquet = DATASETS / name / "sample.jsonl", self.folder / f"{name}.parquet"
                execute(f"COPY (SELECT * FROM read_json('{sample}', maximum_depth=-1, sample_size=-1)) TO '{parquet}'")
                for twin in (parquet, f"duckdb:SELECT * FROM '{parquet}'"):
                    report = audit(twin)
                    self.assertEqual(report["corpus"]["inputs"][0]["format"], name)
                    self.assertEqual(report["metrics"], audit(sample)["metrics"])

    def test_a_parquet_file_called_like_a_pattern_is_not_taken_for_others(self):
        if duckdb() is None:
            self.skipTest("libduckdb is not here")
        path = self.folder / "a[1].parquet"
        path.write_bytes(b"PAR1xxxxPAR1")
        done = run("audit", path, "-o", self.folder / "out")
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"DuckDB would take the name for a pattern", done.stderr)

    def test_parquet_without_the_library_says_what_to_do(self):
        path = self.folder / "x.parquet"
        path.write_bytes(b"PAR1" + bytes(100))
        done = run("audit", path, "-o", self.folder / "out", env={"LINKBACK_DUCKDB": "/nowhere/libduckdb.so"})
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"LINKBACK_DUCKDB=", done.stderr)
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
