/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * exec/i386/string.c against a model that takes one element at a time, on pages and segments
 * chosen at random; then what the model does not know.
 */
#include "tests/exec/fake_cpu.h"

#include <string.h>

enum { P = 1, W = 2, U = 4, NEXT = 0x1000, HERE = 0xffe };

/* Frames that linear pages are mapped to: RAM, and one each of the other kinds. */
enum { RAM_FRAMES = 8, DEVICE_FRAME = RAM_FRAMES, ROM_FRAME, NO_FRAME, FRAMES };
static const u32 frame_address[FRAMES] = {0x200000,   0x201000,   0x202000,  0x203000,
                                          0x205000,   0x206000,   0x207000,  0x209000,
                                          0xf0000000, 0xf0001000, 0xf0002000};

enum { WINDOW = 0x40000000, WINDOW_PAGES = 20 };

static struct cpu *cpu;
static struct memory *m;
static u8 device_memory[PAGE_SIZE];

static u32 device_read(void *device, u32 offset, unsigned size)
{
    u32 value = 0;
    memcpy(&value, (u8 *)device + offset, size);
    return value;
}

static void device_write(void *device, u32 offset, u32 value, unsigned size)
{
    memcpy((u8 *)device + offset, &value, size);
}

/* --- the model --- */

enum operation { MOVS, STOS, LODS, CMPS, SCAS, INS, OUTS, OPERATIONS };

struct model {
    u8 frame[FRAMES][PAGE_SIZE];
    struct {
        int frame;
        u32 bits;
    } page[WINDOW_PAGES];
    u32 regs[LOCATIONS];
    u32 port_next, port_sum;
    bool compared;
    u32 flags;
    int outcome;
    u32 error, cr2;
};
static struct model model;

struct instruction {
    enum operation operation;
    unsigned size, address_size, rep;
    enum segment_register source;
};

static bool model_fault(int vector, u32 error, u32 cr2)
{
    model.outcome = vector;
    model.error = error;
    model.cr2 = cr2;
    return false;
}

static bool model_segment(enum segment_register seg, u32 offset, unsigned size, bool write,
                          u32 *linear)
{
    const struct segment *s = &cpu->seg[seg];
    u64 last = (u64)offset + size - 1;
    *linear = s->base + offset;
    if (offset < (write ? s->write_lo : s->read_lo) || last > (write ? s->write_hi : s->read_hi))
        return model_fault(seg == SS ? EXC_SS : EXC_GP, 0, 0);
    return true;
}

/* The byte at a linear address, NULL and a fault if it may not be had. */
static u8 *model_byte(u32 linear, bool write)
{
    u32 page = (linear - WINDOW) / PAGE_SIZE;
    u32 bits = page < WINDOW_PAGES ? model.page[page].bits : 0;
    bool user = cpu->cpl == 3;
    bool allowed = bits & P && (!user || bits & U) && (!write || bits & W);
    if (!allowed) {
        model_fault(EXC_PF, (bits & P) | (write ? 2u : 0) | (user ? 4u : 0), linear);
        return NULL;
    }
    return &model.frame[model.page[page].frame][linear & PAGE_MASK];
}

static bool model_allowed(u32 linear, unsigned size, bool write)
{
    for (unsigned i = 0; i < size; i++)
        if (!model_byte(linear + i, write))
            return false;
    return true;
}

static u32 model_load(u32 linear, unsigned size)
{
    u32 value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (u32)*model_byte(linear + i, false) << 8 * i;
    return value;
}

static void model_store(u32 linear, u32 value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        u8 *byte = model_byte(linear + i, true);
        if (byte < model.frame[ROM_FRAME])
            *byte = (u8)(value >> 8 * i);
    }
}

/* The host's own flags of a - b. */
static u32 host_flags(u32 a, u32 b, unsigned size)
{
    u64 flags = 0;
    if (size == 1)
        __asm__("cmpb %b2, %b1\n pushfq\n pop %0" : "=r"(flags) : "q"(a), "q"(b) : "cc", "memory");
    else if (size == 2)
        __asm__("cmpw %w2, %w1\n pushfq\n pop %0" : "=r"(flags) : "r"(a), "r"(b) : "cc", "memory");
    else
        __asm__("cmpl %2, %1\n pushfq\n pop %0" : "=r"(flags) : "r"(a), "r"(b) : "cc", "memory");
    return (u32)flags & FLAGS_ARITH;
}

