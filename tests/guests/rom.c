/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rom.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROM_SIZE = 64 * 1024, RESET_VECTOR = 0xfff0 };

void rom_write(const char *path, const unsigned char *code, size_t size)
{
    unsigned char *bytes = calloc(1, ROM_SIZE);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, code, size);
    memcpy(bytes + RESET_VECTOR, (unsigned char[]){0xea, 0, 0, 0, 0xf0}, 5); /* far to F000:0 */
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, ROM_SIZE, file), ROM_SIZE);
    fclose(file);
    free(bytes);
}
