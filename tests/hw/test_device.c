/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every device of the machines: that each member of its struct has been decided about, that nothing
 * a guest can reach has been left out, that all of it is reset, and that it goes on as it did once
 * it has been restored.
 */
#include "hw/pc/chipset.h"
#include "hw/ppc/bare.h"
#include "hw/ppc/ppce500.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fake_net.h"
#include "tests/hw/fixture.h"
#include "tests/hw/tables.h"

#include "exec/memory.h"

#include <stdlib.h>
#include <string.h>

static struct timers *timers;
static struct memory *memory;
static struct chipset *pc;
static struct ppc_bare_board bare;
static struct ppce500_board e500;
static struct far_end outside;
static struct fw_cfg fw_cfg;
static struct wire intr, a20, reset;

/* What is beside the devices: they have been seen to go on the same only if it is the same, too. */
enum { RAM = 2 << 20, FLOPPY_SIZE = 1440 * 1024, DISK_SIZE = 128 * 1024, CD_SIZE = 64 * 1024 };
static struct fake_disk floppy, disk, cd, virtio_disk;
static struct fake_net nets[CARDS];
static uint8_t floppy_bytes[FLOPPY_SIZE], disk_bytes[DISK_SIZE], cd_bytes[CD_SIZE];
static struct world {
    uint8_t ram[RAM], floppy[FLOPPY_SIZE], disk[DISK_SIZE];
} * world;

static void save_world(void)
{
    memory_copy_out(memory, world->ram, 0, RAM);
    memcpy(world->floppy, floppy_bytes, FLOPPY_SIZE);
    memcpy(world->disk, disk_bytes, DISK_SIZE);
}

static void restore_world(void)
{
    memory_copy_in(memory, 0, world->ram, RAM);
    memcpy(floppy_bytes, world->floppy, FLOPPY_SIZE);
    memcpy(disk_bytes, world->disk, DISK_SIZE);
}

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(RAM, &error);
    ck_assert_ptr_nonnull(memory);
    world = malloc(sizeof *world);
    memset(floppy_bytes, 0x29, sizeof floppy_bytes);
    fake_disk_init(&floppy, floppy_bytes, sizeof floppy_bytes);
    fake_disk_init(&disk, disk_bytes, sizeof disk_bytes);
    fake_disk_init(&cd, cd_bytes, sizeof cd_bytes);
    fake_disk_init(&virtio_disk, disk_bytes, sizeof disk_bytes);
    far_end_init(&outside, "");
    fw_cfg_init(&fw_cfg);
    pc = calloc(1, sizeof *pc);
    struct chipset_setup s = {
        .timers = timers,
        .memory = memory,
        .serial = {&outside.chardev, &outside.chardev},
        .parallel = &outside.chardev,
        .debugcon = &outside.chardev,
        .debugcon_port = DEBUGCON_PORT,
        .fw_cfg = &fw_cfg,
        .exit_port = DEBUG_EXIT_PORT,
        .exit_size = DEBUG_EXIT_SIZE,
        .post_port = POST_PORT,
        .apic = true,
        .hpet = true,
        .acpi = true,
        .floppy = {{true, &floppy.disk}, {true, NULL}},
        .ide = {{true, false, &disk.disk}, {0}, {true, true, &cd.disk}, {true, true, NULL}},
        .virtio_disk = {{.disk = &virtio_disk.disk}},
        .entropy = {.present = true, .repeats = true},
        .vga_mib = 1,
        .sb16 = {.is_there = true, .audio = -1},
        .ac97 = {.is_there = true, .audio = -1},
        .sb16_at = {SB16_PORT, SB16_IRQ, SB16_DMA, SB16_DMA16},
        .usb = {true, {{.model = &usb_models[0]}, {&usb_models[3], &disk.disk, NULL}}},
        .intr = wire_line(&intr),
        .a20 = wire_line(&a20),
        .reset = wire_line(&reset),
    };
    s.exit = (struct debug_exit){NULL, NULL};
    for (unsigned i = 0; i < CARDS && card_models[i].name; i++) {
        fake_net_init(&nets[i]);
        s.card[i] = (struct card_setup){&card_models[i], &nets[i].net, {2, 0, 0, 0, 0, i}, NULL, 0,
                                        NE2000_PORT,     NE2000_IRQ,   {false, false}};
    }
    ck_assert(chipset_init(pc, &s));
}

