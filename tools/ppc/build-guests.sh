#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds guests of the machine ppce500 out of Debian's sources: Linux 6.1, DIRECTORY/linux-ppc, by
# linux.config; busybox, a static program, DIRECTORY/busybox-ppc, by busybox.config. What is newer
# than its configuration is not built again. Needs no root.
#   build-guests.sh DIRECTORY
#
# The compiler comes out of its packages and is not installed: Debian's gcc-multilib, which other
# tests need, cannot be beside it.
set -eu

fail() {
    echo "tessera: $*" >&2
    exit 1
}

[ $# = 1 ] || fail "usage: tools/ppc/build-guests.sh DIRECTORY"
mkdir -p "$1"
to=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)

# is_built NAME CONFIGURATION
is_built() {
    # shellcheck disable=SC3013 # Debian's sh has it
    [ "$to/$1" -nt "$here/$2" ]
}

if is_built linux-ppc linux.config && is_built busybox-ppc busybox.config; then
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$scratch/deb" "$scratch/lists/partial" "$scratch/archives/partial"

# Packages unpacked, not installed.
unpack() {
    for package; do
        (cd "$scratch/deb" && apt-get -q download "$package" >/dev/null 2>&1) ||
            fail "cannot fetch $package (apt-get update)"
    done
    for deb in "$scratch"/deb/*.deb; do
        dpkg-deb -x "$deb" "$scratch/unpacked" || fail "cannot unpack $deb"
        rm "$deb"
    done
}

# A package's source as src, by lists of our own, from where the system's packages come: the system
# may have none of sources.
unpack_source() {
    # shellcheck disable=SC2016 # apt's variable
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        'Codename: bookworm' | sort -u | head -n 1)
    [ -n "$mirror" ] || fail "apt knows no source of Debian 12's packages"
    echo "deb-src $mirror bookworm main" >"$scratch/sources.list"
    for command in update "source --download-only $1"; do
        # shellcheck disable=SC2086 # words
        (cd "$scratch" && apt-get -q -o Dir::Etc::sourcelist="$scratch/sources.list" \
            -o Dir::Etc::sourceparts=- -o Dir::State::lists="$scratch/lists" \
            -o Dir::Cache="$scratch" $command >/dev/null 2>&1) || fail "cannot fetch the source of $1"
    done
    dpkg-source --no-check -x "$scratch/$1"_*.dsc "$scratch/src" >/dev/null || fail "cannot unpack $1"
}

PATH=$scratch/unpacked/usr/bin:$PATH
LD_LIBRARY_PATH=$scratch/unpacked/usr/lib/x86_64-linux-gnu
export PATH LD_LIBRARY_PATH
# Little optimisation, no warnings and huge pages take a third of the time off.
cross_make() {
    make -s -j"$(nproc)" -C "$source" O="$out" ARCH=powerpc CROSS_COMPILE=powerpc-linux-gnu- \
        CC="$compiler" KCFLAGS="-pipe -O1 -w" "$@"
}

configure_linux() {
    cross_make KCONFIG_ALLCONFIG="$here/linux.config" allnoconfig
}

# Its configuration program knows no such list: options are replaced, and what they bring with them
# is as it is by default.
configure_busybox() {
    cross_make allnoconfig
    grep '^CONFIG' "$here/busybox.config" >"$out/options"
    sed 's/=.*//' "$out/options" | while read -r option; do
        sed -i "/^# $option is not set/d; /^$option=/d" "$out/.config"
    done
    cat "$out/options" >>"$out/.config"
    yes '' | cross_make oldconfig
}

# build SOURCE CONFIGURE PROGRAM NAME
build() {
    echo "tessera: building $4 into $to"
    source=$1
    out=$scratch/out-$4
    mkdir "$out"
    for step in "$2" "cross_make $3"; do
        $step >"$out.log" 2>&1 || {
            tail -20 "$out.log" >&2
            fail "$4 does not build (packages bc, bison and flex)"
        }
    done
    powerpc-linux-gnu-strip -o "$to/$4.part" "$out/$3"
    mv "$to/$4.part" "$to/$4"
}

build_busybox() {
    unpack_source busybox
    build "$scratch/src" configure_busybox busybox busybox-ppc
}

build_linux() {
    # Most of it is drivers and other processors, of which Kconfig files are read, though.
    tar -xf "$scratch"/unpacked/usr/src/linux-source-6.1.tar.xz -C "$scratch" --wildcards \
        --exclude="*/arch/[!Kp]*.[chS]" --exclude="*/arch/*.dts*" --exclude="*/Documentation/*/*" \
        --exclude="*/tools/testing" --exclude="*/sound/*.[ch]" --exclude="*/drivers/gpu/*.[ch]" \
        --exclude="*/drivers/media/*.[ch]" --exclude="*/drivers/staging/*.[ch]"
    build "$scratch/linux-source-6.1" configure_linux vmlinux linux-ppc
}

gcc -O2 -shared -fPIC -o "$scratch/huge_pages.so" "$here/huge_pages.c" ||
    fail "gcc does not work"
compiler="env LD_PRELOAD=$scratch/huge_pages.so GLIBC_TUNABLES=glibc.malloc.hugetlb=1"
compiler="$compiler powerpc-linux-gnu-gcc-12"
unpack gcc-12-powerpc-linux-gnu cpp-12-powerpc-linux-gnu binutils-powerpc-linux-gnu
# Beside Linux, much of whose beginning and end one processor does alone.
busybox=
if ! is_built busybox-ppc busybox.config; then
    unpack libc6-dev-powerpc-cross libc6-powerpc-cross linux-libc-dev-powerpc-cross \
        libgcc-12-dev-powerpc-cross
    build_busybox &
    busybox=$!
fi
if ! is_built linux-ppc linux.config; then
    unpack linux-source-6.1
    build_linux
fi
if [ "$busybox" ]; then
    wait "$busybox" || exit 1
fi
