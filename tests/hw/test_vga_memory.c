/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accesses to the planes against a model that does them bit by bit, after IBM's manual; with any
 * values in the registers, so that windows of RAM come and go, of which the model knows nothing.
 */
#include "tests/hw/vga_fixture.h"

#include <string.h>

/* --- the model --- */

static struct {
    uint8_t plane[4][0x10000], latch[4];
    uint8_t graphics[9], map_mask, memory_mode, misc;
} model;

static bool bit(unsigned value, unsigned number)
{
    return value >> number & 1;
}

/* Offset in the window, or -1. */
static long model_offset(uint32_t address)
{
    static const uint32_t base[] = {0xa0000, 0xa0000, 0xb0000, 0xb8000};
    static const uint32_t size[] = {0x20000, 0x10000, 0x8000, 0x8000};
    unsigned map = model.graphics[6] >> 2 & 3;
    if (!bit(model.misc, 1) || address < base[map] || address >= base[map] + size[map])
        return -1;
    return (long)(address - base[map]);
}

static uint32_t model_at(uint32_t offset, bool odd_even)
{
    if (bit(model.memory_mode, 3))
        return (offset & 0xfffc) + (offset >> 16);
    if (odd_even && bit(model.graphics[6], 1))
        return (offset & 0xfffe) + (offset >> 16);
    return offset & 0xffff;
}

static bool model_takes(unsigned plane, uint32_t offset)
{
    if (!bit(model.map_mask, plane))
        return false;
    if (bit(model.memory_mode, 3))
        return plane == offset % 4;
    return bit(model.memory_mode, 2) || plane % 2 == offset % 2;
}

static bool combine(bool data, bool latch)
{
    switch (model.graphics[3] >> 3 & 3) {
    case 0:
        return data;
    case 1:
        return data && latch;
    case 2:
        return data || latch;
    default:
        return data != latch;
    }
}

/* What bit n of a plane becomes. */
static bool model_bit(unsigned plane, unsigned n, uint8_t byte)
{
    bool latch = bit(model.latch[plane], n);
    bool rotated = bit(byte, (n + (model.graphics[3] & 7)) % 8);
    bool set = bit(model.graphics[0], plane), masked = !bit(model.graphics[8], n);
    switch (model.graphics[5] & 3) {
    case 0:
        if (masked)
            return latch;
        return combine(bit(model.graphics[1], plane) ? set : rotated, latch);
    case 1:
        return latch;
    case 2:
        return masked ? latch : combine(bit(byte, plane), latch);
    default:
        return masked || !rotated ? latch : combine(set, latch);
    }
}

static void model_write(uint32_t address, uint8_t byte)
{
    long offset = model_offset(address);
    if (offset < 0)
        return;
    uint32_t at = model_at((uint32_t)offset, !bit(model.memory_mode, 2));
    for (unsigned plane = 0; plane < 4; plane++) {
        uint8_t value = 0;
        for (unsigned n = 0; n < 8; n++)
            value |= (uint8_t)(model_bit(plane, n, byte) << n);
        if (model_takes(plane, (uint32_t)offset))
            model.plane[plane][at] = value;
    }
}

static uint8_t model_compare(const uint8_t planes[4])
{
    uint8_t same = 0xff;
    for (unsigned plane = 0; plane < 4; plane++)
        for (unsigned n = 0; n < 8 && bit(model.graphics[7], plane); n++)
            if (bit(planes[plane], n) != bit(model.graphics[2], plane))
                same &= (uint8_t) ~(1 << n);
    return same;
}

/* RAM has no latches behind it, nor what is RAM from that access on. */
static uint8_t model_read(uint32_t address, bool latches)
{
    uint8_t planes[4];
    long offset = model_offset(address);
    if (offset < 0)
        return 0xff;
    uint32_t at = model_at((uint32_t)offset, bit(model.graphics[5], 4));
    unsigned plane = model.graphics[4] & 3;
    for (unsigned i = 0; i < 4; i++)
        planes[i] = model.plane[i][at];
    if (latches)
        memcpy(model.latch, planes, sizeof planes);
    if (bit(model.graphics[5], 3))
        return model_compare(planes);
    if (bit(model.memory_mode, 3))
        plane = (unsigned)offset % 4;
    else if (bit(model.graphics[5], 4))
        plane = (plane & 2) | (unsigned)offset % 2;
    return planes[plane];
}

/* --- both --- */

static void setup(void)
{
    vga_setup();
    memset(&model, 0, sizeof model);
    for (unsigned i = 0; i < 0x40000; i++)
        model.plane[i % 4][i / 4] = card.ram[i];
}

static void graphics_out(uint8_t index, uint8_t value)
{
    reg_out(GRAPHICS, index, value);
    model.graphics[index] = reg_in(GRAPHICS, index);
}

