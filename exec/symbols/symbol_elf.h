/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ELF image that says what generated code is called and how it is unwound. */
#ifndef EXEC_SYMBOL_ELF_H
#define EXEC_SYMBOL_ELF_H

#include "exec/symbols/symbols.h"

struct code_symbol {
    uint64_t at, size;
    char name[SYMBOL_NAME];
};

/* The image, to be freed, and its size; NULL if the host has no room. At least one symbol. */
char *symbol_elf(const struct code_symbol *symbols, size_t count, size_t *size);

#endif
