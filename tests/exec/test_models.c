/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each processor has: every row of insns.def runs, or raises #UD where the processor is too
 * old for it, and CPUID says the same; and flags are kept or set as the row says. Code runs at CPL
 * 3, so that nothing worse than an exception can come of it.
 */
#include "exec/exec.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/i386.h"
#include "exec/i386/model.h"
#include "tests/exec/machine.h"
#include "tests/suites.h"
#include "translate/i386/decode.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
    GDT = 0x1000,
    IDT = 0x2000,
    TSS = 0x3000,
    HANDLERS = 0x4000, /* a HLT for each vector */
    INNER_STACK = 0x6000,
    STACK = 0x7000,
    DATA = 0x8000,
    CODE = 0x9000,
};
enum { VECTORS = 32, USER_CODE = 0x1b, USER_DATA = 0x23, LONGEST = 8 };

/* In order of age: each has what those before it have. */
static const char *const names[] = {"386",      "486",      "pentium", "pentium2",
                                    "pentium3", "pentium4", "max"};
enum age { AGE_386, AGE_486, PENTIUM, PENTIUM2, PENTIUM3, PENTIUM4, MAX, AGES };

/* --- running an instruction --- */

static unsigned vector;
static u32 fault_eip;

static void halted(void)
{
    enum {
        WITH_ERROR = 1 << EXC_DF | 1 << EXC_TS | 1 << EXC_NP | 1 << EXC_SS | 1 << EXC_GP |
                     1 << EXC_PF | 1 << EXC_AC
    };
    const struct cpu *cpu = exec_cpu(machine.exec);

    vector = cpu->core.pc - 1 - HANDLERS;
    ck_assert_uint_lt(vector, VECTORS);
    machine_get(&fault_eip, cpu->regs[ESP] + (WITH_ERROR >> vector & 1) * 4, sizeof fault_eip);
    exec_stop(machine.exec);
}

/* INT3 everywhere: no instruction leads far. */
static void fill(void)
{
    u8 page[PAGE_SIZE];

    memset(page, 0xcc, sizeof page);
    for (u32 at = 0; at < MACHINE_RAM; at += PAGE_SIZE)
        if (at < 0xa0000 || at >= 1 << 20) /* between them is no RAM */
            machine_put(at, page, sizeof page);
}

static void put_tables(void)
{
    static const u64 gdt[] = {0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00cffb000000ffff,
                              0x00cff3000000ffff};
    static const u32 inner_stack[] = {INNER_STACK, 0x10};
    u32 gates[VECTORS][2];
    u8 hlt[VECTORS];

    for (unsigned i = 0; i < VECTORS; i++) {
        gates[i][0] = 8 << 16 | (HANDLERS + i);
        gates[i][1] = 0x8e00;
    }
    memset(hlt, 0xf4, sizeof hlt);
    machine_put(GDT, gdt, sizeof gdt);
    machine_put(IDT, gates, sizeof gates);
    machine_put(TSS + 4, inner_stack, sizeof inner_stack);
    machine_put(HANDLERS, hlt, sizeof hlt);
}

static void create(enum age age)
{
    struct exec_options options = {.jit = JIT_TEMPLATE, .cache_size = 4 << 20};

    options.model = model_find(names[age]);
    ck_assert_ptr_nonnull(options.model);
    machine_create_with(&options, halted);
    fill();
    put_tables();
}

static void flat(struct segment *s, u16 selector, u16 type)
{
    *s = (struct segment){.limit = ~0u, .selector = selector};
    s->attr = SEG_PRESENT | SEG_S | SEG_ACCESSED | SEG_D | SEG_G | 3 << SEG_DPL_SHIFT | type;
    segment_update_bounds(s);
}

static void start_at_level_3(void)
{
    struct cpu *cpu = exec_cpu(machine.exec);

    for (unsigned i = 0; i < SEGMENTS; i++)
        flat(&cpu->seg[i], USER_DATA, SEG_WRITABLE);
    flat(&cpu->seg[CS], USER_CODE, SEG_CODE | SEG_READABLE);
    cpu->tr = (struct segment){
        .base = TSS, .limit = 0x67, .selector = 0x28, .attr = SEG_PRESENT | TYPE_TSS32_BUSY};
    cpu->gdt = (struct table_register){GDT, 0x27};
    cpu->idt = (struct table_register){IDT, VECTORS * 8 - 1};
    cpu->cpl = 3;
    cpu->eflags = FLAG_1;
    cpu->cr4 = model_cr4_bits(cpu->model) & (CR4_OSFXSR | CR4_OSXMMEXCPT);
    for (unsigned i = 0; i < 8; i++)
        cpu->regs[i] = DATA;
    cpu->regs[ECX] = 1;
    cpu->regs[ESP] = STACK;
    cpu->core.pc = CODE;
    cpu->core.halted = false;
    exec_state_changed(machine.exec);
}

