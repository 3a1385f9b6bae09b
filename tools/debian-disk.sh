#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes a disk with Debian 12 for i386 on it, from packages: a partition table, ext4, GRUB in the
# master boot record; systemd, with a login on tty1 and ttyS0 (root, no password).
#   debian-disk.sh DISK          a sparse file; if it is there already nothing is done
# Mounts nothing, and needs the rights that apt needs: root's, or sudo. Packages come from where
# the system's own do.
set -euo pipefail

fail() {
    echo "tessera: $*" >&2
    exit 1
}

[ $# = 1 ] || fail "usage: tools/debian-disk.sh DISK"
disk=$1
[ ! -s "$disk" ] || exit 0

suite=bookworm
size=$((2 << 30)) # of the disk, in bytes
sector=512
start=2048 # of the partition, in sectors
grub=/usr/lib/grub/i386-pc
packages=systemd-sysv,udev,kmod,linux-image-686,initramfs-tools,e2fsprogs,dbus,ifupdown,\
isc-dhcp-client,iproute2,iputils-ping,openssh-server,procps,less,vim-tiny,zstd

# With nobody to type a password, sudo must say no instead of waiting for one.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# shellcheck disable=SC2016 # apt's variable
mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" |
        sort -u | head -n 1
}

mkdir -p "$(dirname "$disk")"
work=$(mktemp -d "$(dirname "$disk")/debian.XXXXXX")
work=$(cd "$work" && pwd)
trap 'as_root rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
root=$work/root
tools=$(cd "$(dirname "$0")" && pwd)

# --- the file system's contents ---

# Of the initial RAM file system: those of disks that hold the root. All that Debian has would be ten
# thousand processes more, which takes long where they are emulated.
drivers="ata_piix sd_mod sr_mod virtio_pci virtio_blk uhci_hcd usb_storage ext4"

choose_drivers() {
    as_root mkdir -p "$root/etc/initramfs-tools/conf.d" "$root/usr/share/initramfs-tools/modules.d"
    echo MODULES=list | as_root tee "$root/etc/initramfs-tools/conf.d/tessera" >/dev/null
    # shellcheck disable=SC2086 # a list of words
    printf '%s\n' $drivers | as_root tee "$root/usr/share/initramfs-tools/modules.d/tessera" >/dev/null
}

# dpkg need not have each file on the host's disk before it goes on.
hurry=etc/dpkg/dpkg.cfg.d/hurry

bootstrap() {
    {
        as_root /usr/sbin/debootstrap --foreign --arch=i386 --variant=minbase \
            --include="$packages" "$suite" "$root" "$1" &&
            choose_drivers &&
            echo force-unsafe-io | as_root tee "$root/$hurry" &&
            as_root "$tools/i386-root.sh" "$root" /debootstrap/debootstrap --second-stage
    } >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" "$root/debootstrap/debootstrap.log" >&2 || true
        fail "debootstrap could not make a Debian"
    }
}

# Runs in the tree's own root, as root; standard input is the script. What is not left to the first
# boot, each boot of a test would do anew: to find an identity, and that nothing in /usr is new. Its
# cleaning of LVM's snapshots, tests of the kernel's ciphers, and its search for ISA's PnP cards take
# a fifth of a boot's time.
configure() {
    as_root "$tools/i386-root.sh" "$root" /bin/sh -eu <<'END'
echo tessera >/etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\ttessera\n' >/etc/hosts
printf 'LABEL=tessera / ext4 errors=remount-ro 0 1\n' >/etc/fstab
printf 'auto lo\niface lo inet loopback\nallow-hotplug eth0\niface eth0 inet dhcp\n' \
    >/etc/network/interfaces
passwd -d root
ln -sf /lib/systemd/system/serial-getty@.service \
    /etc/systemd/system/getty.target.wants/serial-getty@ttyS0.service
ln -sf /lib/systemd/system/getty@.service \
    /etc/systemd/system/getty.target.wants/getty@tty1.service
systemd-machine-id-setup
systemctl disable e2scrub_reap.service
touch /etc/.updated /var/.updated
rm -rf /var/cache/apt/archives/*.deb /var/lib/apt/lists/*
mkdir -p /boot/grub/i386-pc
ln -sf "$(cd /boot && ls -t vmlinuz-* | head -n 1)" /boot/vmlinuz
ln -sf "$(cd /boot && ls -t initrd.img-* | head -n 1)" /boot/initrd.img
cat >/boot/grub/grub.cfg <<'CFG'
serial --unit=0 --speed=115200
terminal_input console serial
terminal_output console serial
set timeout=1
set default=0
set options="console=ttyS0 console=tty0 cryptomgr.notests noisapnp"
menuentry "Debian" {
    linux /boot/vmlinuz root=LABEL=tessera ro net.ifnames=0 $options
    initrd /boot/initrd.img
}
menuentry "Debian, in a frame buffer" {
    insmod all_video
    set gfxpayload=1024x768
    linux /boot/vmlinuz root=LABEL=tessera ro net.ifnames=0 $options
    initrd /boot/initrd.img
}
CFG
END
    as_root rm "$root/$hurry"
    as_root sh -c "cp $grub/*.mod $grub/*.lst '$root/boot/grub/i386-pc/'"
}

# --- the disk ---

# little BYTES NUMBER: as that many bytes.
little() {
    local i value=$2
    for ((i = 0; i < $1; i++)); do
        # shellcheck disable=SC2059 # an escape that is made here
        printf "\\x$(printf %02x $((value >> 8 * i & 255)))"
    done
}

# put FILE OFFSET: standard input goes there.
put() {
    dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# An entry of 16 bytes in the master boot record: active, of type 83h. Whoever reads it goes by the
# number of sectors, so cylinders are as if there were too many.
partition_table() {
    printf '\x80\xfe\xff\xff\x83\xfe\xff\xff' | put "$1" 446
    { little 4 $start; little 4 $((size / sector - start)); } | put "$1" 454
    printf '\x55\xaa' | put "$1" 510
}

# GRUB in front of the first partition: boot.img loads the first sector of core.img, from sector 1,
# and that loads the rest. Where these are is patched in: GRUB's sources, boot/i386/pc.
grub_in_front() {
    local core=$work/core.img sectors
    grub-mkimage -O i386-pc -o "$core" -p '(hd0,msdos1)/boot/grub' biosdisk part_msdos ext2
    truncate -s %$sector "$core"
    sectors=$(($(stat -c %s "$core") / sector))
    [ $sectors -lt $start ] || fail "GRUB is too big for the room in front of a partition"
    { little 8 2; little 2 $((sectors - 1)); little 2 $((0x820)); } | put "$core" $((0x1f4))
    head -c 440 "$grub/boot.img" | put "$1" 0
    little 8 1 | put "$1" $((0x5c))
    printf '\x90\x90' | put "$1" $((0x66)) # the drive's number is as the BIOS gives it
    dd if="$core" of="$1" bs=$sector seek=1 conv=notrunc status=none
}

make_disk() {
    local new=$work/disk
    truncate -s $size "$new"
    as_root mke2fs -q -t ext4 -O ^metadata_csum_seed,^orphan_file -L tessera -d "$root" \
        -E offset=$((start * sector)) "$new" $(((size / sector - start) / 2))k
    partition_table "$new"
    grub_in_front "$new"
    mv "$new" "$disk"
}

echo "tessera: making a disk with Debian ($disk): some minutes"
from=$(mirror)
[ -n "$from" ] || fail "apt knows of no archive with Debian's $suite"
bootstrap "$from"
configure
make_disk
