/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 10h and VBE by function number, and what happens when the ROM is started. */
#include "bios/vga/services.h"

#include "bios/vga/cursor.h"
#include "bios/vga/font.h"
#include "bios/vga/font_load.h"
#include "bios/vga/information.h"
#include "bios/vga/modes.h"
#include "bios/vga/palette.h"
#include "bios/vga/registers.h"
#include "bios/vga/state.h"
#include "bios/vga/text.h"
#include "bios/vga/vbe.h"

/* AH=00h: what AL is after it, programs take for a sign of the kind of mode. */
static void service_set_mode(struct regs *r)
{
    uint8_t mode = r->a.l & 0x7f;
    set_mode(r->a.l);
    r->a.l = mode > 7 ? 0x20 : mode == 6 ? 0x3f : 0x30;
}

/* AH=04h: a VGA has no light pen. */
static void service_light_pen(struct regs *r)
{
    r->a.h = 0;
}

typedef void (*service)(struct regs *r);
static ROM service services[] = {
    [0x00] = service_set_mode,   [0x01] = cursor_shape,      [0x02] = cursor_set,
    [0x03] = cursor_get,         [0x04] = service_light_pen, [0x05] = page_select,
    [0x06] = text_scroll,        [0x07] = text_scroll,       [0x08] = text_read,
    [0x09] = text_write,         [0x0a] = text_write,        [0x0b] = palette_cga,
    [0x0c] = text_write_pixel,   [0x0d] = text_read_pixel,   [0x0e] = text_teletype,
    [0x0f] = information_mode,   [0x10] = palette_services,  [0x11] = font_services,
    [0x12] = information_select, [0x13] = text_write_string, [0x1a] = information_display,
    [0x1b] = information_state,  [0x1c] = state_services,    [0x4f] = vbe_services,
};

void int10(struct regs *r)
{
    if (r->a.h < sizeof services / sizeof services[0] && services[r->a.h])
        services[r->a.h](r);
}

typedef enum vbe_status (*vbe_service)(struct regs *r);
static ROM vbe_service vbe_functions[] = {
    [0x00] = vbe_information,  [0x01] = vbe_mode_information,
    [0x02] = vbe_mode_set,     [0x03] = vbe_mode_get,
    [0x04] = vbe_state,        [0x05] = vbe_window,
    [0x06] = vbe_line_length,  [0x07] = vbe_display_start,
    [0x08] = vbe_dac_width,    [0x09] = vbe_palette,
    [0x0a] = vbe_pm_interface, [0x0b] = vbe_pixel_clock,
    [0x10] = vbe_power,        [0x15] = vbe_edid,
};

/* AL is 4Fh if the function is there; AH is how it went. */
void vbe_services(struct regs *r)
{
    if (!dispi_there() || r->a.l >= sizeof vbe_functions / sizeof vbe_functions[0] ||
        !vbe_functions[r->a.l]) {
        r->a.x = 0x0100;
        return;
    }
    enum vbe_status status = vbe_functions[r->a.l](r);
    r->a.x = (uint16_t)(status << 8 | 0x4f);
}

/* 32-bit code for three functions; programs copy it. */
enum vbe_status vbe_pm_interface(struct regs *r)
{
    if (r->b.l != 0)
        return VBE_FAILED;
    struct far code = far_rom(vbe_pm32);
    r->es = code.segment;
    r->di.x = code.offset;
    r->c.x = vbe_pm32_size;
    return VBE_OK;
}

/* --- start --- */

enum { VECTOR_VIDEO = 0x10, VECTOR_VIDEO_COPY = 0x6d };
enum { EQUIPMENT_VIDEO = 0x30, EQUIPMENT_80_COLOR = 0x20 };
/* 256 KiB; the switches of an EGA with a colour display; 40:89 bit 6: two displays may be there. */
enum { CONTROL_START = 0x60, SWITCHES_START = 0xf9, FLAGS_START = 0x41 | FLAGS_LINES_400 };

static void start_data_area(void)
{
    BDA->equipment = (uint16_t)((BDA->equipment & ~EQUIPMENT_VIDEO) | EQUIPMENT_80_COLOR);
    BDA->control = CONTROL_START;
    BDA->switches = SWITCHES_START;
    BDA->flags = FLAGS_START;
    BDA->display = DISPLAY_VGA_COLOR;
}

void post(void)
{
    vector_set(VECTOR_VIDEO, far_rom(int10_entry));
    vector_set(VECTOR_VIDEO_COPY, far_rom(int10_entry));
    vector_set(VECTOR_FONT_HIGH, far_add(far_rom(vga_font_8x8), 128 * 8));
    start_data_area();
    struct far save = far_rom(save_table);
    BDA->save.offset = save.offset;
    BDA->save.segment = save.segment;
    outb(VIDEO_ENABLE, 1);
    set_mode(3);
}

/* In protected mode the data area is an empty copy. */
void pm_initialize(void)
{
    start_data_area();
    BDA->crtc = crtc_port();
    BDA->columns = 80;
    BDA->last_row = 24;
    BDA->char_height = 16;
    BDA->mode = dispi_read(DISPI_ENABLE) & DISPI_ENABLED ? MODE_VBE : 3;
    BDA->vbe_mode = vbe_recognize();
}
