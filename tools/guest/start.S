/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The default guest's way in (Multiboot 0.6.96, 3.1 and 3.2), its interrupt entries, and what C
 * cannot say.
 */
        .set    HEADER_MAGIC, 0x1badb002
        .set    HEADER_FLAGS, 3 /* modules on page boundaries, memory map wanted */
        .set    STACK_SIZE, 16384

        .section .multiboot, "a"
        .align  4
        .long   HEADER_MAGIC, HEADER_FLAGS, -(HEADER_MAGIC + HEADER_FLAGS)

        .text
        .globl  _start
_start:
        cli
        mov     $stack_top, %esp
        xor     %ebp, %ebp
        pushl   $0
        popf
        pushl   %ebx
        pushl   %eax
        call    guest_main
halted: cli
        hlt
        jmp     halted

/* void restart_on_fresh_stack(void (*function)(void)): never returns. */
        .globl  restart_on_fresh_stack
restart_on_fresh_stack:
        mov     4(%esp), %eax
        mov     $stack_top, %esp
        xor     %ebp, %ebp
        call    *%eax
        jmp     halted

/* void load_tables(const struct table *gdt, const struct table *idt) */
        .globl  load_tables
load_tables:
        mov     4(%esp), %eax
        lgdt    (%eax)
        mov     8(%esp), %eax
        lidt    (%eax)
        mov     $0x10, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %fs
        mov     %eax, %gs
        mov     %eax, %ss
        ljmp    $0x08, $1f
1:      ret

/* Which exceptions push an error code: 8, 10 to 14, 17 (SDM vol. 3, table 6-1). */
        .set    WITH_ERROR, (1 << 8) | (0x1f << 10) | (1 << 17)

/* One entry a vector, 16 bytes each: 32 exceptions, 16 interrupt lines, one for INT 30h. */
        .align  16
        .globl  interrupt_entries
interrupt_entries:
        .set    vector, 0
        .rept   49
        .align  16
        .if     vector > 31 || !((WITH_ERROR >> vector) & 1)
        pushl   $0
        .endif
        pushl   $vector
        jmp     interrupt_common
        .set    vector, vector + 1
        .endr

interrupt_common:
        pusha
        cld
        pushl   %esp
        call    interrupt
        addl    $4, %esp
        popa
        addl    $8, %esp
        iret

        .bss
        .align  16
        .space  STACK_SIZE
stack_top:

        .section .note.GNU-stack, "", @progbits
