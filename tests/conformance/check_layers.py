"""Fails on an include against the direction of the layers and their rooms, and on a circle of files: check_layers.py ROOT | --self-test

A folder of src/ is a layer; it includes from itself and from those before it. A folder within it is a room: it includes
from those rooms of its layer that are named before it in ROOMS, and the files beside the rooms from all of them. risk/
and link/ do not know each other. cli/ sees the library through include/linkback/ only, and the generator of made-up
corpora sees base/ only. A header and the files that define what it declares are one node; nodes form no circle but the
one that CIRCLE names. A folder holds at most FILES_MAX sources. C++ is only for libraries that have no C interface.
"""
import collections
import pathlib
import re
import sys
import tempfile

LAYERS = ["base", "corpus", "text", "index", "risk", "link", "results", "audit", "report", "cli"]
ROOMS = {
    "corpus": ["corpus/value", "corpus/mapping", "corpus/input", "corpus/read", "corpus"],
    "risk": [["risk/classes", "risk/suda", "risk/population", "risk/words", "risk/release"]],
    "link": ["link/features", "link/fusion", "link"],
    "audit": ["audit/policy", "audit/side", "audit/section",
              ["audit/section/classes", "audit/section/words", "audit/section/linkage", "audit/section/release"], "audit"],
    "report": ["report/kit", "report/html", "report"],
}
# A file that is joined to a corpus is read as a corpus: join.c says why it ends there.
CIRCLE = {"corpus/aside", "corpus/corpus", "corpus/join", "corpus/open"}
# The C++ of the house, each behind a C header: over simdjson, and over cld2.
CPP = ["src/corpus/value/json.cpp", "src/text/language.cpp"]
# Headers that belong to another one as X_private.h does, by names of their own.
PARTS = {"base/resource_table": "base/resource", "text/identifier_rules": "text/identifier"}
FILES_MAX = 20
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


def folders_below(layer):
    """The layers whose files `layer` may include."""
    if layer == "cli":
        return {"cli", "linkback"}
    if layer == "synth":
        return {"synth", "base", "linkback"}
    if layer == "linkback":
        return {"linkback"}
    below = set(LAYERS[:LAYERS.index(layer) + 1]) | {"linkback"}
    return below - {"risk": {"link"}, "link": {"risk"}}.get(layer, set())


def steps(layer):
    """The rooms of a layer, lowest first; rooms of one step do not know each other."""
    return [[step] if isinstance(step, str) else step for step in ROOMS.get(layer, [layer])]


def may_use(layer, room, other):
    """May a file of `room` include one of `other`, another room of its layer?"""
    level = {name: number for number, step in enumerate(steps(layer)) for name in step}
    return room == other or level[other] < level[room]


def sources(root):
    """(layer, room, file) of every C and C++ file under the rule."""
    places = [(path.name, path) for path in sorted((root / "src").iterdir()) if path.is_dir()]
    places += [("synth", root / "tools/synth"), ("linkback", root / "include/linkback")]
    for layer, place in places:
        for path in sorted(place.rglob("*")):
            if path.suffix in (".c", ".h", ".cpp", ".def"):
                inner = path.parent.relative_to(place).as_posix()
                yield layer, layer if inner == "." else f"{layer}/{inner}", path


def node_of(path):
    """space.h, space.c and space_private.h are one node: what several files that define one header share."""
    return PARTS.get(path, re.sub(r"_private$", "", path))


