# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/lint.sh, the part `rules`: who may know whom, in a tree of a few files, one of which has what
it must not have."""
import os
import re
import subprocess
import tempfile
import unittest

LINT = os.path.abspath("tools/lint.sh")
TREE = {
    "exec/slow.c": '#include "exec/slow.h"\n',
    "exec/i386/mmu.c": '#include "exec/i386/mmu.h"\n#include "ops/i386/cpu.h"\n',
    "exec/host/i386_fpu.c": '#include "ops/i386/cpu.h"\n',
    "translate/ir/lower.c": '#include "translate/ir/lower.h"\n',
    "ops/core.h": '#include "ops/types.h"\n',
    "hw/irq.h": "",
    "hw/machine.c": '#include "hw/ppc/bare.h"\n',
    "hw/ppc/bare.h": "",
    "hw/pc/pc.c": '#include "exec/i386/mmu.h"\n',
    "hw/char/uart.c": '#include "hw/irq.h"\n',
}
OBJECTS = {
    "exec/slow": "int slow(void) { return 0; }",
    "exec/i386/mmu": "extern int slow(void); int i386_mmu(void) { return slow(); }",
    "ops/ppc/table": "int ppc_uops;",
}


class Rules(unittest.TestCase):
    def lint(self, files=None, objects=None):
        """What it says with these files added, and which rules are broken then."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**TREE, **(files or {})}.items():
                os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
                with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                    file.write(text)
            for name, text in {**OBJECTS, **(objects or {})}.items():
                path = f"{folder}/build/{name}.o"
                os.makedirs(os.path.dirname(path), exist_ok=True)
                subprocess.run(["gcc", "-x", "c", "-c", "-o", path, "-"], input=text, check=True,
                               encoding="utf-8")
            said = subprocess.run([LINT, "build", "1", "rules"], cwd=folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, encoding="utf-8").stdout
        failed = re.search("^lint: failed:(.*)$", said, re.M)
        # Of a tree without names.py, and without Python, these are.
        return said, sorted(set(failed.group(1).split()) - {"names", "pyflakes"})

    def broken(self, *what, **more):
        return self.lint(*what, **more)[1]

    def finds(self, rule, text, where, elsewhere):
        """The text breaks it in files of the first list."""
        said, failed = self.lint({name: text for name in where + elsewhere})
        self.assertEqual((set(re.findall(r"^([\w/]+\.[ch]):\d", said, re.M)), rule in failed),
                         (set(where), True))

    def test_each_in_its_room(self):
        self.assertEqual(self.broken(), [])

    def test_a_guest_beside_guests(self):
        self.finds("guests", '#include "ops/i386/cpu.h"\n',
                   ["exec/c.c", "exec/report/c.c", "ops/memory/c.h", "ops/host/c.h", "translate/ir/c.c",
                    "hw/char/c.c", "hw/monitor/c.c", "dyngen/c.c"],
                   ["exec/i386/c.c", "ops/i386/c.h", "hw/pc/c.c", "exec/host/i386_fpu.h", "hw/machine.c"])

    def test_assembly_beside_the_host(self):
        for text in ('asm("nop");\n', "asm volatile(x);\n"):
            self.finds("host", text, ["ops/host/generic.h", "ops/i386/n.h", "exec/c.c"],
                       ["ops/host/x86_64.h", "ops/i386/fpu_x86_64.h", "exec/host/c.c", "hw/char/c.c"])

    def test_a_guests_header(self):
        includes = (("exec/loop.c", "exec/i386/mmu.h"), ("exec/loop.h", "ops/ppc/cpu.h"),
                    ("exec/block.c", "i386/mmu.h"), ("exec/report/list.c", "../i386/mmu.h"),
                    ("exec/block.h", "exec/host/i386_fpu.h"), ("ops/core.def", "ops/ppc/r.h"),
                    ("exec/host/gate.c", "i386_fpu.h"), ("dyngen/main.c", "../ops/i386/cpu.h"),
                    ("translate/ir/fold.c", "translate/i386/lower.h"),
                    ("hw/char/lpt.c", "exec/i386/mmu.h"))
        for form in ('#include "{}"\n', "#  include <{}>\n"):
            lines = {where: form.format(name) for where, name in includes}
            said, failed = self.lint(lines)
            self.assertIn("guests", failed)
            for where, line in lines.items():
                self.assertIn(f"{where}:1:{line}", said)

    def test_a_guests_function_without_its_header(self):
        said, failed = self.lint(objects={
            "exec/loop": "extern int i386_mmu(void); int loop(void) { return i386_mmu(); }",
            "translate/ir/fold": "extern int ppc_uops; int fold(void) { return ppc_uops; }"})
        self.assertEqual(failed, ["callers"])
        self.assertIn("build/exec/loop.o: uses i386_mmu of build/exec/i386/mmu.o\n", said)
        self.assertIn("build/translate/ir/fold.o: uses ppc_uops of build/ops/ppc/table.o\n", said)

    def test_circles_in_a_decoder(self):
        for guest, prefix in ("i386", ""), ("ppc", "ppc_"):
            def circles(**calls):
                """A function and an object each, of what it calls; an instruction's is of arith.o."""
                name = {k: prefix + k for k in calls} | {"arith": f"{prefix}t_alu"}
                return self.broken(objects={
                    f"translate/{guest}/{k}": "".join(f"void {name[c]}(void); " for c in called) +
                    f"void {name[k]}(void) {{ " + "".join(f"{name[c]}(); " for c in called) + "}"
                    for k, called in calls.items()})
            self.assertEqual(circles(decode=["arith"], arith=["decode", "look"], look=["decode"]), [])
            self.assertEqual(circles(decode=["look"], look=["decode"]), ["circles"])
            self.assertEqual(circles(arith=["look"], look=["arith"]), ["circles"])

    def test_a_number_in_a_table_of_instructions(self):
        i386, ppc = "translate/i386/insns.def", "translate/ppc/insns.def"
        good = {i386: 'INSN(0x10, 0x10, -1, "adc", Eb_Gb, t_alu, ALU_ADC, 0)\n',
                ppc: "PRIMARY(34, lbz, STORAGE, WANTED, ppc_t_load, 1 | UPDATES)\n"}
        self.assertEqual(self.broken(good), [])
        for where, named in ((i386, "ALU_ADC"), (ppc, "ppc_t_load")):
            text = good[where].replace(named, "2" if where == i386 else "ppc_t_addi")
            self.assertEqual(self.broken({**good, where: text}), ["numbers"])

    def test_a_machines_header(self):
        self.assertIn("hw", self.broken({"hw/char/lpt.c": '#include "hw/pc/pc.h"\n'}))
        self.assertEqual(self.broken({"hw/pc/pc.c": '#include "hw/cli/setting.h"\n'}), ["hw"])

    def test_registers_of_guest_and_host(self):
        self.assertEqual(self.broken({"exec/loop.c": "/* of eflags */\n"}), ["i386"])
        self.assertEqual(self.broken({"exec/loop.c": "/* in rax */\n"}), ["host"])


if __name__ == "__main__":
    unittest.main()
