/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bytes of serial ports go: buffered output, files, nothing. */
#include "hw/chardev.h"

#include "exec/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static const uint64_t longest_delay = 2 * NS_PER_MS;

static size_t take_nothing(struct chardev *c, uint8_t *bytes, size_t room)
{
    (void)c;
    (void)bytes;
    (void)room;
    return 0;
}

static void put_nowhere(struct chardev *c, uint8_t byte)
{
    (void)c;
    (void)byte;
}

struct chardev chardev_null = {take_nothing, put_nowhere};

static void lose(struct output *o)
{
    files_lose(o->name, errno);
    o->failed = true;
}

void output_flush(struct output *o)
{
    size_t done = 0;
    while (done < o->count && !o->failed) {
        ssize_t n = write(o->fd, o->bytes + done, o->count - done);
        if (n > 0)
            done += (size_t)n;
        else if (errno == EAGAIN) /* somebody else made our terminal non-blocking */
            poll(&(struct pollfd){.fd = o->fd, .events = POLLOUT}, 1, 100);
        else if (errno != EINTR)
            lose(o);
    }
    o->count = 0;
    timer_cancel(&o->timer);
}

static void flush_late(void *device, uint64_t now)
{
    (void)now;
    output_flush(device);
}

void output_init(struct output *o, int fd, const char *name, struct timers *timers)
{
    o->fd = fd;
    o->name = name;
    o->failed = false;
    o->count = 0;
    timer_init(&o->timer, timers, flush_late, o);
}

void output_put(struct output *o, uint8_t byte)
{
    if (!o->count)
        timer_set(&o->timer, timers_now(o->timer.timers) + longest_delay);
    o->bytes[o->count++] = byte;
    if (o->count == sizeof o->bytes)
        output_flush(o);
}

static void file_put(struct chardev *c, uint8_t byte)
{
    output_put(&((struct chardev_file *)c)->output, byte);
}

bool chardev_file_open(struct chardev_file *f, const char *path, struct timers *timers,
                       struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    f->chardev = (struct chardev){take_nothing, file_put};
    output_init(&f->output, fd, path, timers);
    return true;
}

void chardev_file_close(struct chardev_file *f)
{
    output_flush(&f->output);
    if (close(f->output.fd) != 0)
        lose(&f->output);
}
