"""Direct identifiers, user keys, consent, retention and languages, through the whole program."""
import datetime
import hashlib
import json
import pathlib
import tempfile
import unittest

from program import audit, run, values

MEASURES = ["--measures", "identifiers,consent"]
POEM = ("the old lighthouse keeper counted seventeen ships that night and wrote each name down in a green "
        "book before the storm took the lamp and most of the roof with it").split()


class Corpus(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def write(self, lines, name="corpus.jsonl"):
        path = self.folder / name
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return path

    def gate(self, corpus, metric, limit, *arguments, extra=""):
        """The exit code of an audit under a policy of one rule."""
        policy = self.folder / "policy.yaml"
        policy.write_text(f"policy:\n  name: test\n{extra}  rules:\n    - metric: {metric}\n      max: {limit}\n",
                          encoding="utf-8")
        done = run("audit", corpus, *MEASURES, "--policy", policy, "-q", "-o", self.folder / "out", *arguments)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode


def say(user, text, conversation=None, **more):
    return {"user": user, "conversation": conversation or f"c-{user}", "text": text, **more}


class Identifiers(Corpus):
    def lines(self):
        return [say("u1", "write to anna.lee@brightfox.io or call +49 171 5553278"),
                say("u2", "my card is 4532 0151 1283 0366"),
                say("u2", "IBAN DE44 5001 0517 5407 3249 31", conversation="other"),
                say("u3", "version 2.6.24.19 of 192.168.0.1, order #86574932607"),
                say("u4", "hello [EMAIL], I am NAME_1")]

    def test_counts_places_and_masks(self):
        corpus = self.write(self.lines())
        report = audit(corpus, *MEASURES)
        got, part = values(report), report["singling_out"]["identifiers"]
        self.assertEqual(got["identifiers.total"], 4)
        self.assertEqual(got["identifiers.users_share"], 0.5)
        for name, hits in {"email": 1, "phone": 1, "card": 1, "iban": 1, "ip": 0, "national_id": 0}.items():
            self.assertEqual(got[f"identifiers.{name}"], hits, name)
        self.assertEqual(got["identifiers.placeholders"], 2)
        self.assertEqual(part["conversations"], 3)
        card = next(line for line in part["types"] if line["type"] == "card")
        self.assertEqual((card["hits"], card["units"], card["conversations"]), (1, 1, 1))
        self.assertEqual(card["examples"][0]["shape"], "9999 9999 9999 9999")
        self.assertTrue(card["examples"][0]["where"].endswith("corpus.jsonl:2"))
        self.assertEqual(part["placeholders"]["hits"], 2)

    def test_nothing_found_is_in_any_report_unless_revealed(self):
        corpus = self.write(self.lines())
        run("audit", corpus, *MEASURES, "-q", "-o", self.folder / "out")
        everything = b"".join(path.read_bytes() for path in (self.folder / "out").iterdir())
        for secret in (b"anna.lee", b"5553278", b"4532 0151", b"DE44 5001"):
            self.assertNotIn(secret, everything)
        shown = json.dumps(audit(corpus, *MEASURES, "--reveal")["singling_out"]["identifiers"])
        self.assertIn("anna.lee@brightfox.io", shown)

    def test_gate_on_both_sides(self):
        corpus = self.write(self.lines())
        for metric, value in {"identifiers.total": 4, "identifiers.email": 1, "identifiers.card": 1,
                              "identifiers.users_share": 0.5}.items():
            self.assertEqual(self.gate(corpus, metric, value), 0, metric)
            self.assertEqual(self.gate(corpus, metric, value * 0.9), 1, metric)

    def test_threads_and_order_change_nothing(self):
        lines = [say(f"u{i}", f"mail me at user{i}@brightfox.io, {i} times", f"c{i % 7}") for i in range(500)]
        first = audit(self.write(lines), *MEASURES, "--threads", "1")
        for threads in ("2", "5"):
            again = audit(self.write(lines[::-1]), *MEASURES, "--threads", threads)
            self.assertEqual(first["metrics"], again["metrics"])
        self.assertEqual(values(first)["identifiers.email"], 500)

    def test_left_out_by_measures(self):
        report = audit(self.write(self.lines()), "--measures", "tokens")
        self.assertEqual(report["metrics"]["identifiers.total"]["why"], "left out by --measures")
        self.assertIsNone(values(report)["consent.shared_conversations"])

    def test_other_people_s_turns_do_not_count(self):
        corpus = self.write([say("u1", "hello there", role="user"),
                             say("u1", "mail me at bot@brightfox.io", role="assistant")])
        self.assertEqual(values(audit(corpus, *MEASURES))["identifiers.total"], 0)


class Keys(Corpus):
    def keyed(self, keys):
        return self.write([say(key, f"hello number {i}", f"c{i}") for i, key in enumerate(keys)])

    def test_bare_hashes_of_listed_values_fall(self):
        names = ["anna.lee@brightfox.io", "Bob@brightfox.io", "carol@brightfox.io", "dave@brightfox.io"]
        keys = [hashlib.sha256(names[0].encode()).hexdigest(), hashlib.md5(names[1].lower().encode()).hexdigest(),
                hashlib.sha1(names[2].encode()).hexdigest(), hashlib.sha256(b"salt" + names[3].encode()).hexdigest()]
        corpus, tried = self.keyed(keys), self.folder / "values.txt"
        tried.write_text("\n".join(names) + "\r\n", encoding="utf-8")
        report = audit(corpus, *MEASURES, "--try-keys", tried)
        self.assertEqual(values(report)["identifiers.reversible_keys"], 3)
        self.assertEqual(report["singling_out"]["identifiers"]["keys"]["forms"], {"MD5": 1, "SHA-1": 1, "SHA-256": 2})
        self.assertNotIn("carol", json.dumps({**report, "run": None}))
        self.assertEqual(self.gate(corpus, "identifiers.reversible_keys", 3, "--try-keys", tried), 0)
        self.assertEqual(self.gate(corpus, "identifiers.reversible_keys", 2, "--try-keys", tried), 1)

    def test_the_look_of_the_keys_is_warned_of(self):
        hashed = self.keyed([hashlib.md5(str(i).encode()).hexdigest() for i in range(20)])
        self.assertTrue(any("MD5" in warning for warning in audit(hashed, *MEASURES)["warnings"]))
        plain = self.keyed([f"user-{i}" for i in range(20)])
        self.assertFalse(any("MD5" in warning for warning in audit(plain, *MEASURES)["warnings"]))

    def test_a_file_that_is_not_there_is_an_error_of_usage(self):
        corpus = self.keyed(["a"])
        for option in ("--try-keys", "--opted-out"):
            done = run("audit", corpus, option, self.folder / "nothing")
            self.assertEqual(done.returncode, 2)
            self.assertIn(option.encode(), done.stderr)


class Consent(Corpus):
    def lines(self):
        near = POEM[:]
        near[-1] = "them"
        return [say("out", " ".join(POEM)), say("out", "and one more"), say("copy", " ".join(POEM)),
                say("near", " ".join(near)), say("far", " ".join(POEM[::-1])), say("other", "something else")]

    def test_list_of_users(self):
        corpus, listed = self.write(self.lines()), self.folder / "out.txt"
        listed.write_text("out\r\nnobody\n\n", encoding="utf-8")
        report = audit(corpus, *MEASURES, "--opted-out", listed)
        got = values(report)
        self.assertEqual(got["consent.opted_out_users"], 1)
        self.assertEqual(got["consent.opted_out_messages"], 2)
        self.assertEqual(got["consent.near_duplicates"], 2)
        part = report["consent"]["opted_out"]
        self.assertEqual((part["source"], part["listed_users"], part["under_another_user"]), ("list", 2, 2))
        for metric, value in {"consent.opted_out_users": 1, "consent.opted_out_messages": 2,
                              "consent.near_duplicates": 2}.items():
            self.assertEqual(self.gate(corpus, metric, value, "--opted-out", listed), 0)
            self.assertEqual(self.gate(corpus, metric, value - 1, "--opted-out", listed), 1)

    def test_corpus_of_conversations(self):
        release = self.write(self.lines()[2:])
        for name, text in {"out.jsonl": json.dumps(say("out", " ".join(POEM))) + "\n",
                           "out.csv": "user,conversation,text\nout,c-out," + " ".join(POEM) + "\n"}.items():
            listed = self.folder / name
            listed.write_text(text, encoding="utf-8")
            report = audit(release, *MEASURES, "--opted-out", listed)
            got, part = values(report), report["consent"]["opted_out"]
            self.assertEqual(part["source"], "corpus", name)
            self.assertEqual(got["consent.opted_out_users"], 0)
            self.assertEqual(got["consent.near_duplicates"], 2)
            self.assertEqual((part["exact_copies"], part["under_another_user"]), (1, 2))

    def test_conversations_under_several_users(self):
        corpus = self.write(self.lines())
        report = audit(corpus, *MEASURES)
        self.assertEqual(values(report)["consent.shared_conversations"], 3)
        self.assertEqual(report["consent"]["shared"]["units"], 3)
        self.assertEqual(self.gate(corpus, "consent.shared_conversations", 3), 0)
        self.assertEqual(self.gate(corpus, "consent.shared_conversations", 2), 1)
        alone = self.write([say("u", " ".join(POEM)), say("u", " ".join(POEM), "again"), say("v", "no")], "alone.jsonl")
        self.assertEqual(values(audit(alone, *MEASURES))["consent.shared_conversations"], 0)

    def test_consent_field(self):
        corpus = self.write([say("u1", "a", agreed="yes"), say("u1", "b", agreed="Yes"), say("u2", "c", agreed="no"),
                             say("u2", "d", agreed="yes"), say("u3", "e"), say("u4", "f", agreed="maybe")])
        mapped = ["--map", "consent=agreed"]
        report = audit(corpus, *MEASURES, *mapped)
        got = values(report)
        self.assertEqual((got["consent.refused_users"], got["consent.refused_messages"]), (3, 3))
        self.assertEqual(report["consent"]["field"]["field"], "agreed")
        self.assertEqual(self.gate(corpus, "consent.refused_messages", 3, *mapped), 0)
        self.assertEqual(self.gate(corpus, "consent.refused_messages", 2, *mapped), 1)
        config = self.folder / "linkback.yaml"
        config.write_text("corpus:\n  accepted_consent: [maybe, 'yes']\n", encoding="utf-8")
        again = values(audit(corpus, *MEASURES, *mapped, "--config", config))
        self.assertEqual((again["consent.refused_users"], again["consent.refused_messages"]), (2, 2))
        without = audit(corpus, *MEASURES)
        self.assertIn("--map consent", without["metrics"]["consent.refused_users"]["why"])


class Retention(Corpus):
    def lines(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        ago = lambda days: (now - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")
        return [say("u1", "a", time=ago(400) + "Z"), say("u1", "b", time=ago(40) + "+09:00"),
                say("u2", "c", time=ago(3) + "Z"), say("u3", "d", time=ago(-500) + "Z"), say("u3", "e")]

    def test_limits_of_the_policy(self):
        corpus = self.write(self.lines())
        for days, expired in {30: 2, 365: 1, 1826: 0}.items():
            extra = f"  retention_days: {days}\n"
            self.assertEqual(self.gate(corpus, "retention.expired_messages", expired, extra=extra), 0)
            if expired:
                self.assertEqual(self.gate(corpus, "retention.expired_messages", expired - 1, extra=extra), 1)
            part = json.loads((self.folder / "out" / "report.json").read_text(encoding="utf-8"))["retention"]
            self.assertEqual((part["limit_days"], part["expired_messages"]), (days, expired))
            self.assertEqual((part["without_time"], part["future_messages"], part["messages"]), (1, 1, 5))

    def test_without_a_limit_the_span_is_reported(self):
        report = audit(self.write(self.lines()), *MEASURES)
        self.assertIn("retention_days", report["metrics"]["retention.expired_messages"]["why"])
        self.assertAlmostEqual(values(report)["retention.span_days"], 397, delta=0.5)

    def test_without_times_nothing_can_be_shown(self):
        corpus = self.write([say("u1", "a"), say("u2", "b")])
        self.assertEqual(audit(corpus, *MEASURES)["metrics"]["retention.span_days"]["why"], "no message has a time")
        self.assertEqual(self.gate(corpus, "retention.expired_messages", 0, extra="  retention_days: 30\n"), 1)

    def test_a_limit_of_no_days_is_refused(self):
        policy = self.folder / "policy.yaml"
        policy.write_text("policy:\n  retention_days: 0\n  rules: []\n", encoding="utf-8")
        done = run("audit", self.write(self.lines()), "--policy", policy)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"retention_days", done.stderr)


class Languages(Corpus):
    TEXTS = {
        "en": "I have been looking for the keys all morning, have you seen where I put them?",
        "he": "חיפשתי את המפתחות כל הבוקר, אולי ראית איפה שמתי אותם אתמול בערב?",
        "ar": "كنت أبحث عن المفاتيح طوال الصباح، هل رأيت أين وضعتها مساء أمس؟",
        "th": "ฉันหากุญแจทั้งเช้า คุณเห็นไหมว่าฉันวางไว้ที่ไหนเมื่อคืนนี้",
        "ja": "朝からずっと鍵を探しているのですが、どこに置いたか見ましたか。",
        "ko": "아침 내내 열쇠를 찾고 있었는데 어디에 두었는지 보셨나요?",
        "zh": "我整个早上都在找钥匙，你看到我把它们放在哪里了吗？",
    }

    def test_mix_and_scripts_through_the_whole_run(self):
        lines = [say(f"{code}-{i}", text, f"{code}{i}") for code, text in self.TEXTS.items() for i in range(2)]
        lines += [say("emoji", "😀😀👩‍👩‍👧‍👦🇩🇪"), say("marks", "Zo\u0308e\u0301 cafe\u0301 a\u0323\u0302")]
        corpus = self.write(lines)
        report = audit(corpus)
        found = {line["code"]: line["share"] for line in report["corpus"]["languages"]}
        self.assertEqual(report["corpus"]["users"], 16)
        for code in self.TEXTS:
            self.assertGreater(found.get(code, 0), 0.1, (code, found))
        self.assertAlmostEqual(sum(found.values()), 1, places=9)
        self.assertEqual(values(report)["identifiers.total"], 0)
        done = run("audit", corpus, "-o", self.folder / "out", "--reveal")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_identifiers_stand_out_of_scripts_without_spaces(self):
        corpus = self.write([say("u1", "我的邮箱是wang@sina.cn，手机13812345678"), say("u2", "メールはsato@docomo.ne.jpです"),
                             say("u3", "האימייל שלי dana@walla.co.il תודה")])
        got = values(audit(corpus, *MEASURES))
        self.assertEqual((got["identifiers.email"], got["identifiers.phone"]), (3, 1))


if __name__ == "__main__":
    unittest.main()