static void run_with(const u8 *bytes, u32 flags)
{
    machine_put(CODE, bytes, LONGEST);
    start_at_level_3();
    cc_set(exec_cpu(machine.exec), flags);
    exec_run(machine.exec);
}

static void run(const u8 *bytes)
{
    run_with(bytes, 0);
}

static bool is_undefined(const u8 *bytes)
{
    run(bytes);
    return vector == EXC_UD && fault_eip == CODE;
}

/* --- the table --- */

struct row {
    unsigned first, last;
    int reg;
    const char *name;
    enum form form;
    u32 flags;
};
static const struct row rows[] = {
#define INSN(first, last, reg, name, form, translate, arg, flags)                                  \
    {first, last, reg, name, form, (u32)(flags)},
#include "translate/i386/insns.def"
#undef INSN
};
enum { ROWS = sizeof rows / sizeof *rows };

/* The oldest processor with a feature (Intel AP-485, tables 5 and 6; SDM vol. 3, 22.4 to 22.16). */
static enum age age_of(enum feature feature)
{
    switch (feature) {
    case FEATURE_ALWAYS:
    case FEATURE_FPU:
        return AGE_386;
    case FEATURE_486:
    case FEATURE_CPUID:
        return AGE_486;
    case FEATURE_PMC:
    case FEATURE_TSC:
    case FEATURE_MSR:
    case FEATURE_CX8:
    case FEATURE_MMX:
        return PENTIUM;
    case FEATURE_P6:
    case FEATURE_SEP:
    case FEATURE_CMOV:
    case FEATURE_FXSR:
        return PENTIUM2;
    case FEATURE_SSE:
        return PENTIUM3;
    case FEATURE_CLFSH:
    case FEATURE_SSE2:
    case FEATURE_SSE3:
        return PENTIUM4;
    default:
        ck_abort_msg("no age for feature %d", (int)feature);
    }
}

/* An opcode with a ModRM byte, if it takes one, and zeros. */
static void encode(u8 *bytes, unsigned opcode, u8 modrm)
{
    static const u8 prefixes[] = {0, 0, 0x66, 0xf3, 0xf2};

    memset(bytes, 0, LONGEST);
    if (prefixes[opcode >> 8])
        *bytes++ = prefixes[opcode >> 8];
    if (opcode >> 8)
        *bytes++ = 0x0f;
    *bytes++ = (u8)opcode;
    *bytes = modrm;
}

/* An operand may have to be in memory, or in a register. */
static bool is_there(unsigned opcode, int reg)
{
    u8 field = (u8)((reg < 0 ? 0 : reg) << 3), bytes[LONGEST];

    encode(bytes, opcode, field);
    if (!is_undefined(bytes))
        return true;
    encode(bytes, opcode, 0xc0 | field);
    return !is_undefined(bytes);
}

/* One that is there to be undefined. */
static bool is_ud(const struct row *row)
{
    return strncmp(row->name, "ud", 2) == 0;
}

/* _i: enum age */
START_TEST(every_instruction)
{
    create((enum age)_i);
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        bool wanted = (enum age)_i >= age_of(insn_needs(row->flags)) && !is_ud(row);
        for (unsigned opcode = row->first; opcode <= row->last; opcode++)
            ck_assert_msg(is_there(opcode, row->reg) == wanted, "-cpu %s: %s, opcode %03x /%d: %s",
                          names[_i], row->name, opcode, row->reg,
                          wanted ? "#UD" : "no #UD; so there is");
    }
    machine_destroy();
}
END_TEST

/* --- what becomes of the flags --- */

/* Those that an instruction, of registers and immediates, leaves behind. INT3 is what follows it.
 */
