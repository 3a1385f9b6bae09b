/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See quality.h. */
#include "exec/report/quality.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "exec/host/host.h"
#include "exec/place.h"
#include "exec/report/disassemble.h"
#include "exec/report/json.h"
#include "translate/translate.h"
#include "translate/window.h"

/*
 * Host code is looked at, hottest first, until this much of what was executed is covered, or so
 * many blocks of a privilege were: each takes a fraction of a millisecond.
 */
static const double coverage = 0.999;
enum { MOST_WEIGHED = 4096 };
enum { HOTTEST = 24 }; /* of each privilege, in all their forms */

typedef const struct engine *engine_fn(void);
static engine_fn *const engines[QUALITY_ENGINES] = {template_engine, ir_engine};

const char *quality_engine(unsigned index)
{
    return index < QUALITY_ENGINES && engines[index] ? engines[index]()->name : NULL;
}

/* --- making code again --- */

/* The code is where it can reach helpers, the sites where their addresses fit; nobody runs it. */
enum { CODE_ROOM = 256 << 10 };
struct workshop {
    struct exit_site sites[BLOCK_EXITS];
    struct stream stream;
    struct code_map map;
    u8 *code;
};

static void workshop_close(struct workshop *w)
{
    if (w->code)
        munmap(w->code, CODE_ROOM);
    munmap(w, sizeof *w);
}

static struct workshop *workshop_open(void)
{
    struct workshop *w = place_map(PLACE_LOW, sizeof *w, PROT_READ | PROT_WRITE, MAP_PRIVATE);

