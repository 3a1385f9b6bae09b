/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtio's transport and queues, by a device that gives back what it gets; MSI-X. */
#include "hw/intc/apic.h"
#include "tests/hw/virtio_driver.h"

#include <string.h>

enum { SMALL = 4, MESSAGE = 0x2000, SENT = 0x4711 };

static struct driver driver;
static struct echo {
    struct virtio virtio;
    unsigned notified, resets;
    bool keeps; /* what it takes */
} echo;

/* --- the device: what it reads of a buffer it writes into it, upside down --- */

static void answer(struct echo *e, const struct virtio_chain *c)
{
    uint8_t bytes[256];
    size_t size = virtio_chain_read(&e->virtio, c, 0, bytes, sizeof bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)~bytes[i];
    size = virtio_chain_write(&e->virtio, c, 0, bytes, size);
    virtqueue_give_back(&e->virtio, 0, c->head, (uint32_t)size);
}

static void notified(void *device, unsigned queue)
{
    static struct virtio_chain chain;
    struct echo *e = device;
    e->notified++;
    if (queue)
        return;
    for (unsigned n = virtqueue_waiting(&e->virtio, 0); n && virtqueue_take(&e->virtio, 0, &chain);
         n--)
        if (!e->keeps)
            answer(e, &chain);
    virtqueue_interrupt(&e->virtio, 0);
}

static void was_reset(void *device)
{
    struct echo *e = device;
    e->resets++;
}

static const struct virtio_kind kind = {.type = VIRTIO_ENTROPY,
                                        .class_code = 0x00ff00,
                                        .queues = 2,
                                        .config_size = 4,
                                        .notified = notified,
                                        .reset = was_reset};

static void setup(void)
{
    driver_open(&driver);
    const struct virtio_place place = driver_place(&driver);
    memset(&echo, 0, sizeof echo);
    ck_assert(virtio_init(&echo.virtio, &kind, &echo, &place));
    virtio_reset(&echo.virtio);
    echo.resets = 0;
    driver_map(&driver, &echo.virtio);
    driver_start(&driver, 0, SMALL);
}

static void teardown(void)
{
    driver_close(&driver);
}

/* --- a driver's buffers --- */

static uint32_t table(void)
{
    return driver.queue[0].descriptors;
}

static void describe(unsigned number, uint32_t address, uint32_t size, unsigned flags,
                     unsigned next)
{
    driver_describe(&driver, table(), number, address, size, flags, next);
}

/* Two descriptors: a byte to be read, and one to be written. */
static void make_buffer(unsigned head, uint8_t byte)
{
    uint32_t at = DRIVER_DATA + 0x100 * head;
    driver_set(&driver, at, byte, 1);
    driver_set(&driver, at + 1, 0, 1);
    describe(head, at, 1, DESCRIPTOR_NEXT, head + 1);
    describe(head + 1, at + 1, 1, DESCRIPTOR_WRITE, 0);
}

static void expect_answer(unsigned head, uint8_t byte)
{
    uint32_t used, written;
    ck_assert(driver_used(&driver, 0, &used, &written));
    ck_assert_uint_eq(used, head);
    ck_assert_uint_eq(written, 1);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_DATA + 0x100 * head + 1, 1), (uint8_t)~byte);
}

static void expect_none(void)
{
    uint32_t used, written;
    ck_assert(!driver_used(&driver, 0, &used, &written));
}

static void expect_broken(void)
{
    expect_none();
    ck_assert_uint_eq(driver_status(&driver) & VIRTIO_NEEDS_RESET, VIRTIO_NEEDS_RESET);
    driver_start(&driver, VIRTIO_F_INDIRECT_DESC, SMALL);
    make_buffer(0, 0x55);
    driver_give(&driver, 0, 0);
    expect_answer(0, 0x55);
}

/* --- rings --- */

START_TEST(a_ring_goes_round)
{
    for (unsigned i = 0; i < 200000; i += 1 + i / 100) { /* the index goes round, too */
        unsigned head = i % 2 * 2;
        make_buffer(head, (uint8_t)i);
        driver_give(&driver, 0, (uint16_t)head);
        expect_answer(head, (uint8_t)i);
        expect_none();
    }
    driver.queue[0].added = driver.queue[0].seen = echo.virtio.queue[0].taken =
        echo.virtio.queue[0].given = 0xffff;
    driver_set(&driver, driver.queue[0].used + 2, 0xffff, 2);
    for (unsigned i = 0; i < 3; i++) {
        make_buffer(0, (uint8_t)i);
        driver_give(&driver, 0, 0);
        expect_answer(0, (uint8_t)i);
    }
}
END_TEST

