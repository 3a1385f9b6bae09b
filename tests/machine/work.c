/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See work.h: ports, memory, descriptors, page tables, jumps, interrupts, breakpoints. */
#include "tests/machine/work.h"

#include "exec/memory.h"
#include "tests/machine/layout.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- choices --- */

u32 work_address(struct random *r, const struct surroundings *around)
{
    static const u32 places[] = {
        0,          0,          0x400,        RAM_POSITION,  RAM_TSS,    RAM_LDT,
        RAM_STACK,  RAM_RING0,  RAM_ARENA,    RAM_ARENA,     RAM_ARENA,  PAGE_DIRECTORY,
        LOW_TABLE,  HIGH_TABLE, PAE_POINTERS, PAE_LOW_TABLE, RAM_FRAME,  0x9f000,
        0xa0000,    0xb8000,    0xc0000,      0xe0000,       0xf0000,    0xff000,
        0x100000,   0xc0000000, 0xfee00000,   0xfffe0000,    0xffff0000, 0xfffff000,
        0xffffe000, 0x80000000,
    };
    const u32 tables[] = {around->idt, around->gdt, around->ram_size, around->ram_size - PAGE_SIZE};
    u32 base = one_in(r, 5) ? tables[below(r, COUNT(tables))] : places[below(r, COUNT(places))];

    switch (below(r, 4)) {
    case 0:
        return base + below(r, 16);
    case 1:
        return base + PAGE_SIZE - 1 - below(r, 8);
    case 2:
        return base + below(r, 64) * 4;
    default:
        return base + below(r, PAGE_SIZE);
    }
}

u16 work_selector(struct random *r)
{
    static const u16 usual[] = {S_DATA,   S_FLAT,   S_FLAT3, S_DATA3, S_CODE,
                                S_FLAT16, S_DATA16, S_FLAT1, S_DATA1, 0};

    if (one_in(r, 2))
        return usual[below(r, COUNT(usual))];
    if (one_in(r, 16))
        return (u16)next_random(r);
    return (u16)(below(r, GDT_ENTRIES) << 3 | below(r, 8));
}

/* Where it can be reached: within 64 KiB for code that has no more. */
static u32 address(struct work *w)
{
    u32 at = work_address(&w->random, w->around);

    return w->code.sixteen && !one_in(&w->random, 4) ? at & 0xffff : at;
}

static u32 value(struct work *w)
{
    return random_value(&w->random);
}

static unsigned reg(struct work *w)
{
    return below(&w->random, 8);
}

static unsigned reg_but_esp(struct work *w)
{
    unsigned any = reg(w);

    return any == ESP ? EAX : any;
}

/* --- ports --- */

static u16 port(struct work *w)
{
    const struct surroundings *s = w->around;

    return one_in(&w->random, 32) ? (u16)next_random(&w->random)
                                  : s->ports[below(&w->random, s->port_count)];
}

static void port_write(struct work *w)
{
    put_out(&w->code, port(w), next_random(&w->random), 1u << below(&w->random, 3));
}

static void port_read(struct work *w)
{
    put_in(&w->code, port(w), 1u << below(&w->random, 3));
}

static void pci_write(struct work *w)
{
    const struct surroundings *s = w->around;

    put_out(&w->code, 0xcf8, s->pci[below(&w->random, s->pci_count)], 4);
    put_out(&w->code, (u16)(0xcfc + below(&w->random, 4)), next_random(&w->random),
            1u << below(&w->random, 3));
}

static void set_count(struct work *w)
{
    static const u32 counts[] = {1, 2, 0x10, 0x200, 0xfffffff0};

    put_load(&w->code, ECX,
             one_in(&w->random, 8) ? counts[below(&w->random, COUNT(counts))]
                                   : below(&w->random, 40));
}

static void port_string(struct work *w)
{
    put_load(&w->code, EDX, port(w));
    put_load(&w->code, EDI, address(w));
    put_load(&w->code, ESI, address(w));
    put_load(&w->code, ECX, below(&w->random, 20));
    put8(&w->code, 0xf3);
    put_op32(&w->code, 0x6c + below(&w->random, 4));
}

/* --- memory --- */

static void store(struct work *w)
{
    put_store(&w->code, address(w), value(w));
}

static void access(struct work *w)
{
    static const u32 ops[] = {0x88, 0x89, 0x8a, 0x8b, 0x00,   0x01,   0x03,   0x29,   0x31,  0x86,
                              0x87, 0xfe, 0xff, 0x8f, 0xb60f, 0xbf0f, 0xab0f, 0xb30f, 0xb10f};

    put_op_mem(&w->code, true, ops[below(&w->random, COUNT(ops))], reg(w), address(w));
}

