# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: has no ops (global functions named op_*)
.globl helper, op_data
helper: ret
op_x:   ret
.data
op_data: .long  0
