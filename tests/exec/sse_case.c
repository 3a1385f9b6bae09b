/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See sse_case.h. */
#include "tests/exec/sse_case.h"
#include "ops/host/asm.h"
#include "translate/i386/decode.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* A linear congruence; the low bits of those are poor. */
u32 sse_random(void)
{
    static u64 state = 20241121;
    state = state * 6364136223846793005 + 1442695040888963407;
    return (u32)(state >> 32);
}

/* --- the instructions: rows of insns.def whose operands are of MMX or SSE --- */

static const struct {
    struct sse_row row;
    enum form form;
} all[] = {
#define INSN(first, last, reg, name, form, translate, arg, flags) {{name, #form, first, reg}, form},
#include "translate/i386/insns.def"
#undef INSN
};
enum { ALL = sizeof all / sizeof *all };

static struct sse_row rows[ALL];
const struct sse_row *sse_rows = rows;
unsigned sse_row_count;

__attribute__((constructor)) static void pick_rows(void)
{
    for (unsigned i = 0; i < ALL; i++)
        if (all[i].form >= Vx_Wx)
            rows[sse_row_count++] = all[i].row;
}

/* The operand that ModRM's r/m is: one of its letters for registers, memory or both. */
static char rm_letter(const struct sse_row *row)
{
    return strpbrk(row->form, "WQEMUN")[0];
}

bool sse_takes_register(const struct sse_row *row)
{
    return rm_letter(row) != 'M';
}

bool sse_takes_memory(const struct sse_row *row)
{
    return rm_letter(row) != 'U' && rm_letter(row) != 'N';
}

/* --- states --- */

static u64 random64(void)
{
    return (u64)sse_random() << 32 | sse_random();
}

/* Singles and doubles at the edges. */
static u32 random_single(void)
{
    static const u32 values[] = {
        0x00000000, 0x3f800000, 0x40490fdb, 0x3f3504f3, 0x00000001, 0x007fffff,
        0x00800000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7fc01234, 0x7f804321,
        0x4f000000, 0x4effffff, 0x3f000000, 0x0da24260, 0x71800000, 0x4b800001,
    };
    u32 sign = sse_random() & 0x80000000;

    if (sse_random() % 3 == 0)
        return sign |
               (0x3f800000 + (sse_random() % 64 - 32) * 0x00800000 + (sse_random() & 0x7fffff));
    return sign | values[sse_random() % (sizeof values / sizeof *values)];
}

static u64 random_double(void)
{
    static const u64 values[] = {
        0x0000000000000000, 0x3ff0000000000000, 0x400921fb54442d18, 0x3fe6a09e667f3bcd,
        0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
        0x7ff0000000000000, 0x7ff8000000000000, 0x7ff8000000001234, 0x7ff0000000004321,
        0x41e0000000000000, 0x41dfffffffc00000, 0x3fe0000000000000, 0x2000000000000000,
        0x5fe0000000000000, 0x380fffffffffffff, 0x47efffffe0000000, 0x36a0000000000000,
        0x47effffff0000000, 0x3690000000000001,
    };
    u64 sign = random64() & 1ull << 63;

    if (sse_random() % 3 == 0)
        return sign | (0x3ff0000000000000 + ((u64)(sse_random() % 80) << 52) + (random64() >> 12));
    return sign | values[sse_random() % (sizeof values / sizeof *values)];
}

static void random_vector(u8 *to, unsigned size)
{
    unsigned kind = sse_random() % 4;

    for (unsigned i = 0; i < size; i += 8) {
        u64 bytes = sse_random() % 2 ? 0x7f80ff0001fe8180 : 0x0003ffff80007fff;
        u64 value = kind == 0   ? random_single() | (u64)random_single() << 32
                    : kind == 1 ? random_double()
                    : kind == 2 ? random64()
                                : bytes >> sse_random() % 8 * 4;
        if (kind == 3 && sse_random() % 4 == 0)
            value = sse_random() % 40; /* counts of shifts */
        memcpy(to + i, &value, 8);
    }
}

static void put16(u8 *to, u32 value)
{
    memcpy(to, &value, 2);
}

static void put32(u8 *to, u32 value)
{
    memcpy(to, &value, 4);
}

static u32 get32(const u8 *from)
{
    u32 value;
    memcpy(&value, from, 4);
    return value;
}

/* FXSAVE's image (SDM vol. 1, table 10-2). */
enum {
    CONTROL = 0,
    STATUS = 2,
    TAGS = 4,
    OPCODE = 6,
    POINTERS = 8,
    MXCSR_AT = 24,
    MXCSR_MASK_AT = 28
};
enum { ST = 32, XMM_AT = 160, IMAGE_USED = 288 };

