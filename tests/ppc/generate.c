/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See generate.h. A form fills in the fields of the word, and what of the state they need. */
#include "tests/ppc/generate.h"

#include <string.h>

/* --- rows --- */

enum form {
    SYSTEM, /* none is made: tests/exec/test_ppc.c */
    ALONE,
    D,
    D_A,
    D_A_RECORD,
    D_A_B,
    D_A_B_RECORD,
    D_A_SIGNED,
    D_FIELDS,
    D_SPR,
    F,
    F_F,
    F_A_B,
    F_A_IMM,
    SELECT,
    ROTATE,
    DIVIDE,
    JUMP,
    BRANCH,
    BRANCH_LR,
    BRANCH_CTR,
    STORAGE,
    STORAGE_UPDATE,
    STORAGE_MULTIPLE,
    INDEXED,
    INDEXED_UPDATE,
    INDEXED_RESERVE,
    INDEXED_CONDITIONAL,
    LINE,
    STRING,
    STRING_INDEXED,
    FLOAT_STORAGE,
    FLOAT_STORAGE_UPDATE,
    FLOAT_INDEXED,
    FLOAT_INDEXED_UPDATE,
    FLOAT_D,
    FLOAT_D_B,
    FLOAT_A_B,
    FLOAT_A_C,
    FLOAT_A_C_B,
    FLOAT_COMPARE,
    FPSCR_BIT,
    FPSCR_IMM,
    FPSCR_FIELDS
};

