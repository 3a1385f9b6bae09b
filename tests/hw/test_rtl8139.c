/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The RTL8139C+: EEPROM, its four transmitters and ring, its descriptors, filters, timer. */
#include "hw/net/rtl8139_internal.h"

#include "hw/net/net_checksum.h"
#include "tests/hw/card_stage.h"

enum { RING = 0x100000, SENDING = 0x2000 };
enum { RECEIVING = 0x3000, DATA = 0x80000, BUFFERS = 0x90000 };

static const uint8_t mac[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

static struct card_stage stage;
static struct rtl8139 card;

static void set(unsigned offset, uint32_t value, unsigned size)
{
    memory_write(stage.memory, STAGE_REGISTERS + offset, value, size);
}

static uint32_t get(unsigned offset, unsigned size)
{
    return memory_read(stage.memory, STAGE_REGISTERS + offset, size);
}

static void setup(void)
{
    stage_open(&stage);
    ck_assert(rtl8139_init(&card, stage.timers, stage.memory, &stage.bus, STAGE_SLOT,
                           &stage.net.net, mac));
    rtl8139_device.reset(&card);
    stage_enable(&stage, 1);
    set(RBSTART, RING, 4);
    set(CR, CR_TE | CR_RE, 1);
    set(RCR, RCR_APM | RCR_AB, 4);
    set(IMR, 0xffff, 2);
}

static void teardown(void)
{
    stage_close(&stage);
}

static void to_us(uint8_t *frame, size_t size)
{
    for (size_t i = 0; i < size; i++)
        frame[i] = (uint8_t)(i * 3 + i / 256);
    memcpy(frame, mac, 6);
}

/* --- EEPROM --- */

static void clock_bits(uint32_t bits, unsigned count)
{
    while (count--) {
        uint32_t lines = 0x88 | (bits >> count & 1) << 1;
        set(EECR, lines, 1);
        set(EECR, lines | 4, 1);
    }
}

static uint16_t read_word(unsigned address)
{
    uint16_t word = 0;
    set(EECR, 0x80, 1);
    clock_bits(6 << 6 | address, 9);
    for (unsigned i = 0; i < 16; i++) {
        clock_bits(0, 1);
        word = (uint16_t)(word << 1 | (get(EECR, 1) & 1));
    }
    set(EECR, 0, 1);
    return word;
}

START_TEST(eeprom_has_the_address)
{
    ck_assert_uint_eq(read_word(0), 0x8129);
    ck_assert_uint_eq(read_word(7), 0x5452);
    ck_assert_uint_eq(get(IDR, 4), 0x12005452);
    set(IDR, 0, 4);
    set(EECR, 0x40, 1); /* loads it again */
    ck_assert_uint_eq(get(IDR, 4), 0x12005452);
}
END_TEST

START_TEST(the_link_is_told_of)
{
    ck_assert_uint_eq(get(BMSR, 2) & 0x24, 0x24);
    ck_assert_uint_eq(get(MSR, 1) & 4, 0);
    card.net = NULL;
    ck_assert_uint_eq(get(BMSR, 2) & 0x24, 0);
    ck_assert_uint_eq(get(MSR, 1) & 4, 4);
}
END_TEST

/* --- four transmitters and a ring --- */

START_TEST(buffers_are_sent)
{
    uint8_t frame[100];
    to_us(frame, sizeof frame);
    memory_copy_in(stage.memory, DATA, frame, sizeof frame);
    for (unsigned i = 0; i < 4; i++) {
        set(TSAD + 4 * i, DATA, 4);
        set(TSD + 4 * i, i ? 100 : 30, 4);
        ck_assert_uint_eq(get(TSD + 4 * i, 4) & 0xe000, 0xa000);
        ck_assert_uint_eq(fake_net_last(&stage.net)->size, i ? 100 : 60);
    }
    ck_assert_uint_eq(stage.net.sent, 4);
    ck_assert_mem_eq(fake_net_last(&stage.net)->bytes, frame, 100);
    ck_assert_uint_eq(get(TSADS, 2), 0xf00f);
    ck_assert(stage.irq.level);
    set(ISR, TOK, 2);
    ck_assert(!stage.irq.level);
    stage.net.full = true;
    set(TSD, 100, 4);
    ck_assert_uint_eq(get(TSD, 4) & TSD_OWN, 0);
    stage.net.full = false;
    stage.net.net.card.resume(stage.net.net.card.card);
    ck_assert_uint_eq(get(TSD, 4) & TSD_OWN, TSD_OWN);
    ck_assert_uint_eq(stage.net.sent, 5);
}
END_TEST

static uint32_t ring(uint32_t at, unsigned size)
{
    return memory_read(stage.memory, RING + at, size);
}

START_TEST(packets_come_into_the_ring)
{
    static uint8_t frame[1000];
    to_us(frame, sizeof frame);
    ck_assert_uint_eq(get(CR, 1) & CR_BUFE, CR_BUFE);
    ck_assert(fake_net_give(&stage.net, frame, sizeof frame));
    ck_assert_uint_eq(get(CR, 1) & CR_BUFE, 0);
    ck_assert_uint_eq(ring(0, 4), 1004u << 16 | 0x4001);
    ck_assert_uint_eq(ring(4 + 999, 1), frame[999]);
    ck_assert_uint_eq(get(CBR, 2), 1008);
    ck_assert_uint_eq(get(ISR, 2), ROK);
    for (unsigned i = 1; i < 8; i++)
        ck_assert(fake_net_give(&stage.net, frame, sizeof frame));
    ck_assert(!fake_net_give(&stage.net, frame, sizeof frame)); /* waits: the ring is full */
    set(CAPR, 1008 - 16, 2);
    ck_assert_uint_eq(stage.net.waiting_size,
                      0); /* begins before the end, and goes on at the start */
    ck_assert_uint_eq(ring(8 * 1008, 4), 1004u << 16 | 0x4001);
    ck_assert_uint_eq(ring(0, 1), frame[8192 - 8 * 1008 - 4]);
    ck_assert_uint_eq(get(CBR, 2), 9 * 1008 - 8192);
}
END_TEST

static bool is_received(const char *destination)
{
    static uint8_t frame[64];
    uint32_t before = get(CBR, 2);
    memcpy(frame, destination, 6);
    fake_net_give(&stage.net, frame, sizeof frame);
    bool is = get(CBR, 2) != before;
    set(CAPR, get(CBR, 2) - 16, 2);
    return is;
}

START_TEST(addresses_are_filtered)
{
    unsigned hash = net_crc((const uint8_t *)"\x01\0\x5e\0\0\xfb", 6) >> 26;
    ck_assert(is_received("\x52\x54\x00\x12\x34\x56"));
    ck_assert(is_received("\xff\xff\xff\xff\xff\xff"));
    ck_assert(!is_received("\x52\x54\x00\x12\x34\x57"));
    set(RCR, RCR_APM | RCR_AM, 4);
    ck_assert(!is_received("\xff\xff\xff\xff\xff\xff"));
    ck_assert(!is_received("\x01\x00\x5e\x00\x00\xfb"));
    set(MAR + hash / 8, 1u << hash % 8, 1);
    ck_assert(is_received("\x01\x00\x5e\x00\x00\xfb"));
    set(RCR, RCR_AAP, 4);
    ck_assert(is_received("\x52\x54\x00\x12\x34\x57"));
}
END_TEST

/* --- descriptors --- */

static void descriptor(uint32_t at, uint32_t control, uint32_t tag, uint32_t buffer)
{
    const uint32_t d[] = {control, tag, buffer, 0};
    memory_copy_in(stage.memory, at, d, sizeof d);
}

static void use_descriptors(void)
{
    set(CPCR, CPCR_TRANSMIT | CPCR_RECEIVE | CPCR_CHECKSUM | CPCR_UNTAG, 2);
    set(TNPDS, SENDING, 4);
    set(TNPDS + 4, 0, 4);
    set(RDSAR, RECEIVING, 4);
}

static void put(uint8_t *to, const char *bytes, size_t size)
{
    memcpy(to, bytes, size);
}

static size_t make_tcp(uint8_t *frame, size_t payload)
{
    size_t size = 54 + payload;
    to_us(frame, size);
    put(frame + 12, "\x08\0\x45\0\0\0\0\xff\0\0\x40\x06\0\0\x0a\0\2\x0f\x0a\0\2\2", 22);
    net_store16(frame + 16, (uint32_t)(size - 14));
    put(frame + 34, "\x12\x34\0\x50\xff\xff\xff\0\0\0\0\1\x50\x19\x10\0\0\0\0\0", 20);
    return size;
}

START_TEST(descriptors_are_sent_with_sums)
{
    uint8_t frame[300];
    size_t size = make_tcp(frame, 101);
    use_descriptors();
    memory_copy_in(stage.memory, DATA, frame, size);
    descriptor(SENDING, 0xa0000000u | 50, 0, DATA);
    descriptor(SENDING + 16, 0xd0050000u | (uint32_t)(size - 50), 0x20000 | 0x0520, DATA + 50);
    set(TPPOLL, 0x40, 1);
    const struct fake_frame *sent = fake_net_last(&stage.net);
    ck_assert_uint_eq(sent->size, size + 4);
    ck_assert_mem_eq(sent->bytes + 12, "\x81\0\x20\x05\x08\0", 6);
    ck_assert_uint_eq(memory_read(stage.memory, SENDING, 4), 0x20000000u | 50);
    ck_assert_uint_eq(get(TPPOLL, 1), 0);
    ck_assert_uint_eq(get(ISR, 2), TOK | TDU);
    /* The last descriptor's sums count. */
    const struct net_layout l = net_layout(sent->bytes, sent->size);
    ck_assert(l.tcp && net_ip_is_good(&l, sent->bytes) && net_above_is_good(&l, sent->bytes));
}
END_TEST

START_TEST(a_large_send_becomes_frames)
{
    static uint8_t frame[4000];
    size_t size = make_tcp(frame, 2500);
    use_descriptors();
    memory_copy_in(stage.memory, DATA, frame, size);
    descriptor(SENDING, 0xf8000000u | 1000u << 16 | (uint32_t)size, 0, DATA);
    set(TPPOLL, 0x40, 1);
    ck_assert_uint_eq(stage.net.sent, 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct fake_frame *f = &stage.net.frame[i];
        const struct net_layout l = net_layout(f->bytes, f->size);
        ck_assert_uint_eq(f->size, i < 2 ? 1054 : 554);
        ck_assert(l.tcp && net_ip_is_good(&l, f->bytes) && net_above_is_good(&l, f->bytes));
        ck_assert_uint_eq(net_load32(f->bytes + 38), 0xffffff00u + 1000 * i);
        ck_assert_uint_eq(f->bytes[47], i < 2 ? 0x10 : 0x19);
        ck_assert_mem_eq(f->bytes + 54, frame + 54 + 1000 * i, f->size - 54);
    }
}
END_TEST

START_TEST(a_large_send_is_cut_less_where_it_need_not_be)
{
    static uint8_t frame[4000];
    size_t size = make_tcp(frame, 2500);
    use_descriptors();
    stage.net.net.takes_large = true;
    memory_copy_in(stage.memory, DATA, frame, size);
    descriptor(SENDING, 0xf8000000u | 1000u << 16 | (uint32_t)size, 0, DATA);
    set(TPPOLL, 0x40, 1);
    const struct fake_frame *f = fake_net_last(&stage.net);
    const struct net_layout l = net_layout(f->bytes, f->size);
    ck_assert_uint_eq(stage.net.sent, 1);
    ck_assert_uint_eq(f->size, size);
    ck_assert(l.tcp && net_ip_is_good(&l, f->bytes) && net_above_is_good(&l, f->bytes));
    ck_assert_uint_eq(card.counts.sent, 3);
}
END_TEST

START_TEST(packets_come_into_descriptors)
{
    static uint8_t frame[300];
    size_t size = make_tcp(frame, 60);
    use_descriptors();
    ck_assert(!fake_net_give(&stage.net, frame, size));
    descriptor(RECEIVING, 0x80000000u | 1536, 0, BUFFERS);
    descriptor(RECEIVING + 16, 0xc0000000u | 1536, 0, BUFFERS + 2048);
    ck_assert(fake_net_give(&stage.net, frame, size));
    /* TCP; both sums are wrong. */
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVING, 4),
                      0x32000000u | 1 << 16 | 0xa000 | (uint32_t)(size + 4));
    ck_assert_uint_eq(memory_read(stage.memory, BUFFERS + 50, 1), frame[50]);
    put(frame + 12, "\x81\0\x20\x05\x08\0", 6);
    ck_assert(fake_net_give(&stage.net, frame, 100));
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVING + 20, 4), 0x10520);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVING + 16, 4) & 0xf0001fff, 0x70000064);
    ck_assert_uint_eq(memory_read(stage.memory, BUFFERS + 2048 + 12, 2), 0x0008);
    descriptor(RECEIVING, 0x80000000u | 1536, 0, BUFFERS); /* the ring begins again */
    ck_assert(fake_net_give(&stage.net, frame, 100));
}
END_TEST

