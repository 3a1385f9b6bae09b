/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 16-bit tasks and gates among 32-bit ones (SDM vol. 3, 7.6, 21). */
#include "guest.inc"

#define SMALL   (FREE + 0x00) /* a 16-bit TSS */
#define WIDE    (FREE + 0x08) /* a 32-bit one */
#define BY_GATE (FREE + 0x10) /* a task gate to SMALL */
#define GATE16  (FREE + 0x1b) /* call gates for CPL 3 */
#define GATE32  (FREE + 0x23)
#define UCODE16 (FREE + 0x2b)

/* struct of a 16-bit TSS */
#define T_SP0   0x02
#define T_SS0   0x04
#define T_IP    0x0e
#define T_FLAGS 0x10
#define T_AX    0x12
#define T_CX    0x14
#define T_DX    0x16
#define T_BX    0x18
#define T_SP    0x1a
#define T_BP    0x1c
#define T_SI    0x1e
#define T_DI    0x20
#define T_ES    0x22
#define T_CS    0x24
#define T_SS    0x26
#define T_DS    0x28

#define BUSY 0x02
#define NT   0x4000
#define IF   0x200
#define TOP  0x9000 /* of an inner stack in low memory */
#define USER_TOP 0xa000

#define IS_BUSY(selector, busy)                                                                    \
    movzbl gdt + selector + 5, %eax;                                                               \
    andl $BUSY, %eax;                                                                              \
    IS(%eax, $busy)
#define WORD_IS(at, value)                                                                         \
    movzwl at, %eax;                                                                               \
    IS(%eax, $value)
#define LOW(...)                                                                                   \
    .section .low, "ax";                                                                           \
    __VA_ARGS__;                                                                                   \
    .text

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(SMALL, $small, $0x2b, $S_TSS16)
    DESCRIPTOR(WIDE, $wide, $0x67, $S_TSS)
    GATE_AT($gdt + BY_GATE, SMALL, $0, $G_TASK)
    DESCRIPTOR(UCODE16, $0, $0xffff, $A_CODE + A_DPL3)
    call jumps
    call calls
    call interrupts
    call faults
    call inner_stack
    call gates
    ret

/* The 16-bit task begins at `ip`; its registers are what they are. */
#define BEGIN(ip)                                                                                  \
    movw $ip, small + T_IP;                                                                        \
    movw $2, small + T_FLAGS;                                                                      \
    movw $TOP, small + T_SP;                                                                       \
    movw $TOP, small + T_SP0;                                                                      \
    movw $KDATA, small + T_SS0;                                                                    \
    movw $KCODE, small + T_CS;                                                                     \
    movw $DATA16, small + T_SS;                                                                    \
    movw $KDATA, small + T_DS;                                                                     \
    movw $KDATA, small + T_ES
/* In it: the upper halves are undefined, so that the stack is one of 16 bits. */
#define CUT_STACK() movzwl %sp, %esp

jumps:
    CHECK("a jump to a 16-bit task loads the lower halves of its registers")
    BEGIN(1f)
    movw $0x1111, small + T_AX
    movw $0x2222, small + T_CX
    movw $0x3333, small + T_DX
    movw $0x4444, small + T_BX
    movw $0x5555, small + T_BP
    movw $0x6666, small + T_SI
    movw $0x7777, small + T_DI
    movw $IF + 0xd7, small + T_FLAGS
    movl $0x12345678, %ebp
    ljmp $SMALL, $0
2:  jmp 3f
    LOW(1: movw %ax, kept; movw %cx, kept + 2; movw %dx, kept + 4; movw %bx, kept + 6;
        movw %bp, kept + 8; movw %si, kept + 10; movw %di, kept + 12; movw %sp, kept + 14;
        CUT_STACK(); pushfl; popl kept + 16; cli; movw $0xabcd, %ax; ljmp $TASK, $0; resumed: nop)
3:  WORD_IS(kept, 0x1111)
    WORD_IS(kept + 2, 0x2222)
    WORD_IS(kept + 4, 0x3333)
    WORD_IS(kept + 6, 0x4444)
    WORD_IS(kept + 8, 0x5555)
    WORD_IS(kept + 10, 0x6666)
    WORD_IS(kept + 12, 0x7777)
    WORD_IS(kept + 14, TOP)
    IS_MASKED(kept + 16, $0x3fff, $IF + 0xd7)
    CHECK("a 32-bit task goes on with all of its registers")
    IS(%ebp, $0x12345678)
    CHECK("a jump away saves the lower halves")
    WORD_IS(small + T_AX, 0xabcd)
    WORD_IS(small + T_CX, 0x2222)
    WORD_IS(small + T_DI, 0x7777)
    WORD_IS(small + T_SP, TOP)
    WORD_IS(small + T_IP, resumed)
    WORD_IS(small + T_CS, KCODE)
    CHECK("it changes nothing behind a TSS of 44 bytes")
    IS(small + 0x2c, $0)
    IS(small + 0x30, $0)
    CHECK("busy bits and CR0.TS after jumps")
    IS_BUSY(SMALL, 0)
    IS_BUSY(TASK, BUSY)
    movl %cr0, %eax
    IS_MASKED(%eax, $8, $8)
    clts
    ret

