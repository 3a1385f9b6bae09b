/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debug registers: #DB behind an instruction, by breakpoints on data and by steps; see debug.S. */
#include "debug.inc"

    .text
    .code32
/* A store to addresses around cell, of four bytes from cell on. */
    .globl writes
writes:
    CHECK("write: #DB behind the instruction, which is done")
    BREAK(0, cell, WRITE4)
    TRAPS(1, movl $0x55, cell)
    IS(cell, $0x55)
    CHECK("write: RF is clear in its frame")
    IS_MASKED(caught_flags, $RF, $0)
    CHECK("write: in the middle of straight code, each time")
    GATE(DB, $counted, $G_INT)
    movl $0, count
    movl $100, %ecx
1:  movl %ecx, other
    movl %ecx, cell
    addl $0, %ecx
    decl %ecx
    jnz 1b
    IS(count, $100)
    IS(cell, $1)
    CATCH_AGAIN(DB)
    DR6_IS(1)
    CHECK("write: of parts, and of what overlaps")
    TRAPS(1, movb $1, cell)
    TRAPS(1, movb $1, cell + 3)
    TRAPS(1, movw $1, cell + 2)
    TRAPS(1, movl $1, cell - 3)
    TRAPS(1, movl $1, cell + 3)
    TRAPS(1, movw $1, cell - 1)
    CHECK("write: not of what is beside it")
    PASSES(movb $1, cell - 1)
    PASSES(movl $1, cell - 4)
    PASSES(movb $1, cell + 4)
    PASSES(movl $1, cell + 4)
    CHECK("write: one byte, two bytes")
    BREAK(1, cell + 1, WRITE1)
    TRAPS(2, movb $1, cell + 1)
    TRAPS(2, movl $1, cell)
    PASSES(movb $1, cell)
    PASSES(movb $1, cell + 2)
    BREAK(2, cell + 2, WRITE2)
    TRAPS(4, movb $1, cell + 3)
    PASSES(movb $1, cell + 1)
    PASSES(movw $1, cell)
    CHECK("write: the address's bits below the length do not count")
    BREAK(3, cell + 3, WRITE4)
    TRAPS(8, movb $1, cell)
    PASSES(movb $1, cell + 4)
    BREAK(3, cell + 3, WRITE2)
    TRAPS(8, movb $1, cell + 2)
    PASSES(movb $1, cell + 1)
    CHECK("write: not by a read, nor by a fetch")
    BREAK(0, cell, WRITE4)
    PASSES(movl cell, %eax)
    PASSES(cmpl $0, cell)
    BREAK(0, 1f, WRITE4)
    PASSES(1: nop; nop; nop; nop)
    CHECK("write: none that is not enabled")
    BREAK(0, cell, WRITE4)
    OFF
    PASSES(movl $1, cell)
    CHECK("write: across two pages")
    BREAK(0, border, WRITE4)
    TRAPS(1, movl $0x12345678, border - 2)
    IS(border - 2, $0x12345678)
    BREAK(0, border - 4, WRITE4)
    TRAPS(1, movl $0x12345678, border - 2)
    PASSES(movl $1, border)
    CHECK("write: by another linear address of the same memory")
    call page
    BREAK(0, cell, WRITE4)
    PASSES(movl $7, cell + 0xff000000)
    IS(cell, $7)
    TRAPS(1, movl $7, cell)
    call no_page
    ret

    .globl counted
counted:
    incl count
    iret

    .globl accesses
accesses:
    CHECK("access: reads and writes")
    BREAK(0, cell, ACCESS4)
    movl $0x1234, %eax
    TRAPS(1, movl %eax, cell)
    TRAPS(1, movl cell, %ebx)
    IS(%ebx, $0x1234)
    TRAPS(1, movzbl cell + 1, %ebx)
    IS(%ebx, $0x12)
    TRAPS(1, cmpb $5, cell + 3)
    CHECK("access: what overlaps, and not what is beside it")
    TRAPS(1, movl cell - 3, %eax)
    TRAPS(1, movl cell + 3, %eax)
    PASSES(movl cell - 4, %eax)
    PASSES(movl cell + 4, %eax)
    CHECK("access: not by a fetch")
    BREAK(0, 1f, ACCESS4)
    PASSES(1: nop; nop; nop; nop)
    CHECK("access: reads across two pages")
    movl $0x12345678, border - 2
    BREAK(0, border, ACCESS2)
    TRAPS(1, movl border - 2, %eax)
    IS(%eax, $0x12345678)
    ret

