"""Draws docs/architecture.svg from the tree: draw_architecture.py ROOT | --check ROOT | --self-test

A frame is a layer of src/, in the order and with the words of src/README.md; a box is a room: a folder that holds
sources, with their number. An arrow goes from who includes to what is included. One that follows from others is left
out (audit -> link -> base: no audit -> base); a room's tooltip has all of them. Layers that do not know each other
stand side by side, and an include in a circle is red. --check fails where the drawing is not that of the tree.
"""
import html
import pathlib
import re
import sys
import tempfile
import textwrap

SOURCES = {".c", ".h", ".cpp", ".def"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)
LAYER = re.compile(r"^\| \[(\w+)\]\(\w+/README\.md\) \| (.*?) \|$", re.M)
PUBLIC = "include/linkback"
WIDTH, EDGE, GAP, BOX, BOX_GAP, PITCH = 1190, 30, 14, 34, 8, 44


def read(root):
    """{room: number of sources}, {(room, room that it includes from)}; a room is a path below src/"""
    files, includes = {}, set()
    for base in ("src", "include"):
        for path in sorted((root / base).rglob("*")):
            if path.suffix not in SOURCES:
                continue
            room = str(path.relative_to(root / base).parent)
            files[room] = files.get(room, 0) + 1
            for target in INCLUDE.findall(path.read_text(encoding="utf-8")):
                includes.add((room, str(pathlib.PurePosixPath(target).parent)))
    return files, {(a, b) for a, b in includes if a != b and b in files}


def reached(start, edges, leave_out=None):
    found, ahead = set(), [start]
    while ahead:
        at = ahead.pop()
        for a, b in edges:
            if a == at and b not in found and (a, b) != leave_out:
                found.add(b)
                ahead.append(b)
    return found


def reduced(edges):
    """Without the arrows that follow from others; those of a circle stay."""
    kept = set(edges)
    for edge in sorted(edges):
        if edge[0] not in reached(edge[1], edges) and edge[1] in reached(edge[0], kept, leave_out=edge):
            kept.remove(edge)
    return kept


def low_first(rooms, edges):
    """The included before who includes them; of a circle, who includes least others."""
    order, left = [], sorted(rooms)
    while left:
        best = min(left, key=lambda room: (sum(a == room and b in left for a, b in edges), room))
        order.append(best)
        left.remove(best)
    return order


def bands_of(layers, edges):
    """Neighbours in the list of layers that do not know each other stand side by side."""
    bands = []
    for layer in layers:
        if bands and not any({(layer, other), (other, layer)} & edges for other in bands[-1]):
            bands[-1].append(layer)
        else:
            bands.append([layer])
    return bands


class Drawing:
    def __init__(self):
        self.lines = []

    def text(self, x, y, words, kind):
        self.lines.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{html.escape(words)}</text>')

    def box(self, x, y, width, height, kind, tip):
        self.lines.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="4" class="{kind}">'
                          f"<title>{html.escape(tip)}</title></rect>")

    def arrow(self, path, red, tip):
        kind, head = ("circle", "red") if red else ("arrow", "head")
        self.lines.append(f'<path d="{path}" class="{kind}" marker-end="url(#{head})"><title>{html.escape(tip)}</title></path>')


def heading(words, width):
    return textwrap.wrap(words, max(int(width / 5.6), 12))


