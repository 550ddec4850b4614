"""What of a folder or an archive is read, and what is named as left out: nothing of it may be taken for clean."""
import json
import gzip
import io
import pathlib
import tarfile
import tempfile
import unittest
import zipfile

from program import SOURCE_DIR, audit, run, synth

PAGE = "<!DOCTYPE html><html><body><p>anna: my number is 030 123456</p></body></html>"


def document(path):
    """A Word document, as far as its outside goes."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<w:document><w:t>anna: hi</w:t></w:document>")


def packed_zip(members, compression=zipfile.ZIP_DEFLATED):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return memory.getvalue()


def packed_tar(members, mode):
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode=mode) as file:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return memory.getvalue()


class Places(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name) / "data"
        self.folder.mkdir()
        self.corpus = self.folder / "corpus.jsonl"
        synth(self.corpus)
        self.corpus.with_suffix(".jsonl.truth").unlink()

    def left_out(self, *arguments, **options):
        """The lines of `inspect` about what was left out: (path, why) of what counts as unread and of what does not."""
        done = run("inspect", *arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.decode("utf-8").splitlines()
        found = {"*": {}, " ": {}}
        for line in lines[next((i for i, line in enumerate(lines) if line.startswith("left out (")), len(lines)) + 1:]:
            if not line or line.startswith("  and "):
                break
            path, _, why = line[4:].partition(": ")
            found[line[2]][path.replace(str(self.folder) + "/", "").rpartition("linkback-report/")[2].removeprefix("./")] = why
        return found["*"], found[" "]

    def test_a_file_is_read_under_whatever_name_it_has(self):
        rest = self.corpus.read_bytes()
        self.corpus.unlink()
        for name in ("--map=text=t.jsonl", "-", "*.jsonl", "a[1].jsonl", "duckdb:SELECT 1 AS text", ":memory:", "file:a?b.jsonl",
                     "two\nlines 'and' \"quotes\".jsonl", "back\\slash.jsonl"):
            (self.folder / name).write_bytes(rest)
            done = run("inspect", "--", f"./{name}", cwd=self.folder)
            self.assertEqual((done.returncode, done.stdout.count(b"container jsonl")), (0, 1), (name, done.stderr))
            if name[0] != "-" and ":" not in name:
                done = run("inspect", "--", name, cwd=self.folder)
                self.assertEqual((done.returncode, done.stdout.count(b"container jsonl")), (0, 1), (name, done.stderr))
            (self.folder / name).unlink()

    def test_a_name_that_a_pattern_finds_is_no_query_and_not_standard_input(self):
        rest = self.corpus.read_bytes()
        self.corpus.unlink()
        for name in ("duckdb:SELECT 1 AS text.jsonl", "-"):
            (self.folder / name).write_bytes(rest)
            done = run("inspect", "*", cwd=self.folder, stdin=b"")
            self.assertEqual((done.returncode, done.stdout.count(b"container jsonl")), (0, 1), (name, done.stderr))
            (self.folder / name).unlink()

    def test_a_query_that_is_the_name_of_a_file_is_neither(self):
        (self.folder / "duckdb:SELECT 1 AS text").write_bytes(self.corpus.read_bytes())
        done = run("audit", "duckdb:SELECT 1 AS text", cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"this is a query, and the name of a file; write ./", done.stderr)

    def test_no_name_of_a_file_hides_what_a_pattern_means(self):
        for name, others in (("*.jsonl", {"corpus.jsonl"}), ("[c]orpus.jsonl", {"corpus.jsonl"})):
            (self.folder / name).write_bytes(self.corpus.read_bytes())
            unread, _ = self.left_out(name, cwd=self.folder)
            self.assertEqual(set(unread), others)
            unread, _ = self.left_out(name, "corpus.jsonl", cwd=self.folder)  # as a shell expands it
            self.assertEqual(unread, {})
            (self.folder / name).unlink()
        (self.folder / "?.jsonl").symlink_to("nowhere")
        (self.folder / "b.jsonl").write_bytes(self.corpus.read_bytes())
        self.assertEqual(run("audit", "?.jsonl", cwd=self.folder).returncode, 3)

    def test_a_second_audit_of_the_folder_does_not_measure_the_reports_of_the_first(self):
        first = audit(".", cwd=self.folder)
        for _ in range(2):
            self.assertEqual(run("audit", ".", "-q", cwd=self.folder).returncode, 0)
        second = audit(".", cwd=self.folder)
        self.assertEqual(second["corpus"]["users"], first["corpus"]["users"])
        self.assertEqual(len(second["corpus"]["inputs"]), 1)
        unread, harmless = self.left_out(".", cwd=self.folder)
        self.assertEqual(unread, {})
        reports = sorted(path.name for path in (self.folder / "linkback-report").iterdir())
        self.assertEqual(sorted(harmless), reports)
        for name in reports:
            (self.folder / "linkback-report" / name).rename(self.folder / ("renamed-" + name))
        (self.folder / "linkback-report").rmdir()
        unread, harmless = self.left_out(".", cwd=self.folder)
        self.assertEqual(unread, {})
        self.assertEqual(len(harmless), len(reports))

    def test_reports_that_are_named_as_inputs_are_refused(self):
        self.assertEqual(run("audit", self.corpus, "-q", "-o", self.folder / "out").returncode, 0)
        for report in sorted((self.folder / "out").iterdir()):
            done = run("audit", report, "--report", "json=-")
            self.assertEqual(done.returncode, 3, report)
            self.assertIn(b"a report of linkback itself", done.stderr)
            self.assertIn(b"linkback report", done.stderr)

    def test_files_named_by_options_are_no_inputs_of_the_folder(self):
        (self.folder / "gone.csv").write_text("user\nnobody\n", encoding="utf-8")
        (self.folder / "linkback.yaml").write_text("measure:\n  k: 5\n", encoding="utf-8")
        report = audit(".", "--opted-out", "gone.csv", "--config", "linkback.yaml", cwd=self.folder)
        self.assertEqual([pathlib.Path(source["path"]).name for source in report["corpus"]["inputs"]], ["corpus.jsonl"])
        warnings = " ".join(report["warnings"])
        self.assertIn("gone.csv was left out: it is the list of --opted-out", warnings)
        self.assertIn("linkback.yaml was left out: it is the configuration", warnings)

    def test_what_is_no_corpus_is_refused_by_name_and_left_out_of_a_folder(self):
        (self.folder / "page.html").write_text(PAGE, encoding="utf-8")
        (self.folder / "page.txt").write_text(PAGE, encoding="utf-8")
        (self.folder / "letter.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\n")
        document(self.folder / "letter.docx")
        document(self.folder / "letter.zip")
        names = {"page.html": "web page", "page.txt": "web page", "letter.pdf": "PDF", "letter.docx": "Word",
                 "letter.zip": "Word"}
        unread, harmless = self.left_out(self.folder)
        self.assertEqual(harmless, {})
        self.assertEqual(sorted(unread), sorted(names))
        for name, what in names.items():
            self.assertIn(what, unread[name])
            done = run("audit", self.folder / name)
            self.assertEqual(done.returncode, 3, name)
            self.assertIn(what, done.stderr.decode())
            self.assertRegex(done.stderr.decode(), r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z")

    def test_prose_and_chats_with_commas_or_tabs_are_no_tables(self):
        texts = {"clock.txt": "12:01 anna: hi, you\n12:02 ben: well, yes\n12:03 anna: so, then\n",
                 "tabs.txt": "12:01\tanna\thi\n12:02\tben\tyo\n12:03\tanna\tbye\n",
                 "turns.log": "anna\thi\nben\tyo\nanna\tbye\n", "names.log": "anna: well, hi\nben: oh, you\n",
                 "poem.txt": "Roses are red, violets are blue\nSugar is sweet, and so are you\n",
                 "LICENSE.txt": (SOURCE_DIR / "LICENSE").read_text(encoding="utf-8"),
                 "README.txt": (SOURCE_DIR / "README.md").read_text(encoding="utf-8")}
        for name, text in texts.items():
            (self.folder / name).write_text(text, encoding="utf-8")
            done = run("audit", self.folder / name, "--report", "json=-")
            with self.subTest(name=name):
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("--format", done.stderr.decode())
        unread, _ = self.left_out(self.folder)
        self.assertEqual(sorted(unread), sorted(texts))

    def test_tables_are_tables_whatever_they_are_called(self):
        for text, delimiter in [("user,text\na,hi there\nb,\"well, yes\"\n", "csv"),
                                ("user\ttext\na\thi there\nb\twell, yes\n", "tsv"),
                                ("sex;years\nf;12\nm;14\n", "csv"), ("sex|years\nf|12\nm|14\n", "csv")]:
            table = self.folder / "table.txt"
            table.write_text(text, encoding="utf-8")
            with self.subTest(text=text):
                done = run("inspect", table)
                self.assertIn(f"container {delimiter}", done.stdout.decode(), done.stderr)
                self.assertIn(f"container {delimiter}", run("inspect", "-", stdin=text.encode()).stdout.decode())

    def test_archives_within_archives_are_read(self):
        text = self.corpus.read_bytes()
        cut = text.index(b"\n", len(text) // 2) + 1
        inner = packed_zip({"x/first.jsonl": text[:cut], "page.html": PAGE.encode()})
        for mode in ("w", "w:gz", "w:xz", "w:bz2"):
            tar = packed_tar({"./second.jsonl.gz": gzip.compress(text[cut:])}, mode)
            ending = {"w": ".tar", "w:gz": ".tgz", "w:xz": ".tar.xz", "w:bz2": ".tar.bz2"}[mode]
            outer = self.folder / "outer.zip"
            outer.write_bytes(packed_zip({"inner.zip": inner, "inner" + ending: tar}))
            with self.subTest(mode=mode):
                plain, packed = audit(self.corpus), audit(outer)
                for count in ("users", "conversations", "messages"):
                    self.assertEqual(packed["corpus"][count], plain["corpus"][count])
                paths = [source["path"].partition("!")[2] for source in packed["corpus"]["inputs"]]
                self.assertEqual(paths, ["inner.zip!x/first.jsonl", f"inner{ending}!second.jsonl.gz"])
                self.assertEqual(self.left_out(outer)[0], {"outer.zip!inner.zip!page.html": "a web page (HTML)"})
            packed_twice = self.folder / "twice.tar.gz"
            packed_twice.write_bytes(packed_tar({"outer.zip": outer.read_bytes()}, "w:gz"))
            self.assertEqual(audit(packed_twice)["corpus"]["messages"], plain["corpus"]["messages"])
            packed_twice.unlink()
            outer.unlink()

    def test_what_is_nested_too_deep_or_too_large_is_named_and_not_read(self):
        nested = self.corpus.read_bytes()
        for level in range(5):
            nested = packed_zip({f"{level}.zip" if level else "deep.jsonl": nested})
        (self.folder / "deep.zip").write_bytes(nested)
        bomb = packed_zip({"large.zip": packed_zip({"zeros.txt": bytes(300 << 20)}, zipfile.ZIP_STORED)})
        (self.folder / "bomb.zip").write_bytes(bomb)
        unread, _ = self.left_out(self.folder)
        self.assertEqual({name: why[:40] for name, why in unread.items()},
                         {"deep.zip!4.zip!3.zip!2.zip!1.zip": "it is an archive nested deeper than four",
                          "bomb.zip!large.zip": "it is an archive within another and larg"})
        self.assertEqual(audit(self.folder)["corpus"]["inputs"][0]["path"], str(self.corpus))

    def test_many_archives_within_archives_end(self):
        level = packed_zip({"a.txt": b"x"})
        for _ in range(3):
            level = packed_zip({f"{i}.zip": level for i in range(16)})
        (self.folder / "many.zip").write_bytes(level)
        unread, _ = self.left_out(self.folder)
        self.assertTrue(any("more than is looked into" in why for why in unread.values()))

    def test_what_stands_beside_the_members_of_an_archive_is_named_and_joined_ones_are_read(self):
        text = self.corpus.read_bytes()
        cut = text.index(b"\n", len(text) // 2) + 1
        first, second = packed_zip({"a.jsonl": text[:cut]}), packed_zip({"b.jsonl": text[cut:]})
        whole = packed_zip({"a.jsonl": text[:cut], "b.jsonl": text[cut:]}, zipfile.ZIP_STORED)
        (self.folder / "whole.zip").write_bytes(whole)
        (self.folder / "inner.zip").write_bytes(packed_zip({"whole.zip": whole, "joined.zip": first + second}))
        (self.folder / "joined.zip").write_bytes(first + second)
        (self.folder / "behind.zip").write_bytes(first + text)
        (self.folder / "between.zip").write_bytes(first[:first.index(b"PK\1\2")] + second)
        unread, _ = self.left_out(self.folder)
        self.assertEqual(sorted(unread), ["behind.zip", "between.zip", "inner.zip!joined.zip", "joined.zip"])
        self.assertIn("belongs to no member", unread["joined.zip"])
        tar = self.folder / "joined.tar"
        tar.write_bytes(packed_tar({"a.jsonl": text[:cut]}, "w") + packed_tar({"b.jsonl": text[cut:]}, "w"))
        self.assertEqual(audit(tar)["corpus"]["messages"], audit(self.corpus)["corpus"]["messages"])

    def test_damaged_archives_in_a_folder_are_named(self):
        (self.folder / "cut.zip").write_bytes(packed_zip({"a.jsonl": self.corpus.read_bytes()})[:1000])
        (self.folder / "none.tar.gz").write_bytes(gzip.compress(b"no archive at all"))
        (self.folder / "outer.zip").write_bytes(packed_zip({"none.tar": b"no archive at all"}))
        unread, _ = self.left_out(self.folder)
        self.assertEqual(sorted(unread), ["cut.zip", "cut.zip!a.jsonl", "none.tar.gz", "outer.zip!none.tar"])


if __name__ == "__main__":
    unittest.main()
