#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: names.py

Do files that comments and documents name exist, and functions that HACKING names? Prints those that
do not, and fails then. A file may be named from the top of the tree, from where it is named, or by
its own name alone.
"""

import os
import re
import sys

FOLDERS = ["dyngen", "ops", "translate", "exec", "hw", "bios", "tests", "tools"]
SOURCES = (".c", ".h", ".S", ".def", ".inc", ".mk", ".sh", ".py", ".js", ".ld")
DOCUMENTS = ["README", "HACKING", "dyngen/README", "translate/ir/README", "tests/system/PEERS"]
NAME = re.compile(r"(?<![\w./*<-])((?:[\w-]+/)*[\w-]+\.(?:c|h|S|def|inc|mk|sh|py))(?![\w*-])")
# Made by a build, in other people's trees, or examples of names.
ELSEWHERE = {"templates.c", "templates.h", "ops.c", "ops.o", "state.h", "more_ops.c", "boot.rst",
             "dyngen.h", "seccomp.h", "bfd.h", "mman.h", "enter.c", "near.c", "FILE.c",
             "include/dyngen.h", "arch/x86/include/asm/ucontext.h", "T/dyngen/dyngen.h",
             "T/dyngen/dyngen_x86_64.h"}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
FUNCTION = re.compile(r"\b([a-z_][a-z0-9_]*)\(\)")


def tree():
    files = []
    for folder in FOLDERS:
        for where, _, names in os.walk(folder):
            files += [os.path.join(where, name) for name in names]
    return files


def comments(path, text):
    """What of a file is for people."""
    if path.endswith((".c", ".h", ".S", ".def", ".inc", ".js")):
        return "\n".join(COMMENT.findall(text))
    if path.endswith((".mk", ".sh", ".py", ".ld")):
        return "\n".join(line for line in text.splitlines() if line.lstrip().startswith("#"))
    return text


def main():
    files = [f for f in tree() if f.endswith(SOURCES)]
    known = set(files)
    base = {os.path.basename(f) for f in files} | ELSEWHERE
    text = {f: open(f, encoding="utf-8").read() for f in files}
    failed = False

    def complain(path, what):
        nonlocal failed
        failed = True
        print(f"{path}: names {what}, which is not there")

    for path in files + [d for d in DOCUMENTS if os.path.exists(d)]:
        whole = text.get(path) or open(path, encoding="utf-8").read()
        for name in set(NAME.findall(comments(path, whole))):
            near = os.path.normpath(os.path.join(os.path.dirname(path), name))
            if "/" in name and not {name, near} & known and name not in ELSEWHERE:
                if not any(f.endswith("/" + name) for f in files):
                    complain(path, name)
            if "/" not in name and name not in base:
                complain(path, name)
    if os.path.exists("HACKING"):
        everything = "\n".join(text.values())
        for name in set(FUNCTION.findall(open("HACKING", encoding="utf-8").read())):
            if not re.search(rf"\b{name}\(", everything):
                complain("HACKING", name + "()")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
