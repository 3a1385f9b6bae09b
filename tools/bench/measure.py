# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs engines round by round and collects what they took."""
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from bench.child import Child
from bench.engines import DISKS_INITRD, LINUX, LINUX_PAE, WORKLOADS_INITRD, Guest
from bench.kernels import (DISK_SETUP, DISK_SIZE, DISK_WORKLOADS, DISK_WORKLOADS_BY_DD, FILLS,
                           WORKLOADS)

PROMPT = "~ # "
IDLE_SECONDS = 5   # that an idle guest is watched
COUNTED_WORK = 15  # percent of a kernel's usual work in a counted run
BLOCKS_KEPT = 12   # of each counted run, in the results
MODE_USER = 2      # in ops/core.h


class Progress:
    """One line on a terminal that says what is being done; silent elsewhere."""

    def __init__(self):
        self.shown = sys.stderr.isatty()
        self.stage = ""

    def _show(self, text):
        if self.shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def begin(self, stage):
        self.stage = stage
        self._show(stage)

    def say(self, detail):
        """What of the stage is being done."""
        self._show(f"{self.stage}: {detail}")

    def note(self, text):
        """A line that stays."""
        self._show("")
        print(text, file=sys.stderr, flush=True)

    def end(self):
        self._show("")


def _believed(guest, host):
    """The guest's seconds, unless its clock and the host's differ by much."""
    return host if abs(guest - host) > 0.1 + 0.1 * host else guest


class KernelRun:
    """One run of the benchmark program: seconds and checksums by kernel, and of Linux's start."""

    def __init__(self, engine, scale, names, progress, stats=None):
        self.seconds, self.checksums = {}, {}
        self.boot = None
        child = Child(engine.kernels(scale, names, stats=stats))
        try:
            self.done = self._follow(child, engine, progress)
        finally:
            child.end(gently=20 if stats else 0)

    def _follow(self, child, engine, progress):
        name, since = None, 0.0
        while True:
            line = child.line(engine.patience)
            if line is None:
                return False
            words = line.split()
            if words[:1] == [">"] and len(words) == 2:
                name, since = words[1], time.monotonic()
                if self.boot is None:
                    self.boot = child.seconds()
                progress.say(name)
            elif len(words) == 3 and words[0] == name:
                host = time.monotonic() - since
                self.checksums[name] = words[1]
                self.seconds[name] = _believed(int(words[2]) / 1e9, host)
            elif line == "bench: done":
                return True


def append(results, engine, work, round_number, seconds):
    """Seconds of a round; rounds without are None."""
    entry = results.setdefault(engine.id, {"work": work, "seconds": []})
    entry["seconds"] += [None] * (round_number - len(entry["seconds"]))
    entry["seconds"].append(seconds)
    return entry


def _take_run(data, run, engine, work, round_number):
    for kernel in data["kernels"]:
        name = kernel["name"]
        if name not in run.seconds:
            continue
        entry = append(kernel["results"], engine, work, round_number, run.seconds[name])
        entry["checksum"] = run.checksums[name]
    if engine.system and run.boot:
        append(data["workloads"][0]["results"], engine, 100, round_number, run.boot)


