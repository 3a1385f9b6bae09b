/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See run.h. */
#include "tests/native/run.h"
#include "tests/native/fatal.h"
#include "tests/native/guest.h"
#include "tests/native/host.h"
#include "tests/native/kernel.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* The first runs before the host, which is spared what it must not be given. */
enum { STAND_IN = 1 }; /* for the host, where that can run nothing: the interpreter */
static const struct {
    const char *name;
    enum jit jit;
} engines[ENGINES] = {{"template", JIT_TEMPLATE}, {"interp", JIT_INTERP}, {"ir", JIT_IR}};

static struct case_info infos[BATCH];
static struct outcome outcomes[ENGINES][BATCH];

struct run *run_create(void)
{
    struct run *r = calloc(1, sizeof *r);

    require(r != NULL, "no memory");
    r->host = host_create();
    for (unsigned i = 0; i < ENGINES; i++)
        r->guests[i] = guest_create(engines[i].jit);
    r->most_shown = 20;
    return r;
}

void run_destroy(struct run *r)
{
    host_destroy(r->host);
    for (unsigned i = 0; i < ENGINES; i++)
        guest_destroy(r->guests[i]);
    free(r);
}

/* --- one batch; `first` is the number of its first case --- */

/* What natively is the helper's and in the emulator the kernel's. */
static bool is_beyond(const struct outcome *o)
{
    return o->vector == EXC_PF &&
           (o->cr2 - HELPER < HELPER_SIZE || o->cr2 - KERNEL < KERNEL_END - KERNEL);
}

static void show(struct run *r, u64 n, u32 i, unsigned engine)
{
    struct shared *s = host_shared(r->host);

    if (r->tally.differences++ >= r->most_shown)
        return;
    fprintf(stderr, "\ncase %" PRIu64 ":\n", n);
    print_difference(stderr, &s->cases[i], &infos[i],
                     host_is_absent(r->host) ? engines[STAND_IN].name : "native", &s->outcomes[i],
                     engines[engine].name, &outcomes[engine][i]);
}

static void count(struct tally *t, const struct case_info *info, bool completed)
{
    t->cases++;
    t->sequences += info->is_sequence;
    for (u32 k = 0; k < info->entries; k++)
        t->executed[info->entry[k]]++;
    if (!info->is_sequence)
        t->completed[info->entry[0]] += completed;
}

static void compare(struct run *r, u64 first)
{
    struct shared *s = host_shared(r->host);

    for (u32 i = 0; i < s->count; i++) {
        if (s->cases[i].skip) {
            r->tally.unreachable++;
            continue;
        }
        count(&r->tally, &infos[i], s->outcomes[i].end.eip != s->cases[i].start.eip);
        for (unsigned engine = 0; engine < ENGINES; engine++)
            if (!same_outcome(&s->cases[i], &infos[i], &s->outcomes[i], &outcomes[engine][i])) {
                show(r, first + i, i, engine);
                break;
            }
    }
}

/* Gives false, and at which case, if the host's process has died. */
static bool run_in_all(struct run *r, u32 *last)
{
    struct shared *s = host_shared(r->host);
    bool absent = host_is_absent(r->host);

    guest_run(r->guests[0], s->arena, s->cases, outcomes[0], s->count);
    for (u32 i = 0; i < s->count; i++)
        s->cases[i].skip = is_beyond(&outcomes[0][i]);
    if (!absent)
        host_start(r->host);
    for (unsigned i = 1; i < ENGINES; i++)
        guest_run(r->guests[i], s->arena, s->cases, outcomes[i], s->count);
    if (!absent)
        return host_finish(r->host, last);
    memcpy(s->outcomes, outcomes[STAND_IN], s->count * sizeof *s->outcomes);
    return true;
}

static void run_batch(struct run *r, u64 first)
{
    struct shared *s = host_shared(r->host);
    u32 last;

    if (run_in_all(r, &last)) {
        compare(r, first);
        return;
    }
    r->tally.differences++;
    fprintf(stderr, "\nthe process has died of case %" PRIu64 ":\n", first + last);
    print_case(stderr, &s->cases[last]);
}

/* --- many --- */

static void print_progress(const struct run *r, u64 done, u64 count)
{
    if (r->progress && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " cases, %" PRIu64 " differences ", done, count,
                r->tally.differences);
}

void run_generated(struct run *r, u64 seed, u64 first, u64 count)
{
    struct shared *s = host_shared(r->host);

    if (host_is_absent(r->host))
        fprintf(stderr, "test_native: this kernel runs no 32-bit programs: template and ir are "
                        "compared with interp, and not with the processor\n");
    generate_arena(seed, s->arena);
    for (u64 done = 0; done < count; done += s->count) {
        s->count = (u32)(count - done < BATCH ? count - done : BATCH);
        for (u32 i = 0; i < s->count; i++)
            generate_case(seed, first + done + i, &s->cases[i], &infos[i]);
        run_batch(r, first + done);
        print_progress(r, done + s->count, count);
    }
    if (r->progress && isatty(STDERR_FILENO))
        fputc('\n', stderr);
}

void run_cases(struct run *r, const struct test_case *cases, const struct case_info *given,
               u32 count)
{
    struct shared *s = host_shared(r->host);

    generate_arena(1, s->arena);
    s->count = count;
    memcpy(s->cases, cases, count * sizeof *cases);
    memcpy(infos, given, count * sizeof *given);
    run_batch(r, 0);
}

void run_and_show(struct run *r, u64 seed, u64 n)
{
    struct shared *s = host_shared(r->host);

    run_generated(r, seed, n, 1);
    if (r->tally.differences)
        return;
    print_case(stdout, &s->cases[0]);
    print_outcome(stdout, "all", &outcomes[0][0], true);
}
