"""What of the inputs was not read, not understood or not looked at: it is counted, named, and never clean."""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import tempfile
import unittest

from program import SOURCE_DIR, audit, run, values


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


class Coverage(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def put(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def measured(self, name, content, *options, **named):
        report = audit(self.put(name, content), *options, **named)
        return report, {key.removeprefix("coverage."): value for key, value in values(report).items()
                        if key.startswith("coverage.")}

    def test_malformed_records_are_a_share_of_all(self):
        sound = lines({"user": f"u{i % 5}", "text": f"a word and {i}"} for i in range(90))
        report, found = self.measured("a.jsonl", sound + "{broken\n" * 10, "--max-errors", "10%")
        self.assertEqual(found["rejected_share"], 0.1)
        self.assertAlmostEqual(found["unread_bytes_share"], 70 / (len(sound) + 80))
        self.assertEqual((report["coverage"]["records"], report["coverage"]["rejected"]), (100, 10))

    def test_bytes_that_are_no_text_are_not_understood(self):
        content = lines({"user": f"u{i % 5}", "text": f"a word and {i}"} for i in range(50)).encode("utf-8")
        _, found = self.measured("a.jsonl", content.replace(b"word", b"w\xffrd"))
        self.assertEqual(found["unread_bytes_share"], 50 / len(content))

    def test_messages_that_say_nothing_are_counted_with_their_places(self):
        silent = ["", "  ", None, "\u200b", "\u3000"]
        records = [{"user": f"u{i % 4}", "text": silent[i // 2 % 5] if i % 2 else f"a word and {i}"} for i in range(40)]
        del records[39]["text"]
        report, found = self.measured("a.jsonl", lines(records))
        self.assertEqual((found["messages_without_text"], found["without_text_share"]), (5, 0.5))
        gap = report["coverage"]["without_text"]
        self.assertEqual((gap["count"], gap["of"], report["coverage"]["blank_texts"]), (5, 40, 15))
        self.assertEqual([place.rsplit(":", 1)[1] for place in gap["first"]], ["6", "16", "26", "36", "40"])

    def test_an_empty_text_is_no_missing_one(self):
        said = [{"user": f"u{i % 4}", "text": f"a word and {i}"} for i in range(36)]
        hidden = [{"user": "u1"}, {"user": "u1", "text": None}, {"user": "u1", "text": {"body": "hello"}}, {"user": "u1", "text": []}]
        for name, records, missing in [("blank", [{"user": "u1", "text": blank} for blank in ("", " ", "\u3000", "\t")], 0), ("hidden", hidden, 4)]:
            with self.subTest(name=name):
                report, found = self.measured("a.jsonl", lines(said + records))
                self.assertEqual((found["messages_without_text"], found["without_text_share"]), (missing, 0.1))
        rows = "user,text\n" + "".join(f"u{i % 4},{'' if i % 10 == 0 else 'a word'}\n" for i in range(40))
        self.assertEqual(self.measured("a.csv", rows)[1]["messages_without_text"], 0)
        xml = "<posts>" + "".join(f'<post user="u{i % 4}">{["<text/>", "", "<text>a word</text>"][min(i, 2)]}</post>' for i in range(40)) + "</posts>"
        self.assertEqual(self.measured("a.xml", xml, "--map", "record=post")[1]["messages_without_text"], 1)

    def test_an_object_in_place_of_a_user_is_nobody(self):
        records = [{"user": f"u{i % 5}", "text": f"a word and {i}"} for i in range(2000)]
        for i in range(1500, 2000):
            records[i]["user"] = {"id": f"u{i % 5}", "name": f"Anna {i}"}
        report, found = self.measured("a.jsonl", lines(records))
        self.assertEqual((found["without_user_share"], found["unsearched_fields"]), (0.25, 1))
        self.assertEqual((report["corpus"]["users"], report["coverage"]["fields"][0]["path"]), (5, "user"))

    def test_words_that_no_measure_looks_at_are_told_like_fields(self):
        turns = [{"role": "user", "content": "> he said\nhello there"}, {"role": "assistant", "content": "ask Anna"}]
        content = lines({"user": f"u{i}", "messages": turns} for i in range(10))
        report, found = self.measured("a.jsonl", content, "--skip", "quotes")
        self.assertEqual(found["unsearched_fields"], 2)
        self.assertEqual({field["path"]: field["values"] for field in report["coverage"]["fields"]},
                         {"text: messages of other roles": 10, "text: bytes left out by --skip": 100})
        _, found = self.measured("a.jsonl", content, "--roles", "user,assistant")
        self.assertEqual(found["unsearched_fields"], 0)

    def test_turns_that_say_nothing_count_by_their_role(self):
        turns = [{"role": "user", "content": "hello there"}, {"role": "assistant", "content": None},
                 {"role": "user", "content": ""}, {"role": "assistant", "content": "yes"}]
        report, found = self.measured("a.jsonl", lines({"user": f"u{i}", "messages": turns} for i in range(10)))
        self.assertEqual((found["messages_without_text"], found["without_text_share"]), (0, 0.5))
        self.assertEqual(report["coverage"]["other_turns_without_text"], 10)

    def test_a_conversation_without_turns_says_nothing(self):
        turns = [{"role": "user", "content": "hello there"}]
        _, found = self.measured("a.jsonl", lines({"user": f"u{i}", "messages": turns if i % 2 else []} for i in range(10)))
        self.assertEqual((found["messages_without_text"], found["without_text_share"]), (5, 0.5))

    def test_times_that_are_none_are_counted(self):
        times = ["2024-01-05T10:00:00Z", "2024-02-31", "2024-01-05 10:00", "last week", "", None]
        records = [{"user": f"u{i % 5}", "text": f"a word and {i}", "time": times[i % 6]} for i in range(60)]
        report, found = self.measured("a.jsonl", lines(records), "--map", "time=time")
        self.assertEqual((found["times_not_understood"], found["times_not_understood_share"]), (20, 0.5))
        self.assertEqual(report["coverage"]["times_not_understood"]["of"], 40)

    def test_a_field_called_a_time_is_one_even_if_no_value_of_it_is_understood(self):
        says = {"time": "yesterday {0}", "created_at": "31/31/2024", "date": "last week", "sent_on": "week {0}"}
        for name, value in says.items():
            with self.subTest(name=name):
                records = [{"user": f"u{i % 40}", "text": "all say the same here", name: value.format(i % 7), "born": "1990-01-01"}
                           for i in range(1440)]
                report, found = self.measured("a.jsonl", lines(records), "--policy", "release", "--qi", "none", expect=(1,))
                self.assertEqual((found["times_not_understood"], found["times_not_understood_share"]), (1440, 1))
                verdicts = {check["metric"]: check["verdict"] for check in report["gate"]["checks"]}
                self.assertEqual(verdicts["coverage.times_not_understood_share"], "broken")
        for name, value in {"sent": "yes", "time": 12.5, "day": 3, "posted": True}.items():
            with self.subTest(name=name):
                records = [{"user": f"u{i % 40}", "text": f"a word and {i}", name: value} for i in range(60)]
                self.assertIsNone(self.measured("a.jsonl", lines(records))[1]["times_not_understood"])

    def test_messages_that_name_nobody_are_a_share_of_all(self):
        nobody = [None, "", "  ", "null", "None", "nan", "[deleted]", "undefined"]
        records = [{"user": nobody[i % 8] if i >= 60 else f"u{i % 6}", "text": f"a word and {i}"} for i in range(120)]
        report, found = self.measured("a.jsonl", lines(records))
        self.assertEqual(found["without_user_share"], 0.5)
        self.assertEqual(report["corpus"]["users"], 6)

    def test_rows_of_a_table_that_name_nobody_count_as_well(self):
        rows = "user,city\n" + "".join(f"{'' if i % 4 == 0 else f'u{i}'},c{i % 3}\n" for i in range(40))
        _, found = self.measured("a.csv", rows, "--map", "user=user", "--qi", "city")
        self.assertEqual(found["without_user_share"], 0.25)

    def test_fields_that_nothing_looks_at_are_named_wherever_they_begin(self):
        records = [{"user": f"u{i % 5}", "text": f"a word and {i}", "meta": {"mail": f"a{i}@example.org"}, "none": None, "bare": ""}
                   for i in range(5000)]
        records[4999]["late"] = 1
        records[4998]["text"] = {"text": "a word", "note": "unseen"}
        report, found = self.measured("a.jsonl", lines(records))
        self.assertEqual([(field["path"], field["values"]) for field in report["coverage"]["fields"]], [("late", 1), ("meta", 5000), ("text.note", 1)])
        self.assertEqual(report["coverage"]["fields"][0]["first"].rsplit(":", 1)[1], "5000")
        self.assertEqual(found["unsearched_fields"], 3)
        twice = "".join(f'{{"user":"u{i % 5}","text":"a word","text":"another"}}\n' for i in range(50))
        self.assertEqual(self.measured("b.jsonl", twice)[0]["coverage"]["fields"][0]["path"], "text")

    def test_columns_and_elements_that_nothing_looks_at_are_named(self):
        rows = "user,text,mail,bare\n" + "".join(f"u{i % 5},a word and {i},a{i}@example.org,\n" for i in range(50))
        report, found = self.measured("a.csv", rows)
        self.assertEqual([field["path"] for field in report["coverage"]["fields"]], ["mail"])
        xml = "<posts><about>Ann</about>" + "".join(
            f'<post user="u{i % 5}" ip="1.2.3.{i}"><text>a word and {i}</text><mail>a@example.org</mail></post>' for i in range(50)) + "</posts>"
        report, found = self.measured("a.xml", xml, "--map", "record=post")
        self.assertEqual([field["path"] for field in report["coverage"]["fields"]], ["posts.about", "posts.post.@ip", "posts.post.mail"])

    def unsearched(self, path, *options, **named):
        return {field["path"]: field["values"] for field in audit(path, *options, **named)["coverage"]["fields"]}

    def test_other_tables_of_a_database_are_named_with_their_rows(self):
        path = self.folder / "a.db"
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.executescript("CREATE TABLE messages (user TEXT, text TEXT); CREATE TABLE people (name TEXT, mail TEXT); CREATE TABLE bare (a);"
                                   "CREATE TABLE sqlitely (name TEXT); CREATE VIEW mails AS SELECT mail FROM people;"
                                   "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;"
                                   "CREATE VIEW broken AS SELECT * FROM gone;")
            database.executemany("INSERT INTO messages VALUES (?, ?)", [(f"u{i % 5}", f"a word and {i}") for i in range(50)])
            database.executemany("INSERT INTO people VALUES (?, ?)", [(f"Ann {i}", f"a{i}@example.org") for i in range(7)])
            database.execute("INSERT INTO sqlitely VALUES ('Ann')")
        found = self.unsearched(path)
        self.assertEqual({name: found.get(f"{path}!{name}") for name in ("people", "mails", "sqlitely", "bare", "messages")},
                         {"people": 7, "mails": 7, "sqlitely": 1, "bare": None, "messages": None})
        self.assertEqual({name for name in found if name not in {f"{path}!{table}" for table in ("people", "mails", "sqlitely")}},
                         {f"{path}!broken", f"{path}!endless"})
        fields = {field["path"]: field for field in audit(path, "--map", "record=people", "--qi", "mail")["coverage"]["fields"]}
        self.assertEqual(fields[f"{path}!messages"]["columns"], ["user", "text"])
        self.assertIn("name", fields)

    def test_text_of_xml_that_no_path_leads_to_is_named(self):
        def post(i):
            return f'<post user="u{i % 5}">{"John of Ghent " if i == 3 else ""}<text>a <b>bold</b> word {i}</text>{" behind" if i == 4 else ""}</post>'
        xml = '<archive owner="Ann"><room motto="x">' + "".join(map(post, range(50))) + "<!-- by Ann --><?note Ann?></room></archive>"
        found = self.unsearched(self.put("a.xml", xml), "--map", "record=post", "--map", "user=@user", "--map", "text=text")
        self.assertEqual(found, {"archive.@owner": 1, "archive.room.@motto": 1, "archive.room.post.text()": 2, "archive.room.comment()": 1,
                                 "archive.room.processing-instruction()": 1})
        xml = "<room>" + "".join(f'<post user="u{i % 5}">a word {i}<br/>{"and Ann" if i == 7 else ""}</post>' for i in range(50)) + "</room>"
        found = self.unsearched(self.put("b.xml", xml), "--map", "record=post", "--map", "user=@user", "--map", "text=text()")
        self.assertEqual(found, {"room.post.text()": 1})
        xml = '<room user="Ann Example">' + "".join(f'<post user="u{i % 5}"><text>a word {i}</text></post>' for i in range(50)) + "</room>"
        self.assertEqual(set(self.unsearched(self.put("c.xml", xml), "--map", "record=post", "--map", "user=@user")), {"room.@user"})

    def test_parts_of_a_content_that_are_no_text_are_named(self):
        parts = [{"type": "text", "text": "a word"}, "another", {"type": "image_url", "image_url": {"url": "https://example.org/ann"}},
                 {"type": "file", "name": "ann.pdf", "size": 3, "none": None}, {"type": "a long sentence, no type", "text": "well"}, [{"text": "in", "x": 1}]]
        turns = [{"role": "user", "content": parts}, {"role": "assistant", "content": {"parts": ["yes"], "note": ""}}]
        found = self.unsearched(self.put("a.jsonl", lines({"user": f"u{i % 5}", "messages": turns} for i in range(50))))
        base = "messages[].content"
        self.assertEqual(found, {f"{base}[].image_url": 50, f"{base}[].name": 50, f"{base}[].size": 50, f"{base}[].type": 50, f"{base}[][].x": 50,
                                 f"{base}.parts": 50})
        records = [{"user": f"u{i % 5}", "text": {"text": {"value": "deep"}} if i == 2 else f"a word and {i}"} for i in range(50)]
        self.assertEqual(self.unsearched(self.put("b.jsonl", lines(records))), {"text.text": 1})
        deep = json.loads('{"city": ' * 20 + '"Ghent"' + "}" * 20)
        records = [{"user": f"u{i % 5}", "text": f"a word and {i}", "place": deep} for i in range(50)]
        self.assertEqual(len(self.unsearched(self.put("c.jsonl", lines(records)), "--qi", "place")), 1)

    def test_of_two_fields_of_which_one_is_taken_the_other_is_named(self):
        records = [{"id": f"m{i}", "speaker": f"u{i % 5}", "conversation_id": f"c{i % 9}", "reply_to": "m0", "text": f"a word and {i}", "user": f"u{i % 5}",
                    "root": ""} for i in range(50)]
        path = self.put("utterances.jsonl", lines(records))
        self.assertEqual(self.unsearched(path, "--format", "convokit"), {})
        records[7]["user"] = "Ann Example"
        self.assertEqual(self.unsearched(self.put("utterances.jsonl", lines(records)), "--format", "convokit"), {"user": 1})
        for record in records:
            record["user"], record["speaker"] = record["speaker"], record["user"]
        records = [dict(sorted(record.items(), reverse=True)) for record in records]
        self.assertEqual(self.unsearched(self.put("utterances.jsonl", lines(records)), "--format", "convokit"), {"user": 1})

    def test_fields_of_a_table_of_users_are_named(self):
        folder = self.folder / "c"
        shutil.copytree(SOURCE_DIR / "datasets/slack/sample", folder)
        users = json.loads((folder / "users.json").read_text(encoding="utf-8"))
        users[0]["note"] = "likes tomatoes"
        (folder / "users.json").write_text(json.dumps(users), encoding="utf-8")
        self.assertEqual(self.unsearched(folder)[f"{folder}/users.json!note"], 1)

    def test_names_of_members_that_nothing_takes_are_named(self):
        record = {"talks": {"ann@example.org": {"text": "a word", "user": "u1"}, "ben@example.org": {"text": "a word", "user": "u2"}}}
        found = self.unsearched(self.put("a.jsonl", lines([record] * 9)), "--map", "record=talks{}", "--map", "text=text", "--map", "user=user")
        self.assertEqual(found, {"talks{}.key()": 18})

    def test_fields_of_a_known_format_that_are_its_structure_do_not_count_until_they_hold_something_else(self):
        message = {"ts": "1706700000.000100", "type": "message", "user": "U1", "text": "a word", "client_msg_id": "x", "reply_count": 2}
        def found(*others):
            return set(self.unsearched(self.put("a.json", json.dumps([message] * 9 + [{**message, **other} for other in others])), "--format", "slack"))
        self.assertEqual(found({"type": None}, {"reply_count": True}, {"type": "thread_broadcast-x"}, {"reply_count": "12"}), {"client_msg_id"})
        for other in ({"type": "Ann Example"}, {"type": "a" * 41}, {"type": "mail1"}, {"type": "ann@example.org"}, {"type": "\u00e4"},
                      {"type": {"a": "Ann"}}, {"type": ["Ann"]}):
            with self.subTest(other=other):
                self.assertEqual(found(other), {"client_msg_id", "type"})
        posts = '<posts>' + "".join(f'<row Id="{i}" PostTypeId="{"by Ann" if i == 3 else 1}" AnswerCount="{i}" OwnerUserId="{i % 5 + 1}" '
                                    f'CreationDate="2024-01-01T00:00:00.000" Body="a word"/>' for i in range(1, 50)) + '</posts>'
        self.assertEqual(set(self.unsearched(self.put("Posts.xml", posts), "--format", "stackexchange")), {"posts.row.@PostTypeId"})

    def test_the_first_fields_and_files_that_were_not_looked_at_stand_in_the_reports(self):
        records = [{"user": f"u{i % 5}", "text": f"a word and {i}", **{f"f{n:02}": n for n in range(12)}} for i in range(50)]
        hostile = {"a\u001b[31m<script>": 1, "b\nLeft out: nothing": 1, "c\u202ed": 1}
        records[7].update(hostile)
        (self.folder / "in").mkdir()
        self.put("in/a.jsonl", lines(records))
        self.put("in/letter.pdf", b"%PDF-1.4 by Ann")
        done = run("audit", self.folder / "in", "--measures", "qi", "-o", self.folder / "out", env={"COLUMNS": "100"})
        said = " ".join(done.stdout.decode("utf-8").replace("\u00a0", " ").split())
        self.assertIn("Fields no measure looked at (15): a", said)
        self.assertIn("f00 (50), f01 (50)", said)
        self.assertRegex(said, r"f06 \(50\), 5 more")
        self.assertRegex(said, r"Files not read \(1\): [^ ]*/in/letter\.pdf \(")
        self.assertNotIn("f07", said)
        self.assertNotIn("Not counted", said)
        self.assertNotIn("\x1b", said)
        self.assertNotIn("\u202e", said)
        self.assertNotIn("\nLeft out: nothing", done.stdout.decode("utf-8"))
        page = (self.folder / "out/report.html").read_text(encoding="utf-8")
        section = page[page.index('id="coverage"'):]
        self.assertIn("f06", section)
        self.assertIn("letter.pdf", section)
        self.assertNotIn("<script>\"", section)
        self.assertNotIn("\x1b", page)

    def ends(self, code, *arguments, says=(), **named):
        done = run("audit", *arguments, "-o", self.folder / "out", **named)
        error = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, error)
        self.assertRegex(error, r"\Alinkback: [^\n]+; [^\n]+\n\Z")
        self.assertFalse((self.folder / "out").exists() and any((self.folder / "out").iterdir()))
        for words in says:
            self.assertIn(words, error)

    def test_a_role_that_is_nobodys_is_refused(self):
        turns = [{"role": "user", "content": "hello there"}, {"role": "assistant", "content": "yes"}]
        path = self.put("a.jsonl", lines({"user": f"u{i}", "messages": turns} for i in range(10)))
        for roles in ("bogus", "user,bogus", "User, bogus"):
            with self.subTest(roles=roles):
                self.ends(2, path, "--roles", roles, says=['"bogus"', "the roles are assistant, user"])
        (self.folder / "linkback.yaml").write_text("corpus: {roles: [usr]}\n", encoding="utf-8")
        self.ends(2, path, cwd=self.folder, says=['"usr"', "the roles are"])
        self.assertEqual(audit(path, "--roles", "USER,assistant")["corpus"]["messages"], 20)
        plain = self.put("b.jsonl", lines({"user": f"u{i}", "text": f"a word and {i}"} for i in range(10)))
        self.ends(2, plain, "--roles", "bogus", says=["bogus", "--map role="])
        audit(plain, "--roles", "user")

    def test_what_holds_not_one_message_of_a_person_ends_with_3(self):
        machine = [{"role": "assistant", "content": "yes"}]
        for name, content in {"a.jsonl": '{"a":1}\n', "list.json": "[]", "object.json": "{}", "turns.json": '{"messages":[]}',
                              "elements.json": "[{}]", "head.csv": "user,text\n", "table.csv": "a,b\n1,2\n3,4\n",
                              "empty.jsonl": lines({"user": f"u{i}", "text": ""} for i in range(9)),
                              "null.jsonl": lines({"user": f"u{i}", "text": None} for i in range(9)),
                              "blank.jsonl": lines({"user": f"u{i}", "text": " \t\u00a0"} for i in range(9)),
                              "machines.jsonl": lines({"user": f"u{i}", "messages": machine} for i in range(9)),
                              "deep.jsonl": '{"a":{"b":[1,2,3]}}\n' * 9, "one.jsonl": '{"a":"b"}\n',
                              "turns.jsonl": lines({"user": f"u{i}", "messages": []} for i in range(9))}.items():
            with self.subTest(name=name):
                self.ends(3, self.put(name, content), "--policy", "release-strict")

    def test_a_plain_table_is_its_fields(self):
        path = self.put("a.csv", "age,city\n" + "".join(f"{20 + i % 2},c{i % 2}\n" for i in range(60)))
        self.assertEqual(values(audit(path, "--qi", "age,city"))["qi.k"], 30)
        self.ends(3, path, "--qi", "none", says=["nothing to measure"])

    def test_fields_that_are_not_there_are_refused(self):
        path = self.put("a.jsonl", lines({"user": f"u{i % 5}", "text": f"a word and {i}", "city": "x"} for i in range(50)))
        for option in ("--qi", "--sensitive", "--weight"):
            self.ends(2, path, option, "citi", says=[option, '"citi"', "city"])
        self.ends(2, path, "--map", "text=txt", says=["--map", '"txt"', "text"])
        for key, option in {"quasi_identifiers": "--qi", "sensitive": "--sensitive", "weight": "--weight"}.items():
            (self.folder / "linkback.yaml").write_text(f"corpus: {{{key}: citi}}\n", encoding="utf-8")
            self.ends(2, path, cwd=self.folder, says=[option, '"citi"', "city"])
        (self.folder / "linkback.yaml").write_text("corpus: {map: {text: txt}}\n", encoding="utf-8")
        self.ends(2, path, cwd=self.folder, says=['"txt"', "text"])

    def test_a_release_is_not_passed_over_what_was_not_read(self):
        sound = [{"user": f"u{i % 40}", "text": "all say the same here", "time": "2024-01-01"} for i in range(400)]
        broken = {"without text": ("coverage.without_text_share", {"text": ""}), "without user": ("coverage.without_user_share", {"user": None}),
                  "times": ("coverage.times_not_understood_share", {"time": "2024-02-31"})}
        for name, (metric, change) in broken.items():
            for policy in ("release", "release-strict", "research", "aggregate"):
                with self.subTest(name=name, policy=policy):
                    records = [{**record, **change} if i % 2 else record for i, record in enumerate(sound)]
                    report = audit(self.put("a.jsonl", lines(records)), "--policy", policy, "--qi", "none", expect=(1,))
                    verdicts = {check["metric"]: check["verdict"] for check in report["gate"]["checks"]}
                    self.assertEqual(verdicts[metric], "broken")

    def test_one_record_or_a_few_bytes_that_were_not_read_break_a_release(self):
        sound = [{"user": f"u{i % 40}", "text": "all say the same here"} for i in range(1440)]
        broken = sound[:700] + [{"user": "u1", "text": 0}] + sound[700:]
        for name, content in {"quote.jsonl": lines(broken).replace('"text": 0', '"text": "open'), "behind.json": json.dumps(sound) + " x",
                              "latin.jsonl": lines(sound).encode().replace(b"same", b"s\xe4me", 1)}.items():
            for policy, verdict in {"release": "broken", "release-strict": "broken", "research": "held"}.items():
                with self.subTest(name=name, policy=policy):
                    report = audit(self.put(name, content), "--policy", policy, "--qi", "none", "--measures", "tokens", expect=(1,))
                    verdicts = {check["metric"]: check["verdict"] for check in report["gate"]["checks"]}
                    read = [verdicts[f"coverage.{figure}"] for figure in ("rejected_share", "unread_bytes_share")]
                    self.assertIn(verdict, read)
                    self.assertTrue(verdict == "broken" or "broken" not in read)

    def test_a_few_empty_texts_do_not_break_a_release_and_half_of_them_do(self):
        for share, verdict in ((100, "held"), (2, "broken")):
            records = [{"user": f"u{i % 40}", "text": "" if i % share == 0 else "all say the same here"} for i in range(400)]
            for policy in ("release", "release-strict"):
                report = audit(self.put("a.jsonl", lines(records)), "--policy", policy, "--qi", "none", "--measures", "tokens", expect=(1,))
                verdicts = {check["metric"]: check["verdict"] for check in report["gate"]["checks"]}
                self.assertEqual((verdicts["coverage.messages_without_text"], verdicts["coverage.without_text_share"]), ("held", verdict))

    def test_who_has_no_quasi_identifiers_says_so_and_the_report_repeats_it(self):
        path = self.put("a.jsonl", lines({"user": f"u{i % 5}", "text": f"a word and {i}"} for i in range(50)))
        (self.folder / "linkback.yaml").write_text("corpus: {quasi_identifiers: none, sensitive: []}\n", encoding="utf-8")
        for options, named, said in [([], {}, None), (["--qi", "none", "--sensitive", "none"], {}, "none"), (["--qi", "user"], {}, "named"),
                                     ([], {"cwd": self.folder}, "none")]:
            with self.subTest(options=options):
                report = audit(path, *options, **named)
                self.assertEqual(report["corpus"]["quasi_identifiers_declared"], said)
                if said == "none":
                    self.assertEqual(report["corpus"]["sensitive_declared"], said)
                    self.assertIn("--qi none", report["metrics"]["qi.k"]["why"])
        report = audit(path, "--qi", "user", "--sensitive", "none")
        self.assertIn("--sensitive none", report["metrics"]["inference.alpha"]["why"])
        done = run("audit", path, "--qi", "none,user")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"none alone", done.stderr)

    def test_the_same_whatever_the_threads(self):
        records = [{"user": "" if i % 7 == 0 else f"u{i % 9}", "text": "" if i % 11 == 0 else f"a word and {i} " * 20,
                    "time": "never" if i % 13 == 0 else "2024-01-01"} for i in range(20000)]
        path = self.put("a.jsonl", lines(records))
        one, many = (audit(path, "--measures", "qi", "--threads", n)["coverage"] for n in (1, 4))
        self.assertEqual(one, many)
        self.assertEqual(len(one["without_user"]["first"]), 5)


if __name__ == "__main__":
    unittest.main()
