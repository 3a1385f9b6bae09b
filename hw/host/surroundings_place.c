/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a replay is, and the way from one place to another: see surroundings.h. */
#include "hw/host/disk_counted.h"
#include "hw/host/surroundings.h"

#include <inttypes.h>
#include <string.h>

bool surroundings_is_quiet(const struct surroundings *s)
{
    bool quiet = timers_list(&s->timers, NULL, 0) <= SURROUNDINGS_TIMERS;
    for (unsigned i = 0; i < s->disks; i++)
        quiet = quiet && disk_counted_is_idle(s->counted_disk[i]) && disk_is_idle(s->disk[i]);
    return quiet;
}

void surroundings_get_place(const struct surroundings *s, struct surroundings_place *place)
{
    place->instructions = exec_instructions(s->exec);
    place->skipped = s->time.skipped;
    place->due = s->time.due;
    place->replay = replay_place(s->replay);
    place->timers = timers_list(&s->timers, place->timer, SURROUNDINGS_TIMERS);
    memcpy(place->port, s->port, sizeof place->port);
}

/* The clock stands still: it goes by the count again when it is continued. */
void surroundings_set_place(struct surroundings *s, const struct surroundings_place *place)
{
    uint64_t now = exec_instructions(s->exec);
    if (now > s->time.furthest)
        s->time.furthest = now;
    exec_set_instructions(s->exec, place->instructions);
    s->time.skipped = place->skipped;
    s->time.due = place->due;
    replay_return(s->replay, &place->replay);
    memcpy(s->port, place->port, sizeof s->port);
    timers_put_list(&s->timers, place->timer, place->timers);
}

static bool goes_on(const struct surroundings *s, uint64_t instructions, const bool *enough)
{
    return control_is_running(&s->control) && !s->stopped && !*enough &&
           exec_instructions(s->exec) < instructions;
}

void surroundings_run_to(struct surroundings *s, uint64_t instructions, const bool *enough)
{
    struct error none;
    s->time.stop_at = instructions;
    control_continue(&s->control, &none);
    while (goes_on(s, instructions, enough)) {
        surroundings_act_again(s);
        exec_run(s->exec);
    }
    s->time.stop_at = UINT64_MAX;
    if (control_is_running(&s->control))
        control_stop(&s->control, RUN_DEBUG);
}

void surroundings_tell_end(struct surroundings *s)
{
    uint64_t count = exec_instructions(s->exec);
    struct error error;
    s->has_told = true;
    if (replay_check_end(s->replay, &s->subject, count, s->status, &error)) {
        fprintf(stderr, "tessera: -replay %s: all %" PRIu64 " instructions are as recorded\n",
                replay_path(s->replay), count);
        return;
    }
    fprintf(stderr, "tessera: -replay %s: %s\n", replay_path(s->replay), error.text);
    s->status = 1;
}
