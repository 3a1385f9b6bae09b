#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a program in an i386 system's tree, as its root directory; to be called by root.
#   i386-root.sh ROOT PROGRAM [ARGUMENT...]
# A kernel that runs no 32-bit programs (built without them, or in a virtual machine that has none)
# is told to have qemu-user-static run them, and that it is not to any more when the program ends.
set -euo pipefail

fail() {
    echo "tessera: $*" >&2
    exit 1
}

[ $# -ge 2 ] || fail "usage: tools/i386-root.sh ROOT PROGRAM [ARGUMENT...]"
[ "$(id -u)" = 0 ] || fail "tools/i386-root.sh: only root can change the root directory"

# Packages' scripts would mount /proc and /sys, which they can do without: they may not.
enter=(setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$1")
shift
if "${enter[@]}" /bin/true 2>/dev/null; then
    exec "${enter[@]}" "$@"
fi

root=${enter[-1]}
formats=/proc/sys/fs/binfmt_misc
name=tessera-i386-$$
# Of an ELF file the class, order and version, that it is to be executed (ET_EXEC or ET_DYN), and
# EM_386.
magic='\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x03\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
tools=$(cd "$(dirname "$0")" && pwd)
interpreter=/usr/bin/qemu-i386-static

"$tools/deps.sh" emulated
# Mounted where only this script sees it.
[ "${TESSERA_MOUNTS-}" = own ] || TESSERA_MOUNTS=own exec unshare --mount "$0" "$root" "$@"
mount -t binfmt_misc none $formats || fail "the kernel runs no 32-bit programs (CONFIG_IA32_EMULATION)"

shown=()
made=()
native=""
cleanup() {
    [ ! -e "$formats/$name" ] || echo -1 >"$formats/$name"
    [ ${#shown[@]} = 0 ] || umount --lazy "${shown[@]}"
    [ ${#made[@]} = 0 ] || rmdir "${made[@]}"
    [ -z "$native" ] || rm -f "$native"
}
trap cleanup EXIT

codename() {
    sed -n 's/^VERSION_CODENAME=//p' "$1/etc/os-release"
}

# show FOLDER PLACE: the host's, to be read, in the tree.
show() {
    [ -d "$root$2" ] || { mkdir "$root$2" && made+=("$root$2"); }
    mount --bind "$1" "$root$2"
    shown+=("$root$2")
    mount -o remount,bind,ro "$root$2"
}

# Where the host is the same Debian its own programs do most of the work: tools/i386-native.c.
if [ -n "$(codename "$root")" ] && [ "$(codename "$root")" = "$(codename "")" ] && [ /lib -ef /usr/lib ]; then
    native=$(mktemp)
    gcc -std=gnu17 -D_GNU_SOURCE -O2 -static -o "$native" "$tools/i386-native.c"
    show /usr /.host
    show /usr/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu
    interpreter=$native
fi

# F: the interpreter is opened now, since it is not in the other root.
echo ":$name:M::$magic:$mask:$interpreter:F" >$formats/register
"${enter[@]}" "$@"
