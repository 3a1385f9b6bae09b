/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The string instructions (SDM vol. 2, MOVS to OUTS, and REP).
 *
 * A repeated one goes in runs: elements that lie in one page (in one source and one destination
 * page), that no limit cuts off and no offset wraps in. A run is a host memory operation, after
 * which SI, DI and CX are committed; so is each element of what cannot be a run. A fault thus
 * leaves the registers at the element that raised it. Flags are set when the helper is done:
 * a fault in CMPS or SCAS leaves them as they were before the instruction.
 */
#include "exec/i386/debug.h"
#include "exec/i386/mmu.h"
#include "exec/icount.h"
#include "exec/memory_map.h"

#include <string.h>

struct string {
    struct cpu *cpu;
    unsigned size, shift; /* of an element */
    u32 mask;             /* the part of SI, DI and CX that the address size has */
    enum segment_register source;
    enum { REP_NONE, REP_EQUAL, REP_NOT_EQUAL } rep;
    bool down;
    bool stopped; /* CMPS, SCAS: by the result of the comparison */
    bool counted; /* each element is charged to the cpu's budget (exec/icount.h) */
    u32 left;     /* elements to go */
    u32 most;     /* of a run */
    u32 minuend, subtrahend;
};

/* Which of the two pointers an instruction has. */
enum { SOURCE = 1, DESTINATION = 2 };

#define ALWAYS_INLINE static inline __attribute__((always_inline))

static u32 min(u32 a, u32 b)
{
    return a < b ? a : b;
}

/* Instead of the instruction, which has been charged, its elements are. */
static void count_elements(struct string *s)
{
    s->counted = true;
    icount_give_back(&s->cpu->core);
}

static u32 budget_of(const struct string *s)
{
    return s->cpu->core.budget > 1 ? (u32)s->cpu->core.budget : 1;
}

ALWAYS_INLINE struct string decode(struct cpu *cpu, u32 a)
{
    struct string s = {
        .cpu = cpu,
        .size = a & 15,
        .shift = (a & 15) >> 1,
        .mask = (a >> 4 & 15) == 2 ? 0xffff : 0xffffffff,
        .source = (enum segment_register)(a >> 8 & 15),
        .rep = a >> 12 & 3,
        .down = cpu->eflags & FLAG_DF,
    };
    s.left = s.rep == REP_NONE ? 1 : cpu->regs[ECX] & s.mask;
    s.most = cpu->eflags & FLAG_TF ? 1 : UINT32_MAX;
    if (cpu->rest.unrun && s.left)
        count_elements(&s);
    return s;
}

ALWAYS_INLINE u32 offset_of(const struct string *s, enum location reg)
{
    return s->cpu->regs[reg] & s->mask;
}

ALWAYS_INLINE void set_register(struct string *s, enum location reg, u32 value)
{
    u32 *r = &s->cpu->regs[reg];
    *r = (*r & ~s->mask) | (value & s->mask);
}

/* Commits n elements. */
ALWAYS_INLINE void advance(struct string *s, u32 n, unsigned pointers)
{
    u32 bytes = n << s->shift;
    if (s->down)
        bytes = -bytes;
    if (pointers & SOURCE)
        set_register(s, ESI, s->cpu->regs[ESI] + bytes);
    if (pointers & DESTINATION)
        set_register(s, EDI, s->cpu->regs[EDI] + bytes);
    s->left -= n;
    if (s->counted)
        s->cpu->core.budget -= (s32)n;
    if (s->rep != REP_NONE)
        set_register(s, ECX, s->left);
}

ALWAYS_INLINE bool exit_requested(const struct string *s)
{
    return __atomic_load_n(&s->cpu->core.exit_request, __ATOMIC_RELAXED);
}

/*
 * Is a repeated instruction to be left between two elements? For what waits outside, for the
 * trap of a single step, at the end of the budget, and in lockstep, where the same must happen each
 * time, after each run.
 */
ALWAYS_INLINE bool pauses(const struct string *s)
{
    return exit_requested(s) || s->cpu->eflags & FLAG_TF || s->cpu->rest.mmu->log ||
           (s->counted && s->cpu->core.budget <= 0);
}

/* Calls `step`, which commits one element or more, until all is done or it is time to leave. */
ALWAYS_INLINE void repeat(struct string *s, u32 next, void (*step)(struct string *))
{
    while (s->left) {
        if (s->counted)
            s->most = min(s->most, budget_of(s));
        step(s);
        if (s->stopped)
            break;
        if (s->left && pauses(s)) {
            s->cpu->eflags |= FLAG_RF; /* no breakpoint on the rest of it (SDM vol. 3, 17.3.1.1) */
            return;
        }
    }
    s->cpu->core.pc = next;
}