    if (!w)
        return NULL;
    w->code = place_map(PLACE_NEAR, CODE_ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    if (w->code)
        return w;
    workshop_close(w);
    return NULL;
}

/* The code of an engine for a block in w->code; its size, 0 if there is none. */
static size_t make_code(struct workshop *w, const struct engine *engine,
                        const struct profile_block *b)
{
    struct dyngen_emit out = {.at = w->code, .end = w->code + CODE_ROOM, .exec = 0};
    struct code code = {.map = &w->map};

    profile_stream(b, &w->stream);
    if (engine == template_engine())
        stream_use_window(&w->stream, 0);
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
    json_t *list; /* of instructions, if not NULL */
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
    u32 pc = k->block->base + m->pc;

    json_array_append_new(k->list, json_pack("[I, I, s, s]", (json_int_t)offset, (json_int_t)pc,
                                             parts[m->part], text));
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
    if (k->list)
        list_insn(k, m, address - (u64)(uintptr_t)k->w->code, text);
}

static bool weigh_code(struct workshop *w, const struct engine *engine,
                       const struct profile_block *b, struct host_quality *sum, json_t *list)
{
    struct walk k = {.block = b, .w = w, .sum = sum, .list = list};
    size_t size = make_code(w, engine, b);

    if (!size)
        return false;
    disassemble(&host_isa, w->code, (u64)(uintptr_t)w->code, size, weigh_insn, &k);
    return true;
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
    unsigned weighed[2] = {0, 0};
    memset(q, 0, sizeof *q);
    q->user.guest = *profile_forgotten(p, true);
    q->supervisor.guest = *profile_forgotten(p, false);
    q->uncounted = profile_uncounted(p);
    for (size_t i = 0; i < count; i++)
        guest_quality_add(&privilege(q, blocks[i])->guest, blocks[i]);
    for (size_t i = 0; i < count && blocks[i]->executed; i++) {
        struct quality *part = privilege(q, blocks[i]);
        if ((double)part->covered > coverage * (double)part->guest.insns ||
            weighed[part == &q->user]++ >= MOST_WEIGHED)
            continue;
        part->covered += blocks[i]->executed;
        part->covered_bytes += blocks[i]->size;
        for (unsigned e = 0; quality_engine(e); e++)
            weigh_code(w, engines[e](), blocks[i], &part->host[e], NULL);
    }
    workshop_close(w);
    return true;
}

/* --- JSON --- */

static void put_host(json_t *o, const struct host_quality *h)
{
    put_count(o, "bytes", h->bytes);
    put_count(o, "insns", h->insns);
    put_count(o, "loads", h->loads);
    put_count(o, "stores", h->stores);
    put_count(o, "executed", h->executed);
    put_count(o, "executed_loads", h->executed_loads);
    put_count(o, "executed_stores", h->executed_stores);
}

static json_t *guest_json(const struct guest_quality *g)
{
    json_t *o = json_object();

    put_count(o, "blocks", g->blocks);
    put_count(o, "bytes", g->bytes);
    put_count(o, "static_insns", g->static_insns);
    put_count(o, "runs", g->runs);
    put_count(o, "insns", g->insns);
    put_count(o, "loads", g->loads);
    put_count(o, "stores", g->stores);
    put_count(o, "flags_set", g->flags_set);
    put_count(o, "flags_stored", g->flags_stored);
    put_count(o, "flags_late", g->flags_late);
    put_count(o, "flags_dead", g->flags_dead);
    put_count(o, "direct_jumps", g->direct_jumps);
    put_count(o, "lookups", g->lookups);
    return o;
}

static json_t *quality_json(const struct quality *q)
{
    json_t *o = json_object();
    json_t *hosts = json_object();

    json_object_set_new(o, "guest", guest_json(&q->guest));
    put_count(o, "covered", q->covered);
    put_count(o, "covered_bytes", q->covered_bytes);
    for (unsigned e = 0; quality_engine(e); e++) {
        json_t *host = json_object();
        put_host(host, &q->host[e]);
        json_object_set_new(hosts, quality_engine(e), host);
    }
    json_object_set_new(o, "host", hosts);
    return o;
}

static void list_guest_insn(void *context, u64 address, size_t size, const char *text)
{
    (void)size;
    json_array_append_new(context, json_pack("[I, s]", (json_int_t)address, text));
}

static json_t *guest_code_json(const struct profile_block *b)
{
    json_t *list = json_array();

    disassemble(b->isa, b->guest, b->base + b->pc, b->size, list_guest_insn, list);
    return list;
}

static json_t *uops_json(const struct profile_block *b)
{
    json_t *list = json_array();
    char line[128];

    for (u32 i = 0; i < b->uop_count; i++) {
        uop_print(b->table, &b->uops[i], line, sizeof line);
        json_array_append_new(list, json_string(line));
    }
    return list;
}

static json_t *host_code_json(struct workshop *w, const struct engine *engine,
                              const struct profile_block *b)
{
    struct host_quality sum = {0};
    json_t *o = json_object();
    json_t *code = json_array();

    put_count(o, "base", (u64)(uintptr_t)w->code);
    weigh_code(w, engine, b, &sum, code);
    json_object_set_new(o, "code", code);
    put_host(o, &sum);
    return o;
}

static json_t *runs_json(const struct profile_block *b)
{
    json_t *list = json_array();

    for (u32 i = 0; i < b->segments; i++)
        json_array_append_new(list, json_integer((json_int_t)b->runs[i]));
    return list;
}

static json_t *block_json(struct workshop *w, const struct profile_block *b)
{
    struct guest_quality g = {0};
    json_t *o = json_object();
    json_t *hosts = json_object();

    put_count(o, "address", b->base + b->pc);
    put_count(o, "mode", b->mode);
    put_count(o, "insns", b->insns);
    put_count(o, "bytes", b->size);
    put_count(o, "executed", b->executed);
    json_object_set_new(o, "runs", runs_json(b));
    guest_quality_add(&g, b);
    put_count(o, "loads", g.loads);
    put_count(o, "stores", g.stores);
    put_count(o, "flags_set", g.flags_set);
    put_count(o, "flags_stored", g.flags_stored);
    json_object_set_new(o, "guest", guest_code_json(b));
    json_object_set_new(o, "uops", uops_json(b));
    for (unsigned e = 0; quality_engine(e); e++)
        json_object_set_new(hosts, quality_engine(e), host_code_json(w, engines[e](), b));
    json_object_set_new(o, "host", hosts);
    return o;
}

static json_t *hottest_json(struct profile *p)
{
    size_t count;
    struct profile_block *const *blocks = profile_sort(p, &count);
    struct workshop *w = workshop_open();
    unsigned written[2] = {0, 0};
    json_t *list = json_array();

    for (size_t i = 0; w && i < count && blocks[i]->executed; i++) {
        bool user = blocks[i]->mode & MODE_USER;
        if (written[user]++ < HOTTEST)
            json_array_append_new(list, block_json(w, blocks[i]));
    }
    if (w)
        workshop_close(w);
    return list;
}

void quality_put(json_t *o, const struct run_quality *q, struct profile *p)
{
    put_count(o, "uncounted_blocks", q->uncounted);
    json_object_set_new(o, "user", quality_json(&q->user));
    json_object_set_new(o, "supervisor", quality_json(&q->supervisor));
    json_object_set_new(o, "hottest", hottest_json(p));
}
