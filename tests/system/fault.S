/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exceptions: which, with what error code, and that nothing else has happened (SDM vol. 3, 6). */
#include "guest.inc"

#define ARITHMETIC 0x8d5

/* No page is there. The error code is paging.S's business. */
#define NOWHERE 0x80000000
#define CAUGHT_ANY(vector, eip)                                                                    \
    pushl $eip;                                                                                    \
    pushl caught_error;                                                                            \
    pushl $vector;                                                                                 \
    pushl $__LINE__;                                                                               \
    call caught
#define FAULTS_ANY(vector, ...)                                                                    \
    CATCH(8f);                                                                                     \
    7: __VA_ARGS__;                                                                                \
    8: CAUGHT_ANY(vector, 7b)

/* Descriptors of the image's own. */
#define EMPTY     FREE        /* all zeros */
#define ABSENT    FREE + 8    /* data, not present */
#define ABSENT_C  FREE + 0x10 /* code, not present */
#define USER_DATA FREE + 0x18 /* data of CPL 3 */
#define READ_ONLY FREE + 0x20
#define GATE_     FREE + 0x28
#define SYSTEM_LDT FREE + 0x30

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(ABSENT, $0, $0xfffff, $A_DATA - A_PRESENT + A_32 + A_PAGES)
    DESCRIPTOR(ABSENT_C, $0, $0xfffff, $A_CODE - A_PRESENT + A_32 + A_PAGES)
    DESCRIPTOR(USER_DATA, $0, $0xfffff, $A_DATA + A_DPL3 + A_32 + A_PAGES)
    DESCRIPTOR(READ_ONLY, $0, $0xfffff, $A_READONLY + A_32 + A_PAGES)
    movl $0x87, directory /* 4 MiB onto themselves, for CPL 3 too */
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl $directory, %eax
    movl %eax, %cr3
    movl %cr0, %eax
    orl $0x80000000, %eax
    movl %eax, %cr0
    call divide
    call traps
    call undefined
    call no_coprocessor
    call selectors
    call gates
    call flags
    call registers
    call double_faults
    call debug
    ret

divide:
    CHECK("#DE of div and idiv, with registers kept")
    movl $0x12345678, %eax
    movl $0x9abcdef0, %edx
    xorl %ecx, %ecx
    FAULTS(DE, 0, divl %ecx)
    FAULTS(DE, 0, idivl %ecx)
    FAULTS(DE, 0, divw %cx)
    FAULTS(DE, 0, idivb %cl)
    FAULTS(DE, 0, divl zero)
    movl $0x10, %ecx
    FAULTS(DE, 0, divl %ecx) /* too large a quotient */
    FAULTS(DE, 0, divb %cl)
    IS(%eax, $0x12345678)
    IS(%edx, $0x9abcdef0)
    CHECK("#DE of idiv's largest quotients")
    movl $0x80000000, %eax
    cltd
    movl $-1, %ecx
    FAULTS(DE, 0, idivl %ecx)
    movl $0x8000, %eax
    cwtd
    FAULTS(DE, 0, idivw %cx)
    movw $0xff80, %ax
    FAULTS(DE, 0, idivb %cl)
    movw $0xff80, %ax
    movb $1, %cl
    idivb %cl
    movzwl %ax, %eax
    IS(%eax, $0x0080)
    CHECK("#DE of aam")
    movl $0x55, %eax
    FAULTS(DE, 0, .byte 0xd4, 0)
    IS(%eax, $0x55)
    ret

/* A trap: it comes back behind the instruction. */
#define TRAPS(vector, ...)                                                                         \
    CATCH(8f);                                                                                     \
    __VA_ARGS__;                                                                                   \
    7: ud2;                                                                                        \
    8: CAUGHT(vector, 0, 7b)

traps:
    CHECK("#BP")
    TRAPS(BP, int3)
    TRAPS(BP, .byte 0xcd, 3)
    CHECK("INT n")
    TRAPS(0x80, int $0x80)
    TRAPS(0xff, int $0xff)
    ret

