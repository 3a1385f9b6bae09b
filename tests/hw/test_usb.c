/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The USB: its host controller by a driver's schedules, good and bad; devices by their requests. */
#include "hw/usb/hid.h"
#include "hw/usb/uhci.h"
#include "tests/hw/card_stage.h"

#include <string.h>

enum { PORTS = 0xc000, COMMAND = PORTS, STATUS = PORTS + 2, ENABLED = PORTS + 4 };
enum { FRAME_NUMBER = PORTS + 6, FRAME_LIST = PORTS + 8, SOF = PORTS + 12, PORT = PORTS + 16 };
enum { LIST = 0x10000, QUEUES = 0x20000, TDS = 0x30000, DATA = 0x40000 };
enum { SETUP = 0x2d, IN = 0x69, OUT = 0xe1 };
enum { END = 1, QUEUE = 2, DEPTH = 4 };
enum { ACTIVE = 1 << 23, STALLED = 1 << 22, BABBLE = 1 << 20, NAK = 1 << 19, TIMED_OUT = 1 << 18 };
enum { COMPLETE = 1 << 24, ISOCHRONOUS = 1 << 25, DETECT_SHORT = 1 << 29, ERRORS = 3 << 27 };
enum { RUN = 1, FRAME = NS_PER_MS };

static struct card_stage stage;
static struct uhci uhci;
static struct usb_hid keyboard, tablet;

static void out16(unsigned port, uint16_t value)
{
    ports_write(&stage.ports, (uint16_t)port, value, 2);
}

static uint16_t in16(unsigned port)
{
    return (uint16_t)ports_read(&stage.ports, (uint16_t)port, 2);
}

static void set(uint32_t address, uint32_t value)
{
    memory_write(stage.memory, address, value, 4);
}

static uint32_t get(uint32_t address)
{
    return memory_read(stage.memory, address, 4);
}

static void pci_out(unsigned reg, uint32_t value)
{
    pci_write(&stage.bus, 0, 0x80000a00 | reg, 4); /* device 1, function 2 */
    pci_write(&stage.bus, 4, value, 4);
}

/* Enables what is plugged in, as a driver does. */
static void enable_port(unsigned n)
{
    out16(PORT + 2 * n, 0x0200);
    out16(PORT + 2 * n, 0);
    out16(PORT + 2 * n, 0x0004 | 0x000a);
    ck_assert_uint_eq(in16(PORT + 2 * n) & 0x000f, 0x0005);
}

