/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Linux is to the helper program, this is to cases in the emulator. It halts for the test to
 * take the end of a case from KERNEL_STATE and to put the next one's start there. Exceptions of a
 * case push what they push into the end of that.
 */
#include "tests/native/kernel.h"

        .code32
        .globl _start
_start: /* flat segments, no paging */
        lgdt    KERNEL_GDTR
        lidt    KERNEL_IDTR
        mov     $KERNEL_PAGES, %eax
        mov     %eax, %cr3
        mov     $KERNEL_CR4, %eax
        mov     %eax, %cr4
        mov     $KERNEL_CR0, %eax
        mov     %eax, %cr0
        ljmp    $KERNEL_CS, $1f
1:      mov     $KERNEL_DS, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        mov     $KERNEL_LDT_SELECTOR, %eax
        lldt    %ax
        mov     $KERNEL_TSS_SELECTOR, %eax
        ltr     %ax

        xor     %ecx, %ecx      /* counters that nobody has set up are 0 */
        rdpmc
        or      %edx, %eax
        jz      next
        ud2                     /* without a stack: the end */

next:   hlt
        fxrstor KERNEL_STATE
        lss     KERNEL_STATE + STATE_STACK, %esp
        pop     %gs
        pop     %fs
        pop     %es
        pop     %ds
        popal
        add     $8, %esp        /* vector, error code */
        iretl

        .org    KERNEL_STUBS - KERNEL, 0xf4
        .set    vector, 0
        .rept   32
        .balign 16, 0xf4
        .if     vector != 8 && (vector < 10 || vector > 14) && vector != 17
        push    $0
        .endif
        push    $vector
        jmp     common
        .set    vector, vector + 1
        .endr

common: pushal
        push    %ds
        push    %es
        push    %fs
        push    %gs
        mov     $KERNEL_DS, %eax
        mov     %eax, %ds
        mov     %eax, %es
        fxsave  KERNEL_STATE
        mov     %cr2, %eax
        mov     %eax, KERNEL_STATE + STATE_CR2
        jmp     next
