# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of ports and monitors, and where they lead: lines.py PROGRAM TEST. QEMU is asked the same."""
import os
import select
import shutil
import socket
import time

from machine import PATIENCE, Machine, Qmp, run

QEMU = "qemu-system-i386"

# Sends "!" by COM1, and then all that comes there.
SERIAL = bytes.fromhex("ba f803 b021 ee" "ba fd03 ec a801 74f8 b2f8 ec ee ebf2")


class Line:
    """The other end of a line: a socket, or a terminal's descriptor."""

    def __init__(self, end):
        self.fd = end if isinstance(end, int) else end.fileno()
        self.end = end
        self.seen = b""

    def send(self, text):
        os.write(self.fd, text)

    def until(self, text):
        while text not in self.seen:
            assert select.select([self.fd], [], [], PATIENCE)[0], (text, self.seen)
            more = os.read(self.fd, 4096)
            assert more, (text, self.seen)
            self.seen += more
        before, self.seen = self.seen.split(text, 1)
        return before

    def close(self):
        if isinstance(self.end, int):
            os.close(self.fd)
        else:
            self.end.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def echoes(line, text):
    line.send(text)
    line.until(text)


def echoes_at_last(line, text):
    """Until the boot sector has its turn, the BIOS may take what is sent."""
    end = time.monotonic() + PATIENCE
    while text not in line.seen:
        assert time.monotonic() < end, (text, line.seen)
        line.send(text)
        while text not in line.seen and select.select([line.fd], [], [], 0.5)[0]:
            line.seen += os.read(line.fd, 4096)


def both(ours):
    assert shutil.which(QEMU), QEMU + " is not there"
    return ours, QEMU


def a_serial_line_waits_for_its_socket(program):
    for emulator in both(program):
        with Machine(emulator, "-serial", "unix:serial,server=on", code=SERIAL, serial=None) as m:
            line = Line(m.connect("serial"))
            line.until(b"!")
            echoes(line, b"hello\xff\0there")
            line.close()


def a_serial_line_is_left_and_taken_again(program):
    for emulator in both(program):
        with Machine(emulator, "-chardev", "socket,path=serial,server=on,wait=off,id=c", "-serial",
                     "chardev:c", code=SERIAL, serial=None) as m:
            for text in (b"one", b"two", b"three"):
                line = Line(m.connect("serial"))
                echoes_at_last(line, text)
                line.close()
            label = [c for c in Qmp(m).ask("query-chardev") if c["label"] == "c"]
            assert len(label) == 1 and "serial" in label[0]["filename"], label


def a_serial_line_goes_to_who_listens(program):
    for emulator in both(program):
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(1)
            where = "tcp:127.0.0.1:%d" % listening.getsockname()[1]
            with Machine(emulator, "-serial", where, code=SERIAL, serial=None):
                line = Line(listening.accept()[0])
                line.until(b"!")
                echoes(line, b"to you")
                line.close()


def a_serial_line_speaks_telnet(program):
    for emulator in both(program):
        port = free_port()
        with Machine(emulator, "-serial", "telnet:127.0.0.1:%d,server=on" % port, code=SERIAL,
                     serial=None) as m:
            line = Line(m.connect_to(("127.0.0.1", port)))
            assert b"\xff\xfb\x01" in line.until(b"!")  # will echo
            line.send(b"a\xff\xfd\x01bc" if emulator is QEMU else b"a\xff\xfd\x01b\xff\xfa\x18\0\xff\xf0c")
            line.until(b"abc")
            line.close()


def a_serial_line_is_a_terminal(program):
    for emulator in both(program):
        with Machine(emulator, "-chardev", "pty,id=p", "-serial", "chardev:p", "-S", code=SERIAL,
                     serial=None) as m:
            q = Qmp(m)
            name = [c["filename"] for c in q.ask("query-chardev") if c["label"] == "p"][0]
            assert name.startswith("pty:/dev/pts/"), name
            line = Line(os.open(name[4:], os.O_RDWR | os.O_NOCTTY))
            q.ask("cont")
            echoes_at_last(line, b"by hand")
            line.close()


def monitors_are_at_chardevs(program):
    for emulator in both(program):
        with Machine(emulator, "-chardev", "socket,path=m,server=on,wait=off,id=m", "-mon", "m", "-chardev",
                     "socket,path=c,server=on,wait=off,id=c", "-mon", "chardev=c,mode=control") as m:
            person = Line(m.connect("m"))
            person.until(b") ")
            person.send(b"info status\n")
            person.until(b"VM status: running")
            program_ = Line(m.connect("c"))
            program_.until(b'"QMP"')
            person.close()
            program_.close()


def names_of_sockets_go(program):
    for end in ("quit", "terminate", "kill"):
        with Machine(program, "-serial", "unix:serial,server=on,wait=off", serial=None) as m:
            q = Qmp(m)
            names = [m.path(n) for n in ("serial", "hmp", "qmp")]
            assert all(map(os.path.exists, names))
            if end == "quit":
                q.ask("quit")
            else:
                getattr(m.process, end)()
            m.wait()
            if end == "quit":
                assert not any(map(os.path.exists, names)), names
            m.until(lambda names=names: not any(map(os.path.exists, names)))


def what_cannot_be_is_said(program):
    for place, what in (("unix:/nonexistent/x,server=on", "No such file"), ("unix:nobody", "No such file"),
                        ("tcp:127.0.0.1:1", "refused"), ("tcp:1,server=on", "not"),
                        ("unix:%s,server=on" % (200 * "x"), "longer")):
        with Machine(program, "-serial", place, serial=None, errors=True) as m:
            _, err = m.process.communicate(timeout=PATIENCE)
            assert m.process.returncode == 1 and what in err.decode() and err.count(b"\n") == 1, (place, err)


run(globals())
