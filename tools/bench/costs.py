# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to be able to go back: snapshots, beside QEMU's; -icount and -record."""
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

from bench.child import Child
from bench.engines import LINUX, WORKLOADS_INITRD, Guest
from bench.kernels import DATA

PROMPT = "~ # "
GUEST = Guest(LINUX, WORKLOADS_INITRD, "console=ttyS0 quiet rdinit=/bin/sh")
DISK_SIZE = 128 << 20
WORK = f"cat {DATA} {DATA} | sha256sum; /deflate 1 {DATA}"
# Into memory: 9 MB, and then 1 MB.
FIRST_WORK = f"mkdir -p /t; mount -t tmpfs t /t; cat {DATA} {DATA} >/t/a"
SECOND_WORK = f"head -c 1000000 {DATA} >/t/b"

# (name, what it is, unit): the rows, in their order.
ROWS = (
    ("savevm", "Linux at its shell", "s"),
    ("savevm, second", "1 MB of its memory later", "s"),
    ("loadvm", "the first of the two", "s"),
    ("loadvm, again", "the same, 1 MB of memory later", "s"),
    ("first file", "what the first takes of the host's disk", "MB"),
    ("second file", "what the second adds", "MB"),
    ("CPU time", "Linux to its shell, and some work there", "s"),
    ("CPU time, -icount", "the same", "s"),
    ("CPU time, -record", "the same, with a monitor's and a serial line's input kept", "s"),
)


class Monitor:
    """A monitor on a UNIX socket, Tessera's or QEMU's; each command is timed."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.socket.settimeout(180)
        self._answer()

    def _answer(self):
        text = b""
        while not re.search(rb"\((qemu|tessera)\) (\x1b\[K)?$", text):
            more = self.socket.recv(65536)
            if not more:
                raise OSError("the monitor has ended")
            text += more
        return text.decode("latin-1")

    def command(self, line):
        """Seconds until it is done."""
        begun = time.monotonic()
        self.socket.sendall(line.encode() + b"\n")
        answer = self._answer()
        seconds = time.monotonic() - begun
        if re.search(r"Error|tessera: |cannot", answer):
            raise OSError(f"{line}: {answer}")
        return seconds


def _machine(engine, folder):
    """A command whose snapshots are in the folder: QEMU's in the image of its disk."""
    disk = os.path.join(folder, "disk")
    command = engine.boot(GUEST) + ["-monitor", f"unix:{folder}/monitor,server=on,wait=off"]
    if engine.tessera:
        with open(disk, "wb") as file:
            file.truncate(DISK_SIZE)
        return command + ["-drive", f"file={disk},format=raw,snapshot=on", "-snapshot-dir", folder]
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, str(DISK_SIZE)], check=True)
    return command + ["-drive", f"file={disk},format=qcow2"]


def _megabytes(folder):
    total = 0
    for entry in os.scandir(folder):
        if entry.is_file():
            total += entry.stat().st_blocks * 512
    return total / 1e6


def _shell(child, command):
    child.send(f"{{ {command}; }} >/dev/null 2>&1; echo @DO''NE@\n")
    if child.wait_for("@DONE@\n") is None:
        raise OSError(f"{command}: did not end")


def _snapshots(child, folder):
    """One value for each of the first rows."""
    monitor = Monitor(f"{folder}/monitor")
    _shell(child, FIRST_WORK)
    empty = _megabytes(folder)
    first = monitor.command("savevm one")
    whole = _megabytes(folder)
    _shell(child, SECOND_WORK)
    second = monitor.command("savevm two")
    both = _megabytes(folder)
    load = monitor.command("loadvm one")
    _shell(child, SECOND_WORK)
    again = monitor.command("loadvm one")
    return first, second, load, again, whole - empty, both - whole


def _cpu_time(engine, options):
    child = Child(engine.boot(GUEST) + options)
    try:
        if child.wait_for(PROMPT) is None:
            raise OSError("no shell")
        _shell(child, WORK)
        return child.cpu_seconds()
    finally:
        child.end()


def _append(data, name, engine, value):
    row = next(r for r in data["costs"] if r["name"] == name)
    row["results"].setdefault(engine.id, []).append(value)


def _time_snapshots(data, engine):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        child = Child(_machine(engine, folder))
        try:
            if child.wait_for(PROMPT) is None:
                raise OSError("no shell")
            for row, value in zip(ROWS, _snapshots(child, folder)):
                _append(data, row[0], engine, value)
        finally:
            child.end()


def _time_counting(data, engine):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        record = ["-record", os.path.join(folder, "recording")]
        for name, options in (("CPU time", []), ("CPU time, -icount", ["-icount", "1"]),
                              ("CPU time, -record", ["-icount", "1"] + record)):
            _append(data, name, engine, _cpu_time(engine, options))


def measure(data, engines, rounds, progress):
    """Every engine in every round, by turns; the slow ones are left out."""
    data["costs"] = [{"name": n, "about": a, "unit": u, "results": {}} for n, a, u in ROWS]
    for round_number in range(rounds):
        for engine in engines:
            if not engine.system or engine.slow or engine.crawls:
                continue
            progress.begin(f"costs, round {round_number + 1} of {rounds}: {engine.name}")
            try:
                if engine.tessera or shutil.which("qemu-img"):
                    _time_snapshots(data, engine)
                if engine.tessera:
                    _time_counting(data, engine)
            except (OSError, subprocess.CalledProcessError) as error:
                data["failures"].append(f"{engine.name}: {error}")
                progress.note(data["failures"][-1])
