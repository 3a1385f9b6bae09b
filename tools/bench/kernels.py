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


# The data is a library of the installer's, of which every guest has the same.
DATA = "/usr/lib/libcrypto.so.3"
WORKLOADS = (
    Workload("compress", "zlib: 4.5 MB packed and unpacked", f"/deflate 1 {DATA}"),
    Workload("checksum", "sha256sum of 18 MB", f"cat {DATA} {DATA} {DATA} {DATA} | sha256sum"),
    Workload("forks", "a shell loop that starts 100 processes",
             "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done; echo $i"),
)
