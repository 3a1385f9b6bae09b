# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: the kernels of tests/bench, and whole workloads in a Linux guest."""
import re
from dataclasses import dataclass, replace

TABLE = "tests/bench/kernels.def"


@dataclass(frozen=True)
class Kernel:
    name: str
    group: str
    about: str


def kernels(wanted=None):
    """All kernels, or those that are named, in the order in which they run."""
    with open(TABLE, encoding="utf-8") as table:
        lines = re.findall(r'^KERNEL\((\w+), \w+, "([^"]*)", "([^"]*)"\)', table.read(), re.M)
    found = [Kernel(*line) for line in lines]
    if not wanted:
        return found
    unknown = set(wanted) - {k.name for k in found}
    if unknown:
        raise ValueError(f"no such kernel: {', '.join(sorted(unknown))}")
    return [k for k in found if k.name in wanted]


@dataclass(frozen=True)
class Workload:
    """A command for the shell of Debian's installer; what it prints is its answer."""
    name: str
    about: str
    command: str


@dataclass(frozen=True)
class Bare:
    """What a guest of our own does, which it calls `guest`."""
    name: str
    about: str
    guest: str


# Stores to video memory, by tests/vga/guest.c.
FILLS = (
    Bare("mode 13h", "1280 MB of 256 colours, by loops of stores", "13"),
    Bare("frame buffer", "740 MB of 32 bits a pixel, likewise", "linear"),
    Bare("frame buffer, by strings", "the same by REP STOSB", "linear-rep"),
    Bare("planes", "7.7 million bytes to four planes, likewise", "12"),
    Bare("planes, by strings", "the same by REP STOSB", "12rep"),
    Bare("text", "scrolled 2000 lines by REP MOVSL", "text"),
)


# The data is a library of the installer's, of which every guest has the same.
DATA = "/usr/lib/libcrypto.so.3"
WORKLOADS = (
    Workload("compress", "zlib: 4.5 MB packed and unpacked", f"/deflate 1 {DATA}"),
    Workload("checksum", "sha256sum of 18 MB", f"cat {DATA} {DATA} {DATA} {DATA} | sha256sum"),
    Workload("forks", "a shell loop that starts 100 processes",
             "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done; echo $i"),
)

# Likewise, with a disk of its own, by DMA. What the host has of it is in its memory.
DISK_MODULES = ("scsi_common scsi_mod libata crct10dif_common crc-t10dif crc64 crc64-rocksoft t10-pi "
                "sd_mod ata_piix")
DISK_SETUP = ("mount -t proc proc /proc; mount -t devtmpfs dev /dev; "
              f"for m in {DISK_MODULES}; do insmod /$m.ko; done; "
              "while [ ! -b /dev/sda ]; do sleep 1; done 2>/dev/null")
DISK_SIZE = 128 << 20
DISK_WORKLOADS = (
    Workload("disk written", "64 MB by dd, and flushed",
             "dd if=/dev/zero of=/dev/sda bs=1M count=64 conv=fsync 2>/dev/null"),
    Workload("disk read", "64 MB by dd",
             "echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/sda of=/dev/null bs=1M count=64 "
             "2>/dev/null"),
    Workload("random writes", "4000 of 4 KiB, and flushed", "/blocks write /dev/sda 4000"),
    Workload("random reads", "4000 of 4 KiB", "/blocks read /dev/sda 4000"),
)
DISK_WORKLOADS_BY_DD = 2  # the first of them

# A PC that starts from its own media.
DEBIAN = "build/guests/debian.img"
DOS_IMAGE = "freedos-1.4MB.img"  # tests/IMAGES says where it comes from
MEGABYTES = 64  # through the network
VIRTIO_SIZE = 128 << 20
OUTSIDE = "/dev/tcp/10.0.2.2"  # the host, by the user network; @SOURCE@ and @SINK@ are its ports


@dataclass(frozen=True)
class Start:
    """From power-on until a text."""
    name: str
    about: str


PC_STARTS = (
    Start("boot sector", "power-on to a boot sector's first instruction"),
    Start("FreeDOS", "power-on to the prompt, from a floppy"),
    Start("Debian", "power-on to the login, from a disk"),
)

# Taken by tests/bench/interrupts/guest.c.
INTERRUPTS = (
    Bare("interrupts", "4 million by the local APIC to itself", "apic"),
    Bare("interrupts, 8259", "4 million of a serial port", "8259"),
)
# Two processes that wait for each other by a byte in a pipe, then tell how often they did.
SWITCHES = 20000
PING_PONG = (
    'perl -e \'pipe(A, B); pipe(C, D); my $c; my $n = 0; if (fork) { close B; close C; '
    f'for (1 .. {SWITCHES}) {{ syswrite D, "x"; $n += sysread(A, $c, 1) }} print "$n\\n" }} '
    'else { close A; close D; while (sysread(C, $c, 1)) { syswrite B, $c } }\'')
# Commands for root's bash.
DEBIAN_WORKLOADS = (
    Workload("TCP, to the guest", "64 MB through e1000 and the user network",
             f"cat <{OUTSIDE}/@SOURCE@ | wc -c"),
    Workload("TCP, from the guest", "likewise",
             f"exec 3<>{OUTSIDE}/@SINK@; head -c {MEGABYTES}M /dev/zero >&3; cat <&3; exec 3>&-"),
    Workload("virtio disk read", "128 MB by dd, 1 MB at a time",
             "dd if=/dev/vda of=/dev/null bs=1M iflag=direct 2>/dev/null"),
    Workload("virtio sectors", "10000 by dd, one at a time: requests and interrupts",
             "dd if=/dev/vda of=/dev/null bs=512 count=10000 iflag=direct 2>/dev/null"),
    Workload("IDE disk read", "128 MB of the disk that it started from, likewise",
             "dd if=/dev/sda of=/dev/null bs=1M count=128 iflag=direct 2>/dev/null"),
    Workload("IDE sectors", "10000, likewise",
             "dd if=/dev/sda of=/dev/null bs=512 count=10000 iflag=direct 2>/dev/null"),
    Workload("context switches", f"{2 * SWITCHES}: two processes and two pipes", PING_PONG),
)


def with_ports(workload, source, sink):
    """The workload, told what ports of the host's to speak with."""
    return replace(workload, command=workload.command.replace("@SOURCE@", str(source))
                   .replace("@SINK@", str(sink)))
