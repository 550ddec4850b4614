#!/usr/bin/env bash
# The pre-commit hook (.pre-commit-hooks.yaml): pre-commit.sh OPTION... -- FILE...
# pre-commit writes the names of the files right behind `args`. Only a -- between them tells a file called
# --report=json=x from an option, so without one nothing runs. Behind it a name gets a ./ before it, so that no
# name is standard input (-) or a query (duckdb:...).
set -euo pipefail
export LC_ALL=C

fail() {
    printf 'linkback: %s\n' "$1" >&2
    exit 2
}

# pre-commit cuts what is longer than 128 KiB into several runs: each would audit a part, and call that the corpus. The
# margin is for the longest name there can be, at which it may have been cut.
command="$0 $*"
if [ ${#command} -gt $((131072 - 4097)) ]; then
    fail 'files: there are too many for one command; set pass_filenames: false and end args with -- and the folder'
fi
words=(audit --progress never --quiet --report markdown=-)
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    words+=("$1")
    shift
done
if [ $# -eq 0 ]; then
    fail 'args: no -- at their end, so that the name of a file could pass for an option; write [--policy, policy.yaml, --]'
fi
shift
words+=(--)
for name; do
    case "$name" in
    /*) words+=("$name") ;;
    *) words+=("./$name") ;;
    esac
done
exec linkback "${words[@]}"
