"""What was not judged is not passed: the verdict, the exit code, and what each report says of it."""
import json
import pathlib
import re
import tempfile
import unittest
import xml.etree.ElementTree as tree

from program import audit, run, synth

NO_WORDS = ("tokens.identifying_below_k", "identifiers.total")


def checks(report):
    return {f"{check['metric']} {check['rule'].split()[0]}": check for check in report["gate"]["checks"]}


class Gate(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def put(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def policy(self, text):
        return self.put("policy.yaml", f"policy:\n{text}")

    def dull(self, **fields):
        """People who all say the same and look the same: nothing is rare."""
        lines = [json.dumps({"user": f"u{i % 60}", "conversation": f"c{i % 120}", "text": "all is well here today", **fields})
                 for i in range(600)]
        return self.put("dull.jsonl", "\n".join(lines) + "\n")

    def test_what_measures_leaves_out_is_not_passed(self):
        corpus = self.dull(country="no")
        passed = audit(corpus, "--qi", "country", "--policy", "release")
        self.assertEqual(passed["gate"]["verdict"], "pass")
        for measures in ("qi", "-tokens", "-unicity", "-identifiers", "-qi"):
            report = audit(corpus, "--qi", "country", "--policy", "release", f"--measures={measures}", expect=(1,))
            gate = report["gate"]
            self.assertEqual(gate["verdict"], "undecided", measures)
            self.assertGreater(gate["not_judged"], passed["gate"]["not_judged"] - 1)
            self.assertEqual(gate["judged"] + gate["not_judged"], len(gate["checks"]))
            missed = [check for check in gate["checks"] if check["verdict"] == "not_judged" and check["must"]]
            self.assertTrue(missed and all("left out" in check["why"] for check in missed), measures)

    def test_fields_that_nobody_named_are_not_passed(self):
        report = audit(self.dull(country="no"), "--policy", "release", expect=(1,))
        self.assertEqual([name for name, check in checks(report).items() if check["verdict"] == "broken" and check["severity"] == "error"], ["coverage.unsearched_fields max"])
        self.assertEqual(checks(report)["qi.k min"]["verdict"], "not_judged")
        self.assertIn("--qi", checks(report)["qi.k min"]["why"])

    def test_what_was_given_and_left_out_is_not_passed(self):
        corpus = self.dull(country="no", illness="none")
        listed = self.put("gone.txt", "u999\n")
        limited = self.policy("  extends: release\n  retention_days: 30\n")
        for options, metric in ((("--opted-out", listed, "--measures=-consent"), "consent.opted_out_users max"),
                                (("--sensitive", "illness", "--measures=-inference"), "inference.t max"),
                                (("--population", "100000", "--measures=-population"), "population.unique_share max"),
                                (("--policy", limited), "retention.expired_messages max")):
            known = "country" if "--sensitive" in options else "country,illness"
            report = audit(corpus, "--qi", known, "--policy", "release", *options, expect=(1,))
            self.assertEqual(report["gate"]["verdict"], "undecided", metric)
            open_ones = {f"{check['metric']} {check['rule'].split()[0]}" for check in report["gate"]["checks"]
                         if check["verdict"] == "not_judged" and check["must"]}
            self.assertIn(metric, open_ones)

    def test_linkage_that_was_not_shown_is_not_passed_under_the_claim(self):
        corpus = self.dull(country="no")
        claimed = self.policy("  extends: release\n  claim: unlinkable\n")
        report = audit(corpus, "--qi", "country", "--policy", claimed, "--measures=-link", expect=(1,))
        self.assertEqual(report["gate"]["verdict"], "undecided")
        few = self.put("few.jsonl", "".join(
            json.dumps({"user": f"u{i % 30}", "conversation": f"c{i % 90}", "text": "all is well", "country": "no"}) + "\n"
            for i in range(900)))
        report = audit(few, "--qi", "country", "--policy", claimed, expect=(1,))
        check = checks(report)["link.top1 max"]
        self.assertEqual((report["gate"]["verdict"], check["verdict"]), ("undecided", "not_judged"))
        self.assertIn("at least 40", check["why"])

    def test_a_rule_of_ones_own_on_linkage_needs_no_claim(self):
        synth(self.folder / "corpus.jsonl", "--style", "1", users=30, messages=1500)
        own = self.policy("  rules: [{metric: link.top1, max: 0.1}]\n")
        report = audit(self.folder / "corpus.jsonl", "--policy", own, expect=(1,))
        self.assertEqual((report["gate"]["verdict"], checks(report)["link.top1 max"]["severity"]), ("fail", "error"))

    def test_a_first_ratchet_of_ones_own_is_not_judged(self):
        own = self.policy("  rules: [{metric: tokens.unique_share, max_increase: 0.02}]\n")
        report = audit(self.dull(), "--policy", own, expect=(1,))
        self.assertEqual(report["gate"]["verdict"], "undecided")
        self.assertIn("--write-baseline", report["gate"]["checks"][0]["why"])

    def test_a_plain_table_has_no_words_where_all_of_it_was_looked_at(self):
        table = self.put("table.csv", "age,town\n" + "".join(f"{30 + i % 2},x{i % 2}\n" for i in range(200)))
        for fields in ("age,town", "age"):
            report = audit(table, "--qi", fields, "--policy", "release", expect=(0, 1))
            whole = report["metrics"]["coverage.unsearched_fields"]["value"] == 0
            for metric in NO_WORDS:
                check = checks(report)[f"{metric} max"]
                self.assertEqual((check["verdict"], check["must"]), ("not_judged", not whole))
                self.assertEqual("plain table" in check["why"], whole)
            self.assertTrue(whole or report["gate"]["verdict"] != "pass")

    def test_shares_are_written_as_shares(self):
        for limit, mend in (("max: 50", "0.5 for 50 %"), ("max: 50 %", "0.5 for 50 %"), ("min: .nan", "from 0 to 1")):
            own = self.policy(f"  rules: [{{metric: qi.unique_share, {limit}}}]\n")
            done = run("audit", self.dull(), "--policy", own)
            self.assertEqual(done.returncode, 2)
            self.assertIn(mend, done.stderr.decode())
            self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_nothing_is_rare_for_a_k_of_one(self):
        configured = self.put("one.yaml", "measure: {k: 1}\n")
        for options in (("--k", "1"), ("--config", configured)):
            done = run("audit", self.dull(), *options)
            self.assertEqual(done.returncode, 2, options)
            self.assertIn(b"from 2", done.stderr)

    def test_a_pass_by_a_smaller_k_than_the_profiles_is_none(self):
        corpus = self.dull(country="no")
        for k, verdict in (("4", "undecided"), ("5", "pass")):
            report = audit(corpus, "--qi", "country", "--policy", "release", "--k", k, expect=(0, 1))
            self.assertEqual(report["gate"]["verdict"], verdict)

    def test_a_rule_that_decides_nothing_is_warned_of(self):
        own = self.policy("  rules: [{metric: tokens.unique_share, max: 1}]\n")
        report = audit(self.dull(), "--policy", own)
        self.assertTrue(any("can never be broken" in warning for warning in report["warnings"]), report["warnings"])

    def test_a_policy_of_which_nothing_was_judged_passes_nothing(self):
        own = self.policy("  rules: [{metric: identifiers.total, max: 0, must: false, reason: not asked}]\n")
        report = audit(self.dull(), "--policy", own, "--measures=-identifiers", expect=(1,))
        self.assertEqual((report["gate"]["verdict"], report["gate"]["judged"]), ("undecided", 0))

    def test_a_broken_note_is_not_said_to_hold(self):
        own = self.policy("  rules: [{metric: coverage.rejected_share, max: 0}, "
                          "{metric: tokens.unique_share, min: 1, severity: note}]\n")
        done = run("audit", self.dull(), "--policy", own, "-o", self.folder / "out")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"1 of 2 rules of profile policy.yaml holds, 1 does not hold and is only noted.", b" ".join(done.stdout.split()))

    def test_every_report_says_what_was_not_judged(self):
        out = self.folder / "out"
        done = run("audit", self.dull(country="no"), "--qi", "country", "--policy", "release", "--measures=-tokens,-unicity",
                   "-o", out)
        self.assertEqual(done.returncode, 1)
        first = done.stdout.decode().splitlines()
        self.assertTrue(any(re.match(r"Not decided: \d+ of \d+ rules", line) for line in first), first[:4])
        suite = tree.parse(out / "report.junit.xml").getroot()[0]
        skipped = [case.find("skipped").get("message") for case in suite.iter("testcase") if case.find("skipped") is not None]
        self.assertEqual((int(suite.get("skipped")), suite.get("failures")), (len(skipped), "0"))
        self.assertTrue(any("left out by --measures; the verdict is not decided" in message for message in skipped), skipped)
        sarif = json.loads((out / "report.sarif").read_text(encoding="utf-8"))["runs"][0]
        self.assertFalse(sarif["invocations"][0]["executionSuccessful"])
        notes = sarif["invocations"][0]["toolExecutionNotifications"]
        self.assertIn("tokens.identifying_below_k", [note.get("associatedRule", {}).get("id") for note in notes
                                                     if note["level"] == "error"])
        self.assertIn("tokens.identifying_below_k", [result["ruleId"] for result in sarif["results"]])
        markdown = (out / "report.md").read_text(encoding="utf-8")
        self.assertIn("Not decided", markdown)
        self.assertIn("### Rules that were not judged", markdown)


if __name__ == "__main__":
    unittest.main()