/* One of each kind. */
    .globl instructions
instructions:
    movl $5, cell
    CHECK("write: a read-modify-write")
    BREAK(0, cell, WRITE4)
    TRAPS(1, incl cell)
    TRAPS(1, addl $3, cell)
    TRAPS(1, lock; xaddl %eax, cell)
    TRAPS(1, xchgl %eax, cell)
    TRAPS(1, btsl $4, cell)
    TRAPS(1, shll $1, cell)
    TRAPS(1, negb cell)
    CHECK("write: push, pop, pusha, enter")
    BREAK(0, stack, WRITE4)
    CATCH(1f)
    movl $stack + 4, %esp
    pushl %ebx
2:  nop
1:  CAUGHT(DB, 0, 2b)
    CATCH(1f)
    movl $stack + 16, %esp
    pushal
2:  nop
1:  CAUGHT(DB, 0, 2b)
    CATCH(1f)
    movl $stack + 4, %esp
    enter $8, $0
2:  nop
1:  CAUGHT(DB, 0, 2b)
    movl caught_stack, %esp
    BREAK(0, cell, WRITE4)
    TRAPS(1, pushl $3; popl cell)
    IS(cell, $3)
    CHECK("write: the x87")
    fninit
    fld1
    TRAPS(1, fsts cell)
    IS(cell, $0x3f800000)
    TRAPS(1, fstl cell - 4)
    TRAPS(1, fistpl cell)
    IS(cell, $1)
    TRAPS(1, fnstcw cell)
    TRAPS(1, fnstenv cell - 8)
    fldz
    TRAPS(1, fstpt cell - 8)
    fnstsw %ax
    andl $0x3800, %eax
    IS(%eax, $0)
    CHECK("access: the x87 loads")
    BREAK(0, cell, ACCESS4)
    TRAPS(1, fldt cell - 8)
    fstp %st
    TRAPS(1, fildll cell - 4)
    fstp %st
    CHECK("access: jumps and calls through memory")
    OFF
    movl $3f, cell
    BREAK(0, cell, ACCESS4)
    CATCH(1f)
    jmp *cell
    nop
3:  nop
1:  CAUGHT(DB, 0, 3b)
    DR6_IS(1)
    CATCH(1f)
    call *cell
    nop
1:  CAUGHT(DB, 0, 3b)
    DR6_IS(1)
    CHECK("access: a return")
    OFF
    movl $3f, stack
    BREAK(0, stack, ACCESS4)
    CATCH(1f)
    movl $stack, %esp
    ret $64 /* the trap's frame is not to fall on it */
3:  nop
1:  CAUGHT(DB, 0, 3b)
    DR6_IS(1)
    CHECK("access: MOVS, CMPS, LODS and SCAS without REP")
    BREAK(0, cell, ACCESS4)
    movl $cell, %esi
    movl $buffer, %edi
    TRAPS(1, movsl)
    IS(%esi, $cell + 4)
    movl $buffer, %esi
    movl $cell, %edi
    TRAPS(1, movsl)
    movl $cell, %esi
    TRAPS(1, lodsb)
    movl $cell, %edi
    TRAPS(1, scasw)
    movl $cell, %esi
    TRAPS(1, cmpsb)
    CHECK("write: a far call")
    BREAK(0, stack, WRITE4)
    CATCH(1f)
    movl $stack + 8, %esp
    lcall $KCODE, $3f
    nop
3:  nop
1:  CAUGHT(DB, 0, 3b)
    DR6_IS(1)
    CHECK("write: INT n's frame, at the handler's first instruction")
    GATE_AT($idt + 0x40 * 8, KCODE, $handler, $G_INT)
    CATCH(1f)
    movl $stack + 8, %esp
    int $0x40
