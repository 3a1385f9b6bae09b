# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of ports and monitors, and where they lead: lines.py PROGRAM TEST. QEMU is asked the same."""
import base64
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


def read(name):
    with open(name, "rb") as f:
        return f.read()


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


def a_file_begins_empty_or_is_appended_to(program):
    for emulator in both(program):
        for append, wanted in (("on", b"before"), ("off", b"")):
            with Machine(emulator, "-S", "-chardev", "file,id=f,path=out,append=" + append,
                         "-serial", "chardev:f", code=SERIAL, serial=None) as m:
                q = Qmp(m)
                with open(m.path("out"), "ab") as f:
                    assert f.tell() == 0
                    f.write(wanted)
                q.ask("cont")
                m.until(lambda m=m: read(m.path("out")).endswith(b"!"))  # behind what the BIOS says
                assert read(m.path("out")).startswith(wanted)


def what_a_file_had_stays_or_goes(program):
    for emulator in both(program):
        with Machine(emulator, "-S") as where:
            for append, wanted in (("on", b"old"), ("off", b"")):
                for option in ("file,id=f,path=%s,append=" + append,
                               "null,id=f,logfile=%s,logappend=" + append):
                    name = where.path("kept")
                    with open(name, "wb") as f:
                        f.write(b"old")
                    with Machine(emulator, "-S", "-chardev", option % name,
                                 "-serial", "chardev:f", serial=None) as m:
                        Qmp(m)
                        assert read(name) == wanted, (emulator, option)


def a_line_is_logged(program):
    for emulator in both(program):
        with Machine(emulator, "-chardev", "socket,id=s,path=serial,server=on,logfile=log",
                     "-serial", "chardev:s", code=SERIAL, serial=None) as m:
            line = Line(m.connect("serial"))
            line.until(b"!")
            echoes(line, b"hello")
            m.until(lambda m=m: read(m.path("log")).endswith(b"!hello"))


def a_ring_keeps_what_came_last(program):
    for emulator in both(program):
        with Machine(emulator, "-chardev", "ringbuf,id=r,size=8", "-serial", "chardev:r",
                     code=SERIAL, serial=None) as m:
            q = Qmp(m)
            m.until(lambda q=q: q.ask("ringbuf-read", device="r", size=100).endswith("!"))
            assert q.ask("ringbuf-read", device="r", size=100) == ""
            q.ask("ringbuf-write", device="r", data="0123456789")
            assert q.ask("ringbuf-read", device="r", size=3) == "234"
            assert q.hmp("ringbuf_read r 100").split() == ["56789"]
            for data, text in (("AP9h", None), ("eQ==", "y"), ("eXo=", "yz"), ("", "")):
                q.ask("ringbuf-write", device="r", data=data, format="base64")
                if text is not None:
                    assert q.ask("ringbuf-read", device="r", size=9) == text
                else:
                    assert q.ask("ringbuf-read", device="r", size=9, format="base64") == data
            for n in range(4):
                q.ask("ringbuf-write", device="r", data="abc"[:n])
                got = q.ask("ringbuf-read", device="r", size=9, format="base64")
                assert got == base64.b64encode(b"abc"[:n]).decode()
            q.hmp("ringbuf_write r a\\b")
            assert q.hmp("ringbuf_read r 3").split() == ["a\\\\b"]
            q.ask("ringbuf-write", device="r", data="\u007f\u0001")
            assert q.hmp("ringbuf_read r 3").split() == ["\\u007F\\u0001"]
            for bad in ({"device": "q", "size": 1}, {"device": "r", "size": 0},
                        {"device": "r", "size": -1}, {"device": "r"}):
                assert "error" in q.call("ringbuf-read", **bad), bad


def what_is_no_text_stays_in_a_ring(program):
    with Machine(program, "-S", "-chardev", "ringbuf,id=r", "-parallel", "chardev:r") as m:
        q = Qmp(m)
        q.ask("ringbuf-write", device="r", data="/w==", format="base64")
        assert "base64" in q.call("ringbuf-read", device="r", size=1)["error"]["desc"]
        assert q.ask("ringbuf-read", device="r", size=1, format="base64") == "/w=="
        for bad in ("/w=", "*w==", "=", "/===w"):
            assert "error" in q.call("ringbuf-write", device="r", data=bad, format="base64"), bad
        assert q.ask("ringbuf-read", device="r", size=1) == ""


def a_terminal_has_a_serial_line_and_a_monitor(program):
    for emulator in both(program):
        with Machine(emulator, "-chardev", "stdio,id=c,mux=on", "-serial", "chardev:c",
                     "-mon", "chardev=c", code=SERIAL, serial=None, pipes=True) as m:
            keys = m.process.stdin.fileno()
            line = Line(m.process.stdout.fileno())
            line.until(b"!")
            os.write(keys, b"x")
            line.until(b"x")
            os.write(keys, b"\x01c\n")
            line.until(b") ")
            os.write(keys, b"info status\n")
            line.until(b"VM status: running")
            os.write(keys, b"\x01cyz")
            line.until(b"yz")


def what_cannot_be_is_said(program):
    for place, what in (("unix:/nonexistent/x,server=on", "No such file"), ("unix:nobody", "No such file"),
                        ("tcp:127.0.0.1:1", "refused"), ("tcp:1,server=on", "not"),
                        ("unix:%s,server=on" % (200 * "x"), "longer")):
        with Machine(program, "-serial", place, serial=None, errors=True) as m:
            _, err = m.process.communicate(timeout=PATIENCE)
            assert m.process.returncode == 1 and what in err.decode() and err.count(b"\n") == 1, (place, err)


run(globals())
