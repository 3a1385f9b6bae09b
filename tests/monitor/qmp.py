# SPDX-License-Identifier: GPL-3.0-or-later
"""QEMU's machine protocol: qmp.py PROGRAM TEST. Shapes of answers are compared with QEMU's."""
import json
import os
import shutil
import socket

from machine import READ_OR_WRITE_DISK, Hmp, Machine, Qmp, run

QEMU = "qemu-system-i386"

# What both are asked, in this order.
REQUESTS = [
    ("query-status", {}),
    ("query-version", {}),
    ("query-commands", {}),
    ("query-name", {}),
    ("query-block", {}),
    ("query-blockstats", {}),
    ("query-blockstats", {"query-nodes": True}),
    ("query-chardev", {}),
    ("query-cpus-fast", {}),
    ("query-kvm", {}),
    ("query-pci", {}),
    ("query-named-block-nodes", {}),
    ("query-named-block-nodes", {"flat": True}),
    ("query-machines", {}),
    ("query-current-machine", {}),
    ("query-memory-size-summary", {}),
    ("query-vnc", {}),
    ("query-vnc-servers", {}),
    ("query-mice", {}),
    ("query-iothreads", {}),
    ("query-jobs", {}),
    ("query-block-jobs", {}),
    ("query-memory-devices", {}),
    ("query-rx-filter", {}),
    ("query-target", {}),
    ("query-uuid", {}),
    ("query-qmp-schema", {}),
    ("eject", {"device": "floppy0"}),
    ("blockdev-change-medium", {"device": "floppy0", "filename": "floppy.img", "format": "raw"}),
    ("blockdev-change-medium", {"device": "bogus", "filename": "floppy.img"}),
    ("query-block", {}),
    ("stop", {}),
    ("query-status", {}),
    ("cont", {}),
    ("query-status", {}),
    ("send-key", {"keys": [{"type": "qcode", "data": "a"}]}),
    ("send-key", {"keys": [{"type": "qcode", "data": "ctrl"}, {"type": "qcode", "data": "f1"}],
                  "hold-time": 20}),
    ("send-key", {"keys": [{"type": "qcode", "data": "bogus"}]}),
    ("send-key", {}),
    ("input-send-event", {"events": [
        {"type": "key", "data": {"down": True, "key": {"type": "qcode", "data": "b"}}},
        {"type": "key", "data": {"down": False, "key": {"type": "qcode", "data": "b"}}},
        {"type": "btn", "data": {"down": True, "button": "left"}},
        {"type": "btn", "data": {"down": False, "button": "left"}},
        {"type": "rel", "data": {"axis": "x", "value": 3}}]}),
    ("human-monitor-command", {"command-line": "info status"}),
    ("human-monitor-command", {}),
    ("query-status", {"bogus": 1}),
    ("bogus", {}),
    ("qmp_capabilities", {}),
    ("system_powerdown", {}),
    ("inject-nmi", {}),
    ("system_reset", {}),
]


def shape(value):
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def is_part(ours, theirs, where):
    """Is all that is in our answer in QEMU's, too, and of the same type?"""
    assert type(ours) is type(theirs), (where, ours, theirs)
    if isinstance(ours, dict):
        for key, value in ours.items():
            assert key in theirs, (where, key, theirs)
            is_part(value, theirs[key], where + "." + key)
    elif isinstance(ours, list) and ours and theirs:
        is_part(ours[0], theirs[0], where + "[]")
    elif isinstance(ours, str):
        assert ours == theirs, (where, ours, theirs)


def converse(emulator):
    """Answers and events of the requests, in order."""
    with Machine(emulator, "-name", "guest") as m:
        q = Qmp(m)
        got = [q.greeting]
        for name, arguments in REQUESTS:
            q.send(json.dumps({"execute": name, "arguments": arguments, "id": name}))
            got.append(q.answer())
        q.event("STOP")
        q.event("RESUME")
        got.append(q.event("POWERDOWN"))
        reset = q.event("RESET")
        while reset["data"]["guest"]:  # the NMI may have made it restart by itself
            reset = q.event("RESET")
        got.append(reset)
        q.send('{"execute": "quit"}')
        got.append(q.answer())
        got.append(q.event("SHUTDOWN"))
        m.wait()
    return got


