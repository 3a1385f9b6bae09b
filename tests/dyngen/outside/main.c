/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c, C and C++: is what the emitters write where these helpers are? */
#include "templates.h"
#include <stdio.h>
#include <string.h>
#ifdef SECOND_SET
#include "second/templates.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif
extern long jit_table[3];
void jit_callback(void);
#ifdef __cplusplus
}
#endif

static unsigned char code[4096];

/* Has the code a field with this address? */
static int has_address(const struct dyngen_emit *e, uintptr_t address)
{
    uint32_t field = (uint32_t)address;
    for (const unsigned char *at = code; at + sizeof field <= e->at; at++)
        if (!memcmp(at, &field, sizeof field))
            return 1;
    return 0;
}

static int emitted(enum dyngen_status (*op)(struct dyngen_emit *), struct dyngen_emit *e)
{
    memset(e, 0, sizeof *e);
    e->target[DYNGEN_COLD] = code;
    e->at = code;
    e->end = code + sizeof code;
    return op(e) == DYNGEN_OK;
}

/* What of this can be emitted where addresses have more than 32 bits? */
static int in_pie(struct dyngen_emit *e)
{
    if (emitted(emit_callback, e) || emitted(emit_table, e) || emitted(emit_third, e))
        return puts("an address does not fit"), 1;
    if (!emitted(emit_call, e) || !emitted(emit_count, e) || !emitted(emit_leave, e))
        return puts("the program is not in reach"), 1;
    puts("right");
    return 0;
}

int main(void)
{
    struct dyngen_emit e;
    if ((uintptr_t)code >> 32)
        return in_pie(&e);
    if (!emitted(emit_callback, &e) || !has_address(&e, (uintptr_t)jit_callback))
        return puts("the address of a function is wrong"), 1;
    if (!emitted(emit_table, &e) || !has_address(&e, (uintptr_t)jit_table))
        return puts("the address of a variable is wrong"), 1;
    if (dyngen_templates[DYNGEN_OP_call].size <= dyngen_templates[DYNGEN_OP_leave].size)
        return puts("a size is wrong"), 1;
#ifdef SECOND_SET
    if (!emitted(second_emit_call, &e) ||
        second_templates[SECOND_OP_call].emit == dyngen_templates[DYNGEN_OP_call].emit)
        return puts("the second set is not there"), 1;
    printf("%u %s ", second_template_count, SECOND_DIGEST);
#endif
    puts("right");
    return 0;
}
