/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82540EM: EEPROM, transceiver, rings, offloads, filters, interrupts. */
#include "hw/net/e1000_internal.h"
#include "hw/net/net_checksum.h"
#include "tests/hw/card_stage.h"

#include <string.h>

enum { RECEIVE_RING = 0x1000, TRANSMIT_RING = 0x2000, BUFFERS = 0x10000, DATA = 0x80000 };
enum { RING = 16, BUFFER = 2048 };

static const uint8_t mac[] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

static struct card_stage stage;
static struct e1000 card;

static void set(unsigned offset, uint32_t value)
{
    memory_write(stage.memory, STAGE_REGISTERS + offset, value, 4);
}

static uint32_t get(unsigned offset)
{
    return memory_read(stage.memory, STAGE_REGISTERS + offset, 4);
}

static void start_rings(void)
{
    set(TDBAL, TRANSMIT_RING);
    set(TDLEN, RING * 16);
    set(TCTL, TCTL_EN | TCTL_PSP);
    set(RDBAL, RECEIVE_RING);
    set(RDLEN, RING * 16);
    for (unsigned i = 0; i < RING; i++)
        memory_write(stage.memory, RECEIVE_RING + 16 * i, BUFFERS + i * BUFFER, 4);
    set(RDT, RING - 1);
    set(RCTL, RCTL_EN | RCTL_BAM);
}

static void setup(void)
{
    stage_open(&stage);
    ck_assert(
        e1000_init(&card, stage.timers, stage.memory, &stage.bus, STAGE_SLOT, &stage.net.net, mac));
    e1000_device.reset(&card);
    stage_enable(&stage, 0);
    start_rings();
}

static void teardown(void)
{
    stage_close(&stage);
}

/* --- EEPROM and transceiver --- */

static void clock_bit(bool bit)
{
    uint32_t lines = 0x42 | (bit ? 4 : 0);
    set(EECD, lines);
    set(EECD, lines | 1);
    set(EECD, lines);
}

static void clock_bits(uint32_t bits, unsigned count)
{
    while (count--)
        clock_bit(bits >> count & 1);
}

static uint16_t read_word_by_bits(unsigned address)
{
    uint16_t word = 0;
    set(EECD, 0x42);
    clock_bits(6, 3);
    clock_bits(address, 6);
    for (unsigned i = 0; i < 16; i++) {
        clock_bit(false);
        word = (uint16_t)(word << 1 | (get(EECD) >> 3 & 1));
    }
    set(EECD, 0);
    return word;
}

static uint16_t read_word(unsigned address)
{
    set(EERD, address << 8 | 1);
    ck_assert_uint_eq(get(EERD) & 0xffff, address << 8 | 0x10);
    return (uint16_t)(get(EERD) >> 16);
}

START_TEST(eeprom_is_read_in_both_ways)
{
    uint16_t sum = 0;
    for (unsigned i = 0; i < EEPROM_WORDS; i++) {
        ck_assert_uint_eq(read_word_by_bits(i), read_word(i));
        sum = (uint16_t)(sum + read_word(i));
    }
    ck_assert_uint_eq(sum, 0xbaba);
    ck_assert_uint_eq(read_word(0), 0x5452);
    ck_assert_uint_eq(get(RAL), 0x12005452);
    ck_assert_uint_eq(get(RAL + 4), 0x80005634);
}
END_TEST

START_TEST(eeprom_is_written_once_that_is_allowed)
{
    for (unsigned allowed = 0; allowed < 2; allowed++) {
        set(EECD, 0x42);
        clock_bits(allowed ? 0x130 : 0x100, 9);
        set(EECD, 0);
        set(EECD, 0x42);
        clock_bits(5 << 6 | 7, 9);
        clock_bits(0x1234, 16);
        set(EECD, 0);
        ck_assert_uint_eq(read_word(7), allowed ? 0x1234 : 0);
    }
}
END_TEST

static uint32_t phy(uint32_t command)
{
    set(MDIC, command);
    ck_assert(get(MDIC) & 1u << 28);
    return get(MDIC);
}

