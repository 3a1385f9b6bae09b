# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of tools/lab."""
import argparse
import datetime
import json
import os
import sys

from bench import costs
from bench import engines as engine_list
from bench import measure, page, pc, table
from bench.kernels import (DEBIAN_WORKLOADS, DISK_WORKLOADS, FILLS, INTERRUPTS, PC_STARTS,
                           WORKLOADS, kernels)

SCHEMA = "tessera-lab 1"

# Groups of whole workloads, and the files that each needs.
WORKLOAD_GROUPS = {
    "fills": [engine_list.FILLS],
    "shell": [engine_list.LINUX, engine_list.WORKLOADS_INITRD],
    "disks": [engine_list.LINUX_PAE, engine_list.DISKS_INITRD],
    "pc": [pc.DEBIAN, engine_list.INTERRUPTS],
}
QUICK_GROUPS = ("fills", "disks", "pc")


def _arguments(argv):
    p = argparse.ArgumentParser(
        prog="tools/lab", description="Measures Tessera's engines, QEMU and the host on the same "
        "programs: kernels, whole workloads, the quality of generated code.")
    p.add_argument("--quick", action="store_true", help="kernels once, with half the work, and the "
                   "quick ones of whole workloads; without Bochs")
    p.add_argument("--rounds", type=int, metavar="N", help="rounds, the engines by turns")
    p.add_argument("--scale", type=int, metavar="N",
                   help="work, in percent: 50 by default, 25 with --quick")
    p.add_argument("--machine", default="pc", choices=list(engine_list.MACHINES),
                   help="whose processor: pc (the default), ppce500 (a PowerPC: kernels alone)")
    p.add_argument("--kernels", metavar="A,B", help="only these kernels, no workloads")
    p.add_argument("--workloads", metavar="A,B", help="only these groups of workloads, no kernels: "
                   + ", ".join(WORKLOAD_GROUPS))
    p.add_argument("--images", metavar="FOLDER", help=f"where {pc.DOS_IMAGE} is (tests/IMAGES)")
    p.add_argument("--engines", metavar="A,B", help="only these: "
                   + ", ".join(e.id for e in engine_list.ENGINES[engine_list.PC]))
    p.add_argument("--before", metavar="PROGRAM", help="an engine more, named before: template of "
                   "another build of Tessera")
    p.add_argument("--costs", action="store_true", help="only what snapshots cost, beside QEMU's, "
                   "and what -icount and -record do")
    p.add_argument("--json", metavar="FILE", help="results as JSON (tools/bench/README)")
    p.add_argument("--html", metavar="FILE", help="results as one page with charts")
    p.add_argument("--results", metavar="FILE", help="results as text")
    p.add_argument("--quoted-in", metavar="FILE", help="a text to bring up to date, as README is")
    p.add_argument("--from", dest="source", metavar="FILE",
                   help="measure nothing: take the JSON of an earlier run")
    guest = p.add_argument_group("a guest of your own")
    guest.add_argument("--kernel", metavar="FILE", help="a Linux bzImage or Multiboot kernel")
    guest.add_argument("--initrd", metavar="FILE", default="")
    guest.add_argument("--append", metavar="TEXT", default="console=ttyS0")
    guest.add_argument("--memory", metavar="MIB", default=engine_list.MEMORY)
    guest.add_argument("--until", metavar="TEXT", help="measure until it prints this")
    a = p.parse_args(argv)
    if bool(a.kernel) != bool(a.until):
        p.error("--kernel and --until belong together")
    for group in _list(a.workloads) or []:
        if group not in WORKLOAD_GROUPS:
            p.error(f"no such workloads: {group}")
    if a.workloads and a.machine != "pc":
        p.error("--workloads are a PC's")
    if a.workloads and a.kernels:
        p.error("--kernels leaves out all workloads")
    for name in ("rounds", "scale"):
        value = getattr(a, name)
        if value is not None and not 1 <= value <= 10000:
            p.error(f"--{name} is a number from 1 to 10000")
    for name in ("kernel", "initrd", "before", "source", "json", "html", "results",
                 "quoted_in", "images"):
        if getattr(a, name):  # they are the caller's, who may be in another folder
            setattr(a, name, os.path.abspath(getattr(a, name)))
    dos = os.path.join(a.images, pc.DOS_IMAGE) if a.images else None
    for path in filter(None, (a.kernel, a.initrd, a.before, a.source, dos)):
        if not os.access(path, os.R_OK):
            p.error(f"{path}: cannot be read")
    a.machine = engine_list.MACHINES[a.machine]
    return a


def _list(text):
    return [word for word in text.split(",") if word] if text else None


def _empty(machine, here, left_out, rounds, scale):
    return {
        "schema": SCHEMA,
        "date": datetime.datetime.now().astimezone().isoformat(" ", "minutes"),
        "machine": {**engine_list.host(), "load_before": round(os.getloadavg()[0], 2)},
        "versions": engine_list.versions(machine),
        "settings": {"machine": machine.id, "rounds": rounds, "scale": scale},
        "engines": [{"id": e.id, "name": e.name} for e in here],
        "left_out": left_out,
        "kernels": [], "workloads": [], "idle": {}, "idle_dos": {}, "idle_debian": {}, "runs": {}, "shares": {},
        "quality": [], "blocks": [],
        "failures": [], "wrong": [],
    }