static void locked(struct work *w)
{
    static const u32 ops[] = {0x01, 0x29, 0x31, 0xab0f, 0xb10f, 0xc10f};

    put8(&w->code, 0xf0);
    if (one_in(&w->random, 4))
        put_op_mem(&w->code, true, 0xc70f, 1, address(w)); /* CMPXCHG8B */
    else
        put_op_mem(&w->code, true, ops[below(&w->random, COUNT(ops))], reg(w), address(w));
}

static void string(struct work *w)
{
    static const u32 ops[] = {0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf};

    put_load(&w->code, EDI, address(w));
    put_load(&w->code, ESI, address(w));
    set_count(w);
    put8(&w->code, one_in(&w->random, 8) ? 0xfd : 0xfc);
    put8(&w->code, one_in(&w->random, 4) ? 0xf2 : 0xf3);
    put_op32(&w->code, ops[below(&w->random, COUNT(ops))]);
}

/* Code a little further on, or what was just run. */
static void modify_itself(struct work *w)
{
    static const u32 harmless[] = {0x90909090, 0x40404040, 0x9090ffeb, 0xcc909090};
    u32 at = w->linear + w->code.size + below(&w->random, 24) - 4;

    put_store(&w->code, at,
              one_in(&w->random, 4) ? value(w) : harmless[below(&w->random, COUNT(harmless))]);
}

/* --- segments and tables --- */

static void load_segment(struct work *w)
{
    static const u8 segments[] = {0, 3, 4, 5, 2}; /* not CS */

    put_load(&w->code, EAX, work_selector(&w->random));
    put_op_reg(&w->code, false, 0x8e, segments[below(&w->random, one_in(&w->random, 4) ? 5 : 4)],
               EAX);
}

static void write_descriptor(struct work *w)
{
    static const u32 present[] = {0x00cf9200, 0x00cf9a00, 0x00cff200, 0x00009200, 0x008f9600,
                                  0x00008200, 0x00008900, 0x0000e500, 0x00008c03, 0x0000ec00};
    u32 at =
        (one_in(&w->random, 3) ? RAM_LDT : w->around->gdt) + 8 * below(&w->random, GDT_ENTRIES);

    if (one_in(&w->random, 4))
        at = w->around->idt + 8 * below(&w->random, 256);
    put_store(&w->code, at, value(w));
    put_store(&w->code, at + 4,
              one_in(&w->random, 3) ? value(w) : present[below(&w->random, COUNT(present))]);
}

static void table_register(struct work *w)
{
    put_op_mem(&w->code, true, 0x010f, below(&w->random, 8), address(w)); /* SGDT ... INVLPG */
}

/* SLDT, STR, LLDT, LTR, VERR, VERW; LAR, LSL, ARPL. */
static void selector_work(struct work *w)
{
    static const u32 ops[] = {0x000f, 0x000f, 0x000f, 0x020f, 0x030f, 0x63};

    put_load(&w->code, EAX, work_selector(&w->random));
    put_op_reg(&w->code, one_in(&w->random, 2), ops[below(&w->random, COUNT(ops))],
               below(&w->random, 6), EAX);
}

static void load_far_pointer(struct work *w)
{
    static const u32 ops[] = {0xc4, 0xc5, 0xb20f, 0xb40f, 0xb50f};
    u32 at = address(w);

    put_store(&w->code, at + 4, work_selector(&w->random));
    put_op_mem(&w->code, true, ops[below(&w->random, COUNT(ops))], reg_but_esp(w), at);
}

/* --- paging and control registers --- */

static void write_page_entry(struct work *w)
{
    static const u32 tables[] = {PAGE_DIRECTORY, LOW_TABLE,       HIGH_TABLE,
                                 PAE_POINTERS,   PAE_DIRECTORIES, PAE_LOW_TABLE};
    u32 table = tables[below(&w->random, COUNT(tables))];
    u32 index = one_in(&w->random, 2) ? below(&w->random, 32) : below(&w->random, 1024);
    u32 frame = work_address(&w->random, w->around) & ~(u32)PAGE_MASK;

    put_store(&w->code, table + 4 * index, frame | below(&w->random, 0x200));
    if (one_in(&w->random, 2))
        put_op_mem(&w->code, true, 0x010f, 7, address(w)); /* INVLPG */
}

