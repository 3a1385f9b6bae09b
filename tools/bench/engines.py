# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the comparison: how each runs the kernels, and boots a guest."""
import re
import shutil
import subprocess
from dataclasses import dataclass

from bench import bochs, child

KERNELS = "build/bench/kernels"
KERNELS_INITRD = "build/bench/initrd.cpio"
LINUX = "build/guests/linux"
WORKLOADS_INITRD = "build/bench/workloads.img"
LINUX_PAE = "build/guests/linux-pae"
DISKS_INITRD = "build/bench/disks.img"
FILLS = "build/vga/guest.elf"
TESSERA = "./tessera"
MEMORY = "256"


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

    def boot(self, guest, stats=None, count=False):
        command = list(self.program) + guest.options()
        if self.tessera and stats:
            command += ["-stats-json", stats]
        if self.tessera and count:
            command += ["-count"]
        return command

    def why_not(self):
        """Why it cannot run here; None if it can."""
        program = self.program[0] if self.program else KERNELS
        if not shutil.which(program):
            return f"{program} is not installed"
        if self.tessera:
            said = subprocess.run(list(self.program) + ["-version"], capture_output=True, text=True)
            if said.returncode:
                return "this Tessera has no such engine"
        if self.id == "native":
            try:
                subprocess.run([KERNELS, "1", "none"], capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                return "the host does not run 32-bit programs"
        return None

    def fill(self, fill):
        """The command that fills video memory and says when it begins and ends."""
        return list(self.program) + ["-display", "none", "-serial", "null", "-debugcon", "stdio",
                                     "-kernel", FILLS, "-append", f"fill={fill.guest}"]

    def kernels(self, scale, names, **kwargs):
        """The command that runs these kernels."""
        if not self.system:
            return list(self.program) + [KERNELS, str(scale), ",".join(names)]
        append = f"console=ttyS0 quiet -- {scale} {','.join(names)}"
        return self.boot(Guest(LINUX, KERNELS_INITRD, append), **kwargs)


class Bochs(Engine):
    """Boots from a CD."""

    def boot(self, guest, stats=None, count=False):
        return bochs.boot(guest)

    def why_not(self):
        return bochs.why_not()


def _tessera(jit, name, **kwargs):
    return Engine(jit, name, (TESSERA, "-jit", jit), tessera=True, **kwargs)


NATIVE = Engine("native", "native", (), system=False)
ALL = (
    NATIVE,
    Engine("qemu-user", "QEMU user", ("qemu-i386",), system=False),
    Engine("qemu", "QEMU system", ("qemu-system-i386", "-accel", "tcg")),
    _tessera("template", "template"),
    _tessera("ir", "ir"),
    _tessera("mixed", "mixed"),
    _tessera("interp", "interp", slow=True),
    Bochs("bochs", "Bochs", ("bochs",), slow=True, crawls=True, patience=600.0),
)


def before(program):
    """Another build of Tessera, to be compared with this one."""
    return Engine("before", "before", (program, "-jit", "template"), tessera=True)


def available(wanted=None, others=()):
    """The engines that are here, `others` too, and {id: why} of those that are not."""
    here, left_out = [], {}
    known = ALL + tuple(others)
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


def versions():
    """What was compared, for the record."""
    found = {
        "tessera": _first_line([TESSERA, "-version"]),
        "commit": _first_line(["git", "describe", "--always", "--dirty", "--abbrev=10"]),
        "qemu": _first_line(["qemu-system-i386", "--version"]),
        "bochs": bochs.version(),
        "gcc": _first_line(["gcc", "--version"]),
        "clang": _first_line(["clang-19", "--version"]),
    }
    try:
        with open(LINUX, "rb") as kernel:
            image = kernel.read(65536)
        # The boot protocol's kernel_version: an offset, less 512, at 20Eh.
        at = int.from_bytes(image[0x20e:0x210], "little") + 512
        found["linux"] = image[at:image.index(b"\0", at)].decode("ascii", "replace").split(" ")[0]
    except (OSError, ValueError):
        pass
    return {k: v for k, v in found.items() if v}


def machine():
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
