/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See screen_dump.h. */
#include "hw/host/screen_dump.h"

#include "exec/file.h"
#include "hw/host/folder.h"
#include "hw/host/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Whether a new file of its name would be the same to anybody: it is as new ones are. */
static bool is_replaceable(const struct screen_file *f)
{
    struct stat at, open;
    const char *name = name_of(f->path);
    mode_t mask = umask(0);
    umask(mask);
    return lstat(f->path, &at) == 0 && fstat(f->fd, &open) == 0 && at.st_ino == open.st_ino &&
           at.st_dev == open.st_dev && S_ISREG(at.st_mode) && at.st_nlink == 1 &&
           at.st_uid == geteuid() && (at.st_mode & 07777) == (0666 & ~mask) && *name != '.' &&
           strlen(name) < FOLDER_NAME;
}

/* If the file may be replaced: with its folder in place of itself. */
static bool use_folder(struct screen_file *f, struct error *error)
{
    const char *name = name_of(f->path);
    char *path = name == f->path ? strdup(".") : strndup(f->path, (size_t)(name - f->path));
    bool wanted = path && access(path, W_OK | X_OK) == 0 && is_replaceable(f);
    if (wanted)
        f->folder = folder_open(path, "", error);
    free(path);
    if (f->folder) {
        close(f->fd);
        f->fd = -1;
    }
    return f->folder || !wanted;
}

static bool open_file(struct screen_file *f, const char *path, struct error *error)
{
    if (!path)
        return true;
    f->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (f->fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    f->path = path;
    return use_folder(f, error);
}

bool screen_dump_open(struct screen_dump *d, const char *picture, const char *text,
                      void (*wake)(void *owner), void *owner, struct error *error)
{
    struct sigaction action = {.sa_handler = ask, .sa_flags = SA_ONSTACK | SA_RESTART};
    *d = (struct screen_dump){{NULL, -1, NULL}, {NULL, -1, NULL}};
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
    if (f->path && f->fd >= 0 && close(f->fd) != 0)
        files_lose(f->path, errno);
    folder_close(f->folder);
    *f = (struct screen_file){NULL, -1, NULL};
}

void screen_dump_close(struct screen_dump *d)
{
    if (d->picture.path || d->text.path)
        signal(SIGUSR1, SIG_IGN);
    close_file(&d->picture);
    close_file(&d->text);
}

typedef bool screen_writer(struct screen *s, int fd);

/* To a file that gets its name when it is whole. */
static bool replace(const struct screen_file *f, screen_writer *write, struct screen *s)
{
    struct error unused;
    int fd = folder_create(f->folder, name_of(f->path), &unused);
    if (fd < 0)
        return false;
    bool good = write(s, fd);
    int reason = errno;
    if (close(fd) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (good)
        return folder_commit(f->folder, name_of(f->path), &unused);
    folder_discard(f->folder);
    errno = reason;
    return false;
}

static void write_file(const struct screen_file *f, screen_writer *write, struct screen *s)
{
    if (f->path && !(f->folder ? replace(f, write, s) : write(s, f->fd)))
        files_lose(f->path, errno);
}

void screen_dump_write(struct screen_dump *d, struct screen *s)
{
    write_file(&d->picture, screen_write_png, s);
    write_file(&d->text, screen_write_text, s);
}

void screen_dump_poll(struct screen_dump *d, struct screen *s)
{
    if (!asked)
        return;
    asked = 0;
    screen_dump_write(d, s);
}
