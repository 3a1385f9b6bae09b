/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/i386/paging.c, mmu.c and slow.c: what linear addresses mean, and faults. */
#include "exec/i386/model.h"
#include "ops/i386/slow.h"
#include "tests/exec/pages.h"

/* --- without paging --- */

START_TEST(test_flat)
{
    mem_write(cpu, 0x5000, 0xcafebabe, 4);
    ck_assert_uint_eq(memory_read(m, 0x5000, 4), 0xcafebabe);
    ck_assert_uint_eq(mem_read(cpu, 0x5001, 2), 0xfeba);
    ck_assert_uint_eq(mem_read(cpu, 0x5003, 1), 0xca);
    ck_assert(fake_may_write_inline(0x5000, false));
    ck_assert_uint_eq(mem_read(cpu, 0xb0000, 4), 0xffffffff);
    mem_write64(cpu, 0x6ffd, 0x1122334455667788);
    ck_assert_uint_eq(memory_read(m, 0x6ffd, 4), 0x55667788);
    ck_assert(mem_read64(cpu, 0x6ffd) == 0x1122334455667788);
    ck_assert(mem_read64(cpu, 0x6ffe) == 0x11223344556677);
}
END_TEST

START_TEST(test_a20)
{
    memory_write(m, 0x10, 0x55, 1);
    memory_write(m, 0x100010, 0xaa, 1);
    ck_assert_uint_eq(mem_read(cpu, 0x100010, 1), 0xaa);
    cpu->a20_mask = ~(1u << 20);
    mem_flush(cpu);
    ck_assert_uint_eq(mem_read(cpu, 0x100010, 1), 0x55);
    ck_assert_uint_eq(mem_code_address(cpu, 0x300123), 0x200123);
    mem_write(cpu, 0x10ffff, 0x1234, 2);
    ck_assert_uint_eq(memory_read(m, 0xffff, 1), 0x34);
    ck_assert_uint_eq(memory_read(m, 0x10000, 1), 0x12);
}
END_TEST

START_TEST(test_top_of_memory)
{
    ck_assert_uint_eq(mem_read(cpu, 0xfffffffe, 4), 0x0000ffff);
    mem_write(cpu, 0xffffffff, 0x11223344, 4);
    ck_assert_uint_eq(memory_read(m, 0, 4), 0x00112233);
}
END_TEST

/* --- rights --- */

struct access_case {
    u32 pde, pte;
    bool write, user, protect;
};

/* SDM vol. 3, 4.6.1 and 4.7: the error code, or -1 where the access is allowed. */
static __attribute__((noinline)) int expected_error(struct access_case c)
{
    u32 both = c.pde & c.pte;
    int error = (c.write ? 2 : 0) | (c.user ? 4 : 0);
    if (!(both & P))
        return error;
    if (c.user && !(both & U))
        return error | 1;
    if (c.write && !(both & W) && (c.user || c.protect))
        return error | 1;
    return -1;
}

static void check_access(struct access_case c)
{
    cpu->cr0 = CR0_PE | CR0_PG | (c.protect ? CR0_WP : 0);
    cpu->cpl = c.user ? 3 : 0;
    fake_map(PAGE, FRAME, c.pte);
    set_directory(PAGE, (directory(PAGE) & ~7u) | c.pde);
    mem_flush(cpu);
    cpu->cr2 = 0;
    int expected = expected_error(c);
    u32 pde = directory(PAGE);
    int got = c.write ? OUTCOME(mem_write(cpu, PAGE + 0x123, 7, 1))
                      : OUTCOME(mem_read(cpu, PAGE + 0x123, 1));
    if (expected < 0) {
        ck_assert_int_eq(got, NOTHING_RAISED);
        ck_assert_uint_eq(fake_entry(PAGE), FRAME | c.pte | A | (c.write ? D : 0u));
        ck_assert_uint_eq(directory(PAGE), pde | A);
        ck_assert(fake_may_read_inline(PAGE, c.user));
        ck_assert_uint_eq(fake_may_write_inline(PAGE, c.user), c.write);
    } else {
        ck_assert_int_eq(got, EXC_PF);
        ck_assert_int_eq((int)fake.error, expected);
        ck_assert_uint_eq(cpu->cr2, PAGE + 0x123);
        ck_assert_uint_eq(fake_entry(PAGE), FRAME | c.pte);
        ck_assert(!fake_may_read_inline(PAGE, c.user));
    }
}