/* --- runs --- */

/* What a run is in: the bounds of the segment, cut to the address size. */
struct bounds {
    u32 base, lo, hi;
};

ALWAYS_INLINE struct bounds bounds_of(const struct string *s, enum segment_register seg, bool write)
{
    const struct segment *g = &s->cpu->seg[seg];
    return (struct bounds){.base = g->base,
                           .lo = write ? g->write_lo : g->read_lo,
                           .hi = min(write ? g->write_hi : g->read_hi, s->mask)};
}

ALWAYS_INLINE u32 run_up(const struct string *s, struct bounds in, u32 offset, u32 n)
{
    n = min(n, (PAGE_SIZE - ((in.base + offset) & PAGE_MASK)) >> s->shift);
    u32 last = offset + (n << s->shift) - 1;
    return n && offset >= in.lo && last <= in.hi && last >= offset ? n : 0;
}

static u32 run_down(unsigned size, struct bounds in, u32 offset, u32 n)
{
    u32 in_page = (in.base + offset) & PAGE_MASK;
    if (in_page + size > PAGE_SIZE)
        return 0;
    n = min(n, in_page / size + 1);
    u32 first = offset - (n - 1) * size;
    u32 last = offset + size - 1;
    return first <= offset && first >= in.lo && last <= in.hi && last >= offset ? n : 0;
}

/*
 * The length of a run of at most n elements from an offset, 0 if the element there is one for
 * itself (or faults). *linear is the address of its lowest byte.
 */
ALWAYS_INLINE u32 run_length(const struct string *s, enum segment_register seg, u32 offset, u32 n,
                             bool write)
{
    struct bounds in = bounds_of(s, seg, write);
    return s->down ? run_down(s->size, in, offset, n) : run_up(s, in, offset, n);
}

/* Host memory of a run of n elements, its lowest byte; NULL if it has to go by element. */
ALWAYS_INLINE u8 *run_host(const struct string *s, enum segment_register seg, u32 offset, u32 n,
                           enum access access)
{
    u32 linear = s->cpu->seg[seg].base + offset;
    u32 bytes = n << s->shift;
    if (s->down) {
        /* So that CR2 is the address of the first element, not of the lowest. */
        mem_probe(s->cpu, linear, s->size, access, s->cpu->cpl == 3);
        linear -= bytes - s->size;
    }
    return mem_run(s->cpu, linear, bytes, access);
}

/* From the lowest byte of a run to its first element, and from element to element. */
ALWAYS_INLINE ptrdiff_t first_of(const struct string *s, u32 n)
{
    return s->down ? (ptrdiff_t)((n - 1) << s->shift) : 0;
}

ALWAYS_INLINE ptrdiff_t stride(const struct string *s)
{
    return s->down ? -(ptrdiff_t)s->size : (ptrdiff_t)s->size;
}

static u32 source_linear(const struct string *s)
{
    return segment_linear(s->cpu, s->source, offset_of(s, ESI), s->size, false);
}

static u32 destination_linear(const struct string *s, bool write)
{
    return segment_linear(s->cpu, ES, offset_of(s, EDI), s->size, write);
}

/*
 * Does up to n elements, but at least one, each by itself. The state goes in and out by value:
 * so in a run, where nothing else has its address, it stays in registers.
 */
static __attribute__((noinline)) struct string by_element(struct string s, u32 n,
                                                          void (*element)(struct string *))
{
    do {
        element(&s);
    } while (n-- > 1 && !s.stopped && !exit_requested(&s));
    return s;
}

/* --- MOVS --- */

/*
 * Forward onto what is still to be read: the bytes between the two repeat. What is there already
 * is copied, so that each time there is more of it.
 */
static void replicate(u8 *to, const u8 *from, size_t bytes)
{
    while (bytes) {
        size_t there = (size_t)(to - from);
        size_t n = there < bytes ? there : bytes;
        memcpy(to, from, n);
        to += n, bytes -= n;
    }
}

static void move_elements(struct string s, u8 *to, const u8 *from, u32 n)
{
    ptrdiff_t at = first_of(&s, n);
    for (; n; n--, at += stride(&s))
        store_host(to + at, load_host(from + at, s.size), s.size);
}

