# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: __atomic_fetch_add_16 is not a helper that ops may use; compilers insert such calls
.globl op_x
op_x:
        subq    $8, %rsp
        call    __atomic_fetch_add_16
        addq    $8, %rsp
        jmp     __op_next
