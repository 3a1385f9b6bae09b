# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/i386-native.c: in a system's tree, which programs are the host's and which are emulated."""
import os
import subprocess
import tempfile
import unittest

TREE = """set -e
cd "$1"
mkdir usr .host
ln -s usr/bin usr/lib .
mount --bind /usr usr
[ -z "$2" ] || mount --bind /usr .host
exec chroot . /native "$3" /some/name
"""


class Running(unittest.TestCase):
    def run_in_tree(self, program, host="shown"):
        """In a tree of the host's programs, which qemu-i386-static refuses if it is there."""
        with tempfile.TemporaryDirectory() as at:
            subprocess.run(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-static",
                            "-o", f"{at}/native", "tools/i386-native.c"], check=True)
            own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
            return subprocess.run(["unshare", "--mount", *own, "sh", "-c", TREE, "sh", at, host, program],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")

    def test_what_is_alike_is_the_hosts(self):
        self.assertEqual(self.run_in_tree("/usr/bin/basename").stdout, "name\n")

    def test_by_a_link_its_name_is_the_links(self):
        said = self.run_in_tree("/bin/sh")
        self.assertIn("/bin/sh: 0: cannot open /some/name", said.stderr)

    def is_emulated(self, *arguments):
        said = self.run_in_tree(*arguments)
        self.assertEqual(said.stdout, "")
        self.assertIn("qemu-i386-static", said.stderr)

    def test_what_is_not_alike_is_emulated(self):
        for program in ("/usr/bin/dpkg-query", "/usr/bin/uname"):
            self.is_emulated(program)

    def test_all_is_emulated_where_the_host_is_not_shown(self):
        self.is_emulated("/usr/bin/basename", "")


if __name__ == "__main__":
    unittest.main()
