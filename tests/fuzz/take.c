/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What targets share, and the entry of libFuzzer. */
#include "tests/fuzz/fuzz.h"

uint32_t fuzz_take(const uint8_t **bytes, size_t *size, unsigned n)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < n && *size; i++, (*size)--)
        value |= (uint32_t) * (*bytes)++ << 8 * i;
    return value;
}

#ifdef FUZZ
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FUZZ(bytes, size);
    return 0;
}
#endif
