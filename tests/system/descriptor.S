/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segment descriptors: bases, 16-bit code, the LDT, and instructions that ask about them. */
#include "guest.inc"

#define SMALL   (FREE + 0x00) /* area, 256 bytes */
#define FIXED   (FREE + 0x08) /* the same, not for writing */
#define PAGED   (FREE + 0x10) /* area, 4 KiB by a limit of 0 with G */
#define WRAPPED (FREE + 0x18) /* its base is 256 below 4 GiB */
#define SECRET  (FREE + 0x20) /* code that cannot be read */
#define OPEN    (FREE + 0x28) /* code that can */
#define NEAR    (FREE + 0x30) /* code at short_16 */
#define HALF    (FREE + 0x38) /* 16-bit code at half_code */
#define LDT     (FREE + 0x40)
#define IN_LDT  0x0c          /* in the LDT: area, 16 bytes */

#define LOAD(selector, reg)                                                                        \
    pushl $selector;                                                                               \
    popl reg

    .text
    .code32
    .globl image
image:
    DESCRIPTOR(SMALL, $area, $0xff, $A_DATA + A_32)
    DESCRIPTOR(FIXED, $area, $0xff, $A_READONLY + A_32)
    DESCRIPTOR(PAGED, $area, $0, $A_DATA + A_32 + A_PAGES)
    DESCRIPTOR(WRAPPED, $0xffffff00, $0xfffff, $A_DATA + A_32 + A_PAGES)
    DESCRIPTOR(SECRET, $0, $0xfffff, $A_EXECUTE + A_32 + A_PAGES)
    DESCRIPTOR(OPEN, $0, $0xfffff, $A_CODE + A_32 + A_PAGES)
    DESCRIPTOR(NEAR, $short_16, $0xfffff, $A_CODE + A_32 + A_PAGES)
    DESCRIPTOR(HALF, $half_code, $0xffff, $A_CODE)
    DESCRIPTOR(LDT, $ldt, $31, $S_LDT)
    call bases
    call sixteen_bits
    call local_table
    call queries
    call accessed
    ret

bases:
    CHECK("a base is added, by every segment register")
    movl $0x55667788, area + 0x10
    LOAD(SMALL, %es)
    LOAD(SMALL, %fs)
    LOAD(SMALL, %gs)
    movl $0, %ebx
    movl %es:0x10(%ebx), %eax
    IS(%eax, $0x55667788)
    movl %gs:0x10(,%ebx,8), %eax
    IS(%eax, $0x55667788)
    incl %fs:0x10
    movl %es:0x10, %eax
    LOAD(KDATA, %es)
    IS(%eax, $0x55667789)
    pushl %ds
    LOAD(SMALL, %ds)
    movl 0x10, %eax
    movl $1, %ebx
    movb $0x10, %al
    xlat
    popl %ds
    IS(%eax, $0x55667777)
    CHECK("LEA takes no base")
    .byte 0x64 /* fs */
    leal 0x10, %eax
    IS(%eax, $0x10)
    CHECK("addresses wrap at 4 GiB")
    LOAD(WRAPPED, %gs)
    movl $0x42, area + 0xffc
    movl %gs:area + 0x100 + 0xffc, %eax
    IS(%eax, $0x42)
    ret

/* --- 16-bit code --- */

sixteen_bits:
    CHECK("16-bit code")
    movl $0x11112222, %eax
    movl $0x12345678, %ebx
    lcall $HALF, $0
    IS(%eax, $0x11117654)
    IS(%ebx, $0x76543210)
    CHECK("16-bit addressing in 16-bit code, and a 32-bit stack")
    movl $0xffff0000 + 0x10, %esi
    LOAD(SMALL, %fs)
    movl $0x1234, area + 0x10
    lcall $HALF, $half_2 - half_code
    andl $0xffff, %eax
    IS(%eax, $0x1234)
    CHECK("jumps in 16-bit code wrap at 64 KiB")
    lcall $HALF, $half_3 - half_code
    andl $0xffff, %eax
    IS(%eax, $0x55)
    CHECK("prefixes: 16-bit jumps in 32-bit code cut EIP")
    lcall $NEAR, $0
    IS(%eax, $0x66)
    ret

    .align 16
half_code:
    .code16
    movw $0x7654, %ax
    movl $0x76543210, %ebx
    lretl
half_2:
    movw %fs:(%si), %ax
    lretl
half_3:
    movw $0x5500, %ax
    jmp half_4 - 0x10000
    lretl
half_4:
    movw $0x55, %ax
    lretl
    .code32
    .align 16
short_16:
    .byte 0x66, 0xe9 /* jmp rel16, by way of 64 KiB */
    .word short_16b - . - 2
    ud2