static void setup(void)
{
    stage_open(&stage);
    usb_hid_init(&keyboard, USB_KEYBOARD, stage.timers);
    usb_hid_init(&tablet, USB_TABLET, stage.timers);
    ck_assert(uhci_init(&uhci, stage.timers, stage.memory, &stage.bus));
    uhci_plug(&uhci, 0, &keyboard.usb);
    uhci_plug(&uhci, 1, &tablet.usb);
    uhci_device.reset(&uhci);
    pci_out(0x20, PORTS);
    pci_out(0x04, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
    for (unsigned i = 0; i < 1024; i++)
        set(LIST + 4 * i, QUEUES | QUEUE);
    set(QUEUES, END);
    set(QUEUES + 4, END);
    ports_write(&stage.ports, FRAME_LIST, LIST, 4);
    out16(ENABLED, 0x0f);
    enable_port(0);
}

static void teardown(void)
{
    stage_close(&stage);
}

/* --- descriptors of a driver's --- */

static uint32_t td(unsigned n)
{
    return TDS + 32 * n;
}

static uint32_t token(unsigned pid, unsigned address, unsigned endpoint, unsigned size)
{
    return pid | address << 8 | endpoint << 15 | ((size - 1) & 0x7ff) << 21;
}

/* Number n, whose data are at DATA + 100h * n. */
static void describe(unsigned n, uint32_t link, uint32_t control, uint32_t what)
{
    set(td(n), link);
    set(td(n) + 4, control | ACTIVE);
    set(td(n) + 8, what);
    set(td(n) + 12, DATA + 0x100 * n);
}

static uint32_t status_of(unsigned n)
{
    return get(td(n) + 4);
}

static unsigned length_of(unsigned n)
{
    return (status_of(n) + 1) & 0x7ff;
}

static void run(void)
{
    out16(COMMAND, RUN);
    advance(stage.timers, FRAME);
}

/* A control transfer to address `address` of the first queue; its data come, or are at td 1's. */
static unsigned control(unsigned address, uint8_t type, uint8_t request, uint16_t value,
                        uint16_t length)
{
    bool in = type & 0x80;
    set(DATA, type | request << 8 | (uint32_t)value << 16);
    set(DATA + 4, (uint32_t)length << 16);
    describe(0, td(length ? 1 : 2) | DEPTH, ERRORS, token(SETUP, address, 0, 8));
    describe(1, td(2) | DEPTH, ERRORS, token(in ? IN : OUT, address, 0, length));
    describe(2, END, ERRORS | COMPLETE, token(in && length ? OUT : IN, address, 0, 0));
    set(QUEUES + 4, td(0));
    run();
    return length_of(1);
}

static void configure(unsigned address)
{
    control(0, 0, 5, (uint16_t)address, 0);
    ck_assert_uint_eq(status_of(2) & (ACTIVE | STALLED), 0);
    control(address, 0, 9, 1, 0);
    ck_assert_uint_eq(status_of(2) & (ACTIVE | STALLED), 0);
}

/* --- what a driver does --- */

START_TEST(a_keyboard_is_found_and_tells_what_is_typed)
{
    struct usb_input input = {.keyboard = &keyboard};
    const struct input_sink sink = usb_input_sink(&input);
    ck_assert_uint_eq(control(0, 0x80, 6, 0x0100, 18), 18);
    ck_assert_uint_eq(get(DATA + 0x100) & 0xffff, 0x0112);
    ck_assert_uint_eq(in16(STATUS), 1);
    ck_assert(stage.irq.level);
    out16(STATUS, 1);
    ck_assert(!stage.irq.level);
    configure(5);
    ck_assert_uint_eq(control(5, 0x81, 6, 0x2200, 200), 64); /* the first packet of its report's */
    describe(3, END, COMPLETE, token(IN, 5, 1, 8));
    set(QUEUES + 4, td(3));
    advance(stage.timers, 20 * FRAME);
    ck_assert_uint_eq(status_of(3), ACTIVE | COMPLETE | NAK);
    sink.key(sink.chip, 0x2a, true); /* left Shift */
    sink.key(sink.chip, 0x1e, true); /* A */
    advance(stage.timers, FRAME);
    ck_assert_uint_eq(length_of(3), 8);
    ck_assert_uint_eq(get(DATA + 0x300), 0x00000002);
    describe(3, END, COMPLETE, token(IN, 5, 1, 8));
    set(QUEUES + 4, td(3));
    advance(stage.timers, 16 * FRAME);
    ck_assert_uint_eq(get(DATA + 0x300), 0x00040002);
}
END_TEST

START_TEST(more_than_six_keys_roll_over)
{
    static const uint8_t keys[] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16};
    struct usb_input input = {.keyboard = &keyboard};
    const struct input_sink sink = usb_input_sink(&input);
    configure(5);
    for (unsigned i = 0; i < sizeof keys; i++)
        sink.key(sink.chip, keys[i], true);
    for (unsigned i = 0; i < sizeof keys; i++) {
        describe(3, END, COMPLETE, token(IN, 5, 1, 8));
        set(QUEUES + 4, td(3));
        advance(stage.timers, 16 * FRAME);
        ck_assert_uint_eq(status_of(3) & ACTIVE, 0);
    }
    ck_assert_uint_eq(get(DATA + 0x300), 0x01010000);
    ck_assert_uint_eq(get(DATA + 0x304), 0x01010101);
}
END_TEST

