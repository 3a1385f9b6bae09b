/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See screen_dump.h. */
#include "hw/host/screen_dump.h"

#include "exec/file.h"
#include "hw/host/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static void (*wake_owner)(void *owner);
static void *owner_to_wake;

static void ask(int signal_number)
{
    int saved = errno;
    (void)signal_number;
    asked = 1;
    wake_owner(owner_to_wake);
    errno = saved;
}

static bool open_file(struct screen_file *f, const char *path, struct error *error)
{
    if (!path)
        return true;
    f->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (f->fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    f->path = path;
    return true;
}

bool screen_dump_open(struct screen_dump *d, const char *picture, const char *text,
                      void (*wake)(void *owner), void *owner, struct error *error)
{
    struct sigaction action = {.sa_handler = ask, .sa_flags = SA_ONSTACK | SA_RESTART};
    *d = (struct screen_dump){{NULL, -1}, {NULL, -1}};
    if (!picture && !text)
        return true;
    wake_owner = wake;
    owner_to_wake = owner;
    sigfillset(&action.sa_mask);
    /* First: whoever sees a file may ask. */
    if (sigaction(SIGUSR1, &action, NULL) != 0)
        return error_set(error, "SIGUSR1: %s", strerror(errno));
    return open_file(&d->picture, picture, error) && open_file(&d->text, text, error);
}

static void close_file(struct screen_file *f)
{
    if (f->path && close(f->fd) != 0)
        files_lose(f->path, errno);
    f->path = NULL;
}

void screen_dump_close(struct screen_dump *d)
{
    if (d->picture.path || d->text.path)
        signal(SIGUSR1, SIG_IGN);
    close_file(&d->picture);
    close_file(&d->text);
}

void screen_dump_write(struct screen_dump *d, struct screen *s)
{
    if (d->picture.path && !screen_write_png(s, d->picture.fd))
        files_lose(d->picture.path, errno);
    if (d->text.path && !screen_write_text(s, d->text.fd))
        files_lose(d->text.path, errno);
}

void screen_dump_poll(struct screen_dump *d, struct screen *s)
{
    if (!asked)
        return;
    asked = 0;
    screen_dump_write(d, s);
}
