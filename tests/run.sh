#!/usr/bin/env bash
# Every test, in every build: run.sh [release|debug|tsan ...]   (default: all three)
#   release  gcc, optimised                     all tests
#   debug    clang, Address- and UBSanitizer    all tests but those labelled `slow`
#   tsan     clang, ThreadSanitizer             the tests labelled `threads`
# Installs missing Debian packages first (as root). Builds are incremental and need no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash tools/install-deps.sh all
jobs=$(nproc)
[ $# -gt 0 ] || set -- release debug tsan

# The sanitizers' shadow memory wants addresses that are not too random.
plain=()
if setarch -R true 2>/dev/null; then plain=(setarch -R); fi

failed=()
for build in "$@"; do
    echo "== $build"
    cmake --preset "$build" -DBUILD_TESTING=ON --log-level=WARNING >/dev/null
    cmake --build --preset "$build" --parallel "$jobs"
    labels=()
    if [ "$build" = debug ]; then labels=(-LE slow); fi
    if [ "$build" = tsan ]; then labels=(-L threads); fi
    "${plain[@]}" ctest --preset "$build" --parallel "$jobs" "${labels[@]}" || failed+=("$build")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "Tests failed in: ${failed[*]}" >&2
    exit 1
fi
echo "All tests passed: $*"
