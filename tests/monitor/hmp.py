# SPDX-License-Identifier: GPL-3.0-or-later
"""The monitor's commands: hmp.py PROGRAM TEST."""
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import tempfile

from machine import ECHO, PATIENCE, READ_DISK, READ_FLOPPY, Hmp, Machine, Qmp, floppy, run


def at_guest(m, h):
    """Waits until the boot sector reads keys."""
    m.typed(b"")
    h.ask("sendkey a")
    m.typed(b"a")


def help_has_every_command(program):
    with Machine(program) as m:
        h = Hmp(m)
        lines = h.ask("help").splitlines()
        assert len(lines) > 10, lines
        for line in lines:
            name = line.split()[0]
            assert h.ask("help " + name).startswith(name + " "), name
        assert "no such command" in h.ask("help bogus")


def topics_answer(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        topics = [line.split()[0] for line in h.ask("info").splitlines()]
        assert "registers" in topics and "pci" in topics, topics
        for topic in topics:
            assert h.ask("info " + topic) or topic == "snapshots", topic
        irq = h.ask("info irq")
        for words in ("pic1: line=", "\napic: id=00 base=fee00000 svr=", " lint0=", "\nioapic: id=", "\n  pin 23: "):
            assert words in irq, (words, irq)
        assert "DR6=ffff0ff0 DR7=00000400\n" in h.ask("info registers")
        assert "There is no" in h.ask("info network") and "There is no" in h.ask("info vnc")
        assert "serial0: filename=null" in h.ask("info chardev")
        assert "(QMP)" in h.ask("info chardev")
        assert h.ask("info audio") == "No sound leads anywhere.\n"
        assert "not inserted" in h.ask("info block")
        assert "floppy0: " + m.path("floppy.img") in h.ask("info block")
        assert "no such topic" in h.ask("info bogus")


def a_powerpc_has_controllers(program):
    machine = ("-M", "ppce500", "-m", "64", "-bios", os.path.abspath("build/guests/u-boot-ppc"))
    with Machine(program, "-S", *machine, code=None, pc=False) as m:
        assert Hmp(m).ask("info irq").startswith("mpic: gcr=")


def maps_are_told(program):
    with Machine(program) as m:
        h = Hmp(m)
        tree = [line.strip() for line in h.ask("info mtree").splitlines()]
        for line in ("00000000-0009ffff ram, ram", "fee00000-fee00fff i/o, apic", "fec00000-fec00fff i/o, ioapic",
                     "fffe0000-ffffffff rom, Tessera's BIOS", "0020-0021 i8259", "0070-0071 mc146818"):
            assert line in tree, (line, tree)
        roms = h.ask("info roms")
        assert 'addr=fffe0000 size=0x020000 mem=rom name="Tessera\'s BIOS"' in roms, roms
        assert 'name="VGA BIOS"' in roms, roms
    with Machine(program, "-kernel", os.path.abspath("build/guest/tessera-guest.elf"), "-vga", "none", code=None) as m:
        assert Hmp(m).ask("info roms") == "There are no ROMs.\n"


# Has a handler of NMIs that writes "N", writes "!", and waits with interrupts off.
NMI = bytes.fromhex("fa 31c0 8ed8 c7060800187c c7060a000000 b021 e6e9 f4 ebfd b04e e6e9 cf")


def nmis_arrive(program):
    for options in ((), ("-icount", "1,sleep=off"), ("-cpu", "486"), ("-jit", "lockstep")):
        with Machine(program, *options, code=NMI) as m:
            h = Hmp(m)
            m.typed(b"")
            for wanted in (b"N", b"NN"):
                assert h.ask("nmi") == ""
                m.typed(wanted)


def each_instruction_is_logged(program):
    with Machine(program, "-D", "log") as m:
        h = Hmp(m)
        at_guest(m, h)
        h.ask("singlestep")
        assert h.ask("info status") == "VM status: running (single step mode)\n"
        h.ask("log exec")
        h.ask("type b")
        m.typed(b"ab")
        h.ask("log none")
        h.ask("singlestep off")
        assert h.ask("info status") == "VM status: running\n"
        assert "not on or off" in h.ask("singlestep bogus")
        h.ask("type c")
        m.typed(b"abc")
        m.process.terminate()
        m.wait()
        with open(m.path("log")) as f:
            log = f.read()
        for address in (0x7c08, 0x7c0a):  # behind INT 16h: OUT, JMP
            assert "exec %08x" % address in log, hex(address)


def networks_are_told(program):
    forward = "tcp:127.0.0.1:%d-:22" % free_port()
    with Machine(program, "-netdev", "user,id=n,restrict=on,hostfwd=" + forward, "-device",
                 "rtl8139,netdev=n,mac=52:54:00:00:00:07", "-vnc", "127.0.0.1:0,to=99") as m:
        h = Hmp(m)
        told = h.ask("info network")
        assert "model=rtl8139,macaddr=52:54:00:00:00:07" in told and "\\ n: type=user,restrict=on" in told, told
        assert "TCP[HOST_FORWARD]" in h.ask("info usrnet"), h.ask("info usrnet")
        port = Qmp(m).ask("query-vnc")["service"]
        with m.connect_to(("127.0.0.1", int(port))) as viewer:
            viewer.recv(12)
            assert h.ask("info vnc").splitlines() == [
                "default:", "  Server: 127.0.0.1:%s (ipv4)" % port, "    Auth: none",
                "  Client: 127.0.0.1:%d (ipv4)" % viewer.getsockname()[1]]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def is_listened_to(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def ports_are_forwarded(program):
    port = free_port()
    with Machine(program, "-nic", "user,id=n,restrict=on") as m:
        h = Hmp(m)
        at_guest(m, h)
        forward = "tcp::%d-:22" % port
        assert not is_listened_to(port)
        assert h.ask("hostfwd_add " + forward) == ""
        assert is_listened_to(port)
        assert str(port) in h.ask("info usrnet")
        assert "Address already in use" in h.ask("hostfwd_add n " + forward)
        assert h.ask("hostfwd_remove n tcp:127.0.0.1:%d" % port) == ""
        assert not is_listened_to(port)
        for line, what in (("hostfwd_remove tcp::%d" % port, "not forwarded"), ("hostfwd_add bogus", "not tcp:"),
                           ("hostfwd_remove tcp:x", "not tcp:"), ("hostfwd_add m " + forward, "no such network"),
                           ("hostfwd_add " + 2000 * "x", "more than")):
            answer = h.ask(line)
            assert what in answer and answer.count("\n") == 1, (line, answer)
    with Machine(program) as m:
        assert Hmp(m).ask("hostfwd_add tcp::%d-:22" % port) == "there is no user network\n"


def memory_is_shown(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        assert h.ask("xp /%dxb 0x7c00" % len(ECHO)).split() == ["00007c00:"] + ["0x%02x" % b for b in ECHO]
        assert h.ask("x/1xh 0x7dfe").split()[1] == "0xaa55"
        assert h.ask("x/1dw 0x7c00").split()[1] == str(struct.unpack("<i", ECHO[:4])[0])
        assert h.ask("x/1cb 0x1000").split()[0] == "00001000:"
        code = h.ask("x/6i 0x7c00").splitlines()
        assert "int    $0x16" in code[3] and "jmp " in code[5] and "7c04" in code[5], code
        for line in ("x 0xf0000000", "xp 0xf0000000", "xp 0x123456789000"):
            assert "no memory" in h.ask(line), h.ask(line)
        assert h.ask("x/3xb 0xfffffffe").count("0x") >= 3


def expressions_are_computed(program):
    with Machine(program, "-S") as m:
        h = Hmp(m)
        for text, value in (("1 + 2 * 3", "0x7"), ("(1 + 2) * 3", "0x9"), ("~0", "0x" + 16 * "f"),
                            ("0x10 | 1 ^ 3 & 2", "0x13"), ("-(-7) % 4", "0x3"), ("$cs", "0xf000"),
                            ("$pc", "0xfffffff0"), ("$ip", "0xfff0"), ("$cs.base", "0xffff0000")):
            assert h.ask("p " + text).strip() == value, (text, h.ask("p " + text))
        assert h.ask("p/d 1 - 3").strip() == "-2"
        for text in ("1 / 0", "1 +", "$bogus", "(1", "1 1", "0x", "99999999999999999999999",
                     "(" * 5000, "-" * 5000 + "1", ""):
            answer = h.ask("p " + text)
            assert answer.count("\n") == 1 and not answer.startswith("0x"), (text, answer)


def keys_arrive(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        h.ask("type Hello, World! 2 {}\\n")
        m.typed(b"aHello, World! 2 {}\r")
        h.ask("sendkey shift-b 20")
        h.ask("sendkey ret")
        m.typed(b"aHello, World! 2 {}\rB\r")
        assert "no such key" in h.ask("sendkey bogus")
        assert "no such key" in h.ask("sendkey ctrl-")
        assert "no key" in h.ask("type \u4e2d")
        assert "usage" in h.ask("type")


def long_text_arrives(program):
    text = "The quick brown fox jumps over the lazy dog; " * 8
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        h.ask("type " + text + "!")
        m.typed(b"a" + text.encode() + b"!")


def it_stops_and_goes_on(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        h.ask("stop")
        assert h.ask("info status") == "VM status: paused\n"
        h.ask("type b")
        ticks = h.ask("x/1xw 0x46c")
        assert h.ask("x/1xw 0x46c") == ticks
        m.typed(b"a")
        h.ask("cont")
        assert h.ask("info status") == "VM status: running\n"
        m.typed(b"ab")


def it_waits_for_cont(program):
    with Machine(program, "-S") as m:
        h = Hmp(m)
        assert "prelaunch" in h.ask("info status")
        h.ask("c")
        at_guest(m, h)


def it_is_reset(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        h.ask("stop")
        h.ask("system_reset")
        assert h.ask("p $pc").strip() == "0xfffffff0"
        assert "paused" in h.ask("info status")
        h.ask("cont")
        m.typed(b"a!")  # the boot sector begins anew


def snapshots_are_kept(program):
    with Machine(program, "-snapshot", "-snapshot-dir", ".") as m:
        h = Hmp(m)
        at_guest(m, h)
        answer = h.ask("savevm one")
        assert answer == "", answer
        assert "one" in h.ask("info snapshots")
        h.ask("type bc")
        m.typed(b"abc")
        assert h.ask("loadvm one") == ""
        h.ask("type d")
        m.typed(b"abcd")
        assert h.ask("delvm one") == ""
        assert h.ask("loadvm one").count("\n") == 1
        assert "one" not in h.ask("info snapshots")


def the_screen_is_told(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        assert "Tessera BIOS" in h.ask("screentext")
        assert h.ask("screendump shot.png") == ""
        with open(m.path("shot.png"), "rb") as f:
            assert f.read(8) == b"\x89PNG\r\n\x1a\n"
        for name in ("/tmp/x.png", "../x.png", "bogus/x.png"):
            assert h.ask("screendump " + name).count("\n") == 1, name
    with Machine(program, "-vga", "none") as m:
        assert "no screen" in Hmp(m).ask("screendump x")


def discs_are_ejected(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        assert h.ask("eject floppy0") == ""
        assert "floppy0: [not inserted]" in h.ask("info block")
        assert h.ask("eject ide1-cd0") == ""
        assert "tray open" in h.ask("info block")
        assert "no such drive" in h.ask("eject bogus")


def write(m, name, data):
    with open(m.path(name), "wb") as f:
        f.write(data)


def is_open(m, name):
    """Does it have a file of that name?"""
    folder = "/proc/%d/fd" % m.process.pid
    return any(os.readlink(os.path.join(folder, fd)) == m.path(name) for fd in os.listdir(folder))


def what_is_ejected_is_closed(program):
    with Machine(program) as m:
        h = Hmp(m)
        at_guest(m, h)
        assert is_open(m, "floppy.img")
        h.ask("eject floppy0")
        assert not is_open(m, "floppy.img")
        assert h.ask("change floppy0 floppy.img") == ""
        assert is_open(m, "floppy.img")


def floppies_are_changed(program):
    for options in ((), ("-icount", "1,sleep=off")):
        with Machine(program, "-media-dir", "media", *options, code=READ_FLOPPY, folders=["media"]) as m:
            h = Hmp(m)
            write(m, "media/b.img", floppy(b"", b"B"))
            write(m, "media/large.img", b"x" * 8000 * 512)
            write(m, "media/other.img", b"QFI\xfb\0\0\0\3".ljust(1440 * 1024, b"\0"))
            m.typed(b"")
            h.ask("sendkey a")
            m.typed(b"\0")
            assert h.ask("change floppy0 media/b.img") == ""
            h.ask("sendkey a")
            m.typed(b"\0B")
            assert "floppy0: media/b.img (1474560 bytes)" in h.ask("info block")
            for line, what in (("floppy0 nothing.img", "No such file"), ("floppy0 ../floppy.img", "not a name"),
                               ("floppy0 large.img", "no floppy disk"),
                               ("floppy0 other.img", "qcow2"), ("floppy0 b.img qcow2", "raw"),
                               ("floppy0 b.img raw bogus", "read-only"), ("bogus b.img", "no such drive"),
                               ("floppy0 b.img", "in use"), ("floppy0", "usage")):
                answer = h.ask("change " + line)
                assert what in answer and answer.count("\n") == 1, (line, answer)
            assert h.ask("eject floppy0") == ""
            assert h.ask("change floppy0 other.img raw read-only") == ""
            assert "read-only" in h.ask("info block").split("floppy0")[1]
            h.ask("sendkey a")
            m.typed(b"\0B\0")


def discs_are_changed(program):
    with Machine(program) as m:
        h = Hmp(m)
        for name, blocks in (("a.iso", 400), ("b.iso", 500)):
            write(m, name, bytes(2048 * blocks))
            assert h.ask("change ide1-cd0 " + name) == ""
            assert "ide1-cd0: %s (%d bytes, read-only)" % (name, 2048 * blocks) in h.ask("info block")
            assert "tray closed" in h.ask("info block")
            assert is_open(m, name)
        assert not is_open(m, "a.iso")
        assert "cannot be taken out" in h.ask("change ide0-hd0 a.iso") or "no such drive" in h.ask("change ide0-hd0 a.iso")


def snapshots_know_what_is_in(program):
    with Machine(program, "-snapshot-dir", ".", "-snapshot") as m:
        h = Hmp(m)
        at_guest(m, h)
        write(m, "a.iso", bytes(2048 * 400))
        assert h.ask("savevm empty") == ""
        assert h.ask("change ide1-cd0 a.iso") == ""
        assert "with 1 disks, not 2" in h.ask("loadvm empty")
        assert h.ask("savevm full") == ""
        assert h.ask("loadvm full") == ""
        assert h.ask("eject ide1-cd0") == ""
        assert h.ask("loadvm empty") == ""
        assert "with 2 disks, not 1" in h.ask("loadvm full")


def the_console_is_shared(program):
    """Ctrl-A c: what is typed goes to the monitor, and then to the guest again."""
    for options in (["-nographic"], ["-display", "none", "-serial", "mon:stdio"],
                    ["-nographic", "-icount", "1,sleep=off"]):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([program, *options], stdin=theirs, stdout=theirs)
        os.close(theirs)
        seen = b""

        def until(text):
            nonlocal seen
            while text not in seen:
                assert select.select([ours], [], [], PATIENCE)[0], (text, seen)
                seen += os.read(ours, 4096)
            seen = seen.split(text, 1)[1]

        until(b"\r\n> ")
        os.write(ours, b"\x01c")
        until(b"(tessera) ")
        os.write(ours, b"info statsu\x7f\x7fus\r")
        until(b"VM status: running\r\n(tessera) ")
        os.write(ours, b"\x01cecho again\r")
        until(b"\r\nagain\r\n")
        os.write(ours, b"\x01c")
        until(b"(tessera) ")
        os.write(ours, b"quit\r")
        assert process.wait(PATIENCE) == 0
        os.close(ours)


def it_quits(program):
    with Machine(program) as m:
        Hmp(m).socket.sendall(b"quit\n")
        assert m.wait() == 0


def it_quits_while_stopped(program):
    with Machine(program, "-S") as m:
        Hmp(m).socket.sendall(b"q\n")
        assert m.wait() == 0


def nonsense_is_one_line(program):
    with Machine(program) as m:
        h = Hmp(m)
        for line in ("bogus", "stop now", "x", "x/0x 0", "x/99999999x 0", "x/zz 0", "info a b",
                     "\x1b[2J", "sendkey \"a", "a " * 100, "mouse_move 1", "mouse_move x y",
                     "mouse_button 99", "log bogus", "\u202e", "%s%n%p", "help " + "x" * 5000):
            answer = h.ask(line)
            assert answer.count("\n") == 1 and len(answer) < 4200, (line, answer)
            assert "\x1b" not in answer
        assert h.ask("") == "" and h.ask("   ") == ""


def hostile_bytes_do_no_harm(program):
    with Machine(program) as m:
        h = Hmp(m)
        assert h.ask("x" * 1000000) == "that line is too long\n"
        h.socket.sendall(bytes(range(256)) * 16 + b"\n")
        answer = h.ask("p 77")
        while "0x4d" not in answer:
            answer = h.until_prompt()
        h.socket.sendall(b"info sta")
        h.close()
        for junk in (b"\0\0\0", b"\xff\xfb\xff\xfa", b"quit", b"stop\r"):
            s = m.connect("hmp")
            s.sendall(junk)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()
        assert Hmp(m).ask("info status") == "VM status: running\n"


def until(s, text):
    """What comes on a socket, up to the text."""
    got = b""
    while text not in got:
        more = s.recv(65536)
        assert more, (text, got)
        got += more
    return got


def telnet_is_understood(program):
    """Lines of who knows nothing of it; keys, as they are typed, of who answers."""
    port = free_port()
    with Machine(program, "-monitor", "telnet:127.0.0.1:%d,server,nowait" % port) as m:
        m.connect("hmp")
        with m.connect_to(("127.0.0.1", port)) as s:
            until(s, b"(tessera) \xff\xfb\x01")  # will echo
            s.sendall(b"p 1\r\n")
            assert until(s, b"(tessera) ").endswith(b"0x1\r\n(tessera) ")
            s.sendall(b"info \xff\xfa\x18\x00\xff\xf0status\r\0")
            assert b"VM status: running\r\n" in until(s, b"(tessera) ")
        for _ in range(2):
            with m.connect_to(("127.0.0.1", port)) as s:
                until(s, b"(tessera) \xff\xfb\x01")
                s.sendall(b"\xff\xfd\x01\xff\xfd\x03p 1 + 4\x7f5\r\0")
                until(s, b"0x6\r\n")
                s.sendall(b"inf\t stat\t\r\n")
                until(s, b"VM status: running\r\n")
                s.sendall(b"\x1b[A\x1b[A\r\0")
                until(s, b"0x6\r\n")
                s.sendall(b"half a li")


def a_paging_guest_is_looked_through(program):
    with Machine(program, code=None) as m:  # the default guest, which has nothing at page 0
        h = Hmp(m)
        while "not mapped" not in h.ask("x 0"):
            pass
        assert h.ask("x/1xw 0x100000").split()[1] == "0x1badb002"
        assert re.match("00001000-0[0-9a-f]{8} [0-9a-f]{9} -rw\n", h.ask("info mem"))
        assert h.ask("info tlb").startswith("00001000: 0000001000 ")
        assert "not mapped" in h.ask("x/2i 0xc0000000")


def servers_of(path):
    """The qemu-nbds that have it open."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid) as f:
                if f.read().strip() == "qemu-nbd" and path in (
                        os.readlink("/proc/%s/fd/%s" % (pid, fd)) for fd in os.listdir("/proc/%s/fd" % pid)):
                    found.append(int(pid))
        except OSError:
            pass  # it has ended meanwhile
    return found


class DiskMachine(Machine):
    """Reads from a disk that is qemu-nbd's to read."""

    def __init__(self, program, folder):
        self.disk = os.path.join(folder, "disk.qcow2")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", self.disk, "10M"], check=True)
        super().__init__(program, "-hda", self.disk, code=READ_DISK, errors=True)

    def signal_server(self, number):
        server, = servers_of(self.disk)
        os.kill(server, number)


def a_disk_whose_server_dies_is_an_error(program):
    """The guest is told, and goes on; so does the monitor, and the end."""
    with tempfile.TemporaryDirectory(prefix="tessera-monitor-") as folder, DiskMachine(program, folder) as m:
        h = Hmp(m)
        m.typed(b"")
        h.ask("sendkey a")
        m.typed(b"\0")
        m.signal_server(signal.SIGKILL)
        m.until(lambda: not servers_of(m.disk))
        for _ in range(2):
            h.ask("sendkey a")
        m.until(lambda: os.path.getsize(m.debug) == 4)
        with open(m.debug, "rb") as f:
            assert all(f.read()[2:]), "read without a server"
        assert "VM status: running" in h.ask("info status")
        h.socket.sendall(b"quit\n")
        assert m.wait() == 0
        assert m.process.stderr.read().decode().count("its server is gone") == 1


def a_disk_whose_server_stands_holds_nobody_up(program):
    """But the guest that waits for it: the monitor answers, and the end is one."""
    with tempfile.TemporaryDirectory(prefix="tessera-monitor-") as folder, DiskMachine(program, folder) as m:
        h = Hmp(m)
        m.typed(b"")
        m.signal_server(signal.SIGSTOP)
        server, = servers_of(m.disk)
        try:
            h.ask("sendkey a")
            m.typed(b"")
            assert "VM status: running" in h.ask("info status")
            h.socket.sendall(b"quit\n")
            assert m.wait() == 0
        finally:
            os.kill(server, signal.SIGCONT)
        m.until(lambda: not servers_of(m.disk))


run(globals())
