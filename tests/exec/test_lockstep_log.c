/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/lockstep_log.c, and the softmmu's use of it. */
#include "tests/exec/fake_cpu.h"

#include <string.h>

enum { P = 1, W = 2, U = 4, A = 0x20, D = 0x40, PS = 0x80, G = 0x100 };
enum {
    PAGE = 0x40000000, /* a linear page that tests map */
    FRAME = 0x200000,  /* and what it is mapped to */
};

static struct cpu *cpu;
static struct memory *m;

static void setup(void)
{
    fake_setup();
    cpu = fake.cpu;
    m = fake.memory;
}

static void setup_paging(void)
{
    setup();
    fake_paging();
}

/* --- lockstep --- */

static struct write_log *a, *b;

static void setup_logs(void)
{
    setup_paging();
    a = write_log_create(m);
    b = write_log_create(m);
    ck_assert(a && b);
}

static void teardown_logs(void)
{
    write_log_destroy(a);
    write_log_destroy(b);
    fake_teardown();
}

static u32 board_port_read(void *board, uint16_t port, unsigned size)
{
    return *(u32 *)board += port + size;
}

static void board_port_write(void *board, uint16_t port, uint32_t value, unsigned size)
{
    *(u32 *)board += port + value + size;
}

/* A stretch of guest code, as it were: all kinds of accesses, what was read is stored. */
static void stretch(struct write_log *log, const struct board *board, u32 last)
{
    mem_write(cpu, PAGE + 0x1000, mem_read(cpu, PAGE, 4), 4);
    mem_write(cpu, PAGE + 0x1ffe, 0xaabbccdd, 4);
    mem_write(cpu, PAGE, 3, 2);
    mem_write(cpu, PAGE + 0x1004, log_port_read(log, board, 0x60, 1), 1);
    log_port_write(log, board, 0x61, 7, 1);
    mem_write64(cpu, PAGE + 0x1008, mem_read64(cpu, PAGE + 8));
    mem_write(cpu, PAGE + 0x1000, last, 1);
    ck_assert(!fake_may_write_inline(PAGE + 0x1000, false));
    ck_assert_ptr_null(mem_run(cpu, PAGE + 0x1000, 4, ACCESS_WRITE));
}

static bool compare_runs(u32 second_last, char *text, size_t size)
{
    u32 ports = 1000;
    struct board board = {
        .board = &ports, .port_read = board_port_read, .port_write = board_port_write};
    fake_map_device(PAGE);
    fake_map(PAGE + 0x1000, FRAME, P | W);
    fake_map(PAGE + 0x2000, FRAME + 0x1000, P | W);
    static u8 before[FAKE_RAM / 2], after[FAKE_RAM / 2];
    memory_copy_out(m, before, 0x100000, sizeof before);

    log_start_record(a);
    mem_log_writes(cpu, a);
    stretch(a, &board, 9);
    u32 first_ports = ports, first_reads = fake.device_reads, first_writes = fake.device_sum;
    log_undo(a);
    memory_copy_out(m, after, 0x100000, sizeof after);
    ck_assert_mem_eq(before, after, sizeof before);

    log_start_replay(b, a);
    mem_log_writes(cpu, b);
    stretch(b, &board, second_last);
    mem_log_writes(cpu, NULL);
    ck_assert_uint_eq(ports, first_ports);
    ck_assert_uint_eq(fake.device_reads, first_reads);
    ck_assert_uint_eq(fake.device_sum, first_writes);
    ck_assert_uint_eq(memory_read(m, FRAME, 1), second_last);

    FILE *to = fmemopen(text, size, "w");
    bool equal = log_compare(a, b, to);
    fclose(to);
    return equal;
}

START_TEST(test_log_equal)
{
    char text[256] = "";
    ck_assert(compare_runs(9, text, sizeof text));
    ck_assert_str_eq(text, "");
    mem_write(cpu, PAGE + 0x1000, 1, 4);
    ck_assert(fake_may_write_inline(PAGE + 0x1000, false));
}
END_TEST

START_TEST(test_log_different)
{
    char text[256] = "";
    ck_assert(!compare_runs(8, text, sizeof text));
    ck_assert_msg(strstr(text, "memory write of 1 bytes at 00200000: 00000004 becomes 00000009"),
                  "%s", text);
    ck_assert_msg(strstr(text, "00000008"), "%s", text);
}
END_TEST

/* One run does less than the other; a replay that asks for more than there is. */
START_TEST(test_log_missing)
{
    char text[256] = "";
    u32 ports = 0;
    struct board board = {
        .board = &ports, .port_read = board_port_read, .port_write = board_port_write};
    log_start_record(a);
    log_port_write(a, &board, 0x80, 1, 1);
    log_start_replay(b, a);
    ck_assert_uint_eq(log_port_read(b, &board, 0x80, 4), 0xffffffff);
    log_start_record(b);
    FILE *to = fmemopen(text, sizeof text, "w");
    ck_assert(!log_compare(a, b, to));
    fclose(to);
    ck_assert_ptr_nonnull(strstr(text, "port write of 1 bytes at 00000080: 00000001"));
    ck_assert_ptr_nonnull(strstr(text, "nothing"));
}
END_TEST

Suite *lockstep_log_suite(void)
{
    Suite *suite = suite_create("lockstep_log");
    TCase *logs = tcase_create("logs");
    tcase_add_checked_fixture(logs, setup_logs, teardown_logs);
    tcase_add_test(logs, test_log_equal);
    tcase_add_test(logs, test_log_different);
    tcase_add_test(logs, test_log_missing);
    suite_add_tcase(suite, logs);
    return suite;
}