def shapes_are_qemus(program):
    assert shutil.which(QEMU), QEMU + " is not there"
    ours, theirs = converse(program), converse(QEMU)
    assert len(ours) == len(theirs)
    names = ["greeting"] + [name for name, _ in REQUESTS]
    names += ["POWERDOWN", "RESET", "quit", "SHUTDOWN"]
    for name, our, their in zip(names, ours, theirs):
        if "error" in their:
            assert "error" in our, (our, their)
            assert our["error"]["class"] == their["error"]["class"], (our, their)
        for got in (our, their):  # hardware that only one has
            if name == "query-block":
                got["return"] = [d for d in got["return"] if d["device"] == "floppy0"]
            if name == "query-blockstats" and "device" in got["return"][0]:
                got["return"] = [d for d in got["return"] if d["device"] == "floppy0"]
            if name == "query-qmp-schema":
                got["return"] = [i for i in got["return"] if i["name"] == "int"]
            if name == "query-machines":
                got["return"] = [m for m in got["return"] if m.get("is-default")]
        is_part(shape(our), shape(their), name)
        if name == "query-status":
            assert our["return"] == their["return"] if "return" in our else True, (our, their)
    assert ours[-1]["data"] == theirs[-1]["data"] and ours[-3]["data"] == theirs[-3]["data"]


def vnc_told(emulator):
    """What is told of two servers, the first of which finds its port taken, and of a viewer."""
    told = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = "127.0.0.1:%d,to=%d" % (port - 5900, port - 5900 + 50)
        with Machine(emulator, "-S", "-object", "secret,id=s,data=abc", "-vnc",
                     server + ",password-secret=s", "-vnc", "[::1]:%d,to=%d" % (port - 5849, port - 5750)) as m:
            q = Qmp(m)
            first = q.ask("query-vnc")
            assert port < int(first["service"]) <= port + 50, first
            assert first["clients"] == []
            with m.connect_to(("127.0.0.1", int(first["service"]))) as viewer:
                assert viewer.recv(12) == b"RFB 003.008\n"
                first = q.ask("query-vnc")
                servers = sorted(q.ask("query-vnc-servers"), key=lambda s: s["id"])
                assert [c["service"] for c in first["clients"]] == [str(viewer.getsockname()[1])]
                assert servers[0]["clients"] == first["clients"]
                assert servers[0]["server"][0]["service"] == first["service"]
                with m.connect_to(("::1", int(servers[1]["server"][0]["service"]))) as second:
                    assert second.recv(12)
                    servers = sorted(q.ask("query-vnc-servers"), key=lambda s: s["id"])
                    assert servers[1]["clients"][0]["host"] == "::1"
            m.until(lambda: q.ask("query-vnc")["clients"] == [])
            told = [first, servers]
    return told


def without_ports(value):
    if isinstance(value, dict):
        return {k: "" if k == "service" else without_ports(v) for k, v in value.items()}
    return [without_ports(v) for v in value] if isinstance(value, list) else value


def vnc_servers_are_told_as_qemus(program):
    ours, theirs = vnc_told(program), vnc_told(QEMU)
    assert without_ports(ours) == without_ports(theirs), (ours, theirs)


# At each key the packet START STOP UNIT (1Bh) goes to the secondary master, with the two low bits of
# that in its byte 4: "2" opens the tray, "3" closes it. Writes "!" to port E9h, and then every key.
TRAY = bytes.fromhex("31c08ed8b021e6e9b400cd1688c3ba7601b0a0eeba7701eca88075fbb0a0eeec24883c0875f9ba70"
                     "01b81b00ef31c0ef88d883e003ef31c0efefefba7701eca88075fb88d8e6e9ebbf")