static u32 size_mask(unsigned size)
{
    return size == 4 ? ~0u : (1u << 8 * size) - 1;
}

static void model_compare(u32 a, u32 b, unsigned size)
{
    model.compared = true;
    model.flags = host_flags(a, b, size);
}

/* The data part of one element; false if it faulted. */
static bool model_element(const struct instruction *in, u32 si, u32 di)
{
    unsigned n = in->size;
    u32 from = 0, to = 0;
    u32 accumulator = model.regs[EAX] & size_mask(n);
    bool uses_si = in->operation == MOVS || in->operation == LODS || in->operation == CMPS ||
                   in->operation == OUTS;
    bool writes = in->operation == MOVS || in->operation == STOS || in->operation == INS;
    bool uses_di = writes || in->operation == CMPS || in->operation == SCAS;
    if (uses_si && !model_segment(in->source, si, n, false, &from))
        return false;
    if (uses_si && !model_allowed(from, n, false))
        return false;
    if (uses_di && !model_segment(ES, di, n, writes, &to))
        return false;
    if (uses_di && !model_allowed(to, n, writes))
        return false;
    switch (in->operation) {
    case MOVS:
        model_store(to, model_load(from, n), n);
        break;
    case STOS:
        model_store(to, accumulator, n);
        break;
    case LODS:
        model.regs[EAX] = (model.regs[EAX] & ~size_mask(n)) | model_load(from, n);
        break;
    case CMPS:
        model_compare(model_load(from, n), model_load(to, n), n);
        break;
    case SCAS:
        model_compare(accumulator, model_load(to, n), n);
        break;
    case INS:
        model_store(to, model.port_next++ + (n == 4 ? 0x10000 : 0), n);
        break;
    default:
        model.port_sum = model.port_sum * 31 + model_load(from, n);
        break;
    }
    return true;
}

static void model_add(enum location reg, u32 add, u32 mask)
{
    model.regs[reg] = (model.regs[reg] & ~mask) | ((model.regs[reg] + add) & mask);
}

static void model_run(const struct instruction *in)
{
    u32 mask = in->address_size == 2 ? 0xffff : ~0u;
    u32 step = cpu->eflags & FLAG_DF ? -in->size : in->size;
    bool scans = in->operation == CMPS || in->operation == SCAS;
    bool si = in->operation == MOVS || in->operation == LODS || in->operation == CMPS ||
              in->operation == OUTS;
    while (!in->rep || model.regs[ECX] & mask) {
        if (!model_element(in, model.regs[ESI] & mask, model.regs[EDI] & mask))
            return;
        if (si)
            model_add(ESI, step, mask);
        if (in->operation != LODS && in->operation != OUTS)
            model_add(EDI, step, mask);
        if (!in->rep)
            return;
        model_add(ECX, ~0u, mask);
        if (scans && !(model.flags & FLAG_ZF) == (in->rep == 1))
            return;
    }
}

/* --- random set-ups, the same for the cpu and the model --- */

static struct memory_region *rom;

/* Mostly the same byte, so that comparisons go on for a while. */
static void random_bytes(u8 *frame, u8 mostly)
{
    memset(frame, mostly, PAGE_SIZE);
    for (unsigned i = 0; i < PAGE_SIZE / 64; i++)
        frame[fake_random() % PAGE_SIZE] = (u8)fake_random();
}

static void random_memory(void)
{
    u8 mostly = fake_random() & 1 ? 1 : 255;
    for (unsigned i = 0; i < NO_FRAME; i++)
        random_bytes(model.frame[i], mostly);
    memset(model.frame[NO_FRAME], 0xff, PAGE_SIZE);
    for (unsigned i = 0; i < RAM_FRAMES; i++)
        memory_copy_in(m, frame_address[i], model.frame[i], PAGE_SIZE);
    memcpy(device_memory, model.frame[DEVICE_FRAME], PAGE_SIZE);
    memcpy(memory_region_host(rom), model.frame[ROM_FRAME], PAGE_SIZE);
}

