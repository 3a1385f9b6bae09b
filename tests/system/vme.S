/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Virtual interrupts: CR4.VME in virtual-8086 mode (SDM vol. 3, 20.3.3, whose table 20-2 numbers
 * the methods of INT n), CR4.PVI at CPL 3 in protected mode (20.4).
 */
#include "v86.inc"

#define VIF 0x80000
#define VIP 0x100000
#define TF  0x100
#define NT  0x4000
#define AC  0x40000

#define CR4_VME 1
#define CR4_PVI 2

/* An interrupt that programs in v86 mode have for themselves, one that they have not. */
#define OWN     0x60
#define FOREIGN 0x61

/* Clears, sets a vector's bit in a map. */
#define REDIRECT(vector, map)                                                                      \
    movl $vector, %eax;                                                                            \
    btrl %eax, map
#define KEEP(vector, map)                                                                          \
    movl $vector, %eax;                                                                            \
    btsl %eax, map

#define FLAGS_ARE(mask, want) IS_MASKED(caught_flags, $mask, $want)

    .text
    .code32
    .globl image
image:
    movw $0x68 + 32, tss + TSS_MAP
    movl $tss + 0x68, %edi /* the redirection map, and an I/O map of no ports */
    movl $0x2001 / 4, %ecx
    movl $-1, %eax
    rep stosl
    REDIRECT(OWN, tss + 0x68)
    CHECK("CR4.VME and CR4.PVI")
    movl $CR4_VME + CR4_PVI, %eax
    movl %eax, %cr4
    movl %cr4, %eax
    IS(%eax, $CR4_VME + CR4_PVI)
    movl $CR4_VME, %eax
    movl %eax, %cr4
    call own_interrupts
    call other_interrupts
    call virtual_flag
    call pending
    call loads
    call frames
    movl $CR4_PVI, %eax
    movl %eax, %cr4
    call protected_mode
    xorl %eax, %eax
    movl %eax, %cr4
    CHECK("without CR4.VME and CR4.PVI: #GP again")
    V86_FAULTS(0, GP, 0, cli)
    V86_FAULTS(0, GP, 0, int $OWN)
    V86_FAULTS(0, GP, 0, pushfw)
    USER_FAULTS(GP, 0, sti)
    ret

/* The handler in v86 mode: its flags in EAX, its frame in BX, CX and DX. */
    .section .low, "ax"
    .code16
own_handler:
    movw %sp, %bp
    movw 0(%bp), %bx
    movw 2(%bp), %cx
    movw 4(%bp), %dx
own_end:
    hlt
own_return:
    movl $0x5555, %edi
    iretw
    .text
    .code32

#define OWN_INTERRUPT(flags)                                                                       \
    V86_CODE(6: int $OWN; 7: nop);                                                                 \
    CATCH(8f);                                                                                     \
    TO_V86(6b, flags);                                                                             \
    8: CAUGHT(GP, 0, own_end);                                                                     \
    movzwl %bx, %ebx;                                                                              \
    movzwl %cx, %ecx;                                                                              \
    movzwl %dx, %edx;                                                                              \
    IS(%ebx, $7b);                                                                                 \
    IS(%ecx, $0);                                                                                  \
    IS(caught_esp, $V_SP - 6)

own_interrupts:
    movl $own_handler, OWN * 4
    CHECK("INT n with IOPL 3, redirected: a frame of words on the program's stack")
    OWN_INTERRUPT(IOPL3 + IF + 0x8d5)
    CHECK("it pushes IF and clears it, with TF")
    IS_MASKED(%edx, $IF + 0x8d5, $IF + 0x8d5)
    FLAGS_ARE(VM + IF + TF + IOPL3 + 0x8d5, VM + IOPL3 + 0x8d5)
    CHECK("INT n with IOPL below 3, redirected: the same frame")
    OWN_INTERRUPT(0)
    CHECK("it pushes VIF as IF, and IOPL 3")
    IS_MASKED(%edx, $IF + IOPL3, $IOPL3)
    OWN_INTERRUPT(VIF + 0x2000)
    IS_MASKED(%edx, $IF + IOPL3, $IF + IOPL3)
    CHECK("it clears VIF, and leaves IF and IOPL")
    FLAGS_ARE(VM + VIF + IF + IOPL3, VM + 0x2000)
    OWN_INTERRUPT(VIF + IF)
    FLAGS_ARE(VM + VIF + IF + IOPL3, VM + IF)
    CHECK("IRET comes back from it")
    movl $own_return, OWN * 4
    V86_RUNS(VIF, int $OWN)
    IS(%edi, $0x5555)
    IS(caught_esp, $V_SP)
    FLAGS_ARE(VM + VIF + IF + IOPL3, VM + VIF)
    CHECK("the vector's segment is loaded as in real-address mode")
    movl $(own_return - 0x800) + 0x800000, OWN * 4 /* 0080h:... */
    V86_RUNS(0, xorl %edi, %edi; int $OWN; movw %cs, %si)
    IS(%edi, $0x5555)
    movl $own_handler, OWN * 4
    ret