#define PRIMARY(opcode, name, form, cr0, translate, arg) {#name, (u32)(opcode) << 26, form},
#define EXTENDED(primary, opcode, name, form, cr0, translate, arg)                                 \
    {#name, (u32)(primary) << 26 | (opcode) << 1, form},
#define SHORT(primary, opcode, name, form, cr0, translate, arg)                                    \
    {#name, (u32)(primary) << 26 | (opcode) << 1, form},
const struct row rows[] = {
#include "translate/ppc/insns.def"
};
const unsigned row_count = sizeof rows / sizeof *rows;

enum qemu qemu_for(const struct row *row)
{
    static const struct {
        const char *name;
        enum qemu qemu;
    } others[] = {
#define QEMU_IS(row, processor) {#row, QEMU_##processor},
#include "tests/ppc/qemu.def"
#undef QEMU_IS
    };

    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcmp(others[i].name, row->name))
            return others[i].qemu;
    return QEMU_E500MC;
}

/* --- a case in the making --- */

enum { OWN = 1, WORDS = CODE_WORDS - 1 }; /* r1; the last word of code is the way out */

struct making {
    struct record *r;
    struct random *random;
    u32 word, address, save;
    unsigned words; /* of code so far */
};

static void append(struct making *m, u32 word)
{
    m->r->code[m->words++] = word;
}

static u32 here(const struct making *m)
{
    return m->address + RECORD_CODE + 4 * m->words;
}

/* Any register but the record's own. */
static u32 reg(struct making *m)
{
    u32 n = below(m->random, 31);

    return n < OWN ? n : n + 1;
}

/* One that can be a base, and is none of two others. */
static u32 base_beside(struct making *m, u32 other, u32 another)
{
    u32 n;

    do
        n = 2 + below(m->random, 30);
    while (n == other || n == another);
    return n;
}

static void set(struct making *m, u32 d, u32 a, u32 b)
{
    m->word |= d << 21 | a << 16 | b << 11;
}

static void maybe_record(struct making *m)
{
    m->word |= below(m->random, 2);
}

/* --- fixed point --- */

static void three_registers(struct making *m)
{
    set(m, reg(m), reg(m), reg(m));
}

static void immediate_form(struct making *m)
{
    set(m, reg(m), reg(m), 0);
    m->word |= random_value(m->random) & 0xffff;
}

static void compare_form(struct making *m)
{
    set(m, below(m->random, 8) << 2, reg(m), reg(m));
}

static void compare_immediate(struct making *m)
{
    set(m, below(m->random, 8) << 2, reg(m), 0);
    m->word |= random_value(m->random) & 0xffff;
}

/* What is not defined is not asked for. */
static void divide_form(struct making *m)
{
    u32 a = reg(m), b = base_beside(m, a, 0);

    set(m, reg(m), a, b);
    if (m->r->gpr[b] == 0 || m->r->gpr[b] == ~0u)
        m->r->gpr[b] = 3;
    maybe_record(m);
}

static void rotate_form(struct making *m)
{
    set(m, reg(m), reg(m), below(m->random, 32));
    if ((m->word >> 11 & 31) == OWN && m->word >> 26 == 23) /* rlwnm, by a register */
        m->word &= ~(31u << 11);
    m->word |= next_random(m->random) & 0x7fe;
    maybe_record(m);
}

static u32 spr_field(u32 number)
{
    return (number & 31) << 16 | (number >> 5) << 11;
}

static void spr_form(struct making *m)
{
    static const u32 numbers[] = {1, 8, 9};

    u32 d = reg(m), number = numbers[below(m->random, 3)];

    m->word |= spr_field(number) | d << 21;
    if (number == 1) /* XER: its reserved bits need not be kept */
        m->r->gpr[d] &= 0xe000007f;
}

/* --- branches --- */

/* What is jumped over. */
static void append_skipped(struct making *m)
{
    append(m, 14u << 26 | 29u << 21 | 29u << 16 | 1); /* addi r29, r29, 1 */
}

static void branch_form(struct making *m)
{
    append(m, m->word | below(m->random, 32) << 21 | below(m->random, 32) << 16 | 8 |
                  below(m->random, 2));
    append_skipped(m);
}

static void jump_form(struct making *m)
{
    append(m, m->word | 8 | below(m->random, 2));
    append_skipped(m);
}

enum { TARGET_REGISTER = 30, IGNORE_CTR = 4, SPR_LR = 8, SPR_CTR = 9 };

static void branch_register(struct making *m, u32 spr, u32 bo)
{
    append(m, 31u << 26 | TARGET_REGISTER << 21 | spr_field(spr) | 467 << 1); /* mtspr */
    append(m, m->word | bo << 21 | below(m->random, 32) << 16 | below(m->random, 2));
    append_skipped(m);
    m->r->gpr[TARGET_REGISTER] = here(m) | below(m->random, 4);
}

/* --- storage --- */

/* Somewhere in the memory, with room for so much, behind the record's start. */
static u32 offset_for(struct making *m, u32 size, u32 alignment)
{
    return RECORD_MEMORY + (below(m->random, MEMORY_BYTES - size + 1) & ~(alignment - 1));
}

static void displacement_form(struct making *m, bool updates)
{
    u32 d = reg(m), a = base_beside(m, updates ? d : OWN, OWN), offset = offset_for(m, 8, 1);
    u32 disp = random_value(m->random) & 0xffff;

    if (!updates && one_in(m->random, 4)) {
        a = OWN;
        disp = offset;
    }
    set(m, d, a, 0);
    m->word |= disp;
    if (a != OWN)
        m->r->gpr[a] = m->address + offset - (u32)(s16)disp;
}

static void multiple_form(struct making *m)
{
    u32 first = 2 + below(m->random, 30), offset = offset_for(m, 4 * (32 - first), 4);

    if (one_in(m->random, 4)) { /* the base, too: lmw's form is invalid, but does something */
        u32 disp = random_value(m->random) & 0xffff;
        set(m, first, first, 0);
        m->word |= disp;
        m->r->gpr[first] = m->address + offset - (u32)(s16)disp;
        return;
    }
    set(m, first, OWN, 0);
    m->word |= offset;
}

/* The address is RA + RB; RA may be zero, if that is not to be changed. */
static void indexed_at(struct making *m, u32 d, bool updates, u32 offset)
{
    u32 a = base_beside(m, d, OWN), b = base_beside(m, a, d), index = random_value(m->random);

    if (!updates && one_in(m->random, 4)) {
        a = 0;
        index = m->address + offset;
    } else {
        m->r->gpr[a] = m->address + offset - index;
    }
    m->r->gpr[b] = index;
    set(m, d, a, b);
}

/* A reservation first, now and then of another word. */
static void conditional_form(struct making *m)
{
    u32 offset = offset_for(m, 4, 4), reserved = 31u << 26 | 20 << 1; /* lwarx */
    u32 own = m->word;

    m->word = 0;
    indexed_at(m, reg(m), false, offset);
    u32 fields = m->word;
    u32 loaded = 2;
    while (loaded == (fields >> 16 & 31) || loaded == (fields >> 11 & 31))
        loaded++;
    if (!one_in(m->random, 4))
        append(m, reserved | (fields & 0x001ff800) | loaded << 21);
    m->word = own | fields | 1;
}

static void string_form(struct making *m)
{
    u32 count = below(m->random, 32), bytes = count ? count : 32;
    u32 a = 20 + below(m->random, 12), first = 2 + below(m->random, 10);

    m->r->gpr[a] = m->address + offset_for(m, bytes, 1);
    set(m, first, a, count);
}

static void string_indexed_form(struct making *m)
{
    u32 bytes = below(m->random, 33), b = 20 + below(m->random, 12);

    m->r->xer = (m->r->xer & 0xe0000000) | bytes;
    m->r->gpr[b] = offset_for(m, bytes, 1);
    set(m, 2 + below(m->random, 10), OWN, b);
}

/* --- floating point --- */

static u64 random_float(struct random *random)
{
    static const u64 edges[] = {
        0,
        0x3ff0000000000000,
        0x7ff0000000000000,
        0x7ff8000000000000,
        0x7ff0000000000001,
        1,
        0x000fffffffffffff,
        0x0010000000000000,
        0x7fefffffffffffff,
        0x4000000000000000,
        0x3690000000000000,
        0x380fffffe0000000,
        0x47efffffe0000000,
        0x47effffff0000000,
        0x41dfffffffc00000,
    };
    u64 bits = (u64)next_random(random) << 32 | next_random(random);

    switch (below(random, 6)) {
    case 0:
    case 1:
        return edges[below(random, sizeof edges / sizeof *edges)] | (bits & (u64)1 << 63);
    case 2: /* around 1 */
        return (bits & 0x800fffffffffffff) | (u64)(1003 + below(random, 40)) << 52;
    case 3: /* what a single can be */
        return (bits & 0x800fffffe0000000) | (u64)(860 + below(random, 320)) << 52;
    default:
        return bits;
    }
}

/*
 * The first of the five bits of FPSCR that enable exceptions. None is ever set: in qemu-ppc they
 * end the program. The bit behind them, NI, is the processor's own affair.
 */
enum { ENABLES = 24 };

static bool fill_float(struct making *m, enum form form)
{
    u32 d = below(m->random, 32), a = below(m->random, 32), b = below(m->random, 32);

    switch (form) {
    case FLOAT_STORAGE:
    case FLOAT_STORAGE_UPDATE:
        displacement_form(m, form == FLOAT_STORAGE_UPDATE);
        return true;
    case FLOAT_INDEXED:
    case FLOAT_INDEXED_UPDATE:
        indexed_at(m, reg(m), form == FLOAT_INDEXED_UPDATE, offset_for(m, 8, 1));
        return true;
    case FLOAT_D:
        set(m, d, 0, 0);
        break;
    case FLOAT_D_B:
        set(m, d, 0, b);
        /* QEMU's fres of zero is 1/2 (book I, 4.6.6.1: infinite): tests/exec/test_ppc_float.c */
        if (m->word >> 26 == 59 && !(m->r->fpr[b] << 1))
            m->r->fpr[b] |= 1;
        break;
    case FLOAT_A_B:
        set(m, d, a, b);
        break;
    case FLOAT_A_C:
        set(m, d, a, 0);
        m->word |= below(m->random, 32) << 6;
        break;
    case FLOAT_A_C_B:
        set(m, d, a, b);
        /* QEMU rounds what is negated already (book I, 4.6.6.2: then negated): up is down. */
        if ((m->word >> 1 & 31) >= 30)
            m->r->fpscr[1] &= 1;
        m->word |= below(m->random, 32) << 6;
        break;
    case FLOAT_COMPARE:
        set(m, below(m->random, 8) << 2, a, one_in(m->random, 8) ? a : b);
        return true;
    case FPSCR_BIT:
        set(m, d >= ENABLES && d < 30 ? 0 : d, 0, 0);
        break;
    case FPSCR_IMM:
        a = below(m->random, 8);
        m->word |= a << 23 | below(m->random, a == 6 ? 1 : a == 7 ? 8 : 16) << 12;
        break;
    case FPSCR_FIELDS:
        m->r->fpr[b] &= ~(u64)0xf8;
        m->word |= below(m->random, 256) << 17 | b << 11;
        break;
    default:
        return false;
    }
    maybe_record(m);
    return true;
}

/* --- all forms --- */

static bool fill_fixed(struct making *m, enum form form)
{
    switch (form) {
    case D_A_B_RECORD:
        maybe_record(m);
        __attribute__((fallthrough));
    case D_A_B:
        three_registers(m);
        return true;
    case D_A_RECORD:
        maybe_record(m);
        __attribute__((fallthrough));
    case D_A:
        set(m, reg(m), reg(m), 0);
        return true;
    case D_A_SIGNED:
        immediate_form(m);
        return true;
    case F_A_B:
        compare_form(m);
        return true;
    case F_A_IMM:
        compare_immediate(m);
        return true;
    case SELECT:
        three_registers(m);
        m->word |= below(m->random, 32) << 6;
        return true;
    case ROTATE:
        rotate_form(m);
        return true;
    case DIVIDE:
        divide_form(m);
        return true;
    default:
        return false;
    }
}

static bool fill_control(struct making *m, enum form form)
{
    switch (form) {
    case ALONE:
        return true;
    case D:
        set(m, reg(m), 0, 0);
        return true;
    case D_FIELDS:
        m->word |= reg(m) << 21 | below(m->random, 256) << 12;
        return true;
    case D_SPR:
        spr_form(m);
        return true;
    case F:
        m->word |= below(m->random, 8) << 23;
        return true;
    case F_F:
        m->word |= below(m->random, 8) << 23 | below(m->random, 8) << 18;
        return true;
    case JUMP:
        jump_form(m);
        return true;
    case BRANCH:
        branch_form(m);
        return true;
    case BRANCH_LR:
        branch_register(m, SPR_LR, below(m->random, 32));
        return true;
    case BRANCH_CTR:
        branch_register(m, SPR_CTR, below(m->random, 32) | IGNORE_CTR);
        return true;
    default:
        return false;
    }
}

static bool fill_storage(struct making *m, enum form form)
{
    switch (form) {
    case STORAGE:
    case STORAGE_UPDATE:
        displacement_form(m, form == STORAGE_UPDATE);
        return true;
    case STORAGE_MULTIPLE:
        multiple_form(m);
        return true;
    case INDEXED:
    case INDEXED_UPDATE:
        indexed_at(m, reg(m), form == INDEXED_UPDATE, offset_for(m, 8, 1));
        return true;
    case INDEXED_RESERVE:
        indexed_at(m, reg(m), false, offset_for(m, 4, 4));
        return true;
    case INDEXED_CONDITIONAL:
        conditional_form(m);
        return true;
    case LINE:
        indexed_at(m, 0, false, offset_for(m, 1, 1));
        return true;
    case STRING:
        string_form(m);
        return true;
    case STRING_INDEXED:
        string_indexed_form(m);
        return true;
    default:
        return false;
    }
}

static void fill_state(struct record *r, u32 address, struct random *random)
{
    memset(r, 0, sizeof *r);
    for (unsigned i = 0; i < 32; i++)
        r->gpr[i] = random_value(random);
    r->gpr[OWN] = address;
    r->cr = next_random(random);
    r->xer = next_random(random) & 0xe000007f;
    for (unsigned i = 0; i < 32; i++)
        r->fpr[i] = random_float(random);
    r->fpscr[1] = next_random(random) & 3; /* no exceptions enabled: see run.S */
    r->ctr = one_in(random, 4) ? 1 : random_value(random);
    r->lr = address + RECORD_CODE;
    for (unsigned i = 0; i < MEMORY_BYTES; i++)
        r->memory[i] = (u8)next_random(random);
}

bool make_case(struct record *r, const struct row *row, u32 address, u32 save,
               struct random *random)
{
    struct making m = {
        .r = r, .random = random, .word = row->word, .address = address, .save = save};
    enum form form = (enum form)row->form;

    fill_state(r, address, random);
    if (!fill_fixed(&m, form) && !fill_control(&m, form) && !fill_storage(&m, form) &&
        !fill_float(&m, form))
        return false;
    if (form < JUMP || form > BRANCH_CTR)
        append(&m, m.word);
    append(&m, 18u << 26 | ((save - here(&m)) & 0x03fffffc)); /* b */
    return true;
}
