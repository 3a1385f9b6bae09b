# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the comparison: how each runs the kernels, and boots a guest."""
import re
import shutil
import subprocess
from dataclasses import dataclass

from bench import bochs, child

LINUX = "build/guests/linux"
WORKLOADS_INITRD = "build/bench/workloads.img"
LINUX_PAE = "build/guests/linux-pae"
DISKS_INITRD = "build/bench/disks.img"
FILLS = "build/vga/guest.elf"
INTERRUPTS = "build/bench/interrupts.elf"
TESSERA = "./tessera"
MEMORY = "256"


@dataclass(frozen=True)
class Machine:
    """What runs the kernels: a static program for its processor, by itself and as Linux's first."""
    id: str
    kernels: str
    initrd: str
    linux: str
    qemu: str  # emulates it
    options: tuple = ()  # of which emulators choose it


PC = Machine("pc", "build/bench/kernels", "build/bench/initrd.cpio", LINUX, "qemu-system-i386")
PPCE500 = Machine("ppce500", "build/bench/ppc/kernels", "build/bench/ppc/initrd.cpio",
                  "build/guests/linux-ppc", "qemu-system-ppc", ("-M", "ppce500"))
MACHINES = {m.id: m for m in (PC, PPCE500)}


@dataclass(frozen=True)
class Guest:
    """A machine's kernel, initial RAM disk and command line."""
    kernel: str
    initrd: str
    append: str
    memory: str = MEMORY
    disk: str = ""  # an image's path

    def options(self):
        options = ["-nographic", "-no-reboot", "-m", self.memory, "-kernel", self.kernel]
        if self.initrd:
            options += ["-initrd", self.initrd]
        if self.append:
            options += ["-append", self.append]
        if self.disk:
            options += ["-drive", f"file={self.disk},format=raw,if=ide"]
        return options


