#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Inputs of a fuzz target as lines of hexadecimal digits, between lines of comment, and as files.
#   corpus.sh pack DIRECTORY > FILE
#   corpus.sh unpack DIRECTORY < FILE
set -euo pipefail

pack() {
    for file in "$1"/*; do
        od -An -v -tx1 "$file" | tr -d ' \n'
        echo
    done | awk '{ print length($0), $0 }' | sort -n | cut -d' ' -f2
}

unpack() {
    mkdir -p "$1"
    grep -v '^#' | while read -r line; do
        # shellcheck disable=SC2001,SC2059 # the line becomes escapes
        printf "$(sed 's/../\\x&/g' <<<"$line")" >"$1/$(md5sum <<<"$line" | cut -d' ' -f1)"
    done
}

case "${1-} $#" in
"pack 2" | "unpack 2") "$@" ;;
*)
    echo "usage: tests/fuzz/corpus.sh pack|unpack DIRECTORY" >&2
    exit 1
    ;;
esac
