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

formats=/proc/sys/fs/binfmt_misc
name=tessera-i386-$$
# Of an ELF file the class, order and version, that it is to be executed (ET_EXEC or ET_DYN), and
# EM_386.
magic='\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x03\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'

"$(dirname "$0")/deps.sh" emulated
# Mounted where only this script sees it.
[ "${TESSERA_MOUNTS-}" = own ] || TESSERA_MOUNTS=own exec unshare --mount "$0" "${enter[-1]}" "$@"
mount -t binfmt_misc none $formats || fail "the kernel runs no 32-bit programs (CONFIG_IA32_EMULATION)"
trap 'echo -1 >$formats/$name' EXIT
# F: the interpreter is opened now, since it is not in the other root.
echo ":$name:M::$magic:$mask:/usr/bin/qemu-i386-static:F" >$formats/register
"${enter[@]}" "$@"
