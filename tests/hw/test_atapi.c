/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CD-ROM drive: packets by PIO and DMA, what it says of itself and the disc, the tray. */
#include "hw/disk/ide.h"
#include "tests/hw/fake_disk.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <errno.h>
#include <string.h>

enum { BLOCKS = 500, BLOCK = 2048, RAM = 4 << 20, TABLE = 0x1000, DATA_AT = 0x100000 };
enum { DATA, ERROR, COUNT, LOW, MID, HIGH, DEVICE, STATUS };
enum { DONE = 3, TO_HOST = 2 };

static struct memory *memory;
static struct ide_channel channel;
static struct ide_drive *drive;
static struct wire irq;
static struct fake_disk fake;
static struct wire tray;
static uint8_t bytes[BLOCKS * BLOCK];
static uint8_t reply[128 * 1024];

static void setup(void)
{
    const char *error = "";
    memory = memory_create(RAM, &error);
    ck_assert_ptr_nonnull(memory);
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i / BLOCK + i);
    fake_disk_init(&fake, bytes, sizeof bytes);
    ide_init(&channel, 1, memory, wire_line(&irq));
    ide_attach(&channel, 0, &fake.disk, true);
    drive = &channel.drive[0];
    drive->tray = wire_line(&tray);
    ide_device.reset(&channel);
}

static void teardown(void)
{
    memory_destroy(memory);
}

static uint32_t in(unsigned offset)
{
    return ide_read(&channel, offset, 1);
}

static void out(unsigned offset, uint32_t value)
{
    ide_write(&channel, offset, value, 1);
}

static uint32_t status(void)
{
    while (fake_disk_deliver(&fake))
        ;
    return in(STATUS);
}

static void send_packet(const uint8_t *packet, unsigned limit, unsigned features)
{
    out(DEVICE, 0);
    out(ERROR, features);
    out(MID, limit & 0xff);
    out(HIGH, limit >> 8);
    out(STATUS, 0xa0);
    ck_assert_uint_eq(in(STATUS), 0x58);
    ck_assert_uint_eq(in(COUNT), 1);
    for (unsigned i = 0; i < 12; i += 2)
        ide_write(&channel, DATA, packet[i] | (uint32_t)packet[i + 1] << 8, 2);
}

/* All that comes, by PIO; how many bytes. */
static unsigned take_reply(unsigned limit)
{
    unsigned size = 0;
    while (status() & 0x08) {
        unsigned n = in(MID) | in(HIGH) << 8;
        ck_assert_uint_eq(in(COUNT), TO_HOST);
        ck_assert_uint_gt(n, 0);
        ck_assert_uint_le(n, limit);
        for (unsigned end = size + n; size < end; size += 2) {
            uint32_t word = ide_read(&channel, DATA, 2);
            memcpy(reply + size, &word, 2);
        }
        size -= n & 1;
    }
    ck_assert_uint_eq(in(COUNT), DONE);
    return size;
}

static unsigned packet(const uint8_t *p)
{
    memset(reply, 0xee, 64);
    send_packet(p, 0xfffe, 0);
    return take_reply(0xfffe);
}
#define PACKET(...) packet((const uint8_t[12]){__VA_ARGS__})

/* Key, and code, of what has just failed. */
static void expect_failure(unsigned key, unsigned code)
{
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(ERROR) >> 4, key);
    ck_assert_uint_eq(PACKET(0x03, 0, 0, 0, 18), 18);
    ck_assert_uint_eq(reply[0], 0x70);
    ck_assert_uint_eq(reply[2], key);
    ck_assert_uint_eq((unsigned)reply[12] << 8 | reply[13], code);
    PACKET(0x03, 0, 0, 0, 18);
    ck_assert_uint_eq(reply[2], 0);
}

START_TEST(tells_what_it_is)
{
    ck_assert_uint_eq(in(STATUS), 0x00);
    ck_assert_uint_eq(in(MID) | in(HIGH) << 8, 0xeb14);
    out(STATUS, 0xec); /* IDENTIFY DEVICE */
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(MID) | in(HIGH) << 8, 0xeb14);
    out(STATUS, 0xa1);
    ck_assert_uint_eq(status(), 0x58);
    ck_assert_uint_eq(ide_read(&channel, DATA, 2), 0x85c0);
    out(STATUS, 0x08); /* DEVICE RESET, whatever it does */
    ck_assert_uint_eq(in(STATUS), 0x00);
    ck_assert_uint_eq(PACKET(0x12, 0, 0, 0, 36), 36);
    ck_assert_uint_eq(reply[0], 5);
    ck_assert_mem_eq(reply + 8, "TESSERA ", 8);
    ck_assert_uint_eq(PACKET(0x12, 0, 0, 0, 5), 5);
}
END_TEST

