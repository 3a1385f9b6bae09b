/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exec/report/lockstep_log.c, and the softmmu's use of it. */
#include "tests/exec/pages.h"

#include <string.h>

/* --- two runs --- */

static struct write_log *notes;
static unsigned code_calls;
static u32 code_address;

static void code_written(void *owner, u32 address, unsigned size)
{
    (void)owner, (void)size;
    code_calls++;
    code_address = address;
}

static void setup_log(void)
{
    setup_paging();
    notes = write_log_create(m, &fake_guest);
    ck_assert_ptr_nonnull(notes);
    fake_map_device(PAGE);
    fake_map(PAGE + 0x1000, FRAME, P | W);
    fake_map(PAGE + 0x2000, FRAME + 0x1000, P | W);
    fake_map(PAGE + 0x3000, FRAME + 0x2000, P | W);
}

static void teardown_log(void)
{
    write_log_destroy(notes);
    fake_teardown();
}

static u32 port_in(u16 port)
{
    static u32 answers = 1000;
    struct log_event event = {.kind = LOG_GUEST, .size = 1, .address = port};
    if (!log_replay(notes, &event, &cpu->core)) {
        event.read = ++answers;
        cpu->core.int_line = true;
        cpu->core.exit_request = 1;
        log_note(notes, &event, &cpu->core);
    }
    return (u32)event.read;
}

/* A stretch of guest code, as it were: all kinds of accesses, what was read is stored. */
static void stretch(u32 last)
{
    softmmu_log_writes(&cpu->core, notes);
    mem_write(cpu, PAGE + 0x1000, mem_read(cpu, PAGE, 4), 4);
    mem_write(cpu, PAGE + 0x1ffe, 0xaabbccdd, 4);
    mem_write(cpu, PAGE, 3, 2);
    mem_write(cpu, PAGE + 0x1004, port_in(0x60), 1);
    mem_write64(cpu, PAGE + 0x1008, mem_read64(cpu, PAGE + 8));
    memset(mem_run(cpu, PAGE + 0x3000, 16, ACCESS_WRITE), (int)last, 16);
    mem_write(cpu, PAGE + 0x1000, last, 1);
    softmmu_log_writes(&cpu->core, NULL);
}

static bool same(char *text, size_t size)
{
    FILE *to = fmemopen(text, size, "w");
    bool equal = log_same(notes, to);
    fclose(to);
    return equal;
}

static u8 before[FAKE_RAM / 2], after[FAKE_RAM / 2], now[FAKE_RAM / 2];

static void snapshot(u8 *to)
{
    memory_copy_out(m, to, 0x100000, FAKE_RAM / 2);
}

/* Runs a stretch, takes it back, and runs it again, maybe with another end. */
static bool compare_runs(u32 second_last, char *text, size_t size)
{
    snapshot(before);
    log_record(notes);
    stretch(9);
    snapshot(after);
    u32 reads = fake.device_reads, writes = fake.device_sum;
    log_rewind(notes);
    snapshot(now);
    ck_assert_mem_eq(before, now, sizeof before);
    cpu->core.int_line = false;
    cpu->core.exit_request = 0;
    stretch(second_last);
    ck_assert(cpu->core.int_line && cpu->core.exit_request);
    ck_assert_uint_eq(fake.device_reads, reads);
    ck_assert_uint_eq(fake.device_sum, writes);
    return same(text, size);
}

START_TEST(test_log_equal)
{
    char text[256] = "";
    ck_assert(compare_runs(9, text, sizeof text));
    ck_assert_str_eq(text, "");
    snapshot(now);
    ck_assert_mem_eq(after, now, sizeof after);
}
END_TEST

START_TEST(test_log_different)
{
    char text[256] = "";
    ck_assert(!compare_runs(8, text, sizeof text));
    ck_assert_msg(strstr(text, "before: 00, first: 09, second: 08"), "%s", text);
}
END_TEST

static u32 read_twice(u16 first, u16 second)
{
    return port_in(first) << 16 | port_in(second);
}

/* The first run once more, which comes further; and the second one after it. */
START_TEST(test_log_beyond_the_end)
{
    char text[256] = "";
    log_record(notes);
    u32 answer = port_in(0x60);
    log_rewind(notes);
    log_again(notes);
    ck_assert_uint_eq(read_twice(0x60, 0x64), answer << 16 | 0xffffffff);
    log_rewind(notes);
    ck_assert_uint_eq(read_twice(0x60, 0x64), answer << 16 | 0xffffffff);
    ck_assert(same(text, sizeof text));
    log_rewind(notes);
    ck_assert_uint_eq(read_twice(0x60, 0x61), answer << 16 | 0xffffffff);
    ck_assert(!same(text, sizeof text));
    ck_assert_msg(strstr(text, "second: port read of 1 bytes at 00000061"), "%s", text);
}
END_TEST