static void map_mask_out(uint8_t value)
{
    reg_out(SEQ, 2, value);
    model.map_mask = value & 0xf;
}

static void memory_mode_out(uint8_t value)
{
    reg_out(SEQ, 4, value);
    model.memory_mode = value;
}

static void misc_out(uint8_t value)
{
    port_out(0x3c2, value);
    model.misc = value;
}

static void set_both(enum vga_parameters_row row)
{
    const struct vga_parameters *p = &vga_parameters[row];
    misc_out(p->misc | MISC_COLOR);
    map_mask_out(p->sequencer[1]);
    memory_mode_out(p->sequencer[3]);
    for (uint8_t i = 0; i < 9; i++)
        graphics_out(i, p->graphics[i]);
}

static void change_a_register(uint32_t *seed)
{
    uint8_t value = (uint8_t)next_random(seed);
    unsigned which = next_random(seed) % 14;
    if (which < 9)
        graphics_out((uint8_t)which, value);
    else if (which == 9)
        memory_mode_out(value & 0xe);
    else if (which == 10)
        misc_out(value | MISC_COLOR | (value & 0x30 ? MISC_RAM : 0));
    else if (which == 11)
        map_mask_out(value);
    else
        graphics_out(5, value & 0x1b);
}

static uint32_t random_address(uint32_t *seed)
{
    uint32_t n = next_random(seed);
    return (n & 3 ? 0xa0000 : 0xb8000) + (n >> 8) % (n & 4 ? 0x20000 : 0x400);
}

static void access_both(uint32_t *seed)
{
    uint32_t address = random_address(seed), value = next_random(seed);
    unsigned size = 1u << next_random(seed) % 3;
    if ((address & PAGE_MASK) + size > PAGE_SIZE) /* the first byte may show RAM to the others */
        return;
    if (next_random(seed) & 1) {
        poke(address, value, size);
        for (unsigned i = 0; i < size; i++)
            model_write(address + i, (uint8_t)(value >> 8 * i));
        return;
    }
    uint32_t expected = 0;
    bool latches = card.wanted == VGA_WINDOW_DEVICE;
    for (unsigned i = 0; i < size; i++)
        expected |= (uint32_t)model_read(address + i, latches) << 8 * i;
    ck_assert_uint_eq(peek(address, size), expected);
}

static void check_planes(void)
{
    vga_update_planes(&card);
    for (unsigned i = 0; i < 0x40000; i++)
        ck_assert_msg(card.ram[i] == model.plane[i % 4][i / 4],
                      "plane %u at %04x: %02x, not %02x as in the model", i % 4, i / 4, card.ram[i],
                      model.plane[i % 4][i / 4]);
}

START_TEST(any_registers)
{
    uint32_t seed = (uint32_t)_i + 1;
    set_both(VGA_ROW_MODE_12);
    for (unsigned i = 0; i < 20000; i++) {
        if (next_random(&seed) % 8 == 0)
            change_a_register(&seed);
        access_both(&seed);
    }
    check_planes();
}
END_TEST

/* Modes in which memory is RAM to the processor, left and entered again at any time. */
START_TEST(modes_in_turn)
{
    static const enum vga_parameters_row rows[] = {VGA_ROW_MODE_2_9X16, VGA_ROW_MODE_13,
                                                   VGA_ROW_MODE_4,      VGA_ROW_MODE_7_9X16,
                                                   VGA_ROW_MODE_12,     VGA_ROW_MODE_6};
    uint32_t seed = (uint32_t)_i + 100;
    unsigned ram = 0;
    for (unsigned i = 0; i < 300; i++) {
        set_both(rows[next_random(&seed) % (sizeof rows / sizeof *rows)]);
        for (unsigned n = next_random(&seed) % 60; n; n--)
            access_both(&seed);
        ram += card.window != VGA_WINDOW_DEVICE;
        if (next_random(&seed) % 4 == 0)
            change_a_register(&seed);
        if (next_random(&seed) % 8 == 0)
            vga_picture();
        if (next_random(&seed) % 32 == 0)
            check_planes();
    }
    ck_assert_uint_gt(ram, 50);
    check_planes();
}
END_TEST

/* --- which modes cost the processor nothing --- */

static bool is_ram(uint32_t address)
{
    peek(address, 1); /* the first access shows it */
    return memory_page(vga_test_memory, address).writable;
}

START_TEST(text_is_ram)
{
    set_mode(VGA_ROW_MODE_2_9X16);
    ck_assert(is_ram(0xb8000));
    ck_assert(is_ram(0xbffff));
    ck_assert(!is_ram(0xa0000));
    ck_assert(!is_ram(0xb7fff));
    set_mode(VGA_ROW_MODE_7_9X16);
    ck_assert(is_ram(0xb0000));
    ck_assert(!is_ram(0xb8000));
}
END_TEST