START_TEST(several_buffers_are_taken_at_once)
{
    make_buffer(0, 1);
    make_buffer(2, 2);
    driver_add(&driver, 0, 2);
    driver_add(&driver, 0, 0);
    expect_none();
    driver_notify(&driver, 0);
    ck_assert_uint_eq(echo.notified, 1);
    expect_answer(2, 2);
    expect_answer(0, 1);
}
END_TEST

START_TEST(a_buffer_has_parts)
{
    uint8_t bytes[10], back[10];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 31);
    memory_copy_in(driver.stage.memory, DRIVER_DATA, bytes, sizeof bytes);
    describe(3, DRIVER_DATA, 3, DESCRIPTOR_NEXT, 1);
    describe(1, DRIVER_DATA + 3, 7, DESCRIPTOR_NEXT, 0);
    describe(0, DRIVER_DATA + 0x1ffe, 4, DESCRIPTOR_NEXT | DESCRIPTOR_WRITE, 2);
    describe(2, DRIVER_DATA + 0x2002, 20, DESCRIPTOR_WRITE, 0);
    driver_give(&driver, 0, 3);
    uint32_t head, written;
    ck_assert(driver_used(&driver, 0, &head, &written));
    ck_assert_uint_eq(head, 3);
    ck_assert_uint_eq(written, 10);
    memory_copy_out(driver.stage.memory, back, DRIVER_DATA + 0x1ffe, sizeof back);
    for (unsigned i = 0; i < sizeof bytes; i++)
        ck_assert_uint_eq(back[i], (uint8_t)~bytes[i]);
}
END_TEST

/* More parts than the queue has entries are in a table of their own. */
START_TEST(tables_are_followed)
{
    enum { TABLE = DRIVER_DATA + 0x8000, PARTS = 9 };
    driver_start(&driver, VIRTIO_F_INDIRECT_DESC, SMALL);
    for (unsigned i = 0; i < PARTS; i++)
        driver_describe(&driver, TABLE, i, DRIVER_DATA + i, 1, DESCRIPTOR_NEXT, i + 1);
    driver_describe(&driver, TABLE, PARTS, DRIVER_DATA + 0x100, PARTS, DESCRIPTOR_WRITE, 0);
    describe(1, TABLE, 16 * (PARTS + 1), DESCRIPTOR_INDIRECT, 0);
    driver_give(&driver, 0, 1);
    uint32_t head, written;
    ck_assert(driver_used(&driver, 0, &head, &written));
    ck_assert_uint_eq(head, 1);
    ck_assert_uint_eq(written, PARTS);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_DATA + 0x100, 1), 0xff);
}
END_TEST

/* --- rings that are not well --- */

static void loop(void)
{
    describe(0, DRIVER_DATA, 1, DESCRIPTOR_NEXT, 1);
    describe(1, DRIVER_DATA, 1, DESCRIPTOR_NEXT, 0);
}

static void read_behind_written(void)
{
    describe(0, DRIVER_DATA, 1, DESCRIPTOR_NEXT | DESCRIPTOR_WRITE, 1);
    describe(1, DRIVER_DATA, 1, 0, 0);
}

static void next_that_is_not(void)
{
    describe(0, DRIVER_DATA, 1, DESCRIPTOR_NEXT, SMALL);
}

static void beyond_4g(void)
{
    describe(0, 0xfffffff0, 0x20, 0, 0);
}

static void far_away(void)
{
    describe(0, 0, 1, 0, 0);
    driver_set(&driver, table() + 4, 1, 4);
}

static void empty_table(void)
{
    describe(0, DRIVER_DATA, 0, DESCRIPTOR_INDIRECT, 0);
}

static void odd_table(void)
{
    describe(0, DRIVER_DATA, 24, DESCRIPTOR_INDIRECT, 0);
}

static void table_with_next(void)
{
    describe(0, DRIVER_DATA, 16, DESCRIPTOR_INDIRECT | DESCRIPTOR_NEXT, 1);
}

static void table_in_table(void)
{
    driver_describe(&driver, DRIVER_DATA, 0, DRIVER_DATA, 16, DESCRIPTOR_INDIRECT, 0);
    describe(0, DRIVER_DATA, 16, DESCRIPTOR_INDIRECT, 0);
}

