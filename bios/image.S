/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The BIOS inside ./tessera.
 *
 *   extern const uint8_t our_bios[];
 *   extern const uint32_t our_bios_size;
 */
    .section .rodata
    .globl our_bios, our_bios_size
    .balign 16
our_bios:
    .incbin BIOS
our_bios_end:
    .balign 4
our_bios_size:
    .long our_bios_end - our_bios
    .section .note.GNU-stack, "", @progbits
