/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See quality.h. */
#include "exec/quality.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "exec/disassemble.h"
#include "translate/translate.h"

/* Host code is looked at, hottest first, until this much of what was executed is covered. */
static const double coverage = 0.999;
enum { HOTTEST = 24 }; /* of each privilege, in all their forms */

typedef const struct engine *engine_fn(void);
static engine_fn *const engines[QUALITY_ENGINES] = {template_engine, ir_engine};

const char *quality_engine(unsigned index)
{
    return index < QUALITY_ENGINES && engines[index] ? engines[index]()->name : NULL;
}

/* --- making code again --- */

/* Below 2 GiB, as helpers, templates and their exits want it; nobody runs it. */
enum { CODE_ROOM = 256 << 10 };
struct workshop {
    struct exit_site sites[BLOCK_EXITS];
    struct stream stream;
    struct code_map map;
    u8 code[CODE_ROOM];
};

static struct workshop *workshop_open(void)
{
    void *w = mmap(NULL, sizeof(struct workshop), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_32BIT, -1, 0);
    return w == MAP_FAILED ? NULL : w;
}

static void workshop_close(struct workshop *w)
{
    munmap(w, sizeof *w);
}

/* The code of an engine for a block in w->code; its size, 0 if there is none. */
static size_t make_code(struct workshop *w, const struct engine *engine,
                        const struct profile_block *b)
{
    struct dyngen_emit out = {.at = w->code, .end = w->code + sizeof w->code, .exec = 0};
    struct code code = {.map = &w->map};

    profile_stream(b, &w->stream);
    if (generate(engine, &w->stream, &out, w->sites, &code) != DYNGEN_OK)
        return 0;
    return code.text;
}

/* Walks host code together with its map. */
struct walk {
    const struct profile_block *block;
    const struct workshop *w;
    u32 mark;
    struct host_quality *sum;
    struct json *json; /* lists instructions, if not NULL */
};

static const struct code_mark *mark_at(struct walk *k, u64 address)
{
    u64 offset = address - (u64)(uintptr_t)k->w->code;

    while (k->mark + 1 < k->w->map.count && k->w->map.marks[k->mark + 1].offset <= offset)
        k->mark++;
    return &k->w->map.marks[k->mark];
}

static u64 times_run(const struct profile_block *b, const struct code_mark *m)
{
    if (m->segment >= b->segments)
        return 0;
    return m->part == PART_HOT     ? b->runs[m->segment]
           : m->part == PART_TAKEN ? profile_taken(b, m->segment)
                                   : 0;
}

static void list_insn(struct walk *k, const struct code_mark *m, u64 offset, const char *text)
{
    static const char *const parts[] = {"hot", "taken", "cold"};

    json_open(k->json, NULL, '[');
    json_number(k->json, NULL, offset);
    json_number(k->json, NULL, k->block->base + m->eip);
    json_text(k->json, NULL, parts[m->part]);
    json_text(k->json, NULL, text);
    json_close(k->json, ']');
}

static void weigh_insn(void *context, u64 address, size_t size, const char *text)
{
    struct walk *k = context;
    const struct code_mark *m = mark_at(k, address);
    struct memory_use use = host_memory_use(text);
    struct host_quality *q = k->sum;
    u64 runs = times_run(k->block, m);

    q->bytes += size;
    q->insns++;
    q->loads += use.loads;
    q->stores += use.stores;
    q->executed += runs;
    q->executed_loads += use.loads ? runs : 0;
    q->executed_stores += use.stores ? runs : 0;
    if (k->json)
        list_insn(k, m, address - (u64)(uintptr_t)k->w->code, text);
}

static bool weigh_code(struct workshop *w, const struct engine *engine,
                       const struct profile_block *b, struct host_quality *sum, struct json *json)
{
    struct walk k = {.block = b, .w = w, .sum = sum, .json = json};
    size_t size = make_code(w, engine, b);

    if (!size)
        return false;
    disassemble(CODE_HOST, w->code, (u64)(uintptr_t)w->code, size, weigh_insn, &k);
    return true;
}

/* --- guest code --- */