def _workload(name, about):
    return {"name": name, "about": about, "results": {}}


def _measure_own(data, a, here, progress):
    guest = engine_list.Guest(a.kernel, a.initrd, a.append, a.memory)
    data["workloads"] = [_workload(os.path.basename(a.kernel), f"until {a.until!r}")]
    here = [e for e in here if not e.crawls or e.id in (_list(a.engines) or [])]
    measure.time_until(data, here, guest, a.until, data["settings"]["rounds"], progress)
    measure.count_boot(data, here, guest, a.until, "guest", progress)


def _measure_all(data, a, here, progress):
    rounds, scale = data["settings"]["rounds"], data["settings"]["scale"]
    data["kernels"] = [{"name": k.name, "group": k.group, "about": k.about, "results": {}}
                       for k in kernels(_list(a.kernels))]
    data["workloads"] = [_workload("start", "Linux to its first process"),
                         _workload("shell", "Linux to the shell of Debian's installer")]
    data["workloads"] += [_workload(w.name, w.about) for w in WORKLOADS + FILLS + DISK_WORKLOADS
                          + PC_STARTS + INTERRUPTS + DEBIAN_WORKLOADS]
    reference = engine_list.ENGINES[a.machine][0]
    if not a.workloads:
        _measure_kernels(data, here, reference, rounds, scale, progress)
    groups = _groups(a)
    if "fills" in groups:
        measure.time_fills(data, here, rounds, progress)
    if "shell" in groups:
        measure.time_workloads(data, here, rounds, progress)
    if "disks" in groups:
        measure.time_disks(data, here, rounds, progress, a.quick)
    if "pc" in groups:
        pc.time_pc(data, here, a.images, rounds, progress, a.quick)
    if not (a.quick or a.workloads):
        _count(data, here, scale, progress)
    measure.check_results(data, here, reference.name, progress)


def _groups(a):
    """The groups of workloads that are wanted."""
    if a.workloads:
        return _list(a.workloads)
    if a.kernels or a.machine is not engine_list.PC:
        return []
    return [g for g in WORKLOAD_GROUPS if g in QUICK_GROUPS or not a.quick]


def _measure_kernels(data, here, reference, rounds, scale, progress):
    works = {measure.work_of(e, scale) for e in here}
    if reference in here:
        works.discard(scale)  # it computes that anyhow
    if not reference.why_not():
        measure.expect_results(data, reference, works, progress)
    measure.time_kernels(data, here, rounds, scale, progress)


def _count(data, here, scale, progress):
    template = [e for e in here if e.id == "template"]
    if template:
        measure.count_kernels(data, template[0], scale, progress)
        boot = engine_list.kernels_guest(template[0].machine, "1 none")
        measure.count_boot(data, here, boot, "bench: done", "boot", progress)


def _write(path, text):
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _text_of(path):
    """What a file holds that may not be there yet."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def _write_all(data, a):
    if a.json:
        _write(a.json, json.dumps(data, separators=(",", ":")) + "\n")
    if a.results:
        _write(a.results, table.results_page(data, _text_of(a.results)))
    if a.quoted_in:
        _write(a.quoted_in, table.quote(_text_of(a.quoted_in), data))
    if a.html:
        _write(a.html, page.html(data))


def _read(path):
    with open(path, encoding="utf-8") as file:
        try:
            data = json.load(file)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ValueError(f"{path}: not results of this program")
    return data


def _check_made(a, here):
    """What make bench, make lab and make lab-ppc make before they call this."""
    wanted = [engine_list.TESSERA]
    if a.costs:
        wanted += [engine_list.LINUX, engine_list.WORKLOADS_INITRD]
    elif not a.kernel:
        if not a.workloads:
            wanted.append(a.machine.kernels)
        if not a.workloads and any(e.system for e in here):
            wanted += [a.machine.initrd, a.machine.linux]
        wanted += [path for group in _groups(a) for path in WORKLOAD_GROUPS[group]]
    for path in wanted:
        if not os.path.exists(path):
            makers = "make bench and make lab" if a.machine is engine_list.PC else "make lab-ppc"
            raise ValueError(f"{path} is not there: {makers} makes it")


def _run(a):
    if a.source:
        data = _read(a.source)
        _write_all(data, a)
        print("\n".join(table.report(data)))
        return 0
    progress = measure.Progress()
    others = [engine_list.before(a.before, a.machine)] if a.before else []
    here, left_out = engine_list.available(a.machine, _list(a.engines), others)
    if a.quick and not a.engines:
        for engine in filter(lambda e: e.crawls, here):
            left_out[engine.id] = "it takes minutes to boot"
        here = [e for e in here if not e.crawls]
    _check_made(a, here)
    rounds = a.rounds or (1 if a.quick else 3)
    data = _empty(a.machine, here, left_out, rounds, a.scale or (25 if a.quick else 50))
    if a.kernel:
        _measure_own(data, a, here, progress)
    elif a.costs:
        costs.measure(data, here, rounds, progress)
    else:
        _measure_all(data, a, here, progress)
    progress.end()
    data["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    _write_all(data, a)
    print("\n".join(table.report(data)))
    return 1 if data["wrong"] else 0


def main(argv=None):
    a = _arguments(argv)
    # By name, since tools may be a link into another tree (make check-generic).
    os.chdir(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    try:
        return _run(a)
    except (OSError, ValueError) as error:
        print(f"tools/lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
