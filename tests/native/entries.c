/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See entries.h. */
#include "tests/native/entries.h"

#include <string.h>

enum { X87_MEMORY = 8, X87_ENCODINGS = 8 + 64 };
static struct entry entries[MAX_ENTRIES];
static u16 with_cases[MAX_ENTRIES]; /* those of entries that are not left out */
static unsigned entries_used, cases_used;

/* What user mode cannot run, or what comes of it is the host's own. */
static const struct {
    insn_fn *translate;
    int arg; /* -1: any */
    const char *reason;
} left_out[] = {
#define LEFT_OUT(translate, arg, reason) {translate, arg, reason},
#include "tests/native/left_out.def"
#undef LEFT_OUT
};

static const char *why_left_out(const struct entry *e)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (left_out[i].translate == e->translate &&
            (left_out[i].arg < 0 || left_out[i].arg == e->arg))
            return left_out[i].reason;
    return NULL;
}

static void add_entry(struct entry e)
{
    e.left_out = why_left_out(&e);
    if (!e.left_out)
        with_cases[cases_used++] = (u16)entries_used;
    entries[entries_used++] = e;
}

static void add_row(unsigned first, unsigned last, struct entry e)
{
    static u16 row;

    e.row = row++;
    for (unsigned opcode = first; opcode <= last; opcode++) {
        e.opcode = (u16)opcode;
        e.modrm = -1;
        if (e.form != X87) {
            add_entry(e);
            continue;
        }
        for (unsigned i = 0; i < X87_ENCODINGS; i++) {
            e.modrm = (s16)(i < X87_MEMORY ? i << 3 : 0xc0 + i - X87_MEMORY);
            add_entry(e);
        }
    }
}

__attribute__((constructor)) static void make_entries(void)
{
    static const struct row {
        unsigned first, last;
        struct entry entry;
    } rows[] = {
#define INSN(first, last, reg, name, form, translate, arg, flags)                                  \
    {first, last, {name, translate, flags, 0, reg, -1, form, arg, #form, 0, NULL}},
#include "translate/i386/insns.def"
#undef INSN
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add_row(rows[i].first, rows[i].last, rows[i].entry);
}

/* Second encodings, which only Intel's early manuals name: of FCOM, FCOMP, FXCH, FSTP. */
static bool is_x87_alias(const struct entry *e)
{
    switch (e->opcode << 8 | (e->modrm & 0xf8)) {
    case 0xdcd0:
    case 0xdcd8:
    case 0xded0:
    case 0xddc8:
    case 0xdfc8:
    case 0xdfd0:
    case 0xdfd8:
        return true;
    default:
        return false;
    }
}

bool is_defined(const struct entry *e)
{
    static const bool registers[8][64] = {
#define X87_PLAIN(name, escape, modrm)          [(escape)&7][(modrm)&63] = true,
#define X87_CONTROL(name, escape, modrm, waits) [(escape)&7][(modrm)&63] = true,
#define X87_EIGHT(escape, modrm)                [(escape)&7][((modrm)&63)...((modrm)&63) + 7] = true,
#define X87_STACK(name, escape, modrm)          X87_EIGHT(escape, modrm)
#define X87_COMPARE(name, escape, modrm)        X87_EIGHT(escape, modrm)
#define X87_MOVE(escape, modrm, condition)      X87_EIGHT(escape, modrm)
#define X87_RARE(escape, modrm)                 X87_EIGHT(escape, modrm)
#include "ops/i386/x87.def"
#undef X87_EIGHT
    };
    static const bool memory[8][8] = {
#define X87_LOAD(name, escape, reg, type, insn)      [(escape)&7][reg] = true,
#define X87_STORE(name, escape, reg, type, insn)     [(escape)&7][reg] = true,
#define X87_CONTROL_MEMORY(name, escape, reg, waits) [(escape)&7][reg] = true,
#include "ops/i386/x87.def"
    };

    if (e->form != X87)
        return true;
    if (e->modrm < 0xc0)
        return memory[e->opcode & 7][e->modrm >> 3 & 7];
    return registers[e->opcode & 7][e->modrm & 63] || is_x87_alias(e);
}

bool is_refused(const struct entry *e)
{
    static const struct {
        insn_fn *translate;
        int arg; /* -1: any */
    } refused[] = {
        {t_undefined, -1},    {t_hlt, -1},          {t_in, -1},   {t_out, -1},   {t_cli, -1},
        {t_sti, -1},          {t_load_table, -1},   {t_lmsw, -1}, {t_clts, -1},  {t_mov_cr, -1},
        {t_wbinvd, -1},       {t_invlpg, -1},       {t_msr, -1},  {t_string, 5}, {t_string, 6},
        {t_load_selector, 0}, {t_load_selector, 1},
    };

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i].translate == e->translate &&
            (refused[i].arg < 0 || refused[i].arg == e->arg))
            return true;
    return !is_defined(e);
}

bool is_media(const struct entry *e)
{
    return is_media_feature(insn_needs(e->flags));
}

static char letter(const struct entry *e, const char *letters)
{
    const char *at = e->form >= Vx_Wx ? strpbrk(e->operands, letters) : NULL;
    return at ? *at : 0;
}

char reg_letter(const struct entry *e)
{
    return letter(e, "VPG");
}

char rm_letter(const struct entry *e)
{
    return letter(e, "WQEMUN");
}

unsigned entry_count(void)
{
    return entries_used;
}

const struct entry *entry_at(unsigned i)
{
    return &entries[i];
}

unsigned case_entry_count(void)
{
    return cases_used;
}

unsigned case_entry(unsigned i)
{
    return with_cases[i];
}
