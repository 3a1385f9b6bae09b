#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Style and static checks over every hand-written C source: clang-format, who includes whom,
# cppcheck, clang-tidy; and over Python: pyflakes.
# Run it after a build, since sources include generated headers: `make lint`. Arguments: the folder
# of the build, how many processors may be used, and a part alone, of which `lint.sh --parts` prints
# all: what each looks at may be looked at at the same time.
set -u

parts="rules generic cppcheck tidy:1/4 tidy:2/4 tidy:3/4 tidy:4/4"
build=${1:-build}
folders=$(for f in dyngen ops translate exec hw bios tests tools; do [ -d $f ] && echo $f; done)
jobs=${2:-2}
part=${3:-}
failed=""

# Libraries that are optional (Makefile) are looked at as if they were all here.
have=$(sed -n 's/^OPTIONAL  *:= //p' Makefile | sed 's/[A-Z0-9]\+/-DHAVE_&/g')

sources() {
    # shellcheck disable=SC2086 # a list of folders
    find $folders -name "$1" | sort
}

# The options a source is compiled with, as far as a checker cares.
flags() {
    tree="-std=gnu17 -I. -I$build -Idyngen -D_GNU_SOURCE -DHOST_ASM=1 $have -DBUILD=\"$build\" -DTESSERA_VERSION=\"0\""
    case $1 in
    tests/bench/workload/*) echo "-std=gnu17" ;;
    tests/bench/*) echo "-std=gnu17 -I. -Itests/bench/i386 -m32 -march=i686 -ffreestanding" ;;
    tools/guest/* | tests/vga/guest.c | tests/guests/mode12.c) echo "-std=gnu17 -I. -m32 -march=i686 -ffreestanding" ;;
    bios/vga/make_fonts.c | bios/vga/seal_rom.c) echo "-std=gnu17 -I." ;;
    tests/bios/*/guest/*) echo "-std=gnu17 -I. -m16 -ffreestanding" ;;
    bios/vga/*) echo "-std=gnu17 -I. -I$build -m16 -ffreestanding -DVGA_ROM" ;;
    bios/post/init16.c) echo "-std=gnu17 -I. -m16 -ffreestanding -DREAL_MODE" ;;
    bios/post/* | bios/tables/*) echo "-std=gnu17 -I. -m32 -ffreestanding" ;;
    bios/*) echo "-std=gnu17 -I. -m16 -ffreestanding -DREAL_MODE" ;;
    tests/bios/program/*) echo "-std=gnu17 -I. -m16 -ffreestanding" ;;
    tests/native/helper.c) echo "-std=gnu17 -I. -I$build -D_GNU_SOURCE -m32 -ffreestanding" ;;
    ops/*/template.c | ops/*/interp.c) echo "$tree -DONE_LOCATION" ;;
    dyngen/example/* | tests/dyngen/outside/*) echo "-std=gnu17 -Idyngen -I$build/${1%/*} -DBUILD=\"$build\"" ;;
    *) echo "$tree" ;;
    esac
}

# Checks left out beyond .clang-tidy's: padding is a layout, not a mistake; what is safe in a
# signal handler is more than POSIX lists; and in ops/, files included again for each operand
# make both sides of an operator the same.
checks() {
    off="-clang-analyzer-optin.performance.Padding,-bugprone-signal-handler"
    case $1 in
    ops/*) off="$off,-misc-redundant-expression,-bugprone-signed-char-misuse" ;;
    esac
    echo "$off"
}

# How many states of one function the analyzer looks at: a fifth of what it does by itself. A third
# takes half as long again and reaches, in the 62 files that were compared, which take long, 3 of 4033
# basic blocks more.
analyzed="-Xclang -analyzer-config -Xclang max-nodes=45000"

# tidy FILE...: what clang-tidy finds in files of the same flags. One process for many: it takes as
# long to start as to look at a short file.
tidy() {
    # shellcheck disable=SC2046,SC2086 # lists of options
    clang-tidy --quiet --checks="$(checks "$1")" "$@" -- $(flags "$1") $analyzed -Wno-unknown-attributes \
        2>/dev/null
}

# generic FILE: what the compiler says of it without the host's assembly and optional libraries.
generic() {
    gcc -std=gnu17 -fsyntax-only -DHOST_ASM=0 -D_GNU_SOURCE -DTESSERA_VERSION=\"0\" -I. -I"$build" \
        -Idyngen "$1"
}

# note CHECKER FILE...: each has been looked at, and is clean; its digest stands in $list.
note() {
    checker=$1
    shift
    for noted; do
        digest=$(grep " $noted\$" "$list")
        echo "${digest%% *}" >"$build/lint/$checker/$(echo "$noted" | tr / +)"
    done
}

# look CHECKER FILE...: all at once, which is silent if all are clean; else each by itself.
look() {
    checker=$1
    shift
    if [ $# -gt 1 ] && [ "$checker" = tidy ] && tidy "$@" >/dev/null; then
        note "$checker" "$@"
        return 0
    fi
    found=0
    for one; do
        if output=$($checker "$one"); then
            note "$checker" "$one"
        else
            [ -z "$output" ] || printf '%s\n' "$output"
            found=1
        fi
    done
    return $found
}

case ${1-} in
--parts)
    echo "$parts"
    exit 0
    ;;
# `lint.sh --look BUILD CHECKER LIST FILE...`: what it finds; files in which it finds nothing are noted
# with their digests from LIST (tools/unchecked.py). Neighbours with the same flags are looked at
# together.
--look)
    build=$2 checker=$3 list=$4 status=0 together="" before=""
    shift 4
    for file; do
        these="$(checks "$file") $(flags "$file")"
        if [ "$these" != "$before" ] && [ -n "$together" ]; then
            # shellcheck disable=SC2086 # a list of files
            look "$checker" $together || status=1
            together=""
        fi
        before=$these
        together="$together $file"
    done
    # shellcheck disable=SC2086
    look "$checker" $together || status=1
    exit $status
    ;;
esac

# unchecked CHECKER [MARK...]: has CHECKER look at the files on standard input that it does not know.
unchecked() {
    list=$build/lint/$1.$$.list
    mkdir -p "$build/lint/$1"
    tools/unchecked.py "$build" "$@" >"$list" &&
        sed 's/.* //' "$list" | xargs -r -n 12 -P "$jobs" "$0" --look "$build" "$1" "$list"
    looked=$?
    rm -f "$list"
    return $looked
}

# wanted PART: all are, if none is named.
wanted() {
    case $part in "" | "$1" | "$1":*) ;; *) false ;; esac
}

# share: of the lines of standard input those of the part I/N, or all.
share() {
    case $part in
    *:*/*) awk -v of="${part#*/}" -v n="${part#*:}" 'NR % of == n % of' ;;
    *) cat ;;
    esac
}