START_TEST(counts_are_dumped)
{
    static uint8_t frame[100];
    to_us(frame, sizeof frame);
    fake_net_give(&stage.net, frame, sizeof frame);
    use_descriptors();
    set(DTCCR + 4, 0, 4);
    set(DTCCR, DATA | 8, 4);
    ck_assert_uint_eq(get(DTCCR, 4), DATA);
    ck_assert_uint_eq(memory_read(stage.memory, DATA + 8, 4), 1);
    ck_assert_uint_eq(memory_read(stage.memory, DATA + 40, 4), 1);
}
END_TEST

/* --- the rest --- */

START_TEST(the_timer_interrupts)
{
    set(TIMER_INT, 33000, 4);
    set(TCTR, 0, 4);
    advance(stage.timers, 999990);
    ck_assert(!stage.irq.level);
    advance(stage.timers, 100);
    ck_assert_uint_eq(get(ISR, 2), TIMEOUT);
    ck_assert_uint_ge(get(TCTR, 4), 33000);
}
END_TEST

START_TEST(a_reset_keeps_the_address)
{
    set(CR, CR_RST, 1);
    ck_assert_uint_eq(get(CR, 1), CR_BUFE);
    ck_assert_uint_eq(get(IMR, 2), 0);
    ck_assert_uint_eq(get(CAPR, 2), 0xfff0);
    ck_assert_uint_eq(get(IDR, 4), 0x12005452);
    ck_assert_uint_eq(get(TCR, 4) & 0x7cc00000, 0x74800000);
}
END_TEST

