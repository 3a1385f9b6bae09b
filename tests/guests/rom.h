/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small ROMs of a test's own for -bios: real-mode code that starts at F000:0. */
#ifndef TESTS_GUESTS_ROM_H
#define TESTS_GUESTS_ROM_H

#include <stddef.h>

/* mov $port, %dx; mov $byte, %al; out %al, (%dx) */
#define ROM_OUT(port, byte) 0xba, (port)&0xff, (port) >> 8, 0xb0, byte, 0xee
/* The same of a word and of a doubleword, by %ax and %eax. */
#define ROM_OUT16(port, word)                                                                      \
    0xba, (port)&0xff, (port) >> 8, 0xb8, (word)&0xff, (word) >> 8 & 0xff, 0xef
#define ROM_OUT32(port, dword)                                                                     \
    0xba, (port)&0xff, (port) >> 8, 0x66, 0xb8, (dword)&0xff, (dword) >> 8 & 0xff,                 \
        (dword) >> 16 & 0xff, (dword) >> 24 & 0xff, 0x66, 0xef
#define ROM_FOREVER 0xeb, 0xfe

/* Writes an image of 64 KiB. */
void rom_write(const char *path, const unsigned char *code, size_t size);

#endif
