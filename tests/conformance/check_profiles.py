"""Holds the built-in profiles to say of each rule whether it must be judged: check_profiles.py ROOT | --self-test

A rule without `must`, and one that need not be judged and gives no reason, is a fault.
"""
import pathlib
import re
import sys
import tempfile

FOLDER = "reports/profiles"
RULE = re.compile(r"^( +)- metric: (\S+)\n((?:\1  .*\n?)*)", re.M)


def faults_of(path):
    rules = RULE.findall(path.read_text(encoding="utf-8"))
    if not rules:
        yield f"{path.name}: holds no rule"
    for _, metric, body in rules:
        must = re.findall(r"^ +must: (\S+)$", body, re.M)
        if must not in (["true"], ["false"]):
            yield f"{path.name}: the rule on {metric} does not say whether it must be judged; add must: true or must: false"
        elif must == ["false"] and not re.search(r"^ +reason: \S", body, re.M):
            yield f"{path.name}: the rule on {metric} need not be judged and says no reason"


def faults(root):
    return [fault for path in sorted((root / FOLDER).glob("*.yaml")) for fault in faults_of(path)]


def self_test():
    rule = "policy:\n  rules:\n    - metric: qi.k\n      min: 5\n"
    cases = {"says.yaml": ("      must: true\n", 0), "excused.yaml": ("      must: false\n      reason: so\n", 0),
             "silent.yaml": ("", 1), "unclear.yaml": ("      must: maybe\n", 1), "bare.yaml": ("      must: false\n", 1)}
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / FOLDER).mkdir(parents=True)
        for file, (body, _) in cases.items():
            (root / FOLDER / file).write_text(rule + body + "    - metric: qi.classes\n      max: 9\n      must: true\n",
                                              encoding="utf-8")
        found = faults(root)
        for file, (_, wanted) in cases.items():
            assert sum(fault.startswith(f"{file}: the rule on qi.k") for fault in found) == wanted, (file, found)
        assert len(found) == sum(wanted for _, wanted in cases.values()), found


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        sys.exit(0)
    found = faults(pathlib.Path(sys.argv[1]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