def trays_told(emulator):
    """The trays that have moved, by whom."""
    told = []
    with Machine(emulator, "-cdrom", "cd.img", code=TRAY, files={"cd.img": bytes(1 << 20)}) as m:
        q = Qmp(m)
        m.typed(b"")

        def moved():
            q.ask("query-status")
            events = [e["data"] for e in q.events if e["event"] == "DEVICE_TRAY_MOVED"]
            q.events = []
            drive, = [d for d in q.ask("query-block") if d["device"] == "ide1-cd0"]
            return [(e["device"], e["tray-open"]) for e in events], drive["tray_open"], "inserted" in drive

        for number, key in enumerate("0202303223", 1):
            q.hmp("sendkey " + key)
            m.typed(b"0202303223"[:number])
            told.append((key, *moved()))
        for line in ("eject ide1-cd0", "eject ide1-cd0", "change ide1-cd0 cd.img raw",
                     "change ide1-cd0 cd.img raw", "change ide1-cd0 none.img raw",
                     "eject -f ide1-cd0", "eject floppy0", "change floppy0 floppy.img raw"):
            q.hmp(line)
            told.append((line, *moved()))
        q.ask("eject", device="ide1-cd0")
        q.ask("blockdev-change-medium", device="ide1-cd0", filename="cd.img", format="raw")
        told.append(("QMP", *moved()))
    return told


def trays_move_as_qemus(program):
    ours, theirs = trays_told(program), trays_told(QEMU)
    for our, their in zip(ours, theirs):
        assert our == their, (our, their)


def done_on_the_disk(q, before=None):
    """What the first hard disk has done, since then."""
    told, = [d["stats"] for d in q.ask("query-blockstats") if d["device"] == "ide0-hd0"]
    words = ["%s_%s" % (kind, what) for kind in ("rd", "wr", "flush") for what in
             ("operations", "bytes") if (kind, what) != ("flush", "bytes")]
    return {w: told[w] - (before[w] if before else 0) for w in words}


def counted(emulator):
    told = []
    with Machine(emulator, "-drive", "file=disk.img,format=raw", code=READ_OR_WRITE_DISK,
                 files={"disk.img": bytes(1 << 20)}) as m:
        q = Qmp(m)
        m.typed(b"")
        for number, key in enumerate("rrsr", 1):
            before = done_on_the_disk(q)
            q.hmp("sendkey " + key)
            m.typed(b"\0" * number)
            told.append(done_on_the_disk(q, before))
        whole = done_on_the_disk(q)
        line, = [s for s in q.hmp("info blockstats").splitlines() if s.startswith("ide0-hd0: ")]
        for word, value in whole.items():
            assert " %s=%d " % (word, value) in line + " ", (word, value, line)
        highest = [d["stats"]["wr_highest_offset"]
                   for d in q.ask("query-blockstats", query_nodes=True)]
        assert max(highest) == 1024, highest
        times, = [d["stats"] for d in q.ask("query-blockstats") if d["device"] == "ide0-hd0"]
        assert times["rd_total_time_ns"] > 0 and times["wr_total_time_ns"] > 0
    return told


def disks_count_as_qemus(program):
    ours, theirs = counted(program), counted(QEMU)
    assert ours == theirs, (ours, theirs)
    assert ours[0]["rd_operations"] == 1 and ours[2]["wr_bytes"] == 512


# Loads pi, 1 and log2(e), pops the last; MXCSR is 1FA0h; something is in XMM3 and XMM7. Writes "!" to
# port E9h, and rests.
FLOATING = bytes.fromhex("31c08ed80f20c06683e0f36683c8020f22c00f20e0660d000600000f22e0dbe3d9ebd9e8d9eaddd8"
                         "66c7060070a01f00000fae16007066c706007078563412f30f101e00700f103e007cb021e6e9f4eb"
                         "fd")


