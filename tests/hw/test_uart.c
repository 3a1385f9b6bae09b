/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 16550A, by National's data sheet. */
#include "hw/char/uart16550.h"
#include "tests/hw/fixture.h"

#include <string.h>

static struct timers *timers;
static struct uart16550 uart;
static struct far_end outside;
static struct wire irq;

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR, FCR = IIR };

static uint8_t get(unsigned reg)
{
    return (uint8_t)uart16550_read(&uart, reg, 1);
}

static void set(unsigned reg, uint8_t value)
{
    uart16550_write(&uart, reg, value, 1);
}

static void setup(void)
{
    test_time = 99;
    timers = new_timers();
    far_end_init(&outside, "");
    uart16550_init(&uart, timers, &outside.chardev, wire_line(&irq));
    set(LCR, 0x80); /* 115200 baud, 8N1 */
    set(DATA, 1);
    set(IER, 0);
    set(LCR, 0x03);
    set(MCR, 0x0b);
}

static void receive(const char *text)
{
    outside.text = text;
    uart16550_poll(&uart);
}

START_TEST(divisor_latch)
{
    set(LCR, 0x83);
    set(DATA, 0x34);
    set(IER, 0x12);
    ck_assert_uint_eq(get(DATA), 0x34);
    ck_assert_uint_eq(get(IER), 0x12);
    set(LCR, 0x03);
    ck_assert_uint_eq(get(IER), 0);
    ck_assert_uint_eq(outside.count, 0);
}
END_TEST

START_TEST(sends)
{
    for (const char *p = "hello"; *p; p++) {
        ck_assert_uint_eq(get(LSR), 0x60);
        set(DATA, (uint8_t)*p);
    }
    ck_assert_str_eq(outside.sent, "hello");
}
END_TEST

START_TEST(receives_one_by_one_without_fifos)
{
    set(IER, 0x01);
    receive("ab");
    ck_assert(irq.level);
    ck_assert_uint_eq(get(IIR), 0x04);
    ck_assert_uint_eq(get(LSR), 0x61);
    ck_assert_uint_eq(get(DATA), 'a');
    ck_assert_uint_eq(get(DATA), 'b');
    ck_assert_uint_eq(get(LSR), 0x60);
    ck_assert(!irq.level);
    ck_assert_uint_eq(get(IIR), 0x01);
}
END_TEST

START_TEST(fifo_trigger_levels)
{
    static const unsigned levels[] = {1, 4, 8, 14};
    set(FCR, (uint8_t)(_i << 6 | 1));
    set(IER, 0x01);
    for (unsigned i = 1; i < levels[_i]; i++)
        receive("x");
    ck_assert_uint_eq(get(IIR), 0xc1);
    receive("x");
    ck_assert_uint_eq(get(IIR), 0xc4);
    ck_assert(irq.level);
    get(DATA);
    ck_assert_uint_eq(get(IIR), 0xc1);
}
END_TEST

START_TEST(fifo_timeout)
{
    set(FCR, 0xc1);
    set(IER, 0x01);
    receive("abc");
    advance(timers, 340 * NS_PER_US); /* four characters of ten bits: 347 us */
    ck_assert(!irq.level);
    advance(timers, 10 * NS_PER_US);
    ck_assert(irq.level);
    ck_assert_uint_eq(get(IIR), 0xcc);
    ck_assert_uint_eq(get(DATA), 'a');
    ck_assert_uint_eq(get(IIR), 0xc1); /* starts again */
    advance(timers, 350 * NS_PER_US);
    ck_assert_uint_eq(get(IIR), 0xcc);
    get(DATA);
    get(DATA);
    advance(timers, NS_PER_S);
    ck_assert_uint_eq(get(IIR), 0xc1);
}
END_TEST

START_TEST(pasted_text_is_not_overrun)
{
    char text[1001] = "";
    for (unsigned i = 0; i < 1000; i++)
        text[i] = (char)('a' + i % 26);
    set(FCR, 0x01);
    receive(text);
    for (unsigned i = 0; i < 1000; i++) {
        ck_assert_uint_eq(get(LSR), 0x61);
        ck_assert_uint_eq(get(DATA), (uint8_t)text[i]);
    }
    ck_assert_uint_eq(get(LSR), 0x60);
}
END_TEST