static void control_register(struct work *w)
{
    static const u32 cr0[] = {0x11, 0x80000011, 0x80010011, 0x1f, 0x10, 0x8005003b, 0x60000010};
    static const u32 cr4[] = {0, 0x10, 0x20, 0x90, 0x2b0, 0x600, 0xf, 0x30};
    static const u32 cr3[] = {PAGE_DIRECTORY, PAE_POINTERS, PAE_POINTERS, 0, RAM_ARENA};

    switch (below(&w->random, 8)) {
    case 0:
        put_load_cr(&w->code, 0, cr0[below(&w->random, COUNT(cr0))]);
        break;
    case 1:
        put_load_cr(&w->code, 4, cr4[below(&w->random, COUNT(cr4))]);
        break;
    case 2:
        put_load_cr(&w->code, 3, cr3[below(&w->random, COUNT(cr3))] | below(&w->random, 32));
        break;
    case 3:
        put_load_cr(&w->code, below(&w->random, 8), value(w));
        break;
    case 4:
        put_load(&w->code, EAX, value(w));
        put_op_reg(&w->code, false, 0x010f, 6, EAX); /* LMSW */
        break;
    case 5:
        put_opcode(&w->code, 0x060f); /* CLTS */
        break;
    default:
        put_op_reg(&w->code, false, 0x200f, below(&w->random, 8), reg_but_esp(w));
    }
}

static void model_specific(struct work *w)
{
    static const u32 numbers[] = {0x10,  0x1b,  0x3b,  0x174, 0x175, 0x176, 0x17a, 0x1a0,
                                  0x1d9, 0x200, 0x201, 0x250, 0x277, 0x2ff, 0x400, 0xc0000080};
    u32 number = one_in(&w->random, 4) ? below(&w->random, 0x420)
                                       : numbers[below(&w->random, COUNT(numbers))];

    put_load(&w->code, ECX, number);
    put_load(&w->code, EAX, one_in(&w->random, 2) ? address(w) : value(w));
    put_load(&w->code, EDX, one_in(&w->random, 2) ? 0 : value(w));
    put_opcode(&w->code, one_in(&w->random, 4) ? 0x320f : 0x300f);
}

/* --- leaving --- */

static u32 target(struct work *w)
{
    static const u32 places[] = {0xfffffff3, 0xfffffffb, 0xfffffffe, 0xffffffff, 0xffffffff,
                                 0xa0000,    0xbffff,    0xfffffff0, 0x9fffe,    0};

    return one_in(&w->random, 2) ? places[below(&w->random, COUNT(places))] : address(w);
}

static void far_jump(struct work *w)
{
    put_op32(&w->code, one_in(&w->random, 2) ? 0xea : 0x9a);
    put32(&w->code, one_in(&w->random, 3) ? value(w) : target(w));
    put16(&w->code, work_selector(&w->random));
}

static void near_jump(struct work *w)
{
    put_load(&w->code, EAX, target(w));
    put_op_reg(&w->code, true, 0xff, one_in(&w->random, 2) ? 2 : 4, EAX);
}

static void far_return(struct work *w)
{
    put_push(&w->code, work_selector(&w->random));
    put_push(&w->code, address(w));
    put_push(&w->code, work_selector(&w->random));
    put_push(&w->code, target(w));
    put_op32(&w->code, 0xcb);
}

/* With any flags, VM and NT among them. */
static void interrupt_return(struct work *w)
{
    for (unsigned i = 0; i < 4; i++)
        put_push(&w->code, work_selector(&w->random));
    put_push(&w->code, work_selector(&w->random));
    put_push(&w->code, address(w));
    put_push(&w->code, one_in(&w->random, 2) ? value(w) : 0x20202);
    put_push(&w->code, work_selector(&w->random));
    put_push(&w->code, target(w));
    put_op32(&w->code, 0xcf);
}

static void fast_call(struct work *w)
{
    put_load(&w->code, ECX, address(w));
    put_load(&w->code, EDX, target(w));
    put_opcode(&w->code, one_in(&w->random, 2) ? 0x340f : 0x350f);
}

/* --- interrupts and flags --- */

static void software_interrupt(struct work *w)
{
    static const u8 ops[] = {0xcc, 0xce, 0xf1};

    if (one_in(&w->random, 2))
        put_int(&w->code, below(&w->random, 256));
    else
        put8(&w->code, ops[below(&w->random, COUNT(ops))]);
}

static void set_flags(struct work *w)
{
    static const u32 flags[] = {0x102, 0x202, 0x302, 0x40202, 0x40302, 0x3202, 0x4202, 0x10302};

    put_push(&w->code, one_in(&w->random, 3) ? value(w) : flags[below(&w->random, COUNT(flags))]);
    put_op32(&w->code, 0x9d);
}

static void interrupt_flag(struct work *w)
{
    put8(&w->code, one_in(&w->random, 8) ? 0xfa : 0xfb);
}

/* A timer will end it, unless something else has been done to that. */
static void halt(struct work *w)
{
    static const u8 writes[][2] = {{0x43, 0x34}, {0x40, 0x52}, {0x40, 0x09}, {0x21, 0xfe}};

    for (unsigned i = 0; i < COUNT(writes); i++)
        put_out(&w->code, writes[i][0], writes[i][1], 1);
    put8(&w->code, 0xfb);
    put8(&w->code, 0xf4);
}