static u32 flags_behind(const struct row *row, u32 before)
{
    enum { MODRM = 0xc0, EFLAGS_IN_FRAME = 12 };
    u8 bytes[LONGEST];
    u32 after;

    encode(bytes, row->first, (u8)(MODRM | (row->reg < 0 ? 0 : row->reg) << 3));
    unsigned used = 1 + (row->first >> 8 != 0) + (row->first >> 8 > 1) + form_has_modrm(row->form);
    memset(bytes + used, 0xcc, LONGEST - used);
    run_with(bytes, before);
    ck_assert_msg(vector == EXC_GP && fault_eip >= CODE + used, "%s: exception %u at %x", row->name,
                  vector, fault_eip);
    machine_get(&after, exec_cpu(machine.exec)->regs[ESP] + EFLAGS_IN_FRAME, sizeof after);
    return after & FLAGS_ARITH;
}

static u32 kept_by(const struct row *row)
{
    u32 effect = row->flags & EFFECT_FIELD;

    return effect == SETS_BUT_CF                             ? FLAG_CF
           : effect == KEEPS_FLAGS || effect == KEEPS_ALWAYS ? FLAGS_ARITH
                                                             : 0;
}

static bool in_memory_alone(enum form form)
{
    return form == Gv_M || form == AL_Ob || form == eAX_Ov || form == Ob_AL || form == Ov_eAX;
}

/* As who looks ahead is told: they are kept, or the same whatever they were. */
START_TEST(flags_are_kept_or_set)
{
    unsigned count = 0;

    create(MAX);
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        if (!(row->flags & EFFECT_FIELD) || in_memory_alone(row->form))
            continue;
        u32 kept = kept_by(row), of_none = flags_behind(row, 0),
            of_all = flags_behind(row, FLAGS_ARITH);
        ck_assert_msg(
            (of_none & kept) == 0 && (of_all & kept) == kept && ((of_none ^ of_all) & ~kept) == 0,
            "%s, opcode %03x: %03x of 0, %03x of all", row->name, row->first, of_none, of_all);
        count++;
    }
    ck_assert_uint_gt(count, 100);
    machine_destroy();
}
END_TEST

/* --- CPUID --- */

enum word { NO_WORD, EDX_1, ECX_1 };

