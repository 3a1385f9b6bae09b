/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a random guest; see maker.h. */
#include "hw/pc/loader.h"
#include "tests/machine/maker.h"

static void put_descriptor(u8 *at, u32 base, u32 limit, u32 attributes)
{
    store32(at, base << 16 | (limit & 0xffff));
    store32(at + 4, (base & 0xff000000) | (attributes & 0xf000) << 8 | (limit & 0xf0000) |
                        (attributes & 0xff) << 8 | (base >> 16 & 0xff));
}

static void put_gate(u8 *at, u32 selector, u32 offset, u32 type)
{
    store32(at, selector << 16 | (offset & 0xffff));
    store32(at + 4, (offset & 0xffff0000) | type << 8);
}

static void put_random_descriptor(struct maker *m, u8 *at)
{
    static const u16 attributes[] = {0xc092, 0xc09a, 0xc0f2, 0xc0fa, 0x0092, 0x009a,
                                     0x8096, 0xc09e, 0x00f2, 0x00fa, 0xc0fe, 0xc0b2,
                                     0x4092, 0x409a, 0x0082, 0x0089, 0x0081, 0x0012};
    struct random *r = &m->random;

    if (one_in(r, 5)) { /* 80286 and 80386 call and task gates */
        static const u8 types[] = {0x84, 0x8c, 0xec, 0x85, 0xe5};
        put_gate(at, work_selector(r), one_in(r, 2) ? ENTRY_RECOVER : work_address(r, &m->around),
                 types[below(r, COUNT(types))]);
    } else {
        put_descriptor(at, one_in(r, 2) ? 0 : work_address(r, &m->around),
                       one_in(r, 2) ? 0xfffff : next_random(r) & 0xfffff,
                       attributes[below(r, COUNT(attributes))]);
    }
}

static void make_gdt(struct maker *m)
{
    static const struct {
        u16 selector;
        u16 attributes;
        u32 limit;
    } flat[] = {{S_DATA, 0xc093, 0xfffff},  {S_FLAT, 0xc09b, 0xfffff},   {S_FLAT3, 0xc0fb, 0xfffff},
                {S_DATA3, 0xc0f3, 0xfffff}, {S_FLAT16, 0x809b, 0xfffff}, {S_DATA16, 0x0093, 0xffff},
                {S_FLAT1, 0xc0bb, 0xfffff}, {S_DATA1, 0xc0b3, 0xfffff}};
    u8 *gdt = upper(m, ROM_GDT), *ldt = upper(m, ROM_LDT);

    for (unsigned i = S_RANDOM / 8; i < GDT_ENTRIES; i++)
        put_random_descriptor(m, gdt + 8 * i);
    for (unsigned i = 0; i < GDT_ENTRIES; i++)
        put_random_descriptor(m, ldt + 8 * i);
    for (unsigned i = 0; i < COUNT(flat); i++)
        put_descriptor(gdt + (flat[i].selector & ~7u), 0, flat[i].limit, flat[i].attributes);
    put_descriptor(gdt + S_CODE, m->base, 0xfffff, 0xc09b);
    put_descriptor(gdt + S_CODE16, m->base, 0xffff, 0x009b);
    put_descriptor(gdt + S_TSS, RAM_TSS, one_in(&m->random, 2) ? 0x67 : 0x1ff, 0x0089);
    put_descriptor(gdt + S_DF_TSS, RAM_DF_TSS, 0x67, 0x0089);
    put_descriptor(gdt + S_LDT, RAM_LDT, 8 * GDT_ENTRIES - 1, 0x0082);
}

static bool has_error_code(unsigned vector)
{
    return vector == 8 || (vector >= 10 && vector <= 14) || vector == 17;
}

/* Faults end a piece; traps and interrupts may return. */
static u32 entry_of(struct maker *m, unsigned vector)
{
    if (vector >= 0x20 && vector < 0x30)
        return one_in(&m->random, 4) ? ENTRY_RECOVER : ENTRY_IRQ;
    if (vector == END_VECTOR || !one_in(&m->random, vector == 1 ? 2 : 8))
        return ENTRY_RECOVER;
    return has_error_code(vector) ? ENTRY_GO_ON_ERROR : ENTRY_GO_ON;
}

static void make_idt(struct maker *m)
{
    for (unsigned vector = 0; vector < 256; vector++)
        put_gate(upper(m, ROM_IDT) + 8 * vector, S_CODE, entry_of(m, vector),
                 one_in(&m->random, 2) ? 0xee : 0xef);
    put_gate(upper(m, ROM_IDT) + 8 * 8, S_DF_TSS, 0, 0x85);
}

static void make_tss(u8 *tss, u32 stack)
{
    enum { ESP0 = 4, SS0 = 8, RING = 8, CR3_AT = 0x1c, EIP = 0x20, FLAGS = 0x24, REGISTERS = 0x28 };
    enum { SEGMENTS_AT = 0x48, LDT = 0x60, MAP = 0x66 };
    static const u8 segments[] = {S_DATA, S_CODE, S_DATA, S_DATA, S_DATA, S_DATA};

    for (unsigned ring = 0; ring < 3; ring++) {
        store32(tss + ESP0 + RING * ring, stack - 0x200 * ring);
        store32(tss + SS0 + RING * ring, ring == 0 ? S_DATA : ring == 1 ? S_DATA1 : S_DATA3 - 1);
    }
    store32(tss + CR3_AT, PAGE_DIRECTORY);
    store32(tss + EIP, ENTRY_RECOVER);
    store32(tss + FLAGS, 2);
    store32(tss + REGISTERS + 4 * ESP, RAM_STACK);
    for (unsigned i = 0; i < COUNT(segments); i++)
        store32(tss + SEGMENTS_AT + 4 * i, segments[i]);
    store32(tss + LDT, S_LDT);
    store16(tss + MAP, 0x68);
}

static void make_pointer(struct maker *m, u32 at, u32 limit, u32 table)
{
    store16(upper(m, at), limit);
    store32(upper(m, at) + 2, table);
}

static void make_header(struct maker *m)
{
    u32 lower = m->base == (u32)EARLY ? (u32)EARLY_LOWER : (u32)TOP;
    u32 segment = m->base == RAM_FRAME ? RAM_FRAME >> 4 : EARLY >> 4;
    u32 flags = (one_in(&m->random, 8) ? 0 : FLAG_WATCHDOG) |
                (one_in(&m->random, 16) ? FLAG_KEEP_DEBUG : 0);

    make_pointer(m, H_GDTR, 8 * GDT_ENTRIES - 1, m->around.gdt);
    make_pointer(m, H_ROM_GDTR, 8 * GDT_ENTRIES - 1, m->base + ROM_GDT);
    make_pointer(m, H_IDTR, 8 * 256 - 1, m->around.idt);
    store32(upper(m, H_COUNT), m->guest->pieces);
    store32(upper(m, H_PIECES), lower);
    store32(upper(m, H_TABLES), m->base + ROM_IDT);
    store32(upper(m, H_VECTOR), segment << 16 | ENTRY_RECOVER_REAL);
    store32(upper(m, H_FLAGS), flags);
}

void make_tables(struct maker *m)
{
    m->around.idt = m->ram_tables ? RAM_IDT : m->base + ROM_IDT;
    m->around.gdt = m->ram_tables ? RAM_GDT : m->base + ROM_GDT;
    make_gdt(m);
    make_idt(m);
    make_tss(upper(m, ROM_DF_TSS), RAM_RING0);
    make_tss(upper(m, ROM_TSS), RAM_RING0);
    make_header(m);
}
