/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and the pointer become reports of USB's input devices. */
#include "hw/usb/hid_internal.h"

#include "hw/host/keymap.h"

#include <string.h>

/* --- which device --- */

/* A driver has taken it up. */
static bool works(const struct usb_hid *s)
{
    return s && s->usb.configuration;
}

/* --- the keyboard (HID 1.11, appendix B.1 and C) --- */

enum { MODIFIERS = 0xe0, ROLL_OVER = 1, REPORT_KEYS = 6, FIRST_KEY = 2 };

static bool is_down(const struct usb_hid *s, unsigned usage)
{
    return s->down[usage / 8] >> usage % 8 & 1;
}

/* With more keys than there is room for it says only that. */
static void fill_keys(const struct usb_hid *s, struct usb_hid_report *r)
{
    unsigned count = 0;
    r->bytes[0] = s->down[MODIFIERS / 8];
    for (unsigned usage = 1; usage < MODIFIERS; usage++) {
        if (is_down(s, usage) && count < REPORT_KEYS)
            r->bytes[FIRST_KEY + count] = (uint8_t)usage;
        count += is_down(s, usage);
    }
    if (count > REPORT_KEYS)
        memset(r->bytes + FIRST_KEY, ROLL_OVER, REPORT_KEYS);
}

static void press(struct usb_hid *s, unsigned key, bool down)
{
    unsigned usage = keymap_usage(key);
    struct usb_hid_report r = {0};
    if (!usage)
        return;
    uint8_t *at = &s->down[usage / 8], bit = (uint8_t)(1u << usage % 8);
    *at = (uint8_t)(down ? *at | bit : *at & ~bit);
    fill_keys(s, &r);
    usb_hid_report(s, &r);
}

/* The usage page of lights has another order. */
static unsigned leds_of(const struct usb_hid *s)
{
    enum { NUM_LOCK = 1, CAPS_LOCK = 2, SCROLL_LOCK = 4 };
    return (s->leds & NUM_LOCK ? LED_NUM_LOCK : 0u) | (s->leds & CAPS_LOCK ? LED_CAPS_LOCK : 0u) |
           (s->leds & SCROLL_LOCK ? LED_SCROLL_LOCK : 0u);
}

/* --- the mouse and the tablet --- */

/* So many reports wait at most: what is behind them is one motion, not many. */
enum { POINTER_REPORTS = 4 };

static int clip(int way)
{
    return way < -127 ? -127 : way > 127 ? 127 : way;
}

/* A long way is told in several reports, as far as there is room. */
static void move(struct usb_hid *s, int dx, int dy, int wheel, unsigned buttons)
{
    do {
        const int x = clip(dx), y = clip(dy), z = clip(wheel);
        const struct usb_hid_report r = {{(uint8_t)buttons, (uint8_t)x, (uint8_t)y, (uint8_t)-z}};
        usb_hid_report(s, &r);
        dx -= x;
        dy -= y;
        wheel -= z;
    } while ((dx || dy || wheel) && usb_hid_has_room(s, USB_HID_REPORTS));
}

static void point(struct usb_hid *s, unsigned x, unsigned y, int wheel, unsigned buttons)
{
    const struct usb_hid_report r = {{(uint8_t)buttons, (uint8_t)x, (uint8_t)(x >> 8), (uint8_t)y,
                                      (uint8_t)(y >> 8), (uint8_t)-clip(wheel)}};
    usb_hid_report(s, &r);
}

/* Where it was: buttons and the wheel say nothing of that. */
static void press_tablet(struct usb_hid *s, int wheel, unsigned buttons)
{
    const uint8_t *was = usb_hid_last(s)->bytes;
    point(s, was[1] | was[2] << 8u, was[3] | was[4] << 8u, wheel, buttons);
}

/* --- as a sink --- */

static void key(void *chip, unsigned number, bool down)
{
    struct usb_input *s = chip;
    if (works(s->keyboard))
        press(s->keyboard, number, down);
    else
        s->base.key(s->base.chip, number, down);
}

static bool key_room(void *chip)
{
    struct usb_input *s = chip;
    return works(s->keyboard) ? usb_hid_has_room(s->keyboard, USB_HID_REPORTS)
                              : s->base.key_room(s->base.chip);
}

static void mouse(void *chip, int dx, int dy, int wheel, unsigned buttons)
{
    struct usb_input *s = chip;
    if (works(s->tablet) && !dx && !dy)
        press_tablet(s->tablet, wheel, buttons);
    else if (works(s->mouse))
        move(s->mouse, dx, dy, wheel, buttons);
    else
        s->base.mouse(s->base.chip, dx, dy, wheel, buttons);
}

static bool mouse_room(void *chip)
{
    struct usb_input *s = chip;
    return (!works(s->tablet) || usb_hid_has_room(s->tablet, POINTER_REPORTS)) &&
           (works(s->mouse) ? usb_hid_has_room(s->mouse, POINTER_REPORTS)
                            : s->base.mouse_room(s->base.chip));
}

static void position(void *chip, unsigned x, unsigned y, unsigned buttons)
{
    struct usb_input *s = chip;
    if (works(s->tablet))
        point(s->tablet, x, y, 0, buttons);
}

static bool is_absolute(void *chip)
{
    const struct usb_input *s = chip;
    return works(s->tablet);
}

static unsigned leds(void *chip)
{
    struct usb_input *s = chip;
    return works(s->keyboard) ? leds_of(s->keyboard) : s->base.leds(s->base.chip);
}

struct input_sink usb_input_sink(struct usb_input *s)
{
    return (struct input_sink){.chip = s,
                               .key = key,
                               .key_room = key_room,
                               .mouse = mouse,
                               .mouse_room = mouse_room,
                               .position = position,
                               .is_absolute = is_absolute,
                               .leds = leds};
}
