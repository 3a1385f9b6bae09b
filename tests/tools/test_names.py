# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/names.py, in a tree whose comments and documents name what is there, and what is not."""
import os
import subprocess
import sys
import tempfile
import unittest

TREE = {
    "Makefile": "# hw/chip.c is compiled\nfrom: not/a/comment.c\n",
    "HACKING": "A chip\n\n1. hw/chip.h, chip.c   reset() and init(),\n"
               "                      then start()\n2. hw/bus.c           start()\n\nmain()\n",
    "hw/chip.c": "/* As chip.h says; bus.c likewise. */\nvoid reset(void)\n{\n    start();\n}\n",
    "hw/chip.h": "void init(void);\n",
    "hw/bus.c": "/* It does not reset(). */\nvoid start(void);\nint main(void);\n",
    "hw/README": "hw/chip.c, and hw/*.c\n",
}
NAMES = os.path.abspath("tools/names.py")


class Names(unittest.TestCase):
    def complaints(self, **changed):
        """What it says of the tree, if these files (_ for a full stop) are others; then it fails."""
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(f"{folder}/hw")
            for name, text in {**TREE, **{k.replace("_", "."): v for k, v in changed.items()}}.items():
                with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                    file.write(text)
            done = subprocess.run([sys.executable, NAMES], cwd=folder, stdout=subprocess.PIPE,
                                  encoding="utf-8")
        self.assertEqual(done.returncode != 0, done.stdout != "")
        return done.stdout

    def test_all_is_there(self):
        self.assertEqual(self.complaints(), "")

    def test_a_file_that_has_gone(self):
        for name in ("Makefile", "HACKING", "hw/README"):
            said = self.complaints(**{name: f"# as hw/gone.c\n{TREE[name]}"})
            self.assertEqual(said, f"{name}: names hw/gone.c, which is not there\n")
        said = self.complaints(**{"hw/bus.c": "/* see gone.h */\n" + TREE["hw/bus.c"]})
        self.assertEqual(said, "hw/bus.c: names gone.h, which is not there\n")

    def test_a_folder_that_has_gone(self):
        for name in ("hw/gone", "hw/gone/", "hw/chip.2.in", "hw/chip.js", "hw/chip/a.c"):
            said = self.complaints(**{"hw/bus.c": f"/* see {name} */\n" + TREE["hw/bus.c"]})
            self.assertEqual(said, f"hw/bus.c: names {name.rstrip('/')}, which is not there\n")
        self.assertEqual(self.complaints(**{"hw/README": "In hw/, of hw/<NAME>.c; hw/x*\n"}), "")

    def test_what_is_no_function(self):
        for name in ("chip_state", "CHIPS", "struct chip_state"):
            said = self.complaints(HACKING=f"1. hw/chip.h     {name} is in it\n")
            self.assertEqual(said, f"HACKING: names {name.split()[-1]}, which is not there\n")
            said = self.complaints(HACKING=f"1. hw/chip.h     {name} is in it\n",
                                   **{"hw/bus.c": f"/* {name} */\n{name};\n"})
            self.assertEqual(said, "")

    def test_a_function_in_another_file(self):
        said = self.complaints(HACKING="1. hw/bus.c     init()\n")
        self.assertEqual(said, "HACKING: names init() in hw/bus.c, which is not there\n")

    def test_a_function_that_a_comment_alone_names(self):
        said = self.complaints(HACKING="1. hw/bus.c     start(),\n                reset()\n")
        self.assertEqual(said, "HACKING: names reset() in hw/bus.c, which is not there\n")

    def test_a_function_that_is_nowhere(self):
        self.assertEqual(self.complaints(HACKING="One calls gone() there.\n"),
                         "HACKING: names gone(), which is not there\n")


if __name__ == "__main__":
    unittest.main()
