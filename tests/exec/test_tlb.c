/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/i386/mmu.c: what its tables remember, and what flushes, code and devices make of it. */
#include "tests/exec/pages.h"

#include <string.h>

/* --- flushes --- */

/* Is a page's old translation still in use after its table has been changed? */
static bool remembered(u32 linear)
{
    u32 entry = fake_entry(linear);
    memory_write(m, FRAME, 0x01d, 4);
    memory_write(m, FRAME + 0x1000, 0x12e3, 4);
    set_entry(linear, (entry & PAGE_MASK) | (FRAME + 0x1000));
    u32 value = mem_read(cpu, linear, 4);
    ck_assert(value == 0x01d || value == 0x12e3);
    set_entry(linear, entry);
    mem_flush_page(cpu, linear);
    return value == 0x01d;
}

/* Fills translations of two pages: a global one, and one at PAGE that is not. */
static void fill_two(void)
{
    fake_map(PAGE, FRAME, P | W);
    fake_map(PAGE + 0x3000, FRAME, P | W | G);
    mem_read(cpu, PAGE, 4);
    mem_read(cpu, PAGE + 0x3000, 4);
}

START_TEST(test_flush)
{
    cpu->cr4 = CR4_PGE;
    fill_two();
    mem_flush(cpu);
    ck_assert(!remembered(PAGE));
    ck_assert(!remembered(PAGE + 0x3000));
}
END_TEST

static void count_flush(void *owner)
{
    ++*(unsigned *)owner;
}

/* All who listen are told. */
START_TEST(test_flush_is_told)
{
    unsigned told[2] = {0, 0};
    struct flush_listener a = {.flushed = count_flush, .owner = &told[0]};
    struct flush_listener b = {.flushed = count_flush, .owner = &told[1]};

    softmmu_listen(&cpu->core, &a);
    softmmu_listen(&cpu->core, &b);
    mem_flush(cpu);
    ck_assert(told[0] == 1 && told[1] == 1);
    softmmu_unlisten(&cpu->core, &a);
    mem_flush_page(cpu, PAGE);
    ck_assert(told[0] == 1 && told[1] == 2);
    softmmu_unlisten(&cpu->core, &b);
    mem_flush(cpu);
    ck_assert(told[0] == 1 && told[1] == 2);
}
END_TEST

START_TEST(test_flush_non_global)
{
    cpu->cr4 = CR4_PGE;
    fill_two();
    mem_flush_non_global(cpu);
    ck_assert(fake_may_read_inline(PAGE + 0x3000, false));
    ck_assert(!remembered(PAGE));
    ck_assert(remembered(PAGE + 0x3000));
    cpu->cr4 = 0; /* now the bit means nothing */
    mem_flush(cpu);
    fill_two();
    mem_flush_non_global(cpu);
    ck_assert(!remembered(PAGE));
    ck_assert(!remembered(PAGE + 0x3000));
}
END_TEST

/* A global page that has left the TLB is still known behind it. */
START_TEST(test_global_behind)
{
    cpu->cr4 = CR4_PGE;
    fill_two();
    fake_map(PAGE + 0x3000 + TLB_SIZE * PAGE_SIZE, FRAME, P);
    mem_read(cpu, PAGE + 0x3000 + TLB_SIZE * PAGE_SIZE, 4);
    ck_assert(!fake_may_read_inline(PAGE + 0x3000, false));
    mem_flush_non_global(cpu);
    u64 walks = cpu->rest.mmu->stats.walks;
    mem_read(cpu, PAGE + 0x3000, 4);
    ck_assert_uint_eq(cpu->rest.mmu->stats.walks, walks);
    mem_flush(cpu);
    mem_read(cpu, PAGE + 0x3000, 4);
    ck_assert_uint_eq(cpu->rest.mmu->stats.walks, walks + 1);
}
END_TEST

START_TEST(test_flush_page)
{
    cpu->cr4 = CR4_PGE;
    fill_two();
    mem_read_system(cpu, PAGE, 4);
    mem_flush_page(cpu, PAGE + 0x3abc); /* global pages too */
    ck_assert(fake_may_read_inline(PAGE, false));
    ck_assert(!remembered(PAGE + 0x3000));
    ck_assert(remembered(PAGE));
}
END_TEST

