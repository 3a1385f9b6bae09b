/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See compare.h. */
#include "tests/native/compare.h"
#include "tests/native/approximate.h"

#include <dis-asm.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* --- comparing --- */

static bool has(const struct case_info *info, enum difference d)
{
    return info->differences >> d & 1;
}

/* Of the OPEN ones. */
static bool is_open(const struct case_info *info, enum difference d)
{
    return has(info, d) && !__builtin_cpu_is("amd");
}

/* Has nothing been done, but for a trap? */
static bool at_start(const struct test_case *c, const struct outcome *o)
{
    return o->end.eip == c->start.eip;
}

static u32 undefined_flags(const struct test_case *c, const struct case_info *info,
                           const struct outcome *o)
{
    u32 offset = o->end.eip - c->start.eip;

    if (at_start(c, o) && o->vector == EXC_DB && has(info, DIFFERENCE_repeated_trap))
        return FLAG_RF | (is_open(info, OPEN_repeated_flags) ? FLAGS_ARITH : 0);
    if (at_start(c, o) && has(info, DIFFERENCE_repeated_compare))
        return FLAGS_ARITH;
    return offset <= PATCH_SIZE ? info->undef_flags[offset] : info->undef_else;
}

static u32 undefined_regs(const struct test_case *c, const struct case_info *info,
                          const struct outcome *o)
{
    u32 regs = info->undef_regs;

    if (o->end.eflags & FLAG_ZF)
        regs |= info->undef_if_zero;
    if (at_start(c, o))
        return has(info, DIFFERENCE_popa) ? ~(1u << ESP) : 0;
    return regs;
}

static bool same_reg(const struct test_case *c, const struct case_info *info,
                     const struct outcome *a, const struct outcome *b, unsigned i)
{
    return !((a->end.regs[i] ^ b->end.regs[i]) & ~info->undef_bits) ||
           (undefined_regs(c, info, a) >> i & 1);
}

static bool same_regs(const struct test_case *c, const struct case_info *info,
                      const struct outcome *a, const struct outcome *b)
{
    for (unsigned i = 0; i < 8; i++)
        if (!same_reg(c, info, a, b, i))
            return false;
    return true;
}

static bool same_vector(const struct test_case *c, const struct case_info *info,
                        const struct outcome *oa, const struct outcome *ob)
{
    const struct vector_state *a = &oa->end.vector, *b = &ob->end.vector;
    bool same_xmm = a->mxcsr == b->mxcsr && !memcmp(a->xmm, b->xmm, sizeof a->xmm);

    if ((has(info, DIFFERENCE_masked_move) || is_open(info, OPEN_mmx_store)) && at_start(c, oa))
        return same_xmm;
    if (has(info, DIFFERENCE_approximations))
        return near_vector(a, b);
    if (a->control != b->control || a->status != b->status || a->tags != b->tags)
        return false;
    for (unsigned i = 0; i < 8; i++)
        if (memcmp(a->st[i], b->st[i], 10) != 0)
            return false;
    return same_xmm;
}

/* The bits that count of the double word at an address. */
static u32 bits_that_count(const struct case_info *info, u32 at)
{
    u32 bits = 0;

    for (u32 byte = 0; byte < 4; byte++) {
        bool ignored = false;
        for (unsigned i = 0; i < IGNORED; i++)
            ignored |= at + byte - info->ignore[i].at < info->ignore[i].size;
        bits |= ignored ? 0 : 0xffu << 8 * byte;
    }
    return bits;
}

/* Changes are in the order of their addresses: b's at `at`, or none of it. */
static u32 value_at(const struct outcome *b, u32 *k, const struct change *c)
{
    return *k < b->changes && b->change[*k].at == c->at ? b->change[(*k)++].value : c->was;
}