static void weigh_flags(struct guest_quality *q, u32 storing, u64 runs)
{
    q->flags_set += runs;
    q->flags_stored += storing == STORE_HOT ? runs : 0;
    q->flags_late += storing == STORE_LATE ? runs : 0;
    q->flags_dead += storing == STORE_NEVER ? runs : 0;
}

/* Jumps to a known address are chained within a page, and looked up beyond it. */
static void weigh_jump(struct guest_quality *q, const struct profile_block *b, u32 to, u64 runs)
{
    bool same_page = (b->base + to) >> 12 == (b->base + b->eip) >> 12;

    if (same_page)
        q->direct_jumps += runs;
    else if (b->mode & MODE_FLAT_CS)
        q->lookups += runs;
}

static void weigh_uop(struct guest_quality *q, const struct profile_block *b, const struct uop *u,
                      u32 segment)
{
    u64 runs = b->runs[segment];

    if (u->op == UOP_insn)
        q->insns += runs;
    else if (u->op == UOP_cc)
        weigh_flags(q, u->p[3], runs);
    if (u->op >= UOP_CODES)
        return;
    u8 class = uop_info[u->op].class;
    q->loads += class == LOAD || class == FLOAD || class == XLOAD ? runs : 0;
    q->stores +=
        class == STORE || class == STOREI || class == FSTORE || class == XSTORE || class == MSTORE
            ? runs
            : 0;
    if (class == BRANCH)
        weigh_jump(q, b, u->p[1], profile_taken(b, segment));
    else if (u->op == UOP_jump)
        weigh_jump(q, b, u->p[0], runs);
    else if (u->op == UOP_jump_t0 || u->op == UOP_jump_eip)
        q->lookups += runs;
}

static void weigh_guest(struct guest_quality *q, const struct profile_block *b)
{
    u32 segment = 0;

    q->blocks++;
    q->bytes += b->size;
    q->static_insns += b->insns;
    q->runs += b->runs[0];
    for (u32 i = 0; i < b->uop_count; i++) {
        const struct uop *u = &b->uops[i];
        weigh_uop(q, b, u, segment);
        segment += u->op < UOP_CODES && uop_info[u->op].class == BRANCH;
    }
}

/* --- a run --- */

static struct quality *privilege(struct run_quality *q, const struct profile_block *b)
{
    return b->mode & MODE_USER ? &q->user : &q->supervisor;
}

bool quality_of(struct profile *p, struct run_quality *q)
{
    size_t count;
    struct profile_block *const *blocks = profile_sort(p, &count);
    struct workshop *w = workshop_open();

    if (!w)
        return false;
    memset(q, 0, sizeof *q);
    q->uncounted = profile_uncounted(p);
    for (size_t i = 0; i < count; i++)
        weigh_guest(&privilege(q, blocks[i])->guest, blocks[i]);
    for (size_t i = 0; i < count && blocks[i]->executed; i++) {
        struct quality *part = privilege(q, blocks[i]);
        if ((double)part->covered > coverage * (double)part->guest.insns)
            continue;
        part->covered += blocks[i]->executed;
        part->covered_bytes += blocks[i]->size;
        for (unsigned e = 0; e < QUALITY_ENGINES && engines[e]; e++)
            weigh_code(w, engines[e](), blocks[i], &part->host[e], NULL);
    }
    workshop_close(w);
    return true;
}

/* --- JSON --- */

static void write_host(const struct host_quality *h, struct json *j)
{
    json_number(j, "bytes", h->bytes);
    json_number(j, "insns", h->insns);
    json_number(j, "loads", h->loads);
    json_number(j, "stores", h->stores);
    json_number(j, "executed", h->executed);
    json_number(j, "executed_loads", h->executed_loads);
    json_number(j, "executed_stores", h->executed_stores);
}

