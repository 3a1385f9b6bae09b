/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The start of a test image and what the macros of guest.inc call. */
#include "guest.inc"

    .section .multiboot, "a"
    .align 4
    .long 0x1badb002, 0, -0x1badb002

    .text
    .code32
    .globl _start
_start:
    cli
    cld
    movl $kernel_stack, %esp
    movl $low_image, %esi
    movl $0x1000, %edi
    movl $low_end - 0x1000, %ecx
    rep movsb
    movl 16(%ebx), %eax /* of the Multiboot information */
    movl %eax, command_line
    lgdt gdt_pointer
    ljmp $KCODE, $1f
1:  call flat_segments
    DESCRIPTOR(TASK, $tss, $0x67 + 0x2001, $S_TSS)
    movl $kernel_stack_inner, tss + TSS_ESP0
    movl $KDATA, tss + TSS_SS0
    movw $0xffff, tss + TSS_MAP /* no ports for CPL 3 */
    movw $TASK, %ax
    ltr %ax
    xorl %ebx, %ebx
1:  leal idt(,%ebx,8), %eax
    movl %ebx, %ecx
    shll $4, %ecx
    addl $stubs, %ecx
    GATE_AT(%eax, KCODE, %ecx, $G_INT)
    incl %ebx
    cmpl $256, %ebx
    jb 1b
    lidt idt_pointer
    movl $unexpected, caught_resume
    call quiet_pics
    call image

    .globl finished
finished:
    call finish
    movl $text_end, %esi
    call put_text
leave:
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


    .globl flat_segments
flat_segments:
    pushl %eax
    movl $KDATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl %eax, %ss
    popl %eax
    ret

/* IRQ 0..15 at vectors 20h..2Fh, all masked (8259A data sheet, initialization). */
    .globl quiet_pics
quiet_pics:
    OUTB(0x20, 0x11)
    OUTB(0xa0, 0x11)
    OUTB(0x21, 0x20)
    OUTB(0xa1, 0x28)
    OUTB(0x21, 0x04)
    OUTB(0xa1, 0x02)
    OUTB(0x21, 0x01)
    OUTB(0xa1, 0x01)
    OUTB(0x21, 0xff)
    OUTB(0xa1, 0xff)
    ret

/* --- descriptors --- */

/* set_descriptor(address, base, limit, rights) */
    .globl set_descriptor
set_descriptor:
    pushal
    movl 36(%esp), %edi
    movl 40(%esp), %eax
    movl 44(%esp), %ecx
    movl 48(%esp), %edx
    movw %cx, (%edi)
    movw %ax, 2(%edi)
    shrl $16, %eax
    movb %al, 4(%edi)
    movb %ah, 7(%edi)
    movb %dl, 5(%edi)
    shrl $16, %ecx
    andb $0x0f, %cl
    andb $0xf0, %dh
    orb %dh, %cl
    movb %cl, 6(%edi)
    popal
    ret $16

/* set_gate(address, offset, selector, rights) */
    .globl set_gate
set_gate:
    pushal
    movl 36(%esp), %edi
    movl 40(%esp), %eax
    movl 44(%esp), %ecx
    movl 48(%esp), %edx
    movw %ax, (%edi)
    movw %cx, 2(%edi)
    movb $0, 4(%edi)
    movb %dl, 5(%edi)
    shrl $16, %eax
    movw %ax, 6(%edi)
    popal
    ret $16

/* --- exceptions --- */

#define HAS_ERROR(n) (n) == 8 || ((n) >= 10 && (n) <= 14) || (n) == 17
    .align STUB
    .globl stubs
stubs:
    .set vector, 0
    .rept 256
    .align STUB
    .if !(HAS_ERROR(vector))
    pushl $0
    .endif
    pushl $vector
    jmp catch
    .set vector, vector + 1
    .endr

/* On the stack: vector, error code, EIP, CS, EFLAGS, and from an outer level ESP, SS */
catch:
    pushl %ds
    pushl $KDATA
    popl %ds
    movl %eax, caught_eax
    popl %eax
    movzwl %ax, %eax
    movl %eax, caught_ds
    popl caught_vector
    popl caught_error
    popl caught_eip
    popl caught_cs
    popl caught_flags
    leal -12(%esp), %eax
    movl %eax, caught_frame
    movl (%esp), %eax
    movl %eax, caught_esp
    movl 4(%esp), %eax
    movl %eax, caught_ss
    movl %cr2, %eax
    movl %eax, caught_cr2
    call flat_segments_here
    movl caught_eax, %eax
    movl caught_stack, %esp
    pushl caught_resume
    movl $unexpected, caught_resume
    ret

unexpected:
    call fail_unexpected
    jmp leave

/* The same with the stack that the exception has left, whose segment may be any. */
flat_segments_here:
    movl $KDATA, %eax
    movl %eax, %es
    popl caught_return
    movl %eax, %ss
    movl caught_stack, %esp
    jmp *caught_return

/* The frame for CPL 3 is on the stack. */
    .globl to_user
to_user:
    pushl %eax
    movl $UDATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    popl %eax
    iret

/* --- real-address mode and back (SDM vol. 3, 9.9) --- */

    .globl enter_real
enter_real:
    pushal
    movl %esp, real_caller
    sidt protected_idt
    movl $unexpected16, caught_resume
    ljmp $CODE16, $1f

    .section .low, "ax"
    .code16
1:  movw $DATA16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    lidtl real_idt
    movl %cr0, %eax
    andl $~1, %eax
    movl %eax, %cr0
    ljmp $0, $1f
1:  xorl %eax, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movl $STACK16, %esp
    jmpw *real_entry

    .globl leave_real
leave_real:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    lgdtl gdt_pointer
    lidtl protected_idt
    movl %cr0, %eax
    orl $1, %eax
    movl %eax, %cr0
    ljmpl $KCODE, $1f
    .text
    .code32
1:  movl $KDATA, %eax
    movl %eax, %ss
    movl real_caller, %esp
    call flat_segments
    movl $unexpected, caught_resume
    popal
    ret

    .text
    .code32
#define NAME(x) x
#define DATA    KDATA
    .globl check, is, caught, finish, put_text, put_char
#include "report.inc"

    .section .low.data, "aw"
    .globl idt_pointer
    .align 4
idt_pointer: .word 256 * 8 - 1
    .long idt

    .bss
    .globl idt, tss
    .align 16
idt: .skip 256 * 8
tss: .skip 0x68 + 0x2001
    .align 16
    .skip 8192
    .globl kernel_stack, kernel_stack_inner, user_stack
kernel_stack:
    .skip 8192
kernel_stack_inner:
    .skip 8192
user_stack:
