"""Lists of ids beside the corpus: however people wrote them, whoever is in the corpus is found, and whoever is not is counted."""
import json
import pathlib
import tempfile
import unicodedata
import unittest
import zipfile

from program import audit, run, values

USERS = ["anna", "Bert", "Zoë", "U0123", "7", "12345", "o'brien"]


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.held = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.held.name)
        cls.corpus = cls.write("corpus.jsonl", USERS)
        cls.map = [word for field in ("user", "conversation", "text") for word in ("--map", f"{field}={field}")]

    @classmethod
    def write(cls, name, users):
        path = cls.folder / name
        path.write_text("".join(json.dumps({"user": user, "conversation": f"talk {user} {n}", "text": f"I write of boats and word{n} of {place}"})
                                + "\n" for place, user in enumerate(users) for n in range(5)), encoding="utf-8")
        return path

    @classmethod
    def tearDownClass(cls):
        cls.held.cleanup()

    def listed(self, content, *options, corpus=None, name="side"):
        file = self.folder / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = audit(corpus or self.corpus, *self.map, "--measures", "consent", "--opted-out", file, *options)
        figures = values(report)
        return (figures["consent.opted_out_users"], figures["coverage.listed_unknown"], report["consent"]["opted_out"]["listed_folded"],
                "\n".join(report["warnings"]))

    def check(self, content, found, unknown=0, folded=0, says=(), **more):
        got = self.listed(content, **more)
        self.assertEqual(got[:3], (found, unknown, folded), got[3])
        for words in says:
            self.assertIn(words, got[3])
        return got[3]

    def test_ids_as_they_stand(self):
        said = self.check("anna\nBert\n7\n", 3)
        self.assertNotIn("--opted-out", said)

    def test_ids_in_another_dress(self):
        for name, text, differ in (
                ("quotes", "'anna'\n“Bert”\n", "signs around them"), ("code", "'anna',\n'Bert',\n", "signs around them"),
                ("blanks that do not break", "\u00a0anna\u00a0\n\u2003Bert\n", "signs around them"), ("case", "ANNA\nBERT\n", "case"),
                ("mentions", "<@anna>\n@Bert\n", "signs around them"), ("bullets", "- anna\n- Bert\n", "signs around them"),
                ("zeros", "7.0\n012345\n", "how numbers are written")):
            with self.subTest(dress=name):
                said = self.check(text, 2, folded=2, says=[f"2 of 2 ids of --opted-out were found only by looking over {differ}"])
                self.assertNotIn("anna", said)
        self.check(unicodedata.normalize("NFD", "Zoë") + "\n", 1, folded=1, says=["Unicode form"])
        self.check("Zoë\n".encode("latin-1"), 1, folded=1, says=["encoding"])
        self.check('"anna"\r\n"Bert"\r\n', 2)
        self.check("anna\nBert\n".encode("utf-16"), 2)
        self.check("\ufeffanna\nBert\n", 2)

    def test_one_id_may_be_several_people(self):
        corpus = self.write("twins.jsonl", ["Anna", "anna", "bert"])
        self.check("anna\n", 1, corpus=corpus)
        self.check("ANNA\n", 2, folded=1, corpus=corpus, says=["more than one person of the corpus each: all of them are counted"])

    def test_some_ids_are_not_there(self):
        said = self.check("anna\nX999\nX998\n", 1, unknown=2, says=["2 of 3 ids of --opted-out are not in the corpus, such as A###"])
        self.assertNotIn("X99", said)
        self.assertIn("X99", self.listed("anna\nX999\n", "--reveal")[3])

    def test_no_id_is_there(self):
        said = self.check("U-111\nU-112\n", None, unknown=2, says=["Of 2 ids of --opted-out not one is in the corpus", "such as A-###"])
        for secret in [*USERS, "U-11"]:
            self.assertNotIn(secret, said.replace("U+", "") if secret == "7" else said)

    def test_ids_that_the_corpus_cannot_have_check_nobody(self):
        corpus = self.write("made.jsonl", ["u001", "u002", "u003"])
        for text in ("u004\n", "U9\n", "user\nx17\n"):  # taken out before
            with self.subTest(list=text):
                self.check(text, 0, unknown=1, corpus=corpus)
        for text in ("u001.\n", "u001: left\n", "1. u001\n", "u001 # asked\n", "mailto:u001\n", "17\n"):
            with self.subTest(list=text):
                self.check(text, None, unknown=1, corpus=corpus)

    def test_columns(self):
        self.check("user_id,name\nanna,Anna Smith\nBert,Bert Jones\nzed,Zed\n", 2, unknown=1, says=["column 1 (user_id)"])
        self.check("name;user\nA. Smith;ANNA\nB. Jones;bert\n", 2, folded=2, says=["column 2 (user)"])
        self.check("A. Smith\tanna\nB. Jones\tBert\n", 2, says=["column 2 was"])
        self.check('"user","name"\r\n"ANNA","A. Smith"\r\n"Bert","x"\r\n'.encode("utf-16"), 2, folded=1, says=["column 1 (user)"])
        self.check("name|user\nA. Smith|anna\n", 1, says=["column 2 (user)"])
        self.check("user_id,name,note\nanna,Anna Smith,asked by mail on Monday to be left out\nBert,Bert Jones,wrote twice and called\n", 2)
        self.check("anna, Bert, 7\n", 3)
        self.check(", ".join(str(number) for number in range(200)) + ", anna\n", 2, unknown=199)
        self.check("anna, Bert\n7, 12345\n", 4)
        self.check("user_id,name\nx1,Smith\nx2,Jones\n", 0, unknown=2, says=["column 1 (user_id)", "Of 2 ids of --opted-out not one"])

    def test_headings_and_comments_are_no_ids(self):
        self.check("user_id\nanna\n", 1)
        self.check("# opted out by mail\nanna\n", 1)

    def test_ids_with_a_comma(self):
        corpus = self.write("commas.jsonl", ["Doe, J", "Roe, K"])
        self.check("Doe, J\nRoe, K\n", 2, corpus=corpus)
        self.check('"Doe, J"\n', 1, corpus=corpus)

    def test_conversations_in_place_of_users(self):
        got = self.listed("talk anna 1\ntalk Bert 2\ntalk Bert 3\n")
        self.assertEqual(got[:2], (2, 0))
        self.assertIn("are those of conversations", got[3])
        self.assertEqual(self.listed("talk anna 1\nnot there\n")[:2], (1, 1))

    def test_a_corpus_of_people_who_opted_out(self):
        content = self.write("out.jsonl", ["ANNA", "bert", "zed"]).read_bytes()
        self.check(content, 2, unknown=1, folded=2, name="side.jsonl")

    def test_a_corpus_that_names_nobody_and_says_nothing_is_not_judged(self):
        file = self.folder / "side.xml"
        file.write_text("<users><user>anna</user></users>\n")
        report = audit(self.corpus, *self.map, "--measures", "consent", "--opted-out", file)
        for metric in ("consent.opted_out_users", "coverage.listed_unknown"):
            self.assertIsNone(report["metrics"][metric]["value"])
        self.assertIn("write the ids one a line", report["metrics"]["consent.opted_out_users"]["why"])

    def test_who_is_found_by_folding_breaks_the_rule(self):
        policy = self.folder / "policy.yaml"
        policy.write_text("policy: {rules: [{metric: consent.opted_out_users, max: 0}]}\n")
        for text, code in (("'ANNA'\n", 1), ("zed\n", 0)):
            (self.folder / "side").write_text(text)
            done = run("audit", self.corpus, *self.map, "--measures", "consent", "--opted-out", self.folder / "side", "--policy", policy,
                       "-o", self.folder / "out", "-q")
            self.assertEqual(done.returncode, code, done.stderr)

    def table(self):
        table = self.folder / "table.csv"
        table.write_text("region,age,ill\n" + "".join(f"{region},{age},{ill}\n" for region, age, ill in (
            ("nord", "7", "Flu"), ("nord", "7", "cold"), ("süd", "12", "Flu"), ("süd", "12", "cold")) for _ in range(3)), encoding="utf-8")
        return table

    def population(self, text):
        file = self.folder / "population"
        file.write_text(text, encoding="utf-8")
        report = audit(self.table(), "--qi", "region,age", "--measures", "qi", "--population-table", file)
        return values(report)["qi.k_map"], "\n".join(report["warnings"])

    def test_values_of_a_population_in_another_dress(self):
        plain = self.population("region,age,count\nnord,7,300\nsüd,12,40\n")
        self.assertEqual((plain[0], "population-table" in plain[1]), (40, False))
        k_map, said = self.population("region,age,count\nNORD,7.0,300\n" + unicodedata.normalize("NFD", "süd") + ",012,40\n")
        self.assertEqual(k_map, 40)
        self.assertIn("2 of 2 cells of the column age of --population-table were found only by looking over how numbers are written", said)
        self.assertIn("case and Unicode form", said)
        self.assertIn("Not one of the 2 cells of the column region of --population-table is a value of the corpus: they are such as A-#",
                      self.population("region,age,count\nR-1,7,300\nR-2,12,40\n")[1])

    def test_values_of_a_hierarchy_in_another_dress(self):
        found = []
        for text in ("Flu;lung;*\ncold;nose;*\n", "FLU ;lung;*\n'cold';nose;*\n", "flu;wrong;*\nFlu;lung;*\ncold;nose;*\n",
                     "Flu;lung;*\nflu;wrong;*\ncold;nose;*\n"):
            (self.folder / "side").write_text(text)
            report = audit(self.table(), "--qi", "region", "--sensitive", "ill", "--measures", "qi,inference", "--hierarchy",
                           f"ill={self.folder / 'side'}")
            found.append((values(report)["inference.t"], any("values of --hierarchy were found only" in said for said in report["warnings"])))
        self.assertEqual([said for _, said in found], [False, True, True, True])
        self.assertEqual(len({value for value, _ in found}), 1)

    def test_ids_of_a_truth_in_another_dress(self):
        aux = self.write("aux.jsonl", [f"known {user}" for user in USERS])
        (self.folder / "side").write_text("a,b\n" + "".join(f"@{user.upper()},'Known {user}'\n" for user in USERS), encoding="utf-8")
        report = audit(self.corpus, *self.map, "--measures", "link", "--aux", aux, "--truth", self.folder / "side")
        self.assertEqual(report["linkability"]["external"]["truth"]["known"], len(USERS))
        said = "\n".join(report["warnings"])
        self.assertIn("7 of 7 ids of --truth, column a, were found only by looking over signs around them and case", said)

    def consented(self, values_of, *options):
        corpus = self.folder / "consent.jsonl"
        corpus.write_text("".join(json.dumps({"user": f"u{number}", "conversation": f"c{number}", "text": "we talk of boats", "ok": value})
                                  + "\n" for number, value in enumerate(values_of)), encoding="utf-8")
        report = audit(corpus, *self.map, "--map", "consent=ok", "--measures", "consent", *options)
        return values(report)["consent.refused_users"], "\n".join(report["warnings"])

    def test_values_of_consent_in_another_dress(self):
        self.assertEqual(self.consented(["yes", "YES", "no", ""])[0], 2)
        refused, said = self.consented(["'yes'", " Yes\u00a0", "1.0", "no", "yesterday", "0"])
        self.assertEqual(refused, 3)
        self.assertIn("3 consents were found in the field ok only by looking over", said)
        config = self.folder / "consent.yaml"
        config.write_text("corpus: {accepted_consent: [ja, é]}\n", encoding="utf-8")
        self.assertEqual(self.consented(["JA", "e\u0301", "yes"], "--config", config)[0], 1)
        self.assertIn("Not one of the 2 own messages has an accepted consent in the field ok", self.consented(["oui", "oui"])[1])

    def test_a_table_without_text_is_held_to_lists_and_consents_too(self):
        table = self.folder / "people.csv"
        table.write_text("user,age,ok\n" + "".join(f"{user},3{n % 2},{'no' if n == 1 else 'yes'}\n" for n, user in enumerate(USERS)))
        (self.folder / "side").write_text("ANNA\nzed\n")
        for unit, users in (("user", 1), ("record", None)):
            with self.subTest(unit=unit):
                report = audit(table, "--map", "user=user", "--map", "consent=ok", "--unit", unit, "--qi", "age", "--opted-out", self.folder / "side")
                figures = values(report)
                self.assertEqual((figures["consent.opted_out_users"], figures["consent.refused_users"], figures["consent.refused_messages"]),
                                 (users, 1, 1))
        self.assertIn("--unit user", report["metrics"]["consent.opted_out_users"]["why"])

    def refused(self, content, *words, name="side", option="--opted-out", measures="consent"):
        file = self.folder / name
        if content is not None:
            file.write_bytes(content)
        done = run("audit", self.corpus, *self.map, "--measures", measures, option, file, "-o", self.folder / "out", "-q")
        said = done.stderr.decode()
        self.assertEqual((done.returncode, len(said.splitlines())), (3, 1), said)
        for word in words:
            self.assertIn(word, said)

    def test_what_is_no_list_is_refused(self):
        with zipfile.ZipFile(self.folder / "list.zip", "w") as archive:
            archive.writestr("list.txt", "anna\nBert\n")
        for option, measures in (("--opted-out", "consent"), ("--try-keys", "identifiers")):
            with self.subTest(option=option):
                self.refused(None, "list.zip", "; write", name="list.zip", option=option, measures=measures)
                self.refused(b"", "side: ", "empty", "; write", option=option, measures=measures)
                self.refused(bytes(range(256)) * 8, "side", "; ", option=option, measures=measures)
        self.refused(b"\n \n\n", "empty")
        self.refused(b"user_id\n", "empty")
        self.refused(b"user_id,name\n", "empty")
        self.refused(b'["anna", "Bert"]\n', "neither a list of ids nor a corpus", "one user id a line")
        self.refused(b'{"user": "anna"}\n', "neither a list of ids nor a corpus", "one user id a line")


if __name__ == "__main__":
    unittest.main()
