"""Holds docs/configuration.md against what the code reads: check_configuration.py ROOT | --self-test

Fails on a key, or a value to choose from, that the code knows and the page lacks, on a key of the page that the code
does not know, and on an option that the program does not have. What the code knows is read from its tables: the arrays
of keys that lb_yaml_mapping is given, the entries of the reader of format.yaml, the lines of the options.
"""
import pathlib
import re
import sys
import tempfile

PAGE = "docs/configuration.md"
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
ARRAY = re.compile(r"\b(\w+)\[[^\]]*\]\s*=\s*\{([^{}]*)\}")
OPTION = re.compile(r'\{\s*"([a-z][a-z-]*)",\s*(?:"[^"]*"|NULL),\s*(?:0|\'\w\'),\s*(?:READ|MEASURE|REPORT|BOTH)\b')
ENTRIES = re.compile(r'\{"(\w+)",\s*(\w+),')
FUNCTION = re.compile(r"^static int (\w+)\([^;]*?\)\s*\{(.*?)^\}", re.M | re.S)


def calls_of(name, text):
    """(place, arguments) of the calls of a function."""
    for match in re.finditer(rf"\b{name}\(", text):
        depth, start, arguments = 1, match.end(), []
        for at in range(match.end(), len(text)):
            depth += (text[at] in "([{") - (text[at] in ")]}")
            if (text[at] == "," and depth == 1) or depth == 0:
                arguments.append(text[start:at].strip())
                start = at + 1
            if depth == 0:
                break
        yield match.start(), arguments


def array_before(text, name, place):
    """The strings of the last array of that name before a place."""
    found = [match for match in ARRAY.finditer(text, 0, place) if match.group(1) == name]
    return STRING.findall(found[-1].group(2)) if found else []


def yaml_keys(text):
    """{what errors call the mapping: keys}"""
    keys = {}
    for place, arguments in calls_of("lb_yaml_mapping", text):
        what = STRING.fullmatch(arguments[2]) if len(arguments) == 7 else None
        if what:
            keys.setdefault(what.group(1), set()).update(array_before(text, arguments[3], place))
    return keys


def choices(text):
    """{key: values that it may have}"""
    values = {}
    for name, first in (("lb_yaml_choice", 2), ("choice", 2)):
        for place, arguments in calls_of(name, text):
            what = STRING.fullmatch(arguments[first]) if len(arguments) > first + 1 else None
            if what:
                values.setdefault(what.group(1), set()).update(array_before(text, arguments[first + 1], place))
    return values


def slots_of(files):
    """Names of the mapping's keys that a format may give, beside those a reader names itself."""
    names, enum = [], ""
    for text in files.values():
        array = [match for match in ARRAY.finditer(text) if match.group(1) == "lb_key_names"]
        names = STRING.findall(array[0].group(2)) if array else names
        found = re.search(r"key < (LB_SLOT_\w+) \|\| key >= LB_SLOTS", text)
        enum = (text, found.group(1)) if found else enum
    slots = re.findall(r"^\s*(LB_SLOT_\w+|LB_SLOTS)\b", enum[0], re.M) if enum else []
    known = {name for i, name in enumerate(names) if enum and (i < slots.index(enum[1]) or i >= slots.index("LB_SLOTS"))}
    return known, dict(zip(slots, names))


def format_keys(text, files):
    """The same of format.yaml: {"format.yaml", "format.yaml: KEY": keys}"""
    bodies = dict(FUNCTION.findall(text))
    tables = {name: ENTRIES.findall(body) for name, body in bodies.items() if re.search(r"\bentry entries\[", body)}
    key_of = {reader: key for table in tables.values() for key, reader in table if reader in bodies}
    keys = {}
    for name, table in tables.items():
        users = [key_of[caller] for caller in key_of if name != caller and f"{name}(" in bodies[caller]]
        key = key_of.get(name) or (users[0] if users else None)
        known = {key for key, _ in table}
        if "lb_key_names" in bodies[name]:
            public, slots = slots_of(files)
            known |= public | {slots[slot] for slot in re.findall(r"i == (LB_SLOT_\w+)", bodies[name])}
        keys["format.yaml" + (f": {key}" if key else "")] = known
    return keys


def code_of(root):
    files = {path: path.read_text(encoding="utf-8") for path in sorted((root / "src").rglob("*.[ch]"))}
    keys, values, options = {}, {}, set()
    for path, text in files.items():
        options.update(OPTION.findall(text))
        if path.suffix != ".c":
            continue
        found = {**yaml_keys(text), **(format_keys(text, files) if "entry entries[]" in text else {})}
        for what, known in found.items():
            keys.setdefault(what, set()).update(known)
        for what, known in choices(text).items():
            values.setdefault(what, set()).update(known)
    return keys, values, options


