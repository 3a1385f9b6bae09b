# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test_run_tests.py TWO_SUITES

tools/run-tests.py, with programs that are shell scripts, each run in a folder of its own; and with
TWO_SUITES, a Check program.
"""
import os
import subprocess
import sys
import tempfile
import unittest

TOOL = os.path.abspath("tools/run-tests.py")
TWO_SUITES = ""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = folder.name
        os.makedirs(self.path("build/tests"))

    def path(self, name):
        return os.path.join(self.at, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def program(self, name, text):
        """A script that notes in the file "begun" that it was begun."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        self.write(name, f"#!/bin/sh\necho {os.path.basename(name)} >>begun\n{text}\n")
        os.chmod(self.path(name), 0o755)
        return f"./{name}"

    def check(self, *arguments, processors=1, **settings):
        """Runs it; what it says, in lines, and its status."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CK_")}
        mine = sorted(os.sched_getaffinity(0))[:processors]
        done = subprocess.run([TOOL, "build", *arguments], cwd=self.at, env={**kept, **settings},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, mine))
        return done.stdout.decode(errors="replace").splitlines(), done.returncode

    def begun(self):
        return self.read("begun").split()

    def table(self, lines):
        """The names in it, the busiest first."""
        rows = lines[lines.index("  wall    cpu  s") + 1:]
        return [row[15:] for row in rows[:rows.index(next(r for r in rows if "all of them" in r))]]


class Failures(Folder):
    def test_none(self):
        lines, status = self.check(self.program("a", "echo said by a"), self.program("b", "exit 0"))
        self.assertEqual(status, 0)
        self.assertEqual(lines[-1], "make check: passed")
        self.assertEqual(lines[:2], ["== a", "said by a"])
        self.assertEqual(self.read("build/tests/output/a"), "said by a\n")
        self.assertEqual(sorted(self.table(lines)), ["a", "b"])

    def test_one_is_named_and_the_rest_run(self):
        self.program("a", "echo 50%: Checks: 2\necho t.c:7:F:case:name:0: one is not two; exit 1")
        lines, status = self.check("./a", self.program("b", "exit 0"), self.program("c", "exit 0"))
        self.assertEqual(status, 1)
        self.assertEqual(self.begun(), ["a", "b", "c"])
        self.assertIn("== a: FAILED", lines)
        self.assertEqual(lines[-2:], ["t.c:7:F:case:name:0: one is not two",
                                      "make check: failed: a"])

    def test_all_are_named(self):
        lines, status = self.check(self.program("a", "exit 1"), self.program("b", "exit 2"))
        self.assertEqual((status, lines[-1]), (1, "make check: failed: a, b"))

    def test_by_a_signal(self):
        lines, status = self.check(self.program("a", "kill -SEGV $$"), self.program("b", "exit 0"))
        self.assertEqual((status, lines[-1]), (1, "make check: failed: a"))

    def test_one_that_is_not_there(self):
        lines, status = self.check("./absent", self.program("b", "exit 0"))
        self.assertEqual((status, lines[-1]), (1, "make check: failed: absent"))
        self.assertEqual(self.begun(), ["b"])

    def test_output_that_is_no_text(self):
        lines, status = self.check(self.program("a", r"printf '\377\376\n'; exit 1"))
        self.assertEqual((status, lines[-1]), (1, "make check: failed: a"))

    def test_nobody_waits_for_keys(self):
        self.assertEqual(self.check(self.program("a", "read line && exit 1; exit 0"))[1], 0)


class Order(Folder):
    def begin(self, **settings):
        for name in ("short", "long", "new"):
            self.program(name, "exit 0")
        return self.check("./short", "./long", "./new", **settings)

    def test_the_longest_begin_first(self):
        self.write("build/tests/times", "1.0 short\n300.0 long\n2.0 not of these\n")
        self.begin()
        self.assertEqual(self.begun(), ["new", "long", "short"])

    def test_without_times_as_they_are_named(self):
        self.begin()
        self.assertEqual(self.begun(), ["short", "long", "new"])

    def test_times_are_kept(self):
        self.write("build/tests/times", "1000.0 short\n300.0 not of these\n")
        self.begin()
        noted = dict(reversed(line.split(" ", 1)) for line in self.read("build/tests/times").splitlines())
        self.assertEqual(sorted(noted), ["long", "new", "not of these", "short"])
        self.assertEqual(noted["not of these"], "300.0")
        self.assertLess(float(noted["short"]), 1000)

    def test_half_a_line_of_times(self):
        self.write("build/tests/times", "300.0 long\n12")
        self.assertEqual(self.begin()[1], 0)
        self.assertEqual(self.begun()[2], "long")

    def test_no_more_than_there_are_processors(self):
        for name in "abc":
            self.program(name, "mkdir here && i=0 && while [ $i -lt 300000 ]; do i=$((i + 1)); done && rmdir here")
        self.assertEqual(self.check("./a", "./b", "./c")[1], 0)

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "there is one processor")
    def test_as_many_as_there_are_processors(self):
        os.mkfifo(self.path("between"))
        self.program("a", "echo hello >between")
        self.program("b", "read line <between")
        self.assertEqual(self.check("./a", "./b", processors=2)[1], 0)

    def test_more_while_they_wait(self):
        os.mkfifo(self.path("between"))
        self.program("a", "echo hello >between")
        self.program("b", "read line <between")
        self.assertEqual(self.check("./a", "./b")[1], 0)

    def test_the_busiest_are_first_in_the_table(self):
        self.program("idle", "exit 0")
        self.program("busy", "(i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done)")
        self.assertEqual(self.table(self.check("./idle", "./busy")[0]), ["busy", "idle"])


class Suites(Folder):
    def setUp(self):
        super().setUp()
        os.symlink(TWO_SUITES, self.path("test_guests"))
        os.symlink(TWO_SUITES, self.path("test_others"))

    def test_of_one_program_run_one_by_one(self):
        lines, status = self.check("./test_guests", "./test_others")
        self.assertEqual(status, 0, lines)
        self.assertEqual(sorted(self.table(lines)), ["test_guests: the first",
                                                     "test_guests: the second", "test_others"])
        for suite in ("the first", "the second"):
            self.assertIn("Checks: 1,", self.read(f"build/tests/output/test_guests: {suite}"))

    def test_one_that_fails(self):
        lines, status = self.check("./test_guests", FAIL="1")
        self.assertEqual((status, lines[-1]), (1, "make check: failed: test_guests: the second"))

    def test_one_that_was_asked_for(self):
        lines, status = self.check("./test_guests", CK_RUN_SUITE="the first", FAIL="1")
        self.assertEqual(status, 0, lines)
        self.assertEqual(self.table(lines), ["test_guests"])

    def test_that_cannot_be_listed(self):
        os.remove(self.path("test_guests"))
        for text in ("exit 1", 'test "$CK_INCLUDE_TAGS"'):
            self.program("test_guests", text)
            lines, status = self.check("./test_guests", "./test_others")
            self.assertEqual((status, lines[-1]), (1, "make check: failed: test_guests"))
            self.assertEqual(sorted(self.table(lines)), ["test_guests", "test_others"])


class Lint(Folder):
    def lint(self, text):
        self.program("tools/lint.sh", f'if [ "$1" = --parts ]; then echo all some:1/2; exit; fi\n{text}')

    def test_is_run_with_the_rest_in_parts(self):
        self.lint("echo $@")
        lines, status = self.check("--lint", self.program("a", "exit 0"))
        self.assertEqual(status, 0)
        self.assertEqual(self.read("build/tests/output/lint all"), "build 1 all\n")
        self.assertEqual(self.read("build/tests/output/lint some:1 of 2"), "build 1 some:1/2\n")
        self.assertEqual(sorted(self.table(lines)), ["a", "lint all", "lint some:1 of 2"])

    def test_only_if_it_is_wanted(self):
        self.lint("exit 1")
        self.assertEqual(self.check(self.program("a", "exit 0"))[1], 0)
        self.assertEqual(self.begun(), ["a"])

    def test_its_findings_fail(self):
        self.lint("[ $3 = all ] || { echo 'x.c:1:1: error: spaces'; exit 1; }")
        lines, status = self.check("--lint", self.program("a", "exit 0"))
        self.assertEqual((status, lines[-2:]), (1, ["x.c:1:1: error: spaces",
                                                    "make check: failed: lint some:1 of 2"]))

    def test_that_says_no_parts_fails(self):
        for text in ("exit 1", '[ "$1" = --parts ] || exit 1'):
            self.program("tools/lint.sh", text)
            lines, status = self.check("--lint", self.program("a", "exit 0"))
            self.assertEqual((status, lines[-1]), (1, "make check: failed: lint"))


if __name__ == "__main__":
    TWO_SUITES = os.path.abspath(sys.argv.pop(1))
    unittest.main()
