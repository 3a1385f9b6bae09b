# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: `ljmp   *(%rax)` is no way out
.globl op_x
op_x:
        ljmp    *(%rax)