ALWAYS_INLINE void move(const struct string *s, u8 *to, const u8 *from, u32 n)
{
    size_t bytes = (size_t)n << s->shift;
    size_t ahead = s->down ? (uintptr_t)from - (uintptr_t)to : (uintptr_t)to - (uintptr_t)from;
    if (__builtin_expect(ahead >= bytes, 1))
        memmove(to, from, bytes);
    else if (s->down || ahead < s->size)
        move_elements(*s, to, from, n);
    else
        replicate(to, from, bytes);
}

static void movs_element(struct string *s)
{
    u32 from = source_linear(s);
    mem_probe(s->cpu, from, s->size, ACCESS_READ, s->cpu->cpl == 3);
    u32 to = destination_linear(s, true);
    mem_prepare_write(s->cpu, to, s->size); /* the source may be a device: read it once */
    mem_write(s->cpu, to, mem_read(s->cpu, from, s->size), s->size);
    advance(s, 1, SOURCE | DESTINATION);
}

ALWAYS_INLINE void movs_step(struct string *s)
{
    u32 si = offset_of(s, ESI), di = offset_of(s, EDI);
    u32 n = run_length(s, s->source, si, min(s->left, s->most), false);
    n = run_length(s, ES, di, n, true);
    if (n) {
        const u8 *from = run_host(s, s->source, si, n, ACCESS_READ);
        u8 *to = run_host(s, ES, di, n, ACCESS_WRITE);
        if (from && to) {
            move(s, to, from, n);
            advance(s, n, SOURCE | DESTINATION);
            return;
        }
    }
    *s = by_element(*s, n, movs_element);
}

void helper_movs(struct cpu *cpu, u32 a, u32 b)
{
    struct string s = decode(cpu, a);
    repeat(&s, b, movs_step);
}

/* --- STOS --- */

ALWAYS_INLINE u32 accumulator(const struct string *s)
{
    u32 eax = s->cpu->regs[EAX];
    return s->size == 1 ? (u8)eax : s->size == 2 ? (u16)eax : eax;
}

static void fill(u8 *to, u32 value, unsigned size, size_t bytes)
{
    static const u64 repeated[] = {
        [1] = 0x0101010101010101, [2] = 0x0001000100010001, [4] = 0x0000000100000001};
    u64 pattern = value * repeated[size];
    if (pattern == (pattern << 8 | pattern >> 56)) {
        memset(to, (int)(value & 0xff), bytes);
        return;
    }
    for (; bytes >= sizeof pattern; bytes -= sizeof pattern, to += sizeof pattern)
        memcpy(to, &pattern, sizeof pattern);
    memcpy(to, &pattern, bytes);
}

static void stos_element(struct string *s)
{
    mem_write(s->cpu, destination_linear(s, true), accumulator(s), s->size);
    advance(s, 1, DESTINATION);
}

ALWAYS_INLINE void stos_step(struct string *s)
{
    u32 di = offset_of(s, EDI);
    u32 n = run_length(s, ES, di, min(s->left, s->most), true);
    u8 *to = n ? run_host(s, ES, di, n, ACCESS_WRITE) : NULL;
    if (!to) {
        *s = by_element(*s, n, stos_element);
        return;
    }
    fill(to, accumulator(s), s->size, (size_t)n << s->shift);
    advance(s, n, DESTINATION);
}

void helper_stos(struct cpu *cpu, u32 a, u32 b)
{
    struct string s = decode(cpu, a);
    repeat(&s, b, stos_step);
}

/* --- LODS --- */

ALWAYS_INLINE void set_accumulator(struct string *s, u32 value)
{
    u32 mask = s->size == 4 ? 0xffffffff : (1u << 8 * s->size) - 1;
    s->cpu->regs[EAX] = (s->cpu->regs[EAX] & ~mask) | (value & mask);
}

static void lods_element(struct string *s)
{
    set_accumulator(s, mem_read(s->cpu, source_linear(s), s->size));
    advance(s, 1, SOURCE);
}

/* Of a run, only the last element matters. */
ALWAYS_INLINE void lods_step(struct string *s)
{
    u32 si = offset_of(s, ESI);
    u32 n = run_length(s, s->source, si, min(s->left, s->most), false);
    const u8 *from = n ? run_host(s, s->source, si, n, ACCESS_READ) : NULL;
    if (!from) {
        *s = by_element(*s, n, lods_element);
        return;
    }
    set_accumulator(s, load_host(from + first_of(s, n) + stride(s) * (ptrdiff_t)(n - 1), s->size));
    advance(s, n, SOURCE);
}

void helper_lods(struct cpu *cpu, u32 a, u32 b)
{
    struct string s = decode(cpu, a);
    repeat(&s, b, lods_step);
}