START_TEST(reads)
{
    static const unsigned limits[] = {0xfffe, 2048, 4096, 3000, 512};
    const uint8_t p[12] = {0x28, 0, 0, 0, 0, 100, 0, 0, 50};
    send_packet(p, limits[_i], 0);
    ck_assert_uint_eq(take_reply(limits[_i]), 50 * BLOCK);
    ck_assert_mem_eq(reply, bytes + 100 * BLOCK, 50 * BLOCK);
}
END_TEST

static void start_dma(uint32_t size)
{
    memory_write(memory, TABLE, DATA_AT, 4);
    memory_write(memory, TABLE + 4, 0, 4);
    memory_write(memory, TABLE + 8, DATA_AT + 0x10000, 4);
    memory_write(memory, TABLE + 12, (size & 0xffff) | 0x80000000u, 4);
    for (unsigned i = 0; i < 4; i++)
        ide_master_write(&channel, 4 + i, (uint8_t)(TABLE >> 8 * i));
    ide_master_write(&channel, 0, 0x09);
}

START_TEST(reads_by_dma)
{
    static uint8_t there[60 * BLOCK];
    const uint8_t p[12] = {0xa8, 0, 0, 0, 0, 7, 0, 0, 0, 60};
    start_dma(60 * BLOCK - 0x10000);
    send_packet(p, 0, 1);
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(ide_master_read(&channel, 2), 0x04);
    ck_assert_uint_eq(in(COUNT), DONE);
    ck_assert(memory_copy_out(memory, there, DATA_AT, sizeof there));
    ck_assert_mem_eq(there, bytes + 7 * BLOCK, sizeof there);
}
END_TEST

/* Small replies, too, can be asked for by DMA. */
START_TEST(replies_by_dma)
{
    const uint8_t p[12] = {0x25};
    send_packet(p, 0, 1);
    ck_assert_uint_eq(status(), 0x58);
    start_dma(8);
    ck_assert_uint_eq(status(), 0x50);
    ck_assert_uint_eq(memory_read(memory, DATA_AT, 4), (BLOCKS - 1) >> 8 << 16 | 0xf3000000u);
}
END_TEST

START_TEST(whole_blocks)
{
    ck_assert_uint_eq(PACKET(0xbe, 0, 0, 0, 0, 20, 0, 0, 5, 0xf8), 5 * 2352);
    for (unsigned i = 0; i < 5; i++) {
        const uint8_t *raw = reply + (size_t)i * 2352;
        ck_assert_mem_eq(raw, "\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0", 12);
        ck_assert_uint_eq(raw[13], 0x02); /* 00:02:20 and on */
        ck_assert_uint_eq(raw[14], 0x20 + i);
        ck_assert_uint_eq(raw[15], 1);
        ck_assert_mem_eq(raw + 16, bytes + (size_t)(20 + i) * BLOCK, BLOCK);
    }
    ck_assert_uint_eq(PACKET(0xbe, 0, 0, 0, 0, 20, 0, 0, 5, 0x10), 5 * BLOCK);
    ck_assert_uint_eq(PACKET(0xbe, 0, 0, 0, 0, 20, 0, 0, 5, 0x00), 0);
    ck_assert_uint_eq(PACKET(0xb9, 0, 0, 0, 2, 10, 0, 2, 12, 0x10), 2 * BLOCK);
    ck_assert_mem_eq(reply, bytes + 10 * BLOCK, 2 * BLOCK);
    PACKET(0xbe, 0, 0, 0, 0, 20, 0, 0, 5, 0x20);
    expect_failure(5, 0x2400);
}
END_TEST

START_TEST(errors)
{
    PACKET(0x28, 0, 0, 0, (BLOCKS - 1) >> 8, (BLOCKS - 1) & 0xff, 0, 0, 2);
    expect_failure(5, 0x2100);
    PACKET(0x28, 0, 0xff, 0xff, 0xff, 0xff, 0, 0xff, 0xff);
    expect_failure(5, 0x2100);
    PACKET(0xff);
    expect_failure(5, 0x2000);
    fake.error = EIO;
    PACKET(0x28, 0, 0, 0, 0, 0, 0, 0, 1);
    expect_failure(3, 0x1100);
    out(STATUS, 0x20); /* a disk's command */
    ck_assert_uint_eq(status(), 0x51);
    ck_assert_uint_eq(in(MID) | in(HIGH) << 8, 0xeb14);
}
END_TEST