def floating_registers(emulator):
    with Machine(emulator, code=FLOATING) as m:
        q = Qmp(m)
        m.typed(b"")
        q.ask("stop")
        return [line for line in q.hmp("info registers").splitlines()
                if line.startswith(("FCW=", "FPR", "XMM"))]


def floating_registers_are_shown_as_qemus(program):
    ours, theirs = floating_registers(program), floating_registers(QEMU)
    assert ours == theirs, (ours, theirs)
    assert ours[0] == "FCW=037f FSW=3000 [ST=6] FTW=c0 MXCSR=00001fa0", ours
    assert "FPR7=c90fdaa22168c235 4000" in ours[4], ours


def commands_are_told(program):
    with Machine(program, "-S") as m:
        q = Qmp(m)
        names = [c["name"] for c in q.ask("query-commands")]
        assert len(names) == len(set(names)) and "qmp_capabilities" in names
        assert q.ask("query-status") == {"status": "prelaunch", "singlestep": False,
                                         "running": False}


def the_target_is_the_machines(program):
    ppc = ("-M", "ppce500", "-m", "64", "-bios", os.path.abspath("build/guests/u-boot-ppc"))
    for target, machine in (("i386", ()), ("ppc", ppc)):
        with Machine(program, "-S", *machine, code=None, pc=not machine) as m:
            q = Qmp(m)
            told = q.ask("query-target")
            assert told == {"arch": target}
            s = Schema(q.ask("query-qmp-schema"))
            s.check(s.commands["query-target"]["ret-type"], told, "query-target")
            assert [c["target"] for c in q.ask("query-cpus-fast")] == [target]


class Schema:
    """What query-qmp-schema has told."""

    def __init__(self, infos):
        self.types = {i["name"]: i for i in infos if i["meta-type"] not in ("command", "event")}
        self.commands = {i["name"]: i for i in infos if i["meta-type"] == "command"}
        self.events = {i["name"]: i for i in infos if i["meta-type"] == "event"}
        assert len(infos) == len(self.types) + len(self.commands) + len(self.events)

    def members(self, name):
        return {m["name"]: m for m in self.types[name]["members"]}

    def refers_to(self, info):
        """The types that one names."""
        names = [info[key] for key in ("arg-type", "ret-type", "element-type") if key in info]
        for key in ("members", "variants"):
            names += [m["type"] for m in info.get(key, []) if "type" in m]
        return names

    def check(self, name, value, where):
        """Is the value of that type?"""
        info = self.types[name]
        kind = info.get("json-type", info["meta-type"])
        if kind == "array":
            assert isinstance(value, list), (where, value)
            for v in value:
                self.check(info["element-type"], v, where + "[]")
        elif kind == "enum":
            assert value in info["values"], (where, value)
            assert info["values"] == [m["name"] for m in info["members"]]
        elif kind == "object":
            self.check_object(info, value, where)
        elif kind != "value":
            python = {"string": str, "int": int, "boolean": bool}[kind]
            assert type(value) is python, (where, value)  # a bool is no int

    def check_object(self, info, value, where):
        assert isinstance(value, dict), (where, value)
        members = list(info["members"])
        for v in info.get("variants", []):
            if v["case"] == value[info["tag"]]:
                members += self.types[v["type"]]["members"]
        names = {m["name"]: m for m in members}
        assert set(value) <= set(names), (where, set(value) - set(names))
        for member in members:
            if member["name"] in value:
                self.check(member["type"], value[member["name"]], where + "." + member["name"])
            else:
                assert "default" in member, (where, member)

    def kind(self, name):
        """What it is in JSON: texts of few words are texts."""
        info = self.types[name]
        return info.get("json-type", {"enum": "string"}.get(info["meta-type"], info["meta-type"]))