static void table_outside_memory(void)
{
    describe(0, 0x80000000, 16, DESCRIPTOR_INDIRECT, 0);
}

static void long_table(void)
{
    for (unsigned i = 0; i < 0x1000; i++)
        driver_describe(&driver, DRIVER_DATA, i, 0, 1, DESCRIPTOR_NEXT, i + 1);
    describe(0, DRIVER_DATA, 0x10000, DESCRIPTOR_INDIRECT, 0);
}

static void (*const mistakes[])(void) = {
    loop,           read_behind_written,  next_that_is_not, beyond_4g,
    far_away,       empty_table,          odd_table,        table_with_next,
    table_in_table, table_outside_memory, long_table};

START_TEST(a_bad_buffer_stops_the_device_until_a_reset)
{
    driver_start(&driver, VIRTIO_F_INDIRECT_DESC, SMALL);
    mistakes[_i]();
    driver_give(&driver, 0, 0);
    expect_broken();
}
END_TEST

START_TEST(a_table_that_was_not_agreed_to_is_refused)
{
    driver_describe(&driver, DRIVER_DATA, 0, DRIVER_DATA, 1, DESCRIPTOR_WRITE, 0);
    describe(0, DRIVER_DATA, 16, DESCRIPTOR_INDIRECT, 0);
    driver_give(&driver, 0, 0);
    expect_broken();
}
END_TEST

START_TEST(bad_heads_and_indices_stop_it)
{
    driver_give(&driver, 0, SMALL);
    expect_broken();
    driver.queue[0].added = 100;
    driver_give(&driver, 0, 0);
    expect_broken();
}
END_TEST

/* What the device says goes into the ring that says what there is: it ends all the same. */
START_TEST(rings_in_each_other_end)
{
    driver_set(&driver, DRIVER_COMMON + 20, 0, 1);
    driver_start(&driver, 0, SMALL);
    echo.virtio.queue[0].used = driver.queue[0].available;
    for (unsigned i = 0; i < 100; i++) {
        make_buffer(0, (uint8_t)i);
        driver_give(&driver, 0, 0);
    }
    echo.virtio.queue[0].used = echo.virtio.queue[0].available = table();
    driver_notify(&driver, 0);
    echo.virtio.queue[0].available = 0xfffffffe;
    driver_notify(&driver, 0);
}
END_TEST

START_TEST(wild_rings_end)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned run = 0; run < 300; run++) {
        driver_start(&driver, next_random(&random) % 4 * VIRTIO_F_INDIRECT_DESC, 8);
        for (unsigned i = 0; i < 8; i++)
            describe(i, DRIVER_DATA + (next_random(&random) & 0xfff0), next_random(&random) % 512,
                     next_random(&random) % 8, next_random(&random) % 9);
        for (unsigned i = 0; i < 0x1000; i += 16)
            driver_describe(&driver, DRIVER_DATA, i / 16, next_random(&random),
                            next_random(&random), next_random(&random) % 8,
                            next_random(&random) % 32);
        for (unsigned i = 0; i < 4; i++)
            driver_give(&driver, 0, (uint16_t)(next_random(&random) % 9));
    }
}
END_TEST

/* --- interrupts --- */

START_TEST(the_pin_is_asserted_until_the_cause_is_read)
{
    make_buffer(0, 1);
    driver_give(&driver, 0, 0);
    ck_assert(driver.stage.irq.level);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_ISR, 1), VIRTIO_ISR_QUEUE);
    ck_assert(!driver.stage.irq.level);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_ISR, 1), 0);
}
END_TEST

START_TEST(a_driver_may_want_no_interrupt)
{
    driver_set(&driver, driver.queue[0].available, 1, 2);
    make_buffer(0, 1);
    driver_give(&driver, 0, 0);
    ck_assert(!driver.stage.irq.level);
    driver_set(&driver, driver.queue[0].available, 0, 2);
    driver_notify(&driver, 0); /* nothing is new */
    ck_assert(!driver.stage.irq.level);
}
END_TEST