START_TEST(mode_13_is_ram)
{
    set_mode(VGA_ROW_MODE_13);
    ck_assert(is_ram(0xa0000));
    ck_assert(is_ram(0xaffff));
    reg_out(SEQ, 4, 6);
    ck_assert(!is_ram(0xa0000));
}
END_TEST

START_TEST(planes_are_not_ram)
{
    set_mode(VGA_ROW_MODE_12);
    ck_assert(!is_ram(0xa0000));
    port_out(0x3c2, 0x61); /* without RAM */
    ck_assert_uint_eq(peek(0xa0000, 4), 0xffffffff);
}
END_TEST

/* Restored, it shows no window, until the first access: nobody sees which access that was. */
START_TEST(latches_are_the_same_restored)
{
    set_mode(VGA_ROW_MODE_2_9X16);
    poke(0xb8000, 0x07410742, 4); /* is RAM from here on */
    uint32_t latches = card.latches;
    ck_assert_uint_eq(peek(0xb8000, 1), 0x42);
    ck_assert_uint_eq(card.latches, latches);
    vga_device.saving(&card);
    vga_device.restored(&card);
    ck_assert_uint_eq(peek(0xb8000, 1), 0x42);
    ck_assert_uint_eq(card.latches, latches);
}
END_TEST

static unsigned told;

static void on_code(void *owner, uint32_t address, unsigned size)
{
    (void)owner, (void)size;
    told += address >= VGA_TEST_FRAME_BUFFER;
}

static unsigned told_of(enum vga_parameters_row row, uint32_t address)
{
    set_mode(row);
    peek(address, 1); /* where there is RAM, it is shown */
    memory_mark_code(vga_test_memory, VGA_TEST_FRAME_BUFFER, true);
    told = 0;
    poke(address, 0x90, 1);
    vga_update_planes(&card);
    return told;
}

/* Code in the frame buffer, where the planes are, changes with them. */
START_TEST(planes_may_be_code)
{
    struct memory_listener listener = {.code_written = on_code};
    memory_listen(vga_test_memory, &listener);
    ck_assert_uint_eq(told_of(VGA_ROW_MODE_12, 0xa0001), 1);
    ck_assert_uint_eq(told_of(VGA_ROW_MODE_12, 0xa0400), 0); /* page 1 */
    ck_assert_uint_ge(told_of(VGA_ROW_MODE_13, 0xa0001), 1);
    ck_assert_uint_ge(told_of(VGA_ROW_MODE_2_9X16, 0xb8000), 1);
    memory_mark_code(vga_test_memory, VGA_TEST_FRAME_BUFFER, true);
    told = 0;
    vbe_out(VBE_WIDTH, 640);
    vbe_out(VBE_HEIGHT, 400);
    vbe_out(VBE_ENABLE, VBE_ENABLED); /* clears it */
    ck_assert_uint_ge(told, 1);
    memory_unlisten(vga_test_memory, &listener);
}
END_TEST

/* A font is loaded as BIOSes do it, while text stays. */
START_TEST(font_beneath_text)
{
    set_mode(VGA_ROW_MODE_2_9X16);
    poke(0xb8000, 0x07410742, 4);
    reg_out(SEQ, 2, 4);
    reg_out(SEQ, 4, 7);
    reg_out(GRAPHICS, 4, 2);
    reg_out(GRAPHICS, 5, 0);
    reg_out(GRAPHICS, 6, 4);
    poke(0xa0020, 0x5a, 1);
    ck_assert_uint_eq(plane_byte(2, 0x20), 0x5a);
    reg_out(SEQ, 2, 3);
    reg_out(SEQ, 4, 3);
    reg_out(GRAPHICS, 4, 0);
    reg_out(GRAPHICS, 5, 0x10);
    reg_out(GRAPHICS, 6, 0xe);
    ck_assert_uint_eq(peek(0xb8000, 4), 0x07410742);
    ck_assert_uint_eq(plane_byte(0, 0), 0x42);
    ck_assert_uint_eq(plane_byte(1, 0), 0x07);
    ck_assert_uint_eq(plane_byte(0, 2), 0x41);
}
END_TEST

Suite *vga_memory_suite(void)
{
    Suite *suite = suite_create("vga memory");
    TCase *c = tcase_create("model");
    tcase_add_checked_fixture(c, setup, vga_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, any_registers, 0, 8);
    tcase_add_loop_test(c, modes_in_turn, 0, 4);
    suite_add_tcase(suite, c);
    c = tcase_create("windows");
    tcase_add_checked_fixture(c, vga_setup, vga_teardown);
    tcase_add_test(c, text_is_ram);
    tcase_add_test(c, mode_13_is_ram);
    tcase_add_test(c, planes_are_not_ram);
    tcase_add_test(c, latches_are_the_same_restored);
    tcase_add_test(c, planes_may_be_code);
    tcase_add_test(c, font_beneath_text);
    suite_add_tcase(suite, c);
    return suite;
}