static bool same_changes(const struct case_info *info, const struct outcome *a,
                         const struct outcome *b)
{
    u32 i = 0, k = 0;

    while (i < a->changes || k < b->changes) {
        bool first = k == b->changes || (i < a->changes && a->change[i].at <= b->change[k].at);
        const struct change *c = first ? &a->change[i++] : &b->change[k++];
        u32 other = first ? value_at(b, &k, c) : c->was;
        if ((c->value ^ other) & bits_that_count(info, c->at))
            return false;
    }
    return true;
}

static bool same_memory(const struct test_case *c, const struct case_info *info,
                        const struct outcome *a, const struct outcome *b)
{
    if (info->undef_memory || is_open(info, OPEN_push_segment) ||
        (has(info, DIFFERENCE_far_call_order) && at_start(c, a)) ||
        (is_open(info, OPEN_partial_stores) && at_start(c, a)) ||
        (is_open(info, OPEN_near_call_order) && at_start(c, a)))
        return true;
    if (a->changes == b->changes && a->digest == b->digest)
        return true;
    return info->ignore[0].size && a->changes <= CHANGES && b->changes <= CHANGES &&
           same_changes(info, a, b);
}

/* DIFFERENCE_wrap: one is refused, or meets the next page, where the other goes on at 0. */
static bool wraps_in_one(const struct outcome *a, const struct outcome *b)
{
    bool refused = (a->vector == EXC_GP || a->vector == EXC_SS) && a->error == 0;
    bool next_page = a->vector == EXC_PF && a->cr2 + 16 < 32;

    return (refused || next_page) && b->vector == EXC_PF && b->cr2 > 0u - 16;
}

static bool wraps(const struct outcome *a, const struct outcome *b)
{
    return wraps_in_one(a, b) || (!__builtin_cpu_is("amd") && wraps_in_one(b, a));
}

static bool same_address(const struct case_info *info, u32 a, u32 b)
{
    return a == b || has(info, DIFFERENCE_compare_order) ||
           (is_open(info, OPEN_split_address) && a / PAGE == b / PAGE);
}

/* Faults that are due at once, of which either may be raised. */
static bool same_by_order(const struct case_info *info, const struct outcome *a,
                          const struct outcome *b)
{
    bool memory = a->vector >= EXC_TS && b->vector >= EXC_TS;
    bool refused = (a->vector == EXC_UD || a->vector == EXC_GP) &&
                   (b->vector == EXC_UD || b->vector == EXC_GP);

    return (has(info, DIFFERENCE_misaligned) && a->vector == EXC_GP && b->vector == EXC_SS) ||
           (has(info, DIFFERENCE_far_return_order) && memory) ||
           (has(info, DIFFERENCE_compare_order) && memory) ||
           (is_open(info, OPEN_far_order) && memory) ||
           (is_open(info, OPEN_bound_order) && a->vector == EXC_BR && b->vector >= EXC_TS) ||
           (is_open(info, OPEN_misaligned_order) && memory) ||
           (is_open(info, OPEN_control_order) && refused);
}

/* A case of which nothing is asked: natively it came to what no manual excludes. */
static bool is_left_open(const struct test_case *c, const struct case_info *info,
                         const struct outcome *native)
{
    bool approximated = has(info, DIFFERENCE_approximations) && info->is_sequence;
    bool lock = is_open(info, OPEN_split_lock);
    bool mask = is_open(info, OPEN_masked_bytes);

    return approximated || (lock && native->vector == TIMED_OUT) ||
           (at_start(c, native) && ((lock && native->vector == EXC_AC) || mask));
}

/* OPEN_x87_store: with its exception pending the native one is done, the emulator's has faulted. */
enum { ERROR_SUMMARY = 1 << 7 };
static bool has_not_stored(const struct test_case *c, const struct case_info *info,
                           const struct outcome *native, const struct outcome *emulated)
{
    return is_open(info, OPEN_x87_store) && at_start(c, emulated) && emulated->vector >= EXC_SS &&
           !at_start(c, native) && (native->end.vector.status & ERROR_SUMMARY);
}