START_TEST(test_rights)
{
    for (u32 i = 0; i < 512; i++)
        check_access((struct access_case){.pde = i & 7,
                                          .pte = i >> 3 & 7,
                                          .write = i >> 6 & 1,
                                          .user = i >> 7 & 1,
                                          .protect = i >> 8 & 1});
}
END_TEST

/* What the kernel could do, and so is in the tables behind the TLB, a user may not. */
START_TEST(test_rights_cached)
{
    fake_map(PAGE, FRAME, P | W);
    mem_write(cpu, PAGE, 1, 4);
    cpu->cpl = 3;
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 4)), EXC_PF);
    ck_assert_uint_eq(fake.error, 5);
    ck_assert_uint_eq(mem_read_system(cpu, PAGE, 4), 1);
    mem_write_system(cpu, PAGE, 2, 4);
    ck_assert_uint_eq(mem_read_system(cpu, PAGE, 4), 2);
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE, 4, 4)), EXC_PF);
    ck_assert_uint_eq(fake.error, 7);
    ck_assert_int_eq(OUTCOME(mem_write_system(cpu, PAGE + 0x1000, 4, 4)), EXC_PF);
    ck_assert_uint_eq(fake.error, 2);
}
END_TEST

START_TEST(test_dirty)
{
    fake_map(PAGE, FRAME, P | W);
    mem_read(cpu, PAGE, 4);
    ck_assert_uint_eq(fake_entry(PAGE), FRAME | P | W | A);
    ck_assert(!fake_may_write_inline(PAGE, false));
    mem_write(cpu, PAGE, 4, 4);
    ck_assert_uint_eq(fake_entry(PAGE), FRAME | P | W | A | D);
    ck_assert(fake_may_write_inline(PAGE, false));
    set_entry(PAGE, FRAME | P | W | A | D);
    mem_flush(cpu);
    mem_read(cpu, PAGE, 4);
    ck_assert(fake_may_write_inline(PAGE, false));
}
END_TEST

/* A page made present or writable needs no flush (SDM vol. 3, 4.10.4.3). */
START_TEST(test_more_rights)
{
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 4)), EXC_PF);
    fake_map(PAGE, FRAME, P);
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 4)), NOTHING_RAISED);
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE, 4, 4)), EXC_PF);
    set_entry(PAGE, FRAME | P | W);
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE, 4, 4)), NOTHING_RAISED);
}
END_TEST

START_TEST(test_probe)
{
    fake_map(PAGE, FRAME, P | U);
    fake_map(PAGE + 0x1000, FRAME + 0x5000, P | W | U);
    ck_assert_int_eq(OUTCOME(mem_probe(cpu, PAGE + 0xff0, 0x20, ACCESS_READ, true)),
                     NOTHING_RAISED);
    ck_assert_int_eq(OUTCOME(mem_probe(cpu, PAGE + 0xff0, 0x20, ACCESS_WRITE, true)), EXC_PF);
    ck_assert_uint_eq(fake.error, 7);
    ck_assert_uint_eq(cpu->cr2, PAGE + 0xff0);
    ck_assert_int_eq(OUTCOME(mem_probe(cpu, PAGE + 0x1ff0, 0x20, ACCESS_READ, false)), EXC_PF);
    ck_assert_uint_eq(fake.error, 0);
    ck_assert_uint_eq(cpu->cr2, PAGE + 0x2000);
}
END_TEST

START_TEST(test_code_address)
{
    fake_map(PAGE, FRAME, P | U);
    ck_assert_uint_eq(mem_code_address(cpu, PAGE + 0x765), FRAME + 0x765);
    cpu->cpl = 3;
    ck_assert_uint_eq(mem_code_address(cpu, PAGE + 0x765), FRAME + 0x765);
    ck_assert_int_eq(OUTCOME(mem_code_address(cpu, PAGE + 0x1004)), EXC_PF);
    ck_assert_uint_eq(fake.error, 4);
    ck_assert_uint_eq(cpu->cr2, PAGE + 0x1004);
}
END_TEST

