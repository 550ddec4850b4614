"""Fails on a citation that leads nowhere: check_citations.py ROOT | --self-test

"methods, section 4.2" cites that heading of docs/methods.md, and "(methods, section 4, "Figures")" one below it by its
title; so with every page of docs/. Each metric has a place on that page, and each source that a metric or a header of
risk/ or link/ names (Sweeney 2002) is in its list. Exit 77 (skipped) where git does not know the tree.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

TEXTS = {".c", ".h", ".cpp", ".def", ".py", ".md", ".yaml", ".json", ".html", ".csv", ".xml", ".sarif", ".js", ".sql"}
NOT_OURS = re.compile(r"tests/fuzz/")
CITATION = re.compile(r'\b([a-z]+)(?:\.md)?, section (\d+(?:\.\d+)*)(?:, "([^"]+)")?')
NAMELESS = re.compile(r"\(contract, (?!section)|\bthe contract\b")  # a page that is not in the tree
HEADING = re.compile(r"^(#+) (?:(\d+(?:\.\d+)*)\.? )?(.*)$", re.M)
METRIC = re.compile(r'LB_METRIC\(\s*\w+,\s*"([^"]+)"')
NAME = r"(?:(?:de|van|von|El|Le) )?[A-Z][\w'-]+(?: (?!et\b)[A-Z][\w'-]+)?"
SOURCE = re.compile(rf"({NAME}(?:, {NAME})*(?: & {NAME}| et al\.)?) ((?:18|19|20)\d\d)\b")
ENTRY = re.compile(r"^- \*\*(.+?) (\d{4})\.\*\*", re.M)


def one_line(text):
    """Joins what the formatter has broken: strings over two lines of C, comments, paragraphs."""
    text = re.sub(r'"\s*\n\s*"', "", text)
    return re.sub(r"\s*\n[ \t]*(?:\*|#|//)?[ \t]*", " ", text)


def names_of(authors):
    return re.split(r", | & ", authors.replace(" et al.", ""))


def sections_of(page):
    """{number: titles of the headings at and below it}"""
    titles = {}
    for _, number, title in HEADING.findall(page):
        parts = number.split(".") if number else []
        for depth in range(1, len(parts) + 1):
            titles.setdefault(".".join(parts[:depth]), []).append(title)
    return titles


def metric_files(root, names):
    return [name for name in names if re.fullmatch(r"src/.*metrics\.def", name) and (root / name).is_file()]


def check_sections(root, names):
    pages = {}
    for name in names:
        path = root / name
        if path.suffix not in TEXTS or NOT_OURS.match(name) or not path.is_file() or name.endswith("check_citations.py"):
            continue
        text = one_line(path.read_text(encoding="utf-8", errors="replace"))
        if name.startswith(("src/", "include/", "reports/")) and NAMELESS.search(text):
            yield f"{name}: cites a contract, which is no page of docs/"
        for page, number, title in CITATION.findall(text):
            if page not in pages:
                file = root / "docs" / f"{page}.md"
                pages[page] = sections_of(file.read_text(encoding="utf-8")) if file.is_file() else None
            if pages[page] is None:
                yield f"{name}: cites {page}, section {number}, but there is no docs/{page}.md"
            elif number not in pages[page]:
                yield f"{name}: cites {page}, section {number}, which docs/{page}.md does not have"
            elif title and title not in pages[page][number]:
                yield f'{name}: cites "{title}" in {page}, section {number}, where no heading is called so'


def check_metrics(root, names):
    page = (root / "docs/methods.md").read_text(encoding="utf-8")
    found = 0
    for file in metric_files(root, names):
        for metric in METRIC.findall((root / file).read_text(encoding="utf-8")):
            found += 1
            if f"`{metric}`" not in page:
                yield f"{file}: {metric} has no place in docs/methods.md"
    if not found:
        yield "src/: there is no metrics.def with metrics"


def check_sources(root, names):
    page = (root / "docs/methods.md").read_text(encoding="utf-8")
    entries = [(year, names_of(authors)) for authors, year in ENTRY.findall(page)]
    headers = [name for name in names if re.match(r"src/(risk|link)/.*\.h$", name) and (root / name).is_file()]
    for file in metric_files(root, names) + headers:
        text = one_line((root / file).read_text(encoding="utf-8"))
        for authors, year in sorted(set(SOURCE.findall(text))):
            cited = names_of(authors)
            if not any(year == of and set(cited) <= set(by) or year == of and cited[0] == by[0] for of, by in entries):
                yield f"{file}: {authors} {year} is not in the sources of docs/methods.md"


def problems(root, names):
    if not (root / "docs/methods.md").is_file():
        return ["docs/methods.md: is not there"]
    return [*check_sections(root, names), *check_metrics(root, names), *check_sources(root, names)]


SOUND = {
    "docs/methods.md": "# Methods\n\n## 1. One\n\n`a.b` and `a.c`\n\n### 1.1 Figures\n\n## 2. Sources\n\n"
                       "- **Sweeney 2002.** k-Anonymity.\n- **El Emam & Dankar 2008.** Protecting.\n- **Wong et al. 2006.** Alpha.\n",
    "src/results/metrics.def": 'LB_METRIC(A, "a.b", "text", "Sweeney 2002; El "\n          "Emam & Dankar 2008")\n'
                               'LB_METRIC(C, "a.c", "linkback methods, section 1, after Wong et al. 2006")\n',
    "src/risk/a.h": '/* As it is (methods,\n * section 1.1, "Figures"). */\n',
}
PLANTED = {
    "src/risk/no_section.h": "/* (methods, section 3) */\n",
    "src/risk/no_subsection.c": "/* (methods,\n * section 1.2) */\n",
    "src/link/no_title.c": '/* (methods, section 1, "Where") */\n',
    "src/base/no_page.h": "/* (nowhere, section 1) */\n",
    "src/base/no_page.c": '"see docs/methods.md, section 7"',
    "src/base/no_contract.h": '/* of the code (contract,\n * "Exit codes") */\n',
    "tests/risk/a.py": "# methods, section 9\n",
    "src/risk/no_source.h": "/* after Samarati 2001 */\n",
    "src/link/no_year.h": "/* after Sweeney 2003 */\n",
    "src/audit/metrics.def": 'LB_METRIC(D, "a.d", "Sweeney 2002")\n',
}


def self_test():
    """Plants a citation of each kind in a tree that is sound otherwise, and looks that each is caught."""
    failures = []
    for extra in [None, *PLANTED]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            tree = {**SOUND, **({extra: PLANTED[extra]} if extra else {})}
            for name, text in tree.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            found = problems(root, list(tree))
            if extra is None and found:
                failures.append(f"a sound tree is refused: {found}")
            if extra is not None and (len(found) != 1 or extra not in found[0]):
                failures.append(f"planted in {extra}: found {found}")
    return failures


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        found = self_test()
    else:
        root = pathlib.Path(sys.argv[1])
        listing = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"], capture_output=True)
        if listing.returncode:
            print("skipped: this is no git checkout")
            sys.exit(77)
        found = problems(root, listing.stdout.decode().split("\0")[:-1])
    print("\n".join(found) if found else "every citation leads somewhere")
    sys.exit(1 if found else 0)
