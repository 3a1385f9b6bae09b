# SPDX-License-Identifier: GPL-3.0-or-later
# Ops whose jumps go to jumps, as compilers make them and as they do not. The state is in r12,
# a in r13d, b in r14d.

.macro op name
        .globl  op_\name
        .type   op_\name, @function
op_\name:
.endm

# One cold path, behind the jump out.
op cold_once
        test    %r13d, %r13d
        jne     1f
        inc     %r14d
        jmp     __op_next
1:      jmp     __op_cold

# Two exits to one cold path, from both sides of code.
op cold_twice
        test    %r13d, %r13d
        jne     1f
        inc     %r14d
        cmp     $5, %r14d
        je      1f
        inc     %r14d
        jmp     __op_next
1:      jmp     __op_cold

# The jump out is in the middle, and is jumped around.
op taken_between
        inc     %r14d
        test    %r13d, %r13d
        jne     1f
        inc     %r14d
        jmp     2f
1:      jmp     __op_taken
2:      inc     %r14d
        jmp     __op_next

# Falling into the jump out keeps it where it is.
op fallen_into
        test    %r13d, %r13d
        jne     1f
        cmp     $7, %r14d
        jne     2f
        inc     %r14d
1:      jmp     __op_cold
2:      inc     %r13d
        jmp     __op_next

# a = 3 * b, unless b reaches 9 on the way down. The jumps over the body just fit one byte in
# the object, and no longer when the way out has grown.
op loop_at_limit
        test    %r14d, %r14d
        je      3f
1:      cmp     $9, %r14d
        je      2f
        add     $3, %r13d
        .rept   28
        lea     (%r13), %r13d
        .endr
        dec     %r14d
        jne     1b
3:      jmp     __op_next
2:      jmp     __op_cold

# jrcxz has one form only: it keeps its jump to a jump.
op short_only
        mov     %r13d, %ecx
        jrcxz   1f
        inc     %r14d
        jmp     __op_next
1:      jmp     __op_cold

# And it does not reach if anything between grows: the op is left as it is.
op short_at_limit
        mov     %r13d, %ecx
        jrcxz   2f
        test    %r14d, %r14d
        je      1f
        .rept   29
        lea     (%r13), %r13d
        .endr
        inc     %r14d
2:      inc     %r14d
        jmp     __op_next
1:      jmp     __op_cold

# A branch around a jump out, to a jump to what follows.
op around
        test    %r13d, %r13d
        jne     1f
        jmp     __op_cold
1:      jmp     __op_next

# A branch around a jump out, to code.
op around_middle
        test    %r13d, %r13d
        jne     1f
        jmp     __op_cold
1:      inc     %r14d
        jmp     __op_next

# A branch around a jump to what follows, with code behind.
op around_next
        test    %r13d, %r13d
        jne     1f
        jmp     __op_next
1:      inc     %r14d
        cmp     $100, %r14d
        je      __op_taken
        inc     %r14d
        jmp     __op_next

# And where that is far.
op around_next_far
        test    %r13d, %r13d
        jne     1f
        jmp     __op_next
1:      .rept   50
        inc     %r14d
        .endr
        jmp     __op_next

# A branch to what follows, around a jump inside.
op around_direct_next
        test    %r13d, %r13d
        jne     2f
1:      jmp     __op_next
2:      inc     %r14d
        jmp     1b

# A branch around a jump inside.
op around_inside
1:      inc     %r14d
        cmp     $10, %r14d
        jae     2f
        jmp     1b
2:      inc     %r14d
        jmp     __op_next

# From jump to jump to jump, to a helper.
op chain
        test    %r13d, %r13d
        je      1f
        inc     %r14d
        jmp     __op_next
2:      jmp     3f
1:      jmp     2b
3:      jmp     test_leave

# What nothing reaches goes, with its hole; holes behind it move.
op unreached
        jmp     1f
        call    test_helper
1:      mov     $__op_param1, %r13d
        test    %r14d, %r14d
        jne     2f
        add     $__op_param2, %r13d
        jmp     __op_next
2:      jmp     __op_taken

# Each of many branches out goes there itself.
op many
        .rept   300
        inc     %r14d
        cmp     %r14d, %r13d
        je      1f
        .endr
        jmp     __op_next
1:      jmp     __op_cold

# A condition that is a value goes with its branch, which becomes longer.
op condition
        inc     %r14d
        cmp     $10, %r14d
1:      jo      2f
        .reloc  1b, R_X86_64_8, __op_param1 + 0x70
        inc     %r14d
        jmp     __op_next
2:      jmp     __op_taken

# Nobody knows its opposite: a branch around a jump stays one.
op condition_around
        cmp     $10, %r14d
1:      jo      2f
        .reloc  1b, R_X86_64_8, __op_param1 + 0x70
        jmp     __op_taken
2:      inc     %r14d
        jmp     __op_next
