/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interval timer against a model that counts, clock pulse by clock pulse, as Intel's data sheet
 * (231164, "Mode Definitions") tells it. Both are driven by the same random writes and gate levels,
 * from the first tick after power-on on.
 */
#include "hw/clock/i8254.h"
#include "tests/hw/fixture.h"

enum { NULL_COUNT = 0x40, OUT = 0x80 };

static struct timers *timers;
static struct i8254 pit;
static struct wire irq;
static uint32_t seed;

static void setup(void)
{
    test_time = 0;
    timers = new_timers();
    i8254_init(&pit, timers, wire_line(&irq));
    i8254_set_gate2(&pit, true);
}

/* --- the model --- */

struct model {
    unsigned mode;
    uint16_t written; /* CR; 0 is 10000h */
    uint16_t value;   /* CE */
    bool gate, out;
    bool null;
    bool counting; /* a count has been loaded */
    bool loads;    /* at the next pulse: the first count, or one that a trigger brings */
    bool ended;    /* modes 0, 1, 4, 5: OUT has done what it does at zero */
};

static void model_mode(struct model *m, unsigned mode)
{
    *m = (struct model){.mode = mode, .gate = m->gate, .out = mode != 0, .null = true};
}

static void model_first_byte(struct model *m)
{
    if (m->mode == 0)
        m->counting = m->loads = m->out = false;
}

static void model_count(struct model *m, uint16_t count)
{
    bool triggered = m->mode == 1 || m->mode == 5, periodic = m->mode == 2 || m->mode == 3;
    m->written = count;
    m->null = true;
    if (!triggered && (!periodic || !m->counting))
        m->loads = true;
}

static void model_gate(struct model *m, bool level)
{
    bool rising = level && !m->gate;
    m->gate = level;
    if (!level && (m->mode == 2 || m->mode == 3))
        m->out = true;
    if (rising && m->written && m->mode != 0 && m->mode != 4)
        m->loads = true;
}

static void model_load(struct model *m)
{
    m->value = m->mode == 3 ? m->written & 0xfffe : m->written;
    m->loads = m->null = m->ended = false;
    m->counting = true;
    if (m->mode == 1)
        m->out = false;
    if (m->mode == 4 || m->mode == 5)
        m->out = true;
}

/* "If the initial count is odd, OUT is high for (N + 1) / 2 counts and low for (N - 1) / 2." */
static void model_square(struct model *m, bool odd)
{
    bool stays = m->out && odd && m->value == 2;
    if (m->value > 2 || stays) {
        m->value -= 2;
        return;
    }
    m->out = !m->out;
    model_load(m);
}

static void model_one_shot(struct model *m)
{
    bool strobe = m->mode == 4 || m->mode == 5;
    m->value--;
    if (strobe && m->ended)
        m->out = true;
    if (m->value || m->ended)
        return;
    m->ended = true;
    m->out = !strobe;
}

/* A clock pulse; `odd` is that of the count in use. */
static void model_pulse(struct model *m)
{
    static bool odd;
    bool triggered = m->mode == 1 || m->mode == 5, reloads = m->null;
    if (m->loads) {
        odd = m->written & 1;
        model_load(m);
        return;
    }
    if (!m->counting || (!m->gate && !triggered))
        return;
    if (m->mode == 3) {
        model_square(m, odd);
        if (reloads && !m->null)
            odd = m->written & 1;
    } else if (m->mode == 2) {
        if (m->value == 1)
            model_load(m);
        else
            m->value--;
        m->out = m->value != 1;
    } else {
        model_one_shot(m);
    }
}

/* --- both --- */

static void write_byte(unsigned offset, uint8_t value)
{
    i8254_write(&pit, offset, value, 1);
}

static void set_mode(struct model *m, unsigned mode)
{
    write_byte(3, (uint8_t)(0xb0 | mode << 1));
    model_mode(m, mode);
}

static void set_count(struct model *m, uint16_t count)
{
    write_byte(2, (uint8_t)count);
    model_first_byte(m);
    if (seed & 0x100)
        ck_assert_int_eq(i8254_out2(&pit), m->out);
    write_byte(2, (uint8_t)(count >> 8));
    model_count(m, count);
    if (m->mode == 0)
        m->out = false;
}

static void set_gate(struct model *m, bool level)
{
    i8254_set_gate2(&pit, level);
    model_gate(m, level);
}

static void next_tick(struct model *m)
{
    uint64_t tick = muldiv(timers_now(timers), I8254_HZ, NS_PER_S) + 1;
    advance(timers, muldiv(tick, NS_PER_S, I8254_HZ) + 1 - timers_now(timers));
    model_pulse(m);
}

/* OUT always; the count where the model has one. */
static void compare(const struct model *m)
{
    ck_assert_int_eq(i8254_out2(&pit), m->out);
    write_byte(3, m->counting ? 0xc8 : 0xe8);
    uint8_t status = (uint8_t)i8254_read(&pit, 2, 1);
    ck_assert_int_eq((status & OUT) != 0, m->out);
    ck_assert_int_eq((status & NULL_COUNT) != 0, m->null);
    if (!m->counting)
        return;
    uint32_t low = i8254_read(&pit, 2, 1), high = i8254_read(&pit, 2, 1);
    if (!m->loads)
        ck_assert_uint_eq(low | high << 8, m->value);
}

static void act(struct model *m)
{
    uint32_t r = next_random(&seed) % 64;
    if (r == 0)
        set_mode(m, next_random(&seed) % 6);
    else if (r < 4)
        set_gate(m, !m->gate);
    else if (r < 7)
        set_count(m, (uint16_t)(2 + next_random(&seed) % 30));
}

START_TEST(counts_as_the_data_sheet_says)
{
    struct model m = {.gate = true};
    seed = (uint32_t)_i;
    set_mode(&m, next_random(&seed) % 6);
    for (unsigned i = 0; i < 5000; i++) {
        act(&m);
        compare(&m);
        next_tick(&m);
        compare(&m);
    }
}
END_TEST

/* What comes in the middle of a period of 16 ms is half of one of 55 ms. */
START_TEST(a_half_period_that_began_before_power_on)
{
    write_byte(3, 0x36);
    write_byte(0, 20000 & 0xff);
    write_byte(0, 20000 >> 8);
    advance(timers, NS_PER_MS);
    write_byte(0, 0);
    write_byte(0, 0);
    irq.rises = 0;
    advance(timers, muldiv(10000 + 32768 + 10, NS_PER_S, I8254_HZ) - NS_PER_MS);
    ck_assert_uint_eq(irq.rises, 1);
    advance(timers, (uint64_t)NS_PER_S);
    ck_assert_uint_eq(irq.rises, 1 + 18);
}
END_TEST

Suite *i8254_model_suite(void)
{
    Suite *suite = suite_create("i8254 by its model");
    TCase *c = tcase_create("model");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_loop_test(c, counts_as_the_data_sheet_says, 1, 60);
    tcase_add_test(c, a_half_period_that_began_before_power_on);
    suite_add_tcase(suite, c);
    return suite;
}