/* --- CMPS and SCAS --- */

/* The six flags of minuend - subtrahend. */
static u32 subtraction_flags(u32 minuend, u32 subtrahend, unsigned size)
{
    unsigned top = 8 * size - 1;
    u32 result = minuend - subtrahend;
    u32 borrows = (~minuend & subtrahend) | ((~minuend | subtrahend) & result);
    u32 overflow = (minuend ^ subtrahend) & (minuend ^ result);
    u32 wide = result << (31 - top);
    return (borrows >> top & 1 ? FLAG_CF : 0) | (__builtin_parity(result & 0xff) ? 0 : FLAG_PF) |
           (borrows & 8 ? FLAG_AF : 0) | (wide ? 0 : FLAG_ZF) | (wide >> 31 ? FLAG_SF : 0) |
           (overflow >> top & 1 ? FLAG_OF : 0);
}

/* Notes a comparison; one against REPE or REPNE ends the instruction. */
ALWAYS_INLINE void compare(struct string *s, u32 minuend, u32 subtrahend)
{
    s->minuend = minuend;
    s->subtrahend = subtrahend;
    if (s->rep != REP_NONE)
        s->stopped = (minuend == subtrahend) != (s->rep == REP_EQUAL);
}

/* Runs a comparing instruction; of no comparison no flags. */
ALWAYS_INLINE void compare_all(struct cpu *cpu, u32 a, u32 b, void (*step)(struct string *))
{
    struct string s = decode(cpu, a);
    bool any = s.left;
    repeat(&s, b, step);
    if (any)
        cc_set(cpu, subtraction_flags(s.minuend, s.subtrahend, s.size));
}

/* The first element, from first on, where `equal` is not so; n if there is none. */
ALWAYS_INLINE u32 find_in_two(const u8 *x, const u8 *y, u32 n, unsigned size, ptrdiff_t by,
                              bool equal)
{
    u32 i = 0;
    while (i < n && (load_host(x, size) == load_host(y, size)) == equal)
        i++, x += by, y += by;
    return i;
}

ALWAYS_INLINE u32 find_in_one(u32 value, const u8 *y, u32 n, unsigned size, ptrdiff_t by,
                              bool equal)
{
    u32 i = 0;
    while (i < n && (value == load_host(y, size)) == equal)
        i++, y += by;
    return i;
}

/* How many elements, forward, are the same for sure: eight bytes at a time. */
static u32 same_prefix(const u8 *x, const u8 *y, u32 n, unsigned shift)
{
    u32 bytes = n << shift, i = 0;
    for (; i + 8 <= bytes; i += 8) {
        u64 p, q;
        memcpy(&p, x + i, 8);
        memcpy(&q, y + i, 8);
        if (p != q)
            break;
    }
    return i >> shift;
}

static u32 find_pair(struct string s, const u8 *x, const u8 *y, u32 n)
{
    bool equal = s.rep == REP_EQUAL;
    u32 skip = equal && !s.down ? same_prefix(x, y, n, s.shift) : 0;
    ptrdiff_t by = stride(&s), at = first_of(&s, n) + by * (ptrdiff_t)skip;
    x += at, y += at, n -= skip;
    switch (s.size) {
    case 1:
        return skip + find_in_two(x, y, n, 1, by, equal);
    case 2:
        return skip + find_in_two(x, y, n, 2, by, equal);
    default:
        return skip + find_in_two(x, y, n, 4, by, equal);
    }
}

static u32 find_value(struct string s, u32 value, const u8 *y, u32 n)
{
    bool equal = s.rep == REP_EQUAL;
    ptrdiff_t by = stride(&s);
    if (s.size == 1 && !equal && !s.down) {
        const u8 *at = memchr(y, (int)value, n);
        return at ? (u32)(at - y) : n;
    }
    y += first_of(&s, n);
    switch (s.size) {
    case 1:
        return find_in_one(value, y, n, 1, by, equal);
    case 2:
        return find_in_one(value, y, n, 2, by, equal);
    default:
        return find_in_one(value, y, n, 4, by, equal);
    }
}

static void cmps_element(struct string *s)
{
    u32 from = source_linear(s);
    u32 minuend = mem_read(s->cpu, from, s->size);
    compare(s, minuend, mem_read(s->cpu, destination_linear(s, false), s->size));
    advance(s, 1, SOURCE | DESTINATION);
}