/* The other machines': what they have that the PC has not. */
static void setup_others(void)
{
    const struct ppc_bare_setup s = {
        .timers = timers, .memory = memory, .serial = &outside.chardev};
    bare = (struct ppc_bare_board){.has_uart = false};
    ck_assert(ppc_bare_board_init(&bare, &s));
    const struct ppce500_setup e = {.timers = timers, .memory = memory};
    memset(&e500, 0, sizeof e500);
    ck_assert(ppce500_board_init(&e500, &e));
}

static void teardown(void)
{
    chipset_destroy(pc);
    free(pc);
    free(world);
    memory_destroy(memory);
}

/* --- the tables against the structs --- */

static void collect_all(struct tables *all, const struct devices *d)
{
    for (unsigned i = 0; i < d->count; i++)
        tables_add(all, d->entry[i].device->state);
}

static void collect_machines(struct tables *all)
{
    setup_others();
    collect_all(all, &pc->devices);
    collect_all(all, &bare.devices);
    collect_all(all, &e500.devices);
    tables_add(all, mixer_device.state); /* there if somebody listens: here that would take long */
}

static bool has_table(const struct tables *all, const char *tag)
{
    bool has = false;
    for (unsigned i = 0; i < all->count; i++)
        has = has || strcmp(all->table[i]->name, tag) == 0;
    return has;
}

/* By the sources: a chip that none of the machines here has would be looked at by nobody. */
START_TEST(every_table_is_that_of_a_device_here)
{
    struct tables all = {0};
    char tag[64];
    unsigned count = 0;
    collect_machines(&all);
    FILE *f = popen("grep -rhoE 'STATE_TABLE\\([a-z0-9_]+' hw | sed 's/.*(//'", "r");
    ck_assert_ptr_nonnull(f);
    for (; fscanf(f, "%63s", tag) == 1; count++)
        ck_assert_msg(has_table(&all, tag), "struct %s is no device's here", tag);
    ck_assert_int_eq(pclose(f), 0);
    ck_assert_uint_ge(count, all.count);
}
END_TEST

START_TEST(every_member_is_state_or_is_said_not_to_be)
{
    struct tables all = {0};
    char missing[4096];
    collect_machines(&all);
    unsigned members = tables_find_missing(&all, missing, sizeof missing);
    ck_assert_str_eq(missing, "");
    ck_assert_uint_gt(members, all.count);
}
END_TEST

/* One member is where padding was, one is a struct, one is the last. */
struct forgetful {
    bool a, forgotten_in_padding;
    uint32_t b;
    struct wire forgotten_struct;
    void *c;
    char forgotten_last;
};

START_TEST(a_member_without_a_row_is_found)
{
    static const struct state_field fields[] = {
        {STATE(forgetful, a)},
        {STATE(forgetful, b)},
        {NOT_STATE(forgetful, c)},
        {0},
    };
    static const struct state_table table = STATE_TABLE(forgetful, 1, fields);
    static const struct forgetful f = {.a = true};
    const struct tables all = {1, {&table}};
    char missing[4096];
    ck_assert(f.a); /* what nobody uses the debug information leaves out */
    ck_assert_uint_eq(tables_find_missing(&all, missing, sizeof missing), 6);
    ck_assert_str_eq(missing, "forgetful: _Bool forgotten_in_padding;\n"
                              "forgetful: struct wire {\n"
                              "forgetful: char forgotten_last;\n");
}
END_TEST

/* --- everything that is there has been added --- */

static bool is_added(const void *at)
{
    for (unsigned i = 0; i < pc->devices.count; i++) {
        const struct device_entry *e = &pc->devices.entry[i];
        if ((uintptr_t)at - (uintptr_t)e->chip < e->device->state->size)
            return true;
    }
    return false;
}

START_TEST(what_answers_a_guest_is_a_device)
{
    for (unsigned i = 1; i < pc->ports.count; i++)
        if (!is_added(pc->ports.range[i].device))
            ck_abort_msg("port %x is nobody's in the list of devices", pc->ports.range[i].first);
    for (unsigned i = 0; i < pc->pci.count; i++)
        ck_assert(is_added(pc->pci.function[i]));
    for (const struct timer *t = timers->first; t; t = t->next)
        ck_assert(is_added(t));
}
END_TEST

/* --- saved and restored --- */

enum { STATE_SIZE = 1 << 18 };

static size_t save(uint8_t *to)
{
    size_t size = devices_save(&pc->devices, to, STATE_SIZE);
    ck_assert_uint_le(size, STATE_SIZE);
    return size;
}

static char *print(void)
{
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    devices_print(&pc->devices, f);
    fclose(f);
    return text;
}

/* Line by line, but for those that are not to be compared (NULL: none are not); frees both. */
static void expect_same(char *one, char *other, bool (*is_left_out)(const char *line))
{
    char *rest_one, *rest_other;
    const char *a = strtok_r(one, "\n", &rest_one), *b = strtok_r(other, "\n", &rest_other);
    for (; a && b; a = strtok_r(NULL, "\n", &rest_one), b = strtok_r(NULL, "\n", &rest_other))
        if (!is_left_out || !is_left_out(a))
            ck_assert_str_eq(a, b);
    ck_assert(!a && !b);
    free(one);
    free(other);
}

/* Whose range of ports gets half of the accesses, so that it comes to do what takes several. */
static unsigned favourite;

static uint16_t any_port(uint32_t *random)
{
    uint32_t which = next_random(random);
    const struct port_range *r =
        &pc->ports.range[(which & 1 ? favourite : which >> 1) % pc->ports.count];
    return (uint16_t)(r->first + next_random(random) % 8);
}

/* What has been read, as one number. */
static uint32_t digest;

static void note_read(uint32_t value)
{
    digest = digest * 31 + value;
}

/* Registers that are memory: the APICs', the HPET's. */
static void any_memory_access(uint32_t *random)
{
    static const uint32_t bases[] = {0xfee00000, 0xfec00000, 0xfed00000, 0xfee00000};
    uint32_t r = next_random(random);
    uint32_t address =
        bases[r & 3] + (r >> 8 & 0x3f0) + (r & 0x400 ? 0x10 : 0) + (r & 0x800 ? 8 : 0);
    if (r & 0x1000)
        note_read(memory_read(memory, address, 4));
    else
        memory_write(memory, address, next_random(random), 4);
}

/* A port of some chip's, mostly; or a PCI register, mostly one that is there. */
static void any_access(uint32_t *random)
{
    static const unsigned sizes[] = {1, 2, 4, 1};
    uint32_t r = next_random(random);
    unsigned size = sizes[r & 3];
    if ((r & 0xf0) == 0x10) {
        any_memory_access(random);
    } else if ((r & 0xf0) == 0) {
        chipset_write(pc, 0xcf8, 0x80000000u | (next_random(random) & 0x8fc), 4);
        chipset_write(pc, 0xcfc, next_random(random), 4);
    } else if (r & 0x100) {
        note_read(ports_read(&pc->ports, any_port(random), size));
    } else {
        uint16_t port = any_port(random);
        if (port != DEBUG_EXIT_PORT && port != DEBUG_EXIT_PORT + 1)
            chipset_write(pc, port, next_random(random), size);
    }
}

