"""What a wrong option, a broken policy, a bad input and a full disk do: exit code, one clear line, nothing half-written."""
import gzip
import os
import pathlib
import subprocess
import tempfile
import unittest

from program import audit, run, synth


class Errors(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)
        self.corpus = self.folder / "corpus.jsonl"
        synth(self.corpus)
        self.output = self.folder / "out"

    def fails(self, code, *arguments, says=(), **options):
        done = run(*arguments, **options)
        error = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, error)
        self.assertRegex(error, r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z")
        for words in says:
            self.assertIn(words, error)
        self.assertFalse(self.output.exists() and any(self.output.iterdir()))
        return error

    def test_a_broken_policy_exits_1_and_says_so_in_the_reports(self):
        done = run("audit", self.corpus, "--qi", "country,age", "--policy", "release", "-o", self.output)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"")
        self.assertTrue((self.output / "report.html").exists())

    def test_a_policy_that_holds_exits_0(self):
        policy = self.folder / "policy.yaml"
        policy.write_text("policy:\n  rules:\n    - metric: qi.k\n      min: 1\n", encoding="utf-8")
        done = run("audit", self.corpus, "--qi", "country,age", "--policy", policy, "-q", "-o", self.output)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_wrong_words_on_the_command_line_exit_2(self):
        audit = ["audit", self.corpus, "-o", self.output]
        for wrong, says in [(["--bogus"], "--bogus"), (["--k", "0"], "--k"), (["--k", "many"], "--k"),
                            (["--unit", "family"], "family"), (["--qi", "contry"], "country"),
                            (["--ngrams", "9"], "--ngrams"), (["--policy", "no-such-policy"], "no-such-policy"),
                            (["--format", "wildchats"], "wildchat"), (["--report", "pdf"], "pdf"),
                            (["--map", "text=nowhere"], "nowhere"), (["--measures", "luck"], "luck"),
                            (["--memory", "12"], "--memory"), (["--config", self.folder / "none.yaml"], "none.yaml"),
                            (["--policy", "release", "--baseline", self.corpus], "corpus.jsonl"), (["--baseline", self.corpus], "max_increase"), (["--threads"], "--threads"),
                            (["--report", "sqlite=-"], "--report"), (["-o", ""], "--output"),
                            (["--qi", ","], "is empty"), (["--sensitive", " , "], "is empty"), (["--measures="], "is empty"),
                            (["--accepted-consent", ","], "is empty"), (["--roles", ","], "is empty"),
                            (["--population-table", "none.csv"], "none.csv"), (["--tmpdir", ""], "--tmpdir")]:
            with self.subTest(wrong=wrong):
                self.fails(2, *audit, *wrong, says=[says])
        self.fails(2, "audit", says=["input"])
        self.fails(2, "frobnicate", says=["frobnicate"])

    def test_a_wrong_policy_exits_2_with_its_place(self):
        policy = self.folder / "policy.yaml"
        policy.write_text("policy:\n  rules:\n    - metric: qi.kk\n      min: 5\n", encoding="utf-8")
        self.fails(2, "audit", self.corpus, "--policy", policy, "-o", self.output,
                   says=[f"{policy}:3:", "qi.k"])

    def test_a_policy_that_is_not_read_whole_exits_2(self):
        policy = self.folder / "policy.yaml"
        rule = "    - metric: qi.k\n      min: 5\n"
        waiver = "  waivers:\n    - metric: qi.k\n      until: 2099-01-01\n      reason: \"  \"\n"
        for text, says in [(f"policy:\n  rules:\n{rule}---\npolicy:\n  extends: release\n", f"{policy}:6: a second YAML document"),
                           (f"policy:\n  rules:\n{rule}{waiver}", "reason is empty"),
                           (f"policy:\n  rules:\n{rule}      must: false\n      reason: \"\"\n", "reason must be text, not empty")]:
            policy.write_text(text, encoding="utf-8")
            self.fails(2, "audit", self.corpus, "--policy", policy, "-o", self.output, says=[says])

    def test_bad_inputs_exit_3(self):
        truncated = self.folder / "truncated.jsonl.gz"
        truncated.write_bytes(gzip.compress(self.corpus.read_bytes())[:-2000])
        empty = self.folder / "empty.jsonl"
        empty.write_bytes(b"")
        garbage = self.folder / "garbage"
        garbage.mkdir()
        for i in range(3):
            (garbage / f"file{i}").write_bytes(os.urandom(5000))
        broken = self.folder / "broken.jsonl"
        broken.write_bytes(self.corpus.read_bytes() + b'{"user": \n' * 200)
        silent = self.folder / "silent.jsonl"
        silent.write_bytes(b'{"user":"a","role":"assistant"}\n')
        utf16 = self.folder / "utf16.jsonl"
        utf16.write_bytes(self.corpus.read_text(encoding="utf-8").encode("utf-16"))
        for bad, says in [(truncated, "truncated.jsonl.gz"), (empty, "empty.jsonl"), (garbage, "garbage"),
                          (broken, "broken.jsonl:1501"), (self.folder / "not-there.jsonl", "not-there.jsonl"),
                          (utf16, "utf16.jsonl")]:
            with self.subTest(bad=bad.name):
                self.fails(3, "audit", bad, "-o", self.output, says=[says])

    def test_malformed_records_below_the_limit_are_counted_and_placed(self):
        broken = self.folder / "broken.jsonl"
        lines = self.corpus.read_bytes().splitlines(keepends=True)
        lines.insert(10, b"{broken\n")
        broken.write_bytes(b"".join(lines))
        done = run("audit", broken, "--report", "json=-", "--report", f"html={self.folder / 'report.html'}")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b'"where": "' + str(broken).encode() + b":11 (byte %d)" % sum(map(len, lines[:10])), done.stdout)
        self.fails(3, "audit", broken, "--max-errors", 0, "-o", self.output, says=["broken.jsonl:11"])

    def broken(self, sound, malformed):
        path = self.folder / "some.jsonl"
        lines = self.corpus.read_bytes().splitlines(keepends=True)[:sound]
        path.write_bytes(b"".join(lines[:10]) + b"{broken\n" * malformed + b"".join(lines[10:]))
        return path

    def test_more_malformed_than_1_percent_or_100_records_is_refused(self):
        for sound, malformed, says in [(19, 1, "1 of 20 records is malformed, more than 1 %"),
                                       (20, 90, "90 of 110 records are malformed, more than 1 %"),
                                       (1500, 101, "101 of "), (990, 11, "11 of 1001 ")]:
            with self.subTest(sound=sound):
                self.fails(3, "audit", self.broken(sound, malformed), "-o", self.output,
                           says=["some.jsonl:11 (byte ", says, "--max-errors", "line"])
        for sound, malformed in [(1500, 15), (990, 10)]:
            self.assertEqual(run("audit", self.broken(sound, malformed), "--report", "json=-").returncode, 0)

    def test_max_errors_is_a_number_or_a_share_in_place_of_both_defaults(self):
        some = self.broken(20, 90)
        for enough, few in [("90", "89"), ("82%", "81%"), ("0.82", "0.81"), ("100 %", "5 %"), ("1.0", "1")]:
            with self.subTest(enough=enough):
                self.assertEqual(run("audit", some, "--max-errors", enough, "--report", "json=-").returncode, 0)
                self.fails(3, "audit", some, "--max-errors", few, "-o", self.output, says=["--max-errors"])
        for wrong in ("many", "-1", "101%", "1.5", "5%%", ""):
            self.fails(2, "audit", some, "--max-errors", wrong, "-o", self.output, says=["--max-errors"])

    def test_the_configuration_takes_max_errors_as_a_share(self):
        config = self.folder / "linkback.yaml"
        config.write_text("corpus:\n  max_errors: 90 %\n", encoding="utf-8")
        some = self.broken(20, 90)
        self.assertEqual(run("audit", some, "-c", config, "--report", "json=-").returncode, 0)
        config.write_text("corpus:\n  max_errors: lots\n", encoding="utf-8")
        self.fails(2, "audit", some, "-c", config, "-o", self.output, says=["linkback.yaml:2", "max_errors"])

    def test_bytes_in_no_record_are_refused_as_records_are(self):
        path = self.folder / "some.json"
        path.write_bytes(b"[" + b",\n".join(self.corpus.read_bytes().splitlines()[:400]) + b"]" + b"x" * 9000)
        self.fails(3, "audit", path, "-o", self.output,
                   says=["some.json:400 ", "bytes are in no record", "behind the array"])

    def test_an_open_quote_or_bracket_costs_its_record_alone(self):
        csv = self.folder / "corpus.csv"
        synth(csv, format="csv")
        lines = self.corpus.read_bytes().splitlines()
        sound = b"".join(line + b"\n" for line in lines)
        rows = csv.read_bytes().split(b"\r\n")
        whole = audit(csv)["corpus"]["counts"]["records"]
        array = b"[" + b",\n".join(lines) + b"]\n"
        for name, content, records in [
                ("q.csv", b"\r\n".join(rows[:20] + [b'u1,"' + rows[20]] + rows[21:]), whole - 1),
                ("s.jsonl", sound.replace(b'"text":"', b'"text":', 1), len(lines) - 1),
                ("s.json", array.replace(b'"text":"', b'"text":', 1), len(lines) - 1),
                ("b.json", array.replace(b"}", b"", 1), len(lines) - 1),
                ("two.json", array + array, 2 * len(lines)),
                ("tail.json", array + b"the end\n", len(lines))]:
            with self.subTest(name=name):
                path = self.folder / name
                path.write_bytes(content)
                seen = [audit(path, "--threads", threads)["corpus"] for threads in (1, 3)]
                self.assertEqual(seen[0], seen[1])
                self.assertEqual((seen[0]["counts"]["records"], seen[0]["counts"]["rejected"]), (records, 1))
                self.assertIn(name, seen[0]["rejections"][0]["where"])

    def test_a_full_disk_exits_4_and_leaves_nothing(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("cannot mount a small tmpfs here")
        try:
            done = run("audit", self.corpus, "-o", disk / "out")
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertRegex(done.stderr.decode("utf-8"), r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z")
            self.assertEqual([p for p in disk.rglob("*") if p.is_file()], [])
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_a_folder_that_cannot_be_written_exits_4(self):
        self.output.write_bytes(b"a file is in the way")
        done = run("audit", self.corpus, "-o", self.output)
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"out", done.stderr)

    def test_where_reports_go_is_tried_before_anything_is_read(self):
        """An input that is not there would exit 3."""
        (self.folder / "file").write_bytes(b"in the way")
        for words in (["-o", self.folder / "file/out"], ["--report", f"json={self.folder / 'file/out.json'}"],
                      ["--report", f"json={self.folder}"], ["--write-baseline", self.folder / "file/base.json"]):
            self.fails(4, "audit", self.folder / "not-there.jsonl", *words)

    def test_a_folder_made_for_nothing_is_removed(self):
        for code, words in ((3, [self.folder / "not-there.jsonl"]), (2, [self.corpus, "--map", "text=nowhere"])):
            self.fails(code, "audit", *words, "-o", self.folder / "new/deep/out")
            self.assertFalse((self.folder / "new").exists())
        self.output.mkdir()
        self.fails(3, "audit", self.folder / "not-there.jsonl", "-o", self.output)
        self.assertTrue(self.output.exists())

    def every_command(self):
        done = run("audit", self.corpus, "--measures", "qi", "-q", "-o", self.folder / "audit")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = self.folder / "audit/report.json"
        return [["metrics"], ["formats"], ["profiles", "--json"], ["explain"], ["explain", "qi.k"], ["--help"], ["help", "audit"],
                ["--version"], ["inspect", self.corpus], ["diff", report, report], ["report", report, "-o", self.output],
                ["report", report, "--report", "json=-", "-q"], ["audit", self.corpus, "--measures", "qi", "-o", self.output],
                [self.corpus, "--measures", "qi", "--report", "html=-", "-q"], ["link", self.corpus, self.corpus, "-o", self.output]]

    def test_output_that_cannot_be_written_is_one_line_and_exits_4(self):
        for words in self.every_command():
            for where in ("/dev/full", "&-"):
                done = subprocess.run(["sh", "-c", f'"$0" "$@" >{where}', *self.program(), *words], capture_output=True)
                self.assertEqual(done.returncode, 4, (words, where, done.stderr))
                self.assertRegex(done.stderr.decode("utf-8"), r"\Alinkback: [^\n]+: [^\n]+; [^\n]+\n\Z", (words, where))

    def test_who_reads_us_may_leave(self):
        for words in self.every_command():
            done = subprocess.run(["bash", "-c", '"$0" "$@" | true; exit ${PIPESTATUS[0]}', *self.program(), *words],
                                  capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (0, b""), words)
        done = subprocess.run(["bash", "-c", '"$0" "$@" | true; exit ${PIPESTATUS[0]}', *self.program(), "audit", self.corpus,
                               "--qi", "country,age", "--policy", "release", "--report", "json=-", "-q"], capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (1, b""), "the verdict holds whoever reads it")

    @staticmethod
    def program():
        import program
        return [program.LINKBACK]


if __name__ == "__main__":
    unittest.main()
