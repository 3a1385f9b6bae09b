# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that tests talk to by its monitors: Tessera's, or QEMU's."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE = 120  # seconds, against a hang

# Writes "!" to port E9h, and then every key that is typed.
ECHO = bytes.fromhex("b021e6e9b400cd16e6e9ebf8")


# The same, but at each key it reads a floppy's second sector, until that goes, for the byte there.
READ_FLOPPY = bytes.fromhex("31c0 8ec0 8ed8 b021 e6e9" "b400 cd16"
                            "b80102 b90200 ba0000 bb0080 cd13 72f0" "a00080 e6e9 ebe5")

# The same, but at each key it reads the second sector of the first hard disk, and gives AH of INT 13h.
READ_DISK = bytes.fromhex("31c0 8ec0 8ed8 b021 e6e9" "b400 cd16"
                          "b80102 b90200 ba8000 bb0080 cd13" "88e0 e6e9 ebe8")

# The same with a sector that it reads at the key r, and writes at s.
READ_OR_WRITE_DISK = bytes.fromhex("31c0 8ec0 8ed8 b021 e6e9" "b400 cd16" "88c4 80e403 b001"
                                   "b90200 ba8000 bb0080 cd13" "88e0 e6e9 ebe4")


def floppy(code, byte=b"\0"):
    """An image with a boot sector, and behind it a sector that begins so."""
    return (boot_sector(code) + byte).ljust(1440 * 1024, b"\0")


def boot_sector(code):
    return code.ljust(510, b"\0") + b"\x55\xaa"


class Machine:
    """Boots a floppy with `code` in its boot sector, or none (None); `with` ends it."""

    def __init__(self, program, *options, code=ECHO, folders=(), files=None, serial="null", errors=False, pipes=False, pc=True):
        self.folder = tempfile.mkdtemp(prefix="tessera-monitor-")
        program = os.path.abspath(program) if "/" in program else program
        self.debug = self.path("debug")
        for folder in folders:
            os.mkdir(self.path(folder))
        for name, content in (files or {}).items():
            with open(self.path(name), "wb") as f:
                f.write(content)
        drives = []
        if code:
            with open(self.path("floppy.img"), "wb") as f:
                f.write(floppy(code))
            drives = ["-drive", "if=floppy,format=raw,file=" + self.path("floppy.img")]
        self.process = subprocess.Popen(
            [program, "-display", "none", *(["-serial", serial] if serial else []), "-m", "16", *(["-debugcon", "file:" + self.debug] if pc else []),
             "-monitor", "unix:%s,server=on,wait=off" % self.path("hmp"),
             "-qmp", "unix:%s,server=on,wait=off" % self.path("qmp"), *drives, *options],
            stdin=subprocess.PIPE if pipes else subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipes else None, stderr=subprocess.PIPE if errors else None, cwd=self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)  # names of sockets may be going by themselves
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, name):
        return self.connect_to(self.path(name))

    def connect_to(self, address):
        """A path, or host and port."""
        end = time.monotonic() + PATIENCE
        while True:
            s = socket.socket(socket.AF_UNIX if isinstance(address, str) else
                              socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
            s.settimeout(PATIENCE)
            try:
                s.connect(address)
                return s
            except OSError:
                s.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    @staticmethod
    def until(is_so):
        end = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < end, is_so
            time.sleep(0.02)

    def wait(self):
        return self.process.wait(PATIENCE)

    def typed(self, wanted):
        """Waits until the guest has got these keys; none: until it runs."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with open(self.debug, "rb") as f:
                if f.read() == b"!" + wanted:
                    return
            time.sleep(0.02)
        with open(self.debug, "rb") as f:
            raise AssertionError("typed %r, not %r" % (f.read(), wanted))


class Hmp:
    """The monitor for people."""
    PROMPT = b"(tessera) "

    def __init__(self, machine):
        self.socket = machine.connect("hmp")
        self.greeting = self.until_prompt()

    def until_prompt(self):
        got = b""
        while not got.endswith(self.PROMPT):
            more = self.socket.recv(65536)
            if not more:
                raise EOFError(got)
            got += more
        return got[:-len(self.PROMPT)].decode()

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\n")
        return self.until_prompt()

    def close(self):
        self.socket.close()


class Qmp:
    """The monitor for programs."""

    def __init__(self, machine, negotiate=True):
        self.socket = machine.connect("qmp")
        self.buffer = b""
        self.events = []
        self.greeting = self.receive()
        if negotiate:
            assert self.ask("qmp_capabilities") == {}

    def receive(self):
        while b"\n" not in self.buffer:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError(self.buffer)
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def send(self, text):
        self.socket.sendall(text.encode())

    def answer(self):
        """The next that is no event; those are kept."""
        while True:
            got = self.receive()
            if "event" not in got:
                return got
            self.events.append(got)

    def call(self, name, /, **arguments):
        request = {"execute": name}
        if arguments:
            request["arguments"] = {k.replace("_", "-"): v for k, v in arguments.items()}
        self.send(json.dumps(request))
        return self.answer()

    def ask(self, name, /, **arguments):
        got = self.call(name, **arguments)
        assert "return" in got, got
        return got["return"]

    def event(self, name):
        """Waits for one of that name, and forgets those before it."""
        while True:
            got = self.events.pop(0) if self.events else self.receive()
            if got.get("event") == name:
                return got

    def hmp(self, line):
        return self.ask("human-monitor-command", command_line=line)


def run(tests):
    """Runs the test that the command line names: PROGRAM NAME."""
    tests[sys.argv[2]](sys.argv[1])