def page_of(text):
    """{section: {key: its row}} of the tables of keys."""
    sections, title, in_table = {}, None, False
    for line in text.splitlines():
        heading = re.match(r"#+ (?:[\d.]+ )?(.*)", line)
        if heading:
            title, in_table = heading.group(1).replace("`", ""), False
        elif line.startswith("| key |"):
            in_table = True
            sections.setdefault(title, {})
        elif in_table and line.startswith("|") and not line.startswith("|---"):
            for key in re.findall(r"`([^`]+)`", line.split("|")[1]):
                sections[title][key] = line
        elif not line.startswith("|"):
            in_table = False
    return sections


def problems(root):
    text = (root / PAGE).read_text(encoding="utf-8")
    keys, values, options = code_of(root)
    page = page_of(text)
    if not keys or not options:
        yield "src/: no tables of keys, or no options, were found; the check no longer knows the code"
    for what in sorted(set(keys) | set(page)):
        for key in sorted(keys.get(what, set()) - set(page.get(what, {}))):
            yield f"{PAGE}: lacks the key {key} of {what}"
        for key in sorted(set(page.get(what, {})) - keys.get(what, set())):
            yield f"{PAGE}: the code knows no key {key} of {what}"
    for what, rows in page.items():
        for key, row in rows.items() if not what.startswith("format.yaml") else []:
            for value in sorted(values.get(key, set())):
                if f"`{value}`" not in row:
                    yield f"{PAGE}: lacks the value {value} of {key} in {what}"
    for option in sorted(set(re.findall(r"--([a-z][a-z-]*)", text)) - options):
        yield f"{PAGE}: the program has no option --{option}"


CODE = """
static const char *const UNITS[] = {"user", "record"};
static const char *const KEY[KEYS] = {
    "unit", "k"};
static int read(reader *r) {
    int status = lb_yaml_mapping(r->yaml, section, "corpus", KEY, KEYS, at, r->error);
    return choice(r, at[0], "unit", UNITS, 2, &into);
}
"""
FORMAT = """
static int read_one(reader *r) {
    const entry entries[] = {{"keys", read_list, &x}};
}
static int read_detect(reader *r) {
    return read_one(r);
}
static int read_map(reader *r) {
    entry entries[KEYS];
    if (lb_key_is_public(i) || i == LB_SLOT_CHANNEL)
        entries[0] = (entry){lb_key_names[i], read_list, &x};
}
static int read_format(reader *r) {
    const entry entries[] = {{"name", read_string, &x}, {"detect", read_detect, f},
                             {"map", read_map, f}};
}
"""
SLOTS = """
const char *const lb_key_names[KEYS] = {"user", "bot", "channel", "record"};
enum {
    LB_SLOT_USER,
    LB_SLOT_BOT,
    LB_SLOT_CHANNEL,
    LB_SLOTS,
};
    return key < LB_SLOT_BOT || key >= LB_SLOTS;
"""
ROWS = """## 1. `corpus`

| key | option |
|---|---|
| `unit` | `user` or `record`, `--unit` |
| `k` | |

### 1.1 `format.yaml`

| key | |
|---|---|
| `name`, `detect`, `map` | |

### `format.yaml`: detect

| key | |
|---|---|
| `keys` | |

### `format.yaml`: map

| key | |
|---|---|
| `user`, `channel`, `record` | |
"""
SOUND = {"src/audit/a.c": CODE, "src/corpus/f.c": FORMAT, "src/corpus/s.h": SLOTS,
         "src/cli/o.c": '{"unit", "U", 0, READ, TEXT, AT(unit), .help = "x"}', PAGE: ROWS}


def self_test():
    """Breaks page and code in every way, and looks that each is caught."""
    broken = {"a key is not on the page": ("src/audit/a.c", '"unit", "k"', '"unit", "k", "seed"'),
              "a key is not in the code": (PAGE, "| `k` | |", "| `k` | |\n| `seed` | |"),
              "a value is not on the page": ("src/audit/a.c", '"user", "record"', '"user", "record", "group"'),
              "an option is none": (PAGE, "--unit", "--units"),
              "a mapping is not on the page": ("src/audit/a.c", '"corpus", KEY', '"measure", KEY'),
              "a format's key is not on the page": ("src/corpus/f.c", '{"keys"', '{"any", read_list, &y}, {"keys"'),
              "a slot is not on the page": ("src/corpus/s.h", '"record"}', '"record", "consent"}'),
              "a format's key is not in the code": (PAGE, "`name`, ", "`name`, `title`, ")}
    failures = []
    for name, change in {"": None, **broken}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for file, text in SOUND.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(text.replace(change[1], change[2]) if change and change[0] == file else text)
            found = list(problems(root))
            if bool(found) != bool(change):
                failures.append(f"{name or 'a sound page'}: found {found}")
    return failures


if __name__ == "__main__":
    found = self_test() if sys.argv[1] == "--self-test" else list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "the page and the code know the same keys")
    sys.exit(1 if found else 0)
