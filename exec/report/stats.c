/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See stats.h. */
#include "exec/report/stats.h"

#include <inttypes.h>

#include "exec/report/json.h"
#include "exec/report/quality.h"

/* --- what follows from several counts --- */

/* Ways from block to block: what was not from the loop and not by a chain was by the jump cache. */
struct ways {
    u64 jumps, chained, lookups, hits;
};

static u64 less(u64 a, u64 b)
{
    return a > b ? a - b : 0;
}

/* Entries are counted under the privilege that they lead to; those that change it come from the
 * loop. */
static struct ways ways_of(const struct run_stats *s, const struct quality *q, bool user)
{
    struct ways w = {.jumps = q->guest.direct_jumps, .lookups = q->guest.lookups};

    w.chained = less(w.jumps, s->loop->unchained[user]);
    w.hits = less(less(q->guest.runs, s->loop->entries[user]), w.chained);
    if (w.hits > w.lookups)
        w.hits = w.lookups;
    return w;
}

static double ratio(u64 a, u64 b)
{
    return b ? (double)a / (double)b : 0;
}

static double percent(u64 part, u64 whole)
{
    return 100 * ratio(part, whole);
}

static u64 all_samples(const struct sampler *s)
{
    u64 sum = 0;

    for (unsigned i = 0; i < ACTIVITIES; i++)
        sum += sampler_count(s, (enum activity)i);
    return sum;
}

/* --- for people --- */

static void print_samples(const struct sampler *s, FILE *to)
{
    u64 all = all_samples(s);

    fprintf(to, "time                ");
    for (unsigned i = ACTIVITIES; i-- > 0;)
        fprintf(to, "%s %.1f%%%s", activity_names[i],
                percent(sampler_count(s, (enum activity)i), all), i ? ", " : "\n");
}

static void print_quality(const struct run_stats *s, const struct quality *q, bool user, FILE *to)
{
    const struct guest_quality *g = &q->guest;
    struct ways w = ways_of(s, q, user);

    fprintf(to, "%-20s%" PRIu64 " instructions executed in %" PRIu64 " runs of blocks\n",
            user ? "user code" : "supervisor code", g->insns, g->runs);
    if (!g->insns)
        return;
    fprintf(to, "  memory            %.3f loads and %.3f stores an instruction\n",
            ratio(g->loads, g->insns), ratio(g->stores, g->insns));
    fprintf(to,
            "  flags             set %" PRIu64 " times: %.1f%% stored, %.1f%% late, %.1f%% never\n",
            g->flags_set, percent(g->flags_stored, g->flags_set),
            percent(g->flags_late, g->flags_set), percent(g->flags_dead, g->flags_set));
    for (unsigned e = 0; quality_engine(e); e++) {
        const struct host_quality *h = &q->host[e];
        fprintf(to, "  %-18s%.2f host instructions an instruction: %.2f loads, %.2f stores\n",
                quality_engine(e), ratio(h->executed, q->covered),
                ratio(h->executed_loads, q->covered), ratio(h->executed_stores, q->covered));
    }
    fprintf(to, "  chained jumps     %.3f%% of %" PRIu64 "\n", percent(w.chained, w.jumps),
            w.jumps);
    fprintf(to, "  jump cache        %.3f%% of %" PRIu64 " lookups hit\n",
            percent(w.hits, w.lookups), w.lookups);
}

static void print_counted(const struct run_stats *s, FILE *to)
{
    struct run_quality q;

    print_samples(s->sampler, to);
    if (!quality_of(s->profile, &q))
        return;
    print_quality(s, &q.user, true, to);
    print_quality(s, &q.supervisor, false, to);
    if (q.uncounted)
        fprintf(to, "not counted         %" PRIu64 " blocks\n", q.uncounted);
}

static void print_ir(const struct ir_stats *s, FILE *to)
{
    fprintf(to,
            "IR                  %" PRIu64 " blocks, %" PRIu64
            " more left to templates; of %" PRIu64 " micro-ops %.1f%% as templates\n",
            s->blocks, s->refused, s->uops, percent(s->opaque, s->uops));
    fprintf(to,
            "                    of %" PRIu64
            " instructions %.1f%% not needed, %.1f%% only in cold "
            "code; %" PRIu64 " spills\n",
            s->values, percent(s->dropped, s->values), percent(s->sunk, s->values), s->spills);
}