static void random_pages(void)
{
    bool whole = fake_random() % 4;
    for (u32 i = 0; i < WINDOW_PAGES; i++) {
        u32 frame = fake_random() % (whole ? RAM_FRAMES : FRAMES);
        u32 bits = whole || fake_random() % 6 ? P | W | U : fake_random() % 8;
        model.page[i].frame = (int)frame;
        model.page[i].bits = bits;
        fake_map(WINDOW + i * PAGE_SIZE, frame_address[frame], bits);
    }
}

static struct segment random_segment(bool wide)
{
    u32 base = wide ? 0 : WINDOW + fake_random() % PAGE_SIZE;
    u32 limit = wide ? ~0u : fake_random() % 3 ? 0xffff : fake_random() % 0x14000;
    u32 lo = wide || fake_random() % 4 ? 0 : fake_random() % 0x4000;
    bool writable = fake_random() % 8;
    return (struct segment){.base = base,
                            .limit = limit,
                            .read_lo = lo,
                            .read_hi = limit,
                            .write_lo = writable ? lo : 1,
                            .write_hi = writable ? limit : 0};
}

static u32 random_count(void)
{
    static const u32 most[] = {1, 4, 64, 3000, 70000};
    return fake_random() % (most[fake_random() % 5] + 1);
}

/* Somewhere in the window; sometimes the other pointer's neighbour. */
static u32 random_pointer(bool wide, u32 address_size)
{
    u32 pointer = fake_random() % ((WINDOW_PAGES - 1) * PAGE_SIZE);
    if (fake_random() % 4 == 0)
        pointer = (pointer & ~(u32)PAGE_MASK) + fake_random() % 9 - 4;
    if (wide)
        return pointer + WINDOW;
    return address_size == 2 ? pointer | fake_random() << 16 : pointer & 0x1ffff;
}

static struct instruction random_setup(void)
{
    struct instruction in = {.operation = fake_random() % OPERATIONS,
                             .size = 1u << fake_random() % 3,
                             .address_size = fake_random() % 3 ? 4 : 2,
                             .rep = fake_random() % 3,
                             .source = fake_random() & 1 ? DS : SS};
    bool wide = in.address_size == 4 && fake_random() % 4;
    random_memory();
    random_pages();
    cpu->cpl = fake_random() & 1 ? 3 : 0;
    cpu->eflags = FLAG_1 | (fake_random() % 3 ? 0 : FLAG_DF) | (fake_random() % 8 ? 0 : FLAG_TF);
    for (unsigned i = 0; i < SEGMENTS; i++)
        cpu->seg[i] = random_segment(wide);
    for (unsigned i = 0; i < LOCATIONS; i++)
        cpu->regs[i] = fake_random();
    if (fake_random() & 1)
        cpu->regs[EAX] = fake_random() & 1 ? 0x01010101 : 0xffffffff;
    cpu->regs[ESI] = random_pointer(wide, in.address_size);
    cpu->regs[EDI] = fake_random() % 3 ? random_pointer(wide, in.address_size)
                                       : cpu->regs[ESI] + fake_random() % 40 - 20;
    cpu->regs[ECX] = random_count() | (in.address_size == 2 ? fake_random() << 16 : 0);
    memcpy(model.regs, cpu->regs, sizeof model.regs);
    model.outcome = NOTHING_RAISED;
    model.compared = false;
    model.port_sum = fake.port_sum = 0;
    model.port_next = fake.port_next;
    fake.port_reads = fake.port_writes = 0;
    mem_flush(cpu);
    return in;
}

/* --- running one --- */

typedef void helper(struct cpu *, u32, u32);
static helper *const helpers[OPERATIONS] = {helper_movs, helper_stos, helper_lods, helper_cmps,
                                            helper_scas, helper_ins,  helper_outs};

static u32 encode(const struct instruction *in)
{
    return in->size | in->address_size << 4 | (u32)in->source << 8 | in->rep << 12;
}

static __attribute__((noinline)) int call(const struct instruction *in)
{
    cpu->core.pc = HERE;
    return OUTCOME(helpers[in->operation](cpu, encode(in), NEXT));
}

/* Calls the helper until it is through or faults. How often? */
static unsigned run(const struct instruction *in)
{
    unsigned calls = 0;
    cpu->cc_op = CC_ADDL;
    do {
        calls++;
    } while (call(in) == NOTHING_RAISED && cpu->core.pc == HERE);
    return calls;
}