undefined:
    CHECK("#OF of INTO")
    movb $0x7f, %al
    addb $1, %al
    TRAPS(OF, into)
    movb $1, %al
    addb $1, %al
    into
    CHECK("#BR of BOUND")
    movl $4, %eax
    FAULTS(BR, 0, boundl %eax, limits)
    movl $11, %eax
    FAULTS(BR, 0, boundl %eax, limits)
    movl $5, %eax
    boundl %eax, limits
    movl $10, %eax
    boundl %eax, limits
    movw $-1, %ax
    FAULTS(BR, 0, boundw %ax, limits)
    IS(%eax, $0xffff)

    CHECK("#UD of undefined opcodes")
    FAULTS(UD, 0, ud2)
    FAULTS(UD, 0, .byte 0x0f, 0xff, 0xc0)
    FAULTS(UD, 0, .byte 0x0f, 0x04)
    FAULTS(UD, 0, .byte 0xfe, 0xd0)
    FAULTS(UD, 0, .byte 0xff, 0xf8)
    FAULTS(UD, 0, .byte 0xc6, 0xc8, 0)
    CHECK("#UD of pop's other forms")
    FAULTS(UD, 0, .byte 0x8f, 0xc8)
    CHECK("#UD of registers where memory is meant")
    FAULTS(UD, 0, .byte 0x8d, 0xc0)       /* lea */
    FAULTS(UD, 0, .byte 0x62, 0xc0)       /* bound */
    FAULTS(UD, 0, .byte 0xc4, 0xc0)       /* les */
    FAULTS(UD, 0, .byte 0xff, 0xd8)       /* lcall */
    FAULTS(UD, 0, .byte 0x0f, 0xc7, 0xc8) /* cmpxchg8b */
    FAULTS(UD, 0, .byte 0x0f, 0x01, 0xd0) /* lgdt */
    CHECK("#UD of registers that are not there")
    FAULTS(UD, 0, .byte 0x8e, 0xc8)       /* mov to cs */
    FAULTS(UD, 0, .byte 0x8e, 0xf0)
    FAULTS(UD, 0, .byte 0x8c, 0xf8)
    FAULTS(UD, 0, .byte 0x0f, 0x20, 0xc8) /* cr1 */
    FAULTS(UD, 0, .byte 0x0f, 0x22, 0xe8) /* cr5 */
    CHECK("#UD of LOCK")
    movl $directory + 4080, %eax
    FAULTS(UD, 0, .byte 0xf0, 0x01, 0xc0)       /* add of a register */
    FAULTS(UD, 0, .byte 0xf0, 0x90)
    FAULTS(UD, 0, .byte 0xf0, 0x89, 0x00)       /* mov */
    FAULTS(UD, 0, .byte 0xf0, 0x39, 0x00)       /* cmp */
    movl $zero, %eax
    lock
    incl (%eax)
    lock
    decl (%eax)
    IS(zero, $0)
    CHECK("#UD of LOCK with what writes nothing")
    FAULTS(UD, 0, .byte 0xf0, 0x0f, 0xa3, 0x00) /* bt */
    CHECK("#GP of an instruction of more than 15 bytes")
    .rept 13
    .byte 0x3e
    .endr
    movb (%eax), %cl
    FAULTS(GP, 0, .fill 14, 1, 0x3e; .byte 0x8a, 0x08)
    ret

no_coprocessor:
    CHECK("#NM with CR0.TS")
    fninit
    movl %cr0, %ebx
    movl %ebx, %eax
    orl $8, %eax
    movl %eax, %cr0
    FAULTS(NM, 0, fld1)
    FAULTS(NM, 0, fnstcw zero)
    FAULTS(NM, 0, fnstsw %ax)
    IS(zero, $0)
    CHECK("WAIT with CR0.TS looks at CR0.MP")
    andl $~2, %eax
    movl %eax, %cr0
    fwait
    orl $2, %eax
    movl %eax, %cr0
    FAULTS(NM, 0, fwait)
    CHECK("CLTS")
    clts
    fwait
    fld1
    CHECK("#NM with CR0.EM")
    movl %ebx, %eax
    orl $4, %eax
    movl %eax, %cr0
    FAULTS(NM, 0, fld1)
    movl %ebx, %cr0
    fninit
    ret

