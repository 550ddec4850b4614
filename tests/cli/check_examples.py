"""Runs the examples of README.md and docs/*.md: check_examples.py LINKBACK SYNTH ROOT [--self-test]

A block marked `sh` runs in a folder of its own document, where `linkback` is in the path, the built programs lie in
build/release/ and the corpus is there under the names that the documents use; blocks of a document run in their order
and find what earlier ones wrote. A block must exit 0, or N where a comment in it says `exit N`, and no program in it may
exit otherwise but with a verdict. A line that builds or tests the tree (cmake, ctest, git, a script of the tree) is not
run; its script must exist. A block marked `yaml` must be a configuration that the program takes, or agree with what this
tree gives to GitHub, GitLab and pre-commit. A link to a file must lead to one, in every
document of the tree, and so must a path of the tree in back-ticks (NAME stands for any name).
"""
import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
PATH = re.compile(r"`((?:ci|cmake|datasets|docs|include|reports|src|tests|tools)/[\w./*-]+)")
BUILD = re.compile(r"(?:sudo )?(?:cmake|ctest|git|cd|apt-get)\b")
SCRIPT = re.compile(r"(?:sudo )?(?:(?:bash|python3|node) )?((?:\w+/)+[\w.-]+\.(?:sh|py|mjs))\b")
SECONDS_MAX = 300

# A program that fails is seen also where a pipe or `||` hides it; 1 is a verdict.
WRAPPER = """#!/bin/sh
code=0
"{program}" "$@" || code=$?
echo $code >>"{exits}"
exit $code
"""
POLICY = "policy: {rules: [{metric: qi.k, min: 1, must: false, reason: any corpus will do}]}\n"
# Every exit code of README's table, and what a user would do to see it.
EXITS = {0: "linkback audit corpus.jsonl --measures qi --qi country -q",
         1: "linkback audit corpus.jsonl --measures qi --qi country,age --policy release -q",
         2: "linkback audit corpus.jsonl --no-such-option",
         3: "linkback audit no-such-file.jsonl",
         4: "linkback audit corpus.jsonl --measures qi --qi country --report json=/dev/full -q"}


class Examples:
    """The documents of one tree, and the programs that their examples call."""

    def __init__(self, linkback, synth, root):
        self.linkback, self.root = pathlib.Path(linkback).resolve(), root
        self.programs = {"linkback": self.linkback, "linkback-synth": pathlib.Path(synth).resolve()}

    def prepare(self, folder):
        """The programs, corpus.jsonl, the same as corpus.jsonl.gz, and policy.yaml."""
        (folder / "build/release").mkdir(parents=True)
        for name, program in self.programs.items():
            wrapper = folder / "build/release" / name
            wrapper.write_text(WRAPPER.format(program=program, exits=folder / "build/exits"))
            wrapper.chmod(0o755)
        made = subprocess.run([self.programs["linkback-synth"], "--users", "40", "--messages", "1500", "--seed", "7"],
                              capture_output=True, check=True).stdout
        (folder / "corpus.jsonl").write_bytes(made)
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(made))
        (folder / "policy.yaml").write_text(POLICY)

    def run(self, script, folder):
        path = f"{folder / 'build/release'}:{os.environ['PATH']}"
        return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, timeout=SECONDS_MAX, env={**os.environ, "PATH": path})

    def shell(self, block, folder):
        """What is wrong with one `sh` block."""
        kept = []
        for line in block.replace("\\\n", " ").splitlines():
            script = SCRIPT.match(line)
            if script and not (self.root / script[1]).is_file():
                yield f"{script[1]} is not in the tree"
            if not script and not BUILD.match(line):
                kept.append(line)
        wanted = int((re.findall(r"#.*\bexit (\d)\b", block) or ["0"])[-1])
        exits = folder / "build/exits"
        exits.write_text("")
        done = self.run("\n".join(kept), folder)
        hidden = {int(code) for code in exits.read_text().split()} - {0, 1, wanted}
        if done.returncode != wanted or hidden:
            yield f"exit {max(hidden, default=done.returncode)}, the document says {wanted}: {done.stderr.strip()[-300:]}"

    def configuration(self, block, folder):
        """A configuration is read before the inputs: the program gets as far as the input that is not there."""
        (folder / "example.yaml").write_text(block, encoding="utf-8")
        for side_file in re.findall(r"[\w-]+\.csv", block):
            (folder / side_file).write_text("a;b\n")
        ways = ["--config example.yaml"] + ["--policy example.yaml"] * bool(re.search(r"^policy:", block, re.M))
        for way in ways:
            done = self.run(f"linkback audit no-such-file.jsonl {way}", folder)
            if done.returncode != 3:
                yield f"no configuration: {done.stderr.strip()[-300:]}"

    def pipeline(self, block):
        """What a pipeline of somebody else names must be in the files that this tree gives to it."""
        def given(name):
            return (self.root / name).read_text(encoding="utf-8")
        if "uses: OWNER/linkback" in block:
            inputs = given("action.yml").split("\noutputs:")[0]
            names, where = re.findall(r"^      ([\w-]+):", block.split("with:\n")[1], re.M), "action.yml"
            return [f"{where} has no input {name}" for name in names if f"\n  {name}:\n" not in inputs]
        if "extends: ." in block:
            names, where = re.findall(r"extends: (\.\w+)|\b(LINKBACK_\w+):|local: ([\w./]+)", block), "ci/gitlab.yml"
            return [f"{where} does not know {name}" for name in map("".join, names)
                    if name != where and f"{name}:" not in given(where)]
        if "hooks:" in block:
            names, where = re.findall(r"- id: ([\w-]+)", block), ".pre-commit-hooks.yaml"
            return [f"{where} has no hook {name}" for name in names if f"- id: {name}\n" not in given(where)]
        if re.match(r"(?:#.*\n)*name:", block):
            known = set(re.findall(r"^(\w+):", "".join(given(p) for p in self.formats()), re.M))
            return [f"no format has the key {key}" for key in re.findall(r"^(\w+):", block, re.M) if key not in known]
        return ["neither a configuration, a format, nor an example of a pipeline"]

    def formats(self):
        return [path.relative_to(self.root) for path in self.root.glob("datasets/*/format.yaml")]

    def document(self, path, folder):
        text = path.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            kind, block = match.groups()
            if kind == "sh":
                wrong = self.shell(block, folder)
            elif re.search(r"^(?:corpus|measure|policy):", block, re.M):
                wrong = self.configuration(block, folder)
            else:
                wrong = self.pipeline(block)
            yield from (f"{path.name}:{text.count(chr(10), 0, match.start()) + 1}: {what}" for what in wrong)

    def links(self, path):
        text = path.read_text(encoding="utf-8")
        for place in PATH.findall(text):
            if not list(self.root.glob(place.replace("NAME", "*").rstrip("/"))):
                yield f"{path.relative_to(self.root)}: {place} is not in the tree"
        for target in LINK.findall(text):
            if ":" not in target and not (path.parent / target).exists():
                yield f"{path.relative_to(self.root)}: the link to {target} leads nowhere"

    def exit_codes(self, path, folder):
        rows = [int(code) for code in re.findall(r"^\| (\d) \| ", path.read_text(encoding="utf-8"), re.M)]
        if rows != sorted(EXITS):
            yield f"{path.name}: the exit codes are {rows}, tried are {sorted(EXITS)}"
        for code, command in EXITS.items():
            done = self.run(command, folder)
            if done.returncode != code:
                yield f"{path.name}: exit code {code} is {done.returncode} for: {command}: {done.stderr[-300:]}"

    def problems(self):
        readme = self.root / "README.md"
        folders = [path for path in sorted(self.root.glob("*")) if path.is_dir() and path.name != "build"]
        for path in [*self.root.glob("*.md"), *(path for folder in folders for path in sorted(folder.rglob("*.md")))]:
            yield from self.links(path)
        for path in [readme, *sorted(self.root.glob("docs/*.md"))]:
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                self.prepare(folder)
                yield from self.document(path, folder)
                if path == readme:
                    yield from self.exit_codes(path, folder)