static void write_guest(const struct guest_quality *g, struct json *j)
{
    json_number(j, "blocks", g->blocks);
    json_number(j, "bytes", g->bytes);
    json_number(j, "static_insns", g->static_insns);
    json_number(j, "runs", g->runs);
    json_number(j, "insns", g->insns);
    json_number(j, "loads", g->loads);
    json_number(j, "stores", g->stores);
    json_number(j, "flags_set", g->flags_set);
    json_number(j, "flags_stored", g->flags_stored);
    json_number(j, "flags_late", g->flags_late);
    json_number(j, "flags_dead", g->flags_dead);
    json_number(j, "direct_jumps", g->direct_jumps);
    json_number(j, "lookups", g->lookups);
}

static void write_quality(const struct quality *q, const char *name, struct json *j)
{
    json_open(j, name, '{');
    json_open(j, "guest", '{');
    write_guest(&q->guest, j);
    json_close(j, '}');
    json_number(j, "covered", q->covered);
    json_number(j, "covered_bytes", q->covered_bytes);
    json_open(j, "host", '{');
    for (unsigned e = 0; e < QUALITY_ENGINES && engines[e]; e++) {
        json_open(j, quality_engine(e), '{');
        write_host(&q->host[e], j);
        json_close(j, '}');
    }
    json_close(j, '}');
    json_close(j, '}');
}

static void write_guest_insn(void *context, u64 address, size_t size, const char *text)
{
    struct json *j = context;

    (void)size;
    json_open(j, NULL, '[');
    json_number(j, NULL, address);
    json_text(j, NULL, text);
    json_close(j, ']');
}

static void write_forms(const struct profile_block *b, struct json *j)
{
    char line[128];

    json_open(j, "guest", '[');
    disassemble(b->mode & MODE_CS32 ? CODE_GUEST32 : CODE_GUEST16, b->guest, b->base + b->eip,
                b->size, write_guest_insn, j);
    json_close(j, ']');
    json_open(j, "uops", '[');
    for (u32 i = 0; i < b->uop_count; i++) {
        uop_print(&b->uops[i], line, sizeof line);
        json_text(j, NULL, line);
    }
    json_close(j, ']');
}

static void write_code(struct workshop *w, const struct engine *engine,
                       const struct profile_block *b, struct json *j)
{
    struct host_quality sum = {0};

    json_open(j, engine->name, '{');
    json_number(j, "base", (u64)(uintptr_t)w->code);
    json_open(j, "code", '[');
    weigh_code(w, engine, b, &sum, j);
    json_close(j, ']');
    write_host(&sum, j);
    json_close(j, '}');
}

static void write_block(struct workshop *w, const struct profile_block *b, struct json *j)
{
    struct guest_quality g = {0};

    json_open(j, NULL, '{');
    json_number(j, "address", b->base + b->eip);
    json_number(j, "mode", b->mode);
    json_number(j, "insns", b->insns);
    json_number(j, "bytes", b->size);
    json_number(j, "executed", b->executed);
    json_open(j, "runs", '[');
    for (u32 i = 0; i < b->segments; i++)
        json_number(j, NULL, b->runs[i]);
    json_close(j, ']');
    weigh_guest(&g, b);
    json_number(j, "loads", g.loads);
    json_number(j, "stores", g.stores);
    json_number(j, "flags_set", g.flags_set);
    json_number(j, "flags_stored", g.flags_stored);
    write_forms(b, j);
    json_open(j, "host", '{');
    for (unsigned e = 0; e < QUALITY_ENGINES && engines[e]; e++)
        write_code(w, engines[e](), b, j);
    json_close(j, '}');
    json_close(j, '}');
}

void quality_write(const struct run_quality *q, struct profile *p, struct json *j)
{
    size_t count;
    struct profile_block *const *blocks = profile_sort(p, &count);
    struct workshop *w = workshop_open();
    unsigned written[2] = {0, 0};

    json_number(j, "uncounted_blocks", q->uncounted);
    write_quality(&q->user, "user", j);
    write_quality(&q->supervisor, "supervisor", j);
    json_open(j, "hottest", '[');
    for (size_t i = 0; w && i < count && blocks[i]->executed; i++) {
        bool user = blocks[i]->mode & MODE_USER;
        if (written[user]++ < HOTTEST)
            write_block(w, blocks[i], j);
    }
    json_close(j, ']');
    if (w)
        workshop_close(w);
}
