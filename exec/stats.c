/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See stats.h. */
#include "exec/stats.h"

#include <inttypes.h>

#include "exec/quality.h"

/* --- what follows from several counts --- */

/* Ways from block to block: what was not from the loop and not by a chain was by the jump cache. */
struct ways {
    u64 jumps, chained, lookups, hits;
};

static u64 less(u64 a, u64 b)
{
    return a > b ? a - b : 0;
}

static struct ways ways_of(const struct run_stats *s, const struct run_quality *q)
{
    struct ways w = {
        .jumps = q->user.guest.direct_jumps + q->supervisor.guest.direct_jumps,
        .lookups = q->user.guest.lookups + q->supervisor.guest.lookups,
    };
    u64 runs = q->user.guest.runs + q->supervisor.guest.runs;

    w.chained = less(w.jumps, s->unchained);
    w.hits = less(less(runs, s->entries), w.chained);
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

static void print_quality(const struct quality *q, const char *name, FILE *to)
{
    const struct guest_quality *g = &q->guest;

    fprintf(to, "%-20s%" PRIu64 " instructions executed in %" PRIu64 " runs of blocks\n", name,
            g->insns, g->runs);
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
}

static void print_counted(const struct run_stats *s, FILE *to)
{
    struct run_quality q;
    struct ways w;

    print_samples(s->sampler, to);
    if (!quality_of(s->profile, &q))
        return;
    w = ways_of(s, &q);
    print_quality(&q.user, "user code", to);
    print_quality(&q.supervisor, "supervisor code", to);
    fprintf(to, "chained jumps       %.3f%% of %" PRIu64 "\n", percent(w.chained, w.jumps),
            w.jumps);
    fprintf(to, "jump cache          %.3f%% of %" PRIu64 " lookups hit\n",
            percent(w.hits, w.lookups), w.lookups);
    if (q.uncounted)
        fprintf(to, "not counted         %" PRIu64 " blocks\n", q.uncounted);
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
    fprintf(to, "code cache          %zu bytes in use; emptied %" PRIu64 " times\n", s->cache_used,
            c->flushes);
    fprintf(to, "chains              %" PRIu64 " made, %" PRIu64 " undone\n", c->chains,
            c->unchains);
    fprintf(to, "blocks killed       %" PRIu64 "\n", c->kills);
    fprintf(to, "entries             %" PRIu64 " from the loop\n", s->entries);
    fprintf(to, "exceptions          %" PRIu64 "\n", s->exceptions);
    fprintf(to, "interrupts          %" PRIu64 "\n", s->interrupts);
    fprintf(to, "mmu: %" PRIu64 " TLB misses, %" PRIu64 " walks, %" PRIu64 " flushes, ", m->misses,
            m->walks, m->flushes);
    fprintf(to, "%" PRIu64 " of a page, %" PRIu64 " device accesses, %" PRIu64 " writes to code\n",
            m->page_flushes, m->devices, m->code_writes);
    if (s->profile)
        print_counted(s, to);
}

/* --- JSON --- */

static void write_basic(const struct run_stats *s, struct json *j)
{
    const struct cache_stats *c = s->cache;
    const struct mmu_stats *m = s->mmu;

    json_open(j, "translation", '{');
    json_number(j, "blocks", c->blocks);
    json_number(j, "insns", c->insns);
    json_number(j, "bytes", c->guest_bytes);
    json_number(j, "uops", c->uops);
    json_number(j, "code_bytes", c->code_bytes);
    json_number(j, "nanoseconds", c->nanoseconds);
    json_close(j, '}');
    json_open(j, "cache", '{');
    json_number(j, "bytes", s->cache_used);
    json_number(j, "flushes", c->flushes);
    json_number(j, "kills", c->kills);
    json_number(j, "chains", c->chains);
    json_number(j, "unchains", c->unchains);
    json_close(j, '}');
    json_open(j, "loop", '{');
    json_number(j, "entries", s->entries);
    json_number(j, "unchained", s->unchained);
    json_number(j, "exceptions", s->exceptions);
    json_number(j, "interrupts", s->interrupts);
    json_close(j, '}');
    json_open(j, "mmu", '{');
    json_number(j, "misses", m->misses);
    json_number(j, "walks", m->walks);
    json_number(j, "flushes", m->flushes);
    json_number(j, "page_flushes", m->page_flushes);
    json_number(j, "devices", m->devices);
    json_number(j, "code_writes", m->code_writes);
    json_close(j, '}');
}

static void write_counted(const struct run_stats *s, struct json *j)
{
    struct run_quality q;
    struct ways w;

    json_open(j, "samples", '{');
    for (unsigned i = 0; i < ACTIVITIES; i++)
        json_number(j, activity_names[i], sampler_count(s->sampler, (enum activity)i));
    json_close(j, '}');
    if (!quality_of(s->profile, &q))
        return;
    w = ways_of(s, &q);
    json_open(j, "chains", '{');
    json_number(j, "jumps", w.jumps);
    json_number(j, "taken", w.chained);
    json_close(j, '}');
    json_open(j, "jump_cache", '{');
    json_number(j, "lookups", w.lookups);
    json_number(j, "hits", w.hits);
    json_close(j, '}');
    quality_write(&q, s->profile, j);
}

void stats_write(const struct run_stats *s, FILE *to)
{
    struct json j = {.to = to};

    json_open(&j, NULL, '{');
    json_text(&j, "schema", "tessera-stats 1");
    json_text(&j, "engine", s->engine);
    write_basic(s, &j);
    if (s->profile)
        write_counted(s, &j);
    json_close(&j, '}');
}
