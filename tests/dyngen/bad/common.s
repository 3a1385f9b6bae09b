# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: relocation R_X86_64_32S against counter, a symbol that is common, is not one that can be patched
.comm counter, 4
.globl op_x
op_x:
        incl    counter
        jmp     __op_next
