/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See image.h. */
#include "tests/machine/image.h"

#include <stdlib.h>
#include <string.h>

#include "exec/i386/model.h"
#include "exec/memory.h"
#include "hw/pc/loader.h"
#include "tests/fuzz/board.h"
#include "tests/machine/maker.h"

enum { ARENA_SIZE = 0x8000 };

/* --- pieces --- */

static u16 data_selector(struct maker *m, u16 usual)
{
    return one_in(&m->random, 8) ? work_selector(&m->random) : usual;
}

static void set_segments(struct maker *m, struct guest_piece *p, u16 cs, u16 data)
{
    p->cs = cs;
    p->ss = data_selector(m, data);
    p->es = data_selector(m, data);
    p->ds = data_selector(m, data);
    p->fs = data_selector(m, data);
    p->gs = data_selector(m, data);
}

/* Code below 1 MiB, in a segment of 64 KiB that begins at or before its place. */
static void set_real_segments(struct maker *m, struct guest_piece *p)
{
    u32 segment = p->place < 0x10000 && one_in(&m->random, 2) ? 0 : (p->place & 0xff000) >> 4;

    p->cs = segment;
    p->eip = p->place - (segment << 4);
    p->ss = p->es = p->fs = p->gs = 0;
    p->ds = one_in(&m->random, 3) ? segment : 0;
}

void piece_set_mode(struct maker *m, struct guest_piece *p, enum entry_mode mode)
{
    p->eip = p->place;
    p->cr0 = 0x11;
    switch (mode) {
    case FLAT:
        set_segments(m, p, S_FLAT, S_DATA);
        break;
    case FLAT16:
        set_segments(m, p, S_FLAT16, one_in(&m->random, 2) ? S_DATA : S_DATA16);
        break;
    case RING3:
        set_segments(m, p, S_FLAT3, S_DATA3);
        break;
    case RING1:
        set_segments(m, p, S_FLAT1, S_DATA1);
        break;
    case V86:
        p->flags |= P_V86;
        p->eflags |= FLAG_VM;
        set_real_segments(m, p);
        break;
    default:
        p->flags |= P_REAL;
        p->cr0 = 0x10;
        set_real_segments(m, p);
    }
}

static void set_paging(struct maker *m, struct guest_piece *p)
{
    struct random *r = &m->random;
    bool pae = (model_cr4_bits(m->model) & CR4_PAE) && one_in(r, 2);

    p->cr3 = pae ? PAE_POINTERS : PAGE_DIRECTORY;
    if (model_cr4_bits(m->model)) {
        p->flags |= P_HAS_CR4;
        p->cr4 = pae ? CR4_PAE : CR4_PSE;
        if (one_in(r, 2))
            p->cr4 |= next_random(r) & 0x687;
        p->cr4 &= model_cr4_bits(m->model);
    }
    if (!(p->flags & P_REAL) && one_in(r, 2))
        p->cr0 |= CR0_PG | (one_in(r, 2) ? CR0_WP : 0);
    if (one_in(r, 4))
        p->cr0 |= CR0_AM;
    if (one_in(r, 8))
        p->flags |= P_TABLES;
}

static void set_flags(struct maker *m, struct guest_piece *p)
{
    struct random *r = &m->random;

    p->eflags |= 2 | (one_in(r, 12) ? 0 : FLAG_IF) | (one_in(r, 12) ? FLAG_TF : 0) |
                 (one_in(r, 3) ? 0 : 3u << 12) | (one_in(r, 8) ? FLAG_AC : 0) |
                 (one_in(r, 16) ? FLAG_NT : 0);
}

