#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: registers.sh CC LOCATIONS OBJECT
# Are a guest's locations in the host registers that its list says? The templates movi_NAME, which
# load a number into one location each, are the probe.
set -eu

cc=$1 list=$2 object=$3

# name REGISTER, as listed.
listed=$(printf '#include "%s"\n#define ROW(argument, name, NAME, number, host) @ name host @\nEACH_LOCATION(ROW, )\n' "$list" |
    $cc -E -P -I. -x c - | tr '@' '\n' | sed -n 's/^ *\([a-z][a-z0-9]*\) \([A-Z][A-Z0-9]*\) *$/\1 \2/p' | sort)

# The same, as the compiler has passed them: "mov $0x0,%r11d" in op_movi_eax. Each is in a section of
# its own, and to list all of them would take a minute.
sections=$(echo "$listed" | sed 's/ .*//; s/^/--section=.text.op_movi_/')
# shellcheck disable=SC2086 # words
passed=$(objdump -d $sections "$object" 2>/dev/null | awk '
    /<op_movi_[a-z0-9]*>:$/ { name = $2; gsub(/^<op_movi_|>:$/, "", name); next }
    name != "" && /mov .*,%/ {
        reg = $NF; sub(/.*%/, "", reg)
        sub(/^e/, "r", reg); if (reg ~ /^r[0-9]+d$/) sub(/d$/, "", reg)
        print name, toupper(reg); name = ""
    }' | sort)

[ -n "$listed" ] && [ "$listed" = "$passed" ] || {
    echo "tessera: $list: locations are not in these registers; the compiler has passed" >&2
    echo "$passed" >&2
    exit 1
}