/* --- across pages --- */

START_TEST(test_crossing)
{
    fake_map(PAGE, FRAME, P | W);
    fake_map(PAGE + 0x1000, FRAME + 0x8000, P | W);
    mem_write(cpu, PAGE + 0xffd, 0x11223344, 4);
    ck_assert_uint_eq(memory_read(m, FRAME + 0xffd, 2), 0x3344);
    ck_assert_uint_eq(memory_read(m, FRAME + 0x8000, 1), 0x11);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0xffd, 4), 0x11223344);
    mem_write64(cpu, PAGE + 0xffc, 0x8877665544332211);
    ck_assert_uint_eq(memory_read(m, FRAME + 0xffc, 4), 0x44332211);
    ck_assert_uint_eq(memory_read(m, FRAME + 0x8000, 4), 0x88776655);
    ck_assert(mem_read64(cpu, PAGE + 0xffc) == 0x8877665544332211);
    mem_write64(cpu, PAGE + 0xff8, 0x0102030405060708);
    ck_assert(mem_read64(cpu, PAGE + 0xff8) == 0x0102030405060708);
}
END_TEST

START_TEST(test_crossing_faults)
{
    fake_map(PAGE, FRAME, P | W);
    fake_map(PAGE + 0x1000, FRAME + 0x8000, P);
    memory_write(m, FRAME + 0xffc, 0x5a5a5a5a, 4);
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE + 0xffe, 0, 4)), EXC_PF);
    ck_assert_uint_eq(cpu->cr2, PAGE + 0x1000);
    ck_assert_uint_eq(fake.error, 3);
    ck_assert_int_eq(OUTCOME(mem_write64(cpu, PAGE + 0xffc, 0)), EXC_PF);
    ck_assert_uint_eq(cpu->cr2, PAGE + 0x1000);
    ck_assert_uint_eq(memory_read(m, FRAME + 0xffc, 4), 0x5a5a5a5a);
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE - 2, 4)), EXC_PF);
    ck_assert_uint_eq(cpu->cr2, PAGE - 2);
    ck_assert_int_eq(OUTCOME(mem_read64(cpu, PAGE + 0x1fff)), EXC_PF);
    ck_assert_uint_eq(cpu->cr2, PAGE + 0x2000);
}
END_TEST

/* --- large pages --- */

START_TEST(test_big)
{
    set_directory(PAGE, P | W | PS | G);
    cpu->cr4 = CR4_PSE;
    memory_write(m, 0x345678, 0xfeedf00d, 4);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x345678, 4), 0xfeedf00d);
    ck_assert_uint_eq(directory(PAGE), P | W | PS | G | A);
    mem_write(cpu, PAGE + 0x345678, 1, 4);
    ck_assert_uint_eq(directory(PAGE), P | W | PS | G | A | D);
    cpu->cpl = 3;
    ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 4)), EXC_PF);
    ck_assert_uint_eq(fake.error, 5);
}
END_TEST

static __attribute__((noinline)) void check_reserved(u32 bit)
{
    set_directory(PAGE, bit | P | W | PS);
    ck_assert_int_eq(OUTCOME(mem_write(cpu, PAGE, 0, 4)), EXC_PF);
    ck_assert_uint_eq(fake.error, 0xb);
    ck_assert_uint_eq(directory(PAGE), bit | P | W | PS);
}

START_TEST(test_big_reserved)
{
    cpu->cr4 = CR4_PSE;
    for (u32 bit = 1u << 17; bit <= 1u << 21; bit <<= 1)
        check_reserved(bit);
    cpu->model = model_find("pentium"); /* no PSE-36 */
    for (u32 bit = 1u << 13; bit <= 1u << 16; bit <<= 1)
        check_reserved(bit);
}
END_TEST

/* Without CR4.PSE the bit means nothing: the entry is of a table. */
START_TEST(test_big_off)
{
    fake_map(PAGE, FRAME, P | W);
    set_directory(PAGE, directory(PAGE) | PS);
    mem_write(cpu, PAGE + 8, 0x77, 4);
    ck_assert_uint_eq(memory_read(m, FRAME + 8, 4), 0x77);
}
END_TEST