selectors:
    CHECK("a null selector loads, and #GP when it is used")
    xorl %eax, %eax
    movl %eax, %fs
    FAULTS(GP, 0, movl %fs:zero, %ecx)
    movl $3, %eax
    movl %eax, %gs
    FAULTS(GP, 0, movl %ecx, %gs:zero)
    movl $0, %eax
    FAULTS(GP, 0, movl %eax, %ss)
    CHECK("#GP of a selector behind its table")
    xorl %eax, %eax
    lldt %ax
    movl $0x200, %eax
    FAULTS(GP, 0x200, movl %eax, %fs)
    movl $0x207, %eax
    FAULTS(GP, 0x204, movl %eax, %fs) /* the LDT's, and there is none */
    movl $0xffff, %eax
    FAULTS(GP, 0xfffc, movl %eax, %ss)
    FAULTS(GP, 0x1f8, ljmp $0x1f9, $0)
    CHECK("#GP of a selector whose descriptor is not for it")
    movl $EMPTY, %eax
    FAULTS(GP, EMPTY, movl %eax, %ds)
    movl $TASK, %eax
    FAULTS(GP, TASK, movl %eax, %es)
    movl $KCODE, %eax
    FAULTS(GP, KCODE, movl %eax, %ss)
    movl $READ_ONLY, %eax
    FAULTS(GP, READ_ONLY, movl %eax, %ss)
    movl $USER_DATA, %eax
    FAULTS(GP, USER_DATA, movl %eax, %ss)
    movl $KDATA + 3, %eax
    FAULTS(GP, KDATA, movl %eax, %ss)
    FAULTS(GP, KDATA, movl %eax, %fs)
    FAULTS(GP, KDATA, ljmp $KDATA, $0)
    FAULTS(GP, UCODE - 3, ljmp $UCODE, $0)
    FAULTS(GP, 0, ljmp $0, $0)
    CHECK("#NP of a segment that is not present")
    movl $ABSENT, %eax
    FAULTS(NP, ABSENT, movl %eax, %fs)
    pushl %eax
    FAULTS(NP, ABSENT, popl %ds)
    popl %ecx
    FAULTS(NP, ABSENT, lds pointer, %ecx)
    FAULTS(NP, ABSENT_C, ljmp $ABSENT_C, $0)
    FAULTS(NP, ABSENT_C, lcall $ABSENT_C, $0)
    CHECK("#SS of a stack segment that is not present")
    FAULTS(SS_, ABSENT, movl %eax, %ss)
    FAULTS(SS_, ABSENT, lss pointer, %esp)
    ret

gates:
    CHECK("#GP of INT n behind the end of the IDT")
    sidt table
    movw $0x80 * 8 - 1, table
    lidt table
    FAULTS(GP, 0x80 * 8 + 2, int $0x80)
    FAULTS(GP, 0xff * 8 + 2, int $0xff)
    movw $0x80 * 8 + 6, table
    lidt table
    FAULTS(GP, 0x80 * 8 + 2, int $0x80)
    lidt idt_pointer
    CHECK("#GP of a gate of no kind")
    movb $0x80, idt + 0x80 * 8 + 5
    FAULTS(GP, 0x80 * 8 + 2, int $0x80)
    movb $G_CALL, idt + 0x80 * 8 + 5
    FAULTS(GP, 0x80 * 8 + 2, int $0x80)
    movb $S_TSS, idt + 0x80 * 8 + 5
    FAULTS(GP, 0x80 * 8 + 2, int $0x80)
    CHECK("#NP of a gate that is not present")
    movb $G_INT - A_PRESENT, idt + 0x80 * 8 + 5
    FAULTS(NP, 0x80 * 8 + 2, int $0x80)
    CATCH_AGAIN(0x80)
    CHECK("#GP and #NP of a gate's segment")
    movw $0, idt + 0x80 * 8 + 2
    FAULTS(GP, 0, int $0x80)
    movw $KDATA, idt + 0x80 * 8 + 2
    FAULTS(GP, KDATA, int $0x80)
    movw $0x200, idt + 0x80 * 8 + 2
    FAULTS(GP, 0x200, int $0x80)
    movw $ABSENT_C, idt + 0x80 * 8 + 2
    FAULTS(NP, ABSENT_C, int $0x80)
    CATCH_AGAIN(0x80)
    CHECK("the error code of what an exception meets has EXT")
    movb $G_INT - A_PRESENT, idt + UD * 8 + 5
    FAULTS(NP, UD * 8 + 3, ud2)
    movw $ABSENT_C, idt + UD * 8 + 2
    movb $G_INT, idt + UD * 8 + 5
    FAULTS(NP, ABSENT_C + 1, ud2)
    movw $0, idt + UD * 8 + 2
    FAULTS(GP, 1, ud2)
    CATCH_AGAIN(UD)
    CHECK("INT n from CPL 3 looks at the gate's DPL")
    USER_FAULTS(GP, 0x80 * 8 + 2, int $0x80)
    USER_FAULTS(GP, 3 * 8 + 2, int3)
    USER(2f, 1f)
