/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of guest.inc's functions that real-address mode needs, and what both parts know. */
#include "guest.inc"

/* Vectors of real-address mode: caught too. */
    .section .low, "ax"
    .code16
    .align 8
real_stubs:
    .set vector, 0
    .rept 32
    .align 8
    pushw $vector
    jmp catch16
    .set vector, vector + 1
    .endr

catch16:
    movl %eax, %cs:caught_eax
    movw %ds, %cs:caught_ds
    xorl %eax, %eax
    movw %ax, %ds
    movw %ss, caught_ss
    popw %ax
    movl %eax, caught_vector
    movl $0, caught_error
    popw %ax
    movl %eax, caught_eip
    popw %ax
    movl %eax, caught_cs
    popw %ax
    movl %eax, caught_flags
    movl %esp, caught_esp
    xorl %eax, %eax
    movw %ax, %es
    movw %ax, %ss
    movl caught_stack, %esp
    pushw caught_resume
    movl $unexpected16, caught_resume
    movl caught_eax, %eax
    retw

unexpected16:
    calll fail_unexpected16
    jmp leave_image

/* Makes the interrupt vectors of real-address mode those. Called there. */
    .globl catch_real
catch_real:
    pushl %eax
    pushl %edi
    xorl %edi, %edi
    movl $real_stubs, %eax
1:  movl %eax, (%edi)
    addl $8, %eax
    addl $4, %edi
    cmpl $32 * 4, %edi
    jb 1b
    popl %edi
    popl %eax
    retw

#define NAME(x) x##16
#define DATA    0
#include "report.inc"
#undef NAME
#undef DATA

/* An image without protected mode ends here. */
    .globl finished16
finished16:
    calll finish16
    movl $text_end, %esi
    calll put_text16
leave_image:
    xorl %eax, %eax
    movw $0x501, %dx
    outl %eax, %dx
    movl $text_shutdown, %esi /* Bochs ends by this */
    movl $8, %ecx
    movw $0x8900, %dx
    cld
    rep outsb
1:  hlt
    jmp 1b

    .globl digits, text_ok, text_failed, text_line, text_got, text_not, text_exception, text_at
    .globl text_vector, text_error, text_eip, text_end, text_shutdown, check_name, check_failed
    .globl caught_stack
    .globl caught_resume, caught_vector, caught_error, caught_eip, caught_cs, caught_flags
    .globl caught_esp, caught_ss, caught_ds, caught_eax, caught_cr2, caught_frame, caught_return
    .globl real_entry, real_caller, gdt_pointer, real_idt, protected_idt, gdt
    .globl command_line, check16, is16, caught16, unexpected16
    .section .low.data, "aw"
digits: .ascii "0123456789abcdef"
text_ok: .asciz "ok "
text_failed: .asciz "failed "
text_line: .asciz ": line "
text_got: .asciz ": "
text_not: .asciz ", not "
text_exception: .asciz ": exception "
text_at: .asciz " at "
text_vector: .asciz ": vector "
text_error: .asciz ": error code "
text_eip: .asciz ": eip "
text_end: .asciz "end\n"
text_shutdown: .ascii "Shutdown"
    .align 4
check_name: .long 0
check_failed: .byte 0
    .align 4
caught_stack: .long 0
caught_resume: .long unexpected16
caught_vector: .long 0
caught_error: .long 0
caught_eip: .long 0
caught_cs: .long 0
caught_flags: .long 0
caught_esp: .long 0
caught_ss: .long 0
caught_ds: .long 0
caught_eax: .long 0
caught_cr2: .long 0
caught_frame: .long 0 /* where the exception's frame was, the error code left out */
caught_return: .long 0
real_entry: .long 0
real_caller: .long 0
    .align 8
gdt_pointer: .word 0x1ff
    .long gdt
    .align 4
real_idt: .word 0x3ff
    .long 0
    .align 4
protected_idt: .word 0
    .long 0
    .align 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff
    .quad 0x00cf93000000ffff
    .quad 0x00cffb000000ffff
    .quad 0x00cff3000000ffff
    .quad 0
    .quad 0x00009b000000ffff
    .quad 0x000093000000ffff
    .fill 56, 8, 0
command_line: .long 0

