/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The default guest's ELF file inside the emulator:
 *   extern const unsigned char default_guest[];
 *   extern const unsigned default_guest_size;
 */
        .section .rodata
        .globl  default_guest
        .globl  default_guest_size
        .align  16
default_guest:
        .incbin GUEST
end:
        .align  4
default_guest_size:
        .long   end - default_guest
        .section .note.GNU-stack, "", @progbits
