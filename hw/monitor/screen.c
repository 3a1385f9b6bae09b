/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about the screen, and about what is in drives. */
#include "hw/monitor/screen.h"

#include "hw/host/folder.h"
#include "hw/host/screen.h"
#include "hw/monitor/drives.h"
#include "hw/monitor/monitor.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool has_screen(const struct monitor *m, struct error *error)
{
    return m->parts.screen || error_set(error, "this machine has no screen");
}

bool screen_to_file(const struct monitor *m, const char *name, struct error *error)
{
    if (!has_screen(m, error) || !monitor_has_files(m, error))
        return false;
    int fd = folder_create(m->files, name, error);
    if (fd < 0)
        return false;
    bool written = screen_write_png(m->parts.screen, fd);
    int reason = errno;
    bool closed = close(fd) == 0;
    if (written && closed)
        return folder_commit(m->files, name, error);
    folder_discard(m->files);
    return error_set(error, "%s: %s", name, strerror(written ? errno : reason));
}

bool monitor_screendump(struct monitor_call *c)
{
    return screen_to_file(c->monitor, c->word[0], c->error);
}

bool monitor_compare(struct monitor_call *c)
{
    struct error why;
    if (!has_screen(c->monitor, c->error) || !monitor_has_files(c->monitor, c->error))
        return false;
    int fd = folder_read(c->monitor->files, c->word[0], c->error);
    FILE *from = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (!from)
        return fd < 0 ? false : error_set(c->error, "the host is out of memory");
    bool same = screen_compare_png(c->monitor->parts.screen, from, &why);
    fclose(from);
    return same || error_set(c->error, "%s: %s", c->word[0], why.text);
}

bool monitor_screentext(struct monitor_call *c)
{
    if (!has_screen(c->monitor, c->error))
        return false;
    screen_print_text(c->monitor->parts.screen, c->to);
    return true;
}