calls:
    CHECK("a call of a 16-bit task: link, NT, both busy")
    BEGIN(1f)
    movl $0x11111111, %ebx
    lcall $SMALL, $0
    jmp 2f
    LOW(1: CUT_STACK(); pushfl; popl kept; movw small, %ax; movw %ax, kept + 4;
        movb gdt + SMALL + 5, %al; movb gdt + TASK + 5, %ah; movw %ax, kept + 8; iret; again: iret)
2:  IS_MASKED(kept, $NT, $NT)
    WORD_IS(kept + 4, TASK)
    movzwl kept + 8, %eax
    IS_MASKED(%eax, $0x0202, $0x0202)
    CHECK("IRET goes back from it")
    IS(%ebx, $0x11111111)
    IS_BUSY(SMALL, 0)
    IS_BUSY(TASK, BUSY)
    WORD_IS(small + T_IP, again)
    CHECK("a 16-bit task calls a 32-bit one, and both come back")
    BEGIN(1f)
    movl $3f, wide + TSS_EIP
    movl $2, wide + TSS_FLAGS
    movl $wide_stack, wide + TSS_ESP
    movl $KCODE, wide + TSS_CS
    movl $KDATA, wide + TSS_SS
    movl $KDATA, wide + TSS_DS
    movl $KDATA, wide + TSS_ES
    movl $0, kept
    lcall $SMALL, $0
    jmp 2f
    LOW(1: lcall $WIDE, $0; CUT_STACK(); addl $0x100, kept; iret)
3:  incl kept
    WORD_IS(wide, SMALL)
    iret
2:  IS(kept, $0x101)
    IS_BUSY(SMALL, 0)
    IS_BUSY(WIDE, 0)
    clts
    ret

interrupts:
    CHECK("INT n by a task gate to a 16-bit task")
    GATE_AT($idt + 0x40 * 8, SMALL, $0, $G_TASK)
    BEGIN(1f)
    movl $0, kept
    int $0x40
    jmp 2f
    LOW(1: incl kept; iret)
2:  IS(kept, $1)
    CHECK("an exception's error code is a word on a 16-bit task's stack")
    GATE_AT($idt + GP * 8, SMALL, $0, $G_TASK)
    BEGIN(1f)
    movl $0x55555555, TOP - 4
    movl $FREE + 0x40, %ecx
    movw %cx, %fs /* #GP: its selector */
4:  jmp 2f
    LOW(1: CUT_STACK(); movl %esp, kept; movw (%esp), %ax; movw %ax, kept + 4;
        movl tss + TSS_EIP, %eax; movl %eax, kept + 8; movl $4b, tss + TSS_EIP; addl $2, %esp; iret)
2:  IS(kept, $TOP - 2)
    WORD_IS(kept + 4, FREE + 0x40)
    CATCH_AGAIN(GP)
    CATCH_AGAIN(0x40)
    clts
    ret

faults:
    CHECK("#TS of a 16-bit TSS that is too small")
    DESCRIPTOR(SMALL, $small, $0x2a, $S_TSS16)
    FAULTS(TS, SMALL, ljmp $SMALL, $0)
    DESCRIPTOR(SMALL, $small, $0x2b, $S_TSS16)
    CHECK("#GP of a busy 16-bit TSS")
    DESCRIPTOR(SMALL, $small, $0x2b, $S_TSS16 + BUSY)
    FAULTS(GP, SMALL, lcall $SMALL, $0)
    CHECK("#NP of a 16-bit TSS that is not present")
    DESCRIPTOR(SMALL, $small, $0x2b, $S_TSS16 - A_PRESENT)
    FAULTS(NP, SMALL, ljmp $SMALL, $0)
    DESCRIPTOR(SMALL, $small, $0x2b, $S_TSS16)
    ret