/* Bytes, the first processor that had them, and the bit of CPUID that says so. */
static const struct sample {
    const char *name;
    u8 bytes[LONGEST];
    enum age since;
    enum word word;
    unsigned bit;
} samples[] = {
    {"bswap", {0x0f, 0xc8}, AGE_486, NO_WORD, 0},
    {"cmpxchg", {0x0f, 0xb1, 0xc8}, AGE_486, NO_WORD, 0},
    {"xadd", {0x0f, 0xc1, 0xc8}, AGE_486, NO_WORD, 0},
    {"wbinvd", {0x0f, 0x09}, AGE_486, NO_WORD, 0},
    {"invlpg", {0x0f, 0x01, 0x38}, AGE_486, NO_WORD, 0},
    {"cpuid", {0x0f, 0xa2}, AGE_486, NO_WORD, 0},
    {"fsin", {0xd9, 0xfe}, AGE_386, EDX_1, 0},
    {"rdtsc", {0x0f, 0x31}, PENTIUM, EDX_1, 4},
    {"rdmsr", {0x0f, 0x32}, PENTIUM, EDX_1, 5},
    {"cmpxchg8b", {0x0f, 0xc7, 0x08}, PENTIUM, EDX_1, 8},
    {"sysenter", {0x0f, 0x34}, PENTIUM2, EDX_1, 11},
    {"cmovb", {0x0f, 0x42, 0xc8}, PENTIUM2, EDX_1, 15},
    {"fcomi", {0xdb, 0xf1}, PENTIUM2, EDX_1, 15},
    {"fcmovb", {0xda, 0xc1}, PENTIUM2, EDX_1, 15},
    {"nop Ev", {0x0f, 0x1f, 0x00}, PENTIUM2, NO_WORD, 0},
    {"clflush", {0x0f, 0xae, 0x38}, PENTIUM4, EDX_1, 19},
    {"paddb mm", {0x0f, 0xfc, 0xc8}, PENTIUM, EDX_1, 23},
    {"emms", {0x0f, 0x77}, PENTIUM, EDX_1, 23},
    {"fxsave", {0x0f, 0xae, 0x00}, PENTIUM2, EDX_1, 24},
    {"addps", {0x0f, 0x58, 0xc8}, PENTIUM3, EDX_1, 25},
    {"ldmxcsr", {0x0f, 0xae, 0x10}, PENTIUM3, EDX_1, 25},
    {"pavgb mm", {0x0f, 0xe0, 0xc8}, PENTIUM3, EDX_1, 25},
    {"sfence", {0x0f, 0xae, 0xf8}, PENTIUM3, EDX_1, 25},
    {"addpd", {0x66, 0x0f, 0x58, 0xc8}, PENTIUM4, EDX_1, 26},
    {"paddb xmm", {0x66, 0x0f, 0xfc, 0xc8}, PENTIUM4, EDX_1, 26},
    {"paddq mm", {0x0f, 0xd4, 0xc8}, PENTIUM4, EDX_1, 26},
    {"movnti", {0x0f, 0xc3, 0x08}, PENTIUM4, EDX_1, 26},
    {"mfence", {0x0f, 0xae, 0xf0}, PENTIUM4, EDX_1, 26},
    {"addsubpd", {0x66, 0x0f, 0xd0, 0xc8}, PENTIUM4, ECX_1, 0},
    {"fisttp", {0xdb, 0x08}, PENTIUM4, ECX_1, 0},
    {"lddqu", {0xf2, 0x0f, 0xf0, 0x00}, PENTIUM4, ECX_1, 0},
    /* What no processor here has. */
    {"pshufb", {0x0f, 0x38, 0x00, 0xc8}, AGES, ECX_1, 9},

    {"popcnt", {0xf3, 0x0f, 0xb8, 0xc8}, AGES, ECX_1, 23},
    {"pextrd", {0x66, 0x0f, 0x3a, 0x16, 0xc8}, AGES, ECX_1, 19},
    {"xgetbv", {0x0f, 0x01, 0xd0}, AGES, ECX_1, 26},
    {"monitor", {0x0f, 0x01, 0xc8}, AGES, ECX_1, 3},
    {"vmcall", {0x0f, 0x01, 0xc1}, AGES, ECX_1, 5},
    {"rdtscp", {0x0f, 0x01, 0xf9}, AGES, NO_WORD, 0},
    {"syscall", {0x0f, 0x05}, AGES, NO_WORD, 0},
    {"rdrand", {0x0f, 0xc7, 0xf0}, AGES, ECX_1, 30},
    {"pfadd", {0x0f, 0x0f, 0xc8, 0x9e}, AGES, NO_WORD, 0},
    {"femms", {0x0f, 0x0e}, AGES, NO_WORD, 0},
    {"loadall", {0x0f, 0x07}, AGES, NO_WORD, 0},
    {"umov", {0x0f, 0x10, 0x00}, PENTIUM3, NO_WORD, 0},
    {"salc", {0xd6}, AGE_386, NO_WORD, 0},
    {"rsm", {0x0f, 0xaa}, AGES, NO_WORD, 0},
    {"ud0", {0x0f, 0xff, 0xc0}, AGES, NO_WORD, 0},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

/* The words of leaf 1, as a program sees them. */
static void read_cpuid(u32 words[3])
{
    static const u8 code[LONGEST] = {0x31, 0xc0, 0x40, 0x0f, 0xa2}; /* xor, inc %eax; cpuid */
    const struct cpu *cpu = exec_cpu(machine.exec);

    run(code);
    words[EDX_1] = vector == EXC_UD ? 0 : cpu->regs[EDX];
    words[ECX_1] = vector == EXC_UD ? 0 : cpu->regs[ECX];
}

/* _i: enum age. A 386 has an x87 and no CPUID to say so. */
START_TEST(samples_and_cpuid)
{
    u32 words[3] = {0};

    create((enum age)_i);
    read_cpuid(words);
    for (const struct sample *s = samples; s < samples + SAMPLES; s++) {
        bool there = !is_undefined(s->bytes);
        ck_assert_msg(there == ((enum age)_i >= s->since), "-cpu %s: %s %s", names[_i], s->name,
                      there ? "is there" : "is not there");
        ck_assert_msg(!s->word || _i == AGE_386 || (words[s->word] >> s->bit & 1) == there,
                      "-cpu %s: %s, and CPUID", names[_i], s->name);
    }
    machine_destroy();
}
END_TEST

static Suite *models_suite(void)
{
    Suite *s = suite_create("models");
    TCase *c = tcase_create("instructions");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, every_instruction, 0, AGES);
    tcase_add_test(c, flags_are_kept_or_set);
    tcase_add_loop_test(c, samples_and_cpuid, 0, AGES);
    suite_add_tcase(s, c);
    return s;
}

TEST_MAIN(models_suite)