@dataclass(frozen=True)
class Engine:
    """One way to run guest code; `program` is a command without the guest's options."""
    id: str
    name: str
    program: tuple
    system: bool = True  # runs a machine, not a process
    tessera: bool = False
    slow: bool = False  # runs once, with a tenth of the work
    patience: float = child.PATIENCE  # seconds without a word after which it counts as stuck
    crawls: bool = False  # takes minutes to boot: whole workloads only where it is named
    machine: Machine = PC

    def boot(self, guest, stats=None, count=False):
        command = list(self.program) + guest.options()
        if self.tessera and stats:
            command += ["-stats-json", stats]
        if self.tessera and count:
            command += ["-count"]
        return command

    def why_not(self):
        """Why it cannot run here; None if it can."""
        program = self.program[0] if self.program else self.machine.kernels
        if not shutil.which(program):
            return f"{program} is not installed"
        if self.tessera:
            said = subprocess.run(list(self.program) + ["-version"], capture_output=True, text=True)
            if said.returncode:
                return "this Tessera has no such engine"
        if self.id == "native":
            try:
                subprocess.run([program, "1", "none"], capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                return "the host does not run 32-bit programs"
        return None

    def bare(self, kernel, line):
        """The command for a guest of our own that says when it begins and ends."""
        return list(self.program) + ["-display", "none", "-serial", "null", "-debugcon", "stdio",
                                     "-kernel", kernel, "-append", line]

    def fill(self, fill):
        """The command that fills video memory."""
        return self.bare(FILLS, f"fill={fill.guest}")

    def interrupts(self, interrupts):
        """The command that takes interrupts."""
        return self.bare(INTERRUPTS, f"take={interrupts.guest}")

    def kernels(self, scale, names, **kwargs):
        """The command that runs these kernels."""
        if not self.system:
            return list(self.program) + [self.machine.kernels, str(scale), ",".join(names)]
        return self.boot(kernels_guest(self.machine, f"{scale} {','.join(names)}"), **kwargs)


class Bochs(Engine):
    """Boots from a CD."""

    def boot(self, guest, stats=None, count=False):
        return bochs.boot(guest)

    def why_not(self):
        return bochs.why_not()


def kernels_guest(machine, arguments):
    """A guest whose first process is the program with the kernels."""
    return Guest(machine.linux, machine.initrd, f"console=ttyS0 quiet -- {arguments}")


def _tessera(program, machine):
    return tuple(
        Engine(jit, jit, (program, *machine.options, "-jit", jit), tessera=True,
               slow=jit == "interp", machine=machine)
        for jit in ("template", "ir", "mixed", "interp"))


NATIVE = Engine("native", "native", (), system=False)
# The first computes what the others are to compute.
ENGINES = {
    PC: (
        NATIVE,
        Engine("qemu-user", "QEMU user", ("qemu-i386",), system=False),
        Engine("qemu", "QEMU system", (PC.qemu, "-accel", "tcg")),
        *_tessera(TESSERA, PC),
        Bochs("bochs", "Bochs", ("bochs",), slow=True, crawls=True, patience=600.0),
    ),
    PPCE500: (
        Engine("qemu-user", "QEMU user", ("qemu-ppc", "-cpu", "e500mc"), system=False,
               machine=PPCE500),
        Engine("qemu", "QEMU system", (PPCE500.qemu, *PPCE500.options, "-cpu", "e500mc"),
               machine=PPCE500),
        *_tessera(TESSERA, PPCE500),
    ),
}


def before(program, machine=PC):
    """Another build of Tessera, to be compared with this one."""
    return Engine("before", "before", (program, *machine.options, "-jit", "template"),
                  tessera=True, machine=machine)


def available(machine, wanted=None, others=()):
    """The engines that are here, `others` too, and {id: why} of those that are not."""
    here, left_out = [], {}
    known = ENGINES[machine] + tuple(others)
    unknown = set(wanted or ()) - {e.id for e in known}
    if unknown:
        raise ValueError(f"no such engine: {', '.join(sorted(unknown))}")
    for engine in known:
        if wanted and engine.id not in wanted:
            continue
        why = engine.why_not()
        if why:
            left_out[engine.id] = why
        else:
            here.append(engine)
    return here, left_out


def _first_line(command):
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (said.stdout or said.stderr).split("\n")[0].strip()


def _linux_version(path):
    """Of a bzImage, or of a kernel as it was linked; None of another file."""
    try:
        with open(path, "rb") as kernel:
            image = kernel.read()
    except OSError:
        return None
    # The boot protocol's kernel_version: an offset, less 512, at 20Eh.
    at = int.from_bytes(image[0x20e:0x210], "little") + 512
    found = (re.match(rb"([\d.]+\S*) ", image[at:at + 80]) if image[0x202:0x206] == b"HdrS"
             else re.search(rb"Linux version ([\d.]+\S*) ", image))
    return found and found.group(1).decode("ascii", "replace")


def versions(of=PC):
    """What was compared, for the record."""
    found = {
        "tessera": _first_line([TESSERA, "-version"]),
        "commit": _first_line(["git", "describe", "--always", "--dirty", "--abbrev=10"]),
        "qemu": _first_line([of.qemu, "--version"]),
        "bochs": bochs.version() if of is PC else None,
        "gcc": _first_line(["gcc", "--version"]),
        "clang": _first_line(["clang-19", "--version"]),
        "linux": _linux_version(of.linux),
    }
    return {k: v for k, v in found.items() if v}


def host():
    """The host, for the record."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        models = re.findall(r"^model name\s*:\s*(.*)$", info.read(), re.M)
    with open("/proc/meminfo", encoding="utf-8") as info:
        total = int(re.search(r"MemTotal:\s*(\d+)", info.read()).group(1))
    return {
        "cpu": models[0] if models else "unknown",
        "cpus": len(models),
        "memory_gib": round(total / 2**20, 1),
        "kernel": _first_line(["uname", "-sr"]),
    }
