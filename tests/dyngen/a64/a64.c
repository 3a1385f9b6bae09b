/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * a64.c: as much of A64 (Arm ARM, C4.1) as make.c's ops are made of, to prove that dyngen/host.h is
 * not x86-64 in disguise: fields inside of words, shifted, scattered, relative to pages. It is no
 * port: Debian's libbfd reads no AArch64 objects.
 */
#include "tests/dyngen/a64/a64.h"
#include "dyngen/model.h"
#include <elf.h>
#include <string.h>

enum { SP = 31 };

static uint32_t word_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_word(uint8_t *p, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(word >> 8 * i);
}

/* --- what there is --- */

static struct field one_part(enum field_use use, struct part part, uint8_t zeros)
{
    return (struct field){.use = use, .size = 4, .zeros = zeros, .part = {part}, .parts = 1};
}

static const struct shape {
    uint32_t mask, bits;
    const char *name;
    enum insn_kind kind;
    enum field_use use;
    struct part part;
    int8_t condition;
} shapes[] = {
    {0xfc000000, 0x14000000, "b", INSN_JUMP, FIELD_BRANCH, {0, 26, 2, RANGE_SIGNED}, -1},
    {0xfc000000, 0x94000000, "bl", INSN_CALL, FIELD_BRANCH, {0, 26, 2, RANGE_SIGNED}, -1},
    {0xff000010, 0x54000000, "b.cond", INSN_BRANCH, FIELD_BRANCH, {5, 19, 2, RANGE_SIGNED}, 0},
    {0x7e000000, 0x34000000, "cbz", INSN_BRANCH, FIELD_BRANCH, {5, 19, 2, RANGE_SIGNED}, 3},
    {0xfffffc1f, 0xd61f0000, "br", INSN_JUMP_INDIRECT, FIELD_NONE, {0}, -1},
    {0xfffffc1f, 0xd65f0000, "ret", INSN_RETURN, FIELD_NONE, {0}, -1},
    {0xffe0001f, 0xd4200000, "brk", INSN_STOP, FIELD_NONE, {0}, -1},
    {0xffffffff, 0xd503201f, "nop", INSN_NOP, FIELD_NONE, {0}, -1},
    {0x9f000000, 0x90000000, "adrp", INSN_PLAIN, FIELD_ADDRESS, {29, 2, 12, RANGE_ANY}, -1},
    {0xff800000, 0x91000000, "add", INSN_PLAIN, FIELD_VALUE, {10, 12, 0, RANGE_ANY}, -1},
    {0xff800000, 0xd1000000, "sub", INSN_PLAIN, FIELD_NONE, {0}, -1},
    {0xff200000, 0x8b000000, "add", INSN_PLAIN, FIELD_NONE, {0}, -1},
    {0xffc00000, 0xf9400000, "ldr", INSN_PLAIN, FIELD_VALUE, {10, 12, 3, RANGE_ANY}, -1},
    {0xffc00000, 0xf9000000, "str", INSN_PLAIN, FIELD_VALUE, {10, 12, 3, RANGE_ANY}, -1},
    {0x7f800000, 0x52800000, "movz", INSN_PLAIN, FIELD_VALUE, {5, 16, 0, RANGE_ANY}, -1},
    {0x7f800000, 0x72800000, "movk", INSN_PLAIN, FIELD_VALUE, {5, 16, 0, RANGE_ANY}, -1},
};

static const struct shape *shape_of(uint32_t word)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if ((word & shapes[i].mask) == shapes[i].bits)
            return &shapes[i];
    return NULL;
}

static bool is_adrp(uint32_t word)
{
    return (word & 0x9f000000) == 0x90000000;
}

/* The lower half of an address space is enough here. */
static struct field field_of(const struct shape *s, uint32_t word)
{
    bool branch = s->use == FIELD_BRANCH, memory = s->part.shift == 3;
    struct field f = one_part(s->use, s->part, branch ? 2 : memory ? 3 : 0);
    if ((word & 0x1f800000) == 0x12800000)
        f.part[0].shift = (uint8_t)(16 * (word >> 21 & 3)); /* MOVZ, MOVK: hw */
    if (is_adrp(word)) {
        f.pages = true;
        f.part[1] = (struct part){5, 19, 14, RANGE_SIGNED};
        f.parts = 2;
    }
    return f;
}

/* ADD and SUB of an immediate to SP itself; what else writes it cannot be followed. */
static int32_t stack_of(uint32_t word)
{
    bool add = (word & 0xffc00000) == 0x91000000, sub = (word & 0xffc00000) == 0xd1000000;
    int32_t by = (int32_t)(word >> 10 & 0xfff);
    if ((!add && !sub) || (word & 0x1f) != SP)
        return 0;
    if ((word >> 5 & 0x1f) != SP)
        return STACK_UNKNOWN;
    return add ? -by : by;
}

static int64_t distance_of(const struct part *p, uint32_t word)
{
    uint64_t bits = (uint64_t)word >> p->bit << (64 - p->width);
    return (int64_t)bits >> (64 - p->width) << p->shift;
}