START_TEST(test_generation_wraps)
{
    fake_map(PAGE, FRAME, P | W);
    mem_flush(cpu);
    mem_read(cpu, PAGE, 4);
    u32 generation = cpu->rest.mmu->generation[0];
    cpu->rest.mmu->generation[0] = ~0u;
    mem_flush_non_global(cpu);
    ck_assert_uint_ne(cpu->rest.mmu->generation[0], 0);
    cpu->rest.mmu->generation[0] = generation;
    ck_assert(!remembered(PAGE));
}
END_TEST

static unsigned jumps_filled(void)
{
    unsigned filled = 0;
    for (unsigned i = 0; i < JUMP_CACHE_SIZE; i++)
        filled += cpu->rest.jump_cache.key[i] != JUMP_CACHE_NO_KEY;
    return filled;
}

START_TEST(test_jump_cache)
{
    static void (*const flushes[])(struct cpu *) = {mem_flush, mem_flush_non_global};
    static const u32 pcs[] = {0, 777, 0xfffffff0};

    ck_assert_uint_eq(jumps_filled(), 0);
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned n = 0; n < 3; n++)
            softmmu_add_jump(&cpu->core, pcs[n] + i, &fake, true);
        ck_assert_uint_eq(jumps_filled(), 3);
        ck_assert_ptr_eq(cpu->rest.jump_cache.code[jump_cache_index(pcs[1] + i)], &fake);
        flushes[i](cpu);
        ck_assert_uint_eq(jumps_filled(), 0);
    }
}
END_TEST

/* A block may begin in the page before. */
START_TEST(test_jumps_into_other_pages_stay)
{
    static const u32 pcs[] = {0xfff, 0x1000, 0x1ffc, 0x2000, 0x2fff, 0x3000, 0xfffff000};

    for (unsigned i = 0; i < sizeof pcs / sizeof *pcs; i++)
        softmmu_add_jump(&cpu->core, pcs[i], &fake, true);
    mem_flush_page(cpu, 0x2abc);
    for (unsigned i = 0; i < sizeof pcs / sizeof *pcs; i++) {
        bool stays = cpu->rest.jump_cache.key[jump_cache_index(pcs[i])] != JUMP_CACHE_NO_KEY;
        ck_assert_msg(stays == (i == 0 || i > 4), "%x", pcs[i]);
    }
    mem_flush(cpu);
    ck_assert_uint_eq(jumps_filled(), 0);
}
END_TEST

/* The jump cache is looked through for a page alone that a jump may lead into or across from. */
START_TEST(test_pages_without_jumps_cost_little)
{
    const u64 *scans = &cpu->rest.mmu->stats.jump_scans;

    mem_flush(cpu);
    u64 before = *scans;
    softmmu_add_jump(&cpu->core, 0xc0100123, &fake, true);
    for (u32 page = 0; page < 1000; page++)
        mem_flush_page(cpu, PAGE + page * PAGE_SIZE);
    ck_assert_uint_eq(*scans, before);
    mem_flush_page(cpu, 0xc0102000);
    ck_assert_uint_eq(*scans, before);
    ck_assert_uint_eq(jumps_filled(), 1);
    mem_flush_page(cpu, 0xc0101000);
    ck_assert_uint_eq(*scans, before + 1);
    ck_assert_uint_eq(jumps_filled(), 0);
    softmmu_add_jump(&cpu->core, 0xc0100123, &fake, true);
    mem_flush(cpu); /* all are forgotten, and so are their pages */
    mem_flush_page(cpu, 0xc0100000);
    ck_assert_uint_eq(*scans, before + 1);
}
END_TEST

/* Nothing is found while the exec loop is asked for: generated code looks for `jump_key | pc`. */
START_TEST(test_jump_while_requested)
{
    u32 pc = EXIT_REQUESTED;
    const u64 *last = &cpu->rest.jump_cache.key[jump_cache_index(pc)];

    softmmu_add_jump(&cpu->core, 777, &fake, true);
    softmmu_add_jump(&cpu->core, pc, &fake, true);
    ck_assert_uint_eq(jumps_filled(), 1);
    ck_assert_uint_eq(*last, JUMP_CACHE_NO_KEY);
    ck_assert_uint_eq(cpu->rest.jump_cache.key[jump_cache_index(777)], cpu->core.jump_key | 777);
    core_request_exit(&cpu->core);
    ck_assert_uint_ne(cpu->rest.jump_cache.key[jump_cache_index(777)], cpu->core.jump_key | 777);
    cpu->core.exit_request = 0;
    mem_flush(cpu);
}
END_TEST