/* It hears of the entry that it has asked for, and says which one it wants to hear of. */
START_TEST(events_are_told_of_by_index)
{
    driver_start(&driver, VIRTIO_F_EVENT_IDX, SMALL);
    uint32_t used_event = driver.queue[0].available + 4 + 2 * SMALL;
    uint32_t available_event = driver.queue[0].used + 4 + 8 * SMALL;
    make_buffer(0, 1);
    driver_set(&driver, used_event, 2, 2);
    for (unsigned i = 1; i <= 4; i++) {
        driver_give(&driver, 0, 0);
        ck_assert_uint_eq(driver_get(&driver, available_event, 2), i);
        ck_assert(driver.stage.irq.level == (i == 3));
        driver_get(&driver, DRIVER_ISR, 1);
    }
    driver_set(&driver, used_event, 5, 2);
    driver_add(&driver, 0, 0);
    driver_add(&driver, 0, 0);
    driver_give(&driver, 0, 0); /* three at once, one of which is that */
    ck_assert(driver.stage.irq.level);
}
END_TEST

static uint32_t message(void)
{
    uint32_t value = driver_get(&driver, MESSAGE, 4);
    driver_set(&driver, MESSAGE, 0, 4);
    return value;
}

static void interrupt_once(void)
{
    make_buffer(0, 1);
    driver_give(&driver, 0, 0);
}

START_TEST(messages_take_the_place_of_the_pin)
{
    driver_set_msix(&driver, MSIX_ON);
    driver_start(&driver, 0, SMALL);
    driver_set_vector(&driver, 1, MESSAGE, SENT, false);
    interrupt_once();
    ck_assert_uint_eq(message(), SENT);
    ck_assert(!driver.stage.irq.level);
    driver_set_msix(&driver, 0);
    interrupt_once();
    ck_assert_uint_eq(message(), 0);
    ck_assert(driver.stage.irq.level);
    driver_set_msix(&driver, MSIX_ON);
    ck_assert(!driver.stage.irq.level);
}
END_TEST

START_TEST(masked_messages_are_pending)
{
    enum { PENDING = DRIVER_MSIX + 0x800 };
    driver_set_msix(&driver, MSIX_ON);
    driver_start(&driver, 0, SMALL);
    driver_set_vector(&driver, 1, MESSAGE, SENT, true);
    interrupt_once();
    interrupt_once();
    ck_assert_uint_eq(message(), 0);
    ck_assert_uint_eq(driver_get(&driver, (uint32_t)PENDING, 4), 2);
    driver_set_vector(&driver, 1, MESSAGE, SENT + 1, false);
    ck_assert_uint_eq(message(), SENT + 1);
    ck_assert_uint_eq(driver_get(&driver, (uint32_t)PENDING, 4), 0);
    driver_set_msix(&driver, MSIX_ON | MSIX_MASK_ALL);
    interrupt_once();
    ck_assert_uint_eq(message(), 0);
    driver_set_msix(&driver, MSIX_ON);
    ck_assert_uint_eq(message(), SENT + 1);
    ck_assert_uint_eq(message(), 0);
}
END_TEST

START_TEST(vectors_that_are_not_there_are_refused)
{
    driver_set(&driver, DRIVER_COMMON + 22, 0, 2);
    driver_set(&driver, DRIVER_COMMON + 28, 0, 2);
    driver_set(&driver, DRIVER_COMMON + 16, 3, 2);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_COMMON + 16, 2), 0xffff);
    driver_set(&driver, DRIVER_COMMON + 16, 2, 2);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_COMMON + 16, 2), 2);
    driver_set_vector(&driver, 3, MESSAGE, SENT, false);
    ck_assert_uint_eq(driver_get(&driver, (uint32_t)DRIVER_MSIX + 3 * 16, 4), 0);
}
END_TEST

/* A processor gets it as its APIC's interrupt. */
START_TEST(messages_reach_the_processor)
{
    enum { APIC = (int)0xfee00000, SVR = 0xf0, VECTOR = 0x41 };
    static struct apic_bus bus;
    static struct apic apic;
    struct wire intr = {0};
    const struct apic_pins pins = {.intr = wire_line(&intr)};
    uint8_t vector;
    bus = (struct apic_bus){0};
    ck_assert(apic_init(&apic, &bus, driver.stage.memory, driver.stage.timers, &pins));
    apic_device.reset(&apic);
    apic_set_base(&apic, (uint32_t)APIC, true);
    driver_set(&driver, (uint32_t)APIC + SVR, 0x1ff, 4);
    driver.stage.bus.apics = &bus;
    driver_set_msix(&driver, MSIX_ON);
    driver_start(&driver, 0, SMALL);
    driver_set_vector(&driver, 1, (uint32_t)APIC, VECTOR, false);
    interrupt_once();
    ck_assert(intr.level);
    ck_assert(apic_acknowledge(&apic, &vector));
    ck_assert_uint_eq(vector, VECTOR);
}
END_TEST