static bool decode(const uint8_t *code, uint32_t size, uint32_t at, struct insn *insn)
{
    const struct shape *s = size - at >= 4 ? shape_of(word_at(code + at)) : NULL;
    if (!s)
        return false;
    uint32_t word = word_at(code + at);
    *insn = (struct insn){.at = at, .size = 4, .kind = s->kind, .target = -1};
    insn->condition = s->condition;
    insn->stack = stack_of(word);
    insn->text = s->name;
    if (s->use)
        insn->field[0] = field_of(s, word);
    if (s->use == FIELD_BRANCH)
        insn->target = at + distance_of(&s->part, word);
    return true;
}

/* --- relocations (ELF for the Arm 64-bit Architecture, 5.7) --- */

static const struct relocation {
    struct reloc_kind kind;
    uint8_t width, shift; /* of the part where its lowest bits go */
    enum range range;
} relocations[] = {
    {{R_AARCH64_JUMP26, true}, 26, 2, RANGE_SIGNED},
    {{R_AARCH64_CALL26, true}, 26, 2, RANGE_SIGNED},
    {{R_AARCH64_CONDBR19, true}, 19, 2, RANGE_SIGNED},
    {{R_AARCH64_ADR_PREL_PG_HI21, true}, 2, 12, RANGE_ANY},
    {{R_AARCH64_ADD_ABS_LO12_NC, false}, 12, 0, RANGE_ANY},
    {{R_AARCH64_LDST64_ABS_LO12_NC, false}, 12, 3, RANGE_ANY},
    {{R_AARCH64_MOVW_UABS_G0, false}, 16, 0, RANGE_UNSIGNED},
    {{R_AARCH64_MOVW_UABS_G0_NC, false}, 16, 0, RANGE_ANY},
    {{R_AARCH64_MOVW_UABS_G1, false}, 16, 16, RANGE_UNSIGNED},
    {{R_AARCH64_MOVW_UABS_G1_NC, false}, 16, 16, RANGE_ANY},
    {{R_AARCH64_MOVW_UABS_G2_NC, false}, 16, 32, RANGE_ANY},
    {{R_AARCH64_MOVW_UABS_G3, false}, 16, 48, RANGE_ANY},
};

static const struct relocation *find(unsigned type)
{
    for (size_t i = 0; i < sizeof relocations / sizeof *relocations; i++)
        if (relocations[i].kind.type == type)
            return &relocations[i];
    return NULL;
}

static const struct reloc_kind *reloc(unsigned type)
{
    return find(type) ? &find(type)->kind : NULL;
}

static const char *advice(unsigned type, const struct insn *insn)
{
    (void)type, (void)insn;
    return "reach the symbol through a helper";
}

/* How far a value may reach, the relocation says. */
static bool field(const struct insn *insn, uint32_t at, const struct reloc_kind *kind,
                  struct field *to)
{
    const struct relocation *r = find(kind->type);
    *to = insn->field[0];
    if (at || !to->use || (to->use != FIELD_VALUE) != kind->relative)
        return false;
    if (to->part[0].width != r->width || to->part[0].shift != r->shift)
        return false;
    to->part[0].range = r->range;
    return true;
}

static const char *none_for_part(const struct field *f, const struct part *part)
{
    (void)f, (void)part;
    return NULL;
}

static const char *no_advice(const char *symbol)
{
    (void)symbol;
    return NULL;
}

/* --- jumps --- */

static void set_distance(uint8_t *at, int64_t distance)
{
    uint32_t word = word_at(at);
    const struct part *p = &shape_of(word)->part;
    uint32_t mask = ((1U << p->width) - 1) << p->bit;
    put_word(at, (word & ~mask) | ((uint32_t)(distance >> p->shift) << p->bit & mask));
}

static bool set_target(uint8_t *bytes, const struct insn *insn, int64_t target)
{
    set_distance(bytes, target - insn->at);
    return true; /* an op is shorter than any jump reaches */
}

/* A hole can lie in each of them. */
static uint8_t far_jump(const uint8_t *bytes, const struct insn *insn, uint8_t *to)
{
    memcpy(to, bytes, insn->size);
    set_distance(to, 0);
    return insn->size;
}

static bool accepts(int arch, unsigned long mach, bool elf64)
{
    (void)arch, (void)mach, (void)elf64;
    return false;
}

const struct host host_a64 = {
    .name = "A64",
    .triple = "aarch64-linux-gnu",
    .machine = EM_AARCH64,
    .class = ELFCLASS64,
    .header = "tests/dyngen/a64/dyngen_a64.h",
    .accepts = accepts,
    .decode = decode,
    .reloc = reloc,
    .advice = advice,
    .field = field,
    .writer = none_for_part,
    .symbol_advice = no_advice,
    .bias = 0,
    .set_distance = set_distance,
    .set_target = set_target,
    .far_jump = far_jump,
    .stack_pointer = "sp",
};

const struct host *const hosts[] = {&host_a64, NULL};
