#!/usr/bin/env bash
# Makes reports and looks at them in Chromium: run.sh LINKBACK SYNTH SOURCE_DIR FOLDER
# FOLDER lies in a build folder and keeps the packages of npm (package-lock.json) between runs; where they are not there and npm
# cannot fetch them, or where there is no Chromium, the test is skipped (77), saying so.
# With SCREENSHOTS=DIR it also writes pictures for a person to look at.
set -euo pipefail
linkback=$1 synth=$2 source=$3 folder=$4
here=$source/tests/browser
if [ ! -f "$(dirname "$folder")/CMakeCache.txt" ]; then
    echo "run.sh: $folder is not in a build folder; name a folder in one, such as build/release/browser" >&2
    exit 2
fi

skip() {
    echo "skipped: $1"
    exit 77
}
CHROMIUM=$(command -v chromium || command -v chromium-browser || true)
export CHROMIUM
[ -n "$CHROMIUM" ] || skip "chromium is not installed"
command -v node >/dev/null || skip "nodejs is not installed"

mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/package-lock.json" || [ ! -d "$folder/node_modules" ]; then
    command -v npm >/dev/null || skip "npm is not installed"
    cp "$here/package.json" "$here/package-lock.json" "$folder/"
    if ! (cd "$folder" && timeout 120 npm ci --no-audit --no-fund --ignore-scripts) >"$folder/npm.log" 2>&1; then
        rm -f "$folder/package-lock.json"
        skip "npm cannot fetch playwright-core and axe-core (its words are in $folder/npm.log)"
    fi
fi
export NODE_PATH=$folder/node_modules

REPORTS=$(mktemp -d)
export REPORTS
trap 'rm -rf "$REPORTS"' EXIT

audit() { # NAME CORPUS OPTION...
    local name=$1 status=0
    shift
    mkdir -p "$REPORTS/$name"
    "$linkback" audit "$@" --report "html=$REPORTS/$name/report.html" -q || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

"$synth" --users 400 --messages 10000 --seed 2026 --style 0.8 >"$REPORTS/demo.jsonl"
audit demo "$REPORTS/demo.jsonl" --qi country,age,gender,language,device --sensitive condition --policy release
python3 "$here/corpora.py" "$REPORTS/hostile.jsonl"
audit hostile "$REPORTS/hostile.jsonl" --qi country,age --sensitive condition --policy release --reveal
"$synth" --users 60 --messages 2500 --seed 9 --style 0.9 >"$REPORTS/small.jsonl"
audit measures "$REPORTS/small.jsonl" --qi country,age,gender --measures qi,link,whatif
(echo a,b; grep -o '"user":"[^"]*"' "$REPORTS/small.jsonl" | cut -d'"' -f4 | sort -u | sed 's/.*/&,&/') >"$REPORTS/who.csv"
mkdir -p "$REPORTS/linked" "$REPORTS/strangers"
"$linkback" link "$REPORTS/small.jsonl" "$REPORTS/small.jsonl" --truth "$REPORTS/who.csv" --report "html=$REPORTS/linked/report.html" -q
"$linkback" link "$REPORTS/hostile.jsonl" "$REPORTS/demo.jsonl" --reveal --report "html=$REPORTS/strangers/report.html" -q
irc=${LINKBACK_SHARED:-$source/../shared}/corpora/ubuntu-irc.jsonl.gz
if [ -f "$irc" ]; then
    audit irc "$irc" --qi channel --policy release
    size=$(stat -c %s "$REPORTS/irc/report.html")
    [ "$size" -lt 2000000 ] || { echo "the report of the IRC corpus has $size bytes"; exit 1; }
else
    echo "without the IRC corpus: $irc is not there"
fi
node --test "$here/report.test.js"
