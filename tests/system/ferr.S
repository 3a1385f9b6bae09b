/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 exceptions as a PC/AT reports them: with CR0.NE clear by FERR#, IRQ 13 and port F0h, which
 * asserts IGNNE# (SDM vol. 1, appendix D.2); with CR0.NE set by #MF.
 */
#include "guest.inc"

#define IRQ13 0x2d
#define MF    16
#define NE    0x20

/* The control word with zero division unmasked. */
#define UNMASK() fldcw unmasked
#define RAISE()                                                                                    \
    fninit;                                                                                        \
    UNMASK();                                                                                      \
    fld1;                                                                                          \
    fldz;                                                                                          \
    fdivrp %st, %st(1)

    .text
    .code32
    .globl image
image:
    OUTB(0xa1, 0xdf)
    OUTB(0x21, 0xfb)
    movl %cr0, %eax
    andl $~0x2e, %eax
    movl %eax, %cr0
    call by_interrupt
    call ignored
    call held_back
    movl %cr0, %eax
    orl $NE, %eax
    movl %eax, %cr0
    call by_exception
    jmp quiet_pics

#define END_OF_INTERRUPT()                                                                         \
    OUTB(0xa0, 0x20);                                                                              \
    OUTB(0x20, 0x20)
#define PENDING()                                                                                  \
    OUTB(0xa0, 0x0a);                                                                              \
    INB(0xa0)

by_interrupt:
    CHECK("the instruction that raises an error completes")
    OUTB(0xf0, 0)
    RAISE()
    fnstsw %ax
    IS_MASKED(%eax, $0x80ff, $0x8084)
    CHECK("IRQ 13 is asked for, at the latest before the next x87 instruction that waits")
    CATCH(1f)
    sti
    nop
    nop
2:  fwait
    nop
    ud2
1:  cli
    IS(caught_vector, $IRQ13)
    CHECK("the error is still in the status word")
    fnstsw %ax
    IS_MASKED(%eax, $0x80ff, $0x8084)
    fnclex
    OUTB(0xf0, 0)
    END_OF_INTERRUPT()
    CHECK("with the error cleared, no second interrupt")
    CATCH(1f)
    sti
    nop
    fwait
    fld1
    fstp %st
    nop
1:  cli
    IS(caught_vector, $-1)
    ret

ignored:
    CHECK("a write to F0h ends the request, and IGNNE# lets x87 instructions run")
    RAISE()
    CATCH(1f)
    sti
    nop
    nop
    fwait
    ud2
1:  cli
    IS(caught_vector, $IRQ13)
    OUTB(0xf0, 0)
    END_OF_INTERRUPT()
    CATCH(1f)
    sti
    nop
    fwait
    fld1
    fstps result
    nop
    cli
1:  cli
    IS(caught_vector, $-1)
    PENDING()
    IS_MASKED(%eax, $0x20, $0)
    CHECK("with the error still there")
    fnstsw %ax
    IS_MASKED(%eax, $0x8084, $0x8084)
    CHECK("FNCLEX ends IGNNE#: the next error asks again")
    fnclex
    OUTB(0xf0, 0)
    END_OF_INTERRUPT()
    RAISE()
    CATCH(1f)
    sti
    nop
    nop
    fwait
    ud2
1:  cli
    IS(caught_vector, $IRQ13)
    fnclex
    OUTB(0xf0, 0)
    END_OF_INTERRUPT()
    ret

held_back:
    CHECK("FNSTSW, FNSTCW, FNINIT and FNCLEX do not wait")
    RAISE()
    fnstsw %ax
    fnstcw result
    fnclex
    RAISE()
    fninit
    fnstsw %ax
    IS_MASKED(%eax, $0x80ff, $0)
    CATCH(1f)
    OUTB(0xf0, 0)
1:  IS(caught_vector, $-1)
    CHECK("masked errors ask for nothing")
    fninit
    fld1
    fldz
    fdivrp %st, %st(1)
    fstp %st
    PENDING()
    IS_MASKED(%eax, $0x20, $0)
    fnclex
    ret

by_exception:
    CHECK("with CR0.NE set: #MF at the next x87 instruction that waits")
    RAISE()
    nop
    FAULTS(MF, 0, fwait)
    FAULTS(MF, 0, fld1)
    FAULTS(MF, 0, fldcw unmasked)
    CHECK("it leaves the registers")
    fnstsw %ax
    IS_MASKED(%eax, $0xb8ff, $0xb084)
    CHECK("and no IRQ 13")
    PENDING()
    IS_MASKED(%eax, $0x20, $0)
    CHECK("WAIT and ESC without an x87: #NM by CR0.EM, before #MF")
    movl %cr0, %eax
    orl $4, %eax
    movl %eax, %cr0
    FAULTS(NM, 0, fld1)
    movl %cr0, %eax
    andl $~4, %eax
    movl %eax, %cr0
    CHECK("#MF at CPL 3")
    USER_FAULTS(MF, 0, fwait)
    CHECK("an unmasked error that is loaded: #MF behind FLDCW")
    fninit
    fld1
    fldz
    fdivrp %st, %st(1)
    UNMASK()
    FAULTS(MF, 0, fld1)
    fnclex
    fninit
    ret

    .data
    .align 4
unmasked: .word 0x037b
result: .skip 16