def the_schema_is_complete(program):
    """It has all commands and events, and all that they name; answers are as it says."""
    with Machine(program, "-S", "-name", "guest") as m:
        q = Qmp(m)
        infos = q.ask("query-qmp-schema")
        s = Schema(infos)
        assert set(s.commands) == {c["name"] for c in q.ask("query-commands")}
        assert set(s.events) == {"STOP", "RESUME", "RESET", "SHUTDOWN", "POWERDOWN",
                                 "DEVICE_TRAY_MOVED"}
        named = {name for i in infos for name in s.refers_to(i)}
        assert named == set(s.types), named ^ set(s.types)
        queries = [c for c in s.commands if c.startswith("query-")]
        assert len(queries) > 15
        for name in queries:
            s.check(s.commands[name]["ret-type"], q.ask(name), name)
        s.check("str", q.hmp("info status"), "human-monitor-command")
        q.ask("cont")
        q.ask("system_reset")
        s.check(s.events["RESET"]["arg-type"], q.event("RESET")["data"], "RESET")


def arguments_are_as_the_schema_says(program):
    wrong = {"string": 1, "int": "x", "boolean": "x", "array": 1, "object": 1}
    with Machine(program, "-S") as m:
        q = Qmp(m)
        s = Schema(q.ask("query-qmp-schema"))
        for name, info in s.commands.items():
            if name == "qmp_capabilities":
                continue
            members = s.members(info["arg-type"])
            must = {n for n, member in members.items() if "default" not in member}
            assert name != "screendump" or (must == {"filename"} and len(members) == 4)
            for n, member in members.items():
                error = q.call(name, **{n: wrong[s.kind(member["type"])]})["error"]["desc"]
                assert error.startswith(n + ": ") or (must - {n} and "is missing" in error)
            missing = q.call(name)["error"]["desc"] if must else min(must, default="")
            assert not must or missing.split(":")[0] in must, missing
        for name in ("stop", "query-block", "query-qmp-schema"):
            assert q.call(name, bogus=1)["error"]["desc"].startswith("bogus: no argument of " + name)
        for bad in ({"type": "qcode", "data": 1}, {"type": "number", "data": "a"},
                    {"type": "bogus", "data": 1}, {"data": "a"}, {"type": "qcode"},
                    {"type": "qcode", "data": "a", "more": 1}, {"type": "number", "data": 1 << 40},
                    {"type": "number", "data": -1}, {"type": "number", "data": 0}, 1, None):
            assert "error" in q.call("send-key", keys=[bad]), bad
        for far in (-1 << 63, -100001, 100001, (1 << 63) - 1):
            motion = {"type": "rel", "data": {"axis": "x", "value": far}}
            error = q.call("input-send-event", events=[motion])["error"]["desc"]
            assert error == "value: more than 100000", (far, error)
        assert q.call("screendump", filename="x", format="bmp")["error"]["desc"].startswith("format")
        assert q.ask("send-key", keys=[{"type": "number", "data": 30}]) == {}
        assert q.ask("query-status")["status"] == "prelaunch"


def in_qemus_schema(ours, theirs, a, b, where):
    """Is type a of ours, as far as it goes, type b of theirs?"""
    if ours.kind(a) == "value":
        return
    assert ours.kind(a) == theirs.kind(b), (where, a, theirs.types[b])
    if ours.kind(a) == "array":
        in_qemus_schema(ours, theirs, ours.types[a]["element-type"],
                        theirs.types[b]["element-type"], where + "[]")
    if ours.kind(a) != "object":
        return
    for name, member in ours.members(a).items():
        their = theirs.members(b)[name]
        in_qemus_schema(ours, theirs, member["type"], their["type"], where + "." + name)
    if "tag" in ours.types[a]:
        assert ours.types[a]["tag"] == theirs.types[b]["tag"], where
        cases = {v["case"]: v["type"] for v in theirs.types[b]["variants"]}
        for v in ours.types[a]["variants"]:
            in_qemus_schema(ours, theirs, v["type"], cases[v["case"]], where + "." + v["case"])


