#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: unchecked.py BUILD CHECKER [MARK...] < sources

Of the C sources on standard input, which CHECKER has to look at: those of which something has changed
since it found nothing. With MARKs, only those in whose text, or that of what they include, one of
these words stands. A line for each: DIGEST FILE. Who has looked, and found nothing, writes DIGEST
into BUILD/lint/CHECKER/FILE, its slashes being "+".

What a finding may depend on is in the digest: the source and all that it includes of the tree, the
rules of the checkers, and their versions. A string in an #include or #define that is a file's name
counts as included, so that nothing is missed which a macro includes.
"""

import hashlib
import os
import re
import subprocess
import sys

RULES = [".clang-tidy", ".clang-format", "tools/lint.sh", "tools/cppcheck.txt", "Makefile"]
PROGRAMS = ["clang-tidy", "clang-format", "gcc"]
NAMED = re.compile(rb'^[ \t]*#[ \t]*(?:include|define)\b[^"\n]*"([\w./-]+\.(?:h|c|def|inc))"', re.M)


class Tree:
    """The files, each read once: what they are, whether a mark is in them, what they include."""

    def __init__(self, build, marks):
        self.places = [".", build, "dyngen"]
        self.marked = re.compile(b"|".join(rb"\b" + mark.encode() for mark in marks))
        self.files = {}

    def place_of(self, path, name):
        """Of what a file names: each that it may be."""
        for place in [os.path.dirname(path), *self.places]:
            at = os.path.normpath(os.path.join(place, name))
            if os.path.isfile(at):
                yield at

    def file(self, path):
        if path not in self.files:
            with open(path, "rb") as file:
                text = file.read()
            names = {name.decode() for name in NAMED.findall(text)}
            self.files[path] = (hashlib.sha256(path.encode() + b"\0" + text).digest(),
                                bool(self.marked.search(text)),
                                [at for name in names for at in self.place_of(path, name)])
        return self.files[path]

    def with_all(self, path):
        """A file and all that it includes, in an order that is always the same."""
        found, left = set(), [os.path.normpath(path)]
        while left:
            at = left.pop()
            if at not in found:
                found.add(at)
                left += self.file(at)[2]
        return [self.file(at) for at in sorted(found)]


def rules():
    digest = hashlib.sha256()
    for path in RULES:
        with open(path, "rb") as file:
            digest.update(file.read())
    for program in PROGRAMS:
        digest.update(subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True).stdout)
    return digest


def known(build, checker, path):
    try:
        with open(f"{build}/lint/{checker}/{path.replace('/', '+')}", encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def main():
    build, checker, *marks = sys.argv[1:]
    tree, begun = Tree(build, marks), rules()
    for path in sys.stdin.read().split():
        parts = tree.with_all(path)
        if not any(marked for _, marked, _ in parts):
            continue
        digest = begun.copy()
        for part, _, _ in parts:
            digest.update(part)
        if known(build, checker, path) != digest.hexdigest():
            print(digest.hexdigest(), path)


if __name__ == "__main__":
    main()
