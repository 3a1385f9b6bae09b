/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debug registers: breakpoints on execution, data and ports; RF; #DB (SDM vol. 3, 17.2, 17.3). */
#include "guest.inc"

#define IF 0x200
#define TF 0x100
#define RF 0x10000
#define VM 0x20000
#define DE_ 0x08 /* CR4.DE */
#define GD 0x2000
#define BD 0x2000
#define BS 0x4000

/* R/W and LEN, as DR7 has them together. */
#define EXECUTE 0x0
#define WRITE1  0x1
#define WRITE2  0x5
#define WRITE4  0xd
#define ACCESS1 0x3
#define ACCESS2 0x7
#define ACCESS4 0xf
#define PORT1   0x2
#define PORT2   0x6
#define PORT4   0xe

#define LOCAL(n)       (1 << (2 * (n)))
#define GLOBAL(n)      (2 << (2 * (n)))
#define WHEN(n, kind)  ((kind) << (16 + 4 * (n)))
#define PORT           0x80 /* POST codes: nobody minds */
#define SECOND         (FREE + 0x00)
#define BASED          (FREE + 0x08)
#define NOWHERE        0x80000000

#define DR7(value)                                                                                 \
    pushl %eax;                                                                                    \
    movl $value, %eax;                                                                             \
    movl %eax, %dr7;                                                                               \
    popl %eax
/* Breakpoint n and no other. */
#define BREAK(n, address, kind)                                                                    \
    pushl %eax;                                                                                    \
    movl $(address), %eax;                                                                         \
    movl %eax, %dr##n;                                                                             \
    popl %eax;                                                                                     \
    DR7(LOCAL(n) + WHEN(n, kind))
#define OFF DR7(0)
/* What the last #DB has set in DR6, which is cleared. */
#define DR6_IS(bits)                                                                               \
    pushl %eax;                                                                                    \
    movl %dr6, %eax;                                                                               \
    IS_MASKED(%eax, $0xe00f, $(bits));                                                             \
    xorl %eax, %eax;                                                                               \
    movl %eax, %dr6;                                                                               \
    popl %eax
/* The trap behind an instruction; none. */
#define TRAPS(bits, ...)                                                                           \
    CATCH(8f);                                                                                     \
    __VA_ARGS__;                                                                                   \
    7: nop;                                                                                        \
    nop;                                                                                           \
    8: movl caught_stack, %esp;                                                                    \
    CAUGHT(DB, 0, 7b);                                                                             \
    DR6_IS(bits)
#define PASSES(...)                                                                                \
    CATCH(8f);                                                                                     \
    __VA_ARGS__;                                                                                   \
    nop;                                                                                           \
    8: movl caught_stack, %esp;                                                                    \
    IS(caught_vector, $-1)
/* The fault before one. */
#define STOPS(bits, ...)                                                                           \
    FAULTS(DB, 0, __VA_ARGS__);                                                                    \
    DR6_IS(bits)

    .text
    .code32
    .globl image
image:
    movl $0x0f0f0f0f, cell
    call registers
    call general_detect
    call execution
    call resume
    call strings_and_code
    call writes
    call accesses
    call instructions
    call repeated
    call together
    call held_back
    call step_of_hlt
    call steps
    call user
    call ports
    call tasks
    OFF
    ret

