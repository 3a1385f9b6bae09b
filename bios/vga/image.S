/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The VGA BIOS inside ./tessera.
 *
 *   extern const uint8_t vga_bios[];
 *   extern const uint32_t vga_bios_size;
 */
    .section .rodata
    .globl vga_bios, vga_bios_size
    .balign 16
vga_bios:
    .incbin VGA_BIOS
vga_bios_end:
    .balign 4
vga_bios_size:
    .long vga_bios_end - vga_bios
    .section .note.GNU-stack, "", @progbits