/* U-Boot reads back what it has written, and gives up without. */
START_TEST(semaphores_for_firmware)
{
    set(SWSM, get(SWSM) | 2);
    ck_assert_uint_eq(get(SWSM), 2);
    set(SW_FW_SYNC, 0x10001);
    ck_assert_uint_eq(get(SW_FW_SYNC), 0x10001);
    ck_assert_uint_eq(get(SWSM), 2);
}
END_TEST

START_TEST(transceiver_tells_of_the_link)
{
    ck_assert_uint_eq(phy(0x08220000) & 0xffff, 0x0141);
    ck_assert_uint_eq(phy(0x08210000) & 0x24, 0x24);
    ck_assert_uint_eq(get(STATUS) & 3, 3);
    ck_assert(phy(0x08420000) & 1u << 30); /* another transceiver */
    phy(0x04241234);
    ck_assert_uint_eq(phy(0x08240000) & 0xffff, 0x1234);
    card.net = NULL;
    ck_assert_uint_eq(phy(0x08210000) & 0x24, 0);
    ck_assert_uint_eq(get(STATUS) & 3, 1);
}
END_TEST

/* --- sending --- */

static unsigned tail;

/* The descriptor's second half, as two words. */
static void queue(uint32_t address, uint32_t low, uint32_t high)
{
    uint32_t at = TRANSMIT_RING + 16 * tail;
    memory_write(stage.memory, at, address, 4);
    memory_write(stage.memory, at + 4, 0, 4);
    memory_write(stage.memory, at + 8, low, 4);
    memory_write(stage.memory, at + 12, high, 4);
    tail = (tail + 1) % RING;
}

static void queue_context(uint32_t ip, uint32_t above, uint32_t low, uint32_t high)
{
    uint32_t at = TRANSMIT_RING + 16 * tail;
    queue(ip, low, high);
    memory_write(stage.memory, at + 4, above, 4);
}

static void kick(void)
{
    set(TDT, tail);
}

static void begin(void)
{
    tail = 0;
}

static void put(uint8_t *to, const char *bytes, size_t size)
{
    memcpy(to, bytes, size);
}

/* An IPv4 packet of a protocol, with so many bytes behind its header, and no checksums. */
static size_t make_packet(uint8_t *frame, uint8_t protocol, size_t header, size_t payload)
{
    size_t size = 14 + 20 + header + payload;
    memset(frame, 0, size);
    memcpy(frame, mac, 6);
    put(frame + 6, "\x02\0\0\0\0\1\x08\0\x45", 9);
    net_store16(frame + 16, (uint32_t)(20 + header + payload));
    net_store16(frame + 18, 0x00ff);
    put(frame + 22, "\x40", 1);
    frame[23] = protocol;
    put(frame + 26, "\x0a\0\2\x0f\x0a\0\2\2", 8);
    for (size_t i = 0; i < payload; i++)
        frame[34 + header + i] = (uint8_t)(i * 7 + i / 256);
    return size;
}

static size_t make_tcp(uint8_t *frame, size_t payload)
{
    size_t size = make_packet(frame, 6, 20, payload);
    put(frame + 34, "\x12\x34\0\x50\xff\xff\xff\0\0\0\0\1\x50\x19\x10\0", 16);
    return size;
}

static uint16_t pseudo_sum(const uint8_t *frame, uint16_t length)
{
    return net_add(net_sum(frame + 26, 8), (uint16_t)(frame[23] + length));
}

START_TEST(a_plain_packet_is_sent_as_it_is)
{
    uint8_t frame[100];
    begin();
    for (unsigned i = 0; i < sizeof frame; i++)
        frame[i] = (uint8_t)i;
    memory_copy_in(stage.memory, DATA, frame, sizeof frame);
    queue(DATA, 40, 0);
    queue(DATA + 40, 60 | 0x0b000000, 0);
    kick();
    ck_assert_uint_eq(stage.net.sent, 1);
    ck_assert_uint_eq(fake_net_last(&stage.net)->size, 100);
    ck_assert_mem_eq(fake_net_last(&stage.net)->bytes, frame, 100);
    ck_assert_uint_eq(get(TDH), 2);
    ck_assert_uint_eq(memory_read(stage.memory, TRANSMIT_RING + 12, 1), 0);
    ck_assert_uint_eq(memory_read(stage.memory, TRANSMIT_RING + 28, 1), 1);
    ck_assert_uint_eq(get(ICR) & (TXDW | TXQE), TXDW | TXQE);
    ck_assert_uint_eq(get(GPTC), 1);
    ck_assert_uint_eq(get(GPTC), 0);
    ck_assert_uint_eq(get(GOTCL), 104);
}
END_TEST