def draw_layer(drawing, frame, layer, words, rooms, edges):
    """The frame, its rooms from left (included) to right, and the arrows between them above."""
    x, y, width, height = frame
    tip = ", ".join(sorted({b.split("/")[0] for a, b in edges if a.split("/")[0] == layer and b.split("/")[0] != layer}))
    drawing.box(x, y, width, height, "layer", f"{layer} includes from {tip or 'nothing'}")
    drawing.text(x + 8, y + 17, PUBLIC if layer == "linkback" else layer, "name")
    for line, part in enumerate(heading(words, width - 16)):
        drawing.text(x + 8, y + 31 + 12 * line, part, "words")
    order = low_first(rooms, edges)
    step = (width - 16 + BOX_GAP) / len(order)
    middle = {room: x + 8 + step * i + (step - BOX_GAP) / 2 for i, room in enumerate(order)}
    top = y + height - BOX - 8
    for room in order:
        others = ", ".join(sorted(b for a, b in edges if a == room))
        drawing.box(middle[room] - (step - BOX_GAP) / 2, top, step - BOX_GAP, BOX, "room",
                    f"{room} includes from {others or 'nothing'}")
        own = room.split("/", 1)[1] if "/" in room else room if len(order) == 1 else "own files"
        drawing.text(middle[room], top + 15, own, "room-name")
        drawing.text(middle[room], top + 27, f"{rooms[room]} files", "files")
    inner = {(a, b) for a, b in edges if a in rooms and b in rooms}
    for a, b in sorted(reduced(inner)):
        apart = abs(order.index(a) - order.index(b))
        side = -6 if middle[a] > middle[b] else 6
        lift = top - 10 - 9 * min(apart, 4)
        drawing.arrow(f"M{middle[a] + side:.1f} {top:.1f} C{middle[a] + side:.1f} {lift:.1f} {middle[b] - side:.1f} {lift:.1f} "
                      f"{middle[b] - side:.1f} {top - 2:.1f}", a in reached(b, inner), f"{a} includes from {b}")


STYLE = """text { font-family: sans-serif; fill: #222; } .name { font-size: 14px; font-weight: bold; }
.words { font-size: 10.5px; fill: #555; } .room-name { font-size: 11px; text-anchor: middle; }
.files { font-size: 9.5px; fill: #666; text-anchor: middle; } .layer { fill: #f4f6f8; stroke: #9aa5b1; }
.room { fill: #fff; stroke: #52606d; } .arrow { fill: none; stroke: #52606d; } .circle { fill: none; stroke: #c81e1e; }"""


def frames_of(bands, words, rooms):
    """{layer: (x, y, width, height)} from the top; a layer has width for its rooms, and a band the whole width."""
    frames, y = {}, EDGE
    for band in reversed(bands):
        weights = {layer: max(len(rooms[layer]), 1.5) for layer in band}
        room = (WIDTH - 2 * EDGE - PITCH * (len(band) - 1)) / sum(weights.values())
        lines = max(len(heading(words[layer], weights[layer] * room - 16)) for layer in band)
        arcs = max((min(len(rooms[layer]) - 1, 4) for layer in band), default=0)
        height, x = 26 + 12 * lines + (14 + 7 * arcs if arcs else 0) + BOX + 10, EDGE
        for layer in band:
            frames[layer] = (x, y, weights[layer] * room, height)
            x += weights[layer] * room + PITCH
        y += height + 2 * GAP
    return frames, y - 2 * GAP + EDGE


def draw_between(drawing, frames, between):
    """Straight down to the next band; past a band in its way, through the gap beside a frame."""
    tops = sorted({frame[1] for frame in frames.values()})
    for a, b in sorted(reduced(between)):
        (ax, ay, aw, ah), (bx, by, bw, _) = frames[a], frames[b]
        passed = [frame for frame in frames.values() if ay < frame[1] < by]
        if ay >= by:
            path = f"M{ax + aw / 2:.1f} {ay:.1f} L{bx + bw / 2:.1f} {by:.1f}"
        elif not passed:
            low, high = max(ax, bx), min(ax + aw, bx + bw)
            x = (low + high) / 2 if low < high else None
            start, end = (x, x) if x else (ax + aw / 2, bx + bw / 2)
            path = f"M{start:.1f} {ay + ah:.1f} L{end:.1f} {by - 2:.1f}"
        else:
            x = WIDTH - EDGE + 6 + 5 * tops.index(ay) / len(tops) * 3
            path = (f"M{ax + aw - 14:.1f} {ay + ah:.1f} V{ay + ah + GAP:.1f} H{x:.1f} V{by - GAP:.1f} "
                    f"H{bx + bw - 14:.1f} V{by - 2:.1f}")
        drawing.arrow(path, a in reached(b, between), f"{a} includes from {b}")