/* In the image as it is, or copied: mostly where it crosses pages, or to where no RAM is. */
static u32 choose_place(struct maker *m, u32 source, bool low)
{
    struct random *r = &m->random;
    u32 in_rom = low ? source - (u32)TOP + EARLY_LOWER : source;

    switch (below(r, 8)) {
    case 0:
        return in_rom;
    case 1:
    case 2:
        return RAM_ARENA + (below(r, ARENA_SIZE / PAGE_SIZE) + 1) * PAGE_SIZE - 1 - below(r, 40);
    case 3:
        return low ? 0xa0000 - 1 - below(r, 40) : m->around.ram_size - 1 - below(r, 40);
    case 4:
        return low ? 0xc0000 + below(r, 0x20000) : work_address(r, &m->around);
    default:
        return RAM_ARENA + below(r, ARENA_SIZE - PIECE_ROOM);
    }
}

static void add_work(struct maker *m, struct guest_piece *p, bool sixteen)
{
    struct work w = {
        .code = {.bytes = m->guest->rom + m->code_end, .room = PIECE_ROOM - 2, .sixteen = sixteen},
        .random = m->random,
        .around = &m->around,
        .linear = p->place,
    };
    /* The rest of the instruction at the top, whichever it is; a jump goes forward. */
    static const u8 behind_top[] = {4, 0x90, 0x90, 0x90, 0x90, 0x90};
    u32 most = 16 + below(&m->random, PIECE_ROOM - 40);

    for (unsigned i = 0; p->place == 0 && i < COUNT(behind_top); i++)
        put8(&w.code, behind_top[i]);
    while (w.code.size < most)
        work_add(&w);
    w.code.room = PIECE_ROOM;
    put_int(&w.code, END_VECTOR);
    m->random = random_of(next_random(&w.random), next_random(&w.random));
    p->size = w.code.size;
    m->code_end += p->size;
}

/* Now and then a piece lies at 0 and is entered by way of the highest addresses. */
static void wrap(struct maker *m, struct guest_piece *p)
{
    p->place = 0;
    p->flags |= P_COPY;
    p->eip = one_in(&m->random, 2) ? ~0u : (u32)UPPER + TAIL + below(&m->random, 16 - 3);
}

void piece_put(struct maker *m, unsigned number, const struct guest_piece *p)
{
    u32 fields[PIECE_SIZE / 4];

    memcpy(fields, p, sizeof fields);
    for (unsigned i = 0; i < COUNT(fields); i++)
        store32(m->guest->rom + number * PIECE_SIZE + 4 * i, fields[i]);
}

static void make_piece(struct maker *m, unsigned number)
{
    struct guest_piece p = {.source = (u32)TOP + m->code_end, .esp = RAM_STACK - 0x400};
    enum entry_mode mode = one_in(&m->random, 2) ? FLAT : (enum entry_mode)below(&m->random, MODES);
    bool low = mode == V86 || mode == REAL, wraps = !low && one_in(&m->random, 10);

    p.place = choose_place(m, p.source, low);
    if (p.place >= 0x100000 ? p.place < (u32)TOP : p.place < 0xe0000)
        p.flags |= P_COPY;
    piece_set_mode(m, &p, mode);
    set_paging(m, &p);
    set_flags(m, &p);
    if (number < 2)
        p.flags |= P_TABLES;
    if (wraps)
        wrap(m, &p);
    add_work(m, &p, low || mode == FLAT16);
    piece_put(m, number, &p);
}

/* --- from reset --- */

static void put_reset_again(struct maker *m, struct code *c)
{
    switch (below(&m->random, 4)) {
    case 0:
        put_out(c, 0x64, 0xfe, 1);
        break;
    case 1:
        put_out(c, 0x92, 3, 1);
        break;
    case 2:
        put_out(c, 0xcf9, 2, 1);
        put_out(c, 0xcf9, 6, 1);
        break;
    default: /* a triple fault: the limit of the IDT becomes that of nothing */
        put_op_mem(c, true, 0x010f, 3, RAM_STUCK + 4);
        put8(c, 0xcc);
    }
    put_loop(c, c->size);
}