static void check_flags(unsigned calls)
{
    if (model.outcome != NOTHING_RAISED && calls == 1)
        ck_assert_uint_eq(cpu->cc_op, CC_ADDL);
    if (model.outcome == NOTHING_RAISED && !model.compared)
        ck_assert_uint_eq(cpu->cc_op, CC_ADDL);
    if (model.outcome == NOTHING_RAISED && model.compared) {
        ck_assert_uint_eq(cpu->cc_op, CC_EFLAGS);
        ck_assert_uint_eq(cpu->cc_src, model.flags);
    }
}

static void check_outcome(void)
{
    ck_assert_int_eq(fake.outcome, model.outcome);
    if (model.outcome != NOTHING_RAISED)
        ck_assert_uint_eq(fake.error, model.error);
    if (model.outcome == EXC_PF)
        ck_assert_uint_eq(cpu->cr2, model.cr2);
    ck_assert_uint_eq(cpu->core.pc, model.outcome == NOTHING_RAISED ? NEXT : HERE);
    for (unsigned i = 0; i < LOCATIONS; i++)
        ck_assert_msg(cpu->regs[i] == model.regs[i], "register %u: %08x, expected %08x", i,
                      cpu->regs[i], model.regs[i]);
}

static void check_memory(void)
{
    u8 bytes[PAGE_SIZE];
    for (unsigned i = 0; i < RAM_FRAMES; i++) {
        memory_copy_out(m, bytes, frame_address[i], PAGE_SIZE);
        ck_assert_mem_eq(bytes, model.frame[i], PAGE_SIZE);
    }
    ck_assert_mem_eq(device_memory, model.frame[DEVICE_FRAME], PAGE_SIZE);
    memory_copy_out(m, bytes, frame_address[ROM_FRAME], PAGE_SIZE);
    ck_assert_mem_eq(bytes, model.frame[ROM_FRAME], PAGE_SIZE);
}

static void check_ports(const struct instruction *in)
{
    ck_assert_uint_eq(fake.port_next, model.port_next);
    ck_assert_uint_eq(fake.port_sum, model.port_sum);
    if (fake.port_reads + fake.port_writes)
        ck_assert_uint_eq(fake.port_last, cpu->regs[EDX] & 0xffff);
    if (in->operation != INS)
        ck_assert_uint_eq(fake.port_reads, 0);
    if (in->operation != OUTS)
        ck_assert_uint_eq(fake.port_writes, 0);
}

static void setup(void)
{
    fake_setup();
    cpu = fake.cpu;
    m = fake.memory;
    model = (struct model){0};
    fake_paging();
    memory_map_io(m, frame_address[DEVICE_FRAME], PAGE_SIZE, device_read, device_write,
                  device_memory);
    rom = memory_map_rom(m, frame_address[ROM_FRAME], device_memory, PAGE_SIZE);
}

static void check_one(struct write_log *log)
{
    struct instruction in = random_setup();
    cpu->core.exit_request = fake_random() % 4 == 0;
    softmmu_log_writes(&cpu->core, log);
    unsigned calls = run(&in);
    model_run(&in);
    check_outcome();
    check_flags(calls);
    check_memory();
    check_ports(&in);
}

START_TEST(test_anything)
{
    struct write_log *log = write_log_create(m, &fake_guest);
    for (u32 i = 0; i < 100; i++) {
        fake_seed((u32)_i * 100 + i);
        check_one(fake_random() % 8 ? NULL : log);
        log_record(log);
    }
    write_log_destroy(log);
}
END_TEST

/* --- what the model does not know --- */

/* Flat memory below 1 MB. */
static void setup_flat(void)
{
    fake_setup();
    cpu = fake.cpu;
    m = fake.memory;
}

static void start(u32 si, u32 di, u32 cx)
{
    cpu->core.pc = HERE;
    cpu->regs[ESI] = si;
    cpu->regs[EDI] = di;
    cpu->regs[ECX] = cx;
}

enum { FLAT = 4 << 4 | DS << 8, REP = 1 << 12 };