def draw(root):
    words = dict(LAYER.findall((root / "src/README.md").read_text(encoding="utf-8")))
    words = {layer: re.sub(r"[`*]", "", text) for layer, text in words.items()}
    files, edges = read(root)
    lost = {room.split("/")[0] for room in files} - set(words) - {"linkback"}
    if lost:
        raise SystemExit(f"src/README.md does not name the layers {' '.join(sorted(lost))}")
    layers = list(words)
    layers.insert(layers.index("cli") if "cli" in layers else len(layers), "linkback")
    words["linkback"] = "the public headers, which audit/ and report/ fulfil; error.h serves every layer"
    rooms = {layer: {room: n for room, n in files.items() if room.split("/")[0] == layer} for layer in layers}
    layers = [layer for layer in layers if rooms[layer]]
    between = {(a.split("/")[0], b.split("/")[0]) for a, b in edges}
    between = {(a, b) for a, b in between if a != b and (b != "linkback" or a == "cli")}
    bands = bands_of([layer for layer in layers if layer not in ("linkback", "cli")], between)
    bands += [[layer] for layer in ("linkback", "cli") if layer in layers]
    frames, height = frames_of(bands, words, rooms)
    drawing = Drawing()
    for layer, frame in frames.items():
        draw_layer(drawing, frame, layer, words[layer], rooms[layer], edges)
    draw_between(drawing, frames, between)
    head = ('<marker id="{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0L8 4L0 8z" fill="{}"/></marker>')
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">',
                      "<title>The layers and rooms of src/, and who includes whom</title>",
                      "<!-- Made by tools/draw_architecture.py from the tree; do not edit. -->", f"<style>{STYLE}</style>",
                      f"<defs>{head.format('head', '#52606d')}{head.format('red', '#c81e1e')}</defs>",
                      f'<rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>', *drawing.lines, "</svg>", ""])


def self_test():
    """The same tree gives the same drawing; a new file, a new include and a circle each change it, a circle to red."""
    table = "".join(f"| [{layer}]({layer}/README.md) | what *{layer}* is for |\n" for layer in ("base", "risk", "link", "cli"))
    sound = {"src/README.md": table, "src/base/a.h": "", "src/risk/r.h": '#include "base/a.h"\n', "src/link/x/l.h": '#include "base/a.h"\n',
             "src/link/y/m.h": '#include "link/x/l.h"\n', "include/linkback/e.h": "", "src/cli/m.c": '#include "linkback/e.h"\n'}
    planted = {"file": {"src/base/b.h": ""}, "include": {"src/link/y/n.h": '#include "risk/r.h"\n'},
               "circle": {"src/link/x/n.h": '#include "link/y/m.h"\n'}}
    drawn = {}
    for name, extra in {"sound": {}, "again": {}, **planted}.items():
        with tempfile.TemporaryDirectory() as folder:
            for file, text in {**sound, **extra}.items():
                (pathlib.Path(folder) / file).parent.mkdir(parents=True, exist_ok=True)
                (pathlib.Path(folder) / file).write_text(text)
            drawn[name] = draw(pathlib.Path(folder))
    failures = [f"planted {name}: the drawing is the same" for name in planted if drawn[name] == drawn["sound"]]
    if drawn["again"] != drawn["sound"]:
        failures.append("the same tree gives two drawings")
    if 'class="circle"' in drawn["sound"] or 'class="circle"' not in drawn["circle"]:
        failures.append("a circle is red, and nothing else")
    return failures


def main():
    if sys.argv[1] == "--self-test":
        failures = self_test()
    elif sys.argv[1] == "--check":
        root = pathlib.Path(sys.argv[2])
        stored = (root / "docs/architecture.svg").read_text(encoding="utf-8")
        failures = [] if stored == draw(root) else ["docs/architecture.svg is not of this tree: run tools/draw_architecture.py ROOT"]
    else:
        root, failures = pathlib.Path(sys.argv[1]), []
        (root / "docs/architecture.svg").write_text(draw(root), encoding="utf-8")
    print("\n".join(failures) if failures else "the drawing is that of the tree")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