/* Pages that one run alone writes to. */
START_TEST(test_log_page_of_one)
{
    char text[256] = "";
    mem_write(cpu, PAGE + 0x1000, 5, 1);
    mem_write(cpu, PAGE + 0x2000, 0, 1);
    log_record(notes);
    softmmu_log_writes(&cpu->core, notes);
    mem_write(cpu, PAGE + 0x1000, 7, 1);
    log_rewind(notes);
    ck_assert(!same(text, sizeof text));
    ck_assert_msg(strstr(text, "00200000, before: 05, first: 07, second: 05"), "%s", text);
    softmmu_log_writes(&cpu->core, notes);
    mem_write(cpu, PAGE + 0x1000, 7, 1);
    mem_write(cpu, PAGE + 0x2000, 6, 1);
    ck_assert(!same(text, sizeof text));
    ck_assert_msg(strstr(text, "00201000, before: 00, first: 00, second: 06"), "%s", text);
}
END_TEST

/* Only the first write to a page in each run is slow. */
START_TEST(test_log_inline)
{
    log_record(notes);
    for (int run = 0; run < 2; run++) {
        softmmu_log_writes(&cpu->core, notes);
        mem_read(cpu, PAGE + 0x1000, 4);
        ck_assert(!fake_may_write_inline(PAGE + 0x1000, false));
        mem_write(cpu, PAGE + 0x1000, 1, 4);
        mem_write(cpu, PAGE + 0x1000, 1, 4);
        ck_assert(fake_may_write_inline(PAGE + 0x1000, false));
        log_rewind(notes);
    }
    softmmu_log_writes(&cpu->core, NULL);
    fake_map(PAGE + 0x1000, FRAME, P | W | A | D);
    mem_read(cpu, PAGE + 0x1000, 4);
    ck_assert(fake_may_write_inline(PAGE + 0x1000, false));
}
END_TEST

/* One run does less than the other; a replay that asks for more than there is. */
START_TEST(test_log_missing)
{
    char text[256] = "";
    log_record(notes);
    port_in(0x80);
    ck_assert(log_is_full(notes));
    log_rewind(notes);
    ck_assert(!same(text, sizeof text));
    ck_assert_msg(strstr(text, "port read of 1 bytes at 00000080"), "%s", text);
    port_in(0x80);
    ck_assert(same(text, sizeof text));
    ck_assert_uint_eq(port_in(0x80), 0xffffffff);
    ck_assert(!same(text, sizeof text));
    ck_assert_ptr_nonnull(strstr(text, "nothing"));
}
END_TEST

/* Step by step, and what the first run made of memory is brought back in the end. */
START_TEST(test_log_steps)
{
    char text[256] = "";
    snapshot(before);
    ck_assert(!compare_runs(8, text, sizeof text));
    log_keep(notes);
    log_rewind(notes);
    snapshot(now);
    ck_assert_mem_eq(before, now, sizeof before);
    stretch(9);
    log_rewind(notes);
    softmmu_log_writes(&cpu->core, notes);
    mem_write(cpu, PAGE + 0x3000 - 1, 1, 1);
    softmmu_log_writes(&cpu->core, NULL);
    log_bring_back(notes);
    snapshot(now);
    ck_assert_mem_eq(after, now, sizeof after);

    log_record(notes);
    u32 first = port_in(0x60), second = port_in(0x60);
    log_rewind(notes);
    ck_assert_uint_eq(port_in(0x60), first);
    ck_assert(!same(text, sizeof text));
    log_step(notes);
    for (int run = 0; run < 2; run++) {
        ck_assert_uint_eq(port_in(0x60), second);
        ck_assert(same(text, sizeof text));
        log_rewind(notes);
    }
}
END_TEST

/* What is translated from a page learns of its way back, where it changes and only there. */
START_TEST(test_log_tells_of_code)
{
    log_record(notes);
    softmmu_log_writes(&cpu->core, notes);
    mem_write(cpu, PAGE + 0x1014, 0x12345678, 4);
    struct memory_listener listener = {.code_written = code_written};
    memory_listen(m, &listener);
    memory_mark_code(m, FRAME, true);
    log_rewind(notes);
    ck_assert_uint_eq(code_calls, 1);
    ck_assert_uint_eq(code_address, FRAME + 0x10);
    softmmu_log_writes(&cpu->core, NULL);
    mem_write(cpu, PAGE + 0x1014, 0x12345678, 4);
    log_rewind(notes);
    ck_assert_uint_eq(code_calls, 2);
    memory_unlisten(m, &listener);
}
END_TEST

Suite *lockstep_log_suite(void)
{
    Suite *suite = suite_create("lockstep_log");
    TCase *logs = tcase_create("logs");
    tcase_add_checked_fixture(logs, setup_log, teardown_log);
    tcase_add_test(logs, test_log_equal);
    tcase_add_test(logs, test_log_different);
    tcase_add_test(logs, test_log_beyond_the_end);
    tcase_add_test(logs, test_log_page_of_one);
    tcase_add_test(logs, test_log_inline);
    tcase_add_test(logs, test_log_missing);
    tcase_add_test(logs, test_log_steps);
    tcase_add_test(logs, test_log_tells_of_code);
    suite_add_tcase(suite, logs);
    return suite;
}