/* LZ77's trick: a copy onto what it is yet to read repeats what is between. */
START_TEST(test_overlap)
{
    u8 expected[3000], got[3000];
    for (unsigned distance = 1; distance <= 40; distance++) {
        for (unsigned i = 0; i < sizeof expected; i++)
            expected[i] = (u8)(i % distance + 1);
        memory_copy_in(m, 0x5000, expected, distance);
        start(0x5000, 0x5000 + distance, sizeof expected - distance);
        helper_movs(cpu, 1 | FLAT | REP, NEXT);
        memory_copy_out(m, got, 0x5000, sizeof got);
        ck_assert_mem_eq(got, expected, sizeof got);
    }
}
END_TEST

START_TEST(test_pause)
{
    cpu->core.exit_request = 1;
    start(0x1000, 0x20000, 0x4000);
    helper_movs(cpu, 1 | FLAT | REP, NEXT);
    ck_assert_uint_eq(cpu->core.pc, HERE);
    ck_assert_uint_eq(cpu->regs[ECX], 0x3000);
    ck_assert_uint_eq(cpu->regs[ESI], 0x2000);
    ck_assert_uint_eq(cpu->regs[EDI], 0x21000);
    cpu->core.exit_request = 0;
    helper_movs(cpu, 1 | FLAT | REP, NEXT);
    ck_assert_uint_eq(cpu->core.pc, NEXT);
    ck_assert_uint_eq(cpu->regs[ECX], 0);
}
END_TEST

/* An interrupt may want to come between two elements of port I/O. */
START_TEST(test_pause_of_ports)
{
    cpu->core.exit_request = 1;
    start(0x1000, 0x2000, 10);
    helper_outs(cpu, 2 | FLAT | REP, NEXT);
    ck_assert_uint_eq(fake.port_writes, 1);
    ck_assert_uint_eq(cpu->regs[ECX], 9);
    helper_ins(cpu, 2 | FLAT | REP, NEXT);
    ck_assert_uint_eq(fake.port_reads, 1);
    ck_assert_uint_eq(cpu->regs[ECX], 8);
}
END_TEST

START_TEST(test_single_step)
{
    cpu->eflags |= FLAG_TF;
    start(0x1000, 0x2000, 3);
    for (u32 left = 2; left; left--) {
        helper_movs(cpu, 4 | FLAT | REP, NEXT);
        ck_assert_uint_eq(cpu->regs[ECX], left);
        ck_assert_uint_eq(cpu->core.pc, HERE);
    }
    helper_movs(cpu, 4 | FLAT | REP, NEXT);
    ck_assert_uint_eq(cpu->core.pc, NEXT);
}
END_TEST

/* The running block is to be left before anything is done. */
START_TEST(test_code)
{
    memory_mark_code(m, 0x8000, true);
    start(0x1000, 0x7800, 0x400);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(helper_movs(cpu, 4 | FLAT | REP, NEXT)), BLOCK_LEFT);
    ck_assert_uint_eq(cpu->regs[EDI], 0x8000);
    ck_assert_uint_eq(cpu->regs[ECX], 0x200);
    ck_assert_uint_eq(cpu->core.pc, HERE);
    ck_assert_uint_eq(fake.code_address, 0x8000);
    ck_assert_uint_eq(fake.code_size, 0x800);
    fake.code_calls = 0;
    ck_assert_int_eq(OUTCOME(helper_movs(cpu, 4 | FLAT | REP, NEXT)), NOTHING_RAISED);
    ck_assert_uint_eq(fake.code_calls, 1);
}
END_TEST

/* A port is not read before it is sure that its value can be stored. */
START_TEST(test_ins_faults)
{
    fake_paging();
    fake_map(WINDOW, frame_address[0], P);
    start(0, WINDOW, 1);
    ck_assert_int_eq(OUTCOME(helper_ins(cpu, 2 | FLAT | REP, NEXT)), EXC_PF);
    ck_assert_int_eq(OUTCOME(helper_ins(cpu, 2 | FLAT, NEXT)), EXC_PF);
    start(0, WINDOW + 0xfff, 1);
    ck_assert_int_eq(OUTCOME(helper_ins(cpu, 2 | FLAT, NEXT)), EXC_PF);
    fake_map(WINDOW, frame_address[0], P | W);
    fake_map(WINDOW + 0x1000, frame_address[1], P | W);
    memory_mark_code(m, frame_address[1], true);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(helper_ins(cpu, 2 | FLAT, NEXT)), BLOCK_LEFT);
    ck_assert_uint_eq(fake.port_reads, 0);
    ck_assert_int_eq(OUTCOME(helper_ins(cpu, 2 | FLAT, NEXT)), NOTHING_RAISED);
    ck_assert_uint_eq(fake.port_reads, 1);
}
END_TEST

