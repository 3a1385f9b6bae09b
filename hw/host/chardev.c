/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bytes of serial ports go: files, nothing. */
#include "hw/host/chardev.h"

#include "exec/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static size_t take_nothing(struct chardev *c, uint8_t *bytes, size_t room)
{
    (void)c;
    (void)bytes;
    (void)room;
    return 0;
}

static bool always(struct chardev *c)
{
    (void)c;
    return true;
}

static void put_nowhere(struct chardev *c, uint8_t byte)
{
    (void)c;
    (void)byte;
}

struct chardev chardev_null = {take_nothing, always, put_nowhere};

static bool file_ready(struct chardev *c)
{
    return output_ready(&((struct chardev_file *)c)->output);
}

static void file_put(struct chardev *c, uint8_t byte)
{
    output_put(&((struct chardev_file *)c)->output, byte);
}

bool chardev_file_open(struct chardev_file *f, const char *path, bool append, struct timers *timers,
                       const struct output_owner *owner, struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);
    if (fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    f->fd = fd;
    f->path = path;
    f->chardev = (struct chardev){take_nothing, file_ready, file_put};
    if (output_open(&f->output, fd, path, timers, owner, error))
        return true;
    close(fd);
    return false;
}

void chardev_file_close(struct chardev_file *f)
{
    if (output_close(&f->output) && close(f->fd) != 0)
        files_lose(f->path, errno);
}