rules() {
    echo "lint: clang-format"
    if ! sources '*.[ch]' | xargs clang-format --dry-run -Werror 2>"$build/lint.log"; then
        grep error: "$build/lint.log"
        failed="$failed clang-format"
    fi

    # In hw/ chips and the outside know no machine, but for the list of machines; none of them, and no
    # machine, knows the command line.
    echo "lint: who includes whom in hw"
    chips=$(ls -d hw/*/ | grep -v 'hw/\(pc\|ppc\|cli\|monitor\|gdb\)/')
    if grep -rn --include='*.[ch]' '#include "hw/\(pc\|ppc\|cli\)/' $chips ||
        grep -n '#include "hw/\(pc\|ppc\|cli\)/' hw/*.[ch] | grep -v '^hw/machine\.c:' ||
        grep -n '#include "hw/cli/' hw/*.[ch] hw/pc/*.[ch] hw/ppc/*.[ch]; then
        failed="$failed hw"
    fi

    # A guest is known in the rooms of its name, in its machine's, and where the host does its floating
    # point; a machine to the list of them. Nor are its functions called without its headers.
    echo "lint: who includes whom beside guests"
    guest='(i386|ppc)'
    if find exec translate ops dyngen hw -name '*.[ch]' -o -name '*.def' |
        grep -vE "^(exec|translate|ops|hw)/(i386|ppc|pc)/|^exec/host/${guest}_|^hw/machine\.c" |
        xargs grep -nE "#[[:blank:]]*include[[:blank:]]*[<\"]([^\">]*/)?$guest[/_.]"; then
        failed="$failed guests"
    fi
    echo "lint: who calls guests"
    if find "$build"/exec "$build"/translate "$build"/ops -name '*.o' -exec nm -A -P {} + |
        awk -v guest="/$guest/|/host/${guest}_" '
            { sub(/:$/, "", $1) }
            $1 ~ guest { if ($3 ~ /[A-T]/) of[$2] = $1; next }
            $3 == "U" { use[$1 " " $2] }
            END {
                for (u in use) {
                    split(u, part, " ")
                    if (part[2] in of)
                        print part[1] ": uses " part[2] " of " of[part[2]]
                }
            }' | grep .; then
        failed="$failed callers"
    fi

    # The i386's registers and flags are named in its own rooms and its machine's alone; the keyboard
    # controller has a pin of that name.
    echo "lint: who names the i386"
    i386='e[abcd]x|e[ds]i|e[bs]p|eip|eflags|cr[0234]|cc_(op|src|dst)|a20|ferr|iopl|cpl|efer|[gil]dtr?|mxcsr|x87|mmx|xmm[0-7]'
    if find exec translate dyngen hw -name '*.[ch]' -o -name '*.def' |
        grep -vE '^(exec|translate|hw)/(i386|ppc|pc|host/i386_)|^(translate/ir|dyngen)/(x86_64|tests)|^hw/input/i8042' |
        xargs grep -nwiE "$i386"; then
        failed="$failed i386"
    fi

    # Files of a decoder call each other one way only, but for the instructions' functions, which the
    # table in decode.c names. tsort(1) finds circles.
    for guest in i386 ppc; do
        echo "lint: circles in translate/$guest"
        if ! nm -A -P "$build"/translate/$guest/*.o | awk '
            { sub(/.*\//, "", $1); sub(/:$/, "", $1) }
            $3 == "T" { place[$2] = $1 }
            $3 == "U" && !($1 == "decode.o" && $2 ~ /^(ppc_)?t_/) { use[$1 " " $2] = 1 }
            END {
                for (u in use) {
                    split(u, part, " ")
                    if (place[part[2]] && place[part[2]] != part[1])
                        print part[1], place[part[2]]
                }
            }' | tsort 2>&1 >/dev/null; then
            failed="$failed circles"
        fi
    done

    # The host's registers and instructions are named in their rooms alone.
    echo "lint: who names the host"
    host='__x86_64__|x86[-_][a-z0-9_]+|ucontext_t|gregs|fpregs|r[abcd]x|r[sd]i|r[sb]p|r(8|9|1[0-5])d?'
    if find exec translate -name '*.[ch]' ! -path 'exec/host/*' ! -path 'translate/ir/x86_64/*' \
        ! -path translate/ir/host.h -print0 |
        xargs -0 grep -nwiE "$host"; then
        failed="$failed host"
    fi
    if grep -rnE '\b(asm|__asm__)( volatile)?\(' --include='*.[ch]' --include='*.def' ops exec translate |
        grep -vE '^(ops/(host/|i386/fpu_)x86_64\.h|exec/host/|translate/ir/x86_64/)'; then
        failed="$failed host"
    fi

    # In the column `arg` numbers have names (translate/i386/arg.h), but for the PowerPC's sizes.
    echo "lint: numbers in insns.def"
    if grep -nE '^INSN\(([^,]*, ){6}(0x0*)?[1-9a-f]' translate/i386/insns.def ||
        grep -nE ', (0x)?0*[1-9][0-9a-f]*( \||\))' translate/ppc/insns.def |
        grep -vE '(load|store)(_conditional)?, [1248]( \||\))'; then
        failed="$failed numbers"
    fi

    echo "lint: names of files and functions"
    /usr/bin/python3 tools/names.py || failed="$failed names"

    echo "lint: pyflakes"
    /usr/bin/python3 -m pyflakes tools/names.py tools/unchecked.py tools/run-tests.py tools/lab tools/bench/*.py tests/*/*.py || failed="$failed pyflakes"
}

