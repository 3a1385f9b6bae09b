# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: execution falls off the end after `call   0x5`; end every path in a tail call, and do not declare helpers noreturn
.globl op_x
op_x:
        call    helper