static void random_image(u8 *image, bool masked)
{
    memset(image, 0, FXSAVE_SIZE);
    /* With something unmasked, but nothing pending, the x87 is looked after. */
    put16(image + CONTROL, masked ? 0x37f : 0x340);
    put16(image + STATUS, sse_random() & 0x7f00);
    image[TAGS] = (u8)sse_random();
    put32(image + MXCSR_AT, (sse_random() & 0xe07f) | (masked ? 0x1f80 : sse_random() & 0x1f80));
    for (unsigned i = 0; i < 8; i++) {
        random_vector(image + ST + 16 * i, 8);
        put16(image + ST + 16 * i + 8, sse_random());
        random_vector(image + XMM_AT + 16 * i, 16);
    }
}

struct sse_state sse_random_state(u32 at, bool masked)
{
    struct sse_state s = {.at = at, .flags = sse_random() & FLAGS_ARITH, .fault = -1};

    random_image(s.image, masked);
    for (unsigned i = 0; i < SSE_WINDOW; i += 16)
        random_vector(s.window + i, 16);
    for (unsigned i = 0; i < 8; i++)
        s.regs[i] = sse_random() % 2 ? sse_random() : (u32)random_double();
    s.regs[EDI] = at;
    s.regs[ESP] = SSE_STACK;
    return s;
}

/* --- code --- */

/* [absolute], or [base + 24h], whose base is put into s. */
static size_t put_memory(u8 *to, unsigned reg, struct sse_state *s)
{
    enum { ABSOLUTE = EDI, DISPLACEMENT = 0x24 };
    unsigned base = sse_random() % 8;

    if (base == ABSOLUTE || base == ESP || base == reg) {
        to[0] = (u8)(reg << 3 | 5);
        put32(to + 1, s->at);
        return 5;
    }
    s->regs[base] = s->at - DISPLACEMENT;
    to[0] = (u8)(1 << 6 | reg << 3 | base);
    to[1] = DISPLACEMENT;
    return 2;
}

size_t sse_put_insn(u8 *to, const struct sse_row *row, bool memory, struct sse_state *s)
{
    static const u8 prefixes[] = {0, 0, 0x66, 0xf3, 0xf2};
    unsigned reg = row->reg >= 0 ? (unsigned)row->reg : sse_random() % 8;
    size_t size = 0;

    /* A general register as destination is not ESP. */
    if (row->form[0] == 'G' && reg == ESP)
        reg = ECX;
    if (row->opcode >= 0x200)
        to[size++] = prefixes[row->opcode >> 8];
    to[size++] = 0x0f;
    to[size++] = (u8)row->opcode;
    if (memory) {
        size += put_memory(to + size, reg, s);
    } else {
        unsigned rm = sse_random() % 8;
        if (row->form[0] == 'E' && rm == ESP)
            rm = EBX;
        to[size++] = (u8)(0xc0 | reg << 3 | rm);
    }
    if (strstr(row->form, "_Ib"))
        to[size++] = (u8)(sse_random() % 2 ? sse_random() : sse_random() % 40);
    return size;
}

size_t sse_put_state(u8 *to, unsigned reg, u32 address)
{
    to[0] = 0x0f;
    to[1] = 0xae;
    to[2] = (u8)(reg << 3 | 5);
    put32(to + 3, address);
    return 7;
}

/* --- the host --- */

static u8 *native_memory(u32 at)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): memory mapped at a chosen place */
    return (u8 *)(uintptr_t)at;
}

static int vector_of(int signal)
{
    return signal == SIGFPE ? EXC_XM : signal == SIGILL ? EXC_UD : EXC_GP;
}

