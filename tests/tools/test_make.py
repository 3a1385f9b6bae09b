# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: test_make.py BUILD

The Makefile: what it runs, by a compiler and a mkdir that note what they are asked; and objects in
BUILD.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = ""
# An object is empty; what is only read, is read by gcc.
COMPILER = """echo cc >>{noted}
while [ $# -gt 1 ]; do [ "$1" = -o ] && exec touch "$2"; shift; done
exec gcc {options} -E -P -x c -
"""


class Making(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = folder.name
        self.noted = f"{self.at}/noted"

    def program(self, name, text):
        with open(f"{self.at}/{name}", "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(f"{self.at}/{name}", 0o755)

    def make(self, *arguments, options="", stderr=None):
        """What it says; only of its own, not of a make that this is a test of."""
        self.program("cc", COMPILER.format(noted=self.noted, options=options))
        self.program("mkdir", f'echo mkdir >>{self.noted}\nexec /bin/mkdir "$@"\n')
        own = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k != "MFLAGS"}
        return subprocess.run(["make", f"B={self.at}/build", f"CC={self.at}/cc", *arguments],
                              env={**own, "PATH": f"{self.at}:{own['PATH']}"}, check=True,
                              stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8").stdout

    def times(self, name):
        with open(self.noted, encoding="utf-8") as file:
            return file.read().split().count(name)

    def libraries(self, *arguments, **more):
        said = self.make("-pn", "clean", *arguments, **more)
        return re.findall(r"-DHAVE_(\w+)", re.search(r"^CPPFLAGS := (.*)$", said, re.M).group(1))

    def test_the_compiler_is_asked_once_for_headers(self):
        self.assertIn("FDT", self.libraries())
        self.assertEqual(self.times("cc"), 1)

    def test_a_library_that_is_not_wanted(self):
        have = self.libraries("CURSES=")
        self.assertNotIn("CURSES", have)
        self.assertIn("FDT", have)

    def test_libraries_that_are_not_there(self):
        self.assertEqual(self.libraries(options="-nostdinc -I."), [])

    def test_a_folder_is_made_once(self):
        objects = [f"{self.at}/build/exec/{name}.o" for name in ("file", "log", "digest")]
        self.make("-j1", *objects)
        self.assertTrue(all(map(os.path.exists, objects)))
        self.assertEqual((self.times("mkdir"), self.times("cc")), (1, 1 + len(objects)))

    def test_what_takes_longest_is_begun_first(self):
        for goal in ("tessera", "all"):
            begun = re.findall(r" -c (\S+)\.[cS] ", self.make("-n", goal))
            self.assertEqual(begun[0], "ops/i386/template")
            for last in ("dyngen/x86_64", "ops/i386/interp", "ops/ppc/template", "ops/ppc/interp"):
                self.assertLess(begun.index(last), begun.index("bios/vga/font"))
                self.assertLess(begun.index(last), begun.index("exec/loop"))

    def test_a_variable_is_there_before_a_rule_needs_it(self):
        said = self.make("-n", "--warn-undefined-variables", "tests", stderr=subprocess.STDOUT)
        self.assertLessEqual(set(re.findall("undefined variable '(.*)'", said)),
                             {"DESTDIR", "ONLY"})  # the user's

    def test_guests_are_made_beside_what_is_compiled(self):
        said = self.make("-n", "check")
        begun = [said.index(what) for what in ("tools/deps.sh check", "tools/debian-disk.sh", " -c ")]
        self.assertEqual(begun, sorted(begun))
        self.assertLess(said.index(" -c "), said.index("tools/run-tests.py"))

    def test_all_processors_compile(self):
        at_once = f" -j{len(os.sched_getaffinity(0)) + 1}"
        self.assertIn(f"{at_once} guests tests\n", self.make("-n", "check"))
        self.assertIn(f"{at_once} tessera\n", self.make("-n", "run"))
        self.assertNotRegex(self.make("-n", "-j1", "check"), " -j[^1].* guests tests\n")


class Built(unittest.TestCase):
    def debugging(self, name, kind):
        return subprocess.run(["readelf", f"--debug-dump={kind}", f"{BUILD}/{name}"], check=True,
                              stdout=subprocess.PIPE, encoding="utf-8").stdout

    def test_of_templates_debuggers_know_lines_and_the_table(self):
        name = "ops/ppc/templates.o"
        self.assertTrue("templates.c" in self.debugging(name, "line"))
        known = self.debugging(name, "info")
        self.assertTrue(" ppc_templates\n" in known)
        self.assertFalse(" code_" in known)

    def test_of_all_else_they_know_all(self):
        self.assertTrue("DW_TAG_variable" in self.debugging("exec/log.o", "info"))

    def test_of_what_the_sanitizers_read_they_know_lines(self):
        self.assertTrue("log.c" in self.debugging("san/exec/log.o", "line"))
        self.assertFalse("DW_TAG_formal_parameter" in self.debugging("san/exec/log.o", "info"))

    def test_of_sdl_only_what_is_wanted_is_read(self):
        for name in ("sdl", "sdl_input", "sdl_x11", "audio_sdl"):
            read = subprocess.run(["gcc", "-M", "-I.", "-D_GNU_SOURCE", "-DHAVE_SDL2", f"hw/host/{name}.c"],
                                  check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
            self.assertTrue("SDL_keyboard.h" in read)
            self.assertFalse("immintrin.h" in read)


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    unittest.main()
