#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: run-tests.py BUILD [--lint] PROGRAM...

Runs test programs, and the parts of lint, as many at once as there are processors, more while they
wait, and all of them whatever fails. The longest of the last run begin first. What each says is shown when it has ended,
and is in BUILD/tests/output; at the end a table says what time each has taken, and what has failed.
"""

import os
import re
import subprocess
import sys
import threading
import time

# Programs of which the suites are run one by one, since one processor would be long busy with all.
DIVIDED = ["test_guests"]
MISTAKE = re.compile(r"^[^ ]+:\d+:[FE]:|(?:warning|error): ")


class Task:
    """A program, one suite of it, or a part of lint."""

    def __init__(self, name, command, suite=None):
        self.name, self.command, self.suite = name, command, suite
        self.wall = self.cpu = 0.0
        self.failed = True  # until it has ended well
        self.output = ""

    def run(self):
        try:
            self.run_command()
        except OSError as error:
            with open(self.output, "a", encoding="utf-8") as to:
                to.write(f"error: {error}\n")

    def run_command(self):
        settings = {"CK_VERBOSITY": "normal"}
        if self.suite:
            settings["CK_RUN_SUITE"] = self.suite
        begun = time.monotonic()
        with open(self.output, "wb") as to:
            # wait4() says what time its own children have taken, too.
            child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=to,
                                     stderr=subprocess.STDOUT, env={**os.environ, **settings})
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - begun
        self.cpu = usage.ru_utime + usage.ru_stime
        self.failed = child.returncode != 0

    def text(self):
        with open(self.output, encoding="utf-8", errors="replace") as file:
            return file.read()


def suites_of(program):
    """Where no case has the tag, Check names the suites, and runs nothing. None of one that fails."""
    settings = {"CK_VERBOSITY": "normal", "CK_INCLUDE_TAGS": "none has this"}
    try:
        said = subprocess.run([program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True,
                              env={**os.environ, **settings}).stdout.decode()
        listed = said[said.index(":") + 1:said.rindex("100%")]
    except (OSError, ValueError, subprocess.CalledProcessError):
        return []
    return [line.strip() for line in listed.splitlines() if line.strip()]


def parts_of_lint():
    """All in one of one that does not say them."""
    try:
        said = subprocess.run(["tools/lint.sh", "--parts"], stdout=subprocess.PIPE, check=True).stdout
        return said.decode().split() or [""]
    except (OSError, subprocess.CalledProcessError):
        return [""]


def lint_tasks(build):
    return [Task(f"lint {part}".strip().replace("/", " of "), ["tools/lint.sh", build, "1", part])
            for part in parts_of_lint()]


def tasks_of(build, programs, lint):
    tasks = lint_tasks(build) if lint else []
    for program in programs:
        name = os.path.basename(program)
        divided = name in DIVIDED and "CK_RUN_SUITE" not in os.environ
        suites = suites_of(program) if divided else []
        tasks += [Task(f"{name}: {suite}", [program], suite) for suite in suites]
        if not suites:
            tasks.append(Task(name, [program]))
    return tasks


def times(path):
    """Of the last run, by name; not of a line that was written in part."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.rstrip("\n").split(" ", 1) for line in file if line.endswith("\n")]
    except FileNotFoundError:
        return {}
    return {name: float(wall) for wall, name in lines}


class Processors:
    """Those that this process may run on, and whether they have had enough to do."""

    WINDOW = 2  # seconds that are looked at

    def __init__(self):
        self.names = [f"cpu{n}" for n in os.sched_getaffinity(0)]
        self.look()

    def idle(self):
        """The seconds that they have been so, one added to the other."""
        with open("/proc/stat", encoding="ascii") as file:
            rows = [line.split() for line in file if line.split(" ", 1)[0] in self.names]
        return sum(int(row[4]) for row in rows) / os.sysconf("SC_CLK_TCK")

    def look(self):
        self.since, self.before = time.monotonic(), self.idle()

    def one_is_idle(self):
        """Was one of them, most of the time since look()? Not before that is a window ago."""
        passed = time.monotonic() - self.since
        if passed < self.WINDOW:
            return False
        idle = self.idle() - self.before
        self.look()
        return idle > passed / 2


def run_all(tasks):
    waiting, running, ended = list(tasks), set(), threading.Condition()
    processors = Processors()
    count = len(processors.names)

    def work(task):
        task.run()
        with ended:
            running.remove(task)
            ended.notify()
            print(f"== {task.name}{': FAILED' if task.failed else ''}\n{task.text()}", end="", flush=True)

    def may_begin():
        return len(running) < count or (len(running) < 2 * count and processors.one_is_idle())

    with ended:
        while waiting or running:
            if waiting and may_begin():
                task = waiting.pop(0)
                running.add(task)
                threading.Thread(target=work, args=[task]).start()
                processors.look()
            else:
                ended.wait(Processors.WINDOW / 4)


def main():
    build, *rest = sys.argv[1:]
    folder = f"{build}/tests/output"
    os.makedirs(folder, exist_ok=True)
    before = times(f"{build}/tests/times")
    tasks = tasks_of(build, [a for a in rest if a != "--lint"], "--lint" in rest)
    for task in tasks:
        task.output = f"{folder}/{task.name}"
    # One that has no time yet may be long.
    tasks.sort(key=lambda task: -before.get(task.name, 1e9))
    begun = time.monotonic()
    run_all(tasks)
    before.update({task.name: task.wall for task in tasks})
    with open(f"{build}/tests/times", "w", encoding="utf-8") as file:
        file.writelines(f"{wall:.1f} {name}\n" for name, wall in before.items())
    print("\n  wall    cpu  s")
    for task in sorted(tasks, key=lambda task: -task.cpu):
        print(f"{task.wall:6.1f} {task.cpu:6.1f}  {task.name}")
    print(f"{time.monotonic() - begun:6.1f} {sum(task.cpu for task in tasks):6.1f}  all of them")
    failed = [task for task in tasks if task.failed]
    for task in failed:
        for line in task.text().splitlines():
            if MISTAKE.search(line):
                print(line)
    if failed:
        sys.exit("make check: failed: " + ", ".join(task.name for task in failed))
    print("make check: passed")


if __name__ == "__main__":
    main()
