/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/modes.h"

#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

static ROM struct mode modes[] = {
    {0x00, MODEL_TEXT, 4, VGA_COLORS_64, VGA_ROW_MODE_0_9X16},
    {0x01, MODEL_TEXT, 4, VGA_COLORS_64, VGA_ROW_MODE_0_9X16},
    {0x02, MODEL_TEXT, 4, VGA_COLORS_64, VGA_ROW_MODE_2_9X16},
    {0x03, MODEL_TEXT, 4, VGA_COLORS_64, VGA_ROW_MODE_2_9X16},
    {0x04, MODEL_CGA, 2, VGA_COLORS_16, VGA_ROW_MODE_4},
    {0x05, MODEL_CGA, 2, VGA_COLORS_16, VGA_ROW_MODE_4},
    {0x06, MODEL_CGA, 1, VGA_COLORS_16, VGA_ROW_MODE_6},
    {0x07, MODEL_TEXT, 4, VGA_COLORS_MONO, VGA_ROW_MODE_7_9X16},
    {0x0d, MODEL_PLANAR, 4, VGA_COLORS_16, VGA_ROW_MODE_0D},
    {0x0e, MODEL_PLANAR, 4, VGA_COLORS_16, VGA_ROW_MODE_0E},
    {0x0f, MODEL_PLANAR, 4, VGA_COLORS_MONO, VGA_ROW_MODE_0F},
    {0x10, MODEL_PLANAR, 4, VGA_COLORS_64, VGA_ROW_MODE_10},
    {0x11, MODEL_PLANAR, 4, VGA_COLORS_64, VGA_ROW_MODE_11},
    {0x12, MODEL_PLANAR, 4, VGA_COLORS_64, VGA_ROW_MODE_12},
    {0x13, MODEL_PACKED, 8, VGA_COLORS_256, VGA_ROW_MODE_13},
};

ROM struct mode *mode_find(uint8_t number)
{
    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (modes[i].number == number)
            return &modes[i];
    return NULL;
}

/* Text modes have a row for each number of lines, except that monochrome has none with 200. */
static unsigned parameters_row(ROM struct mode *mode)
{
    uint8_t flags = BDA->flags;
    if (mode->model != MODEL_TEXT || flags & FLAGS_LINES_400)
        return mode->row;
    if (mode->number == MODE_MONO_TEXT)
        return VGA_ROW_MODE_7_8X14;
    return mode->number + (flags & FLAGS_LINES_200 ? VGA_ROW_MODE_0_8X8 : VGA_ROW_MODE_0_8X14);
}

void mode_parameters(ROM struct mode *mode, struct vga_parameters *p)
{
    struct far save = far(BDA->save.segment, BDA->save.offset);
    struct far table = save.segment | save.offset ? far_read_far(save) : far_rom(vga_parameters);
    uint16_t offset = (uint16_t)(parameters_row(mode) * sizeof *p);
    uint16_t stack;
    __asm__("movw %%ss, %w0" : "=r"(stack));
    far_copy(far(stack, (uint16_t)(uintptr_t)p), far_add(table, offset), sizeof *p);
}

static uint16_t mode_segment(ROM struct mode *mode)
{
    if (mode->number == MODE_MONO_TEXT)
        return pm_info.b0000;
    return mode->model <= MODEL_CGA ? pm_info.b8000 : pm_info.a0000;
}

static uint16_t mode_pitch(ROM struct mode *mode, uint8_t columns)
{
    if (mode->model == MODEL_TEXT)
        return columns * 2;
    if (mode->model == MODEL_PLANAR)
        return columns;
    return (uint16_t)(columns * mode->bits);
}

struct screen screen_now(uint8_t page)
{
    struct screen s;
    ROM struct mode *mode = mode_find(BDA->mode);
    s.columns = (uint8_t)BDA->columns;
    s.rows = BDA->last_row + 1;
    s.height = (uint8_t)BDA->char_height;
    s.page = page & 7;
    s.start = (uint16_t)(s.page * BDA->page_size);
    s.bank = -1;
    s.has_banks = !mode;
    if (!mode) {
        vbe_screen(&s);
        return s;
    }
    s.model = mode->model;
    s.bits = mode->bits;
    s.segment = mode_segment(mode);
    s.pitch = mode_pitch(mode, s.columns);
    return s;
}

struct far screen_seek(struct screen *s, uint32_t address)
{
    if (s->has_banks && s->bank != (int16_t)(address >> 16)) {
        s->bank = (int16_t)(address >> 16);
        dispi_write(DISPI_BANK, (uint16_t)s->bank);
    }
    return far(s->segment, (uint16_t)address);
}
