#!/usr/bin/env bash
# Installs the Debian packages that linkback needs and that are missing: install-deps.sh [build|all]
#   build: what compiles the program    all (default): and what runs the tests
# Where nothing is missing it needs neither root nor a network.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
group=${1:-all}
case $group in
build | all) ;;
*)
    echo "install-deps.sh: $group: no such group; write build or all" >&2
    exit 2
    ;;
esac
if ! command -v dpkg-query >/dev/null; then
    echo "install-deps.sh: this is no Debian; install what tools/packages.txt lists by hand" >&2
    exit 4
fi

mapfile -t wanted < <(awk -v group="$group" \
    '$1 !~ /^#/ && NF && (group == "all" || $2 == group) { print $1 }' "$here/packages.txt")
# What an installed package provides (as another nodejs does npm) is there too.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null |
    sed -n 's/^installed //p' | tr ',' '\n' | awk 'NF { print $1 }' || true)
mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$installed"))
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-deps.sh: missing: ${missing[*]}; run tools/install-deps.sh $group as root" >&2
    exit 4
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