1:  CAUGHT(DB, 0, handler)
    DR6_IS(1)
    CHECK("write: an exception's frame likewise")
    GATE_AT($idt + UD * 8, KCODE, $handler, $G_INT)
    CATCH(1f)
    movl $stack + 8, %esp
    ud2
1:  CAUGHT(DB, 0, handler)
    DR6_IS(1)
    CATCH_AGAIN(UD)
    CATCH_AGAIN(0x40)
    CHECK("write: none by an instruction that faults")
    OFF
    movl $FREE + 0x30, stack + 4
    BREAK(0, stack, ACCESS4)
    FAULTS(GP, FREE + 0x30, lds stack, %ebx)
    movl %dr6, %eax
    IS_MASKED(%eax, $0xf000, $0)
    xorl %eax, %eax
    movl %eax, %dr6
    OFF
    ret

    .globl handler
handler:
    nop
    iret

/* Frames of #DB in a repeated instruction. */
    .globl repeated
repeated:
    CHECK("write: in rep stos, behind its element")
    movl $buffer, %edi
    movl $16, %ecx
    movl $0x11223344, %eax
    BREAK(0, buffer + 20, WRITE4)
    CATCH(1f)
2:  rep stosl
    nop
1:  CAUGHT(DB, 0, 2b)
    IS(%edi, $buffer + 24)
    IS(%ecx, $10)
    DR6_IS(1)
    CHECK("RF is set in its frame, but for the last element")
    IS_MASKED(caught_flags, $RF, $RF)
    movl $buffer, %edi
    movl $6, %ecx
    CATCH(1f)
2:  rep stosl
3:  nop
1:  CAUGHT(DB, 0, 3b)
    IS(%ecx, $0)
    IS_MASKED(caught_flags, $RF, $0)
    DR6_IS(1)
    CHECK("write: rep stos goes on behind it")
    GATE(DB, $counted, $G_INT)
    movl $0, count
    movl $buffer, %edi
    movl $16, %ecx
    rep stosl
    IS(count, $1)
    IS(buffer + 60, $0x11223344)
    CHECK("write: rep movs, upwards and downwards")
    movl $buffer, %esi
    movl $buffer + 8, %edi
    movl $10, %ecx
    rep movsl
    IS(count, $2)
    std
    movl $buffer + 40, %edi
    movl $buffer + 80, %esi
    movl $10, %ecx
    rep movsl
    cld
    IS(count, $3)
    CHECK("access: rep movs reads it, rep lods, repe cmps, repne scas")
    DR7(LOCAL(0) + WHEN(0, ACCESS4))
    movl $0, count
    movl $buffer, %esi
    movl $buffer + 64, %edi
    movl $10, %ecx
    rep movsl
    IS(count, $1)
    movl $buffer, %esi
    movl $64, %ecx
    rep lodsb
    IS(count, $5)
    movl $buffer, %esi
    movl $buffer, %edi
    movl $10, %ecx
    repe cmpsl
    IS(count, $6)
    IS(%ecx, $0)
    movl $0x99, %eax
    movl $buffer, %edi
    movl $10, %ecx
    repne scasl
    IS(count, $7)
    IS(%ecx, $0)
    CHECK("access: none elsewhere in the page")
    movl $0, count
    movl $buffer + 24, %edi
    movl $200, %ecx
    rep stosb
    IS(count, $0)
    CATCH_AGAIN(DB)
    OFF
    xorl %eax, %eax
    movl %eax, %dr6
    ret

    .globl together