START_TEST(table_of_contents)
{
    PACKET(0x43, 0, 0, 0, 0, 0, 0, 0, 20);
    static const uint8_t toc[] = {0, 18, 1, 1,    0,    0x14, 1, 0, 0,           0,
                                  0, 0,  0, 0x14, 0xaa, 0,    0, 0, BLOCKS >> 8, BLOCKS & 0xff};
    ck_assert_mem_eq(reply, toc, sizeof toc);
    ck_assert_uint_eq(PACKET(0x43, 2, 0, 0, 0, 0, 0xaa, 0, 12), 12);
    ck_assert_mem_eq(reply + 8, "\0\0\x08\x32", 4); /* 500 + 150 frames: 8 s, 50 */
    ck_assert_uint_eq(PACKET(0x43, 0, 1, 0, 0, 0, 0, 1, 0), 12);
    ck_assert_uint_eq(PACKET(0x43, 2, 2, 0, 0, 0, 0, 1, 0), 4 + 4 * 11);
    ck_assert_uint_eq(PACKET(0x43, 0, 0, 0, 0, 0, 0, 0, 20, 0x40), 12); /* as SFF-8020 has it */
    PACKET(0x43, 0, 5, 0, 0, 0, 0, 1, 0);
    expect_failure(5, 0x2400);
}
END_TEST

START_TEST(what_it_says)
{
    ck_assert_uint_eq(PACKET(0x25), 8);
    ck_assert_uint_eq(PACKET(0x5a, 0, 0x3f, 0, 0, 0, 0, 1, 0), 8 + 8 + 16 + 20);
    ck_assert_uint_eq(reply[1], 8 + 8 + 16 + 20 - 2);
    ck_assert_uint_eq(PACKET(0x1a, 0, 0x2a, 0, 0xff), 4 + 20);
    ck_assert_uint_eq(reply[4], 0x2a);
    PACKET(0x5a, 0, 0x05, 0, 0, 0, 0, 1, 0);
    expect_failure(5, 0x2400);
    ck_assert_uint_gt(PACKET(0x46, 0, 0, 0, 0, 0, 0, 1, 0), 8);
    ck_assert_uint_eq(reply[7], 0x08); /* a CD */
    ck_assert_uint_eq(PACKET(0x46, 2, 0, 0x1e, 0, 0, 0, 1, 0), 16);
    ck_assert_uint_eq(PACKET(0x51, 0, 0, 0, 0, 0, 0, 1, 0), 34);
    ck_assert_uint_eq(PACKET(0x52, 0, 0, 0, 0, 0, 0, 1, 0), 36);
    ck_assert_uint_eq(PACKET(0x42, 2, 0x40, 1, 0, 0, 0, 1, 0), 16);
    ck_assert_uint_eq(PACKET(0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8), 8);
    ck_assert_uint_eq(PACKET(0xad, 0, 0, 0, 0, 0, 0, 0, 0x10, 0), 2052);
    ck_assert_uint_eq(PACKET(0x2b, 0, 0, 0, 0, 5), 0);
    ck_assert_uint_eq(PACKET(0xbb), 0);
}
END_TEST

static void expect_event(unsigned event, unsigned state)
{
    ck_assert_uint_eq(PACKET(0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8), 8);
    ck_assert_uint_eq(reply[2], 4);
    ck_assert_uint_eq(reply[4], event);
    ck_assert_uint_eq(reply[5], state);
}

START_TEST(the_guest_opens_the_tray)
{
    PACKET(0x00);
    ck_assert_uint_eq(status(), 0x50);
    PACKET(0x1e, 0, 0, 0, 1); /* locked */
    PACKET(0x1b, 0, 0, 0, 2);
    expect_failure(5, 0x5302);
    PACKET(0x1e, 0, 0, 0, 0);
    PACKET(0x1b, 0, 0, 0, 2);
    ck_assert_uint_eq(status(), 0x50);
    PACKET(0x00);
    expect_failure(2, 0x3a02);
    expect_event(3, 1);
    expect_event(0, 1);
    PACKET(0x1b, 0, 0, 0, 3); /* close */
    PACKET(0x00);
    expect_failure(6, 0x2800);
    PACKET(0x00);
    ck_assert_uint_eq(status(), 0x50);
    expect_event(2, 2);
}
END_TEST

