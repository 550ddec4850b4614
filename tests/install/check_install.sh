#!/usr/bin/env bash
# Installs into a folder of its own and builds consumer.c against it with nothing but pkg-config:
# check_install.sh CMAKE BUILD_DIR CC VERSION
set -euo pipefail
cmake=$1 build=$2 cc=$3 version=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

"$cmake" --install "$build" --prefix "$prefix/first" >/dev/null
mv "$prefix/first" "$prefix/moved" # a package may be moved after it was installed
PKG_CONFIG_PATH=$(dirname "$(find "$prefix/moved" -name linkback.pc)")
export PKG_CONFIG_PATH
[ "$(pkg-config --modversion linkback)" = "$version" ]
read -ra flags <<<"$(pkg-config --cflags --libs linkback)"
"$cc" -std=c17 -Wall -Wextra -Werror "$here/consumer.c" "${flags[@]}" -o "$prefix/consumer"
"$prefix/consumer"
"$prefix/moved/bin/linkback" --version >/dev/null
for page in methods configuration; do # what its reports and messages cite
    [ -s "$(find "$prefix/moved" -name "$page.md")" ]
done
