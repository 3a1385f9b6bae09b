/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ROM's head (PCI Firmware Specification 3.0, 5.1), its ways in and their tables. See machine.h
 * for what C wants of the segment registers.
 */
#define ROM_SEGMENT 0xc000
#define IF_HIGH     0x02 /* of the flags' high byte */

    .code16
    .section .head, "ax"
    .byte 0x55, 0xaa
    .byte rom_blocks
    jmp start
    .org 0x18
    .word pci_data
    .org 0x1e
    .asciz "IBM VGA compatible: Tessera VGA BIOS 1.0"

    .balign 4
pci_data:
    .ascii "PCIR"
    .word 0x1234, 0x1111
    .word 0                 /* no vital product data */
    .word pci_data_end - pci_data
    .byte 0                 /* this structure's revision */
    .byte 0x00, 0x00, 0x03  /* a VGA controller */
    .word rom_blocks
    .word 1
    .byte 0                 /* code for PCs */
    .byte 0x80              /* the last image */
    .word 0
pci_data_end:

    .balign 4
    .globl pm_info
pm_info:
    .ascii "PMID"
    .word pm_entry, pm_start
    .word 0x0000, 0xa000, 0xb000, 0xb800, ROM_SEGMENT
    .byte 0
    .byte 0                 /* checksum: seal_rom.c */

/* Save pointer tables: IBM's parameters, no user's areas or fonts, and what VGA added. */
    .globl save_table
save_table:
    .word vga_parameters, ROM_SEGMENT
    .long 0, 0, 0
    .word secondary_save_table, ROM_SEGMENT
    .long 0, 0
secondary_save_table:
    .word secondary_save_table_end - secondary_save_table
    .word display_codes, ROM_SEGMENT
    .long 0, 0, 0, 0, 0
secondary_save_table_end:

/* Pushes struct regs, whose address is C's argument, with a high half of ESP that is 0. */
.macro enter_c
    cld
    pushw %ds
    pushw %es
    pushw %fs
    pushw %gs
    pushal
    movzwl %sp, %esp
    movw %ss, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %cs, %ax
    movw %ax, %fs
    movw %fs:pm_info + 8, %gs
    movl %esp, %eax
.endm

.macro leave_c
    movl 12(%esp), %eax     /* ESP as it was */
    subl $32, %eax
    movl %eax, %esp
    popal
    popw %gs
    popw %fs
    popw %es
    popw %ds
.endm

    .text
    .globl int10_entry
int10_entry:
    enter_c
    testb $IF_HIGH, 32 + 8 + 5(%esp)
    jz 1f
    sti
1:  calll int10
    leave_c
    iretw

    .globl int05_entry
int05_entry:
    enter_c
    sti
    calll print_screen
    leave_c
    iretw

/* Called by the system's BIOS. */
start:
    pushfw
    enter_c
    calll post
    leave_c
    popfw
    lretw

/* VBE 3.0, 16-bit protected mode: far calls with a 16-bit return address. */
pm_entry:
    pushfw
    enter_c
    cmpb $0x4f, regs_ah(%esp)
    jne 1f
    calll vbe_services
1:  leave_c
    popfw
    lretw

pm_start:
    pushfw
    enter_c
    calll pm_initialize
    leave_c
    popfw
    lretw

/* A mode's window function: BX, DX as 4F05h; AX and DX need not be kept. */
    .globl vbe_window_far
vbe_window_far:
    movw $0x4f05, %ax
    pushfw
    pushw %cs
    call int10_entry
    lretw

    .set regs_ah, 7 * 4 + 1

    .section .note.GNU-stack, "", @progbits