/* A message to the device's own registers is none: it would come back for ever. */
START_TEST(messages_do_not_reach_registers)
{
    driver_set_msix(&driver, MSIX_ON);
    driver_start(&driver, 0, SMALL);
    driver_set_vector(&driver, 1, DRIVER_NOTIFY, 0, false);
    interrupt_once();
    ck_assert_uint_eq(echo.notified, 1);
}
END_TEST

/* --- the transport --- */

START_TEST(features_must_be_offered)
{
    driver_set(&driver, DRIVER_COMMON + 20, 0, 1);
    ck_assert_uint_eq(echo.resets, 2); /* one was driver_start's */
    driver_set(&driver, DRIVER_COMMON + 20, 3, 1);
    driver_set(&driver, DRIVER_COMMON + 8, 1, 4);
    driver_set(&driver, DRIVER_COMMON + 12, 3, 4); /* version 1, and another */
    driver_set(&driver, DRIVER_COMMON + 20, 3 | VIRTIO_FEATURES_OK, 1);
    ck_assert_uint_eq(driver_status(&driver), 3);
    driver_set(&driver, DRIVER_COMMON + 12, 0, 4); /* without version 1 */
    driver_set(&driver, DRIVER_COMMON + 20, 3 | VIRTIO_FEATURES_OK, 1);
    ck_assert_uint_eq(driver_status(&driver), 3);
}
END_TEST

START_TEST(a_reset_forgets_all_that_is_under_way)
{
    echo.keeps = true;
    make_buffer(0, 1);
    driver_give(&driver, 0, 0);
    driver_set(&driver, DRIVER_COMMON + 20, 0, 1);
    driver_set(&driver, DRIVER_COMMON + 22, 0, 2);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_COMMON + 28, 2), 0);
    ck_assert_uint_eq(driver_get(&driver, DRIVER_COMMON + 24, 2), VIRTIO_QUEUE_SIZE);
    virtqueue_give_back(&echo.virtio, 0, 0, 1); /* nobody has it any more */
    expect_none();
    driver_notify(&driver, 0);
    ck_assert_uint_eq(echo.notified, 1);
}
END_TEST

START_TEST(nothing_is_done_before_the_driver_is_ready)
{
    driver_set(&driver, DRIVER_COMMON + 20, 3 | VIRTIO_FEATURES_OK, 1);
    make_buffer(0, 1);
    driver_give(&driver, 0, 0);
    expect_none();
    driver_set(&driver, DRIVER_COMMON + 20, 3 | VIRTIO_FEATURES_OK | VIRTIO_DRIVER_OK, 1);
    driver_notify(&driver, 0);
    expect_answer(0, 1);
}
END_TEST

START_TEST(sizes_are_powers_of_two)
{
    driver_set(&driver, DRIVER_COMMON + 20, 0, 1);
    driver_set(&driver, DRIVER_COMMON + 22, 0, 2);
    for (unsigned size = 0; size < 600; size++) {
        driver_set(&driver, DRIVER_COMMON + 24, 8, 2);
        driver_set(&driver, DRIVER_COMMON + 24, size, 2);
        bool good = size && size <= VIRTIO_QUEUE_SIZE && !(size & (size - 1));
        ck_assert_uint_eq(driver_get(&driver, DRIVER_COMMON + 24, 2), good ? size : 8);
    }
}
END_TEST

START_TEST(the_legacy_interface_does_the_same)
{
    driver_start_legacy(&driver, 0);
    for (unsigned i = 0; i < 600; i++) {
        make_buffer(0, (uint8_t)i);
        driver_give(&driver, 0, 0);
        expect_answer(0, (uint8_t)i);
        ck_assert_uint_eq(ports_read(&driver.stage.ports, DRIVER_PORTS + 19, 1), 1);
    }
    driver_set_msix(&driver, MSIX_ON); /* its configuration moves behind the vectors */
    ports_write(&driver.stage.ports, DRIVER_PORTS + 22, 2, 2);
    ck_assert_uint_eq(ports_read(&driver.stage.ports, DRIVER_PORTS + 22, 2), 2);
    ck_assert_uint_eq(ports_read(&driver.stage.ports, DRIVER_PORTS + 22, 2), 2);
}
END_TEST

