#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# readme.sh TREE DYNGEN COMPILER [OPTION]...: in this folder, makes the program that dyngen/README
# shows, its ops and enter.c by COMPILER, the rest by several, as a PIE and not; runs each.
set -eu
tree=$1
dyngen=$2
shift 2
warnings="-Wall -Wextra -Werror"

awk '/^    \/\* [a-z]+\.[ch] \*\/$/ { file = $2; next }
     /^[^ ]/ { file = "" }
     file { sub(/^    /, ""); print >file }' "$tree/dyngen/README"

# How the README compiles ops.
options=$(sed -n '/^    clang-19 -O2/,/[^\\]$/ { s/clang-19//; s/\\$//; p }' "$tree/dyngen/README")

# shellcheck disable=SC2086 # lists of options
for compiler in gcc clang-14 clang-19; do
    for pie in no-pie pie; do
        "$@" $options $warnings -c ops.c
        "$dyngen" --helper-prefix vm_ -o templates.c ops.o
        "$1" -O2 $warnings -f$pie -c enter.c
        $compiler -O2 $warnings -f$pie -I"$tree/dyngen" -c main.c near.c templates.c
        $compiler -$pie main.o near.o templates.o enter.o -o main
        ./main
    done
done