/* Into what is at FRAME. */
static void open_windows(void)
{
    u64 host = (u64)(uintptr_t)memory_page(m, FRAME).host;

    for (unsigned user = 0; user < PRIVILEGES; user++)
        cpu->rest.window[user] = (struct memory_window){.page = PAGE, .addend = host - PAGE};
}

static bool windows_are_open(void)
{
    return cpu->rest.window[0].page != WINDOW_NONE || cpu->rest.window[1].page != WINDOW_NONE;
}

/* The stack windows go with every flush, and with every write tag that somebody takes. */
START_TEST(test_windows)
{
    static void (*const flushes[])(struct cpu *) = {mem_flush, mem_flush_non_global};

    ck_assert(!windows_are_open());
    for (unsigned i = 0; i < 3; i++) {
        open_windows();
        if (i < 2)
            flushes[i](cpu);
        else
            mem_flush_page(cpu, 0x1000);
        ck_assert(!windows_are_open());
    }
    fake_map(PAGE, FRAME, P | W);
    mem_write(cpu, PAGE, 1, 4);
    open_windows();
    softmmu_protect_code(&cpu->core, FRAME + PAGE_SIZE, PAGE);
    ck_assert(windows_are_open());
    softmmu_protect_code(&cpu->core, FRAME, PAGE);
    ck_assert(!windows_are_open());
    open_windows();
    memory_place(m, memory_map_ram(m, FRAME, PAGE_SIZE), FRAME, false);
    ck_assert(!windows_are_open());
}
END_TEST

/* --- translated code --- */

START_TEST(test_code_write)
{
    fake_map(PAGE, FRAME, P | W);
    mem_write(cpu, PAGE, 1, 4);
    memory_mark_code(m, FRAME, true);
    softmmu_protect_code(&cpu->core, FRAME, PAGE);
    ck_assert(fake_may_read_inline(PAGE, false));
    ck_assert(!fake_may_write_inline(PAGE, false));
    mem_write(cpu, PAGE + 0x10, 0x1234, 2);
    ck_assert_uint_eq(fake.code_calls, 1);
    ck_assert_uint_eq(fake.code_address, FRAME + 0x10);
    ck_assert_uint_eq(fake.code_size, 2);
    ck_assert_uint_eq(memory_read(m, FRAME + 0x10, 4), 0x1234);
    ck_assert(!fake_may_write_inline(PAGE, false));
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE + 0x10, 0x4321, 2)), BLOCK_LEFT);
    ck_assert_uint_eq(memory_read(m, FRAME + 0x10, 4), 0x1234);
    memory_mark_code(m, FRAME, false);
    mem_write(cpu, PAGE + 0x10, 0x4321, 2);
    ck_assert(fake_may_write_inline(PAGE, false));
    ck_assert_uint_eq(fake.code_calls, 2);
}
END_TEST

/* Of a write across pages nothing is done if either page is the running block's. */
START_TEST(test_code_crossing)
{
    fake_map(PAGE, FRAME, P | W);
    fake_map(PAGE + 0x1000, FRAME + 0x4000, P | W);
    memory_mark_code(m, FRAME + 0x4000, true);
    memory_write(m, FRAME + 0xffc, 0x5a5a5a5a, 4);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE + 0xffe, 0, 4)), BLOCK_LEFT);
    ck_assert_uint_eq(fake.code_address, FRAME + 0x4000);
    ck_assert_uint_eq(fake.code_size, 2);
    ck_assert_uint_eq(memory_read(m, FRAME + 0xffc, 4), 0x5a5a5a5a);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(mem_write64(cpu, PAGE + 0x1000, 0)), BLOCK_LEFT);
    ck_assert_uint_eq(fake.code_size, 8);
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE + 0xffe, 0, 4)), NOTHING_RAISED);
    ck_assert_uint_eq(memory_read(m, FRAME + 0xffc, 4), 0x5a5a);
}
END_TEST