def the_schema_is_part_of_qemus(program):
    with Machine(program, "-S") as m:
        ours = Schema(Qmp(m).ask("query-qmp-schema"))
    with Machine(QEMU, "-S") as m:
        theirs = Schema(Qmp(m).ask("query-qmp-schema"))
    for kind in ("commands", "events"):
        for name, info in getattr(ours, kind).items():
            their = getattr(theirs, kind)[name]
            for part in ("arg-type", "ret-type"):
                if part in info:
                    in_qemus_schema(ours, theirs, info[part], their[part], name)


def capabilities_come_first(program):
    with Machine(program) as m:
        q = Qmp(m, negotiate=False)
        assert q.call("query-status")["error"]["class"] == "CommandNotFound"
        assert q.ask("qmp_capabilities") == {}
        assert "running" in q.ask("query-status")


def requests_may_come_in_pieces(program):
    with Machine(program) as m:
        q = Qmp(m)
        text = '{"execute": "query-name", "id": {"a": "}\\"{"}}'
        for c in text:
            q.send(c)
        assert q.answer() == {"return": {}, "id": {"a": "}\"{"}}
        q.send('{"execute":\n"query-name"}{"execute":"query-name","id":[1]}\r\n')
        assert q.answer() == {"return": {}}
        assert q.answer() == {"return": {}, "id": [1]}


def keys_arrive(program):
    with Machine(program) as m:
        q = Qmp(m)
        m.typed(b"")
        for down in (True, False):
            q.ask("input-send-event", events=[
                {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": "b"}}}])
        m.typed(b"b")
        q.ask("send-key", keys=[{"type": "qcode", "data": "shift"},
                                {"type": "qcode", "data": "a"}])
        m.typed(b"bA")
        assert q.hmp("info status") == "VM status: running\n"
        assert "no such command" in q.hmp("bogus")


def an_end_of_the_guests_is_told(program):
    # Resets by port 92h: with -no-reboot that is its end, which -no-shutdown keeps.
    with Machine(program, "-S", "-no-reboot", "-no-shutdown",
                 code=bytes.fromhex("b001e692ebfe")) as m:
        q = Qmp(m)
        q.ask("cont")
        assert q.event("SHUTDOWN")["data"] == {"guest": True, "reason": "guest-reset"}
        q.event("STOP")
        assert q.ask("query-status")["status"] == "shutdown"
        assert q.call("cont")["error"]["class"] == "GenericError"
        q.ask("system_reset")
        assert q.ask("query-status")["status"] == "paused"
        assert q.ask("quit") == {}
        assert m.wait() == 0


def who_does_not_read_is_not_told_all(program):
    with Machine(program) as m:
        q, h = Qmp(m), Hmp(m)
        h.socket.sendall(b"stop\ncont\n" * 4000)
        answered = 0
        while answered < 8000:
            answered += h.until_prompt().count("(tessera)") + 1
        q.send('{"execute": "query-status"}')
        assert q.answer()["return"]["running"]
        told = [e["event"] for e in q.events]
        begin = told.index("STOP")  # it may have been there when the machine started
        assert told[begin:begin + 6] == ["STOP", "RESUME"] * 3, told[:9]
        assert told[-1] == "RESUME" and len(told) < 8000, (told[-1], len(told))


def hostile_bytes_do_no_harm(program):
    with Machine(program) as m:
        for junk in ("bogus\n", "{]\n", "[" * 100000 + "]" * 100000 + "\n", "{" * 70000 + "\n",
                     '"\n', "\0\0\n", '{"execute": 1}', '{"execute": "stop", "arguments": 1}',
                     '{"execute": "' + "x" * 60000 + '"}', '{"execute": "x' + "\u00e9" * 40 + '"}', '{"execute": "\\ud800"}',
                     '{"a": "' + "x" * 200000 + '"}'):
            q = Qmp(m)
            q.send(junk + "}" * 70000 if junk.startswith("{{") else junk)
            assert "error" in q.answer(), junk[:20]
            q.socket.close()
        for junk in ('{"execute": "st', "{", '"', "\xff\xff"):
            q = Qmp(m)
            q.send(junk)
            q.socket.close()
        assert Qmp(m).ask("query-status")["running"]


run(globals())
