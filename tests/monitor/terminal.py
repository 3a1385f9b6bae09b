# SPDX-License-Identifier: GPL-3.0-or-later
"""The monitor on a terminal, where lines are edited: terminal.py PROGRAM TEST."""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import tempfile
import termios

from machine import PATIENCE, run

GUEST = "build/guest/tessera-guest.elf"


class Terminal:
    """A program on a pseudo-terminal of 80 columns."""

    def __init__(self, *command):
        self.floppy = tempfile.NamedTemporaryFile()
        self.floppy.truncate(1440 * 1024)
        self.ours, self.theirs = pty.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.theirs)
        self.seen = b""
        drive = "if=floppy,format=raw,file=" + self.floppy.name
        self.process = subprocess.Popen([*command, "-kernel", GUEST, "-drive", drive], stdin=self.theirs,
                                        stdout=self.theirs, stderr=self.theirs, env={**os.environ, "TERM": "vt100"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)
        self.floppy.close()

    def type(self, text):
        os.write(self.ours, text)

    def until(self, text):
        while text not in self.seen:
            assert select.select([self.ours], [], [], PATIENCE)[0], (text, self.seen)
            self.seen += os.read(self.ours, 4096)
        self.seen = self.seen.split(text, 1)[1]

    def ends(self, status):
        assert self.process.wait(PATIENCE) == status
        assert termios.tcgetattr(self.theirs) == self.before


def edit(t):
    """
    Tab completes commands, topics and drives; lines come back, and can be mended. How a line is
    redrawn depends on how much of it comes at once, so answers are looked at.
    """
    t.type(b"info stat\t\r")
    t.until(b"VM status: running")
    t.type(b"\x1b[A\r")
    t.until(b"VM status: running")
    t.type(b"p 3 + \x15p 4 + 5\x7f4\r")
    t.until(b"0x8")
    t.type(b"eject -f flo\t\rinfo block\r")
    t.until(b"floppy0: [not inserted]")
    t.type(b"system_\t")
    t.until(b"system_reset")
    t.until(b"system_powerdown")
    t.type(b"\x15inf\t vers\t\r")
    t.until(b"Tessera")
    t.type(b"p 1 +\x03p 17\r")
    t.until(b"0x11")
    # A search of more keys than libedit has stack for.
    t.type(b"\x12p" * 900 + b"\x07\x15p 19\r")
    t.until(b"0x13")


def standard_input_is_edited(program):
    with Terminal(program, "-display", "none", "-monitor", "stdio") as t:
        t.until(b"(tessera) ")
        edit(t)
        t.type(b"quit\r")
        t.ends(0)


def a_pseudo_terminal_is_edited(program):
    with Terminal(program, "-display", "none", "-serial", "null", "-monitor", "pty") as t:
        t.until(b"char device redirected to ")
        name = b""
        while not name.endswith(b" "):
            if not t.seen:
                t.seen = os.read(t.ours, 4096)
            name, t.seen = name + t.seen[:1], t.seen[1:]
        far = os.open(name.strip(), os.O_RDWR | os.O_NOCTTY)
        near, t.ours = t.ours, far
        t.until(b"(tessera) ")
        edit(t)
        t.type(b"quit\r")
        t.ours = near
        t.ends(0)
        os.close(far)


def ctrl_c_ends(program):
    with Terminal(program, "-display", "none", "-monitor", "stdio") as t:
        t.until(b"(tessera) ")
        t.process.send_signal(signal.SIGINT)
        t.ends(-signal.SIGINT)


def the_console_is_edited(program):
    with Terminal(program, "-nographic") as t:
        t.until(b"\r\n> ")
        t.type(b"\x01c")
        t.until(b"(tessera) ")
        edit(t)
        t.type(b"half a li\x01c\x01c")
        t.until(b"(tessera) ")
        t.type(b"p 18\r")
        t.until(b"0x12")
        t.type(b"quit\r")
        t.ends(0)


run(globals())