/* A page may be mapped at many places, for both privileges. */
START_TEST(test_protect_aliases)
{
    for (u32 i = 0; i < 8; i++) {
        fake_map(PAGE + i * 0x5000, FRAME, P | W | U);
        cpu->cpl = i & 1 ? 3 : 0;
        mem_write(cpu, PAGE + i * 0x5000, i, 4);
        ck_assert(fake_may_write_inline(PAGE + i * 0x5000, i & 1));
    }
    fake_map(PAGE + 0x3000, FRAME + 0x1000, P | W | U);
    mem_write(cpu, PAGE + 0x3000, 0, 4);
    softmmu_protect_code(&cpu->core, FRAME, PAGE);
    for (u32 i = 0; i < 8; i++) {
        ck_assert(!fake_may_write_inline(PAGE + i * 0x5000, i & 1));
        ck_assert(fake_may_read_inline(PAGE + i * 0x5000, i & 1));
    }
    ck_assert(fake_may_write_inline(PAGE + 0x3000, true));
    softmmu_protect_code(&cpu->core, 0xa0000, PAGE); /* nothing there */
}
END_TEST

/* Accessed bits in tables that share a page with code. */
START_TEST(test_code_in_tables)
{
    fake_map(PAGE, FRAME, P | W);
    memory_mark_code(m, fake_entry_address(PAGE), true);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 4)), BLOCK_LEFT);
    ck_assert_uint_eq(fake.code_address, fake_entry_address(PAGE));
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 4)), NOTHING_RAISED);
    ck_assert_uint_eq(fake_entry(PAGE), FRAME | P | W | A);
}
END_TEST

/* --- ROM, devices, changes of the map --- */

START_TEST(test_device)
{
    fake_map_device(PAGE);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x20, 4), 0x124);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x20, 4), 0x224);
    mem_write(cpu, PAGE, 5, 4);
    mem_write(cpu, PAGE, 6, 4);
    ck_assert_uint_eq(fake.device_sum, 11);
    ck_assert(!fake_may_read_inline(PAGE, false));
    ck_assert(!fake_may_write_inline(PAGE, false));
    ck_assert_ptr_null(mem_span(cpu, PAGE, ACCESS_READ));
    ck_assert_ptr_null(mem_run(cpu, PAGE, 16, ACCESS_WRITE));
    ck_assert_uint_eq(cpu->rest.mmu->stats.devices, 4);
}
END_TEST

START_TEST(test_rom)
{
    u8 image[0x1000];
    memset(image, 0x3c, sizeof image);
    struct memory_region *rom = memory_map_rom(m, 0xf0000, image, sizeof image);
    fake_map(PAGE, 0xf0000, P | W);
    mem_write(cpu, PAGE, 0, 4);
    ck_assert_uint_eq(mem_read(cpu, PAGE, 4), 0x3c3c3c3c);
    ck_assert(fake_may_read_inline(PAGE, false));
    ck_assert(!fake_may_write_inline(PAGE, false));
    ck_assert_ptr_null(mem_span(cpu, PAGE, ACCESS_WRITE));
    ck_assert_ptr_null(mem_run(cpu, PAGE, 16, ACCESS_WRITE));
    ck_assert_ptr_nonnull(mem_span(cpu, PAGE, ACCESS_READ));
    memory_place(m, rom, 0xf0000, false);
    ck_assert_uint_eq(mem_read(cpu, PAGE, 4), 0xffffffff);
}
END_TEST

START_TEST(test_run)
{
    fake_map(PAGE, FRAME, P);
    ck_assert_ptr_eq(mem_span(cpu, PAGE + 8, ACCESS_READ), memory_page(m, FRAME).host + 8);
    ck_assert_int_eq(OUTCOME(mem_span(cpu, PAGE + 8, ACCESS_WRITE)), EXC_PF);
    fake_map(PAGE, FRAME, P | W);
    ck_assert_ptr_eq(mem_run(cpu, PAGE, 16, ACCESS_WRITE), memory_page(m, FRAME).host);
    memory_mark_code(m, FRAME, true);
    softmmu_protect_code(&cpu->core, FRAME, PAGE);
    ck_assert_ptr_null(mem_span(cpu, PAGE, ACCESS_WRITE));
    ck_assert_ptr_eq(mem_run(cpu, PAGE + 4, 16, ACCESS_WRITE), memory_page(m, FRAME).host + 4);
    ck_assert_uint_eq(fake.code_address, FRAME + 4);
    ck_assert_uint_eq(fake.code_size, 16);
    fake.code_running = true;
    ck_assert_int_eq(OUTCOME(mem_run(cpu, PAGE, 16, ACCESS_WRITE)), BLOCK_LEFT);
}
END_TEST