START_TEST(fcr_clears_the_receiver)
{
    set(FCR, 0x01);
    receive("abc");
    set(FCR, 0x03);
    ck_assert_uint_eq(get(LSR), 0x60);
    receive("d");
    ck_assert_uint_eq(get(DATA), 'd');
    receive("e");
    set(FCR, 0x00); /* so does switching FIFOs off */
    ck_assert_uint_eq(get(LSR), 0x60);
    ck_assert_uint_eq(get(IIR), 0x01);
}
END_TEST

START_TEST(thre_interrupt)
{
    set(IER, 0x02);
    ck_assert(irq.level); /* at once: THR is empty */
    ck_assert_uint_eq(get(IIR), 0x02);
    ck_assert(!irq.level); /* reading IIR is enough */
    ck_assert_uint_eq(get(IIR), 0x01);
    set(DATA, 'x');
    ck_assert(irq.level);
    ck_assert_uint_eq(get(IIR), 0x02);
    set(IER, 0x02); /* no edge of the enable bit */
    ck_assert(!irq.level);
    set(IER, 0x00);
    set(IER, 0x02);
    ck_assert(irq.level);
}
END_TEST

START_TEST(priorities)
{
    set(IER, 0x0f);
    set(MCR, 0x1b); /* loopback, OUT2; the modem inputs change */
    set(DATA, 'a');
    set(DATA, 'b'); /* overrun */
    ck_assert_uint_eq(get(IIR), 0x06);
    ck_assert_uint_eq(get(LSR), 0x63);
    ck_assert_uint_eq(get(IIR), 0x04);
    ck_assert_uint_eq(get(DATA), 'b'); /* the second took the place of the first */
    ck_assert_uint_eq(get(IIR), 0x02);
    set(MCR, 0x1a); /* DTR off */
    ck_assert_uint_eq(get(IIR), 0x00);
    ck_assert_uint_eq(get(MSR) & 0x02, 0x02);
    ck_assert_uint_eq(get(IIR), 0x01);
}
END_TEST

START_TEST(loopback)
{
    set(FCR, 0x01);
    set(MCR, 0x10);
    ck_assert_uint_eq(get(MSR) & 0xf0, 0x00);
    static const uint8_t inputs[][2] = {{0x11, 0x20}, {0x12, 0x10}, {0x14, 0x40}, {0x18, 0x80}};
    for (unsigned i = 0; i < 4; i++) {
        set(MCR, inputs[i][0]);
        ck_assert_uint_eq(get(MSR) & 0xf0, inputs[i][1]);
    }
    outside.text = "outside";
    uart16550_poll(&uart);
    for (unsigned i = 0; i < 20; i++)
        set(DATA, (uint8_t)i);
    ck_assert_uint_eq(outside.count, 0);
    ck_assert_uint_eq(get(LSR), 0x63);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_uint_eq(get(DATA), i);
    ck_assert_uint_eq(get(LSR), 0x60);
    set(MCR, 0x0b);
    ck_assert_uint_eq(get(DATA), 'o');
}
END_TEST

START_TEST(ring_counts_when_it_ends)
{
    set(MCR, 0x10);
    get(MSR);
    set(MCR, 0x14);
    ck_assert_uint_eq(get(MSR), 0x40);
    set(MCR, 0x10);
    ck_assert_uint_eq(get(MSR), 0x04);
    ck_assert_uint_eq(get(MSR), 0x00);
}
END_TEST

START_TEST(out2_gates_the_interrupt)
{
    set(MCR, 0x03);
    set(IER, 0x02);
    ck_assert(!irq.level);
    set(MCR, 0x0b);
    ck_assert(irq.level);
}
END_TEST

START_TEST(probes_as_a_16550a)
{
    set(SCR, 0x5a);
    ck_assert_uint_eq(get(SCR), 0x5a);
    set(FCR, 0x01);
    ck_assert_uint_eq(get(IIR) & 0xc0, 0xc0);
    set(FCR, 0x00);
    ck_assert_uint_eq(get(IIR) & 0xc0, 0x00);
    set(MCR, 0xff);
    ck_assert_uint_eq(get(MCR), 0x1f);
    set(IER, 0xff);
    ck_assert_uint_eq(get(IER), 0x0f);
    set(MCR, 0);
    ck_assert_uint_eq(get(MSR) & 0xf0, 0xb0);
}
END_TEST

