#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Debian's Linux 6.1 for the machine ppce500 as DIRECTORY/linux-ppc, by linux.config. What is
# there already is not built again. Needs no root.
#   build-linux.sh DIRECTORY
#
# The compiler comes out of its packages and is not installed: Debian's gcc-multilib, which other
# tests need, cannot be beside it.
set -eu

fail() {
    echo "tessera: $*" >&2
    exit 1
}

[ $# = 1 ] || fail "usage: tools/ppc/build-linux.sh DIRECTORY"
mkdir -p "$1"
to=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
[ ! -s "$to/linux-ppc" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "tessera: building Linux for PowerPC into $to"
mkdir "$work/deb" "$work/out"
for package in gcc-12-powerpc-linux-gnu cpp-12-powerpc-linux-gnu binutils-powerpc-linux-gnu \
    linux-source-6.1; do
    (cd "$work/deb" && apt-get -q download "$package" >/dev/null 2>&1) ||
        fail "cannot fetch $package (apt-get update)"
done
for deb in "$work"/deb/*.deb; do
    dpkg-deb -x "$deb" "$work/root" || fail "cannot unpack $deb"
done
# Most of it is drivers and other processors, of which Kconfig files are read, though.
tar -xf "$work"/root/usr/src/linux-source-6.1.tar.xz -C "$work" --wildcards \
    --exclude="*/arch/[!Kp]*.[chS]" --exclude="*/arch/*.dts*" --exclude="*/Documentation/*/*" \
    --exclude="*/tools/testing" --exclude="*/sound/*.[ch]" --exclude="*/drivers/gpu/*.[ch]" \
    --exclude="*/drivers/media/*.[ch]" --exclude="*/drivers/staging/*.[ch]"

PATH=$work/root/usr/bin:$PATH
LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
export PATH LD_LIBRARY_PATH
build() {
    make -s -C "$work/linux-source-6.1" O="$work/out" ARCH=powerpc \
        CROSS_COMPILE=powerpc-linux-gnu- CC=powerpc-linux-gnu-gcc-12 "$@"
}
build KCONFIG_ALLCONFIG="$here/linux.config" allnoconfig >"$work/log" 2>&1 &&
    build -j"$(nproc)" vmlinux >"$work/log" 2>&1 || {
    tail -20 "$work/log" >&2
    fail "Linux does not build (packages bc, bison and flex)"
}
powerpc-linux-gnu-strip -o "$to/linux-ppc.part" "$work/out/vmlinux"
mv "$to/linux-ppc.part" "$to/linux-ppc"
