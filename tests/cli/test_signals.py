"""A run that is told to end leaves the reports of one run, whole, and nothing else."""
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import unittest

from program import LINKBACK, synth

KILLS = 40


class Signals(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def start(self, corpus, out, title):
        return subprocess.Popen([LINKBACK, "audit", corpus, "-o", out, "-q", "--title", title, "--measures", "qi,tokens",
                                 "--threads", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def titles(self, out):
        """Which run each report is of."""
        return {title for path in out.iterdir() for title in ("First", "Second")
                if path.suffix in (".json", ".md", ".html", ".xml") and f"{title} run" in path.read_text(encoding="utf-8")}

    def test_a_signal_leaves_the_reports_of_one_run(self):
        corpus, out = self.folder / "corpus.jsonl", self.folder / "out"
        synth(corpus, users=40, messages=1000)
        began = time.monotonic()
        self.assertEqual(self.start(corpus, out, "First run").wait(), 0)
        usual = time.monotonic() - began
        names = {path.name for path in out.iterdir()}
        self.assertEqual(self.titles(out), {"First"})
        chance, ended = random.Random(1), 0
        for i in range(KILLS):
            title = ("Second", "First")[i % 2]
            process = self.start(corpus, out, f"{title} run")
            time.sleep(usual * chance.uniform(0.2, 1.0))
            process.send_signal(chance.choice((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)))
            code = process.wait()
            ended += code < 0
            self.assertEqual({path.name for path in out.iterdir()}, names)
            self.assertEqual(len(self.titles(out)), 1, f"kill {i}: reports of two runs")
            if code == 0:
                self.assertEqual(self.titles(out), {title})
        self.assertGreater(ended, KILLS // 10)

    def test_what_a_killed_run_leaves_is_removed_by_the_next(self):
        corpus, out = self.folder / "corpus.jsonl", self.folder / "out"
        synth(corpus, users=40, messages=1000)
        began = time.monotonic()
        self.start(corpus, out, "First run").wait()
        usual = time.monotonic() - began
        names = {path.name for path in out.iterdir()}
        chance = random.Random(2)
        for _ in range(KILLS // 2):
            process = self.start(corpus, out, "Second run")
            time.sleep(usual * chance.uniform(0.3, 0.9))
            process.kill()
            process.wait()
        gone, alive = (out / f"report.json.{pid}.tmp" for pid in (process.pid, os.getpid()))
        gone.write_text("left")
        alive.write_text("under way")
        self.start(corpus, out, "Second run").wait()
        self.assertEqual({path.name for path in out.iterdir()}, names | {alive.name})
        self.assertEqual(self.titles(out), {"Second"})


if __name__ == "__main__":
    unittest.main()