void sse_run_native(const u8 *insn, size_t size, struct sse_state *s)
{
    static const u8 nop = 0x90, initialize[] = {0xdb, 0xe3};
    enum { PLAIN_MXCSR = SSE_IMAGE + FXSAVE_SIZE };
    struct native_state n = {.flags = 0};
    u8 code[64];
    size_t length;

    ck_assert(native_run(&nop, 1, &n)); /* maps the memory */
    memcpy(n.regs, s->regs, sizeof n.regs);
    n.flags = s->flags;
    memcpy(native_memory(SSE_IMAGE), s->image, FXSAVE_SIZE);
    memcpy(native_memory(s->at - SSE_WINDOW / 2), s->window, SSE_WINDOW);
    put32(native_memory(PLAIN_MXCSR), MXCSR_RESET);
    length = sse_put_state(code, 1, SSE_IMAGE);
    memcpy(code + length, insn, size);
    length += size;
    length += sse_put_state(code + length, 0, SSE_IMAGE);
    memcpy(code + length, initialize, sizeof initialize);
    length += sizeof initialize;
    length += sse_put_state(code + length, 2, PLAIN_MXCSR);
    if (native_run(code, length, &n)) {
        memcpy(s->image, native_memory(SSE_IMAGE), FXSAVE_SIZE);
        memcpy(s->regs, n.regs, sizeof n.regs);
        s->flags = n.flags;
    } else {
        memcpy(s->image, native_fault.fxsave, FXSAVE_SIZE);
        s->fault = vector_of(native_fault.signal);
    }
    memcpy(s->window, native_memory(s->at - SSE_WINDOW / 2), SSE_WINDOW);
}

/* --- comparing --- */

static void print_state(const char *name, const struct sse_state *s)
{
    fprintf(stderr, "%s: fault %d flags %03x mxcsr %04x status %04x tags %02x\n ", name, s->fault,
            s->flags, get32(s->image + MXCSR_AT), get32(s->image + CONTROL) >> 16, s->image[TAGS]);
    for (unsigned i = 0; i < 8; i++)
        fprintf(stderr, " %08x", s->regs[i]);
    fprintf(stderr, "\n  at %08x:", s->at);
    for (unsigned i = 0; i < SSE_WINDOW; i += 4)
        fprintf(stderr, "%s%08x", i == SSE_WINDOW / 2 ? " > " : " ", get32(s->window + i));
    for (unsigned i = 0; i < 8; i++) {
        const u8 *x = s->image + XMM_AT + 16 * i, *r = s->image + ST + 16 * i;
        fprintf(stderr, "\n  xmm%u %08x %08x %08x %08x st%u %04x %08x%08x", i, get32(x + 12),
                get32(x + 8), get32(x + 4), get32(x), i, get32(r + 8) & 0xffff, get32(r + 4),
                get32(r));
    }
    fprintf(stderr, "\n");
}

/* What may differ: pointers to the last x87 instruction, the mask, and what is reserved. */
static void forget(struct sse_state *s)
{
    memset(s->image + TAGS + 1, 0, MXCSR_AT - TAGS - 1);
    memset(s->image + MXCSR_MASK_AT, 0, 4);
    for (unsigned i = 0; i < 8; i++)
        memset(s->image + ST + 16 * i + 10, 0, 6);
    memset(s->image + IMAGE_USED, 0, FXSAVE_SIZE - IMAGE_USED);
}

static bool same(struct sse_state a, struct sse_state b)
{
    forget(&a);
    forget(&b);
    return !memcmp(a.image, b.image, FXSAVE_SIZE) && !memcmp(a.window, b.window, SSE_WINDOW) &&
           !memcmp(a.regs, b.regs, sizeof a.regs) && a.flags == b.flags && a.fault == b.fault;
}

/* Alike but in the low 12 bits of singles, where they are but an approximation. */
static bool near(const u8 *a, const u8 *b)
{
    for (unsigned i = 0; i < IMAGE_USED - XMM_AT; i += 4) {
        float x, y;
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        float apart = x > y ? x - y : y - x, size = x < 0 ? -x : x;
        if (get32(a + i) != get32(b + i) && !(apart <= size * 0x1p-10F) && !(size < 0x1p-125F))
            return false;
    }
    return true;
}

/* RCPPS and the like are not the host's in a build without assembly. */
static void forgive(const char *name, const struct sse_state *host, struct sse_state *guest)
{
    bool approximate = !strncmp(name, "rcp", 3) || !strncmp(name, "rsqrt", 5);

    if (!HOST_ASM && approximate && near(host->image + XMM_AT, guest->image + XMM_AT))
        memcpy(guest->image + XMM_AT, host->image + XMM_AT, IMAGE_USED - XMM_AT);
}

void sse_check(const char *name, const u8 *insn, size_t size, const struct sse_state *start,
               const struct sse_state *guest)
{
    struct sse_state native = *start;

    sse_run_native(insn, size, &native);
    struct sse_state close = *guest;
    forgive(name, &native, &close);
    if (same(native, close))
        return;
    for (size_t i = 0; i < size; i++)
        fprintf(stderr, "%02x ", insn[i]);
    fprintf(stderr, "%s\n", name);
    print_state("before", start);
    print_state("host", &native);
    print_state("guest", guest);
    ck_abort_msg("%s differs", name);
}