def _read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def work_of(engine, scale):
    """What an engine is given to do, in percent."""
    return max(1, scale // 10) if engine.slow else scale


def time_kernels(data, engines, rounds, scale, progress):
    """Every engine in every round, by turns; slow ones in the first round only."""
    names = [k["name"] for k in data["kernels"]]
    failures = {}
    with tempfile.TemporaryDirectory() as folder:
        for round_number in range(rounds):
            for engine in engines:
                if failures.get(engine.id, 0) > 1 or (engine.slow and round_number):
                    continue
                work = work_of(engine, scale)
                progress.begin(f"round {round_number + 1} of {rounds}: {engine.name}")
                stats = os.path.join(folder, "stats.json") if engine.tessera else None
                run = KernelRun(engine, work, names, progress, stats)
                _take_run(data, run, engine, work, round_number)
                if stats:
                    counters = _read_json(stats)
                    if counters:
                        data["runs"].setdefault(engine.id, []).append(counters)
                if not run.done:
                    failures[engine.id] = failures.get(engine.id, 0) + 1
                    data["failures"].append(f"{engine.name} did not come to the end of round "
                                            f"{round_number + 1}")
                    progress.note(data["failures"][-1])


def expect_results(data, reference, works, progress):
    """What kernels compute where it is right: on the host, or by QEMU."""
    progress.begin(f"what is right: {reference.name}")
    for work in works:
        run = KernelRun(reference, work, [k["name"] for k in data["kernels"]], progress)
        for kernel in data["kernels"]:
            if kernel["name"] in run.checksums:
                kernel.setdefault("expected", {})[str(work)] = run.checksums[kernel["name"]]


def check_results(data, engines, reference, progress):
    """All must have computed what the reference did; without it, the same for the same work."""
    for kernel in data["kernels"] + data["workloads"]:
        answers = {int(work): [(reference, checksum)]
                   for work, checksum in kernel.get("expected", {}).items()}
        for engine in engines:
            result = kernel["results"].get(engine.id, {})
            if "checksum" in result:
                answers.setdefault(result["work"], []).append((engine.name, result["checksum"]))
        for answer in answers.values():
            for name, checksum in answer[1:]:
                if checksum != answer[0][1]:
                    data["wrong"].append(f"{kernel['name']}: {name} computed {checksum}, "
                                         f"{answer[0][0]} {answer[0][1]}")
                    progress.note(data["wrong"][-1])


def _run_workload(child, workload):
    """Seconds and what was printed; None if it did not end."""
    # The shell echoes the command: the marks are written so that the echo has none.
    started = time.monotonic()
    child.send(f"echo @ST''ART@; {workload.command}; echo @EN''D@\n")
    if child.wait_for("@START@\n") is None:
        return None
    answer = child.wait_for("@END@\n")
    return None if answer is None else (time.monotonic() - started, answer.strip())


def time_workloads(data, engines, rounds, progress):
    """A guest with a shell for each engine and round; it does one workload after the other."""
    guest = Guest(LINUX, WORKLOADS_INITRD, "console=ttyS0 quiet rdinit=/bin/sh")
    for round_number in range(rounds):
        for engine in engines:
            if not engine.system or engine.crawls or engine.slow and round_number:
                continue
            progress.begin(f"workloads, round {round_number + 1} of {rounds}: {engine.name}")
            child = Child(engine.boot(guest))
            try:
                if not _shell_session(data, child, engine, round_number, progress):
                    fail(data, engine, "the workloads", round_number, progress)
            finally:
                child.end()


def fail(data, engine, what, round_number, progress):
    """Something that an engine did not come to the end of."""
    data["failures"].append(f"{engine.name} did not come to the end of {what}, round "
                            f"{round_number + 1}")
    progress.note(data["failures"][-1])


def seconds_of_bare(command):
    """From a guest's "begin" to its "end"; None if it does not come to that."""
    child = Child(command)
    try:
        if child.wait_for("begin\n") is None:
            return None
        started = time.monotonic()
        return None if child.wait_for("end\n") is None else time.monotonic() - started
    finally:
        child.end()


def time_fills(data, engines, rounds, progress):
    """A guest for each fill, which does nothing else."""
    for round_number in range(rounds):
        for engine in engines:
            if not engine.system or engine.crawls or engine.slow:
                continue
            progress.begin(f"fills, round {round_number + 1} of {rounds}: {engine.name}")
            for fill in FILLS:
                progress.say(fill.name)
                seconds = seconds_of_bare(engine.fill(fill))
                if seconds is None:
                    fail(data, engine, fill.name, round_number, progress)
                else:
                    append(by_name(data, fill.name), engine, 100, round_number, seconds)


def time_disks(data, engines, rounds, progress, quick=False):
    """A guest with a disk for each engine and round. Quickly: by dd alone."""
    workloads = DISK_WORKLOADS[:DISK_WORKLOADS_BY_DD] if quick else DISK_WORKLOADS
    for round_number in range(rounds):
        for engine in engines:
            if not engine.system or engine.crawls or engine.slow:
                continue
            progress.begin(f"disks, round {round_number + 1} of {rounds}: {engine.name}")
            with tempfile.NamedTemporaryFile() as disk:
                disk.truncate(DISK_SIZE)
                child = Child(engine.boot(Guest(LINUX_PAE, DISKS_INITRD,
                                                "console=ttyS0 quiet rdinit=/bin/sh",
                                                disk=disk.name)))
                if not _disk_session(data, child, engine, workloads, round_number, progress):
                    fail(data, engine, "the disk's workloads", round_number, progress)
                child.end()


def _disk_session(data, child, engine, workloads, round_number, progress):
    if child.wait_for(PROMPT) is None:
        return False
    child.send(f"{DISK_SETUP}\n")
    return run_workloads(data, child, engine, workloads, round_number, progress)


def by_name(data, name):
    """The results of a workload."""
    return next(w["results"] for w in data["workloads"] if w["name"] == name)


def _shell_session(data, child, engine, round_number, progress):
    if child.wait_for(PROMPT) is None:
        return False
    append(by_name(data, "shell"), engine, 100, round_number, child.seconds())
    if not run_workloads(data, child, engine, WORKLOADS, round_number, progress):
        return False
    if engine.id not in data["idle"]:
        data["idle"][engine.id] = idle_share(child)
    return True


def run_workloads(data, child, engine, workloads, round_number, progress):
    """One after the other, in a guest whose shell reads commands; False if one does not end."""
    for workload in workloads:
        progress.say(workload.name)
        done = _run_workload(child, workload)
        if done is None:
            return False
        entry = append(by_name(data, workload.name), engine, 100, round_number, done[0])
        entry["checksum"] = done[1]
    return True


def idle_share(child, seconds=IDLE_SECONDS):
    """The part of a host core that a guest takes which waits for input."""
    time.sleep(seconds / 5)  # for what is still to be done after the last command
    before, since = child.cpu_seconds(), time.monotonic()
    time.sleep(seconds)
    return (child.cpu_seconds() - before) / (time.monotonic() - since)


def count_kernels(data, engine, scale, progress):
    """What the code of each kernel is like: a counted run for each, two at a time."""
    work = max(1, scale * COUNTED_WORK // 100)
    # Where the guest's kernel does the work, it cannot be told from what starts the guest.
    names = [k["name"] for k in data["kernels"] if k["group"] != "system"]

    def count(name):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "stats.json")
            child = Child(engine.kernels(work, [name], stats=path, count=True))
            try:
                child.wait_for("bench: done")
                child.process.wait(60)  # it restarts, which ends it
            finally:
                child.end()
            return name, _read_json(path)

    progress.begin("counting")
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for name, counters in pool.map(count, names):
            progress.say(name)
            if counters:
                take_counters(data, name, counters, "user")
            else:
                data["failures"].append(f"{name} could not be counted")
                progress.note(data["failures"][-1])


def take_counters(data, name, counters, side):
    """Counters of a counted run; of its blocks those of "user" code, or of the "supervisor"'s."""
    hottest = counters.pop("hottest", [])
    least = counters[side]["guest"]["insns"] / 1000
    of_side = [b for b in hottest if bool(b["mode"] & MODE_USER) == (side == "user")
               and b["executed"] > least]
    for block in of_side[:BLOCKS_KEPT]:
        block["of"] = name
        data["blocks"].append(block)
    data["quality"].append({"name": name, "side": side, **counters})


def busier_side(counters):
    return max("user", "supervisor", key=lambda side: counters[side]["guest"]["insns"])


def count_boot(data, engines, guest, until, name, progress, keep_blocks=True):
    """Counted runs of a guest until it prints a text: where each engine spends its time."""
    for engine in engines:
        if not engine.tessera or engine.slow:
            continue
        progress.begin(f"counting: {name}, {engine.name}")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "stats.json")
            child = Child(engine.boot(guest, stats=path, count=True))
            try:
                if child.wait_for(until) is None:
                    data["failures"].append(f"{engine.name}: {name} was not counted to its end")
            finally:
                child.end(gently=60)
            counters = _read_json(path)
        if not counters:
            continue
        data["shares"][engine.id] = counters["samples"]
        if keep_blocks:
            take_counters(data, name, counters, busier_side(counters))
            keep_blocks = False


def time_until(data, engines, guest, until, rounds, progress):
    """A user's guest, from its start until it prints a text."""
    results = data["workloads"][0]["results"]
    for round_number in range(rounds):
        for engine in engines:
            if not engine.system or (engine.slow and round_number):
                continue
            progress.begin(f"round {round_number + 1} of {rounds}: {engine.name}")
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "stats.json") if engine.tessera else None
                child = Child(engine.boot(guest, stats=path))
                try:
                    found = child.wait_for(until, engine.patience) is not None
                    seconds = child.seconds()
                finally:
                    child.end(gently=20 if path else 0)
                counters = _read_json(path) if path else None
            if counters:
                data["runs"].setdefault(engine.id, []).append(counters)
            if found:
                append(results, engine, 100, round_number, seconds)
            else:
                data["failures"].append(f"{engine.name} never printed {until!r}")
                progress.note(data["failures"][-1])
