/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The VGA's ports. IBM PS/2 Hardware Interface Technical Reference, Video Subsystem, "Registers".
 * Those at 3Bxh or 3Dxh answer at one of the two, as the miscellaneous output register says. None
 * answers while the VGA sleeps ("Video Subsystem Enable").
 */
#include "hw/vga/vga_internal.h"

#include "exec/exec.h"

enum {
    MONO_INDEX = 0x3b4,
    MONO_DATA = 0x3b5,
    MONO_STATUS = 0x3ba,
    ATTRIBUTE = 0x3c0,
    ATTRIBUTE_DATA = 0x3c1,
    MISC = 0x3c2,
    ENABLE = 0x3c3,
    SEQUENCER_INDEX = 0x3c4,
    SEQUENCER_DATA = 0x3c5,
    DAC_FIRST = 0x3c6,
    DAC_LAST = 0x3c9,
    FEATURE_READ = 0x3ca,
    MISC_READ = 0x3cc,
    GRAPHICS_INDEX = 0x3ce,
    GRAPHICS_DATA = 0x3cf,
    COLOR_INDEX = 0x3d4,
    COLOR_DATA = 0x3d5,
    COLOR_STATUS = 0x3da,
};
enum { STATUS0_INTERRUPT = 1 << 7 };
enum { FEATURE_BITS = 0x0b }; /* two lines of EGA's feature connector; what vertical sync is of */

/* The bits that registers have. */
static const uint8_t sequencer_bits[VGA_SEQUENCER] = {0x03, 0x3d, 0x0f, 0x3f, 0x0e};
static const uint8_t graphics_bits[VGA_GRAPHICS] = {0x0f, 0x0f, 0x0f, 0x1f, 0x03,
                                                    0x7b, 0x0f, 0x0f, 0xff};
static const uint8_t attribute_bits[VGA_ATTRIBUTES] = {0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
                                                       0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
                                                       0x3f, 0x3f, 0xef, 0xff, 0x3f, 0x0f, 0x0f};

/* --- CRTC --- */

/* Of registers 0 to 7, protection leaves only the line compare's bit. */
static uint8_t protected_bits(const struct vga *s, unsigned index)
{
    bool protects = s->crtc[CRTC_V_RETRACE_END] & CRTC_PROTECT;
    if (!protects || index > CRTC_OVERFLOW)
        return 0;
    return index == CRTC_OVERFLOW ? (uint8_t)~0x10 : 0xff;
}

static void write_crtc(struct vga *s, uint8_t value)
{
    unsigned index = s->crtc_index;
    if (index >= VGA_CRTC)
        return;
    if (index == CRTC_START_HIGH || index == CRTC_START_LOW)
        vga_settle_start(s);
    uint8_t kept = protected_bits(s, index);
    s->crtc[index] = (s->crtc[index] & kept) | (value & (uint8_t)~kept);
    vga_update_retrace(s);
}

/* --- attribute controller --- */

static void write_attribute(struct vga *s, uint8_t value)
{
    unsigned index = s->attribute_index & 0x1f;
    s->attribute_data = !s->attribute_data;
    if (s->attribute_data) {
        s->attribute_index = value & 0x3f;
        return;
    }
    bool is_palette = index < ATTR_MODE;
    if (index < VGA_ATTRIBUTES && !(is_palette && s->attribute_index & ATTR_PALETTE_ON))
        s->attribute[index] = value & attribute_bits[index];
}

static uint8_t read_attribute(const struct vga *s)
{
    unsigned index = s->attribute_index & 0x1f;
    return index < VGA_ATTRIBUTES ? s->attribute[index] : 0;
}

/* --- sequencer, graphics controller --- */

static void write_sequencer(struct vga *s, uint8_t value)
{
    if (s->sequencer_index >= VGA_SEQUENCER)
        return;
    s->sequencer[s->sequencer_index] = value & sequencer_bits[s->sequencer_index];
    vga_update_window(s);
    vga_update_retrace(s);
}

static void write_graphics(struct vga *s, uint8_t value)
{
    if (s->graphics_index >= VGA_GRAPHICS)
        return;
    s->graphics[s->graphics_index] = value & graphics_bits[s->graphics_index];
    vga_update_window(s);
}