START_TEST(short_packets_are_padded)
{
    begin();
    queue(DATA, 20 | 0x01000000, 0);
    kick();
    ck_assert_uint_eq(fake_net_last(&stage.net)->size, 60);
}
END_TEST

START_TEST(checksums_are_put_in)
{
    uint8_t frame[200];
    begin();
    size_t size = make_tcp(frame, 101);
    net_store16(frame + 50, pseudo_sum(frame, (uint16_t)(size - 34)));
    memory_copy_in(stage.memory, DATA, frame, size);
    queue_context(14 | 24 << 8 | 33 << 16, 34 | 50 << 8, 0x20000000, 0);
    queue(DATA, (uint32_t)size | 0x21100000, 0x0300);
    kick();
    const struct fake_frame *sent = fake_net_last(&stage.net);
    const struct net_layout l = net_layout(sent->bytes, sent->size);
    ck_assert(l.tcp && net_ip_is_good(&l, sent->bytes) && net_above_is_good(&l, sent->bytes));
    /* By a descriptor of the old form, which has room for one. */
    queue(DATA, (uint32_t)size | 0x05000000 | 24 << 16, 14 << 8);
    kick();
    ck_assert_uint_eq(stage.net.sent, 2);
    ck_assert_uint_eq(net_load16(fake_net_last(&stage.net)->bytes + 24),
                      (uint16_t)~net_sum(frame + 14, size - 14));
}
END_TEST

/* Of 2500 bytes at 1000 each: three frames, whose sequence numbers go on beyond 32 bits. */
START_TEST(a_large_send_becomes_frames)
{
    static uint8_t frame[4000];
    begin();
    size_t size = make_tcp(frame, 2500);
    net_store16(frame + 50, pseudo_sum(frame, 0));
    memory_copy_in(stage.memory, DATA, frame, size);
    queue_context(14 | 24 << 8 | 33 << 16, 34 | 50 << 8, 2500 | 0x27000000, 1000 << 16 | 54 << 8);
    queue(DATA, 300 | 0x24100000, 0x0300); /* the headers are not alone in it */
    queue(DATA + 300, (uint32_t)(size - 300) | 0x2d100000, 0);
    kick();
    ck_assert_uint_eq(stage.net.sent, 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct fake_frame *f = &stage.net.frame[i];
        const struct net_layout l = net_layout(f->bytes, f->size);
        ck_assert_uint_eq(f->size, i < 2 ? 1054 : 554);
        ck_assert(l.tcp && net_ip_is_good(&l, f->bytes) && net_above_is_good(&l, f->bytes));
        ck_assert_uint_eq(net_load16(f->bytes + 18), 0xff + i);
        ck_assert_uint_eq(net_load32(f->bytes + 38), 0xffffff00u + 1000 * i);
        ck_assert_uint_eq(f->bytes[47], i < 2 ? 0x10 : 0x19);
        ck_assert_mem_eq(f->bytes + 54, frame + 54 + 1000 * i, f->size - 54);
    }
    ck_assert_uint_eq(get(TSCTC), 1);
}
END_TEST

/* 20,000 bytes at 1000 each, of which a frame has room for 16: what the counters say of them. */
static uint32_t send_twenty(bool takes_large, uint32_t counted[3])
{
    static uint8_t frame[4000];
    stage.net.net.takes_large = takes_large;
    stage.net.sent = 0;
    size_t size = make_tcp(frame, 2500);
    net_store16(frame + 50, pseudo_sum(frame, 0));
    memory_copy_in(stage.memory, DATA, frame, size);
    queue_context(14 | 24 << 8 | 33 << 16, 34 | 50 << 8, 20000 | 0x27000000, 1000 << 16 | 54 << 8);
    queue(DATA, 54 | 0x24100000, 0x0300);
    for (unsigned i = 0; i < 8; i++)
        queue(DATA + 54, 2500u | (i < 7 ? 0x24100000 : 0x2d100000), 0);
    kick();
    counted[0] = get(GPTC);
    counted[1] = get(GOTCL);
    counted[2] = get(PTC64 + 20);
    return stage.net.sent;
}