short_16b:
    movl $0x66, %eax
    lret

/* --- the local descriptor table --- */

local_table:
    CHECK("segments of the LDT")
    movl $LDT, %eax
    lldt %ax
    pushl $A_DATA + A_32
    pushl $15
    pushl $area
    pushl $ldt + 8
    call set_descriptor
    LOAD(IN_LDT, %fs)
    movl %fs:12, %eax
    IS(%eax, area + 12)
    sldt %eax
    IS(%eax, $LDT)
    CHECK("error codes of selectors in the LDT")
    movl $0x14, %eax
    FAULTS(GP, 0x14, movl %eax, %fs)
    movl $0x24, %eax
    FAULTS(GP, 0x24, movl %eax, %fs)
    CHECK("an LDT that is taken away")
    xorl %eax, %eax
    lldt %ax
    movl %fs:12, %eax
    IS(%eax, area + 12)
    movl $IN_LDT, %eax
    FAULTS(GP, IN_LDT, movl %eax, %gs)
    CHECK("LLDT wants the descriptor of an LDT")
    movl $KDATA, %eax
    FAULTS(GP, KDATA, lldt %ax)
    movl $IN_LDT, %eax
    FAULTS(GP, IN_LDT, lldt %ax)
    CHECK("LTR wants a TSS that is not busy")
    movl $TASK, %eax
    FAULTS(GP, TASK, ltr %ax)
    movl $LDT, %eax
    FAULTS(GP, LDT, ltr %ax)
    xorl %eax, %eax
    FAULTS(GP, 0, ltr %ax)
    str %eax
    IS(%eax, $TASK)
    ret

queries:
    CHECK("LAR and LSL")
    movl $SMALL, %ecx
    movl $0, %eax
    lar %ecx, %eax
    IS(%eax, $0x409300)
    lsl %ecx, %eax
    IS(%eax, $0xff)
    movl $PAGED, %ecx
    lsl %ecx, %eax
    IS(%eax, $0xfff)
    movl $TASK, %ecx
    lar %ecx, %eax
    IS(%eax, $0x008b00)
    CHECK("LAR and LSL of what they may not see")
    movl $0x1f8, %ecx
    movl $0x123, %eax
    lsl %ecx, %eax
    setz %dl
    IS(%eax, $0x123)
    movzbl %dl, %edx
    IS(%edx, $0)
    cmpl %eax, %eax
    xorl %ecx, %ecx
    lar %ecx, %eax
    setz %dl
    movzbl %dl, %edx
    IS(%edx, $0)
    movl $SMALL + 3, %ecx
    lar %ecx, %eax
    setz %dl
    movzbl %dl, %edx
    IS(%edx, $0)
    CHECK("VERR and VERW")
    movl $FIXED, %ecx
    verr %cx
    setz %dl
    verw %cx
    setz %dh
    movzwl %dx, %edx
    IS(%edx, $0x0001)
    movl $SECRET, %ecx
    verr %cx
    setz %dl
    movl $SMALL, %ecx
    verw %cx
    setz %dh
    movzwl %dx, %edx
    IS(%edx, $0x0100)
    CHECK("ARPL")
    movl $0x41, %eax
    movl $0x13, %ecx
    arpl %cx, %ax
    setz %dl
    IS(%eax, $0x43)
    arpl %cx, %ax
    setz %dh
    movzwl %dx, %edx
    IS(%edx, $0x0001)
    ret

accessed:
    CHECK("a load sets the descriptor's accessed bit")
    DESCRIPTOR(SMALL, $area, $0xff, $0x92 + A_32)
    movl $SMALL, %ecx
    lar %ecx, %eax
    IS(%eax, $0x409200)
    LOAD(SMALL, %fs)
    lar %ecx, %eax
    IS(%eax, $0x409300)
    CHECK("so does a jump")
    DESCRIPTOR(OPEN, $0, $0xfffff, $0x9a + A_32 + A_PAGES)
    ljmp $OPEN, $1f
1:  ljmp $KCODE, $1f
1:  movl $OPEN, %ecx
    lar %ecx, %eax /* the limit's bits are undefined (SDM vol. 2, LAR) */
    IS_MASKED(%eax, $0xf0ff00, $0xc09b00)
    CHECK("a load that faults does not")
    DESCRIPTOR(SMALL, $area, $0xff, $0x12 + A_32)
    movl $SMALL, %eax
    FAULTS(NP, SMALL, movl %eax, %fs)
    movzbl gdt + SMALL + 5, %eax
    IS(%eax, $0x12)
    ret

    .bss
    .align 4096
area: .skip 4096
ldt: .skip 32
