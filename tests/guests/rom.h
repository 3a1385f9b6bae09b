/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small ROMs of a test's own for -bios: real-mode code that starts at F000:0. */
#ifndef TESTS_GUESTS_ROM_H
#define TESTS_GUESTS_ROM_H

#include <stddef.h>

/* mov $port, %dx; mov $byte, %al; out %al, (%dx) */
#define ROM_OUT(port, byte) 0xba, (port)&0xff, (port) >> 8, 0xb0, byte, 0xee
#define ROM_FOREVER         0xeb, 0xfe

/* Writes an image of 64 KiB. */
void rom_write(const char *path, const unsigned char *code, size_t size);

#endif
