# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a PC that starts from its own media, a BIOS, a DOS, a Debian with its network; and one
that takes interrupts."""
import json
import os
import re
import socket
import tempfile
import threading
import time

from bench import measure
from bench.child import PATIENCE, Child
from bench.kernels import (DEBIAN, DEBIAN_WORKLOADS, DOS_IMAGE, INTERRUPTS, MEGABYTES,
                           VIRTIO_SIZE, with_ports)

LOGIN = "tessera login: "
PROMPT = "root@tessera:~# "
DOS_PROMPT = r"[AC]:\\[A-Z]*>"
TEXT_SCREEN = 0xb8000
CELLS = 80 * 25
LOOK_SECONDS = 0.01  # between two looks at a screen
MEBIBYTE = 1 << 20
LOGIN_PATIENCE = 600.0  # seconds

# MOV AL,AAh; OUT E9h,AL; HLT; JMP to the HLT. What BIOSes print there is text.
BOOT_SECTOR = b"\xb0\xaa\xe6\xe9\xf4\xeb\xfd".ljust(510, b"\0") + b"\x55\xaa"
BOOTED = "\xaa"


class Server:
    """Two ports of the loopback: of one all can be read, the other takes all."""

    def __init__(self):
        self.sockets = []
        self.source = self._serve(self._give)
        self.sink = self._serve(self._take)

    def _serve(self, serve):
        listening = socket.create_server(("127.0.0.1", 0))
        self.sockets.append(listening)
        threading.Thread(target=self._accept, args=(listening, serve), daemon=True).start()
        return listening.getsockname()[1]

    @staticmethod
    def _accept(listening, serve):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return  # it was closed
            with connection:
                try:
                    serve(connection)
                except OSError:
                    pass  # the guest has gone: its output says so

    @staticmethod
    def _give(connection):
        piece = os.urandom(MEBIBYTE)
        for _ in range(MEGABYTES):
            connection.sendall(piece)

    @staticmethod
    def _take(connection):
        taken = 0
        while taken < MEGABYTES * MEBIBYTE:
            piece = connection.recv(MEBIBYTE)
            if not piece:
                return
            taken += len(piece)
        connection.sendall(b"all\n")

    def close(self):
        for listening in self.sockets:
            listening.close()


def text_of_screen(child):
    """The 80 x 25 cells of a text screen, as a program that speaks QMP sees them; None at its end."""
    child.send(json.dumps({"execute": "human-monitor-command", "arguments": {
        "command-line": f"xp /{CELLS}hx {TEXT_SCREEN:#x}"}}) + "\n")
    while True:
        line = child.line()
        if line is None:
            return None
        answer = json.loads(line).get("return")
        if isinstance(answer, str):
            return "".join(chr(int(cell, 16) & 0xff)
                           for cell in re.findall(r"(?<=\s)0x([0-9a-f]{4})\b", answer))


def _wait_for_screen(child, wanted):
    """Seconds from its start until its screen has a text; None if it never has."""
    child.send('{"execute": "qmp_capabilities"}\n')
    while child.seconds() < PATIENCE:
        screen = text_of_screen(child)
        if screen is None:
            return None
        if re.search(wanted, screen):
            return child.seconds()
        time.sleep(LOOK_SECONDS)
    return None


def to_screen(command, wanted, watched):
    """From the start of a program with a monitor until its screen has a text, and the part of a
    host core that it takes in so many seconds after that; (None, None) if it never has."""
    child = Child(command + ["-display", "none", "-qmp", "stdio"])
    try:
        seconds = _wait_for_screen(child, wanted)
        idle = None if seconds is None or not watched else measure.idle_share(child, watched)
        return seconds, idle
    finally:
        child.end()


def seconds_to_boot_sector(engine):
    """From power-on to its first instruction; None if it never comes."""
    with tempfile.NamedTemporaryFile() as disk:
        disk.write(BOOT_SECTOR)
        disk.truncate(MEBIBYTE)
        disk.flush()
        child = Child(list(engine.program) + ["-m", "16", "-display", "none", "-serial", "null",
                                              "-debugcon", "stdio", "-drive",
                                              f"file={disk.name},format=raw,if=ide"])
        try:
            return None if child.wait_for(BOOTED) is None else child.seconds()
        finally:
            child.end()


def _seconds_to_dos(data, engine, images):
    """Likewise, to its prompt; what it takes there is measured once."""
    disk = os.path.join(images, DOS_IMAGE)
    watched = 0 if engine.id in data["idle_dos"] else measure.IDLE_SECONDS
    seconds, idle = to_screen(list(engine.program) + [
        "-m", "16", "-snapshot", "-drive", f"file={disk},format=raw,if=floppy"], DOS_PROMPT,
        watched)
    if idle is not None:
        data["idle_dos"][engine.id] = idle
    return seconds


def _debian(engine, folder):
    """The command that boots it with a network card and a second disk."""
    data = os.path.join(folder, "virtio.img")
    with open(data, "wb") as disk:
        disk.write(os.urandom(MEBIBYTE) * (VIRTIO_SIZE // MEBIBYTE))
    return list(engine.program) + [
        "-nographic", "-no-reboot", "-m", "512", "-snapshot",
        "-drive", f"file={DEBIAN},format=raw,if=ide", "-nic", "user,model=e1000",
        "-drive", f"file={data},format=raw,if=virtio"]


def _debian_session(data, child, engine, round_number, progress, quick):
    if child.wait_for(LOGIN, LOGIN_PATIENCE) is None:
        return False
    measure.append(measure.by_name(data, "Debian"), engine, 100, round_number, child.seconds())
    if quick:
        return True
    child.send("root\n")
    if child.wait_for(PROMPT) is None:
        return False
    # No echo and no prompt between a command's output and its end.
    child.send("systemctl is-system-running --wait >/dev/null; stty -echo; PS1=; bind "
               "'set enable-bracketed-paste off'; "
               "until ip route | grep -q default; do sleep 0.1; done\n")
    server = Server()
    try:
        workloads = [with_ports(w, server.source, server.sink) for w in DEBIAN_WORKLOADS]
        if not measure.run_workloads(data, child, engine, workloads, round_number, progress):
            return False
    finally:
        server.close()
    if engine.id not in data["idle_debian"]:
        data["idle_debian"][engine.id] = measure.idle_share(child)
    return True


def _time_debian(data, engine, round_number, progress, quick):
    with tempfile.TemporaryDirectory() as folder:
        child = Child(_debian(engine, folder))
        try:
            if not _debian_session(data, child, engine, round_number, progress, quick):
                measure.fail(data, engine, "Debian", round_number, progress)
        finally:
            child.end()


def _time_parts(data, engine, images, round_number, progress, quick):
    """What is over at once, by name."""
    parts = {"boot sector": seconds_to_boot_sector}
    if images:
        parts["FreeDOS"] = lambda of: _seconds_to_dos(data, of, images)
    for taken in () if quick else INTERRUPTS:
        parts[taken.name] = lambda of, taken=taken: measure.seconds_of_bare(of.interrupts(taken))
    for name, seconds_of in parts.items():
        progress.say(name)
        seconds = seconds_of(engine)
        if seconds is None:
            measure.fail(data, engine, name, round_number, progress)
        else:
            measure.append(measure.by_name(data, name), engine, 100, round_number, seconds)


def time_pc(data, engines, images, rounds, progress, quick=False):
    """Every engine in every round, by turns; a PC for each medium. `images`: a folder, or None.
    Quickly: no interrupts, and Debian to its login alone."""
    if not images:
        data["left_out"]["FreeDOS"] = "IMAGES=FOLDER (--images) does not say where it is"
    for round_number in range(rounds):
        for engine in engines:
            if not engine.system or engine.crawls or engine.slow:
                continue
            progress.begin(f"PCs, round {round_number + 1} of {rounds}: {engine.name}")
            _time_parts(data, engine, images, round_number, progress, quick)
            progress.say("Debian")
            _time_debian(data, engine, round_number, progress, quick)