/* INVLPG of one address forgets all of a large page. */
START_TEST(test_big_flush)
{
    cpu->cr4 = CR4_PSE;
    set_directory(PAGE, P | W | PS);
    memory_write(m, 0x300000, 0x300, 4);
    memory_write(m, 0x2ff000, 0x2ff, 4);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x300000, 4), 0x300);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x2ff000, 4), 0x2ff);
    fake_map(PAGE + 0x300000, FRAME, P);
    fake_map(PAGE + 0x2ff000, FRAME, P);
    mem_flush_page(cpu, PAGE + 0x123456);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x300000, 4), 0);
    ck_assert_uint_eq(mem_read(cpu, PAGE + 0x2ff000, 4), 0);
}
END_TEST

/* --- slow accesses of memory ops --- */

static int slow(u32 descriptor, u32 linear)
{
    cpu->core.slow = descriptor;
    cpu->regs[T0] = linear;
    cpu->cc_op = 0xdead;
    return OUTCOME(helper_slow_mem(cpu));
}

START_TEST(test_slow_loads)
{
    memory_write(m, 0x5000, 0x8182f3f4, 4);
    memory_write(m, 0x5004, 0x11223344, 4);
    ck_assert_int_eq(slow(slow_access(SLOW_LOAD, 0, EBX, SLOW_FLAGS_STORED), 0x5000),
                     NOTHING_RAISED);
    ck_assert_uint_eq(cpu->regs[EBX], 0xf4);
    ck_assert_uint_eq(cpu->cc_op, 0xdead);
    slow(slow_access(SLOW_LOAD_SIGNED, 0, ECX, CC_SUBL), 0x5000);
    ck_assert_uint_eq(cpu->regs[ECX], 0xfffffff4);
    slow(slow_access(SLOW_LOAD_SIGNED, 1, T1, CC_SUBL), 0x5000);
    ck_assert_uint_eq(cpu->regs[T1], 0xfffff3f4);
    slow(slow_access(SLOW_LOAD, 1, EDI, CC_SUBL), 0x5000);
    ck_assert_uint_eq(cpu->regs[EDI], 0xf3f4);
    slow(slow_access(SLOW_LOAD_WRITE, 2, T0, CC_SUBL), 0x5000);
    ck_assert_uint_eq(cpu->regs[T0], 0x8182f3f4);
    slow(slow_access(SLOW_LOAD, 3, T0, CC_SUBL), 0x5000);
    ck_assert_uint_eq(cpu->regs[T0], 0x8182f3f4);
    ck_assert_uint_eq(cpu->regs[T1], 0x11223344);
}
END_TEST

START_TEST(test_slow_stores)
{
    cpu->regs[ESI] = 0xaabbccdd;
    cpu->regs[EDI] = 0x99887766;
    slow(slow_access(SLOW_STORE, 0, ESI, CC_LOGICB), 0x5000);
    ck_assert_uint_eq(memory_read(m, 0x5000, 4), 0xdd);
    slow(slow_access(SLOW_STORE, 1, ESI, CC_LOGICB), 0x5000);
    ck_assert_uint_eq(memory_read(m, 0x5000, 4), 0xccdd);
    slow(slow_access(SLOW_STORE, 3, ESI, CC_LOGICB), 0x5001);
    ck_assert_uint_eq(memory_read(m, 0x5001, 4), 0xaabbccdd);
    ck_assert_uint_eq(memory_read(m, 0x5005, 4), 0x99887766);
    cpu->core.slow_imm = 0x12345678;
    slow(slow_store_immediate(2, CC_LOGICB), 0x5000);
    ck_assert_uint_eq(memory_read(m, 0x5000, 4), 0x12345678);
    ck_assert_uint_eq(memory_read(m, 0x5004, 1), 0xaa);
}
END_TEST