/* --- an outside that does not take what is sent --- */

static void let_go(void)
{
    outside.stuck = false;
    uart16550_poll(&uart);
}

START_TEST(thr_is_held_while_nobody_takes_it)
{
    outside.stuck = true;
    set(DATA, 'a');
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(get(LSR), 0);
    uart16550_poll(&uart);
    ck_assert_str_eq(outside.sent, "");
    let_go();
    ck_assert_str_eq(outside.sent, "a");
    ck_assert_uint_eq(get(LSR), 0x60);
    ck_assert_uint_eq(outside.waited, 0);
}
END_TEST

START_TEST(thre_interrupts_when_it_is_taken)
{
    outside.stuck = true;
    set(FCR, 0x01);
    set(DATA, 'a');
    set(IER, 0x02);
    ck_assert(!irq.level);
    ck_assert_uint_eq(get(IIR), 0xc1);
    set(DATA, 'b');
    let_go();
    ck_assert(irq.level);
    ck_assert_uint_eq(get(IIR), 0xc2);
    ck_assert(!irq.level);
    ck_assert_str_eq(outside.sent, "ab");
}
END_TEST

/* In the FIFO, or in THR alone; behind it is the wait. */
START_TEST(who_does_not_look_waits)
{
    const char text[] = "abcdefghijklmnopqrstuvwxyz";
    unsigned room = _i ? UART_FIFO : 1;
    outside.stuck = true;
    set(FCR, (uint8_t)_i);
    for (unsigned i = 0; text[i]; i++)
        set(DATA, (uint8_t)text[i]);
    ck_assert_uint_eq(outside.waited, 26 - room);
    let_go();
    ck_assert_str_eq(outside.sent, text);
}
END_TEST

START_TEST(nothing_held_is_thrown_away)
{
    outside.stuck = true;
    set(FCR, 0x01);
    set(DATA, 'a');
    set(FCR, 0x05);
    set(DATA, 'b');
    set(FCR, 0x00);
    set(DATA, 'c');
    uart16550_reset(&uart);
    ck_assert_str_eq(outside.sent, "abc");
    ck_assert_uint_eq(get(LSR), 0x60);
}
END_TEST

START_TEST(hostile_writes)
{
    uint32_t state = (uint32_t)_i;
    for (unsigned i = 0; i < 50000; i++) {
        uint32_t r = next_random(&state);
        set(r & 7, r >> 4 & 0xff);
        get(r >> 12 & 7);
        outside.text = &"abcdefghijklmnopqrstuvwxyz"[next_random(&state) & 15];
        outside.stuck = next_random(&state) & 1;
        uart16550_poll(&uart);
        advance(timers, (uint64_t)1 << (next_random(&state) & 31));
    }
    ck_assert_uint_le(uart.count, UART_FIFO);
    ck_assert_uint_le(uart.sending_count, UART_FIFO);
}
END_TEST

Suite *uart_suite(void)
{
    Suite *suite = suite_create("uart16550");
    TCase *c = tcase_create("uart16550");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, divisor_latch);
    tcase_add_test(c, sends);
    tcase_add_test(c, receives_one_by_one_without_fifos);
    tcase_add_loop_test(c, fifo_trigger_levels, 0, 4);
    tcase_add_test(c, fifo_timeout);
    tcase_add_test(c, pasted_text_is_not_overrun);
    tcase_add_test(c, fcr_clears_the_receiver);
    tcase_add_test(c, thre_interrupt);
    tcase_add_test(c, priorities);
    tcase_add_test(c, loopback);
    tcase_add_test(c, ring_counts_when_it_ends);
    tcase_add_test(c, out2_gates_the_interrupt);
    tcase_add_test(c, probes_as_a_16550a);
    tcase_add_test(c, thr_is_held_while_nobody_takes_it);
    tcase_add_test(c, thre_interrupts_when_it_is_taken);
    tcase_add_loop_test(c, who_does_not_look_waits, 0, 2);
    tcase_add_test(c, nothing_held_is_thrown_away);
    tcase_add_loop_test(c, hostile_writes, 1, 5);
    suite_add_tcase(suite, c);
    return suite;
}