void stats_prepare(void)
{
    json_object_seed(0); /* of hashes: random numbers, from a file */
}

void stats_print(const struct run_stats *s, FILE *to)
{
    const struct cache_stats *c = s->cache;
    const struct mmu_stats *m = s->mmu;

    fprintf(to,
            "blocks translated   %" PRIu64 " (%" PRIu64 " instructions, %" PRIu64 " bytes; %" PRIu64
            " micro-ops, %" PRIu64 " bytes of code)\n",
            c->blocks, c->insns, c->guest_bytes, c->uops, c->code_bytes);
    fprintf(to, "translation         %.3f s, %.0f ns an instruction\n",
            (double)c->nanoseconds * 1e-9, ratio(c->nanoseconds, c->insns));
    if (c->better_insns)
        fprintf(to,
                "of that by the IR   %" PRIu64 " blocks, %" PRIu64 " instructions, %" PRIu64
                " bytes of code; %.3f s, %.0f ns an instruction\n",
                c->improved, c->better_insns, c->better_bytes, (double)c->better_nanoseconds * 1e-9,
                ratio(c->better_nanoseconds, c->better_insns));
    if (ir_stats.blocks)
        print_ir(&ir_stats, to);
    fprintf(to,
            "code cache          %zu bytes in use; %" PRIu64
            " blocks made room, all forgotten %" PRIu64 " times\n",
            s->cache_used, c->evictions, c->flushes);
    fprintf(to,
            "stack window        %" PRIu64 " blocks; %" PRIu64 " also in the other form, %" PRIu64
            " left before a device, %" PRIu64 " made again without, %" PRIu64 " for now; %" PRIu64
            " chained to past their check\n",
            c->window.blocks, c->window.forms, c->window.left, c->window.without, c->window.put_off,
            c->window.passed);
    fprintf(to, "chains              %" PRIu64 " made, %" PRIu64 " undone\n", c->chains,
            c->unchains);
    fprintf(to, "blocks killed       %" PRIu64 "\n", c->kills);
    fprintf(to, "entries             %" PRIu64 " from the loop\n",
            s->loop->entries[0] + s->loop->entries[1]);
    fprintf(to, "exceptions          %" PRIu64 "\n", s->loop->exceptions);
    fprintf(to, "interrupts          %" PRIu64 "\n", s->loop->interrupts);
    fprintf(to, "mmu: %" PRIu64 " TLB misses, %" PRIu64 " walks, %" PRIu64 " flushes, ", m->misses,
            m->walks, m->flushes);
    fprintf(to,
            "%" PRIu64 " of a page (%" PRIu64 " through all jumps), %" PRIu64
            " device accesses, %" PRIu64 " writes to code\n",
            m->page_flushes, m->jump_scans, m->devices, m->code_writes);
    if (s->profile)
        print_counted(s, to);
}

/* --- JSON --- */

static json_t *translation_json(const struct cache_stats *c)
{
    json_t *o = json_object();

    put_count(o, "blocks", c->blocks);
    put_count(o, "insns", c->insns);
    put_count(o, "bytes", c->guest_bytes);
    put_count(o, "uops", c->uops);
    put_count(o, "code_bytes", c->code_bytes);
    put_count(o, "nanoseconds", c->nanoseconds);
    return o;
}

static json_t *improved_json(const struct cache_stats *c)
{
    json_t *o = json_object();

    put_count(o, "blocks", c->improved);
    put_count(o, "insns", c->better_insns);
    put_count(o, "code_bytes", c->better_bytes);
    put_count(o, "nanoseconds", c->better_nanoseconds);
    return o;
}

