/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases that once differed, each by its name. */
#include "tests/native/named.h"

#include <string.h>

static const struct named {
    const char *name;
    u8 code[24];
    u32 size;
    u32 regs[8]; /* ESP is set if 0 */
    u32 flags;
    u32 undef_flags;
    u32 stack[4]; /* at its top */
    u16 cs;       /* USER_CS if 0 */
} named[] = {
    {"a control register that there is not is #UD, not #GP",
     {0x0f, 0x20, 0xf8},
     3,
     {0},
     0,
     0,
     {0},
     0},
    {"... nor can it be written", {0x0f, 0x22, 0xc8}, 3, {0}, 0, 0, {0}, 0},
    {"shl m8, cl by 0 keeps the flags, xor leaves AF open",
     {0xb1, 0x00, 0xd2, 0x26, 0x31, 0xd8},
     6,
     {[EBX] = 0x80000000, [ESI] = DATA + 64},
     FLAG_AF | FLAG_CF,
     FLAG_AF,
     {0},
     0},
    {"-jit ir: the flags of FUCOMI are not those that were due to be stored before it",
     {0x0f, 0xc0, 0x16, 0xda, 0xdc, 0xdb, 0xe9, 0x0f, 0x94, 0xd6},
     10,
     {[EDX] = 1, [ESI] = DATA + 64},
     0,
     0,
     {0},
     0},
    {"a vector that is not aligned, in a page that is not there, is #GP",
     {0x66, 0x0f, 0x6f, 0x05, 0xd1, 0x07, 0x00, 0x00},
     8,
     {0},
     0,
     0,
     {0},
     0},
    {"MOV to a control register has no address, whatever mod is: these are 14 bytes",
     {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x67, 0x66, 0x66, 0x0f, 0x22, 0xb6},
     14,
     {0},
     0,
     0,
     {0},
     0},
    {"CLFLUSH of code that cannot be read",
     {0x2e, 0x0f, 0xae, 0x3d, 0x40, 0x00, 0x40, 0x00},
     8,
     {0},
     0,
     0,
     {0},
     LDT_code_only << 3 | 7},
};

unsigned named_count(void)
{
    return sizeof named / sizeof *named;
}

const char *named_name(unsigned i)
{
    return named[i].name;
}

void named_case(unsigned i, struct test_case *c, struct case_info *info)
{
    const struct named *n = &named[i];
    struct machine_state *s = &c->start;
    u16 sel[6] = {[ES] = USER_DS, [CS] = USER_CS, [SS] = USER_DS, [DS] = USER_DS};

    memset(c, 0, sizeof *c);
    memset(info, 0, sizeof *info);
    memcpy(s->regs, n->regs, sizeof s->regs);
    memcpy(s->sel, sel, sizeof sel);
    if (n->cs)
        s->sel[CS] = n->cs;
    if (!s->regs[ESP])
        s->regs[ESP] = STACK + PAGE / 2;
    s->eip = CODE + 64;
    s->eflags = n->flags | FLAG_1 | FLAG_IF;
    s->vector.control = 0x37f;
    s->vector.mxcsr = 0x1f80;
    c->patch[0] = (struct patch){.at = s->eip, .size = n->size};
    memcpy(c->patch[0].bytes, n->code, n->size);
    c->patch[1] = (struct patch){.at = DATA};
    c->patch[2] = (struct patch){.at = s->regs[ESP], .size = sizeof n->stack};
    memcpy(c->patch[2].bytes, n->stack, sizeof n->stack);
    info->is_sequence = true;
    info->differences = 1u << OPEN_control_order | 1u << OPEN_misaligned_order;
    for (unsigned k = 1; k <= PATCH_SIZE; k++)
        info->undef_flags[k] = (u16)n->undef_flags;
}