1:  movb $0x7f, %al
    addb $1, %al
3:  into
2:  CAUGHT(GP, 4 * 8 + 2, 3b)
    ret

/* Flags that nobody reads but the handler. */
#define FLAGS_ARE(value) IS_MASKED(caught_flags, $ARITHMETIC, $value)

flags:
    CHECK("the flags that a fault pushes")
    xorl %ecx, %ecx
    xorl %eax, %eax
    CATCH(1f)
    cmpl $1, %ecx
2:  movl NOWHERE, %edx
    addl $1, %ecx
1:  CAUGHT_ANY(PF, 2b)
    FLAGS_ARE(0x95) /* cf pf af sf */
    IS(%ecx, $0)
    CATCH(1f)
    movb $0x7f, %dl
    incb %dl
2:  movl NOWHERE, %edx
    subl %edx, %edx
1:  CAUGHT_ANY(PF, 2b)
    FLAGS_ARE(0x890) /* of sf af */
    CATCH(1f)
    stc
    incl %eax
    decl %eax
2:  movl %eax, NOWHERE
    subl %edx, %edx
1:  CAUGHT_ANY(PF, 2b)
    FLAGS_ARE(0x45) /* cf zf pf: inc and dec leave the carry */
    CATCH(1f)
    movl $0x80000000, %edx
    shll $1, %edx
2:  movl NOWHERE, %edx
    orl %edx, %edx
1:  CAUGHT_ANY(PF, 2b)
    IS_MASKED(caught_flags, $0x8c5, $0x845) /* of zf pf cf */
    CATCH(1f)
    movl $0x0f, %edx
    addl $0x71, %edx
2:  addl %edx, NOWHERE /* its own flags are not yet set */
1:  CAUGHT_ANY(PF, 2b)
    FLAGS_ARE(0x10) /* af */
    CATCH(1f)
    movl $0xd5, %eax
    movb %al, %ah
    sahf
2:  ud2
1:  CAUGHT(UD, 0, 2b)
    FLAGS_ARE(0xd5)
    CHECK("the flags that a trap pushes")
    CATCH(1f)
    cmpl %eax, %eax
    int $0x80
2:  addl $1, %eax
1:  CAUGHT(0x80, 0, 2b)
    FLAGS_ARE(0x44)
    CHECK("RF is set in the flags that a fault pushes, not a trap")
    FAULTS(UD, 0, ud2)
    IS_MASKED(caught_flags, $0x10000, $0x10000)
    TRAPS(BP, int3)
    IS_MASKED(caught_flags, $0x10000, $0)
    CHECK("an interrupt gate clears IF, a trap gate does not")
    sti
    nop
    FAULTS(UD, 0, ud2)
    IS_MASKED(caught_flags, $0x200, $0x200)
    pushfl
    popl %eax
    IS_MASKED(%eax, $0x200, $0)
    GATE(UD, $stubs + UD * STUB, $G_TRAP)
    sti
    nop
    FAULTS(UD, 0, ud2)
    pushfl
    popl %eax
    IS_MASKED(%eax, $0x200, $0x200)
    cli
    CATCH_AGAIN(UD)
    CHECK("an exception clears NT")
    pushfl
    popl %eax
    orl $0x4000, %eax
    pushl %eax
    popfl
    FAULTS(UD, 0, ud2)
    IS_MASKED(caught_flags, $0x4000, $0x4000)
    pushfl
    popl %eax
    IS_MASKED(%eax, $0x4000, $0)
    ret

registers:
    movl $0x11111111, %eax
    movl $0x22222222, %ebx
    movl $0x33333333, %ecx
    movl $0x44444444, %edx
    CHECK("read-modify-writes that fault change no register")
    FAULTS_ANY(PF, xchgl %eax, NOWHERE)
    FAULTS_ANY(PF, xaddl %ecx, NOWHERE)
    FAULTS_ANY(PF, cmpxchgl %ecx, NOWHERE)
    FAULTS_ANY(PF, cmpxchg8b NOWHERE)
    FAULTS_ANY(PF, addl NOWHERE, %ebx)
    FAULTS_ANY(PF, imull NOWHERE, %ebx)
    FAULTS_ANY(PF, mull NOWHERE)
    FAULTS_ANY(PF, divl NOWHERE)
    FAULTS_ANY(PF, movzbl NOWHERE, %ebx)
    FAULTS_ANY(PF, shldl %cl, %edx, NOWHERE)
    IS(%eax, $0x11111111)
    IS(%ebx, $0x22222222)
    IS(%ecx, $0x33333333)
    IS(%edx, $0x44444444)
    CHECK("pops that fault leave ESP")
    movl %esp, %ebp
    pushl $0x55555555
    FAULTS_ANY(PF, popl NOWHERE)
    leal 4(%esp), %esi
    IS(%esi, %ebp)
    popl %esi
    IS(%esi, $0x55555555)
    FAULTS_ANY(PF, pushl NOWHERE)
    FAULTS_ANY(PF, call *NOWHERE)
    leal (%esp), %esi
    IS(%esi, %ebp)
    pushl $0x200
    FAULTS(GP, 0x200, popl %ds)
    popl %esi
    IS(%esi, $0x200)
    CHECK("a far return that faults leaves ESP")
    pushl $0x200
    pushl $1f
