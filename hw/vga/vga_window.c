/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What at A0000h is RAM to the processor. With the registers as they are in text modes, a store is
 * no more than a store of a character to plane 0 or of an attribute to plane 1, and as they are in
 * mode 13h, one to the plane that the address's lowest bits tell: then a region of RAM is there,
 * which takes the place of those parts of the planes. What is stored in it comes to the planes when
 * the registers change, or when somebody wants to see. Such a region is shown by the first access:
 * while registers change one by one, they often pass such a state.
 *
 * A bank of the frame buffer is a part of it that is also at A0000h.
 */
#include "hw/vga/vga_internal.h"

#include "exec/memory.h"

#include <string.h>

enum { TEXT_SIZE = 0x8000, CHAIN4_SIZE = 0x10000, BANK_SIZE = 0x10000, BANK_SHIFT = 16 };
enum { MAP_64K = 1, MAP_LOW_32K = 2, MAP_HIGH_32K = 3 };

bool vga_map(struct vga *s)
{
    s->device =
        memory_map_io(s->memory, VGA_MEMORY, VGA_MEMORY_SIZE, vga_memory_read, vga_memory_write, s);
    s->text = memory_map_ram(s->memory, VGA_MEMORY, TEXT_SIZE);
    s->chain4 = memory_map_ram(s->memory, VGA_MEMORY, CHAIN4_SIZE);
    s->bank = s->frame_buffer
                  ? memory_map_alias(s->memory, VGA_MEMORY, BANK_SIZE, s->frame_buffer, 0)
                  : NULL;
    if (!s->device || !s->text || !s->chain4 || !s->bank)
        return false;
    memory_call(s->text, "vga: text");
    memory_call(s->chain4, "vga: 256 colours");
    memory_call(s->bank, "vga: bank of the frame buffer");
    memory_place(s->memory, s->text, VGA_MEMORY, false);
    memory_place(s->memory, s->chain4, VGA_MEMORY, false);
    memory_place(s->memory, s->bank, VGA_MEMORY, false);
    return true;
}

/* --- which --- */

static unsigned map_of(const struct vga *s)
{
    return s->graphics[GR_MISC] >> GR_MISC_MAP_SHIFT & 3;
}

/* Write mode 0, and nothing between the processor's byte and the planes that are written to. */
static bool stores_plainly(const struct vga *s, unsigned planes)
{
    return vga_has_memory(s) && s->sequencer[SEQ_MAP_MASK] == planes &&
           !(s->graphics[GR_MODE] & (MODE_WRITE | MODE_READ)) && !s->graphics[GR_ROTATE] &&
           !s->graphics[GR_ENABLE_SET_RESET] && s->graphics[GR_BIT_MASK] == 0xff;
}

static bool is_text(const struct vga *s)
{
    return stores_plainly(s, 3) && map_of(s) >= MAP_LOW_32K &&
           !(s->sequencer[SEQ_MEMORY] & (MEMORY_CHAIN4 | MEMORY_SEQUENTIAL)) &&
           s->graphics[GR_MODE] & MODE_ODD_EVEN && s->graphics[GR_MISC] & GR_MISC_CHAIN &&
           !(s->graphics[GR_READ_MAP] & 2);
}

static bool is_chain4(const struct vga *s)
{
    return stores_plainly(s, 0xf) && map_of(s) == MAP_64K &&
           s->sequencer[SEQ_MEMORY] & MEMORY_CHAIN4;
}

static bool is_bank(const struct vga *s)
{
    return vbe_is_on(s) && s->vbe.reg[VBE_DEPTH] > 4 && vga_has_memory(s);
}

static enum vga_window choose(const struct vga *s)
{
    if (is_bank(s))
        return VGA_WINDOW_BANK;
    if (vbe_is_on(s))
        return VGA_WINDOW_DEVICE;
    if (is_text(s))
        return VGA_WINDOW_TEXT;
    return is_chain4(s) ? VGA_WINDOW_CHAIN4 : VGA_WINDOW_DEVICE;
}

static uint32_t text_base(const struct vga *s)
{
    return map_of(s) == MAP_LOW_32K ? 0xb0000 : 0xb8000;
}

/* --- between planes and windows --- */

/* Planes 0 and 1 have a character and its attribute at each even address, a word for both. */
static void text_to_planes(struct vga *s, uint32_t first, uint32_t end)
{
    const uint8_t *window = memory_region_host(s->text);
    vga_changes(s, 4 * first, 4 * (end - first));
    for (uint32_t a = first; a < end; a += 2)
        memcpy(s->ram + (size_t)4 * a, window + a, 2);
    vga_display_touch(s->display, 4 * first, 4 * (end - first));
}