static void fault(struct work *w)
{
    switch (below(&w->random, 4)) {
    case 0:
        put_opcode(&w->code, 0x0b0f); /* UD2 */
        break;
    case 1:
        put_load(&w->code, ECX, 0);
        put_op_reg(&w->code, true, 0xf7, 6, ECX); /* DIV */
        break;
    default:
        put_load(&w->code, ESP, address(w));
        put_push(&w->code, value(w));
    }
}

/* --- breakpoints, often on what the processor itself reads and writes --- */

static void breakpoint(struct work *w)
{
    const u32 own[] = {
        w->around->idt + 8, w->around->idt + 8 * 14, w->around->gdt + S_CODE,      RAM_TSS + 4,
        RAM_STACK - 4,      RAM_RING0 - 8,           w->linear + w->code.size + 20};

    put_load_dr(&w->code, below(&w->random, 4),
                one_in(&w->random, 3) ? address(w) : own[below(&w->random, COUNT(own))]);
    put_load_dr(&w->code, 7,
                one_in(&w->random, 3) ? value(w) : (next_random(&w->random) & 0xffff0000u) | 0x755);
    if (one_in(&w->random, 4))
        put_op_reg(&w->code, false, 0x210f, below(&w->random, 8), reg_but_esp(w));
}

/* --- what a unit of its own does --- */

static void floating(struct work *w)
{
    static const u8 escapes[] = {0xd8, 0xd9, 0xdb, 0xdd, 0xdf};

    if (one_in(&w->random, 3))
        put_op_mem(&w->code, true, escapes[below(&w->random, COUNT(escapes))], reg(w), address(w));
    else if (one_in(&w->random, 3))
        put_op_mem(&w->code, true, 0xae0f, below(&w->random, 4), address(w) & ~15u);
    else
        put_op_reg(&w->code, false, escapes[below(&w->random, COUNT(escapes))], reg(w), reg(w));
}

static void vectors(struct work *w)
{
    if (one_in(&w->random, 2))
        put8(&w->code, one_in(&w->random, 2) ? 0xf3 : 0xf2);
    put_op_mem(&w->code, false, 0x0f | (0x50 + below(&w->random, 0x30)) << 8, reg(w),
               address(w) & ~15u);
}

static void others(struct work *w)
{
    static const u32 ops[] = {0xa20f, 0x310f, 0x330f, 0x080f, 0x090f, 0x60, 0x61, 0x9c,
                              0xc9,   0xd7,   0x27,   0x37,   0xd6,   0x9b, 0x98, 0xaa0f};

    put_load(&w->code, EAX, value(w));
    put_op32(&w->code, ops[below(&w->random, COUNT(ops))]);
}

static void stack(struct work *w)
{
    static const u32 ops[] = {0x06, 0x0e, 0x16, 0x1e, 0x1f, 0x17, 0x07, 0xa00f, 0xa10f, 0xa80f};

    if (one_in(&w->random, 3))
        put_load(&w->code, ESP, address(w));
    else if (one_in(&w->random, 2))
        put_op32(&w->code, 0x50 | reg(w));
    else
        put_op32(&w->code, ops[below(&w->random, COUNT(ops))]);
}

static void any_bytes(struct work *w)
{
    for (unsigned n = below(&w->random, 6); n-- > 0;)
        put8(&w->code, next_random(&w->random));
}

/* --- the mixture --- */

typedef void work_fn(struct work *w);
struct kind {
    work_fn *add;
    unsigned weight;
};

static const struct kind kinds[] = {
    {port_write, 10},
    {port_read, 4},
    {pci_write, 4},
    {port_string, 2},
    {store, 8},
    {access, 12},
    {locked, 3},
    {string, 5},
    {modify_itself, 6},
    {load_segment, 6},
    {write_descriptor, 5},
    {table_register, 2},
    {selector_work, 5},
    {load_far_pointer, 3},
    {write_page_entry, 6},
    {control_register, 5},
    {model_specific, 6},
    {far_jump, 2},
    {near_jump, 2},
    {far_return, 1},
    {interrupt_return, 2},
    {fast_call, 1},
    {software_interrupt, 4},
    {set_flags, 5},
    {interrupt_flag, 4},
    {halt, 1},
    {fault, 1},
    {breakpoint, 5},
    {floating, 4},
    {vectors, 3},
    {others, 4},
    {stack, 4},
    {any_bytes, 1},
};

static unsigned total_weight(void)
{
    unsigned total = 0;

    for (unsigned i = 0; i < COUNT(kinds); i++)
        total += kinds[i].weight;
    return total;
}

void work_add(struct work *w)
{
    const struct kind *kind = kinds;
    u32 at = below(&w->random, total_weight());

    while (at >= kind->weight)
        at -= kind++->weight;
    kind->add(w);
}
