/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An option ROM from which a BIOS can boot: it fetches a Linux kernel from the firmware
 * configuration device (fw_cfg.h) and starts its setup part in real mode, as
 * Documentation/arch/x86/boot.rst of the kernel wants it. PnP BIOS Specification 1.0A, 3.2.
 *
 *   extern const uint8_t boot_rom[];     its last byte is to be its checksum
 *   extern const uint32_t boot_rom_size;
 */
#define STACK 0x9ff0 /* in the setup part's segment, below the command line */

/* %eax = a number; changes %dx. */
.macro number key
    movw $\key, %ax
    call select
    .rept 4
    inb %dx, %al
    rorl $8, %eax
    .endr
.endm

/* Copies an item to where and as many bytes as others say. */
.macro fetch address, size, data
    number \address
    movl %eax, %edi
    number \size
    movl %eax, %ecx
    movw $\data, %ax
    call select
    rep insb %dx, %es:(%edi)
.endm

    .code16
    .section .rodata
    .globl boot_rom, boot_rom_size
    .balign 16
boot_rom:
    .byte 0x55, 0xaa, (rom_end - boot_rom) / 512
    lretw /* nothing to initialise */
    .org boot_rom + 0x18
    .word 0              /* no PCI data structure */
    .word pnp - boot_rom
pnp:
    .ascii "$PnP"
    .byte 1, 2           /* revision, length in 16 bytes */
    .word 0              /* no further header */
    .byte 0, 0
    .long 0
    .word 0
    .word product - boot_rom
    .byte 0, 0, 0, 0
    .word 0, 0
    .word boot - boot_rom /* the bootstrap entry vector */
    .word 0, 0
product:
    .asciz "Linux kernel given by -kernel"

gdt:
    .quad 0
    .quad 0x00cf93000000ffff
gdt_end:

/* Selects item %ax; %dx is the data port then. */
select:
    movw $0x510, %dx
    outw %ax, %dx
    incw %dx
    ret

/* %es from 0 to 4 GiB: its limit outlives protected mode. */
open_memory:
    xorl %eax, %eax
    movw %cs, %ax
    shll $4, %eax
    addl $(gdt - boot_rom), %eax
    pushl %eax
    pushw $(gdt_end - gdt - 1)
    movw %sp, %bp
    lgdtl (%bp)
    addw $6, %sp
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    movw $8, %bx
    movw %bx, %es
    andb $0xfe, %al
    movl %eax, %cr0
    xorw %bx, %bx
    movw %bx, %es
    ret

boot:
    cli
    cld
    call open_memory
    fetch 0x16, 0x17, 0x18
    fetch 0x13, 0x14, 0x15
    fetch 0x07, 0x08, 0x11
    fetch 0x0a, 0x0b, 0x12
    number 0x16
    shrl $4, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movw $STACK, %sp
    addw $0x20, %ax
    pushw %ax
    pushw $0
    lretw

    .org boot_rom + 511
    .byte 0 /* the checksum */
rom_end:
boot_rom_size:
    .long rom_end - boot_rom
    .section .note.GNU-stack, "", @progbits