/* Page tables where there is no RAM: all ones. */
START_TEST(test_no_tables)
{
    cpu->cr3 = 0xa0000;
    mem_flush(cpu);
    ck_assert_int_eq(OUTCOME(mem_read(cpu, 0, 4)), NOTHING_RAISED);
    cpu->cr4 = CR4_PSE;
    mem_flush(cpu);
    ck_assert_int_eq(OUTCOME(mem_read(cpu, 0, 4)), EXC_PF);
    ck_assert_uint_eq(fake.error, 9);
}
END_TEST

/* --- dirty pages --- */

/* What is watched, two pages of it at linear addresses. */
static struct memory_region *watched(void)
{
    uint64_t dirty[1] = {0};
    struct memory_region *ram = memory_map_ram(m, 0xe0000000, 0x10000);
    ck_assert(memory_watch(m, ram));
    ck_assert(memory_take_dirty(m, ram, dirty));
    fake_map(PAGE, 0xe0002000, P | W);
    fake_map(PAGE + PAGE_SIZE, 0xe0003000, P | W);
    return ram;
}

static uint64_t dirty_pages(struct memory_region *ram)
{
    uint64_t dirty[1] = {0};
    ck_assert(memory_take_dirty(m, ram, dirty) == (dirty[0] != 0));
    return dirty[0];
}

START_TEST(test_dirty)
{
    struct memory_region *ram = watched();
    mem_read(cpu, PAGE, 4);
    ck_assert_uint_eq(dirty_pages(ram), 0);
    ck_assert(!fake_may_write_inline(PAGE, false));
    mem_write(cpu, PAGE + 4, 1, 1);
    ck_assert(fake_may_write_inline(PAGE, false));
    mem_write(cpu, PAGE + PAGE_SIZE, 1, 4);
    ck_assert_uint_eq(dirty_pages(ram), 1 << 2 | 1 << 3);
    ck_assert(!fake_may_write_inline(PAGE, false));
    ck_assert(fake_may_read_inline(PAGE, false));
    mem_write(cpu, PAGE + PAGE_SIZE - 1, 0, 2);
    ck_assert_uint_eq(dirty_pages(ram), 1 << 2 | 1 << 3);
    ck_assert_ptr_nonnull(mem_run(cpu, PAGE, 16, ACCESS_WRITE));
    ck_assert_uint_eq(dirty_pages(ram), 1 << 2);
}
END_TEST

/* Code in such a page: each store comes by, and the page is dirty. */
START_TEST(test_dirty_code)
{
    struct memory_region *ram = watched();
    memory_mark_code(m, 0xe0002000, true);
    mem_write(cpu, PAGE, 1, 1);
    ck_assert_uint_eq(dirty_pages(ram), 1 << 2);
    ck_assert_ptr_nonnull(mem_run(cpu, PAGE, 16, ACCESS_WRITE));
    ck_assert_uint_eq(dirty_pages(ram), 1 << 2);
}
END_TEST

/* Other memory keeps its write tags. */
START_TEST(test_clean_leaves_others)
{
    struct memory_region *ram = watched();
    fake_map(PAGE + 2 * PAGE_SIZE, FRAME, P | W);
    mem_write(cpu, PAGE + 2 * PAGE_SIZE, 1, 4);
    mem_write(cpu, PAGE, 1, 4);
    ck_assert_uint_ne(dirty_pages(ram), 0);
    ck_assert(fake_may_write_inline(PAGE + 2 * PAGE_SIZE, false));
}
END_TEST

/* --- anything --- */

enum { RANDOM_PAGES = 24 };

/* Pages that fall on few TLB entries, some of them the same, some in large pages. */
static u32 random_page(void)
{
    u32 n = fake_random() % RANDOM_PAGES;
    return PAGE + (n % 4) * PAGE_SIZE + (n / 4 % 3) * (TLB_SIZE * PAGE_SIZE) + (n / 12 << 26);
}

static void random_mapping(void)
{
    u32 linear = random_page();
    if (fake_random() % 8 == 0) {
        set_directory(linear, PS | (fake_random() & (P | W | U | G)));
        for (u32 i = 0; i < 4; i++)
            mem_flush_page(cpu, (linear & 0xffc00000) + i * PAGE_SIZE);
        return;
    }
    u32 table = directory(linear);
    if (!(table & P) || table & PS)
        memset(memory_page(m, fake_entry_address(linear)).host, 0, PAGE_SIZE);
    fake_map(linear, FRAME + fake_random() % 8 * PAGE_SIZE, fake_random() & (P | W | U | G));
    if (table & P && !(table & PS))
        mem_flush_page(cpu, linear);
    else
        mem_flush(cpu);
}