static json_t *ir_json(const struct ir_stats *s)
{
    json_t *o = json_object();

    put_count(o, "blocks", s->blocks);
    put_count(o, "refused", s->refused);
    put_count(o, "uops", s->uops);
    put_count(o, "opaque", s->opaque);
    put_count(o, "values", s->values);
    put_count(o, "dropped", s->dropped);
    put_count(o, "sunk", s->sunk);
    put_count(o, "spills", s->spills);
    return o;
}

static json_t *window_json(const struct cache_stats *c)
{
    json_t *o = json_object();

    put_count(o, "blocks", c->window.blocks);
    put_count(o, "forms", c->window.forms);
    put_count(o, "left", c->window.left);
    put_count(o, "without", c->window.without);
    put_count(o, "put_off", c->window.put_off);
    put_count(o, "passed", c->window.passed);
    return o;
}

static json_t *cache_json(const struct run_stats *s)
{
    json_t *o = json_object();

    put_count(o, "bytes", s->cache_used);
    put_count(o, "evictions", s->cache->evictions);
    put_count(o, "flushes", s->cache->flushes);
    put_count(o, "kills", s->cache->kills);
    put_count(o, "looks", s->cache->looks);
    put_count(o, "chains", s->cache->chains);
    put_count(o, "unchains", s->cache->unchains);
    return o;
}

static json_t *loop_json(const struct run_stats *s)
{
    json_t *o = json_object();

    put_count(o, "entries", s->loop->entries[0] + s->loop->entries[1]);
    put_count(o, "unchained", s->loop->unchained[0] + s->loop->unchained[1]);
    put_count(o, "exceptions", s->loop->exceptions);
    put_count(o, "interrupts", s->loop->interrupts);
    return o;
}

static json_t *mmu_json(const struct mmu_stats *m)
{
    json_t *o = json_object();

    put_count(o, "misses", m->misses);
    put_count(o, "walks", m->walks);
    put_count(o, "flushes", m->flushes);
    put_count(o, "page_flushes", m->page_flushes);
    put_count(o, "jump_scans", m->jump_scans);
    put_count(o, "devices", m->devices);
    put_count(o, "code_writes", m->code_writes);
    return o;
}

static json_t *samples_json(const struct sampler *s)
{
    json_t *o = json_object();

    for (unsigned i = 0; i < ACTIVITIES; i++)
        put_count(o, activity_names[i], sampler_count(s, (enum activity)i));
    return o;
}

static json_t *part_json(const char *whole_name, u64 whole, const char *part_name, u64 part)
{
    json_t *o = json_object();

    put_count(o, whole_name, whole);
    put_count(o, part_name, part);
    return o;
}

static void put_ways(json_t *o, const struct run_stats *s, const struct quality *q, bool user)
{
    struct ways w = ways_of(s, q, user);
    json_t *side = json_object_get(o, user ? "user" : "supervisor");

    json_object_set_new(side, "chains", part_json("jumps", w.jumps, "taken", w.chained));
    json_object_set_new(side, "jump_cache", part_json("lookups", w.lookups, "hits", w.hits));
}

static void put_counted(json_t *o, const struct run_stats *s)
{
    struct run_quality q;

    json_object_set_new(o, "samples", samples_json(s->sampler));
    if (!quality_of(s->profile, &q))
        return;
    quality_put(o, &q, s->profile);
    put_ways(o, s, &q.user, true);
    put_ways(o, s, &q.supervisor, false);
}

bool stats_write(const struct run_stats *s, FILE *to)
{
    json_t *o = json_object();

    json_object_set_new(o, "schema", json_string("tessera-stats 1"));
    json_object_set_new(o, "engine", json_string(s->engine));
    json_object_set_new(o, "translation", translation_json(s->cache));
    json_object_set_new(o, "improved", improved_json(s->cache));
    json_object_set_new(o, "ir", ir_json(&ir_stats));
    json_object_set_new(o, "cache", cache_json(s));
    json_object_set_new(o, "window", window_json(s->cache));
    json_object_set_new(o, "loop", loop_json(s));
    json_object_set_new(o, "mmu", mmu_json(s->mmu));
    if (s->profile)
        put_counted(o, s);
    bool written = json_dumpf(o, to, 0) == 0 && fputc('\n', to) == '\n';
    json_decref(o);
    return written;
}