together:
    CHECK("two breakpoints at once")
    movl $cell, %eax
    movl %eax, %dr0
    incl %eax
    movl %eax, %dr1
    DR7(LOCAL(0) + WHEN(0, WRITE4) + GLOBAL(1) + WHEN(1, ACCESS1))
    TRAPS(3, movl $1, cell)
    TRAPS(1, movb $1, cell)
    TRAPS(2, movl cell, %eax)
    CHECK("DR6: a breakpoint takes the place of those met before; BS stays")
    movl $BS + 8, %eax
    movl %eax, %dr6
    TRAPS(BS + 2, movl cell, %eax)
    movl $BS + 8, %eax
    movl %eax, %dr6
    BREAK(2, 7f, EXECUTE)
    STOPS(BS + 4, nop)
    movl $cell + 1, %eax
    movl %eax, %dr1
    DR7(LOCAL(0) + WHEN(0, WRITE4) + GLOBAL(1) + WHEN(1, ACCESS1))
    CHECK("a single step and a breakpoint at once")
    movl $cell, %eax
    movl %eax, %dr0
    CATCH(1f)
    pushl $TF + 2
    popfl
    movl $1, cell
2:  nop
1:  CAUGHT(DB, 0, 2b)
    DR6_IS(BS + 3)
    CHECK("a trap comes before an interrupt that waits")
    OUTB(0x21, 0xfe)
    OUTB(0x43, 0x30)
    OUTB(0x40, 0xb0)
    OUTB(0x40, 0x04)
    OUTB(0x20, 0x0a)
1:  inb $0x20, %al
    testb $1, %al
    jz 1b
    BREAK(0, cell, ACCESS4)
    CATCH(1f)
    sti
    movl cell, %eax
2:  nop
    nop
1:  cli
    CAUGHT(DB, 0, 2b)
    IS_MASKED(caught_flags, $IF, $IF)
    DR6_IS(1)
    OFF
    OUTB(0x21, 0xff)
    CATCH(1f)
    sti
    nop
    nop
1:  cli
    OUTB(0x20, 0x20)
    CHECK("a trap of a page that is not there yet, with nothing written")
    call page
    BREAK(0, NOWHERE + 4, WRITE4)
    CATCH(1f)
2:  movl $1, NOWHERE + 4
1:  CAUGHT(PF, 2, 2b)
    IS_MASKED(caught_flags, $RF, $RF)
    DR6_IS(0)
    call no_page
    OFF
    ret

    .globl held_back
held_back:
    CHECK("execution: none behind MOV to SS and POP SS")
    movl %ss, %eax
    BREAK(0, 1f, EXECUTE)
    PASSES(movl %eax, %ss; 1: nop)
    BREAK(0, 1f, EXECUTE)
    PASSES(pushl %ss; popl %ss; 1: nop)
    CHECK("execution: behind a load of another segment")
    BREAK(0, 7f, EXECUTE)
    movl %eax, %ds
    STOPS(1, nop)
    CHECK("access: MOV to SS holds its trap back by one instruction")
    movl $KDATA, cell
    BREAK(0, cell, ACCESS4)
    xorl %ecx, %ecx
    CATCH(1f)
    movw cell, %ss
    incl %ecx
2:  incl %ecx
1:  CAUGHT(DB, 0, 2b)
    IS(%ecx, $1)
    DR6_IS(1)
    CHECK("access: MOV to SS, INT n: the trap is the handler's")
    GATE_AT($idt + 0x40 * 8, KCODE, $2f, $G_INT)
    CATCH(1f)
    movw cell, %ss
    int $0x40
2:  nop
1:  movl caught_stack, %esp
    CAUGHT(DB, 0, 2b)
    DR6_IS(1)
    CATCH_AGAIN(0x40)
    CHECK("access: MOV to SS, INT1: one trap for both")
    GATE(DB, $counted, $G_INT)
    movl $0, count
    movw cell, %ss
    .byte 0xf1
    nop
    IS(count, $1)
    CATCH_AGAIN(DB)
    DR6_IS(1)
    OFF
    ret

/* Single steps, beside those of interrupt.S. */
#define STEPS(behind, ...)                                                                         \
    CATCH(8f);                                                                                     \
    pushl $TF + 2;                                                                                 \
    popfl;                                                                                         \
    __VA_ARGS__;                                                                                   \
    7: nop;                                                                                        \
    nop;                                                                                           \
    8: movl caught_stack, %esp;                                                                    \
    CAUGHT(DB, 0, behind);                                                                         \
    DR6_IS(BS)

/* Sets off interrupts, so that it is no use to wait here for the trap alone. */
    .globl step_of_hlt
