/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the last x87 instruction was, and its operand (SDM vol. 1, 8.1.8 to 8.1.10), as FNSTENV,
 * FNSAVE and FXSAVE tell, with all exceptions masked.
 */
#include "v86.inc"

#define OTHER_CODE (FREE + 0x00) /* CS, the same code */
#define BASED      (FREE + 0x08) /* data, with a base */
#define SMALL      (FREE + 0x10) /* data, of 256 bytes */
#define BASE       0x1000
#define NOWHERE    0x80000000

/* FNSTENV's image of 32 bits. */
#define FIP 12
#define FCS 16
#define FOP 18
#define FDP 20
#define FDS 24

#define ASK fnstenv env
#define FIP_IS(where)                                                                              \
    ASK;                                                                                           \
    IS(env + FIP, $where)
#define WORD_IS(at, value)                                                                         \
    IS_MASKED(at, $0xffff, $(value))
#define FCS_IS(selector) WORD_IS(env + FCS, selector)
#define FDS_IS(selector) WORD_IS(env + FDS, selector)
#define FDP_IS(offset)   IS(env + FDP, $offset)
/* Of an instruction as its first two bytes. */
#define FOP_IS(escape, modrm)                                                                      \
    IS_MASKED(env + FOP, $0x7ff, $((escape) & 7) * 256 + (modrm))
/* The instruction behind 1: is the last. */
#define UPDATES(...)                                                                               \
    fnop;                                                                                          \
    1: __VA_ARGS__;                                                                                \
    FIP_IS(1b)
#define KEEPS(...)                                                                                 \
    1: fld1;                                                                                       \
    __VA_ARGS__;                                                                                   \
    FIP_IS(1b);                                                                                    \
    fninit

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(OTHER_CODE, $0, $0xfffff, $A_CODE + A_32 + A_PAGES)
    DESCRIPTOR(BASED, $BASE, $0xfffff, $A_DATA + A_32 + A_PAGES)
    DESCRIPTOR(SMALL, $0, $0xff, $A_DATA + A_32)
    movl %cr4, %eax
    orl $0x200, %eax /* FXSAVE */
    movl %eax, %cr4
    fninit
    call instructions
    call control
    call blocks
    call operands
    call opcodes
    call selectors
    call faults
    call formats
    call states
    call loads
    REAL(real)
    call v86
    ret

instructions:
    CHECK("FLDZ, FNSTENV: FIP is where FLDZ is")
    subl $16, %esp
1:  fldz
    fnstenv -12(%esp)
    popl %edi
    addl $12, %esp
    IS(%edi, $1b)
    CHECK("FIP: of instructions on registers")
    fninit
    UPDATES(fld1)
    UPDATES(fchs)
    UPDATES(fxch)
    UPDATES(faddp)
    fninit
    fld1
    UPDATES(ftst)
    UPDATES(fcomi)
    UPDATES(fcmovb %st(0), %st)
    UPDATES(ffree %st(3))
    UPDATES(fincstp)
    UPDATES(fdecstp)
    UPDATES(fsqrt)
    CHECK("FIP: of instructions on memory")
    UPDATES(fstpt cell)
    UPDATES(fldl cell)
    UPDATES(fadds cell)
    UPDATES(ficoms cell)
    UPDATES(fistpl cell)
    CHECK("FIP: with prefixes it is the first one's place")
    UPDATES(.byte 0x3e; .byte 0x3e; fldl cell)
    UPDATES(.byte 0x66; fldl cell)
    CHECK("FIP: FNOP is an instruction like others")
    fninit
    UPDATES(fnop)
    ret

control:
    fninit
    CHECK("FIP: FNSTCW, FNSTSW, FLDCW, FNCLEX, FWAIT and FNSTENV leave it")
    KEEPS(fnstcw cell)
    KEEPS(fnstsw cell)
    KEEPS(fnstsw %ax)
    KEEPS(fldcw masked)
    KEEPS(fnclex)
    KEEPS(fwait)
    KEEPS(fnstenv other)
    CHECK("FIP: MMX instructions and EMMS leave it")
    KEEPS(movd %eax, %mm0; paddb %mm0, %mm1; emms)
    CHECK("FNINIT clears FIP, FCS, FOP, FDP and FDS")
    fldl cell
    fninit
    ASK
    IS(env + FIP, $0)
    IS(env + FCS, $0)
    IS(env + FDP, $0)
    FDS_IS(0)
    ret