/* Nor is a device that is the source of a copy. */
START_TEST(test_movs_faults)
{
    fake_paging();
    fake_map_device(WINDOW);
    fake_map(WINDOW + 0x1000, frame_address[0], P);
    start(WINDOW, WINDOW + 0x1000, 1);
    ck_assert_int_eq(OUTCOME(helper_movs(cpu, 4 | FLAT | REP, NEXT)), EXC_PF);
    ck_assert_uint_eq(cpu->cr2, WINDOW + 0x1000);
    fake_map(WINDOW + 0x1000, frame_address[0], P | W);
    memory_mark_code(m, frame_address[0], true);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(helper_movs(cpu, 4 | FLAT | REP, NEXT)), BLOCK_LEFT);
    ck_assert_uint_eq(fake.device_reads, 0);
    ck_assert_int_eq(OUTCOME(helper_movs(cpu, 4 | FLAT | REP, NEXT)), NOTHING_RAISED);
    ck_assert_uint_eq(fake.device_reads, 1);
    start(WINDOW + 0x1fff, WINDOW + 0x3000, 1); /* if both fault, it is the source */
    ck_assert_int_eq(OUTCOME(helper_movs(cpu, 4 | FLAT | REP, NEXT)), EXC_PF);
    ck_assert_uint_eq(cpu->cr2, WINDOW + 0x2000);
}
END_TEST

/* No element may go past offset FFFFFFFFh, wherever in a page that is. */
START_TEST(test_offset_wraps)
{
    cpu->seg[ES].base = 0x8800;
    cpu->regs[EAX] = 0x55555555;
    start(0, 0xfffffff6, 8);
    ck_assert_int_eq(OUTCOME(helper_stos(cpu, 4 | FLAT | REP, NEXT)), EXC_GP);
    ck_assert_uint_eq(cpu->regs[EDI], 0xfffffffe);
    ck_assert_uint_eq(cpu->regs[ECX], 6);
    ck_assert_uint_eq(memory_read(m, 0x87fa, 4), 0x55555555);
    ck_assert_uint_eq(memory_read(m, 0x87fe, 4), 0);
    start(0, 0xfffffff8, 8);
    ck_assert_int_eq(OUTCOME(helper_stos(cpu, 4 | FLAT | REP, NEXT)), NOTHING_RAISED);
    ck_assert_uint_eq(cpu->regs[EDI], 0x18);
}
END_TEST

START_TEST(test_port_denied)
{
    fake.port_denied = true;
    start(0x1000, 0x2000, 1);
    ck_assert_int_eq(OUTCOME(helper_ins(cpu, 1 | FLAT, NEXT)), EXC_GP);
    ck_assert_int_eq(OUTCOME(helper_outs(cpu, 1 | FLAT | REP, NEXT)), EXC_GP);
    ck_assert_uint_eq(fake.port_reads + fake.port_writes, 0);
    ck_assert_uint_eq(cpu->regs[ESI], 0x1000);
}
END_TEST

Suite *string_suite(void)
{
    Suite *suite = suite_create("string");
    TCase *model_case = tcase_create("model");
    tcase_add_checked_fixture(model_case, setup, fake_teardown);
    tcase_add_loop_test(model_case, test_anything, 0, 30);
    tcase_set_timeout(model_case, 60);
    suite_add_tcase(suite, model_case);
    TCase *rest = tcase_create("rest");
    tcase_add_checked_fixture(rest, setup_flat, fake_teardown);
    tcase_add_test(rest, test_overlap);
    tcase_add_test(rest, test_pause);
    tcase_add_test(rest, test_pause_of_ports);
    tcase_add_test(rest, test_single_step);
    tcase_add_test(rest, test_code);
    tcase_add_test(rest, test_ins_faults);
    tcase_add_test(rest, test_movs_faults);
    tcase_add_test(rest, test_offset_wraps);
    tcase_add_test(rest, test_port_denied);
    suite_add_tcase(suite, rest);
    return suite;
}