/* A guest, and what happens around it; all of it follows from the random numbers. */
static void run_on(uint32_t *random, unsigned steps)
{
    digest = 0;
    for (unsigned i = 0; i < steps; i++) {
        any_access(random);
        test_time += (uint64_t)1 << (next_random(random) % 24);
        timers_run(timers);
        fake_disk_deliver(&floppy);
        fake_disk_deliver(&disk);
        fake_disk_deliver(&cd);
        fake_disk_deliver(&virtio_disk);
        if (intr.level && next_random(random) % 2)
            chipset_acknowledge(pc);
        outside.text = next_random(random) % 8 ? "" : "typed";
        outside.stuck = next_random(random) % 4 == 0;
        chipset_poll_serial(pc);
        if (next_random(random) % 64 == 0)
            chipset_ferr(pc, next_random(random) & 1);
    }
}

static void restore(const uint8_t *from, size_t size)
{
    struct error error = {""};
    if (!devices_restore(&pc->devices, from, size, &error))
        ck_abort_msg("%s", error.text);
}

/* The devices are as they were when `then` was saved; in words only if not, since that is slow. */
static void expect_state(const uint8_t *then, size_t size)
{
    static uint8_t now[STATE_SIZE];
    if (save(now) == size && memcmp(now, then, size) == 0)
        return;
    char *text = print();
    restore(then, size);
    expect_same(print(), text, NULL);
    ck_abort_msg("the state is another, in what is not told in words");
}

/* What is restored is what was saved, and goes on to do the same as it did then. */
START_TEST(restored_it_goes_on_the_same)
{
    static uint8_t saved[STATE_SIZE], later[STATE_SIZE];
    uint32_t random = (uint32_t)_i, again, elsewhere;
    favourite = (unsigned)_i;
    run_on(&random, 1000);
    again = random, elsewhere = random + 1;
    size_t size = save(saved);
    save_world();
    bool a20_then = a20.level, intr_then = intr.level;
    run_on(&random, 500);
    size_t later_size = save(later);
    uint32_t later_digest = digest;
    run_on(&elsewhere, 500);
    restore_world();
    restore(saved, size);
    expect_state(saved, size);
    ck_assert(a20.level == a20_then && intr.level == intr_then);
    run_on(&again, 500);
    expect_state(later, later_size);
    ck_assert_uint_eq(digest, later_digest);
}
END_TEST

/* The registers that the restored state has are in force: which shadow RAM is there. */
START_TEST(the_map_of_memory_is_restored)
{
    static uint8_t saved[STATE_SIZE];
    ports_write(&pc->ports, 0xcf8, 0x80000058, 4);
    ports_write(&pc->ports, 0xcfd, 0x30, 1);
    memory_write(memory, 0xf1234, 0x77, 1);
    size_t size = save(saved);
    chipset_reset(pc);
    ck_assert_uint_eq(memory_read(memory, 0xf1234, 1), 0xff);
    restore(saved, size);
    ck_assert_uint_eq(memory_read(memory, 0xf1234, 1), 0x77);
}
END_TEST

/* --- reset --- */

/*
 * What RESET leaves alone: the clock and its memory, DMA addresses and pages, the UART's scratch
 * register, drives; and queues that are empty.
 */
static bool is_kept(const char *line)
{
    static const char *const kept[] = {"mc146818-0.", "dma-pages-0.", ".channel[", ".scratch",
                                       ".fifo[",      ".sending",     ".reply",    ".drive."};
    bool is = false;
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++)
        is = is || strstr(line, kept[i]);
    return is;
}

/* The state after a reset at a certain time, whatever was before. */
static char *reset_after(uint32_t random)
{
    run_on(&random, 2000);
    test_time = (uint64_t)1 << 50;
    timers_run(timers);
    chipset_reset(pc);
    return print();
}

START_TEST(a_reset_leaves_nothing_of_what_was)
{
    char *one = reset_after((uint32_t)_i);
    teardown();
    setup();
    expect_same(one, reset_after((uint32_t)_i + 100), is_kept);
}
END_TEST

/* --- state that is not well --- */

