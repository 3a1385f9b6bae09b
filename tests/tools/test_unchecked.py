# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/unchecked.py, and what tools/lint.sh notes for it, in a tree with checkers that say what they
are told to."""
import os
import shutil
import subprocess
import tempfile
import unittest

TREE = {
    ".clang-tidy": "", ".clang-format": "", "Makefile": "OPTIONAL  := SDL2\n",
    "tools/cppcheck.txt": "",
    "hw/a.c": '#include "hw/a.h"\nint a;\n',
    "hw/a.h": '#include "exec/deep.h"\n',
    "exec/deep.h": "#ifdef HAVE_SDL2\n#endif\n",
    "exec/b.c": '#include "near.h"\n#define ROWS "exec/rows.def"\n#include ROWS\n',
    "exec/near.h": '#include "made.h"\n',
    "exec/rows.def": "ROW(1)\n",
    "build/made.h": "enum { MADE };\n",
    "translate/c.c": "/* HAVE_NOTHING is a word of its own, IHAVE_SDL2 is none */\n",
    "translate/d.c": "int IHAVE_SDL2;\n",
}
SOURCES = ["hw/a.c", "exec/b.c", "translate/c.c", "translate/d.c"]


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = folder.name
        for name, text in TREE.items():
            self.write(name, text)
        shutil.copy("tools/lint.sh", self.path("tools/lint.sh"))
        shutil.copy("tools/unchecked.py", self.path("tools/unchecked.py"))
        for checker in ("clang-tidy", "clang-format", "gcc"):
            self.checker(checker, "")

    def path(self, name):
        return os.path.join(self.at, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def checker(self, name, text, version="1"):
        """One that says its version, or else does what TEXT says."""
        self.write(f"bin/{name}", f'#!/bin/sh\nif [ "$1" = --version ]; then exec echo {version}; fi\n{text}\n')
        os.chmod(self.path(f"bin/{name}"), 0o755)

    def run_here(self, *command, **more):
        return subprocess.run(command, cwd=self.at, stdout=subprocess.PIPE, encoding="utf-8",
                              env={**os.environ, "PATH": self.path("bin") + ":" + os.environ["PATH"]},
                              check=False, **more)

    def unchecked(self, checker="tidy", *marks):
        """Digests of what is to be looked at, by name."""
        done = self.run_here("tools/unchecked.py", "build", checker, *marks, input="\n".join(SOURCES))
        self.assertEqual(done.returncode, 0)
        return dict(reversed(line.split()) for line in done.stdout.splitlines())

    def note_all(self, checker="tidy"):
        for name, digest in self.unchecked(checker).items():
            self.write(f"build/lint/{checker}/{name.replace('/', '+')}", digest + "\n")

    def left(self, *arguments):
        return sorted(self.unchecked(*arguments))


class Unchecked(Tree):
    def test_at_first_all(self):
        self.assertEqual(self.left(), sorted(SOURCES))

    def test_nothing_twice(self):
        self.note_all()
        self.assertEqual(self.left(), [])

    def test_the_same_digest_each_time(self):
        self.assertEqual(self.unchecked(), self.unchecked())

    def test_each_checker_for_itself(self):
        self.note_all()
        self.assertEqual(self.left("generic"), sorted(SOURCES))

    def changed(self, name, text="\n/* changed */\n"):
        self.note_all()
        self.write(name, TREE.get(name, "") + text)
        return self.left()

    def test_a_source(self):
        self.assertEqual(self.changed("translate/c.c"), ["translate/c.c"])

    def test_a_header_of_a_header(self):
        self.assertEqual(self.changed("exec/deep.h"), ["hw/a.c"])

    def test_a_header_beside_it(self):
        self.assertEqual(self.changed("exec/near.h"), ["exec/b.c"])

    def test_what_a_macro_includes(self):
        self.assertEqual(self.changed("exec/rows.def"), ["exec/b.c"])

    def test_what_is_made(self):
        self.assertEqual(self.changed("build/made.h"), ["exec/b.c"])

    def test_a_header_that_comes_before_another(self):
        self.assertEqual(self.changed("made.h"), ["exec/b.c"])

    def test_a_header_that_nobody_includes(self):
        self.assertEqual(self.changed("hw/other.h"), [])

    def test_rules(self):
        for name in (".clang-tidy", "Makefile", "tools/cppcheck.txt"):
            self.assertEqual(self.changed(name), sorted(SOURCES), name)

    def test_another_version_of_a_checker(self):
        self.note_all()
        self.checker("clang-tidy", "", version="2")
        self.assertEqual(self.left(), sorted(SOURCES))

    def test_what_has_a_mark(self):
        self.assertEqual(self.left("generic", "HAVE_SDL"), ["hw/a.c"])
        self.assertEqual(self.left("generic", "HAVE_SDL", "ROW"), ["exec/b.c", "hw/a.c"])
        self.assertEqual(self.left("generic", "HAVE_"), ["hw/a.c", "translate/c.c"])


class Noted(Tree):
    """By lint, of what its checker has found nothing in."""

    def look_at(self, *names):
        self.write("build/lint/list", "".join(f"{digest} {name}\n" for name, digest in self.unchecked().items()))
        return self.run_here("tools/lint.sh", "--look", "build", "tidy", "build/lint/list", *names)

    def setUp(self):
        super().setUp()
        os.makedirs(self.path("build/lint/tidy"))

    def test_what_is_clean(self):
        self.checker("clang-tidy", 'echo "$@" >asked')
        self.assertEqual(self.look_at("exec/b.c").returncode, 0)
        self.assertEqual(self.left(), ["hw/a.c", "translate/c.c", "translate/d.c"])
        self.assertIn(" exec/b.c -- ", self.read("asked"))
        self.assertNotIn("ONE_LOCATION", self.read("asked"))

    def test_micro_ops_once_for_all_locations(self):
        self.checker("clang-tidy", 'echo "$@" >>asked')
        for name in ("ops/ppc/template.c", "ops/ppc/interp.c"):
            self.look_at(name)
        self.assertEqual(self.read("asked").count("-DONE_LOCATION"), 2)

    def test_many_in_one_process(self):
        self.checker("clang-tidy", 'echo "$@" >>asked')
        self.look_at("exec/b.c", "hw/a.c")
        self.assertEqual(len(self.read("asked").splitlines()), 1)
        self.assertIn(" exec/b.c hw/a.c -- ", self.read("asked"))
        self.assertEqual(self.left(), ["translate/c.c", "translate/d.c"])

    def test_not_in_one_with_other_flags(self):
        self.checker("clang-tidy", 'echo "$@" >>asked')
        self.look_at("exec/b.c", "ops/ppc/template.c", "ops/ppc/interp.c", "tests/vga/guest.c", "hw/a.c")
        asked = [line.split(" -- ") for line in self.read("asked").splitlines()]
        self.assertEqual([files.split()[2:] for files, _ in asked],
                         [["exec/b.c"], ["ops/ppc/template.c", "ops/ppc/interp.c"],
                          ["tests/vga/guest.c"], ["hw/a.c"]])
        self.assertEqual(["-m32" in flags for _, flags in asked], [False, False, True, False])

    def test_of_many_the_clean_ones_alone(self):
        self.checker("clang-tidy", 'case "$*" in *exec/b.c*) echo exec/b.c:1:1: error: ugly; exit 1; esac')
        found = self.look_at("exec/b.c", "hw/a.c", "translate/c.c")
        self.assertEqual((found.returncode, found.stdout), (1, "exec/b.c:1:1: error: ugly\n"))
        self.assertEqual(self.left(), ["exec/b.c", "translate/d.c"])

    def test_all_of_many_that_are_not_clean_are_said(self):
        self.checker("clang-tidy", """for f; do case $f in *.c) echo $f; bad=1; esac; done; exit $bad""")
        found = self.look_at("exec/b.c", "hw/a.c")
        self.assertEqual((found.returncode, found.stdout), (1, "exec/b.c\nhw/a.c\n"))

    def parts(self):
        return self.run_here("tools/lint.sh", "--parts").stdout.split()

    def test_parts_together_look_at_each_file_once(self):
        self.checker("clang-tidy", 'for f; do case $f in *.c) echo $f >>asked; esac; done')
        for part in self.parts():
            if part.startswith("tidy"):
                self.assertEqual(self.run_here("tools/lint.sh", "build", "1", part).returncode, 0)
        self.assertEqual(sorted(self.read("asked").split()), sorted(SOURCES))

    def test_parts_of_which_one_finds_something(self):
        self.checker("clang-tidy", 'case "$*" in *hw/a.c*) exit 1; esac')
        found = [self.run_here("tools/lint.sh", "build", "1", part).returncode
                 for part in self.parts() if part.startswith("tidy")]
        self.assertEqual(sorted(found), [0] * (len(found) - 1) + [1])

    def test_no_such_part(self):
        self.assertEqual(self.run_here("tools/lint.sh", "build", "1", "nothing").returncode, 2)

    def test_so_many_states_of_a_function(self):
        self.checker("clang-tidy", 'echo "$@" >asked')
        self.look_at("hw/a.c")
        self.assertIn("-Xclang -analyzer-config -Xclang max-nodes=45000", self.read("asked"))

    def test_not_what_is_not(self):
        self.checker("clang-tidy", "echo exec/b.c:1:1: error: ugly; exit 1")
        found = self.look_at("exec/b.c")
        self.assertEqual((found.returncode, found.stdout), (1, "exec/b.c:1:1: error: ugly\n"))
        self.assertEqual(self.left(), sorted(SOURCES))

    def test_again_when_it_has_changed_back(self):
        self.look_at("exec/b.c")
        self.write("exec/b.c", "int b;\n")
        self.assertIn("exec/b.c", self.left())
        self.write("exec/b.c", TREE["exec/b.c"])
        self.assertNotIn("exec/b.c", self.left())


if __name__ == "__main__":
    unittest.main()
