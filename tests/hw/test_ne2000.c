/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The NE2000: its memory by the data port, its ring, sending, filters; on either bus. */
#include "hw/net/ne2000.h"

#include "hw/net/net_checksum.h"
#include "tests/hw/fake_net.h"
#include "tests/hw/fixture.h"

#include <string.h>

enum { CR, START, STOP, BOUNDARY, SEND_PAGE, SEND_LOW, SEND_HIGH, ISR, REMOTE_LOW, REMOTE_HIGH };
enum { COUNT_LOW = 10, COUNT_HIGH, RCR, TCR, DCR, IMR, DATA, RESET = 0x1f };
enum { FIRST_PAGE = 0x46, LAST_PAGE = 0x80 };

static const uint8_t mac[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

static struct ne2000 card;
static struct fake_net net;
static struct wire irq;

static void out(unsigned offset, uint32_t value)
{
    ne2000_write(&card, offset, value, 1);
}

static uint32_t in(unsigned offset)
{
    return ne2000_read(&card, offset, 1);
}

static void set_remote(uint16_t at, uint16_t count, uint8_t command)
{
    out(REMOTE_LOW, at & 0xff);
    out(REMOTE_HIGH, at >> 8);
    out(COUNT_LOW, count & 0xff);
    out(COUNT_HIGH, count >> 8);
    out(CR, command);
}

static void peek(uint16_t at, uint8_t *to, uint16_t size)
{
    set_remote(at, size, 0x0a);
    for (uint16_t i = 0; i < size; i += 2) {
        uint32_t word = ne2000_read(&card, DATA, 2);
        memcpy(to + i, &word, 2);
    }
}

static void poke(uint16_t at, const uint8_t *from, uint16_t size)
{
    set_remote(at, size, 0x12);
    for (uint16_t i = 0; i < size; i += 2)
        ne2000_write(&card, DATA, from[i] | (uint32_t)from[i + 1] << 8, 2);
}

static void set_current(uint8_t page)
{
    out(CR, 0x62);
    out(ISR, page); /* CURR there */
    out(CR, 0x22);
}

static uint32_t current(void)
{
    out(CR, 0x62);
    uint32_t page = in(ISR);
    out(CR, 0x22);
    return page;
}

static void setup(void)
{
    fake_net_init(&net);
    ne2000_init(&card, &net.net, wire_line(&irq), mac);
    ne2000_device.reset(&card);
    out(CR, 0x21);
    out(DCR, 0x49);
    out(START, FIRST_PAGE);
    out(STOP, LAST_PAGE);
    out(BOUNDARY, FIRST_PAGE);
    out(RCR, 0x04);
    out(TCR, 0);
    out(ISR, 0xff);
    out(IMR, 0x7f);
    set_current(FIRST_PAGE + 1);
}

START_TEST(the_address_is_in_the_prom)
{
    uint8_t prom[32];
    peek(0, prom, sizeof prom);
    for (unsigned i = 0; i < 6; i++)
        ck_assert(prom[2 * i] == mac[i] && prom[2 * i + 1] == mac[i]);
    ck_assert(prom[28] == 'W' && prom[30] == 'W');
    set_remote(0, 12, 0x0a);
    for (unsigned i = 0; i < 6; i++) /* a byte moves on by a word */
        ck_assert_uint_eq(in(DATA), mac[i]);
    ck_assert_uint_eq(in(ISR)&0x40, 0x40);
}
END_TEST

START_TEST(what_is_put_into_memory_is_sent)
{
    uint8_t frame[100];
    for (unsigned i = 0; i < sizeof frame; i++)
        frame[i] = (uint8_t)(i * 5);
    poke(0x4000, frame, sizeof frame);
    out(ISR, 0xff);
    out(SEND_PAGE, 0x40);
    out(SEND_LOW, sizeof frame);
    out(SEND_HIGH, 0);
    net.full = true;
    out(CR, 0x26);
    ck_assert_uint_eq(in(CR), 0x26);
    net.full = false;
    net.net.card.resume(net.net.card.card);
    ck_assert_uint_eq(in(CR), 0x22);
    ck_assert_uint_eq(fake_net_last(&net)->size, sizeof frame);
    ck_assert_mem_eq(fake_net_last(&net)->bytes, frame, sizeof frame);
    ck_assert(irq.level);
    ck_assert_uint_eq(in(ISR), 0x02);
    out(ISR, 0x02);
    ck_assert(!irq.level);
}
END_TEST

/* Frames of five pages each, until they have gone round the ring. */
START_TEST(packets_come_into_the_ring)
{
    static uint8_t frame[1200], back[1204];
    memcpy(frame, mac, 6);
    for (unsigned i = 6; i < sizeof frame; i++)
        frame[i] = (uint8_t)(i * 3 + i / 256);
    unsigned page = FIRST_PAGE + 1;
    for (unsigned n = 0; n < 30; n++) {
        ck_assert(fake_net_give(&net, frame, sizeof frame));
        peek((uint16_t)(page * 256), back, sizeof back);
        page = page + 5 < LAST_PAGE ? page + 5 : page + 5 - LAST_PAGE + FIRST_PAGE;
        ck_assert_uint_eq(back[0], 1);
        ck_assert_uint_eq(back[1], page);
        ck_assert_uint_eq(back[2] | back[3] << 8, 1204);
        ck_assert_mem_eq(back + 4, frame, sizeof frame);
        ck_assert_uint_eq(current(), page);
        out(BOUNDARY, page > FIRST_PAGE ? page - 1 : LAST_PAGE - 1);
    }
}
END_TEST

START_TEST(in_a_full_ring_frames_wait)
{
    static uint8_t frame[1500];
    unsigned count = 0;
    memcpy(frame, mac, 6);
    while (fake_net_give(&net, frame, sizeof frame))
        count++;
    ck_assert_uint_eq(count, (LAST_PAGE - FIRST_PAGE - 1) / 6);
    out(BOUNDARY, FIRST_PAGE + 6);
    ck_assert_uint_eq(net.waiting_size, 0);
    out(ISR, 1); /* which a driver does that comes back for the rest only if it is told to */
    ck_assert_uint_eq(in(ISR)&1, 1);
    out(BOUNDARY, current() - 1);
    out(ISR, 1);
    ck_assert_uint_eq(in(ISR)&1, 0);
}
END_TEST

static bool is_received(const char *destination)
{
    static uint8_t frame[64];
    uint32_t before = current();
    memcpy(frame, destination, 6);
    fake_net_give(&net, frame, sizeof frame);
    bool is = current() != before;
    out(BOUNDARY, before);
    return is;
}

START_TEST(addresses_are_filtered)
{
    unsigned hash = net_crc((const uint8_t *)"\x01\0\x5e\0\0\xfb", 6) >> 26;
    ck_assert(is_received("\x52\x54\x00\x12\x34\x56"));
    ck_assert(is_received("\xff\xff\xff\xff\xff\xff"));
    ck_assert(!is_received("\x52\x54\x00\x12\x34\x57"));
    out(RCR, 0x08);
    ck_assert(!is_received("\xff\xff\xff\xff\xff\xff"));
    ck_assert(!is_received("\x01\x00\x5e\x00\x00\xfb"));
    out(CR, 0x62);
    out(8 + hash / 8, 1u << hash % 8);
    out(CR, 0x22);
    ck_assert(is_received("\x01\x00\x5e\x00\x00\xfb"));
    out(RCR, 0x10);
    ck_assert(is_received("\x52\x54\x00\x12\x34\x57"));
    out(RCR, 0x30); /* monitor */
    ck_assert(!is_received("\x52\x54\x00\x12\x34\x57"));
}
END_TEST

START_TEST(it_runs_until_it_is_stopped)
{
    out(CR, 0x00);
    ck_assert(is_received("\xff\xff\xff\xff\xff\xff"));
    out(CR, 0x21);
    static const uint8_t frame[64] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    fake_net_give(&net, frame, sizeof frame);
    out(CR, 0x61);
    ck_assert_uint_eq(in(ISR), FIRST_PAGE + 2);
}
END_TEST

START_TEST(reading_the_reset_port_resets)
{
    in(RESET);
    ck_assert_uint_eq(in(ISR), 0x80);
    ck_assert_uint_eq(in(CR), 0x21);
    ck_assert(!irq.level);
}
END_TEST

START_TEST(wild_registers_end)
{
    static uint8_t frame[1514];
    uint32_t random = (uint32_t)_i;
    memcpy(frame, mac, 6);
    for (unsigned i = 0; i < 50000; i++) {
        uint32_t r = next_random(&random);
        if (r & 0x100)
            ne2000_write(&card, r % 24, next_random(&random), 1u << (r >> 5) % 3);
        else
            ne2000_read(&card, r % 24, 1u << (r >> 5) % 3);
        if (i % 8 == 0)
            out(CR, 0x22 | (next_random(&random) & 4));
        if (i % 8 == 4)
            fake_net_give(&net, frame, NET_HEADER + r % 1500);
    }
}
END_TEST

Suite *ne2000_suite(void)
{
    Suite *suite = suite_create("ne2000");
    TCase *c = tcase_create("NE2000");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, the_address_is_in_the_prom);
    tcase_add_test(c, what_is_put_into_memory_is_sent);
    tcase_add_test(c, packets_come_into_the_ring);
    tcase_add_test(c, in_a_full_ring_frames_wait);
    tcase_add_test(c, addresses_are_filtered);
    tcase_add_test(c, it_runs_until_it_is_stopped);
    tcase_add_test(c, reading_the_reset_port_resets);
    tcase_add_loop_test(c, wild_registers_end, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