#define FIRST fninit; 1: fld1

blocks:
    CHECK("FIP: behind jumps, calls and returns")
    FIRST
    jmp 2f
    nop
2:  FIP_IS(1b)
    FIRST
    movl $2f, %eax
    jmp *%eax
    nop
2:  FIP_IS(1b)
    FIRST
    call 2f
    FIP_IS(1b)
    call fld_pi
    FIP_IS(at_pi)
    jmp 3f
2:  ret
3:  CHECK("FIP: of the way that was taken")
    movl $0, %ecx
4:  fninit
1:  fld1
    testl %ecx, %ecx
    jz 2f
3:  fldz
2:  ASK
    movl $1b, %eax
    testl %ecx, %ecx
    jz 5f
    movl $3b, %eax
5:  IS(env + FIP, %eax)
    incl %ecx
    cmpl $20, %ecx
    jb 4b
    CHECK("FIP, FDP: in a loop, behind it, and from before it")
    movl $30, %ecx
    movl $table, %ebx
    fninit
1:  fldl (%ebx, %ecx, 8)
2:  fmuls cell
    fstp %st
    decl %ecx
    jnz 1b
    ASK
    FDP_IS(cell)
    IS(env + FIP, $2b + 6)
    movl $30, %ecx
1:  fldl cell + 8
2:  decl %ecx
    jnz 2b
    ASK
    FDP_IS(cell + 8)
    FIP_IS(1b)
    fninit
    CHECK("FIP: an interrupt's handler sees it")
    GATE_AT($idt + 0x40 * 8, KCODE, $asks, $G_INT)
1:  fldl cell
    int $0x40
    IS(env + FIP, $1b)
    FDP_IS(cell)
    FCS_IS(KCODE)
    CATCH_AGAIN(0x40)
    fninit
    ret

fld_pi:
at_pi:
    fldpi
    ret
asks:
    ASK
    iret

/* A load of an operand that has been named twice; where it is. */
#define OPERAND(where, segment, ...)                                                               \
    fninit;                                                                                        \
    1: fldl __VA_ARGS__;                                                                           \
    FIP_IS(1b);                                                                                    \
    FDP_IS(where);                                                                                 \
    FDS_IS(segment)

operands:
    movl $UDATA, %eax
    movl %eax, %es
    movl $BASED, %eax
    movl %eax, %fs
    CHECK("FDP, FDS: by each kind of address")
    movl $table, %ebx
    movl $3, %esi
    OPERAND(table, KDATA, table)
    OPERAND(table, KDATA, (%ebx))
    OPERAND(table + 16, KDATA, 16(%ebx))
    OPERAND(table - 16, KDATA, -16(%ebx))
    OPERAND(table + 3, KDATA, (%ebx, %esi))
    OPERAND(table + 25, KDATA, 1(%ebx, %esi, 8))
    OPERAND(table + 12, KDATA, table(, %esi, 4))
    OPERAND(table + 24, KDATA, table(, %esi, 8))
    OPERAND(table + 3, KDATA, table(, %esi))
    OPERAND(6, KDATA, (%esi, %esi))
    OPERAND(27, KDATA, (%esi, %esi, 8))
    CHECK("FDP, FDS: in the stack")
    movl %esp, %edi
    movl $table + 64, %esp
    movl $table + 128, %ebp
    fninit
    fldl (%esp)
    fnstenv env
    movl %edi, %esp
    FDP_IS(table + 64)
    FDS_IS(KDATA)
    movl $table + 64, %esp
    fldl -8(%ebp)
    fnstenv env
    movl %edi, %esp
    FDP_IS(table + 120)
    FDS_IS(KDATA)
    CHECK("FDP, FDS: with a segment override; FDP is an offset")
    OPERAND(table, UDATA, %es:table)
    OPERAND(table + 24, UDATA, %es:(%ebx, %esi, 8))
    OPERAND(table, BASED, %fs:table)
    OPERAND(table + 24, BASED, %fs:(%ebx, %esi, 8))
    CHECK("FDP: of stores")
    fninit
    fld1
    fstps cell + 4
    ASK
    FDP_IS(cell + 4)
    fld1
    movl $cell, %edx
    fistpll (%edx)
    xorl %edx, %edx
    ASK
    FDP_IS(cell)
    CHECK("FDP: an instruction on registers leaves it")
    fninit
    fldl cell
    fchs
    fld %st
