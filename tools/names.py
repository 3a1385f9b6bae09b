#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: names.py

Do files and folders that comments and documents name exist, do functions stand in the files beside
which HACKING names them, and what else of code it names anywhere? Prints what is not there, and fails
then. A file may be named from the top of the tree, from where it is named, or by its own name alone; a
folder not by its name alone.
"""

import os
import re
import sys

FOLDERS = ["dyngen", "ops", "translate", "exec", "hw", "bios", "tests", "tools"]
SOURCES = (".c", ".h", ".S", ".def", ".inc", ".mk", ".sh", ".py", ".js", ".ld")
NAME = re.compile(r"(?<![\w./*<-])((?:[\w-]+/)*[\w-]+\.(?:c|h|S|def|inc|mk|sh|py|js|ld))(?![\w*-])")
# A path, of a file without an ending or a folder, by the folders it begins with.
PATH = re.compile(rf"(?<![\w./*<$@-])((?:{'|'.join(FOLDERS)})/[\w./-]*\w)(?![\w*$<{{(-])")
# Made by a build, in other people's trees, or examples of names.
ELSEWHERE = {"templates.c", "templates.h", "ops.c", "ops.o", "state.h", "more_ops.c", "boot.rst",
             "dyngen.h", "seccomp.h", "bfd.h", "mman.h", "enter.c", "near.c", "FILE.c",
             "include/dyngen.h", "arch/x86/include/asm/ucontext.h", "T/dyngen/dyngen.h",
             "T/dyngen/dyngen_x86_64.h", "tools/perf/Documentation/jitdump-specification",
             "tests/fuzz/corpus/NAME", "tests/BIOS_VGA_FUNC__TEST/bios_function_vga_test.img"}
# What else is of code: a name with "_" in it, or in capitals, as an instruction's may be.
IDENTIFIER = re.compile(r"\b(?:[A-Za-z0-9]+_\w+|[A-Z][A-Z0-9]{3,})\b(?!\.)")
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


def known_words(text):
    """All of the code, and of the Makefile."""
    code = [COMMENT.sub("", whole) for whole in text.values()]
    with open("Makefile", encoding="utf-8") as file:
        code.append(file.read())
    return set(re.findall(r"\w+", "\n".join(code).lower()))


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
        for name in set(PATH.findall(comments(path, whole))) - ELSEWHERE:
            near = os.path.join(os.path.dirname(path), name)
            if not NAME.fullmatch(name) and not os.path.exists(name) and not os.path.exists(near):
                complain(path, name)
    if os.path.exists("HACKING"):
        hacking = open("HACKING", encoding="utf-8").read()
        words = known_words(text)
        for name in set(IDENTIFIER.findall(hacking)):
            if name.lower() not in words:
                complain("HACKING", name)
        for name, near in functions(hacking, text):
            if not any(re.search(rf"\b{name}\b", COMMENT.sub("", text[f])) for f in near):
                where = "" if len(near) == len(text) else " in " + " or ".join(near)
                complain("HACKING", f"{name}(){where}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