START_TEST(lights_are_set)
{
    struct usb_input input = {.keyboard = &keyboard};
    const struct input_sink sink = usb_input_sink(&input);
    configure(5);
    set(DATA + 0x100, 2);
    control(5, 0x21, 9, 0x0200, 1);
    ck_assert_uint_eq(sink.leds(sink.chip), LED_CAPS_LOCK);
}
END_TEST

START_TEST(a_tablet_tells_where_it_is)
{
    struct usb_input input = {.tablet = &tablet};
    const struct input_sink sink = usb_input_sink(&input);
    enable_port(1);
    usb_reset(&keyboard.usb);
    control(0, 0, 5, 9, 0); /* the keyboard gets it */
    out16(PORT, 0);         /* ... and is not there any more */
    ck_assert(!sink.is_absolute(sink.chip));
    configure(7);
    ck_assert(sink.is_absolute(sink.chip));
    sink.position(sink.chip, 0x1234, 0x7fff, 0);
    sink.mouse(sink.chip, 0, 0, 1, 1u << BUTTON_RIGHT);
    describe(3, td(4) | DEPTH, 0, token(IN, 7, 1, 6));
    describe(4, END, 0, token(IN, 7, 1, 6));
    set(QUEUES + 4, td(3));
    advance(stage.timers, FRAME);
    ck_assert_uint_eq(get(DATA + 0x300), 0xff123400);
    ck_assert_uint_eq(get(DATA + 0x304) & 0xffff, 0x007f);
    ck_assert_uint_eq(get(DATA + 0x400), 0xff123402);
    ck_assert_uint_eq(get(DATA + 0x404) & 0xffff, 0xff7f);
}
END_TEST

/* --- what goes wrong --- */

START_TEST(nobody_answers_three_times)
{
    describe(0, END, ERRORS, token(IN, 99, 1, 8));
    set(QUEUES + 4, td(0));
    run();
    ck_assert_uint_eq(status_of(0), ACTIVE | TIMED_OUT | 2 << 27);
    ck_assert_uint_eq(in16(STATUS), 0);
    advance(stage.timers, 10 * FRAME);
    ck_assert_uint_eq(status_of(0), STALLED | TIMED_OUT);
    ck_assert_uint_eq(in16(STATUS), 2);
    ck_assert(stage.irq.level);
    ck_assert_uint_eq(get(QUEUES + 4), td(0));
}
END_TEST

START_TEST(what_is_not_there_stalls)
{
    control(0, 0x80, 6, 0x0f00, 8);
    ck_assert_uint_eq(status_of(1) & (ACTIVE | STALLED), STALLED);
    ck_assert_uint_eq(in16(STATUS), 2);
    configure(5);
    ck_assert_uint_eq(keyboard.usb.address, 5);
}
END_TEST

START_TEST(less_room_than_comes_is_babble)
{
    describe(0, td(1) | DEPTH, ERRORS, token(SETUP, 0, 0, 8));
    set(DATA, 0x01000680);
    set(DATA + 4, 18 << 16);
    describe(1, END, ERRORS, token(IN, 0, 0, 8));
    set(QUEUES + 4, td(0));
    run();
    ck_assert_uint_eq(status_of(1) & (ACTIVE | STALLED | BABBLE), STALLED | BABBLE);
}
END_TEST

START_TEST(a_short_packet_is_detected)
{
    set(DATA, 0x01000680);
    set(DATA + 4, 64 << 16);
    describe(0, td(1) | DEPTH, ERRORS, token(SETUP, 0, 0, 8));
    describe(1, td(2) | DEPTH, ERRORS | DETECT_SHORT, token(IN, 0, 0, 64));
    describe(2, END, ERRORS, token(OUT, 0, 0, 0));
    set(QUEUES + 4, td(0));
    run();
    ck_assert_uint_eq(length_of(1), 18);
    ck_assert_uint_eq(get(QUEUES + 4), td(1) | DEPTH);
    ck_assert_uint_eq(status_of(2) & ACTIVE, ACTIVE);
    ck_assert_uint_eq(in16(STATUS), 1);
    out16(ENABLED, 4); /* that is not what it is for */
    ck_assert(!stage.irq.level);
    out16(ENABLED, 8);
    ck_assert(stage.irq.level);
}
END_TEST