START_TEST(a_large_send_is_cut_less_where_it_need_not_be)
{
    uint32_t cut[3], whole[3];
    begin();
    ck_assert_uint_eq(send_twenty(false, cut), 20);
    ck_assert_uint_eq(send_twenty(true, whole), 2);
    ck_assert_uint_eq(cut[0], 20);
    ck_assert_mem_eq(cut, whole, sizeof cut);
    for (unsigned i = 0; i < 2; i++) {
        const struct fake_frame *f = &stage.net.frame[i];
        const struct net_layout l = net_layout(f->bytes, f->size);
        ck_assert_uint_eq(f->size, i ? 4054 : 16054);
        ck_assert(l.tcp && net_ip_is_good(&l, f->bytes) && net_above_is_good(&l, f->bytes));
        ck_assert_uint_eq(net_load16(f->bytes + 18), 0xff + 16 * i);
        ck_assert_uint_eq(net_load32(f->bytes + 38), 0xffffff00u + 16000 * i);
        ck_assert_uint_eq(f->bytes[47], i ? 0x19 : 0x10);
    }
}
END_TEST

/* Each piece is a datagram. */
START_TEST(a_large_send_of_udp_is_always_cut)
{
    static uint8_t frame[4000];
    begin();
    stage.net.net.takes_large = true;
    memory_copy_in(stage.memory, DATA, frame, make_packet(frame, 17, 8, 2500));
    queue_context(14 | 24 << 8 | 33 << 16, 34 | 40 << 8, 2500 | 0x26000000, 1000 << 16 | 42 << 8);
    queue(DATA, (42 + 2500) | 0x2d100000, 0x0300);
    kick();
    ck_assert_uint_eq(stage.net.sent, 3);
}
END_TEST

START_TEST(a_tag_is_put_in_and_taken_out)
{
    static const uint8_t tagged[64] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 2, 0, 0,
                                       0,    0,    9,    0x81, 0,    0x20, 5, 8, 0};
    begin();
    set(CTRL, CTRL_SLU | CTRL_VME);
    queue(DATA, 60 | 0x41000000, 0x2005u << 16);
    kick();
    ck_assert_uint_eq(fake_net_last(&stage.net)->size, 64);
    ck_assert_mem_eq(fake_net_last(&stage.net)->bytes + 12, "\x81\0\x20\x05", 4);
    fake_net_give(&stage.net, tagged, sizeof tagged);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 14, 2), 0x2005);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 8, 2), 64); /* 60 and a checksum */
    ck_assert_uint_eq(memory_read(stage.memory, BUFFERS + 12, 2), 0x0008);
    set(RCTL, RCTL_EN | RCTL_VFE);
    fake_net_give(&stage.net, tagged, sizeof tagged);
    ck_assert_uint_eq(get(RDH), 1);
    set(VFTA, 1 << 5);
    fake_net_give(&stage.net, tagged, sizeof tagged);
    ck_assert_uint_eq(get(RDH), 2);
}
END_TEST

START_TEST(a_full_network_is_waited_for)
{
    begin();
    stage.net.full = true;
    queue(DATA, 100 | 0x01000000, 0);
    kick();
    ck_assert_uint_eq(get(TDH), 0);
    stage.net.full = false;
    stage.net.net.card.resume(stage.net.net.card.card);
    ck_assert_uint_eq(get(TDH), 1);
    ck_assert_uint_eq(stage.net.sent, 1);
}
END_TEST

/* What a driver would not do, to see that it comes to an end: ever larger pieces of a large send,
 * contexts that change within one, tails that no ring has. */