static void make_reset_code(struct maker *m)
{
    struct code c = {.bytes = upper(m, RESET_CODE), .room = RESET_ROOM, .sixteen = true};
    struct code start = {.bytes = upper(m, ENTRY_START), .room = 3, .sixteen = true};
    u32 skip;

    put_out(&c, DEBUGCON_PORT, '.', 1);
    put_op_mem(&c, true, 0x83, 7, RAM_STUCK); /* CMP with 1 */
    put8(&c, 1);
    put8(&c, 0x75);
    put8(&c, 0);
    skip = c.size;
    put_reset_again(m, &c);
    c.bytes[skip - 1] = (u8)(c.size - skip);
    put8(&c, 0xe9);
    put16(&c, ENTRY_AFTER_RESET - (RESET_CODE + c.size + 2));
    put8(&start, 0xe9);
    put16(&start, RESET_CODE - (ENTRY_START + 3));
}

/* Instructions that go on at 0, or something else. */
static void make_tail(struct maker *m)
{
    static const u8 last[] = {0x90, 0xb8, 0x05, 0x81, 0x66, 0xf0,
                              0xe8, 0xeb, 0x70, 0xc7, 0xcd, 0x0f};
    u8 *tail = upper(m, TAIL);

    memset(tail, 0x90, HALF_SIZE - TAIL);
    upper(m, 0xffff)[0] = last[below(&m->random, COUNT(last))];
    if (one_in(&m->random, 4))
        tail[below(&m->random, HALF_SIZE - TAIL)] = (u8)next_random(&m->random);
}

/* --- all of it --- */

/* Memory makes no difference to what ports and registers there are: one look serves all guests. */
static void look_around(struct maker *m)
{
    static struct surroundings seen;

    if (!seen.port_count) {
        struct fuzz_board *board = board_create(1 << 20);

        seen.port_count = board_ports(board, seen.ports);
        seen.pci_count = board_pci_registers(board, seen.pci, MOST_PCI_REGISTERS);
        board_destroy(board);
    }
    memcpy(m->around.ports, seen.ports, seen.port_count * sizeof *seen.ports);
    memcpy(m->around.pci, seen.pci, seen.pci_count * sizeof *seen.pci);
    m->around.port_count = seen.port_count;
    m->around.pci_count = seen.pci_count;
}

static void choose_machine(struct maker *m)
{
    static const char *const models[] = {"max", "max",      "max",      "pentium4",
                                         "486", "pentium3", "pentium2", "386"};
    static const u8 mibs[] = {1, 2, 4, 17};
    static const u32 bases[] = {(u32)UPPER, EARLY, RAM_FRAME};

    m->guest->model = models[below(&m->random, COUNT(models))];
    m->model = model_find(m->guest->model);
    m->guest->ram_mib = mibs[below(&m->random, COUNT(mibs))];
    m->around.ram_size = m->guest->ram_mib << 20;
    m->base = bases[below(&m->random, COUNT(bases))];
    m->ram_tables = m->base == RAM_FRAME || one_in(&m->random, 2);
}

void guest_make(struct guest *g, u64 seed, const u8 *frame, size_t frame_size)
{
    struct maker *m = calloc(1, sizeof *m);
    const struct ending *ending;

    if (!m || frame_size > ROM_IDT)
        abort();
    memset(g, 0, sizeof *g);
    *m = (struct maker){.guest = g, .random = random_of(seed, 0), .code_end = PIECE_CODE};
    ending = ending_choose(&m->random);
    g->ending = ending_name(ending);
    g->pieces = 16 + below(&m->random, MOST_PIECES - 16);
    choose_machine(m);
    m->ram_tables |= ending_writes_tables(ending);
    look_around(m);
    memcpy(upper(m, 0), frame, frame_size);
    make_tables(m);
    make_reset_code(m);
    make_tail(m);
    for (unsigned i = 0; i < g->pieces - 1; i++)
        make_piece(m, i);
    make_last_piece(m, ending);
    free(m);
}