1:  faddp
    FIP_IS(1b)
    FDP_IS(cell)
    CHECK("FDP: with the address's registers overwritten behind it")
    fninit
    movl $table, %ebx
    movl $2, %esi
    fldl 8(%ebx, %esi, 4)
    xorl %ebx, %ebx
    fld1
    xorl %esi, %esi
    fldpi
    ASK
    FDP_IS(table + 16)
    call flat_segments
    ret

opcodes:
    fninit
    CHECK("FOP: of instructions on registers and on memory")
    fldz
    ASK
    FOP_IS(0xd9, 0xee)
    fadd %st(0), %st
    ASK
    FOP_IS(0xd8, 0xc0)
    fldl cell
    ASK
    FOP_IS(0xdd, 0x05)
    fadds 8(%ebx)
    ASK
    FOP_IS(0xd8, 0x43)
    CHECK("FOP: without prefixes")
    .byte 0x3e
    fldl cell
    ASK
    FOP_IS(0xdd, 0x05)
    CHECK("FOP: of second encodings")
    .byte 0xdc, 0xd0 /* FCOM */
    ASK
    FOP_IS(0xdc, 0xd0)
    .byte 0xdd, 0xc8 /* FXCH */
    ASK
    FOP_IS(0xdd, 0xc8)
    .byte 0xd9, 0xd8 /* FSTP */
    ASK
    FOP_IS(0xd9, 0xd8)
    fninit
    ret

selectors:
    CHECK("FCS: that of the instruction, wherever the question comes from")
    fninit
1:  fld1
    ljmp $OTHER_CODE, $2f
2:  FIP_IS(1b)
    FCS_IS(KCODE)
1:  fldz
    FIP_IS(1b)
    FCS_IS(OTHER_CODE)
    ljmp $KCODE, $2f
2:  FIP_IS(1b)
    FCS_IS(OTHER_CODE)
    CHECK("FDS, FDP: as they were, with other segments loaded since")
    movl $BASED, %eax
    movl %eax, %es
    fldl %es:table
    movl $UDATA, %eax
    movl %eax, %es
    ASK
    FDS_IS(BASED)
    FDP_IS(table)
    fldl %es:table
    pushl $0
    popl %es
    ASK
    FDS_IS(UDATA)
    FDP_IS(table)
    call flat_segments
    CHECK("FCS, FDS: of code at CPL 3")
    fninit
    USER(8f, 6f)
6:  fldl cell
7:  ud2
8:  CAUGHT(UD, 0, 7b)
    FIP_IS(6b)
    FCS_IS(UCODE)
    FDS_IS(UDATA)
    FDP_IS(cell)
    ret

/* A fault behind an instruction: the handler sees where it was, and its operand. */
#define FAULTS_BEHIND(fip, fdp, ...)                                                               \
    CATCH(8f);                                                                                     \
    __VA_ARGS__;                                                                                   \
    8: movl caught_stack, %esp;                                                                    \
    FIP_IS(fip);                                                                                   \
    FDP_IS(fdp);                                                                                   \
    fninit