START_TEST(wild_descriptors_end)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned n = 0; n < 300; n++) {
        begin();
        for (unsigned i = 0; i < RING - 1; i++) {
            uint32_t r = next_random(&random), type = r & 1 ? 0x00100000 : 0;
            queue(next_random(&random) % (STAGE_RAM * 2),
                  next_random(&random) << 20 | type | (r & 2 ? 0x20000000 : 0) |
                      (r & 4 ? 0x04000000 : 0) | (next_random(&random) & 0x81fff),
                  next_random(&random) << 8);
        }
        set(TDH, next_random(&random) % (2 * RING));
        set(TDT, next_random(&random) % (2 * RING));
        advance(stage.timers, 1000000);
    }
}
END_TEST

/* --- receiving --- */

START_TEST(a_packet_is_received)
{
    static uint8_t frame[100];
    size_t size = make_packet(frame, 1, 0, 10);
    set(IMS, RXT0);
    ck_assert(fake_net_give(&stage.net, frame, size));
    ck_assert(stage.irq.level);
    ck_assert_uint_eq(get(ICR), RXT0);
    ck_assert(!stage.irq.level);
    ck_assert_uint_eq(get(RDH), 1);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 8, 2), 64);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 12, 2), 0x0007);
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_eq(memory_read(stage.memory, BUFFERS + (uint32_t)i, 1), frame[i]);
    ck_assert_uint_eq(get(GPRC), 1);
    ck_assert_uint_eq(get(PRC64), 1);
}
END_TEST

START_TEST(checksums_are_checked)
{
    static uint8_t frame[200];
    size_t size = make_tcp(frame, 60);
    set(RXCSUM, 0x300);
    net_store16(frame + 24, (uint16_t)~net_sum(frame + 14, 20));
    net_store16(frame + 50, pseudo_sum(frame, (uint16_t)(size - 34)));
    net_store16(frame + 50, (uint16_t)~net_sum(frame + 34, size - 34));
    fake_net_give(&stage.net, frame, size);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 12, 2), 0x0063);
    frame[60]++;
    fake_net_give(&stage.net, frame, size);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 28, 2), 0x2063);
    frame[16]++;
    frame[60]--;
    frame[16]--;
    frame[22]++;
    fake_net_give(&stage.net, frame, size);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 44, 2), 0x4063);
}
END_TEST

static bool is_received(const char *destination)
{
    static uint8_t frame[64];
    uint32_t before = get(RDH);
    memcpy(frame, destination, 6);
    fake_net_give(&stage.net, frame, sizeof frame);
    set(RDT, (get(RDH) + RING - 1) % RING);
    return get(RDH) != before;
}

START_TEST(addresses_are_filtered)
{
    ck_assert(is_received("\x52\x54\x00\x12\x34\x56"));
    ck_assert(is_received("\xff\xff\xff\xff\xff\xff"));
    ck_assert(!is_received("\x52\x54\x00\x12\x34\x57"));
    ck_assert(!is_received("\x01\x00\x5e\x00\x00\xfb"));
    set(MTA + 4 * (0xfb0 >> 5), 1u << (0xfb0 & 31));
    ck_assert(is_received("\x01\x00\x5e\x00\x00\xfb"));
    ck_assert(!is_received("\x01\x00\x5e\x00\x00\xfc"));
    set(RAL + 8, 0x12005452);
    set(RAL + 12, 0x80005734);
    ck_assert(is_received("\x52\x54\x00\x12\x34\x57"));
    set(RCTL, RCTL_EN);
    ck_assert(!is_received("\xff\xff\xff\xff\xff\xff"));
    set(RCTL, RCTL_EN | RCTL_UPE | RCTL_MPE);
    ck_assert(is_received("\x02\x54\x00\x12\x34\x58"));
    ck_assert(is_received("\x01\x00\x5e\x00\x00\xfc"));
}
END_TEST

START_TEST(without_descriptors_frames_wait)
{
    static uint8_t frame[1000];
    memcpy(frame, mac, 6);
    set(RDT, get(RDH));
    ck_assert(!fake_net_give(&stage.net, frame, sizeof frame));
    set(RDT, 1);
    ck_assert_uint_eq(get(RDH), 1);
    ck_assert_uint_eq(stage.net.waiting_size, 0);
}
END_TEST

