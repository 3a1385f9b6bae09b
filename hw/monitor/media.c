/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about what is in drives. */
#include "hw/monitor/drives.h"
#include "hw/monitor/monitor.h"

#include <string.h>

/* Takes -f away, if that is the first word. */
static bool take_force(struct monitor_call *c)
{
    if (strcmp(c->word[0], "-f") != 0)
        return false;
    memmove(c->word, c->word + 1, --c->words * sizeof *c->word);
    return true;
}

bool monitor_eject(struct monitor_call *c)
{
    bool force = take_force(c);
    if (c->words != 1)
        return error_set(c->error, "usage: eject [-f] DRIVE");
    return drive_eject(c->monitor, c->word[0], force, c->error);
}

/* QEMU's word for how a medium is opened. */
static bool read_mode(struct medium_request *r, const char *mode, struct error *error)
{
    r->read_only = strcmp(mode, "read-only") == 0;
    return r->read_only || strcmp(mode, "retain") == 0 || strcmp(mode, "read-write") == 0 ||
           error_set(error, "%s: not retain, read-only or read-write", mode);
}

bool monitor_change(struct monitor_call *c)
{
    struct medium_request r = {.force = take_force(c)};
    if (c->words < 2)
        return error_set(c->error, "usage: change [-f] DRIVE FILE [raw [MODE]]");
    r.file = c->word[1];
    r.raw = c->words > 2;
    if (r.raw && strcmp(c->word[2], "raw") != 0)
        return error_set(c->error, "%s: only raw images can be put in while a guest runs",
                         c->word[2]);
    return (c->words < 4 || read_mode(&r, c->word[3], c->error)) &&
           drive_change(c->monitor, c->word[0], &r, c->error);
}