registers:
    CHECK("DR0 to DR3 keep what is written")
    movl $0x12345678, %eax
    movl %eax, %dr0
    notl %eax
    movl %eax, %dr1
    movl $0xffffffff, %eax
    movl %eax, %dr2
    movl $1, %eax
    movl %eax, %dr3
    movl %dr0, %ebx
    IS(%ebx, $0x12345678)
    movl %dr1, %ebx
    IS(%ebx, $0xedcba987)
    movl %dr2, %ebx
    IS(%ebx, $0xffffffff)
    movl %dr3, %ebx
    IS(%ebx, $1)
    CHECK("DR6: bits 4 to 11 and 16 to 31 are set")
    xorl %eax, %eax
    movl %eax, %dr6
    movl %dr6, %ebx
    IS(%ebx, $0xffff0ff0)
    movl $0xf, %eax
    movl %eax, %dr6
    movl %dr6, %ebx
    IS(%ebx, $0xffff0fff)
    CHECK("DR6: bit 12 is clear")
    movl $0xffffffff, %eax
    movl %eax, %dr6
    movl %dr6, %ebx
    IS_MASKED(%ebx, $0x1000, $0)
    CHECK("DR7: bit 10 is set")
    OFF
    movl %dr7, %ebx
    IS(%ebx, $0x400)
    CHECK("DR7: bits 12, 14 and 15 are clear")
    DR7(0xd300)
    movl %dr7, %ebx
    IS(%ebx, $0x700)
    CHECK("DR4 and DR5 are DR6 and DR7")
    movl $0x100, %eax
    movl %eax, %dr5
    movl %dr7, %ebx
    IS(%ebx, $0x500)
    xorl %eax, %eax
    movl %eax, %dr4
    movl %dr4, %ebx
    IS(%ebx, $0xffff0ff0)
    CHECK("#UD of DR4 and DR5 with CR4.DE")
    movl $DE_, %eax
    movl %eax, %cr4
    FAULTS(UD, 0, movl %dr4, %ebx)
    FAULTS(UD, 0, movl %dr5, %ebx)
    FAULTS(UD, 0, movl %eax, %dr4)
    FAULTS(UD, 0, movl %eax, %dr5)
    xorl %eax, %eax
    movl %eax, %cr4
    OFF
    ret

general_detect:
    CHECK("GD: #DB before each access to a debug register, BD")
    DR7(GD)
    FAULTS(DB, 0, movl %dr0, %eax)
    DR6_IS(BD)
    DR7(GD)
    FAULTS(DB, 0, movl %eax, %dr3)
    DR6_IS(BD)
    DR7(GD)
    FAULTS(DB, 0, movl %eax, %dr7)
    DR6_IS(BD)
    CHECK("GD is clear in the handler")
    DR7(GD)
    FAULTS(DB, 0, movl %dr6, %eax)
    movl %dr7, %eax
    IS(%eax, $0x400)
    DR6_IS(BD)
    CHECK("RF is set in its frame")
    DR7(GD)
    FAULTS(DB, 0, movl %dr6, %eax)
    IS_MASKED(caught_flags, $RF, $RF)
    OFF
    DR6_IS(BD)
    ret

execution:
    CHECK("execution: #DB before the instruction")
    xorl %ecx, %ecx
    BREAK(0, 7f, EXECUTE)
    STOPS(1, incl %ecx)
    IS(%ecx, $0)
    CHECK("execution: RF is clear in its frame")
    BREAK(0, 7f, EXECUTE)
    STOPS(1, incl %ecx)
    IS_MASKED(caught_flags, $RF, $0)
    CHECK("execution: each of DR0 to DR3, by L or G")
    BREAK(1, 7f, EXECUTE)
    STOPS(2, nop)
    BREAK(2, 7f, EXECUTE)
    STOPS(4, nop)
    BREAK(3, 7f, EXECUTE)
    STOPS(8, nop)
    BREAK(3, 7f, EXECUTE)
    DR7(GLOBAL(3))
    STOPS(8, nop)
    CHECK("execution: none that is not enabled")
    BREAK(0, 1f, EXECUTE)
    DR7(0x300)
    PASSES(1: nop)
    CHECK("execution: none for the second byte of an instruction")
    BREAK(0, 1f + 1, EXECUTE)
    PASSES(1: movl %ds:cell, %eax)
    CHECK("execution: on a prefix")
    BREAK(0, 7f, EXECUTE)
    STOPS(1, movl %ds:cell, %eax)
    CHECK("execution: before a fault of the instruction")
    BREAK(0, 7f, EXECUTE)
    STOPS(1, ud2)
    BREAK(0, 7f, EXECUTE)
    STOPS(1, hlt)
    CHECK("execution: where no page is, or no segment")
    call page
    BREAK(0, NOWHERE, EXECUTE)
    movl $NOWHERE, %eax
    CATCH(1f)
    jmp *%eax
1:  CAUGHT(DB, 0, NOWHERE)
    DR6_IS(1)
    OFF
    CATCH(1f)
    jmp *%eax