START_TEST(a_long_frame_takes_several_descriptors)
{
    static uint8_t frame[5000];
    memcpy(frame, mac, 6);
    frame[4999] = 0x77;
    fake_net_give(&stage.net, frame, sizeof frame);
    ck_assert_uint_eq(get(ROC), 1);
    set(RCTL, RCTL_EN | RCTL_LPE | RCTL_SECRC);
    fake_net_give(&stage.net, frame, sizeof frame);
    ck_assert_uint_eq(get(RDH), 3);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 12, 1) & 3, 1);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 44, 1) & 3, 3);
    ck_assert_uint_eq(memory_read(stage.memory, RECEIVE_RING + 40, 2), 5000 - 2 * BUFFER);
    ck_assert_uint_eq(memory_read(stage.memory, BUFFERS + 4999, 1), 0x77);
}
END_TEST

START_TEST(loopback_comes_back)
{
    uint8_t frame[100];
    begin();
    memory_copy_in(stage.memory, DATA, frame, make_packet(frame, 1, 0, 60));
    set(RCTL, RCTL_EN | RCTL_BAM | 1 << 6);
    queue(DATA, 94 | 0x01000000, 0);
    kick();
    ck_assert_uint_eq(stage.net.sent, 0);
    ck_assert_uint_eq(get(RDH), 1);
}
END_TEST

/* --- interrupts --- */

START_TEST(interrupts_are_held_back)
{
    set(ITR, 1000); /* 256 us */
    set(IMS, ALL_CAUSES);
    set(ICS, RXT0);
    ck_assert(stage.irq.level);
    get(ICR);
    set(ICS, RXT0);
    ck_assert(!stage.irq.level);
    advance(stage.timers, 255000);
    ck_assert(!stage.irq.level);
    advance(stage.timers, 1001);
    ck_assert(stage.irq.level);
    set(IMC, ALL_CAUSES);
    ck_assert(!stage.irq.level);
}
END_TEST

START_TEST(received_packets_wait_for_more)
{
    static uint8_t frame[100];
    memcpy(frame, mac, 6);
    set(IMS, RXT0);
    set(RADV, 3);
    set(RDTR, 2);
    for (unsigned i = 0; i < 3; i++) {
        fake_net_give(&stage.net, frame, sizeof frame);
        ck_assert(!stage.irq.level);
        advance(stage.timers, 1024);
    }
    ck_assert(stage.irq.level); /* by RADV: the packets were never apart */
    get(ICR);
    fake_net_give(&stage.net, frame, sizeof frame);
    set(RDTR, 0x80000002);
    ck_assert(stage.irq.level);
}
END_TEST

/* Nobody is told before: neither is the host's timer set for it. */
START_TEST(no_delay_ends_before_an_interrupt_may_come)
{
    static uint8_t frame[100];
    memcpy(frame, mac, 6);
    set(ITR, 1000); /* 256 us */
    set(IMS, RXT0);
    set(ICS, RXT0);
    get(ICR);
    uint64_t then = timers_now(stage.timers) + 256000;
    set(RADV, 3);
    set(RDTR, 2);
    fake_net_give(&stage.net, frame, sizeof frame);
    ck_assert_uint_eq(timers_next(stage.timers), then);
    advance(stage.timers, 256000);
    ck_assert(stage.irq.level);
}
END_TEST

static void send_delayed(void)
{
    queue(DATA, 100 | 0x89000000, 0);
    kick();
}

/* By 13.4.43 after 2 us at the earliest, by us when a large send would have left a wire. */
START_TEST(that_all_is_sent_is_told_late)
{
    begin();
    set(IMS, TXDW | RXT0);
    set(TIDV, 2);
    set(TADV, 3);
    send_delayed();
    ck_assert_uint_eq(memory_read(stage.memory, TRANSMIT_RING + 12, 1), 1);
    advance(stage.timers, 500000);
    ck_assert(!stage.irq.level);
    send_delayed();
    advance(stage.timers, 30000);
    ck_assert(stage.irq.level); /* by TADV */
    ck_assert_uint_eq(get(ICR) & (TXDW | RXT0), TXDW);
    ck_assert_uint_eq(timers_next(stage.timers), TIMER_NEVER);
    send_delayed();
    set(TIDV, 0x80000002);
    ck_assert(stage.irq.level);
}
END_TEST