/* DIFFERENCE_state_address: FXSAVE's is the greatest. */
enum { STATE_SIZE = 512 };
static bool both_meet_state(const struct case_info *info, const struct outcome *a,
                            const struct outcome *b)
{
    return has(info, DIFFERENCE_state_address) && a->vector == EXC_PF && b->vector == EXC_PF &&
           a->cr2 - b->cr2 + STATE_SIZE < 2 * STATE_SIZE;
}

static bool same_fault(const struct case_info *info, const struct outcome *a,
                       const struct outcome *b)
{
    enum { FETCH = 1 << 4 }; /* of a page fault: only there with NX */
    u32 error = a->vector == EXC_PF ? ~(u32)FETCH : ~0u;

    if (wraps(a, b) || both_meet_state(info, a, b))
        return true;
    if (same_by_order(info, a, b))
        return true;
    return a->vector == b->vector && !((a->error ^ b->error) & error) &&
           same_address(info, a->cr2, b->cr2);
}

bool same_outcome(const struct test_case *c, const struct case_info *info, const struct outcome *a,
                  const struct outcome *b)
{
    u32 flags = ~undefined_flags(c, info, a);

    if (is_left_open(c, info, a) || (is_open(info, OPEN_masked_bytes) && at_start(c, b)) ||
        has_not_stored(c, info, a, b))
        return true;
    return a->end.eip == b->end.eip && same_fault(info, a, b) &&
           !((a->end.eflags ^ b->end.eflags) & flags) && same_regs(c, info, a, b) &&
           !memcmp(a->end.sel, b->end.sel, sizeof a->end.sel) && same_vector(c, info, a, b) &&
           same_memory(c, info, a, b);
}

/* --- printing --- */

static const char *const register_names[] = {"eax", "ecx", "edx", "ebx",
                                             "esp", "ebp", "esi", "edi"};
static const char *const segment_names[] = {"es", "cs", "ss", "ds", "fs", "gs"};

static void print_flags(FILE *to, u32 flags)
{
    static const struct {
        u32 bit;
        const char *name;
    } names[] = {{FLAG_CF, "C"},   {FLAG_PF, "P"},   {FLAG_AF, "A"},   {FLAG_ZF, "Z"},
                 {FLAG_SF, "S"},   {FLAG_OF, "O"},   {FLAG_DF, "D"},   {FLAG_TF, " TF"},
                 {FLAG_NT, " NT"}, {FLAG_RF, " RF"}, {FLAG_AC, " AC"}, {FLAG_ID, " ID"}};
    fprintf(to, "%08x ", flags);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (flags & names[i].bit)
            fputs(names[i].name, to);
}

static void print_state(FILE *to, const struct machine_state *s)
{
    for (unsigned i = 0; i < 8; i++)
        fprintf(to, "%s %08x%s", register_names[i], s->regs[i], i % 4 == 3 ? "\n    " : "  ");
    for (unsigned i = 0; i < 6; i++)
        fprintf(to, "%s %04x  ", segment_names[i], s->sel[i]);
    fprintf(to, "\n    eip %08x  eflags ", s->eip);
    print_flags(to, s->eflags);
    fprintf(to, "\n    x87 control %04x status %04x tags %02x  mxcsr %04x\n", s->vector.control,
            s->vector.status, s->vector.tags, s->vector.mxcsr);
}

static void print_registers(FILE *to, const struct vector_state *v)
{
    for (unsigned i = 0; i < 8; i++) {
        u64 low;
        u16 high;
        memcpy(&low, v->st[i], 8);
        memcpy(&high, v->st[i] + 8, 2);
        fprintf(to, "    st%u %04x %016" PRIx64 "%s", i, high, low, i % 2 ? "\n" : "");
    }
    for (unsigned i = 0; i < 8; i++) {
        u64 half[2];
        memcpy(half, v->xmm[i], 16);
        fprintf(to, "    xmm%u %016" PRIx64 " %016" PRIx64 "%s", i, half[1], half[0],
                i % 2 ? "\n" : "");
    }
}