static void planes_to_text(struct vga *s)
{
    uint8_t *window = memory_region_host(s->text);
    memory_owner_stores(s->memory, s->text, 0, TEXT_SIZE);
    for (uint32_t a = 0; a < TEXT_SIZE; a += 2)
        memcpy(window + a, s->ram + (size_t)4 * a, 2);
    memory_count_write(s->memory);
}

/* Each plane has a byte at every fourth address. */
static void chain4_to_planes(struct vga *s, uint32_t first, uint32_t end)
{
    const uint8_t *window = memory_region_host(s->chain4);
    vga_changes(s, 4 * first, 4 * (end - first));
    for (uint32_t a = first; a < end; a += 4)
        memcpy(s->ram + (size_t)4 * a, window + a, 4);
    vga_display_touch(s->display, 4 * first, 4 * (end - first));
}

static void planes_to_chain4(struct vga *s)
{
    uint8_t *window = memory_region_host(s->chain4);
    memory_owner_stores(s->memory, s->chain4, 0, CHAIN4_SIZE);
    for (uint32_t a = 0; a < CHAIN4_SIZE; a += 4)
        memcpy(window + a, s->ram + (size_t)4 * a, 4);
    memory_count_write(s->memory);
}

/* --- showing and hiding --- */

static void show(struct vga *s, enum vga_window window)
{
    s->window = window;
    switch (window) {
    case VGA_WINDOW_TEXT:
        planes_to_text(s);
        s->text_base = text_base(s);
        memory_place(s->memory, s->text, s->text_base, true);
        break;
    case VGA_WINDOW_CHAIN4:
        planes_to_chain4(s);
        memory_place(s->memory, s->chain4, VGA_MEMORY, true);
        break;
    case VGA_WINDOW_BANK:
        memory_place(s->memory, s->bank, VGA_MEMORY, true);
        break;
    case VGA_WINDOW_DEVICE:
        break;
    }
}

void vga_hide_windows(struct vga *s)
{
    s->window = VGA_WINDOW_DEVICE;
    memory_place(s->memory, s->text, s->text_base, false);
    memory_place(s->memory, s->chain4, VGA_MEMORY, false);
    memory_place(s->memory, s->bank, VGA_MEMORY, false);
}

static void hide(struct vga *s)
{
    vga_update_planes(s);
    vga_hide_windows(s);
}

static void place_bank(struct vga *s)
{
    uint32_t offset = (uint32_t)s->vbe.reg[VBE_BANK] << BANK_SHIFT;
    memory_show_part(s->memory, s->bank, offset & (s->ram_size - 1));
}

void vga_update_window(struct vga *s)
{
    s->wanted = choose(s);
    bool moved = s->window == VGA_WINDOW_TEXT && s->text_base != text_base(s);
    if (s->window != VGA_WINDOW_DEVICE && (s->window != s->wanted || moved))
        hide(s);
    if (s->wanted != VGA_WINDOW_BANK)
        return;
    place_bank(s);
    if (s->window != VGA_WINDOW_BANK)
        show(s, VGA_WINDOW_BANK);
}

void vga_show_window(struct vga *s)
{
    if (s->window != s->wanted)
        show(s, s->wanted);
}

static struct memory_region *window_region(const struct vga *s)
{
    return s->window == VGA_WINDOW_TEXT ? s->text : s->chain4;
}

/* Pages [*page, end): the first run of dirty ones; false if there is none. */
static bool next_run(const uint64_t *pages, unsigned count, unsigned *first, unsigned *end)
{
    while (*first < count && !(pages[*first / 64] >> *first % 64 & 1))
        ++*first;
    for (*end = *first; *end < count && pages[*end / 64] >> *end % 64 & 1;)
        ++*end;
    return *first < *end;
}

void vga_update_planes(struct vga *s)
{
    enum { PAGES = CHAIN4_SIZE / PAGE_SIZE };
    uint64_t dirty[1] = {0};
    unsigned first = 0, end;
    if (s->window != VGA_WINDOW_TEXT && s->window != VGA_WINDOW_CHAIN4)
        return;
    if (!memory_take_dirty(s->memory, window_region(s), dirty))
        return;
    memory_count_write(s->memory);
    for (; next_run(dirty, PAGES, &first, &end); first = end)
        (s->window == VGA_WINDOW_TEXT ? text_to_planes : chain4_to_planes)(s, first * PAGE_SIZE,
                                                                           end * PAGE_SIZE);
}