# Of `make check-generic`, which takes long, at least the build, and that without optional libraries;
# of other files it is the same as ever.
without() {
    echo "lint: without the host's assembly, without optional libraries"
    if ! sources '*.c' | grep -E '^(exec|translate|hw)/' | unchecked generic HOST_ASM HAVE_; then
        failed="$failed generic"
    fi
}

all_cppcheck() {
    echo "lint: cppcheck"
    mkdir -p "$build/lint/cppcheck"
    # shellcheck disable=SC2086
    cppcheck -q -j $jobs --cppcheck-build-dir="$build/lint/cppcheck" --error-exitcode=1 \
        --enable=warning,performance,portability --inline-suppr --suppressions-list=tools/cppcheck.txt \
        -I. -I"$build" -Idyngen -D_GNU_SOURCE -DONE_LOCATION -DTESSERA_VERSION=\"0\" $folders ||
        failed="$failed cppcheck"
}

all_tidy() {
    echo "lint: clang-tidy"
    sources '*.c' | share | unchecked tidy || failed="$failed clang-tidy"
}

case " $parts tidy " in *" ${part:-tidy} "*) ;; *)
    echo "lint: no part \"$part\"" >&2
    exit 2
    ;;
esac
wanted rules && rules
wanted generic && without
wanted cppcheck && all_cppcheck
wanted tidy && all_tidy

if [ -n "$failed" ]; then
    echo "lint: failed:$failed" >&2
    exit 1
fi
echo "lint: clean"