inner_stack:
    CHECK("LTR of a 16-bit TSS makes it busy")
    BEGIN(0)
    movw $SMALL, %ax
    ltr %ax
    IS_BUSY(SMALL, BUSY)
    CHECK("an exception at CPL 3 takes its stack from a 16-bit TSS")
    USER_FAULTS(UD, 0, ud2)
    IS(caught_frame, $TOP - 20)
    CHECK("a 16-bit TSS has no I/O map: #GP of ports at CPL 3")
    movl $0, small + 0x64
    USER_FAULTS(GP, 0, inb $0x61, %al)
    DESCRIPTOR(TASK, $tss, $0x67 + 0x2001, $S_TSS)
    movw $TASK, %ax
    ltr %ax
    DESCRIPTOR(SMALL, $small, $0x2b, $S_TSS16)
    ret

gates:
    CHECK("16-bit code at CPL 3 calls by a 32-bit gate: doublewords are copied")
    CALL_GATE(GATE32 - 3, KCODE, $1f, $G_CALL + A_DPL3, 2)
    CATCH(8f)
    pushl $UDATA
    pushl $USER_TOP
    pushl $2
    pushl $UCODE16
    pushl $2f
    jmp to_user
    LOW(.code16; 2: pushl $0x11112222; pushl $0x33334444; lcallw $GATE32, $0; 3: hlt; .code32)
1:  movl 8(%esp), %eax
    movl %eax, %ss:kept
    movl 12(%esp), %eax
    movl %eax, %ss:kept + 4
    movl 16(%esp), %eax
    movl %eax, %ss:kept + 8
    movl %esp, %ss:kept + 12
    lret $8
8:  CAUGHT(GP, 0, 3b)
    IS(kept, $0x33334444)
    IS(kept + 4, $0x11112222)
    IS(kept + 8, $USER_TOP - 8)
    IS(kept + 12, $kernel_stack_inner - 24)
    CHECK("a far return takes its parameters from both stacks")
    IS(caught_esp, $USER_TOP)
    CHECK("a 16-bit call gate's offset has 16 bits")
    GATE_AT($gdt + GATE16 - 3, KCODE, $1f + 0x120000, $G_CALL16 + A_DPL3)
    movw $0x0b0f, 1f + 0x120000 /* ud2 where it must not go */
    CATCH(8f)
    pushl $UDATA
    pushl $USER_TOP
    pushl $2
    pushl $UCODE
    pushl $2f
    jmp to_user
    LOW(1: movw (%esp), %ax; movw %ax, %ss:kept; movl %esp, %ss:kept + 4; lretw)
    LOW(2: lcall $GATE16, $0; 3: hlt)
8:  CAUGHT(GP, 0, 3b)
    WORD_IS(kept, 3b)
    CHECK("it pushes words, and a 16-bit far return pops them")
    IS(kept + 4, $kernel_stack_inner - 8)
    IS_MASKED(caught_esp, $0xffff, $USER_TOP)
    CHECK("a 16-bit interrupt gate: words, and IRET with a prefix goes back")
    GATE_AT($idt + 0x40 * 8, KCODE, $1f, $G_INT16 + A_DPL3)
    CATCH(8f)
    pushl $UDATA
    pushl $USER_TOP
    pushl $IF + 2
    pushl $UCODE
    pushl $2f
    jmp to_user
    LOW(1: pushfl; popl %ss:kept; movl %esp, %ss:kept + 4; iretw)
    LOW(2: int $0x40; 3: hlt)
8:  CAUGHT(GP, 0, 3b)
    IS(kept + 4, $kernel_stack_inner - 10)
    IS_MASKED(kept, $IF, $0)
    IS_MASKED(caught_flags, $IF, $IF)
    CHECK("a 16-bit trap gate leaves IF")
    GATE_AT($idt + 0x40 * 8, KCODE, $1b, $G_TRAP16 + A_DPL3)
    CATCH(8f)
    pushl $UDATA
    pushl $USER_TOP
    pushl $IF + 2
    pushl $UCODE
    pushl $2f
    jmp to_user
    LOW(2: int $0x40; 3: hlt)
8:  CAUGHT(GP, 0, 3b)
    IS_MASKED(kept, $IF, $IF)
    CATCH_AGAIN(0x40)
    CHECK("an error code by a 16-bit gate is a word")
    GATE_AT($idt + GP * 8, KCODE, $1f, $G_INT16)
    CATCH(8f)
    movl $FREE + 0x40, %ecx
    movw %cx, %fs
7:  nop
    LOW(1: movw (%esp), %ax; movw %ax, kept; movw 2(%esp), %ax; movw %ax, kept + 4;
        movl %esp, kept + 8; movl caught_stack, %esp; jmp *caught_resume)
8:  WORD_IS(kept, FREE + 0x40)
    movl %esp, %eax
    subl $8, %eax
    IS(%eax, kept + 8)
    CATCH_AGAIN(GP)
    ret

    .bss
    .align 16
small: .skip 0x80
wide: .skip 0x80
kept: .skip 64
    .skip 4096
wide_stack:
