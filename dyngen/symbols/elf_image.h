/* SPDX-License-Identifier: 0BSD */
/* elf_image.h: an ELF image that says what generated code is called and how it is unwound. */
#ifndef DYNGEN_SYMBOLS_ELF_IMAGE_H
#define DYNGEN_SYMBOLS_ELF_IMAGE_H

#include "dyngen/symbols/sink.h"

#include <stdint.h>

struct code_symbol {
    uint64_t at, size;
    char *name;
};

/* The image, to be freed, and its size; NULL without memory. At least one symbol. */
char *dyngen_elf_image(const struct code_symbol *symbols, size_t count,
                       const struct dyngen_unwind *unwind, size_t *size);

#endif
