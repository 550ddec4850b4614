"""Fails on an include against the direction of the layers: check_layers.py ROOT | --self-test

A folder of src/ includes from itself and from those before it. risk/ and link/ do not know each other. cli/ sees
the library through include/linkback/ only, and the generator of made-up corpora sees base/ only. C++ is two files.
"""
import pathlib
import re
import sys
import tempfile

LAYERS = ["base", "corpus", "text", "index", "risk", "link", "results", "audit", "report", "cli"]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


def allowed(layer):
    """The folders that a file of `layer` may include from."""
    if layer == "cli":
        return {"cli", "linkback"}
    if layer == "synth":
        return {"synth", "base", "linkback"}
    if layer == "linkback":
        return {"linkback"}
    below = set(LAYERS[:LAYERS.index(layer) + 1]) | {"linkback"}
    return below - {"risk": {"link"}, "link": {"risk"}}.get(layer, set())


def sources(root):
    """(layer, file) of every C and C++ file under the layers' rule."""
    places = [(path.name, path) for path in sorted((root / "src").iterdir()) if path.is_dir()]
    places += [("synth", root / "tools/synth"), ("linkback", root / "include/linkback")]
    for layer, place in places:
        for path in sorted(place.rglob("*")):
            if path.suffix in (".c", ".h", ".cpp", ".def"):
                yield layer, path


# The C++ of the house, each behind a C header: over simdjson, and over cld2.
CPP = ["src/corpus/value/json.cpp", "src/text/language.cpp"]


def violations(root):
    cpp = []
    for layer, path in sources(root):
        name = path.relative_to(root)
        if layer not in LAYERS + ["synth", "linkback"]:
            yield f"{name}: src/{layer}/ is no layer; the layers are {' '.join(LAYERS)}"
            continue
        if path.suffix == ".cpp":
            cpp.append(str(name))
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            target = match.group(1)
            where = f"{name}:{text.count(chr(10), 0, match.start()) + 1}"
            folder = target.split("/")[0]
            if "/" not in target or ".." in target:
                yield f'{where}: "{target}" names no folder; write "{layer}/{pathlib.PurePath(target).name}"'
            elif not any((root / base / target).is_file() for base in ("src", "include", "tools")):
                yield f'{where}: "{target}" does not exist'
            elif folder not in allowed(layer):
                yield f'{where}: {layer}/ may not include "{target}"; it may include from {", ".join(sorted(allowed(layer)))}'
    for name in cpp:
        if name not in CPP:
            yield f"{name}: C++ is only for libraries that have no C interface: {' '.join(CPP)}"


def self_test():
    """Plants one violation of each kind in a tree that is sound otherwise, and looks that each is caught."""
    sound = {"src/base/a.h": "", "src/link/l.h": '#include "base/a.h"\n', "src/risk/r.h": "", "src/cli/c.h": "",
             "src/cli/main.c": '#include "cli/c.h"\n#include "linkback/error.h"\n', "include/linkback/error.h": "",
             "src/corpus/value/json.cpp": '#include "corpus/c.h"\n', "src/corpus/c.h": "", "tools/synth/s.h": '#include "base/a.h"\n'}
    planted = {"src/base/b.c": '#include "corpus/c.h"\n', "src/risk/b.c": '#include "link/l.h"\n',
               "src/link/b.c": '  #  include "risk/r.h"\n', "src/cli/b.c": '#include "base/a.h"\n',
               "src/report/b.c": '#include "nowhere/a.h"\n', "src/audit/b.c": '#include "b.h"\n',
               "src/text/b.c": '#include "text/../report/x.h"\n', "src/helpers/b.c": "int x;\n",
               "src/index/two.cpp": "int x;\n", "tools/synth/b.c": '#include "corpus/c.h"\n',
               "include/linkback/b.h": '#include "base/a.h"\n'}
    failures = []
    for extra in [None, *planted]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {**sound, **({extra: planted[extra]} if extra else {})}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            found = list(violations(root))
            if extra is None and found:
                failures.append(f"a sound tree is refused: {found}")
            if extra is not None and (len(found) != 1 or extra not in found[0]):
                failures.append(f"planted in {extra}: found {found}")
    return failures


if __name__ == "__main__":
    problems = self_test() if sys.argv[1] == "--self-test" else list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(problems) if problems else "the layers hold")
    sys.exit(1 if problems else 0)
