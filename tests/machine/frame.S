/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fixed part of a random guest: from reset or from any exception to the next piece. Linked at
 * 0, it runs with a code segment whose base is where it lies: in the ROM at the top of the
 * address space, at F0000h, or as a copy in RAM; so every reference to itself is by %cs.
 */
#include "layout.h"

    .code32
    .org ENTRY_RECOVER
    jmp recover
    .org ENTRY_RECOVER_REAL
    .code16
    jmp recover_real
    .code32
    .org ENTRY_GO_ON
    jmp go_on
    .org ENTRY_GO_ON_ERROR
    jmp go_on_error
    .org ENTRY_IRQ
    jmp irq
    .code16
    .org ENTRY_AFTER_RESET

/* The copy in RAM is made again; a reset has brought back the ROM below 1 MiB. */
after_reset:
    cli
    cld
    movw $0xf000, %ax
    movw %ax, %ds
    movw $RAM_FRAME >> 4, %ax
    movw %ax, %es
    xorw %si, %si
    xorw %di, %di
    movw $0x4000, %cx
    rep movsl

recover_real:
    cli
    lgdtl %cs:H_ROM_GDTR
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $S_CODE, $recover

    .code32
go_on_error:
    addl $4, %esp
go_on:
    decl %ss:RAM_FUEL
    js recover
    orl $0x10000, 8(%esp) /* RF: past a breakpoint */
    iretl

irq:
    pushl %eax
    movb $0x20, %al
    outb %al, $0xa0
    outb %al, $0x20
    popl %eax
    jmp go_on

recover:
    testb $FLAG_KEEP_DEBUG, %cs:H_FLAGS
    jnz 1f
    xorl %eax, %eax
    movl %eax, %dr7
1:  movl $S_DATA, %eax
    movl %eax, %ds
    incl RAM_POSITION
    movl %eax, %es
    movl %eax, %ss
    movl $RAM_STACK, %esp
    pushl $2
    popfl
    movl $0x11, %eax
    movl %eax, %cr0
    movl %cs:H_TABLES, %esi
    movl $RAM_IDT, %edi
    movl $TABLES_SIZE / 4, %ecx
    rep movsl
    lgdtl %cs:H_GDTR
    lidtl %cs:H_IDTR
    ljmpl $S_CODE, $1f
1:  movl $S_TSS, %eax
    ltr %ax
    movl $S_LDT, %eax
    lldt %ax
    testb $FLAG_WATCHDOG, %cs:H_FLAGS
    jz next
    call watch

next:
    movb $'.', %al
    outb %al, $0xe9
    movl $FUEL, RAM_FUEL
    movl RAM_POSITION, %eax
    xorl %edx, %edx
    divl %cs:H_COUNT
    shll $6, %edx
    addl %cs:H_PIECES, %edx
    movl %edx, %ebx
    testb $P_COPY, P_FLAGS(%ebx)
    jz 1f
    movl P_SOURCE(%ebx), %esi
    movzbl P_SIZE(%ebx), %ecx
    movl P_PLACE(%ebx), %edi
    rep movsb
1:  testb $P_TABLES, P_FLAGS(%ebx)
    jz 1f
    call make_tables
1:  movl $9, %ecx
    leal P_FRAME + 36(%ebx), %esi
1:  subl $4, %esi
    pushl (%esi)
    loop 1b
    testb $P_HAS_CR4, P_FLAGS(%ebx)
    jz 1f
    movl P_CR4(%ebx), %eax
    movl %eax, %cr4
1:  movl P_CR3(%ebx), %eax
    movl %eax, %cr3
    testb $P_REAL, P_FLAGS(%ebx)
    jnz enter_real
    movl P_CR0(%ebx), %eax
    movl %eax, %cr0
    testb $P_V86, P_FLAGS(%ebx)
    jnz 1f
    movw P_ES(%ebx), %es
    movw P_ES + 8(%ebx), %fs
    movw P_ES + 12(%ebx), %gs
    movw P_ES + 4(%ebx), %ds
1:  iretl

enter_real:
    lidtl %cs:real_idtr
    movl %cs:H_VECTOR, %eax
    xorl %edi, %edi
    movl $256, %ecx
    rep stosl
    movl P_CR0(%ebx), %eax
    ljmpl $S_CODE16, $1f
    .code16
1:  movl %eax, %cr0
    movw P_ES(%ebx), %es
    movw P_ES + 8(%ebx), %fs
    movw P_ES + 12(%ebx), %gs
    movw P_ES + 4(%ebx), %ds
    iretl
    .code32

real_idtr:
    .word 0x3ff
    .long 0

/* The 8259s at vectors 20h and 28h, only the timer unmasked; counter 0 at 500 Hz; A20. */
watch:
    xorl %ecx, %ecx
1:  movzbl %cs:watch_writes(%ecx), %edx
    movb %cs:watch_writes + 1(%ecx), %al
    outb %al, %dx
    addl $2, %ecx
    cmpl $watch_writes_end - watch_writes, %ecx
    jb 1b
    ret
watch_writes:
    .byte 0x20, 0x11, 0x21, 0x20, 0x21, 0x04, 0x21, 0x01, 0x21, 0xfe
    .byte 0xa0, 0x11, 0xa1, 0x28, 0xa1, 0x02, 0xa1, 0x01, 0xa1, 0xff
    .byte 0x43, 0x34, 0x40, 0x52, 0x40, 0x09, 0x92, 0x02
watch_writes_end:

/*
 * All memory at its own address: the lowest and the highest 4 MiB by 4 KiB pages, the rest by
 * large ones; with PAE 2 MiB of the lowest 4.
 */
make_tables:
    movl $PAGE_DIRECTORY, %edi
    movl $0x00000087, %eax
    movl $0x00400000, %edx
    call fill
    movl $LOW_TABLE | 7, PAGE_DIRECTORY
    movl $HIGH_TABLE | 7, PAGE_DIRECTORY + 0xffc
    movl $7, %eax
    movl $0x1000, %edx
    call fill /* LOW_TABLE */
    movl $0xffc00007, %eax
    call fill /* HIGH_TABLE */
    movl $PAE_DIRECTORIES | 1, PAE_POINTERS
    movl $PAE_DIRECTORIES + 0x1000 | 1, PAE_POINTERS + 8
    movl $PAE_DIRECTORIES + 0x2000 | 1, PAE_POINTERS + 16
    movl $PAE_DIRECTORIES + 0x3000 | 1, PAE_POINTERS + 24
    xorl %eax, %eax
    movl %eax, PAE_POINTERS + 4
    movl %eax, PAE_POINTERS + 12
    movl %eax, PAE_POINTERS + 20
    movl %eax, PAE_POINTERS + 28
    movl $PAE_DIRECTORIES, %edi
    movl $0x00000087, %eax
    movl $0x00200000, %edx
    movl $2048, %ecx
    call fill_wide
    movl $PAE_LOW_TABLE | 7, PAE_DIRECTORIES
    movl $7, %eax
    movl $0x1000, %edx
    movl $512, %ecx
    /* fall through */

/* ECX entries of 8 bytes from EDI up: EAX, then EDX more each. */
fill_wide:
    movl $0, 4(%edi)
    movl %eax, (%edi)
    addl $8, %edi
    addl %edx, %eax
    loop fill_wide
    ret

/* A page of entries of 4 bytes likewise. */
fill:
    movl $1024, %ecx
1:  stosl
    addl %edx, %eax
    loop 1b
    ret