1:  CAUGHT(PF, 0, NOWHERE)
    call no_page
    CHECK("execution: in the middle of straight code, each time")
    GATE(DB, $passed, $G_INT)
    movl $0, count
    BREAK(0, 2f, EXECUTE)
    movl $100, %ecx
1:  addl $1, %eax
    movl %eax, %edx
2:  subl $1, %eax
    decl %ecx
    jnz 1b
    IS(count, $100)
    CHECK("execution: at the head of a loop, and where a branch goes")
    movl $0, count
    BREAK(0, 1f, EXECUTE)
    movl $50, %ecx
1:  decl %ecx
    jnz 1b
    IS(count, $50)
    BREAK(2, 3f, EXECUTE)
    movl $50, %ecx
1:  testl $1, %ecx
    jz 2f
    nop
3:  nop
2:  decl %ecx
    jnz 1b
    IS(count, $75)
    CHECK("execution: flags are those before it")
    movl $0, count
    BREAK(0, 2f, EXECUTE)
    movl $0x7fffffff, %eax
    addl $1, %eax
2:  cmpl %eax, %eax
    movl passed_flags, %eax
    IS_MASKED(%eax, $0x8d5, $0x894)
    CHECK("execution: moved to another address, off, and on again")
    movl $0, count
    movl $4, %ebx
1:  movl $2f, %eax
    testl $1, %ebx
    jz 4f
    movl $3f, %eax
4:  movl %eax, %dr1
    DR7(LOCAL(1))
    movl $10, %ecx
4:  nop
2:  nop
    loop 4b
3:  nop
    OFF
    decl %ebx
    jnz 1b
    IS(count, $22) /* 2 * 10 + 2 * 1 */
    CHECK("execution: a linear address, whatever the segment's base")
    DESCRIPTOR(BASED, $0x1000, $0xfffff, $A_CODE + A_32 + A_PAGES)
    movl $0, count
    BREAK(0, 1f, EXECUTE)
    ljmp $BASED, $1f - 0x1000
1:  ljmp $KCODE, $1f
1:  OFF
    IS(count, $1)
    CATCH_AGAIN(DB)
    movl %dr6, %eax
    IS_MASKED(%eax, $1, $1) /* bits of earlier ones may be left */
    xorl %eax, %eax
    movl %eax, %dr6
    CHECK("execution: in real-address mode")
    OFF
    REAL(real_mode)
    ret

/* Counts, and goes on behind the breakpoint by RF. */
passed:
    incl count
    orl $RF, 8(%esp)
    pushl 8(%esp)
    popl passed_flags
    iret

    .section .low, "ax"
    .code16
real_mode:
    call catch_real
    movl $7f, %eax
    movl %eax, %dr0
    movl $LOCAL(0), %eax
    movl %eax, %dr7
    FAULTS16(DB, incw %cx)
    xorl %eax, %eax
    movl %eax, %dr7
    jmp leave_real
    .text
    .code32

/* 4 MiB onto themselves, and nothing at NOWHERE. */
page:
    movl $0x83, directory
    movl $0x83, directory + 0x3fc * 4
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl $directory, %eax
    movl %eax, %cr3
    movl %eax, tss + TSS_CR3
    movl %cr0, %eax
    orl $0x80000000, %eax
    movl %eax, %cr0
    ret
no_page:
    movl %cr0, %eax
    andl $~0x80000000, %eax
    movl %eax, %cr0
    ret

/* IRET to an address with flags. */
#define RETURN(address, flags)                                                                     \
    pushl $(flags) + 2;                                                                            \
    pushl $KCODE;                                                                                  \
    pushl $address;                                                                                \
    iret

resume:
    CHECK("RF: IRET with it passes over the breakpoint, once")
    BREAK(0, 1f, EXECUTE)
    movl $5, %ecx
    CATCH(2f)
    RETURN(1f, RF)
1:  decl %ecx
    jnz 1b
2:  CAUGHT(DB, 0, 1b)
    IS(%ecx, $4)
    movl %dr6, %eax
    IS_MASKED(%eax, $1, $1)
    xorl %eax, %eax
    movl %eax, %dr6
    CHECK("RF is cleared by the instruction that it lets through")
    BREAK(0, 2f, EXECUTE)
    CATCH(3f)
    RETURN(1f, RF)
1:  incl %ecx
2:  nop
3:  CAUGHT(DB, 0, 2b)
    DR6_IS(1)
    CHECK("RF: POPF does not load it")
    BREAK(0, 7f, EXECUTE)
    pushl $RF + 2
    popfl
    STOPS(1, nop)
    CHECK("RF: PUSHF does not show it")
    BREAK(0, 1f, EXECUTE)
    RETURN(1f, RF)
1:  pushfl
    OFF
    popl %eax
    IS_MASKED(%eax, $RF, $0)
    CHECK("RF is set in the frame of a fault")
    FAULTS(UD, 0, ud2)
    IS_MASKED(caught_flags, $RF, $RF)
    FAULTS(DE, 0, xorl %ecx, %ecx; 7: divl %ecx)
    IS_MASKED(caught_flags, $RF, $RF)
    FAULTS(GP, FREE + 0x20, movl $FREE + 0x20, %eax; 7: movl %eax, %ds)
    IS_MASKED(caught_flags, $RF, $RF)
    CHECK("RF is clear in the frame of INT n and INT3")
    CATCH(2f)
    int $0x40
2:  IS_MASKED(caught_flags, $RF, $0)
    CATCH(2f)
    int3
2:  IS_MASKED(caught_flags, $RF, $0)
    CHECK("RF is clear in the frame of INT n that it let through")
    BREAK(0, 1f, EXECUTE)
    CATCH(2f)
    RETURN(1f, RF)
1:  int $0x40
2:  IS(caught_vector, $0x40)
    IS_MASKED(caught_flags, $RF, $0)
    CHECK("RF: a fault, mended, with a breakpoint on the instruction")
    GATE(DB, $passed, $G_INT)
    GATE(UD, $mend, $G_INT)
    movl $0, count
    movl $0x0b0f, buffer /* ud2 */
    movb $0xc3, buffer + 2
    BREAK(0, buffer, EXECUTE)
    call buffer
    OFF
    IS(count, $1)
    CATCH_AGAIN(UD)
    CATCH_AGAIN(DB)
    DR6_IS(1)
    ret

mend:
    movw $0x9090, buffer
    iret
strings_and_code:
    CHECK("execution: on a repeated string instruction, before it alone")
    GATE(DB, $passed, $G_INT)
    movl $0, count
    BREAK(0, 1f, EXECUTE)
    movl $buffer, %edi
    movl $20, %ecx
1:  rep stosb
    OFF
    IS(count, $1)
    IS(%ecx, $0)
    CATCH_AGAIN(DB)
    DR6_IS(1)
    ret

/* A store to addresses around cell, of four bytes from cell on. */
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

counted:
    incl count
    iret

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

handler:
    nop
    iret

/* Frames of #DB in a repeated instruction. */
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

user:
    CHECK("at CPL 3: execution, write, access")
    BREAK(0, 7f, EXECUTE)
    USER_FAULTS(DB, 0, nop)
    DR6_IS(1)
    BREAK(1, cell, WRITE4)
    USER(8f, 6f)
6:  movl $0x77, cell
7:  nop
    ud2
8:  CAUGHT(DB, 0, 7b)
    IS(cell, $0x77)
    DR6_IS(2)
    BREAK(2, cell, ACCESS4)
    USER(8f, 6f)
6:  movl cell, %eax
7:  nop
    ud2
8:  CAUGHT(DB, 0, 7b)
    IS(%eax, $0x77)
    DR6_IS(4)
    CHECK("#GP of debug registers at CPL 3")
    OFF
    USER_FAULTS(GP, 0, movl %dr0, %eax)
    USER_FAULTS(GP, 0, movl %eax, %dr7)
    CHECK("INT1 at CPL 3, by a gate of DPL 0")
    USER(8f, 6f)
6:  .byte 0xf1
7:  nop
    ud2
8:  CAUGHT(DB, 0, 7b)
    DR6_IS(0)
    ret

