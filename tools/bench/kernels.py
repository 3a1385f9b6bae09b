# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: the kernels of tests/bench, and whole workloads in a Linux guest."""
import re
from dataclasses import dataclass

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


# The data is the shell's own binary, of which every guest has the same.
WORKLOADS = (
    Workload("compress", "gzip of busybox, four times, unpacked again",
             "for i in 1 2 3 4; do gzip -c /bin/busybox; done >/tmp/z; "
             "gunzip -c </tmp/z | md5sum; rm /tmp/z"),
    Workload("checksum", "sha256sum of busybox, eight times",
             "for i in 1 2 3 4 5 6 7 8; do cat /bin/busybox; done | sha256sum"),
    Workload("forks", "a shell loop that starts 200 processes",
             "i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done; echo $i"),
)
