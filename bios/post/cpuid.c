/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processor says of itself: CPUID (SDM vol. 2), and how fast its TSC counts. */
#include "bios/post/post.h"
#include "bios/post/tables.h"

enum leaf { LAST, FEATURES, DESCRIPTORS, CACHE = 4, CRYSTAL = 0x15, FREQUENCY = 0x16 };

static bool have_cpuid(void)
{
    enum { ID = 0x200000 };
    u32 before, after;
    __asm__ volatile("pushf\n\tpop %0\n\tmov %0, %1\n\txor %2, %1\n\tpush %1\n\tpopf\n\tpushf\n\t"
                     "pop %1\n\tpush %0\n\tpopf"
                     : "=&r"(before), "=&r"(after)
                     : "i"(ID));
    return (before ^ after) & ID;
}

static struct cpuid ask(u32 leaf, u32 index)
{
    struct cpuid r;
    __asm__ volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(index));
    return r;
}

/* Beyond the last leaf of a range a processor says what that one does. */
struct cpuid cpuid(u32 leaf, u32 index)
{
    const u32 range = 0x80000000;
    if (!have_cpuid())
        return (struct cpuid){0};
    u32 last = ask(leaf & range, 0).a;
    return last >= leaf && (last & range) == (leaf & range) ? ask(leaf, index) : (struct cpuid){0};
}

/* --- speed --- */

static u32 tsc(void)
{
    u32 low;
    __asm__ volatile("rdtsc" : "=a"(low) : : "edx");
    return low;
}

/* What the TSC counts until the 8254's channel 2 (mode 0) has counted down. */
static u32 count(u16 ticks)
{
    enum { CHANNEL_2_MODE_0 = 0xb0, GATE = 0x01, SPEAKER = 0x02, OUT = 0x20 };
    u8 port = inb(PORT_61) & (u8) ~(SPEAKER | GATE);
    outb(PORT_61, port | GATE);
    outb(PORT_PIT + 3, CHANNEL_2_MODE_0);
    outb(PORT_PIT + 2, (u8)ticks);
    u32 start = tsc();
    outb(PORT_PIT + 2, (u8)(ticks >> 8));
    while (!(inb(PORT_61) & OUT))
        ;
    u32 counted = tsc() - start;
    outb(PORT_61, port);
    return counted;
}

/* An emulator's host may be busy, which makes counts larger, never smaller. */
static u16 measured_mhz(void)
{
    enum { TIMES = 3, TICKS = 5966, MICROSECONDS = 5000 }; /* of 1193182 Hz */
    u32 least = ~(u32)0;
    for (unsigned i = 0; i < TIMES; i++) {
        u32 counted = count(TICKS);
        least = counted < least ? counted : least;
    }
    return (u16)(least / MICROSECONDS);
}

struct cpu_speed cpu_speed(void)
{
    enum { TSC = 1 << 4, KHZ = 1000 };
    struct cpuid f = cpuid(FREQUENCY, 0), crystal = cpuid(CRYSTAL, 0);
    struct cpu_speed s = {(u16)f.a, (u16)f.b, (u16)f.c};
    if (!s.now && crystal.a)
        s.now = (u16)(crystal.c / KHZ * crystal.b / crystal.a / KHZ);
    if (!s.now && cpuid(FEATURES, 0).d & TSC)
        s.now = measured_mhz();
    if (!s.most)
        s.most = s.now;
    return s;
}

/* --- caches --- */

/* Those of a processor with leaf 4. */
static unsigned caches_by_index(struct cpu_cache found[CACHES])
{
    unsigned n = 0;
    for (; n < CACHES; n++) {
        struct cpuid r = cpuid(CACHE, n);
        u32 line = (r.b & 0xfff) + 1, partitions = (r.b >> 12 & 0x3ff) + 1, ways = (r.b >> 22) + 1;
        bool fully = r.a & 1 << 9;
        if ((r.a & 0x1f) == CACHE_NONE)
            break;
        found[n] = (struct cpu_cache){
            .level = r.a >> 5 & 7,
            .type = r.a & 0x1f,
            .ways = fully ? FULLY_ASSOCIATIVE : (u8)ways,
            .kb = line * partitions * ways * (r.c + 1) / KB,
        };
    }
    return n;
}

/* Descriptors of processors before there was leaf 4 (CPUID, table 3-12), in KiB. */
static const struct {
    u8 descriptor, level, type, ways;
    u16 kb;
} descriptors[] = {
    {0x06, 1, CACHE_CODE, 4, 8},       {0x08, 1, CACHE_CODE, 4, 16},
    {0x0a, 1, CACHE_DATA, 2, 8},       {0x0c, 1, CACHE_DATA, 4, 16},
    {0x22, 3, CACHE_UNIFIED, 4, 512},  {0x23, 3, CACHE_UNIFIED, 8, 1024},
    {0x25, 3, CACHE_UNIFIED, 8, 2048}, {0x29, 3, CACHE_UNIFIED, 8, 4096},
    {0x41, 2, CACHE_UNIFIED, 4, 128},  {0x42, 2, CACHE_UNIFIED, 4, 256},
    {0x43, 2, CACHE_UNIFIED, 4, 512},  {0x44, 2, CACHE_UNIFIED, 4, 1024},
    {0x45, 2, CACHE_UNIFIED, 4, 2048}, {0x60, 1, CACHE_DATA, 8, 16},
    {0x66, 1, CACHE_DATA, 4, 8},       {0x67, 1, CACHE_DATA, 4, 16},
    {0x68, 1, CACHE_DATA, 4, 32},      {0x79, 2, CACHE_UNIFIED, 8, 128},
    {0x7a, 2, CACHE_UNIFIED, 8, 256},  {0x7b, 2, CACHE_UNIFIED, 8, 512},
    {0x7c, 2, CACHE_UNIFIED, 8, 1024}, {0x82, 2, CACHE_UNIFIED, 8, 256},
    {0x83, 2, CACHE_UNIFIED, 8, 512},  {0x84, 2, CACHE_UNIFIED, 8, 1024},
    {0x85, 2, CACHE_UNIFIED, 8, 2048},
};

static unsigned add_descriptor(u8 descriptor, struct cpu_cache *to)
{
    for (unsigned i = 0; i < LENGTH(descriptors); i++)
        if (descriptors[i].descriptor == descriptor) {
            *to = (struct cpu_cache){descriptors[i].level, descriptors[i].type, descriptors[i].ways,
                                     descriptors[i].kb};
            return 1;
        }
    return 0;
}

/* Leaf 2: four in a register, unless its bit 31 is set; AL says how often to ask, once. */
static unsigned caches_by_descriptor(struct cpu_cache found[CACHES])
{
    struct cpuid r = cpuid(DESCRIPTORS, 0);
    const u32 registers[] = {r.d, r.c, r.b, r.a & ~(u32)0xff};
    unsigned n = 0;
    for (unsigned i = 0; i < LENGTH(registers); i++)
        for (u32 left = registers[i] >> 31 ? 0 : registers[i]; left && n < CACHES; left >>= 8)
            n += add_descriptor((u8)left, &found[n]);
    return n;
}

unsigned cpu_caches(struct cpu_cache found[CACHES])
{
    unsigned n = caches_by_index(found);
    return n ? n : caches_by_descriptor(found);
}