START_TEST(a_token_that_is_none_stops_it)
{
    describe(0, END, 0, token(0x55, 0, 0, 8));
    set(QUEUES + 4, td(0));
    run();
    ck_assert_uint_eq(in16(STATUS), 0x30);
    ck_assert_uint_eq(in16(COMMAND) & RUN, 0);
    ck_assert(stage.irq.level);
    ck_assert_uint_eq(timers_next(stage.timers), TIMER_NEVER);
}
END_TEST

START_TEST(an_isochronous_one_has_one_chance)
{
    for (unsigned i = 0; i < 1024; i++)
        set(LIST + 4 * i, td(0));
    describe(0, END, ISOCHRONOUS | COMPLETE, token(IN, 99, 1, 8));
    run();
    ck_assert_uint_eq(status_of(0) & (ACTIVE | TIMED_OUT), TIMED_OUT);
    ck_assert_uint_eq(in16(STATUS), 1);
}
END_TEST

/* --- schedules without an end --- */

START_TEST(rings_end)
{
    set(QUEUES, QUEUES | QUEUE); /* a queue behind itself */
    run();
    set(QUEUES + 4, QUEUES | QUEUE); /* and within itself */
    advance(stage.timers, 20 * FRAME);
    set(QUEUES + 4, td(0)); /* one that is done again and again */
    describe(0, td(0) | DEPTH, 0, token(OUT, 99, 0, 0));
    advance(stage.timers, 20 * FRAME);
    ck_assert_uint_ne(status_of(0) & ACTIVE, 0);
    for (unsigned i = 0; i < 1024; i++)
        set(LIST + 4 * i, td(1));
    set(td(1), td(1)); /* behind itself */
    set(td(1) + 4, 0);
    advance(stage.timers, 20 * FRAME);
    ck_assert_uint_eq(in16(STATUS) & 0x30, 0);
    set(td(1), 0xfffffff0); /* and where nothing is: ones */
    advance(stage.timers, 20 * FRAME);
    ck_assert_uint_eq(in16(STATUS) & 0x30, 0x30);
}
END_TEST

/* A driver's ring of queues, entered from outside, is gone round as long as there is room. */
START_TEST(what_is_left_of_a_frame_is_used)
{
    enum { RING = QUEUES + 16 };
    unsigned done = 0;
    set(QUEUES, RING | QUEUE);
    set(RING, RING | QUEUE);
    for (unsigned i = 0; i < 200; i++)
        describe(i, i < 199 ? td(i + 1) : END, 0, token(SETUP, 0, 0, 8));
    set(RING + 4, td(0));
    run();
    while (!(status_of(done) & ACTIVE))
        done++;
    ck_assert_uint_eq(done, 1500 / (8 + 13));
}
END_TEST

/* --- time --- */

START_TEST(nothing_to_do_costs_nothing)
{
    unsigned fired = 0;
    run();
    advance(stage.timers, 100 * FRAME);
    for (uint64_t end = test_time + NS_PER_S; test_time < end; fired++)
        advance(stage.timers, timers_next(stage.timers) - timers_now(stage.timers));
    ck_assert_uint_le(fired, 1000 / 16 + 2);
    out16(COMMAND, 0);
    ck_assert_uint_eq(timers_next(stage.timers), TIMER_NEVER);
}
END_TEST