ports:
    CHECK("port: none without CR4.DE")
    BREAK(0, PORT, PORT1)
    PASSES(outb %al, $PORT)
    CHECK("port: OUT and IN")
    movl $DE_, %eax
    movl %eax, %cr4
    TRAPS(1, outb %al, $PORT)
    TRAPS(1, inb $PORT, %al)
    CHECK("port: by DX, of words that overlap")
    movl $PORT, %edx
    TRAPS(1, outb %al, %dx)
    TRAPS(1, inw $PORT - 1, %ax)
    TRAPS(1, inl $PORT - 3, %eax)
    PASSES(inb $PORT - 1, %al)
    PASSES(inb $PORT + 4, %al)
    CHECK("port: two and four of them")
    BREAK(1, PORT + 1, PORT2)
    TRAPS(2, inb $PORT, %al)
    TRAPS(2, inb $PORT + 1, %al)
    PASSES(inb $PORT + 2, %al)
    BREAK(2, PORT + 4, PORT4)
    TRAPS(4, inb $PORT + 7, %al)
    PASSES(inb $PORT + 3, %al)
    CHECK("port: rep outs and rep ins, behind each element")
    GATE(DB, $counted, $G_INT)
    BREAK(0, PORT, PORT1)
    movl $0, count
    movl $buffer, %esi
    movl $PORT, %edx
    movl $5, %ecx
    rep outsb
    IS(count, $5)
    IS(%esi, $buffer + 5)
    movl $buffer, %edi
    movl $4, %ecx
    rep insb
    IS(count, $9)
    IS(%edi, $buffer + 4)
    CATCH_AGAIN(DB)
    OFF
    DR6_IS(1)
    xorl %eax, %eax
    movl %eax, %cr4
    ret

tasks:
    DESCRIPTOR(SECOND, $tss2, $0x67, $S_TSS)
    CHECK("a task switch clears L0 to L3 and LE")
    movl $tss2, %edi
    movl $0x68 / 4, %ecx
    xorl %eax, %eax
    rep stosl
    movl $1f, tss2 + TSS_EIP
    movl $2, tss2 + TSS_FLAGS
    movl $stack2, tss2 + TSS_ESP
    movl $KCODE, tss2 + TSS_CS
    movl $KDATA, tss2 + TSS_SS
    movl $KDATA, tss2 + TSS_DS
    movl $KDATA, tss2 + TSS_ES
    movl $cell, %eax
    movl %eax, %dr0
    movl %eax, %dr1
    movl %eax, %dr2
    movl %eax, %dr3
    DR7(0x3ff)
    ljmp $SECOND, $0
    jmp 2f
1:  movl %dr7, %ebx
    ljmp $TASK, $0
2:  movl tss2 + TSS_EAX + 12, %ebx
    IS(%ebx, $0x6aa)
    OFF
    clts
    CHECK("a task switch loads RF")
    movl $3f, tss2 + TSS_EIP
    movl $RF + 2, tss2 + TSS_FLAGS
    movl $3f, %eax
    movl %eax, %dr0
    DR7(GLOBAL(0))
    CATCH(1f)
    ljmp $SECOND, $0
    jmp 2f
1:  movl $stack2, %esp
    OFF
    IS(caught_vector, $-1)
    ljmp $TASK, $0
3:  nop
    movl $-1, caught_vector
    OFF
    ljmp $TASK, $0
2:  clts
    CHECK("a fault's task gate saves RF in the old task")
    movl $3f, tss2 + TSS_EIP
    movl $2, tss2 + TSS_FLAGS
    GATE_AT($idt + UD * 8, SECOND, $0, $G_TASK)
1:  ud2
    jmp 2f
3:  movl tss + TSS_FLAGS, %eax
    IS_MASKED(%eax, $RF, $RF)
    IS(tss + TSS_EIP, $1b)
    addl $2, tss + TSS_EIP
    iret
2:  clts
    CATCH_AGAIN(UD)
    DR6_IS(0)
    ret

    .data
    .align 4
control: .word 0x37f
    .align 4096
    .skip 64
buffer: .skip 1024
    .align 16
    .long 0, 0, 0, 0, 0, 0, 0, 0
cell: .long 0, 0, 0, 0, 0, 0, 0
other: .long 0
count: .long 0
passed_flags: .long 0
    .align 16
    .skip 64
stack: .skip 256
    .align 4096
    .skip 4096
border: .skip 4096
directory: .skip 4096
    .bss
    .align 16
tss2: .skip 0x70
    .skip 4096
stack2:
