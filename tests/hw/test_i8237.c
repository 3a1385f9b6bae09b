/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DMA controllers: every way of moving, by the data sheet. */
#include "hw/bus/i8237.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <string.h>

static struct i8237 dma[2];
static struct dma_pages pages;
static struct memory *memory;

/* A device that has `left` bytes to give or to take, counting up. */
static struct end {
    struct i8237 *dma;
    unsigned channel;
    size_t left;
    uint8_t next;
    uint8_t got[4096];
    size_t taken;
    unsigned calls, tcs;
    enum dma_direction direction;
} end;

static size_t transfer(void *chip, enum dma_direction direction, uint8_t *bytes, size_t size)
{
    struct end *e = chip;
    size_t n = size < e->left ? size : e->left;
    e->calls++;
    e->direction = direction;
    for (size_t i = 0; i < n; i++)
        if (direction == DMA_FROM_MEMORY)
            e->got[e->taken++ % sizeof e->got] = bytes[i];
        else
            bytes[i] = e->next++;
    e->left -= n;
    if (!e->left)
        i8237_request(e->dma, e->channel, false);
    return n;
}

static void terminal_count(void *chip)
{
    struct end *e = chip;
    e->tcs++;
}

static void write_register(unsigned controller, unsigned reg, uint8_t value)
{
    i8237_write(&dma[controller], reg << controller, value, 1);
}

static uint8_t read_register(unsigned controller, unsigned reg)
{
    return (uint8_t)i8237_read(&dma[controller], reg << controller, 1);
}

enum { COMMAND = 8, REQUEST = 9, MASK = 10, MODE = 11, FLIP_FLOP = 12, CLEAR = 13 };
enum { VERIFY = 0, WRITE = 4, READ = 8, AUTO = 0x10, DOWN = 0x20, SINGLE = 0x40, BLOCK = 0x80 };
enum { CASCADE = 0xc0, TEMPORARY = 13 };

static void set_up(unsigned channel, uint32_t address, unsigned units, uint8_t mode)
{
    static const uint8_t page[] = {7, 3, 1, 2, 15, 11, 9, 10};
    unsigned controller = channel / 4, c = channel % 4;
    uint32_t a = address >> controller;
    write_register(controller, MASK, 4 | (uint8_t)c);
    write_register(controller, MODE, mode | (uint8_t)c);
    write_register(controller, FLIP_FLOP, 0);
    write_register(controller, 2 * c, (uint8_t)a);
    write_register(controller, 2 * c, (uint8_t)(a >> 8));
    write_register(controller, 2 * c + 1, (uint8_t)(units - 1));
    write_register(controller, 2 * c + 1, (uint8_t)((units - 1) >> 8));
    pages.page[page[channel]] = (uint8_t)(address >> 16);
    write_register(controller, MASK, (uint8_t)c);
}

static void connect_end(unsigned channel)
{
    const struct dma_client client = {&end, transfer, terminal_count};
    end = (struct end){.dma = &dma[channel / 4], .channel = channel % 4, .next = 1};
    i8237_connect(end.dma, end.channel, &client);
}

static void ask(size_t bytes)
{
    end.left = bytes;
    i8237_request(end.dma, end.channel, true);
}

static void setup(void)
{
    const char *error = "";
    memory = memory_create(1 << 20, &error);
    ck_assert_ptr_nonnull(memory);
    pages = (struct dma_pages){{0}};
    i8237_init(dma, memory, &pages);
    write_register(1, MODE, CASCADE);
    write_register(1, MASK, 0);
    connect_end(2);
}

static void teardown(void)
{
    memory_destroy(memory);
}

static uint32_t byte_at(uint32_t address)
{
    return memory_read(memory, address, 1);
}

static uint16_t word(unsigned controller, unsigned reg)
{
    write_register(controller, FLIP_FLOP, 0);
    uint16_t low = read_register(controller, reg);
    return (uint16_t)(low | read_register(controller, reg) << 8);
}

START_TEST(to_memory)
{
    set_up(2, 0x12345, 100, SINGLE | WRITE);
    ask(60);
    ck_assert_uint_eq(byte_at(0x12345), 1);
    ck_assert_uint_eq(byte_at(0x12345 + 59), 60);
    ck_assert_uint_eq(byte_at(0x12345 + 60), 0);
    ck_assert_uint_eq(word(0, 4), 0x2345 + 60);
    ck_assert_uint_eq(word(0, 5), 39);
    ck_assert_uint_eq(end.tcs, 0);
    ck_assert_uint_eq(read_register(0, COMMAND), 0);
    ask(60);
    ck_assert_uint_eq(byte_at(0x12345 + 99), 100);
    ck_assert_uint_eq(byte_at(0x12345 + 100), 0);
    ck_assert_uint_eq(end.left, 20);
    ck_assert_uint_eq(end.tcs, 1);
    ck_assert_uint_eq(word(0, 5), 0xffff);
    ck_assert_uint_eq(read_register(0, 15) & 15, 0x0f); /* masked again */
    ck_assert_uint_eq(read_register(0, COMMAND), 0x44); /* it still asks */
    ck_assert_uint_eq(read_register(0, COMMAND), 0x40);
}
END_TEST

START_TEST(from_memory)
{
    for (unsigned i = 0; i < 256; i++)
        memory_write(memory, 0x20000 + i, i ^ 0x55, 1);
    set_up(2, 0x20000, 256, READ);
    ask(1000);
    ck_assert_uint_eq(end.taken, 256);
    ck_assert_uint_eq(end.tcs, 1);
    for (unsigned i = 0; i < 256; i++)
        ck_assert_uint_eq(end.got[i], i ^ 0x55);
}
END_TEST

START_TEST(verify_moves_nothing)
{
    set_up(2, 0x1000, 16, SINGLE | VERIFY);
    ask(16);
    ck_assert_int_eq(end.direction, DMA_VERIFY);
    ck_assert_uint_eq(end.left, 0);
    ck_assert_uint_eq(end.tcs, 1);
    ck_assert_uint_eq(byte_at(0x1000), 0);
}
END_TEST

START_TEST(downwards)
{
    set_up(2, 0x100f, 16, WRITE | DOWN);
    ask(16);
    ck_assert_uint_eq(byte_at(0x100f), 1);
    ck_assert_uint_eq(byte_at(0x1000), 16);
    set_up(2, 0x100f, 16, READ | DOWN);
    ask(16);
    ck_assert_uint_eq(end.got[0], 1);
    ck_assert_uint_eq(end.got[15], 16);
}
END_TEST

/* The address wraps within the page. */
START_TEST(pages_stay)
{
    set_up(2, 0x3fff0, 32, WRITE);
    ask(32);
    ck_assert_uint_eq(byte_at(0x3ffff), 16);
    ck_assert_uint_eq(byte_at(0x30000), 17);
    ck_assert_uint_eq(byte_at(0x40000), 0);
    set_up(2, 0x50003, 8, WRITE | DOWN);
    ask(8);
    ck_assert_uint_eq(byte_at(0x50000), 36);
    ck_assert_uint_eq(byte_at(0x5ffff), 37);
}
END_TEST

START_TEST(auto_initialize)
{
    set_up(2, 0x1000, 16, SINGLE | WRITE | AUTO);
    ask(40);
    ck_assert_uint_eq(end.tcs, 2);
    ck_assert_uint_eq(byte_at(0x1000), 33);
    ck_assert_uint_eq(byte_at(0x1008), 25);
    ck_assert_uint_eq(word(0, 4), 0x1008);
    ck_assert_uint_eq(word(0, 5), 7);
    ck_assert_uint_eq(read_register(0, 15) & 4, 0);
}
END_TEST

START_TEST(words)
{
    connect_end(5);
    set_up(5, 0x31000, 8, SINGLE | WRITE);
    ask(16);
    ck_assert_uint_eq(memory_read(memory, 0x31000, 4), 0x04030201);
    ck_assert_uint_eq(byte_at(0x3100f), 16);
    ck_assert_uint_eq(end.tcs, 1);
    set_up(5, 0x3100e, 8, SINGLE | READ | DOWN);
    ask(16);
    ck_assert_mem_eq(end.got, "\x0f\x10\x0d\x0e", 4);
    set_up(5, 0x4fffe, 2, WRITE); /* 128 KiB are a page here */
    ask(4);
    ck_assert_uint_eq(byte_at(0x4fffe), 17);
    ck_assert_uint_eq(byte_at(0x50000), 19);
}
END_TEST

START_TEST(masked_and_disabled)
{
    set_up(2, 0x1000, 16, SINGLE | WRITE);
    write_register(0, MASK, 6);
    ask(8);
    ck_assert_uint_eq(end.calls, 0);
    ck_assert_uint_eq(read_register(0, COMMAND), 0x40);
    write_register(0, MASK, 2); /* now it can */
    ck_assert_uint_eq(end.left, 0);
    write_register(0, COMMAND, 4);
    ask(4);
    ck_assert_uint_eq(end.left, 4);
    write_register(0, COMMAND, 0);
    ck_assert_uint_eq(end.left, 0);
}
END_TEST

/* The first controller's way to the bus is channel 4 of the second. */
START_TEST(cascade)
{
    set_up(2, 0x1000, 64, SINGLE | WRITE);
    write_register(1, MASK, 4);
    ask(4);
    ck_assert_uint_eq(end.left, 4);
    write_register(1, MASK, 0);
    ck_assert_uint_eq(end.left, 0);
    write_register(1, MODE, SINGLE);
    ask(4);
    ck_assert_uint_eq(end.left, 4);
    write_register(1, MODE, CASCADE);
    ck_assert_uint_eq(end.left, 0);
    write_register(0, MODE, CASCADE | 2); /* a channel for a bus master moves nothing itself */
    ask(4);
    ck_assert_uint_eq(end.left, 4);
}
END_TEST

