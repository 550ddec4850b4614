"""Fails on a word of docs/glossary.md that lives nowhere: check_glossary.py ROOT | --self-test

The last cell of a row names a header that exists, and may name a type before it that this header has. No word stands
there twice.
"""
import pathlib
import re
import sys
import tempfile

ROW = re.compile(r"^\| (?!word \|)(?!-)(.+?) \| (.+) \| (.*?) \|$", re.M)
CELL = re.compile(r"(?:`(lb_\w+)`, )?`([\w/]+\.h)`")


def problems(root):
    page = (root / "docs/glossary.md").read_text(encoding="utf-8")
    rows, seen = ROW.findall(page), set()
    if len(rows) != sum(line.startswith("| ") and not line.startswith("| word |") for line in page.splitlines()):
        yield "docs/glossary.md: a row has not three cells"
    for word, _, where in rows:
        if word in seen:
            yield f"docs/glossary.md: {word} stands there twice"
        seen.add(word)
        cell = CELL.fullmatch(where)
        if not cell:
            yield f"docs/glossary.md: {word}: write `lb_type`, `src/.../file.h` or the header alone"
        elif not (root / cell.group(2)).is_file():
            yield f"docs/glossary.md: {word}: there is no {cell.group(2)}"
        elif cell.group(1) and not re.search(rf"^(?:typedef .*\b|\}} ){cell.group(1)};|^typedef (?:struct|enum) {cell.group(1)} \{{",
                                             (root / cell.group(2)).read_text(encoding="utf-8"), re.M):
            yield f"docs/glossary.md: {word}: {cell.group(2)} has no type {cell.group(1)}"


def self_test():
    head = "| word | what it is | where |\n|---|---|---|\n"
    sound = "| place | One input. | `lb_place`, `src/a.h` |\n| file | Bytes. | `src/a.h` |\n"
    planted = {"header": "| a | b. | `src/b.h` |\n", "type": "| a | b. | `lb_other`, `src/a.h` |\n", "twice": "| place | b. | `src/a.h` |\n",
               "cell": "| a | b. | somewhere |\n", "row": "| a | `src/a.h` |\n"}
    failures = []
    for name, extra in {"": "", **planted}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src").mkdir()
            (root / "docs").mkdir()
            (root / "src/a.h").write_text("typedef struct lb_place {\n    int x;\n} lb_place;\nlb_other f(void);\n")
            (root / "docs/glossary.md").write_text(head + sound + extra)
            found = list(problems(root))
            if bool(found) != bool(name) or len(found) > 1:
                failures.append(f"planted {name or 'nothing'}: found {found}")
    return failures


if __name__ == "__main__":
    failures = self_test() if sys.argv[1] == "--self-test" else list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(failures) if failures else "every word lives where the glossary says")
    sys.exit(1 if failures else 0)