static void print_bytes(FILE *to, const struct patch *p)
{
    if (!p->size)
        return;
    fprintf(to, "    %08x:", p->at);
    for (u32 i = 0; i < p->size; i++)
        fprintf(to, " %02x", p->bytes[i]);
    fputc('\n', to);
}

__attribute__((format(printf, 3, 4))) static int
print_styled(void *to, enum disassembler_style style, const char *format, ...)
{
    va_list arguments;
    int n;

    (void)style;
    va_start(arguments, format);
    n = vfprintf(to, format, arguments);
    va_end(arguments);
    return n;
}

static void disassemble(FILE *to, const struct patch *p, bool code16)
{
    unsigned long machine = code16 ? bfd_mach_i386_i8086 : bfd_mach_i386_i386;
    struct disassemble_info info;
    disassembler_ftype print = disassembler(bfd_arch_i386, false, machine, NULL);

    init_disassemble_info(&info, to, (fprintf_ftype)fprintf, print_styled);
    info.arch = bfd_arch_i386;
    info.mach = machine;
    info.buffer = (bfd_byte *)p->bytes;
    info.buffer_vma = p->at;
    info.buffer_length = p->size;
    disassemble_init_for_target(&info);
    for (u32 at = 0; at < p->size;) {
        int n;
        fprintf(to, "    %08x: ", p->at + at);
        n = print(p->at + at, &info);
        fputc('\n', to);
        if (n <= 0)
            break;
        at += (u32)n;
    }
    disassemble_free_target(&info);
}

void print_case(FILE *to, const struct test_case *c)
{
    disassemble(to, &c->patch[0], c->start.sel[CS] == local_selector(LDT_code16));
    fprintf(to, "  start\n    ");
    print_state(to, &c->start);
    if (c->start.vector.tags || c->start.vector.mxcsr != MXCSR_RESET)
        print_registers(to, &c->start.vector);
    for (unsigned i = 0; i < PATCHES; i++)
        print_bytes(to, &c->patch[i]);
}

void print_outcome(FILE *to, const char *name, const struct outcome *o, bool registers)
{
    fprintf(to, "  %s: exception %u, error code %x, address %08x\n    ", name, o->vector, o->error,
            o->cr2);
    print_state(to, &o->end);
    if (registers)
        print_registers(to, &o->end.vector);
    for (u32 i = 0; i < o->changes && i < CHANGES; i++)
        fprintf(to, "    [%08x] %08x%s", o->change[i].at, o->change[i].value,
                i % 4 == 3 ? "\n" : "");
    if (o->changes)
        fprintf(to, "    (%u changes, digest %08x)\n", o->changes, o->digest);
}

void print_difference(FILE *to, const struct test_case *c, const struct case_info *info,
                      const char *name_a, const struct outcome *a, const char *name_b,
                      const struct outcome *b)
{
    bool vector = !same_vector(c, info, a, b);
    u32 flags = (a->end.eflags ^ b->end.eflags) & ~undefined_flags(c, info, a);

    print_case(to, c);
    print_outcome(to, name_a, a, vector);
    print_outcome(to, name_b, b, vector);
    fprintf(to, "  differ in:%s%s", a->end.eip != b->end.eip ? " eip" : "",
            same_fault(info, a, b) ? "" : " exception");
    for (unsigned i = 0; i < 8; i++)
        if (!same_reg(c, info, a, b, i))
            fprintf(to, " %s", register_names[i]);
    for (unsigned i = 0; i < 6; i++)
        if (a->end.sel[i] != b->end.sel[i])
            fprintf(to, " %s", segment_names[i]);
    if (flags) {
        fprintf(to, " flags ");
        print_flags(to, flags);
    }
    fprintf(to, "%s%s\n", vector ? " x87 or sse" : "", same_memory(c, info, a, b) ? "" : " memory");
}
