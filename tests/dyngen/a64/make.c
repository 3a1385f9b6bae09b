/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * make.c: ops of A64, checked, threaded and written out by dyngen, as if object.c had read them.
 * usage: make FILE.c
 */
#include "dyngen/model.h"
#include "tests/dyngen/a64/a64.h"
#include <elf.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WORDS = 8, MAX_RELOCS = 6 };

static const struct source {
    const char *name;
    uint32_t words[MAX_WORDS];
    struct {
        unsigned at, type;
        const char *kind, *symbol;
        int64_t addend;
    } relocs[MAX_RELOCS];
} sources[] = {
#define RELOC(at, type, symbol, addend)                                                            \
    {                                                                                              \
        at, R_AARCH64_##type, "R_AARCH64_" #type, symbol, addend                                   \
    }
    {"address",
     {0x90000000 /* adrp x0 */, 0x91000000 /* add x0, x0 */, 0xf9400041 /* ldr x1, [x2] */,
      0x14000000 /* b */},
     {RELOC(0, ADR_PREL_PG_HI21, "__op_param1", 8), RELOC(4, ADD_ABS_LO12_NC, "__op_param1", 8),
      RELOC(8, LDST64_ABS_LO12_NC, "__op_param2", 0), RELOC(12, JUMP26, "__op_next", 0)}},
    /* b.eq to a `b __op_cold`; cbz around a `b __op_taken` */
    {"branch",
     {0x54000080 /* b.eq +16 */, 0xb4000040 /* cbz x0, +8 */, 0x14000000 /* b */,
      0x8b020021 /* add x1, x1, x2 */, 0x14000000 /* b */},
     {RELOC(8, JUMP26, "__op_taken", 0), RELOC(16, JUMP26, "__op_cold", 0)}},
    {"call",
     {0xd10043ff /* sub sp, sp, 16 */, 0xf90003fe /* str x30, [sp] */, 0x94000000 /* bl */,
      0xf94003fe /* ldr x30, [sp] */, 0x910043ff /* add sp, sp, 16 */, 0x14000000 /* b */},
     {RELOC(8, CALL26, "a64_helper", 0), RELOC(20, JUMP26, "__op_next", 0)}},
    {"jump", {0x14000000 /* b */}, {RELOC(0, JUMP26, "__op_taken", 0)}},
    {"next_address",
     {0x90000000 /* adrp x0 */, 0x91000000 /* add x0, x0 */, 0xd61f0060 /* br x3 */},
     {RELOC(0, ADR_PREL_PG_HI21, "__op_next", 0), RELOC(4, ADD_ABS_LO12_NC, "__op_next", 0)}},
    {"short",
     {0x52800003 /* movz w3 */, 0x14000000 /* b */},
     {RELOC(0, MOVW_UABS_G0, "__op_param1", 0), RELOC(4, JUMP26, "__op_next", 0)}},
    {"wide",
     {0xd2800000 /* movz x0 */, 0xf2a00000 /* movk, lsl 16 */, 0xf2c00000 /* lsl 32 */,
      0xf2e00000 /* lsl 48 */, 0x14000000 /* b */},
     {RELOC(0, MOVW_UABS_G0_NC, "__op_param1", 0), RELOC(4, MOVW_UABS_G1_NC, "__op_param1", 0),
      RELOC(8, MOVW_UABS_G2_NC, "__op_param1", 0), RELOC(12, MOVW_UABS_G3, "__op_param1", 0),
      RELOC(16, JUMP26, "__op_next", 0)}},
};
enum { SOURCES = sizeof sources / sizeof *sources };

static void read_source(struct object *o, struct section *s, struct op *op,
                        const struct source *from)
{
    *s = (struct section){.name = ".text", .object = o, .loaded = true, .code = true};
    s->bytes = take(sizeof from->words, 1);
    for (unsigned i = 0; i < MAX_WORDS && from->words[i]; i++, s->size += 4)
        for (unsigned k = 0; k < 4; k++)
            s->bytes[s->size + k] = (uint8_t)(from->words[i] >> 8 * k);
    s->relocs = take(MAX_RELOCS, sizeof *s->relocs);
    for (; s->reloc_count < MAX_RELOCS && from->relocs[s->reloc_count].kind; s->reloc_count++) {
        struct reloc *r = &s->relocs[s->reloc_count];
        *r = (struct reloc){.at = from->relocs[s->reloc_count].at, .place = PLACE_UNDEFINED};
        r->type = from->relocs[s->reloc_count].type;
        r->kind = from->relocs[s->reloc_count].kind;
        r->symbol = from->relocs[s->reloc_count].symbol;
        r->addend = from->relocs[s->reloc_count].addend;
    }
    *op = (struct op){.name = from->name, .object = o, .section = s, .body = (uint32_t)s->size};
    op->code = take(s->size, 1);
    memcpy(op->code, s->bytes, s->size);
}

int main(int argc, char **argv)
{
    static struct section sections[SOURCES];
    static struct op ops[SOURCES];
    struct object o = {.file = "make.c", .host = &host_a64, .sections = sections, .ops = ops};
    struct op *sorted[SOURCES];

    if (argc != 2)
        return 1;
    o.section_count = o.op_count = SOURCES;
    for (unsigned i = 0; i < SOURCES; i++) {
        read_source(&o, &sections[i], &ops[i], &sources[i]);
        sorted[i] = &ops[i];
    }
    if (!check_object(&o))
        return 1;
    return !emit_files(argv[1], "a64_", sorted, SOURCES, 0);
}
