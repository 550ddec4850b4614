#!/usr/bin/env bash
# The audit of the GitHub action (action.yml), also without GitHub: everything comes in by the environment.
#   DATA     inputs, one a line (files, folders, globs)
#   POLICY   built-in profiles or policy files, one a line; none: nothing is gated
#   OPTIONS  further options of `linkback audit`, one word a line: a line is one word whatever is in it, nothing is
#            expanded, and spaces and quotes are part of the word
#   OUTPUT   folder of the reports
#   LINKBACK the program
# Writes the job's summary to $GITHUB_STEP_SUMMARY and the outputs to $GITHUB_OUTPUT, where they are set.
set -euo pipefail

fail() {
    printf 'linkback: %s\n' "$1" >&2
    exit 2
}

case "$OUTPUT" in # a line break would begin another output
*[[:cntrl:]]*) fail 'output: the name of the folder has a line break or another control character; choose another' ;;
-*) OUTPUT="./$OUTPUT" ;;
esac
if [ -L "$OUTPUT" ]; then fail 'output: it is a link, which may lead out of the repository; name a folder'; fi

words=()
while IFS= read -r line; do
    if [ "$line" = -- ]; then fail 'options: -- would make inputs of the options behind it; name inputs in data'; fi
    if [ -n "$line" ]; then words+=("$line"); fi
done <<<"${OPTIONS:-}"
while IFS= read -r line; do
    if [ -n "$line" ]; then words+=("--policy=$line"); fi
done <<<"${POLICY:-}"
words+=("--output=$OUTPUT" --progress=never --)
while IFS= read -r line; do
    if [ -n "$line" ]; then words+=("$line"); fi
done <<<"$DATA"

# What is printed between these lines is no command to the runner, whatever a file of the corpus is called. Both
# streams go one way, so that no line comes before the first of them.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
status=0
echo "::stop-commands::$token"
"${LINKBACK:-linkback}" audit "${words[@]}" 2>&1 || status=$?
echo "::$token::"

verdict=error
case "$status" in
0) verdict=pass ;;
1) if grep -q '^  *"verdict": "undecided"' "$OUTPUT/report.json"; then verdict=undecided; else verdict=fail; fi ;;
esac
if [ "$status" -le 1 ]; then
    cat "$OUTPUT/report.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    sarif="$OUTPUT/report.sarif"
fi
{
    echo "verdict=$verdict"
    echo "exit-code=$status"
    echo "report=$OUTPUT"
    echo "sarif=${sarif:-}"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