START_TEST(wild_registers_end)
{
    uint32_t random = (uint32_t)_i;
    static uint8_t frame[2000];
    to_us(frame, sizeof frame);
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&random);
        set(r % 256 & ~3u, next_random(&random) ^ next_random(&random) << 12, 1u << r % 3);
        if (i % 16 == 0)
            set(CPCR, next_random(&random) & 0x63, 2);
        if (i % 16 == 1)
            memory_write(stage.memory, SENDING + (r & 0xff0), next_random(&random) << 8 | r, 4);
        fake_net_give(&stage.net, frame, r % sizeof frame);
        advance(stage.timers, r % 65536);
    }
}
END_TEST

Suite *rtl8139_suite(void)
{
    Suite *suite = suite_create("rtl8139");
    TCase *c = tcase_create("RTL8139C+");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, eeprom_has_the_address);
    tcase_add_test(c, the_link_is_told_of);
    tcase_add_test(c, buffers_are_sent);
    tcase_add_test(c, packets_come_into_the_ring);
    tcase_add_test(c, addresses_are_filtered);
    tcase_add_test(c, descriptors_are_sent_with_sums);
    tcase_add_test(c, a_large_send_becomes_frames);
    tcase_add_test(c, a_large_send_is_cut_less_where_it_need_not_be);
    tcase_add_test(c, packets_come_into_descriptors);
    tcase_add_test(c, counts_are_dumped);
    tcase_add_test(c, the_timer_interrupts);
    tcase_add_test(c, a_reset_keeps_the_address);
    tcase_add_loop_test(c, wild_registers_end, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