faults:
    call page
    fninit
    CHECK("a fault behind it: an access where no page is")
    FAULTS_BEHIND(1b, cell, 1: fldl cell; movl NOWHERE, %eax; fldl other)
    FAULTS_BEHIND(1b, cell, fldl cell; 1: fld1; movl %eax, NOWHERE; fldl other)
    movl $table, %ebx
    FAULTS_BEHIND(1b, table + 8, 1: fldl 8(%ebx); movl NOWHERE, %eax; fldl other)
    CHECK("a fault behind it: of an x87 instruction, which is none yet")
    movl $table, %ebx
    movl $2, %ecx
    FAULTS_BEHIND(1b, table + 24, 1: fldl 8(%ebx, %ecx, 8); fadds NOWHERE)
    FAULTS_BEHIND(1b, table + 24, 1: fldl 8 + table(, %ecx, 8); fstps NOWHERE)
    FAULTS_BEHIND(1b, cell, fldl cell; 1: fxch; fldcw NOWHERE)
    CHECK("a fault behind it: with the address's registers changed")
    FAULTS_BEHIND(1b, table + 24, 1: fldl 8(%ebx, %ecx, 8); xorl %ecx, %ecx; fadds NOWHERE)
    movl $2, %ecx
    FAULTS_BEHIND(1b, table + 24, 1: fldl 8(%ebx, %ecx, 8); xorl %ebx, %ebx; movl NOWHERE, %ecx)
    movl $table, %ebx
    FAULTS_BEHIND(1b, table, 1: fldl (%ebx); addl $8, %ebx; movl NOWHERE, %eax; fldl other)
    CHECK("a fault behind it: beyond a segment, of a division, of a bad instruction")
    movl $SMALL, %eax
    movl %eax, %fs
    FAULTS_BEHIND(1b, cell, 1: fldl cell; movl %fs:0x100, %eax; fldl other)
    xorl %ecx, %ecx
    FAULTS_BEHIND(1b, cell, 1: fldl cell; divl %ecx; fldl other)
    FAULTS_BEHIND(1b, cell, 1: fldl cell; ud2; fldl other)
    CHECK("a fault behind it: of a segmented operand")
    movl $BASED, %eax
    movl %eax, %fs
    FAULTS_BEHIND(1b, table, 1: fldl %fs:table; movl NOWHERE, %eax; fldl other)
    FAULTS_BEHIND(1b, table, fldl %fs:table; 1: fchs; fldl NOWHERE; fldl other)
    call flat_segments
    call no_page
    ret

page:
    movl $0x83, directory
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl $directory, %eax
    movl %eax, %cr3
    movl %cr0, %eax
    orl $0x80000000, %eax
    movl %eax, %cr0
    ret
no_page:
    movl %cr0, %eax
    andl $~0x80000000, %eax
    movl %eax, %cr0
    ret

/* Something to be told: at 1b, with an operand in cell. */
#define SOMETHING                                                                                  \
    fninit;                                                                                        \
    1: fldl cell

/* The lower halves of addresses. */
#define HALF_IS(at, where)                                                                         \
    movl $where, %ebx;                                                                             \
    movzwl %bx, %ebx;                                                                              \
    IS_MASKED(at, $0xffff, %ebx)

formats:
    CHECK("FNSTENV of 16 bits in protected mode: offsets and selectors")
    SOMETHING
    fnstenvs env
    HALF_IS(env + 6, 1b)
    WORD_IS(env + 8, KCODE)
    HALF_IS(env + 10, cell)
    WORD_IS(env + 12, KDATA)
    CHECK("FNSTENV in 16-bit code: FIP is an offset of 16 bits")
    ljmp $CODE16, $5f
    .section .low, "ax"
    .code16
5:  fninit
6:  fldl (cell_low)
    ljmpl $KCODE, $7f
    .text
    .code32
7:  ASK
    IS(env + FIP, $6b)
    FCS_IS(CODE16)
    FDP_IS(cell_low)
    ret

states:
    CHECK("FNSAVE tells them, and clears them")
    SOMETHING
    fnsave state
    IS(state + FIP, $1b)
    WORD_IS(state + FCS, KCODE)
    IS_MASKED(state + FOP, $0x7ff, $0x505)
    IS(state + FDP, $cell)
    WORD_IS(state + FDS, KDATA)
    ASK
    IS(env + FIP, $0)
    IS(env + FDP, $0)
    CHECK("FNSAVE of 16 bits")
    SOMETHING
    fnsaves state
    HALF_IS(state + 6, 1b)
    WORD_IS(state + 8, KCODE)
    HALF_IS(state + 10, cell)
    WORD_IS(state + 12, KDATA)
    CHECK("FXSAVE tells them, and leaves them")
    SOMETHING
    fxsave state
    IS_MASKED(state + 6, $0xffff, $0x505)
    IS(state + 8, $1b)
    WORD_IS(state + 12, KCODE)
    IS(state + 16, $cell)
    WORD_IS(state + 20, KDATA)
    FIP_IS(1b)
    CHECK("with an exception unmasked")
    fninit
    fldcw unmasked
