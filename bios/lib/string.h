/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As in C's library; these are all there are. */
#ifndef BIOS_STRING_H
#define BIOS_STRING_H

#include "bios/lib/types.h"

void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);

#endif