START_TEST(state_that_is_cut_or_too_long_is_refused)
{
    static uint8_t saved[STATE_SIZE];
    struct error error;
    size_t size = save(saved);
    for (size_t n = 0; n < size; n += 1 + n / 1024) /* buffers are large */
        ck_assert(!devices_restore(&pc->devices, saved, n, &error));
    ck_assert(!devices_restore(&pc->devices, saved, size + 1, &error));
    ck_assert_str_eq(error.text, "1 bytes behind the last device");
}
END_TEST

struct thing {
    uint8_t index;
    bool flag;
    int32_t number;
    uint16_t words[2];
};

static const struct state_field thing_fields[] = {
    {STATE(thing, index), .least = 1, .most = 9},
    {STATE(thing, flag)},
    {STATE(thing, number)},
    {STATE_ARRAY(thing, words), .since = 2},
    {0},
};
static const struct state_table thing_state = STATE_TABLE(thing, 2, thing_fields);

static void expect_refused(const uint8_t *bytes, size_t size, const char *why)
{
    struct thing t = {5, true, -1, {1, 2}}, before = t;
    struct error error;
    ck_assert(!state_restore(&thing_state, &t, bytes, size, &error));
    ck_assert_str_eq(error.text, why);
    ck_assert(t.index == before.index && t.flag == before.flag && t.number == before.number);
}

START_TEST(values_that_cannot_be_are_refused)
{
    expect_refused((const uint8_t[]){3, 0, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8}, 12,
                   "thing of version 3: only versions 1 to 2 are known");
    expect_refused((const uint8_t[]){2, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, 12, "index: cannot be 0");
    expect_refused((const uint8_t[]){2, 0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8}, 12,
                   "index: cannot be 10");
    expect_refused((const uint8_t[]){2, 0, 5, 2, 1, 2, 3, 4, 5, 6, 7, 8}, 12, "flag: cannot be 2");
    expect_refused((const uint8_t[]){2, 0, 5, 1, 1, 2, 3, 4, 5, 6, 7}, 11,
                   "ends in the middle of words[1]");
    expect_refused((const uint8_t[]){2, 0, 5, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 13,
                   "1 bytes too many");
    expect_refused((const uint8_t[]){2}, 1, "ends in the middle of its version");
}
END_TEST

START_TEST(an_older_version_leaves_what_is_new)
{
    struct thing t = {5, true, -1, {1, 2}};
    struct error error;
    ck_assert(
        state_restore(&thing_state, &t, (const uint8_t[]){1, 0, 9, 0, 1, 2, 0, 0}, 8, &error));
    ck_assert_uint_eq(t.index, 9);
    ck_assert(!t.flag);
    ck_assert_int_eq(t.number, 0x201);
    ck_assert_uint_eq(t.words[1], 2);
}
END_TEST

START_TEST(state_is_printed_by_name)
{
    struct thing t = {5, true, -1, {1, 2}};
    char text[256];
    FILE *f = fmemopen(text, sizeof text, "w");
    state_print(&thing_state, "thing-0", &t, f);
    fclose(f);
    ck_assert_str_eq(text, "thing-0.index 5\nthing-0.flag 1\nthing-0.number -1\n"
                           "thing-0.words[0] 1\nthing-0.words[1] 2\n");
}
END_TEST

Suite *device_suite(void)
{
    Suite *suite = suite_create("device");
    TCase *c = tcase_create("device");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, every_table_is_that_of_a_device_here);
    tcase_add_test(c, every_member_is_state_or_is_said_not_to_be);
    tcase_add_test(c, a_member_without_a_row_is_found);
    tcase_add_test(c, what_answers_a_guest_is_a_device);
    tcase_add_loop_test(c, restored_it_goes_on_the_same, 1, 100);
    tcase_add_test(c, the_map_of_memory_is_restored);
    tcase_add_loop_test(c, a_reset_leaves_nothing_of_what_was, 1, 9);
    tcase_add_test(c, state_that_is_cut_or_too_long_is_refused);
    tcase_add_test(c, values_that_cannot_be_are_refused);
    tcase_add_test(c, an_older_version_leaves_what_is_new);
    tcase_add_test(c, state_is_printed_by_name);
    suite_add_tcase(suite, c);
    return suite;
}