START_TEST(the_disc_is_changed)
{
    static uint8_t small[2 * BLOCK];
    struct fake_disk other;
    fake_disk_init(&other, small, sizeof small);
    PACKET(0x1e, 0, 0, 0, 1);
    ck_assert(!atapi_eject(drive, false));
    expect_event(1, 2);
    ck_assert(!tray.level);
    ck_assert(atapi_eject(drive, true));
    ck_assert(tray.level);
    PACKET(0x00);
    expect_failure(2, 0x3a02);
    ck_assert_ptr_eq(atapi_change(drive, &other.disk), &fake.disk);
    ck_assert(!tray.level);
    PACKET(0x25);
    expect_failure(6, 0x2800);
    PACKET(0x25);
    ck_assert_uint_eq(reply[3], 1);
    ck_assert_ptr_eq(atapi_change(drive, NULL), &other.disk);
    PACKET(0x00);
    expect_failure(2, 0x3a01);
    PACKET(0x28, 0, 0, 0, 0, 0, 0, 0, 1);
    expect_failure(2, 0x3a01);
}
END_TEST

/* By the button, as a user does: what was in has gone, and the tray is still open. */
START_TEST(the_disc_is_taken_out)
{
    PACKET(0x00);
    ck_assert(atapi_eject(drive, false));
    atapi_change(drive, NULL);
    ck_assert(tray.level);
    PACKET(0x00);
    expect_failure(2, 0x3a02);
    expect_event(3, 1);
    ck_assert(atapi_eject(drive, false));
    PACKET(0x1b, 0, 0, 0, 3);
    ck_assert(!tray.level);
    ck_assert_uint_eq(tray.rises, 1);
    PACKET(0x00);
    expect_failure(2, 0x3a01);
}
END_TEST

/* While a request is under way. */
START_TEST(the_disc_goes)
{
    const uint8_t p[12] = {0x28, 0, 0, 0, 0, 0, 0, 0, 1};
    send_packet(p, 0xfffe, 0);
    ck_assert_ptr_nonnull(fake.first);
    atapi_change(drive, NULL);
    ck_assert_ptr_null(fake.first);
    expect_failure(2, 0x3a01);
}
END_TEST

/* With few bits set: small numbers, mostly. */
static uint32_t next_rare(uint32_t *random)
{
    uint32_t bits = next_random(random);
    bits &= next_random(random);
    return bits & next_random(random);
}

static void any_packet(uint32_t *random)
{
    static const uint8_t codes[] = {0x28, 0xa8, 0xbe, 0xb9, 0x43, 0x46, 0x5a, 0x1a, 0x12, 0x51};
    uint32_t r = next_random(random);
    out(ERROR, r & 1);
    out(MID, r >> 8);
    out(HIGH, r >> 12 & r >> 4);
    out(STATUS, 0xa0);
    for (unsigned i = 0; i < 6; i++) {
        uint32_t word = next_rare(random);
        if (i == 0 && r & 2)
            word = (word & 0xff00) | codes[(r >> 16) % 10];
        ide_write(&channel, DATA, word & 0xffff, 2);
    }
    if (r & 4)
        ide_master_write(&channel, 0, (uint8_t)(r >> 5));
}

START_TEST(hostile_guest)
{
    uint32_t random = (uint32_t)_i;
    start_dma(0x8000);
    for (unsigned i = 0; i < 30000; i++) {
        any_packet(&random);
        for (unsigned n = next_random(&random) % 512; n; n--)
            ide_read(&channel, DATA, 4);
        if (next_random(&random) % 4)
            fake_disk_deliver(&fake);
        fake.error = next_random(&random) % 64 ? 0 : EIO;
        if (next_random(&random) % 32 == 0)
            out(STATUS, 0x08);
        if (next_random(&random) % 128 == 0)
            atapi_change(drive, next_random(&random) & 1 ? &fake.disk : NULL);
    }
}
END_TEST

Suite *atapi_suite(void)
{
    Suite *suite = suite_create("atapi");
    TCase *c = tcase_create("atapi");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, tells_what_it_is);
    tcase_add_loop_test(c, reads, 0, 5);
    tcase_add_test(c, reads_by_dma);
    tcase_add_test(c, replies_by_dma);
    tcase_add_test(c, whole_blocks);
    tcase_add_test(c, errors);
    tcase_add_test(c, table_of_contents);
    tcase_add_test(c, what_it_says);
    tcase_add_test(c, the_guest_opens_the_tray);
    tcase_add_test(c, the_disc_is_changed);
    tcase_add_test(c, the_disc_is_taken_out);
    tcase_add_test(c, the_disc_goes);
    tcase_add_loop_test(c, hostile_guest, 1, 4);
    suite_add_tcase(suite, c);
    return suite;
}