1:  FAULTS(GP, 0x200, lret)
    FAULTS(GP, 0x200, lret $8)
    addl $8, %esp
    leal (%esp), %esi
    IS(%esi, %ebp)
    CHECK("IRET that faults leaves ESP and flags")
    pushl $0x244
    pushl $0x200
    pushl $1b
    FAULTS(GP, 0x200, iret)
    IS_MASKED(caught_flags, $0x200, $0)
    addl $12, %esp
    leal (%esp), %esi
    IS(%esi, %ebp)
    CHECK("LDS and its like that fault change nothing")
    movl $0x77777777, %esi
    movl %ds, %eax
    movl %eax, %fs
    FAULTS(NP, ABSENT, lfs pointer, %esi)
    IS(%esi, $0x77777777)
    movl %fs, %esi
    IS(%esi, $KDATA)
    CHECK("a load of a segment register that faults leaves it")
    movl %ds, %edi
    movl $0x200, %esi
    FAULTS(GP, 0x200, movl %esi, %es)
    movl caught_ds, %esi
    IS(%esi, %edi)
    movl $0x1234, zero
    movl $0x200, %esi
    FAULTS(GP, 0x200, movl %esi, %ds)
    movl zero, %esi
    IS(%esi, $0x1234)
    movl $0, zero
    ret

double_faults:
    CHECK("#GP in the delivery of #GP is a double fault")
    movb $0x80, idt + GP * 8 + 5
    movl $0x200, %eax
    FAULTS(DF, 0, movl %eax, %fs)
    CHECK("#NP in the delivery of #GP is a double fault")
    movb $G_INT - A_PRESENT, idt + GP * 8 + 5
    FAULTS(DF, 0, movl %eax, %fs)
    CHECK("#NP in the delivery of #DE is a double fault")
    movb $G_INT - A_PRESENT, idt + DE * 8 + 5
    xorl %ecx, %ecx
    FAULTS(DF, 0, divl %ecx)
    CATCH_AGAIN(GP)
    CATCH_AGAIN(DE)
    CHECK("#NP in the delivery of #UD is not")
    movb $G_INT - A_PRESENT, idt + UD * 8 + 5
    FAULTS(NP, UD * 8 + 3, ud2)
    CATCH_AGAIN(UD)
    ret

debug:
    CHECK("#DB of DR7.GD")
    movl $0x2000, %eax
    movl %eax, %dr7
    FAULTS(DB, 0, movl %dr0, %ecx)
    movl %dr6, %eax
    IS_MASKED(%eax, $0x2000, $0x2000)
    movl %dr7, %eax
    IS_MASKED(%eax, $0x2000, $0)
    movl $0, %eax
    movl %eax, %dr6
    CHECK("debug registers keep what they are given")
    movl $0x12345678, %eax
    movl %eax, %dr0
    movl $0x9abcdef0, %eax
    movl %eax, %dr3
    movl %dr0, %eax
    IS(%eax, $0x12345678)
    movl %dr3, %eax
    IS(%eax, $0x9abcdef0)
    movl %dr6, %eax
    IS_MASKED(%eax, $0xffff0ff0, $0xffff0ff0)
    movl %dr7, %eax
    IS_MASKED(%eax, $0x400, $0x400)
    CHECK("#DB of INT1")
    TRAPS(DB, .byte 0xf1)
    ret

    .data
    .align 4
zero: .long 0
limits: .long 5, 10
pointer: .long 0
    .word ABSENT
    .align 4
    .word 0
table: .word 0
    .long 0

    .bss
    .align 4096
directory: .skip 4096
