#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: names.py

Do files that comments and documents name exist, and do functions stand in the files beside which
HACKING names them? Prints those that do not, and fails then. A file may be named from the top of the
tree, from where it is named, or by its own name alone.
"""

import os
import re
import sys

FOLDERS = ["dyngen", "ops", "translate", "exec", "hw", "bios", "tests", "tools"]
SOURCES = (".c", ".h", ".S", ".def", ".inc", ".mk", ".sh", ".py", ".js", ".ld")
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


def documents():
    """What is all prose, and the Makefile: names without an ending, in capitals."""
    found = ["Makefile"] + [name for name in os.listdir(".") if name in ("README", "HACKING", "RESULTS")]
    for folder in FOLDERS:
        for where, _, names in os.walk(folder):
            found += [os.path.join(where, name) for name in names
                      if name.isupper() and name not in ("LICENSE", "COPYING", "COVERAGE")]
    return [name for name in found if os.path.exists(name)]


def comments(path, text):
    """What of a file is for people."""
    if path.endswith((".c", ".h", ".S", ".def", ".inc", ".js")):
        return "\n".join(COMMENT.findall(text))
    if path.endswith((".mk", ".sh", ".py", ".ld", "Makefile")):
        return "\n".join(line for line in text.splitlines() if line.lstrip().startswith("#"))
    return text


def functions(hacking, text):
    """What a line of HACKING names, with the files among which it ought to be: those of the line, or
    of one before it in the paragraph; all if none is named."""
    near, folder = list(text), ""
    for line in hacking.splitlines():
        named = []
        for name in NAME.findall(line):
            path = name if "/" in name else os.path.join(folder, name)
            folder = os.path.dirname(path)
            named += [path] if path in text else []
        near = named or (near if line else list(text))
        for name in FUNCTION.findall(line):
            yield name, near


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

    for path in files + documents():
        whole = text.get(path) or open(path, encoding="utf-8").read()
        for name in set(NAME.findall(comments(path, whole))):
            near = os.path.normpath(os.path.join(os.path.dirname(path), name))
            if "/" in name and not {name, near} & known and name not in ELSEWHERE:
                if not any(f.endswith("/" + name) for f in files):
                    complain(path, name)
            if "/" not in name and name not in base:
                complain(path, name)
    if os.path.exists("HACKING"):
        for name, near in functions(open("HACKING", encoding="utf-8").read(), text):
            if not any(re.search(rf"\b{name}\b", COMMENT.sub("", text[f])) for f in near):
                where = "" if len(near) == len(text) else " in " + " or ".join(near)
                complain("HACKING", f"{name}(){where}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