def circles(edges):
    """The strongly connected components of more than one node (Tarjan 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(set(stack[at:]))
            del stack[at:]

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return found


def violations(root):
    cpp, edges, sizes = [], collections.defaultdict(set), collections.Counter()
    for layer, room, path in sources(root):
        name = path.relative_to(root)
        if layer not in LAYERS + ["synth", "linkback"]:
            yield f"{name}: src/{layer}/ is no layer; the layers are {' '.join(LAYERS)}"
            continue
        rooms = {each for step in steps(layer) for each in step}
        if room not in rooms:
            yield f"{name}: {room}/ is no room of its layer; give it a place in ROOMS"
            continue
        if path.suffix == ".cpp":
            cpp.append(str(name))
        sizes[room] += path.suffix in (".c", ".cpp")
        node = node_of(f"{room}/{path.stem}")
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            target = match.group(1)
            where = f"{name}:{text.count(chr(10), 0, match.start()) + 1}"
            folder, other = target.split("/")[0], target.rpartition("/")[0]
            if "/" not in target or ".." in target:
                yield f'{where}: "{target}" names no folder; write "{room}/{pathlib.PurePath(target).name}"'
            elif not any((root / base / target).is_file() for base in ("src", "include", "tools")):
                yield f'{where}: "{target}" does not exist'
            elif folder not in folders_below(layer):
                yield f'{where}: {layer}/ may not include "{target}"; it may include from {", ".join(sorted(folders_below(layer)))}'
            elif folder == layer and other in rooms and not may_use(layer, room, other):
                yield f'{where}: {room}/ may not include "{target}"; the order of the rooms is {ROOMS[layer]}'
            else:
                other = node_of(target.rpartition(".")[0])
                edges[node] |= {other} - {node}
    for circle in circles(edges):
        if circle != CIRCLE:
            yield f"{' '.join(sorted(circle))}: these files include each other in a circle"
    for room, size in sizes.items():
        if size > FILES_MAX:
            yield f"{room}: {size} sources, the house allows {FILES_MAX} a folder; give them rooms"
    for name in cpp:
        if name not in CPP:
            yield f"{name}: C++ is only for libraries that have no C interface: {' '.join(CPP)}"


def self_test():
    """Plants one violation of each kind in a tree that is sound otherwise, and looks that each is caught."""
    sound = {"src/base/a.h": "", "src/link/l.h": '#include "base/a.h"\n', "src/risk/classes/r.h": "", "src/cli/c.h": "",
             "src/cli/main.c": '#include "cli/c.h"\n#include "linkback/error.h"\n', "include/linkback/error.h": "",
             "src/corpus/value/json.cpp": '#include "corpus/value/c.h"\n', "src/corpus/value/c.h": "", "tools/synth/s.h": '#include "base/a.h"\n',
             "src/corpus/read/d.h": '#include "corpus/value/c.h"\n', "src/risk/words/w.h": "", "src/results/r.h": "",
             "src/report/page.h": "", "src/index/x_private.h": '#include "index/x.h"\n', "src/index/x.h": "",
             "src/index/x.c": '#include "index/x_private.h"\n', "src/text/p.h": "", "src/text/q.h": '#include "text/p.h"\n'}
    planted = {"src/base/b.c": '#include "corpus/value/c.h"\n', "src/risk/classes/b.c": '#include "link/l.h"\n',
               "src/link/b.c": '  #  include "risk/classes/r.h"\n', "src/cli/b.c": '#include "base/a.h"\n',
               "src/report/b.c": '#include "nowhere/a.h"\n', "src/audit/b.c": '#include "b.h"\n',
               "src/text/b.c": '#include "text/../report/x.h"\n', "src/helpers/b.c": "int x;\n",
               "src/index/two.cpp": "int x;\n", "tools/synth/b.c": '#include "corpus/value/c.h"\n',
               "include/linkback/b.h": '#include "base/a.h"\n', "src/corpus/value/b.c": '#include "corpus/read/d.h"\n',
               "src/risk/words/b.c": '#include "risk/classes/r.h"\n', "src/risk/b.c": "int x;\n", "src/risk/odds/b.c": "int x;\n",
               "src/results/b.c": '#include "report/page.h"\n', "src/text/p.c": '#include "text/q.h"\n'}
    failures = []
    for extra in [None, *planted, "many"]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            more = {f"src/base/n{number}.c": "" for number in range(FILES_MAX + 1)} if extra == "many" else {}
            for name, text in {**sound, **({extra: planted[extra]} if extra in planted else more)}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            found = list(violations(root))
            wanted = {"src/text/p.c": "text/p", "many": "base"}.get(extra, extra)
            if extra is None and found:
                failures.append(f"a sound tree is refused: {found}")
            if extra is not None and (len(found) != 1 or wanted not in found[0]):
                failures.append(f"planted in {extra}: found {found}")
    return failures


if __name__ == "__main__":
    problems = self_test() if sys.argv[1] == "--self-test" else list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(problems) if problems else "the layers hold")
    sys.exit(1 if problems else 0)