other_interrupts:
    CHECK("INT n that is not redirected: #GP with IOPL below 3")
    V86_FAULTS(0, GP, 0, int $FOREIGN)
    V86_FAULTS(VIF + 0x2000, GP, 0, int $FOREIGN)
    CHECK("with IOPL 3 it goes by a gate, whose DPL counts")
    V86_FAULTS(IOPL3, GP, FOREIGN * 8 + 2, int $FOREIGN)
    GATE(FOREIGN, $stubs + FOREIGN * STUB, $G_INT + A_DPL3)
    CATCH(1f)
    V86_CODE(2: int $FOREIGN; 3: hlt)
    TO_V86(2b, IOPL3 + VIF)
1:  CAUGHT(FOREIGN, 0, 3b)
    FLAGS_ARE(VM + VIF + IOPL3, VM + VIF + IOPL3)
    CATCH_AGAIN(FOREIGN)
    CHECK("INT3 and INTO are never redirected")
    REDIRECT(BP, tss + 0x68)
    REDIRECT(OF, tss + 0x68)
    V86_FAULTS(0, GP, BP * 8 + 2, int3)
    V86_FAULTS(0x800, GP, OF * 8 + 2, into)
    KEEP(BP, tss + 0x68)
    KEEP(OF, tss + 0x68)
    CHECK("an exception is not, either")
    REDIRECT(UD, tss + 0x68)
    V86_FAULTS(0, UD, 0, ud2)
    KEEP(UD, tss + 0x68)
    CHECK("the map is the 32 bytes before the I/O map, wherever that is")
    movw $0x68 + 64, tss + TSS_MAP
    V86_FAULTS(0, GP, 0, int $OWN)
    REDIRECT(OWN, tss + 0x68 + 32)
    OWN_INTERRUPT(0)
    movw $0x68 + 32, tss + TSS_MAP
    ret

virtual_flag:
    CHECK("STI and CLI with IOPL below 3 change VIF, not IF")
    V86_RUNS(0, sti)
    FLAGS_ARE(VIF + IF, VIF)
    V86_RUNS(VIF + IF, cli)
    FLAGS_ARE(VIF + IF, IF)
    CHECK("with IOPL 3 they change IF, not VIF")
    V86_RUNS(IOPL3, sti)
    FLAGS_ARE(VIF + IF, IF)
    V86_RUNS(IOPL3 + VIF + IF, cli)
    FLAGS_ARE(VIF + IF, VIF)
    CHECK("PUSHF with IOPL below 3 shows VIF as IF, and IOPL 3")
    V86_RUNS(VIF, pushfw; popw %ax)
    IS_MASKED(%eax, $IF + IOPL3, $IF + IOPL3)
    V86_RUNS(IF + 0x1000, pushfw; popw %ax)
    IS_MASKED(%eax, $IF + IOPL3, $IOPL3)
    CHECK("with IOPL 3 it shows IF")
    V86_RUNS(IOPL3 + VIF, pushfw; popw %ax)
    IS_MASKED(%eax, $IF + IOPL3, $IOPL3)
    CHECK("POPF with IOPL below 3 loads VIF from IF")
    V86_RUNS(0, pushw $IF + 2 + 0x8d5; popfw)
    FLAGS_ARE(VIF + IF + IOPL3 + 0x8d5, VIF + 0x8d5)
    V86_RUNS(VIF + IF + 0x2000, pushw $IOPL3 + 2; popfw)
    FLAGS_ARE(VIF + IF + IOPL3, IF + 0x2000)
    CHECK("#GP of PUSHFD and POPFD with IOPL below 3")
    V86_FAULTS(0, GP, 0, pushfl)
    V86_FAULTS(VIF, GP, 0, popfl)
    IS(caught_esp, $V_SP)
    ret

pending:
    CHECK("STI with VIP: #GP")
    V86_FAULTS(VIP, GP, 0, sti)
    FLAGS_ARE(VIF + VIP, VIP)
    CHECK("CLI with VIP")
    V86_RUNS(VIP, cli)
    FLAGS_ARE(VIF + VIP, VIP)
    CHECK("POPF and IRET that would set VIF with VIP: #GP")
    V86_CODE(6: pushw $IF + 2; 7: popfw; ud2)
    CATCH(8f)
    TO_V86(6b, VIP)
8:  CAUGHT(GP, 0, 7b)
    IS(caught_esp, $V_SP - 2)
    V86_CODE(6: pushw $IF + 2; pushw $0; pushw $9f; 7: iretw; 9: ud2)
    CATCH(8f)
    TO_V86(6b, VIP)
