#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the Debian packages that are missing for building (`deps.sh build`), for building and for
# making a disk with Debian (`deps.sh disk`), for that where the kernel runs no 32-bit programs
# (`deps.sh emulated`), for building, testing and comparing (`deps.sh check`), or for comparing on a
# PowerPC, too, whose Linux is built (`deps.sh ppc`). Does nothing, and asks no network, when all are
# there.
set -eu

build="make gcc libc6-dev clang-19 binutils-dev libelf-dev libfdt-dev libjansson-dev libseccomp-dev libcapstone-dev libnbd-dev libslirp-dev libadplug-dev libpng-dev zlib1g-dev libaa1-dev acpica-tools libvncserver-dev libsdl2-dev libncurses-dev libedit-dev libxkbcommon-dev libzstd-dev"
check="check pkg-config lld-19 gdb linux-perf gcc-multilib g++ clang cpio libclang-rt-19-dev clang-format clang-tidy cppcheck qemu-system-x86 qemu-system-ppc qemu-user qemu-utils bochs bochs-term bochs-sdl bochsbios vgabios isolinux syslinux-common xorriso mtools seabios ipxe-qemu python3 chromium pyflakes3 novnc vncsnapshot xvfb xdotool x11-xkb-utils evilwm tshark openssh-client iproute2"

disk="debootstrap e2fsprogs grub-pc-bin grub-common"
emulated="qemu-user-static kmod zstd"
ppc="bc bison flex dpkg-dev"

fail() {
    echo "tessera: $*" >&2
    exit 1
}

case "${1-}" in
build) wanted=$build ;;
disk) wanted="$build $disk" ;;
emulated) wanted=$emulated ;;
check) wanted="$build $disk $check" ;;
ppc) wanted="$build $disk $check $ppc" ;;
*) fail "usage: tools/deps.sh build|disk|emulated|check|ppc" ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "no apt here: install by your system's means what these Debian packages hold: $wanted"
fi

missing=""
for package in $wanted; do
    state=$(dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null) || state=""
    case " $state" in
    *" installed "*) ;;
    *) missing="$missing $package" ;;
    esac
done
missing=${missing# }
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root="env DEBIAN_FRONTEND=noninteractive"
elif command -v sudo >/dev/null; then
    as_root="sudo env DEBIAN_FRONTEND=noninteractive"
    # With nobody to type a password, sudo must say no instead of waiting for one.
    [ -t 0 ] || as_root="sudo -n env DEBIAN_FRONTEND=noninteractive"
else
    fail "missing packages, and neither root nor sudo to install them: apt-get install $missing"
fi

install() {
    # shellcheck disable=SC2086 # both are lists of words
    $as_root apt-get install -y -q --no-install-recommends $missing </dev/null
}

echo "tessera: installing $missing"
# Package lists that are not there, or too old to name a file that still exists, are renewed.
# shellcheck disable=SC2086
if ! apt-cache show $missing >/dev/null 2>&1 || ! install; then
    $as_root apt-get update -q </dev/null || fail "apt-get update did not work"
    install || fail "could not install: $missing"
fi