step_of_hlt:
    CHECK("single step: HLT ends at once")
    GATE(0x20, $wake, $G_INT)
    movl $20, count
    OUTB(0x43, 0x34) /* 8254: counter 0, mode 2 */
    OUTB(0x40, 0)
    OUTB(0x40, 0)
    OUTB(0x21, 0xfe)
    CATCH(8f)
    pushl $TF + IF + 2
    popfl
halt:
    hlt
7:  nop
8:  movl caught_stack, %esp
    CAUGHT(DB, 0, 7b)
    DR6_IS(BS)
    CATCH_AGAIN(0x20)
    jmp quiet_pics

/* Halts again, but not for ever. */
wake:
    OUTB(0x20, 0x20)
    movl $halt, (%esp)
    decl count
    jz stubs + 0x20 * STUB
    iret

    .globl steps
steps:
    CHECK("single step: far jumps, calls and returns")
    STEPS(1b, ljmp $KCODE, $1f; nop; 1: nop)
    STEPS(1b, lcall $KCODE, $1f; nop; 1: nop)
    pushl $KCODE
    pushl $1f
    CATCH(8f)
    pushl $TF + 2
    popfl
    lret
    nop
1:  nop
8:  CAUGHT(DB, 0, 1b)
    addl $8, %esp
    DR6_IS(BS)
    CHECK("single step: POPF that clears TF is the last")
    CATCH(8f)
    pushl $2
    pushl $TF + 2
    popfl
    popfl
7:  nop
    nop
8:  CAUGHT(DB, 0, 7b)
    IS_MASKED(caught_flags, $TF, $0)
    DR6_IS(BS)
    CHECK("single step: IRET that clears TF is the last")
    CATCH(8f)
    pushl $2
    pushl $KCODE
    pushl $7f
    pushl $TF + 2
    popfl
    iret
    nop
7:  nop
    nop
8:  CAUGHT(DB, 0, 7b)
    IS_MASKED(caught_flags, $TF, $0)
    DR6_IS(BS)
    CHECK("single step: an instruction that faults gives no #DB")
    CATCH(8f)
    pushl $TF + 2
    popfl
7:  ud2
8:  CAUGHT(UD, 0, 7b)
    IS_MASKED(caught_flags, $TF, $TF)
    DR6_IS(0)
    CHECK("single step: a conditional jump, LOOP, CMOV, an x87 instruction")
    xorl %eax, %eax
    movl $2, %ecx
    STEPS(1b, jecxz 1f; 1: nop)
    STEPS(1b, loop 1f; nop; 1: nop)
    STEPS(7b, cmovzl %eax, %ebx)
    STEPS(7b, fninit)
    STEPS(7b, fldcw control)
    CHECK("single step: STI does not hold it back")
    STEPS(7b, sti)
    CHECK("single step: MOV to SS is not a step of its own")
    movl %ss, %eax
    STEPS(1b, movl %eax, %ss; nop; 1: nop)
    CHECK("single step: MOV to SS, INT1: the trap is INT1's alone")
    CATCH(8f)
    pushl $TF + 2
    popfl
    movl %eax, %ss
    .byte 0xf1
7:  nop
8:  movl caught_stack, %esp
    CAUGHT(DB, 0, 7b)
    DR6_IS(0)
    CHECK("INT1: #DB, DR6 unchanged")
    CATCH(8f)
    .byte 0xf1
7:  nop
8:  CAUGHT(DB, 0, 7b)
    DR6_IS(0)
    CHECK("INT1 clears GD")
    DR7(GD)
    CATCH(8f)
    .byte 0xf1
7:  nop
8:  CAUGHT(DB, 0, 7b)
    movl $-1, %eax
    CATCH(8f)
    movl %dr7, %eax
8:  IS(%eax, $0x400)
    CHECK("INT 1 does not")
    DR7(GD)
    CATCH(8f)
    int $1
7:  nop
8:  CAUGHT(DB, 0, 7b)
    FAULTS(DB, 0, movl %dr7, %eax)
    DR6_IS(BD)
    OFF
    ret