TABLE = "".join(f"| {code} | said |\n" for code in EXITS)
GOOD = ["```sh\nlinkback inspect corpus.jsonl.gz\ncmake --preset none\n```", "```sh\nlinkback inspect no-such-file   # exit 3\n```",
        "```sh\nlinkback audit corpus.jsonl \\\n    --measures qi -q -o audit/\nlinkback report audit/audit.db --report json=/dev/null\n```",
        "```sh\nlinkback audit corpus.jsonl --qi country,age --measures qi --policy release -q || echo no\n```",
        "```yaml\npolicy:\n  extends: release\n```", "```yaml\nmeasure: {k: 10}\n```", "```\nfree text\n```", "[here](README.md#there)",
        "`datasets/NAME/format.yaml`, `ci/github.sh`"]
BAD = {"an option": "```sh\nlinkback inspect --nonsense corpus.jsonl\n```", "a missing file": "```sh\nlinkback inspect nothing.jsonl\n```",
       "an exit code": "```sh\nlinkback inspect corpus.jsonl # exit 1\n```", "a script": "```sh\nbash tests/nothing.sh\n```",
       "a failure that is caught": "```sh\nlinkback audit nothing.jsonl || echo no\n```",
       "a failure before a pipe": "```sh\nlinkback inspect nothing.jsonl | cat\n```", "a key": "```yaml\npolicy:\n  extend: release\n```",
       "a metric": "```yaml\npolicy: {rules: [{metric: qi.none, min: 1}]}\n```", "an unknown YAML": "```yaml\nrules: []\n```",
       "an input of the action": "```yaml\n- uses: OWNER/linkback@main\n  with:\n      dat: x\n```",
       "a job": "```yaml\nextends: .nothing\n```", "a hook": "```yaml\nhooks:\n    - id: nothing\n```", "a link": "[there](docs/nothing.md)",
       "a path": "`ci/nothing.sh` does it"}


def self_test(linkback, synth, root):
    """Every bad example must be found in a document of its own, and none in one of good ones."""
    with tempfile.TemporaryDirectory() as name:
        tree = pathlib.Path(name)
        (tree / "docs").mkdir()
        for given in ("action.yml", ".pre-commit-hooks.yaml", "ci/github.sh", "ci/gitlab.yml", "datasets/irc/format.yaml"):
            (tree / given).parent.mkdir(parents=True, exist_ok=True)
            (tree / given).symlink_to(root / given)
        (tree / "README.md").write_text("\n".join([*GOOD, TABLE]))
        yield from (f"nothing is wrong with: {line}" for line in Examples(linkback, synth, tree).problems())
        (tree / "README.md").write_text(TABLE.replace("| 4 |", "| 5 |"))
        files = {what: f"{number}.md" for number, what in enumerate(BAD)}
        for what, file in files.items():
            (tree / "docs" / file).write_text(BAD[what] + "\n")
        found = list(Examples(linkback, synth, tree).problems())
        for what, file in {**files, "the table of exit codes": "README.md"}.items():
            if not any(line.startswith((f"{file}:", f"docs/{file}:")) for line in found):
                yield f"{what} was planted and not found"


if __name__ == "__main__":
    linkback, synth, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
    found = list(self_test(linkback, synth, root) if "--self-test" in sys.argv else Examples(linkback, synth, root).problems())
    print("\n".join(found) if found else "the examples run")
    sys.exit(1 if found else 0)