/* Of three packets between two that come, none makes an interrupt of its own. */
START_TEST(what_waits_is_told_with_what_does_not)
{
    static uint8_t frame[100];
    memcpy(frame, mac, 6);
    begin();
    set(IMS, TXDW | RXT0);
    set(TIDV, 2);
    set(TADV, 3);
    for (unsigned i = 0; i < 12; i++) {
        send_delayed();
        advance(stage.timers, 100000);
        ck_assert(!stage.irq.level);
        if (i % 3 < 2)
            continue;
        fake_net_give(&stage.net, frame, sizeof frame);
        ck_assert(stage.irq.level);
        ck_assert_uint_eq(get(ICR) & (TXDW | RXT0), TXDW | RXT0);
        ck_assert_uint_eq(timers_next(stage.timers), TIMER_NEVER);
    }
    set(RDTR, 2);
    set(RADV, 3);
    fake_net_give(&stage.net, frame, sizeof frame);
    ck_assert(!stage.irq.level);
    ck_assert_uint_eq(get(ICR) & RXT0, RXT0);
    ck_assert_uint_eq(timers_next(stage.timers), TIMER_NEVER);
}
END_TEST

START_TEST(registers_are_there_by_ports_too)
{
    ports_write(&stage.ports, 0xcf8, 0x80000000u | STAGE_SLOT << 11 | 0x18, 4);
    ports_write(&stage.ports, 0xcfc, 0xc100, 4);
    ports_write(&stage.ports, 0xc100, RDBAL, 4);
    ck_assert_uint_eq(ports_read(&stage.ports, 0xc104, 4), RECEIVE_RING);
    ports_write(&stage.ports, 0xc104, 0x7777, 4);
    ck_assert_uint_eq(get(RDBAL), 0x7770);
}
END_TEST

START_TEST(a_reset_by_software_leaves_nothing)
{
    set(IMS, 1);
    set(ICS, 1);
    set(CTRL, CTRL_RST);
    ck_assert_uint_eq(get(IMS), 0);
    ck_assert_uint_eq(get(RDLEN), 0);
    ck_assert_uint_eq(get(CTRL) & CTRL_RST, 0);
    ck_assert(!stage.irq.level);
    ck_assert_uint_eq(get(RAL), 0x12005452);
}
END_TEST

Suite *e1000_suite(void)
{
    Suite *suite = suite_create("e1000");
    TCase *c = tcase_create("82540EM");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, eeprom_is_read_in_both_ways);
    tcase_add_test(c, eeprom_is_written_once_that_is_allowed);
    tcase_add_test(c, semaphores_for_firmware);
    tcase_add_test(c, transceiver_tells_of_the_link);
    tcase_add_test(c, a_plain_packet_is_sent_as_it_is);
    tcase_add_test(c, short_packets_are_padded);
    tcase_add_test(c, checksums_are_put_in);
    tcase_add_test(c, a_large_send_becomes_frames);
    tcase_add_test(c, a_large_send_is_cut_less_where_it_need_not_be);
    tcase_add_test(c, a_large_send_of_udp_is_always_cut);
    tcase_add_test(c, a_tag_is_put_in_and_taken_out);
    tcase_add_test(c, a_full_network_is_waited_for);
    tcase_add_loop_test(c, wild_descriptors_end, 1, 9);
    tcase_add_test(c, a_packet_is_received);
    tcase_add_test(c, checksums_are_checked);
    tcase_add_test(c, addresses_are_filtered);
    tcase_add_test(c, without_descriptors_frames_wait);
    tcase_add_test(c, a_long_frame_takes_several_descriptors);
    tcase_add_test(c, loopback_comes_back);
    tcase_add_test(c, interrupts_are_held_back);
    tcase_add_test(c, received_packets_wait_for_more);
    tcase_add_test(c, no_delay_ends_before_an_interrupt_may_come);
    tcase_add_test(c, that_all_is_sent_is_told_late);
    tcase_add_test(c, what_waits_is_told_with_what_does_not);
    tcase_add_test(c, registers_are_there_by_ports_too);
    tcase_add_test(c, a_reset_by_software_leaves_nothing);
    suite_add_tcase(suite, c);
    return suite;
}