ALWAYS_INLINE void cmps_step(struct string *s)
{
    u32 si = offset_of(s, ESI), di = offset_of(s, EDI);
    u32 n = run_length(s, s->source, si, min(s->left, s->most), false);
    n = run_length(s, ES, di, n, false);
    const u8 *x = n ? run_host(s, s->source, si, n, ACCESS_READ) : NULL;
    const u8 *y = n ? run_host(s, ES, di, n, ACCESS_READ) : NULL;
    if (!x || !y) {
        *s = by_element(*s, n, cmps_element);
        return;
    }
    u32 last = min(find_pair(*s, x, y, n), n - 1);
    ptrdiff_t at = first_of(s, n) + stride(s) * (ptrdiff_t)last;
    compare(s, load_host(x + at, s->size), load_host(y + at, s->size));
    advance(s, last + 1, SOURCE | DESTINATION);
}

void helper_cmps(struct cpu *cpu, u32 a, u32 b)
{
    compare_all(cpu, a, b, cmps_step);
}

static void scas_element(struct string *s)
{
    compare(s, accumulator(s), mem_read(s->cpu, destination_linear(s, false), s->size));
    advance(s, 1, DESTINATION);
}

ALWAYS_INLINE void scas_step(struct string *s)
{
    u32 di = offset_of(s, EDI);
    u32 n = run_length(s, ES, di, min(s->left, s->most), false);
    const u8 *y = n ? run_host(s, ES, di, n, ACCESS_READ) : NULL;
    if (!y) {
        *s = by_element(*s, n, scas_element);
        return;
    }
    u32 last = min(find_value(*s, accumulator(s), y, n), n - 1);
    ptrdiff_t at = first_of(s, n) + stride(s) * (ptrdiff_t)last;
    compare(s, accumulator(s), load_host(y + at, s->size));
    advance(s, last + 1, DESTINATION);
}

void helper_scas(struct cpu *cpu, u32 a, u32 b)
{
    compare_all(cpu, a, b, scas_step);
}

/* --- INS and OUTS --- */

static u16 port_of(const struct string *s)
{
    return (u16)s->cpu->regs[EDX];
}

static u32 in(const struct string *s)
{
    u32 value = port_read(s->cpu, port_of(s), s->size);
    debug_port(s->cpu, port_of(s), s->size);
    return value;
}

static void out(const struct string *s, u32 value)
{
    port_write(s->cpu, port_of(s), value, s->size);
    debug_port(s->cpu, port_of(s), s->size);
}

static void ins_element(struct string *s)
{
    u32 to = destination_linear(s, true);
    mem_prepare_write(s->cpu, to, s->size); /* what a port gave it does not give again */
    mem_write(s->cpu, to, in(s), s->size);
    advance(s, 1, DESTINATION);
}

ALWAYS_INLINE void ins_step(struct string *s)
{
    u32 di = offset_of(s, EDI);
    u32 n = run_length(s, ES, di, min(s->left, s->most), true);
    u8 *to = n ? run_host(s, ES, di, n, ACCESS_WRITE) : NULL;
    if (!to) {
        *s = by_element(*s, n, ins_element);
        return;
    }
    to += first_of(s, n);
    u32 i = 0;
    do {
        store_host(to, in(s), s->size);
        to += stride(s);
    } while (++i < n && !exit_requested(s));
    advance(s, i, DESTINATION);
}

static void outs_element(struct string *s)
{
    out(s, mem_read(s->cpu, source_linear(s), s->size));
    advance(s, 1, SOURCE);
}

ALWAYS_INLINE void outs_step(struct string *s)
{
    u32 si = offset_of(s, ESI);
    u32 n = run_length(s, s->source, si, min(s->left, s->most), false);
    const u8 *from = n ? run_host(s, s->source, si, n, ACCESS_READ) : NULL;
    if (!from) {
        *s = by_element(*s, n, outs_element);
        return;
    }
    from += first_of(s, n);
    u32 i = 0;
    do {
        out(s, load_host(from, s->size));
        from += stride(s);
    } while (++i < n && !exit_requested(s));
    advance(s, i, SOURCE);
}

ALWAYS_INLINE void repeat_port(struct cpu *cpu, u32 a, u32 b, void (*step)(struct string *))
{
    struct string s = decode(cpu, a);
    if (s.left)
        port_check(cpu, port_of(&s), s.size);
    repeat(&s, b, step);
}

void helper_ins(struct cpu *cpu, u32 a, u32 b)
{
    repeat_port(cpu, a, b, ins_step);
}

void helper_outs(struct cpu *cpu, u32 a, u32 b)
{
    repeat_port(cpu, a, b, outs_step);
}