static void write_misc(struct vga *s, uint8_t value)
{
    s->misc = value;
    vga_update_window(s);
    vga_update_retrace(s);
}

static void write_enable(struct vga *s, uint8_t bit, bool value)
{
    s->enable = (uint8_t)((s->enable & ~bit) | (value ? bit : 0));
    vga_update_window(s);
}

/* --- ports --- */

static uint8_t read_status(struct vga *s)
{
    s->attribute_data = false;
    return vga_status(s);
}

/* What is at 3Bxh as at 3Dxh, as if it were there; false if it is at the other, or asleep. */
static bool answers(const struct vga *s, uint32_t *port)
{
    if (s->enable != ENABLED && *port != ENABLE)
        return false;
    bool mono = *port < ATTRIBUTE, color = *port >= COLOR_INDEX - 4;
    if (!mono && !color)
        return true;
    *port += mono ? COLOR_INDEX - MONO_INDEX : 0;
    return color == (bool)(s->misc & MISC_COLOR);
}

uint32_t vga_read(void *device, uint32_t offset, unsigned size)
{
    struct vga *s = device;
    uint32_t port = VGA_PORT + offset;
    (void)size;
    if (!answers(s, &port))
        return 0xff;
    switch (port) {
    case ATTRIBUTE:
        return s->attribute_data ? 0 : s->attribute_index;
    case ATTRIBUTE_DATA:
        return read_attribute(s);
    case MISC:
        return s->retrace_seen ? STATUS0_INTERRUPT : 0; /* input status 0; no switch is set */
    case ENABLE:
        return s->enable & ENABLE_VIDEO;
    case SEQUENCER_INDEX:
        return s->sequencer_index;
    case SEQUENCER_DATA:
        return s->sequencer_index < VGA_SEQUENCER ? s->sequencer[s->sequencer_index] : 0;
    case FEATURE_READ:
        return s->feature;
    case MISC_READ:
        return s->misc;
    case GRAPHICS_INDEX:
        return s->graphics_index;
    case GRAPHICS_DATA:
        return s->graphics_index < VGA_GRAPHICS ? s->graphics[s->graphics_index] : 0;
    case COLOR_INDEX:
        return s->crtc_index;
    case COLOR_DATA:
        return s->crtc_index < VGA_CRTC ? s->crtc[s->crtc_index] : 0;
    case COLOR_STATUS:
        return read_status(s);
    default:
        if (port >= DAC_FIRST && port <= DAC_LAST)
            return vga_dac_read(s, port - DAC_FIRST);
        log_if(LOG_UNIMP, "port %04x: read, nobody there\n", port);
        return 0xff;
    }
}

void vga_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct vga *s = device;
    uint32_t port = VGA_PORT + offset;
    uint8_t byte = (uint8_t)value;
    (void)size;
    if (!answers(s, &port))
        return;
    vga_display_registers(s->display);
    switch (port) {
    case ATTRIBUTE:
        write_attribute(s, byte);
        break;
    case MISC:
        write_misc(s, byte);
        break;
    case ENABLE:
        write_enable(s, ENABLE_VIDEO, byte & ENABLE_VIDEO);
        break;
    case SEQUENCER_INDEX:
        s->sequencer_index = byte & 7;
        break;
    case SEQUENCER_DATA:
        write_sequencer(s, byte);
        break;
    case GRAPHICS_INDEX:
        s->graphics_index = byte & 0xf;
        break;
    case GRAPHICS_DATA:
        write_graphics(s, byte);
        break;
    case COLOR_INDEX:
        s->crtc_index = byte & 0x3f;
        break;
    case COLOR_DATA:
        write_crtc(s, byte);
        break;
    case COLOR_STATUS:
        s->feature = byte & FEATURE_BITS;
        break;
    default:
        if (port >= DAC_FIRST && port <= DAC_LAST)
            vga_dac_write(s, port - DAC_FIRST, byte);
        else
            log_if(LOG_UNIMP, "port %04x: write of %02x, nobody there\n", port, value);
        break;
    }
}

uint32_t vga_enable_read(void *device, uint32_t offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0xff;
}

/* Bit 4, setup, leads to port 102h of cards on a Micro Channel, which there is not. */
void vga_enable_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)offset, (void)size;
    write_enable(device, ENABLE_CARD, value & ENABLE_CARD);
}
