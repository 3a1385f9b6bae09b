/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory there is, what the map of INT 15h, E820h says, and the test. */
#include "bios/post/post.h"

enum { PAGE = 0x1000 };
enum { LOW_END = 0xa0000, FLASH = 0xfffc0000u, FLASH_SIZE = 0x40000, MB_16 = 16 * MB };

/* The end of memory below 4 GiB; what of it is not taken for tables. */
static u32 total, top;

/* By CMOS, as QEMU and Bochs fill it in: 64 KiB above 16 MiB, or KiB above 1 MiB. */
static u32 size_below_4g(void)
{
    u32 high = cmos_read16(CMOS_EXTENDED_64K), low = cmos_read16(CMOS_EXTENDED_K_2);
    if (!low)
        low = cmos_read16(CMOS_EXTENDED_K);
    return high ? MB_16 + (high << 16) : HIGH_MEMORY + low * KB;
}

static u64 size_above_4g(void)
{
    u32 units = cmos_read16(CMOS_HIGH_64K) | (u32)cmos_read(CMOS_HIGH_64K + 2) << 16;
    return (u64)units << 16;
}

static void add(u64 base, u64 size, u32 type)
{
    struct setup *s = the_setup;
    if (size && s->map_entries < MAP_ENTRIES)
        s->map[s->map_entries++] = (struct map_entry){base, size, type};
}

/* The entry of memory above 1 MiB, which memory_reserve() makes shorter. */
static struct map_entry *high_entry(void)
{
    struct setup *s = the_setup;
    for (u32 i = 0; i < s->map_entries; i++)
        if (s->map[i].base == HIGH_MEMORY)
            return &s->map[i];
    return NULL;
}

static void set_sizes(void)
{
    enum { MOST_KB = 63 * 1024 };
    struct setup *s = the_setup;
    u32 below_16m = top < MB_16 ? top : MB_16;
    u32 extended = (top - HIGH_MEMORY) / KB;
    s->below_16m_kb = (u16)((below_16m - HIGH_MEMORY) / KB);
    s->above_16m_64k = top > MB_16 ? (u16)((top - MB_16) >> 16) : 0;
    s->extended_kb = extended < MOST_KB ? (u16)extended : MOST_KB;
}

void memory_size(void)
{
    total = top = size_below_4g();
    the_setup->map_entries = 0;
    add(0, EBDA_SEGMENT << 4, MAP_RAM);
    add(EBDA_SEGMENT << 4, LOW_END - (EBDA_SEGMENT << 4), MAP_RESERVED);
    add(BIOS_LINEAR, HIGH_MEMORY - BIOS_LINEAR, MAP_RESERVED);
    add(HIGH_MEMORY, top - HIGH_MEMORY, MAP_RAM);
    add(FLASH, FLASH_SIZE, MAP_RESERVED);
    add((u64)1 << 32, size_above_4g(), MAP_RAM);
    set_sizes();
}

u32 memory_top(void)
{
    return top;
}

u32 memory_reserve_low(u32 bytes)
{
    struct setup *s = the_setup;
    struct map_entry *low = &s->map[0], *reserved = &s->map[1]; /* memory_size() */
    u32 end = ((u32)low->size - bytes) & -(u32)PAGE;
    reserved->size += reserved->base - end;
    reserved->base = low->size = end;
    the_bda->memory = (u16)(end / KB);
    return end;
}

u32 memory_reserve(u32 bytes, u32 type)
{
    struct map_entry *high = high_entry();
    bytes = align_up(bytes, PAGE);
    if (!high || high->size < bytes + MB)
        return 0;
    top -= bytes;
    high->size -= bytes;
    add(top, bytes, type);
    set_sizes();
    return top;
}

/* --- the test --- */

/* Words at both ends of a MiB, in two patterns; what was there comes back. */
static bool test_word(volatile u32 *word)
{
    u32 was = *word;
    bool good = true;
    for (u32 pattern = 0x55aa33cc, i = 0; i < 2; i++, pattern = ~pattern) {
        *word = pattern;
        good = good && *word == pattern;
    }
    *word = was;
    return good;
}

static bool test_mb(u32 address)
{
    return test_word((volatile u32 *)address) && test_word((volatile u32 *)(address + MB - 4));
}

static void say_end(u32 address, const char *how)
{
    print("\rMemory: %u KiB%s\n", address / KB, how);
}

/* Escape or the space bar skips it, other keys are others'; a reset by Ctrl-Alt-Del has none. */
void memory_test(void)
{
    enum { STEP = 64 * MB, ESCAPE = 0x1b };
    u32 end = memory_top();
    if (the_bda->reset_flag == 0x1234)
        return;
    for (u32 address = HIGH_MEMORY; address + MB <= end; address += MB) {
        if (!test_mb(address)) {
            post_code(POST_BAD_MEMORY);
            return say_end(address, ", and bad memory above that");
        }
        if (address % STEP)
            continue;
        print("\rMemory: %u KiB", address / KB);
        u8 key = (u8)peek_key();
        if (key == ESCAPE || key == ' ') {
            wait_key();
            return say_end(total, ", test skipped");
        }
    }
    say_end(total, " good");
}