START_TEST(frames_are_counted_all_the_while)
{
    out16(FRAME_NUMBER, 0x7f0);
    out16(COMMAND, RUN);
    for (unsigned i = 0; i < 100; i++) {
        ck_assert_uint_eq(in16(FRAME_NUMBER), (0x7f0 + i) & 0x7ff);
        advance(stage.timers, FRAME);
    }
    test_time += 5000 * (uint64_t)FRAME; /* the host has slept */
    timers_run(stage.timers);
    ck_assert_uint_eq(in16(FRAME_NUMBER), (0x7f0 + 5100) & 0x7ff);
    out16(COMMAND, 0);
    advance(stage.timers, 10 * FRAME);
    ck_assert_uint_eq(in16(FRAME_NUMBER), (0x7f0 + 5100) & 0x7ff);
    ck_assert_uint_eq(in16(STATUS), 0x20);
    out16(SOF, 0);
    out16(COMMAND, RUN);
    advance(stage.timers, 994667); /* 11936 bits of 12 MHz */
    ck_assert_uint_eq(in16(FRAME_NUMBER), (0x7f0 + 5101) & 0x7ff);
}
END_TEST

/* --- ports --- */

START_TEST(a_device_wakes_a_bus_that_sleeps)
{
    struct usb_input input = {.keyboard = &keyboard};
    const struct input_sink sink = usb_input_sink(&input);
    configure(5);
    out16(STATUS, 0x1f);
    control(5, 0, 3, 1, 0); /* it may */
    out16(STATUS, 0x1f);
    out16(PORT, 0x1004);
    sink.key(sink.chip, 0x1e, true);
    ck_assert_uint_eq(in16(STATUS), 4);
    ck_assert(stage.irq.level);
    ck_assert_uint_eq(in16(PORT) & 0x1040, 0x1040);
    out16(PORT, 0x1004);
    ck_assert_uint_eq(in16(PORT) & 0x1044, 0x0004);
}
END_TEST

START_TEST(a_reset_leaves_what_is_plugged_in)
{
    configure(5);
    out16(COMMAND, 2);
    ck_assert_uint_eq(in16(COMMAND), 0);
    ck_assert_uint_eq(in16(STATUS), 0x20);
    ck_assert_uint_eq(in16(PORT), 0x0093);
    ck_assert_uint_eq(keyboard.usb.address, 0);
    ck_assert_uint_eq(ports_read(&stage.ports, SOF, 1), 0x40);
}
END_TEST

Suite *usb_suite(void)
{
    Suite *suite = suite_create("usb");
    TCase *devices = tcase_create("devices"), *faults = tcase_create("faults");
    TCase *host = tcase_create("host");
    tcase_add_checked_fixture(devices, setup, teardown);
    tcase_add_test(devices, a_keyboard_is_found_and_tells_what_is_typed);
    tcase_add_test(devices, more_than_six_keys_roll_over);
    tcase_add_test(devices, lights_are_set);
    tcase_add_test(devices, a_tablet_tells_where_it_is);
    suite_add_tcase(suite, devices);
    tcase_add_checked_fixture(faults, setup, teardown);
    tcase_add_test(faults, nobody_answers_three_times);
    tcase_add_test(faults, what_is_not_there_stalls);
    tcase_add_test(faults, less_room_than_comes_is_babble);
    tcase_add_test(faults, a_short_packet_is_detected);
    tcase_add_test(faults, a_token_that_is_none_stops_it);
    tcase_add_test(faults, an_isochronous_one_has_one_chance);
    suite_add_tcase(suite, faults);
    tcase_add_checked_fixture(host, setup, teardown);
    tcase_add_test(host, rings_end);
    tcase_add_test(host, what_is_left_of_a_frame_is_used);
    tcase_add_test(host, nothing_to_do_costs_nothing);
    tcase_add_test(host, frames_are_counted_all_the_while);
    tcase_add_test(host, a_device_wakes_a_bus_that_sleeps);
    tcase_add_test(host, a_reset_leaves_what_is_plugged_in);
    suite_add_tcase(suite, host);
    return suite;
}