START_TEST(test_slow_faults)
{
    fake_paging();
    u32 cc = CC_ADDL | CC_DECW << 8;
    fake_map(PAGE, FRAME, P);
    cpu->regs[EAX] = 0x1234;
    ck_assert_int_eq(slow(slow_access(SLOW_LOAD_WRITE, 2, EAX, cc), PAGE), EXC_PF);
    ck_assert_uint_eq(fake.error, 3);
    ck_assert_uint_eq(cpu->cc_op, cc);
    ck_assert_uint_eq(cpu->regs[EAX], 0x1234);
    fake_map(PAGE, FRAME, P | W);
    memory_mark_code(m, FRAME, true);
    fake.code_running = true; /* a read-modify-write leaves before it has changed any flag */
    ck_assert_int_eq(slow(slow_access(SLOW_LOAD_WRITE, 2, EAX, cc), PAGE), BLOCK_LEFT);
    ck_assert_uint_eq(cpu->cc_op, cc);
    ck_assert_uint_eq(cpu->regs[EAX], 0x1234);
    ck_assert_int_eq(slow(slow_access(SLOW_LOAD_WRITE, 2, EAX, cc), PAGE), NOTHING_RAISED);
    ck_assert_uint_eq(cpu->regs[EAX], 0);
    fake.code_running = true;
    ck_assert_int_eq(slow(slow_access(SLOW_STORE, 2, EAX, cc), PAGE), BLOCK_LEFT);
    ck_assert_uint_eq(cpu->cc_op, cc);
}
END_TEST

/* While a block relies on the stack window, no device is asked. */
START_TEST(test_slow_window)
{
    static const enum slow_kind kinds[] = {SLOW_LOAD, SLOW_LOAD_SIGNED, SLOW_LOAD_WRITE,
                                           SLOW_STORE};

    fake_paging();
    fake_map_device(PAGE);
    fake_map(PAGE + PAGE_SIZE, FRAME, P | W);
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        u32 what = slow_access(kinds[i], 2, EAX, SLOW_FLAGS_STORED);
        cpu->regs[EAX] = 0x1234;
        fake.device_reads = fake.device_sum = 0;
        ck_assert_int_eq(slow(what | SLOW_WINDOW, PAGE + 8), WINDOW_LEFT);
        ck_assert_uint_eq(cpu->regs[EAX], 0x1234);
        ck_assert_uint_eq(fake.device_reads + fake.device_sum, 0);
        softmmu_rely_on_window(&cpu->core, false); /* as who comes out of it does */
        ck_assert_int_eq(slow(what, PAGE + 8), NOTHING_RAISED);
        ck_assert_uint_ne(fake.device_reads + fake.device_sum, 0);
        ck_assert_int_eq(slow(what | SLOW_WINDOW, PAGE + PAGE_SIZE), NOTHING_RAISED);
        ck_assert_int_eq(OUTCOME(mem_read(cpu, PAGE, 1)), NOTHING_RAISED);
    }
}
END_TEST

Suite *mmu_suite(void)
{
    Suite *suite = suite_create("mmu");
    TCase *flat = tcase_create("flat");
    tcase_add_checked_fixture(flat, setup, fake_teardown);
    tcase_add_test(flat, test_flat);
    tcase_add_test(flat, test_a20);
    tcase_add_test(flat, test_top_of_memory);
    tcase_add_test(flat, test_slow_loads);
    tcase_add_test(flat, test_slow_stores);
    tcase_add_test(flat, test_slow_faults);
    tcase_add_test(flat, test_slow_window);
    suite_add_tcase(suite, flat);
    TCase *paging = tcase_create("paging");
    tcase_add_checked_fixture(paging, setup_paging, fake_teardown);
    tcase_add_test(paging, test_rights);
    tcase_add_test(paging, test_rights_cached);
    tcase_add_test(paging, test_dirty);
    tcase_add_test(paging, test_more_rights);
    tcase_add_test(paging, test_probe);
    tcase_add_test(paging, test_code_address);
    tcase_add_test(paging, test_crossing);
    tcase_add_test(paging, test_crossing_faults);
    tcase_add_test(paging, test_big);
    tcase_add_test(paging, test_big_reserved);
    tcase_add_test(paging, test_big_off);
    tcase_add_test(paging, test_big_flush);
    suite_add_tcase(suite, paging);
    return suite;
}