/* Registers by configuration space alone, as a BIOS has them. */
START_TEST(the_window_reaches_registers)
{
    struct ports *p = &driver.stage.ports;
    unsigned window = echo.virtio.window;
    uint32_t address = 0x80000000u | STAGE_SLOT << 11;
    ports_write(p, 0xcf8, address | (window + 4), 4);
    ports_write(p, 0xcfc, 4, 1);
    ports_write(p, 0xcf8, address | (window + 8), 4);
    ports_write(p, 0xcfc, 20, 4); /* status */
    ports_write(p, 0xcf8, address | (window + 12), 4);
    ports_write(p, 0xcfc, 1, 4);
    ports_write(p, 0xcf8, address | (window + 16), 4);
    ck_assert_uint_eq(ports_read(p, 0xcfc, 1), 0x0f);
    ports_write(p, 0xcfc, 0, 1);
    ck_assert_uint_eq(driver_status(&driver), 0);
}
END_TEST

/* All structures that 1.0 asks for, and MSI-X, in a list that ends. */
START_TEST(capabilities_are_listed)
{
    const uint8_t *config = echo.virtio.pci.config;
    unsigned types = 0, count = 0;
    ck_assert(config[PCI_STATUS] & 0x10);
    for (unsigned at = config[PCI_CAPABILITIES]; at; at = config[at + 1]) {
        ck_assert(at >= 0x40 && at % 4 == 0);
        ck_assert_uint_lt(count++, 10);
        types |= config[at] == 0x09 ? 1u << config[at + 3] : config[at] == 0x11 ? 1 : 0x80;
    }
    ck_assert_uint_eq(types, 0x3f);
}
END_TEST

START_TEST(wild_registers_end)
{
    uint32_t random = (uint32_t)_i;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&random), size = 1u << (r >> 20) % 3;
        uint32_t at = DRIVER_COMMON + (r >> 8 & 0x3000) + (r >> 2 & 0x3f);
        if (r & 1)
            driver_set(&driver, at, next_random(&random) & (r & 2 ? 0xffff : 7), size);
        else
            driver_get(&driver, at, size);
        ports_write(&driver.stage.ports, (uint16_t)(DRIVER_PORTS + (r >> 24) % 40),
                    next_random(&random), size);
        ports_read(&driver.stage.ports, (uint16_t)(DRIVER_PORTS + (r >> 24) % 40), size);
    }
}
END_TEST

Suite *virtio_suite(void)
{
    Suite *suite = suite_create("virtio");
    TCase *c = tcase_create("virtio");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_ring_goes_round);
    tcase_add_test(c, several_buffers_are_taken_at_once);
    tcase_add_test(c, a_buffer_has_parts);
    tcase_add_test(c, tables_are_followed);
    tcase_add_loop_test(c, a_bad_buffer_stops_the_device_until_a_reset, 0,
                        sizeof mistakes / sizeof *mistakes);
    tcase_add_test(c, a_table_that_was_not_agreed_to_is_refused);
    tcase_add_test(c, bad_heads_and_indices_stop_it);
    tcase_add_test(c, rings_in_each_other_end);
    tcase_add_loop_test(c, wild_rings_end, 1, 4);
    tcase_add_test(c, the_pin_is_asserted_until_the_cause_is_read);
    tcase_add_test(c, a_driver_may_want_no_interrupt);
    tcase_add_test(c, events_are_told_of_by_index);
    tcase_add_test(c, messages_take_the_place_of_the_pin);
    tcase_add_test(c, masked_messages_are_pending);
    tcase_add_test(c, vectors_that_are_not_there_are_refused);
    tcase_add_test(c, messages_reach_the_processor);
    tcase_add_test(c, messages_do_not_reach_registers);
    tcase_add_test(c, features_must_be_offered);
    tcase_add_test(c, a_reset_forgets_all_that_is_under_way);
    tcase_add_test(c, nothing_is_done_before_the_driver_is_ready);
    tcase_add_test(c, sizes_are_powers_of_two);
    tcase_add_test(c, the_legacy_interface_does_the_same);
    tcase_add_test(c, the_window_reaches_registers);
    tcase_add_test(c, capabilities_are_listed);
    tcase_add_loop_test(c, wild_registers_end, 1, 4);
    suite_add_tcase(suite, c);
    return suite;
}
