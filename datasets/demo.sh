#!/usr/bin/env bash
# From a fresh Debian 12 to an audit: installs what is missing (as root), builds, writes the demo
# corpus (400 made-up people) and audits it against the built-in profile `release`.
# The corpus breaks the profile, as it should; that is a finding and not a failure of this script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash tools/install-deps.sh build
testing=$(cmake -N -LA build/release 2>/dev/null | sed -n 's/^BUILD_TESTING:BOOL=//p') || true
cmake --preset release -DBUILD_TESTING="${testing:-OFF}" --log-level=WARNING >/dev/null
cmake --build --preset release --parallel "$(nproc)"

mkdir -p build/demo
build/release/linkback-synth --users 400 --messages 10000 --seed 2026 --style 0.8 \
    --truth build/demo/truth.json >build/demo/messages.jsonl

status=0
build/release/linkback audit build/demo/messages.jsonl \
    --qi country,age,gender,language,device --sensitive condition \
    --policy release --output build/demo-report || status=$?
case $status in
0 | 1) ;;
*) exit "$status" ;;
esac

python3 - build/demo-report/report.json <<'P'
import json, sys

report = json.load(open(sys.argv[1], encoding="utf-8"))
print("\n{users} people, {conversations} conversations, {messages} messages".format(**report["corpus"]))
for check in report["gate"]["checks"]:
    value = check["value"]
    value = f"{value:.4g}" if isinstance(value, (int, float)) else "none"
    print(f"  {check['verdict'].replace('_', ' '):10} {check['metric']:26} is {value}, the rule is {check['rule']} ({check['severity']})")
words = {"pass": "meets", "fail": "does not meet", "undecided": "is not decided against"}
print(f"The corpus {words[report['gate']['verdict']]} the profile `release`.")
P
echo "The report: $PWD/build/demo-report/"
