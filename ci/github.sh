#!/usr/bin/env bash
# The audit of the GitHub action (action.yml), also without GitHub: everything comes in by the environment.
#   DATA     inputs, one a line (files, folders, globs)
#   POLICY   built-in profiles or policy files, one a line; none: nothing is gated
#   OPTIONS  further options of `linkback audit`, one word a line
#   OUTPUT   folder of the reports
#   LINKBACK the program
# Writes the job's summary to $GITHUB_STEP_SUMMARY and the outputs to $GITHUB_OUTPUT, where they are set.
set -euo pipefail

words=()
while IFS= read -r line; do
    if [ -n "$line" ]; then words+=("$line"); fi
done <<<"${OPTIONS:-}"
while IFS= read -r line; do
    if [ -n "$line" ]; then words+=(--policy "$line"); fi
done <<<"${POLICY:-}"
words+=(--output "$OUTPUT" --progress never --)
while IFS= read -r line; do
    if [ -n "$line" ]; then words+=("$line"); fi
done <<<"$DATA"

status=0
"${LINKBACK:-linkback}" audit "${words[@]}" || status=$?
verdict=error
case $status in
0) verdict=pass ;;
1) if grep -q '^  *"verdict": "undecided"' "$OUTPUT/report.json"; then verdict=undecided; else verdict=fail; fi ;;
esac
if [ $status -le 1 ]; then
    cat "$OUTPUT/report.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    sarif=$OUTPUT/report.sarif
fi
{
    echo "verdict=$verdict"
    echo "exit-code=$status"
    echo "report=$OUTPUT"
    echo "sarif=${sarif:-}"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit $status