START_TEST(requests_by_the_guest)
{
    memory_write(memory, 0x2000, 0, 4);
    set_up(1, 0x2000, 4, BLOCK | WRITE);
    write_register(0, MASK, 5); /* which does not matter */
    write_register(0, REQUEST, 5);
    ck_assert_uint_eq(memory_read(memory, 0x2000, 4), 0xffffffff); /* nobody drives the bus */
    ck_assert_uint_eq(memory_read(memory, 0x2004, 4), 0);
    ck_assert_uint_eq(read_register(0, COMMAND), 0x02);
    set_up(1, 0x2000, 4, SINGLE | WRITE);
    write_register(0, REQUEST, 5);
    ck_assert_uint_eq(read_register(0, COMMAND), 0x20);
    write_register(0, REQUEST, 1);
    ck_assert_uint_eq(read_register(0, COMMAND), 0);
}
END_TEST

START_TEST(memory_to_memory)
{
    for (unsigned i = 0; i < 64; i++)
        memory_write(memory, 0x3000 + i, i + 1, 1);
    set_up(0, 0x3000, 64, BLOCK | READ);
    set_up(1, 0x3103f, 64, BLOCK | WRITE | DOWN);
    write_register(0, COMMAND, 1);
    write_register(0, REQUEST, 4);
    ck_assert_uint_eq(byte_at(0x3103f), 1);
    ck_assert_uint_eq(byte_at(0x31000), 64);
    ck_assert_uint_eq(read_register(0, TEMPORARY), 64);
    ck_assert_uint_eq(read_register(0, COMMAND), 2);
    set_up(0, 0x3000, 64, BLOCK | READ);
    set_up(1, 0x40000, 65536, BLOCK | WRITE);
    write_register(0, COMMAND, 3); /* one byte fills all */
    write_register(0, REQUEST, 4);
    ck_assert_uint_eq(byte_at(0x40000), 1);
    ck_assert_uint_eq(byte_at(0x4ffff), 1);
    ck_assert_uint_eq(byte_at(0x50000), 0);
}
END_TEST

static unsigned order[2], orders;

static size_t give_one(void *chip, enum dma_direction direction, uint8_t *bytes, size_t size)
{
    unsigned channel = *(unsigned *)chip;
    (void)direction;
    (void)size;
    *bytes = 0;
    if (orders < 2)
        order[orders++] = channel;
    i8237_request(&dma[0], channel, false);
    return 1;
}

START_TEST(priorities)
{
    static unsigned channels[] = {2, 3};
    const struct dma_client two = {&channels[0], give_one, NULL};
    const struct dma_client three = {&channels[1], give_one, NULL};
    i8237_connect(&dma[0], 2, &two);
    i8237_connect(&dma[0], 3, &three);
    set_up(2, 0x1000, 64, SINGLE | WRITE);
    set_up(3, 0x1000, 64, SINGLE | WRITE);
    for (unsigned i = 0; i < 2; i++) {
        uint8_t command = _i ? 0x10 : 0;
        orders = 0;
        write_register(0, COMMAND, command | 4);
        i8237_request(&dma[0], 3, true);
        i8237_request(&dma[0], 2, true);
        write_register(0, COMMAND, command);
        ck_assert_uint_eq(orders, 2);
        ck_assert_uint_eq(order[0], 2);
    }
    if (!_i)
        return;
    i8237_request(&dma[0], 2, true); /* which comes last, then */
    orders = 0;
    write_register(0, COMMAND, 0x14);
    i8237_request(&dma[0], 3, true);
    i8237_request(&dma[0], 2, true);
    write_register(0, COMMAND, 0x10);
    ck_assert_uint_eq(order[0], 3);
}
END_TEST

/* Beyond RAM, with every mode; nothing may end the program, or not end. */
START_TEST(hostile_guest)
{
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&state);
        write_register(r & 1, r >> 1 & 15, (uint8_t)(r >> 8));
        pages.page[r >> 4 & 15] = (uint8_t)(r >> 16);
        if (r & 0x30000)
            read_register(r & 1, r >> 9 & 15);
        else
            ask(r >> 2 & 0x3fff);
    }
}
END_TEST

Suite *i8237_suite(void)
{
    Suite *suite = suite_create("i8237");
    TCase *c = tcase_create("i8237");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, to_memory);
    tcase_add_test(c, from_memory);
    tcase_add_test(c, verify_moves_nothing);
    tcase_add_test(c, downwards);
    tcase_add_test(c, pages_stay);
    tcase_add_test(c, auto_initialize);
    tcase_add_test(c, words);
    tcase_add_test(c, masked_and_disabled);
    tcase_add_test(c, cascade);
    tcase_add_test(c, requests_by_the_guest);
    tcase_add_test(c, memory_to_memory);
    tcase_add_loop_test(c, priorities, 0, 2);
    tcase_add_loop_test(c, hostile_guest, 1, 6);
    suite_add_tcase(suite, c);
    return suite;
}