1:  fldl cell
    fxsave state
    IS(state + 8, $1b)
    IS(state + 16, $cell)
    FIP_IS(1b)
    FDP_IS(cell)
    fninit
    fldcw unmasked
    fld1
    fldcw masked
1:  fldz
    FIP_IS(1b)
    fninit
    ret

loads:
    CHECK("FLDENV, FRSTOR and FXRSTOR load them")
    fninit
    fnsave state
    movl $0x12345678, state + FIP
    movl $0x05ab0000 + KCODE, state + FCS
    movl $0x9abcdef0, state + FDP
    movl $KDATA, state + FDS
    fldenv state
    fxsave saved
    call check_loaded
    fninit
    frstor state
    fxsave saved
    call check_loaded
    fninit
    fxrstor saved
    fnclex
    ASK
    IS(env + FIP, $0x12345678)
    FCS_IS(KCODE)
    FDP_IS(0x9abcdef0)
    FDS_IS(KDATA)
    fninit
    ret

check_loaded:
    IS_MASKED(saved + 6, $0xffff, $0x5ab)
    IS(saved + 8, $0x12345678)
    WORD_IS(saved + 12, KCODE)
    IS(saved + 16, $0x9abcdef0)
    WORD_IS(saved + 20, KDATA)
    ret

    .section .low, "ax"
    .code16
#define HALF16_IS(at, value)                                                                       \
    movl at, %eax;                                                                                 \
    andl $0xffff, %eax;                                                                            \
    IS16(%eax, $value)
real:
    call catch_real
    movw $0x1800, %ax
    movw %ax, %es
    CHECK16("FNSTENV of 32 bits in real-address mode: linear addresses, and the opcode")
    fninit
1:  fldl %es:0x10
    fnstenvl env_low
    HALF16_IS(env_low + 12, 1b)
    IS16(env_low + 16, $0x506)
    HALF16_IS(env_low + 20, 0x8010)
    IS16(env_low + 24, $0x1000)
    CHECK16("FNSTENV of 16 bits in real-address mode likewise")
    movw $0x2000, %ax
    movw %ax, %es
    fnstenvs env_low
    HALF16_IS(env_low + 6, 1b)
    HALF16_IS(env_low + 8, 0x506)
    HALF16_IS(env_low + 10, 0x8010)
    HALF16_IS(env_low + 12, 0x1000)
    fninit
    jmp leave_real
    .section .low.data, "aw"
    .align 8
env_low: .skip 32
cell_low: .quad 0
    .text
    .code32

v86:
    CHECK("FNSTENV in v86 mode: linear addresses, and the opcode")
    V86_RUNS(0, fninit; 1: fldl 0x10; fnstenvl 0x20; fninit)
    HALF_IS(V_DS * 16 + 0x2c, 1b)
    IS(V_DS * 16 + 0x30, $0x506)
    WORD_IS(V_DS * 16 + 0x34, 0x10)
    IS(V_DS * 16 + 0x38, $0x2000)
    CHECK("FNSTENV behind v86 mode: selectors")
    V86_RUNS(0, fninit; 1: fldl 0x10)
    ASK
    IS(env + FIP, $1b)
    FCS_IS(0)
    FDP_IS(0x10)
    FDS_IS(V_DS)
    fninit
    ret

    .data
masked:   .word 0x37f
unmasked: .word 0x37b
    .align 16
state: .skip 512
saved: .skip 512
env:   .skip 32
other: .skip 32
cell:  .quad 0, 0
table: .skip 1024
    .align 4096
directory: .skip 4096
