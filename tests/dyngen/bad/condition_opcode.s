# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: makes __op_param1+112 the opcode of `seto   %al`; its condition can be a value, __op_param1 to __op_param8, plus what the opcode is for condition 0
.globl op_x
op_x:
        seto    %al
        .reloc  op_x+1, R_X86_64_8, __op_param1 + 0x70
        jmp     __op_next