8:  CAUGHT(GP, 0, 7b)
    IS(caught_esp, $V_SP - 6)
    CHECK("POPF that does not, with VIP")
    V86_RUNS(VIP, pushw $2; popfw)
    FLAGS_ARE(VIF + VIP, VIP)
    CHECK("POPF and IRET of TF with IOPL below 3: #GP")
    V86_CODE(6: pushw $TF + 2; 7: popfw; ud2)
    CATCH(8f)
    TO_V86(6b, 0)
8:  CAUGHT(GP, 0, 7b)
    V86_CODE(6: pushw $TF + 2; pushw $0; pushw $9f; 7: iretw; 9: ud2)
    CATCH(8f)
    TO_V86(6b, 0)
8:  CAUGHT(GP, 0, 7b)
    ret

loads:
    CHECK("IRET in v86 mode with IOPL below 3 loads VIF from IF")
    V86_RUNS(0, pushw $IF + 2; pushw $0; pushw $7f; iretw)
    FLAGS_ARE(VIF + IF, VIF)
    IS(caught_esp, $V_SP)
    V86_RUNS(VIF + IF, pushw $IOPL3 + 2; pushw $0; pushw $7f; iretw)
    FLAGS_ARE(VIF + IF + IOPL3, IF)
    CHECK("#GP of IRETD with IOPL below 3")
    V86_FAULTS(0, GP, 0, iretl)
    CHECK("IRETD with IOPL 3 leaves VIF and VIP")
    V86_RUNS(IOPL3 + VIF, pushl $VIP + IF + 2; pushl $0; pushl $7f; iretl)
    FLAGS_ARE(VIF + VIP + IF, VIF + IF)
    ret

frames:
    CHECK("an exception's frame holds VIF and VIP")
    V86_FAULTS(VIP, UD, 0, ud2)
    FLAGS_ARE(VM + VIF + VIP + IF, VM + VIP)
    V86_FAULTS(VIF, UD, 0, ud2)
    FLAGS_ARE(VM + VIF + VIP + IF, VM + VIF)
    CHECK("the handler's VIF is the program's")
    GATE(UD, $1f, $G_INT)
    CATCH(2f)
    V86_CODE(3: ud2)
    TO_V86(3b, VIF + IF)
1:  pushfl
    popl %eax
    movl %ss:caught_stack, %esp
    call flat_segments
    IS_MASKED(%eax, $VIF + VM + IF, $VIF)
2:  CATCH_AGAIN(UD)
    pushl $2
    popfl
    CHECK("IRET at CPL 0 loads VIF and VIP")
    pushl $VIF + VIP + 2
    pushl $KCODE
    pushl $1f
    iret
1:  pushfl
    popl %eax
    IS_MASKED(%eax, $VIF + VIP, $VIF + VIP)
    pushl $2
    pushl $KCODE
    pushl $1f
    iret
1:  pushfl
    popl %eax
    IS_MASKED(%eax, $VIF + VIP, $0)
    ret

#define PVI_RUNS(flags, ...)                                                                       \
    CATCH(8f);                                                                                     \
    TO_USER(6f, 2 + (flags));                                                                      \
    6: __VA_ARGS__;                                                                                \
    7: ud2;                                                                                        \
    8: CAUGHT(UD, 0, 7b)
#define PVI_FAULTS(flags, ...)                                                                     \
    CATCH(8f);                                                                                     \
    TO_USER(7f, 2 + (flags));                                                                      \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(GP, 0, 7b)

protected_mode:
    CHECK("PVI: STI and CLI at CPL 3 with IOPL below 3 change VIF, not IF")
    PVI_RUNS(0, sti)
    FLAGS_ARE(VIF + IF, VIF)
    PVI_RUNS(VIF + IF + 0x2000, cli)
    FLAGS_ARE(VIF + IF, IF)
    CHECK("PVI: STI with VIP: #GP")
    PVI_FAULTS(VIP, sti)
    CHECK("PVI: CLI with VIP")
    PVI_RUNS(VIP, cli)
    FLAGS_ARE(VIF + VIP, VIP)
    CHECK("PVI: with IOPL 3 they change IF, not VIF")
    PVI_RUNS(IOPL3, sti)
    FLAGS_ARE(VIF + IF, IF)
    PVI_RUNS(IOPL3 + IF + VIF, cli)
    FLAGS_ARE(VIF + IF, VIF)
    CHECK("PVI: PUSHF and POPF know nothing of VIF")
    PVI_RUNS(VIF, pushfl; popl %eax)
    IS_MASKED(%eax, $IF + IOPL3, $0)
    PVI_RUNS(VIF + IF, pushl $2; popfl)
    FLAGS_ARE(VIF + IF, VIF + IF)
    CHECK("PVI: not in v86 mode")
    V86_FAULTS(0, GP, 0, sti)
    V86_FAULTS(0, GP, 0, int $OWN)
    ret
