#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches guests that nobody here wrote: takes files out of Debian packages, without installing
# them, into DIRECTORY. What is there already is not fetched again. Needs no root.
#   fetch-guest.sh DIRECTORY        the installer: a kernel and its initial file system
#   fetch-guest.sh DIRECTORY all    what the tests run, too
#   fetch-guest.sh DIRECTORY tree   the graphical installer, as it is laid out on a CD
set -eu

fail() {
    echo "tessera: $*" >&2
    exit 1
}

case "$# ${2-}" in
"1 " | "2 all" | "2 tree") ;;
*) fail "usage: tools/fetch-guest.sh DIRECTORY [all|tree]" ;;
esac
to=$1
what=${2-installer}
work=""
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# A place for package lists and packages of our own.
make_work() {
    [ -z "$work" ] || return 0
    work=$(mktemp -d)
    mkdir -p "$work/root" "$work/deb" "$work/state/lists/partial" "$work/cache/archives/partial"
    # apt drops root's rights to the user _apt while it downloads.
    chmod 755 "$work"
    if [ "$(id -u)" = 0 ] && id _apt >/dev/null 2>&1; then
        chown -R _apt "$work"
    fi
}

# apt-get or apt-cache with those lists, which may be of another architecture than the system's.
private() {
    tool=$1
    architecture=$2
    shift 2
    "$tool" -q -o Dir::State::lists="$work/state/lists" -o Dir::Cache="$work/cache" \
        -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" "$@"
}

# An archive out of reach is no matter if another one has the package.
updated=""
update() {
    [ "$updated" = "$1" ] || private apt-get "$1" update || echo "tessera: some lists are missing"
    updated=$1
}

# The system's package lists if they know the package and it is for this architecture.
fetch() {
    package=$1
    architecture=$2
    make_work
    echo "tessera: fetching $package into $to"
    if [ "$architecture" = system ]; then
        (cd "$work/deb" && apt-get -q download "$package" 2>/dev/null) && return
        architecture=$(dpkg --print-architecture)
    fi
    update "$architecture"
    # A package that stands for the newest of its kind holds nothing but its dependency.
    newest=$(private apt-cache "$architecture" depends "$package" |
        sed -n "s/^  Depends: \(linux-image-.*\)/\1/p")
    (cd "$work/deb" && private apt-get "$architecture" download "${newest:-$package}") ||
        fail "cannot fetch $package"
}

# One file of the package, by a pattern, under its new name. What ends in .gz is unpacked if the
# name does not.
copy() {
    # shellcheck disable=SC2086 # a pattern
    for found in "$work/root"/$1; do
        [ -f "$found" ] || fail "$package holds no $1"
    done
    case "$found $2" in
    *.gz\ *.gz) cp "$found" "$to/$2.part" ;;
    *.gz\ *) gzip -dc "$found" >"$to/$2.part" || fail "cannot unpack $1" ;;
    *) cp "$found" "$to/$2.part" ;;
    esac
    mv "$to/$2.part" "$to/$2"
}

# take PACKAGE ARCHITECTURE PATTERN NAME [PATTERN NAME]...
take() {
    package=$1
    architecture=$2
    shift 2
    complete=true
    for name; do
        case $name in
        */*) ;;
        *) [ -s "$to/$name" ] || complete=false ;;
        esac
    done
    ! $complete || return 0
    fetch "$package" "$architecture"
    dpkg-deb -x "$work"/deb/*.deb "$work/root" || fail "cannot unpack $package"
    while [ $# != 0 ]; do
        copy "$1" "$2"
        shift 2
    done
    rm -rf "$work/root" "$work"/deb/*.deb
}

mkdir -p "$to"
if [ "$what" = tree ]; then
    fetch debian-installer-12-netboot-i386 system
    dpkg-deb -x "$work"/deb/*.deb "$work/root" || fail "cannot unpack $package"
    rm -rf "$to/debian-installer"
    mv "$work/root/usr/lib/debian-installer/images/12/i386/gtk/debian-installer" "$to"
    exit 0
fi
inside=usr/lib/debian-installer/images/12/i386/text/debian-installer/i386
take debian-installer-12-netboot-i386 system $inside/linux linux $inside/initrd.gz initrd.gz
[ "$what" = all ] || exit 0

take u-boot-qemu system usr/lib/u-boot/qemu-ppce500/uboot.elf u-boot-ppc

take memtest86+ system boot/memtest86+ia32.bin memtest usr/lib/memtest86+/memtest86+ia32.iso memtest.iso
take u-boot-qemu system usr/lib/u-boot/qemu-x86/u-boot.rom u-boot.rom
inside=usr/share/bochs
take bochsbios system $inside/BIOS-bochs-latest bochs-bios $inside/BIOS-bochs-legacy bochs-legacy \
    $inside/BIOS-qemu-latest bochs-qemu-bios
take ipxe system boot/ipxe.lkrn ipxe usr/lib/ipxe/ipxe.iso ipxe.iso
take syslinux-common system usr/lib/syslinux/memdisk memdisk
inside=usr/lib/grub-rescue
take grub-rescue-pc system $inside/grub-rescue-floppy.img grub-floppy \
    $inside/grub-rescue-cdrom.iso grub-cd
take gnumach-image-1.8-486 i386 boot/gnumach-1.8-486.gz gnumach
# The kernel, and what it needs for IDE disks and CDs, and for the VGA's planes.
inside='lib/modules/*/kernel'
take linux-image-686-pae i386 'boot/vmlinuz-*' linux-pae \
    "$inside/drivers/scsi/scsi_common.ko" scsi_common.ko "$inside/drivers/scsi/scsi_mod.ko" scsi_mod.ko \
    "$inside/drivers/scsi/sd_mod.ko" sd_mod.ko "$inside/drivers/scsi/sr_mod.ko" sr_mod.ko \
    "$inside/drivers/cdrom/cdrom.ko" cdrom.ko "$inside/drivers/ata/libata.ko" libata.ko \
    "$inside/drivers/ata/ata_piix.ko" ata_piix.ko "$inside/block/t10-pi.ko" t10-pi.ko \
    "$inside/lib/crc-t10dif.ko" crc-t10dif.ko "$inside/crypto/crct10dif_common.ko" crct10dif_common.ko \
    "$inside/lib/crc64.ko" crc64.ko "$inside/lib/crc64-rocksoft.ko" crc64-rocksoft.ko \
    "$inside/drivers/video/vgastate.ko" vgastate.ko "$inside/drivers/video/fbdev/vga16fb.ko" vga16fb.ko
