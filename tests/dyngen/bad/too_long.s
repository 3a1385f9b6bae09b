# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: is longer than 65535 bytes
.globl op_x
op_x:
        .fill   65536, 1, 0x90
        jmp     __op_next