/* The physical address, by the tables as they are; -1 if not allowed. */
static int64_t expected_address(u32 linear, bool write)
{
    bool user = cpu->cpl == 3;
    u32 pde = directory(linear), pte = pde;
    if (!(pde & P))
        return -1;
    u32 base = (pde & 0xffc00000) | (linear & 0x3ff000);
    if (!(pde & PS)) {
        pte = fake_entry(linear);
        base = pte & ~(u32)PAGE_MASK;
    }
    u32 both = pde & pte;
    if (!(both & P) || (user && !(both & U)))
        return -1;
    if (write && !(both & W) && (user || cpu->cr0 & CR0_WP))
        return -1;
    return base | (linear & PAGE_MASK);
}

static void random_access(void)
{
    u32 linear = random_page() + (fake_random() & 0xffc);
    bool write = fake_random() & 1;
    u32 value = fake_random();
    int64_t at = expected_address(linear, write);
    int got;
    if (write) {
        got = OUTCOME(mem_write(cpu, linear, value, 4));
    } else {
        u32 volatile read = 0;
        got = OUTCOME(read = mem_read(cpu, linear, 4));
        value = read;
    }
    ck_assert_int_eq(got, at < 0 ? EXC_PF : NOTHING_RAISED);
    if (at >= 0)
        ck_assert_uint_eq(memory_read(m, (u32)at, 4), value);
}

static void random_code(void)
{
    u32 page = FRAME + fake_random() % 8 * PAGE_SIZE;
    memory_mark_code(m, page, fake_random() & 1);
    softmmu_protect_code(&cpu->core, page, PAGE + fake_random() % 8 * PAGE_SIZE);
}

static void random_step(void)
{
    static void (*const flushes[])(struct cpu *) = {mem_flush, mem_flush_non_global};
    switch (fake_random() % 16) {
    case 0:
        random_mapping();
        break;
    case 1:
        cpu->cpl = fake_random() & 1 ? 3 : 0;
        break;
    case 2:
        random_code();
        break;
    case 3:
        flushes[fake_random() & 1](cpu);
        break;
    case 4:
        cpu->cr0 ^= CR0_WP;
        mem_flush(cpu);
        break;
    default:
        random_access();
    }
}

START_TEST(test_anything)
{
    cpu->cr4 = CR4_PSE | CR4_PGE;
    fake_seed((u32)_i);
    for (unsigned i = 0; i < 20000; i++)
        random_step();
}
END_TEST

Suite *tlb_suite(void)
{
    Suite *suite = suite_create("tlb");
    TCase *tlb = tcase_create("tlb");
    tcase_add_checked_fixture(tlb, setup_paging, fake_teardown);
    tcase_add_test(tlb, test_flush);
    tcase_add_test(tlb, test_flush_is_told);
    tcase_add_test(tlb, test_flush_non_global);
    tcase_add_test(tlb, test_global_behind);
    tcase_add_test(tlb, test_flush_page);
    tcase_add_test(tlb, test_generation_wraps);
    tcase_add_test(tlb, test_jump_cache);
    tcase_add_test(tlb, test_pages_without_jumps_cost_little);
    tcase_add_test(tlb, test_jumps_into_other_pages_stay);
    tcase_add_test(tlb, test_jump_while_requested);
    tcase_add_test(tlb, test_windows);
    tcase_add_test(tlb, test_code_write);
    tcase_add_test(tlb, test_code_crossing);
    tcase_add_test(tlb, test_protect_aliases);
    tcase_add_test(tlb, test_code_in_tables);
    tcase_add_test(tlb, test_device);
    tcase_add_test(tlb, test_rom);
    tcase_add_test(tlb, test_run);
    tcase_add_test(tlb, test_no_tables);
    tcase_add_test(tlb, test_dirty);
    tcase_add_test(tlb, test_dirty_code);
    tcase_add_test(tlb, test_clean_leaves_others);
    tcase_add_loop_test(tlb, test_anything, 0, 6);
    suite_add_tcase(suite, tlb);
    return suite;
}
