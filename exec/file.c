/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See file.h: glibc's streams with a write function of our own (fopencookie(3)). */
#include "exec/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
    struct file *next;
    FILE *stream;
    char *name;
    int fd;
    bool terminal;
    bool failed; /* told; what follows is dropped */
};

volatile sig_atomic_t files_crlf, files_hurry;

static struct file *files;
static bool lost;
static void (*tell)(const char *name, int error);

void files_lose(const char *name, int error)
{
    if (error == EPIPE)
        return;
    lost = true;
    if (tell)
        tell(name, error);
}

static void fail(struct file *f, int error)
{
    if (f->failed)
        return;
    f->failed = true; /* first: it may be standard error, where losses are told */
    files_lose(f->name, error);
}

static void write_all(struct file *f, const char *bytes, size_t size)
{
    while (size && !f->failed) {
        ssize_t n = write(f->fd, bytes, size);
        if (n >= 0) {
            bytes += n;
            size -= (size_t)n;
        } else if ((errno != EINTR && errno != EAGAIN) || files_hurry) {
            fail(f, errno);
        } else if (errno == EAGAIN) { /* somebody else made our terminal non-blocking */
            poll(&(struct pollfd){.fd = f->fd, .events = POLLOUT}, 1, 100);
        }
    }
}

static void write_lines(struct file *f, const char *bytes, size_t size)
{
    while (size) {
        const char *end = memchr(bytes, '\n', size);
        size_t length = end ? (size_t)(end - bytes) : size;
        write_all(f, bytes, length);
        if (end) {
            write_all(f, "\r\n", 2);
            length++;
        }
        bytes += length;
        size -= length;
    }
}

/* Always succeeds, so that stdio does not try again with each byte. */
static ssize_t put(void *cookie, const char *bytes, size_t size)
{
    struct file *f = cookie;
    if (f->terminal && files_crlf)
        write_lines(f, bytes, size);
    else
        write_all(f, bytes, size);
    return (ssize_t)size;
}

static void forget(struct file *f)
{
    struct file **at = &files;
    while (*at && *at != f)
        at = &(*at)->next;
    if (*at)
        *at = f->next;
    free(f->name);
    free(f);
}

static int end(void *cookie)
{
    struct file *f = cookie;
    /* A disk over a network may tell only now that it is full. */
    if (close(f->fd) != 0)
        fail(f, errno);
    forget(f);
    return 0;
}

FILE *file_stream(int fd, const char *name)
{
    const cookie_io_functions_t functions = {.write = put, .close = end};
    struct file *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->fd = fd;
    f->name = strdup(name);
    f->terminal = isatty(fd);
    f->next = files;
    files = f;
    f->stream = f->name ? fopencookie(f, "w", functions) : NULL;
    if (!f->stream) {
        forget(f);
        return NULL;
    }
    if (fd == STDERR_FILENO)
        setvbuf(f->stream, NULL, _IONBF, 0);
    return f->stream;
}

FILE *file_create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    FILE *stream = fd >= 0 ? file_stream(fd, path) : NULL;
    if (fd >= 0 && !stream)
        close(fd);
    return stream;
}

/* Standard error stays: the losses of the others are told there. */
bool files_close(void)
{
    for (struct file *f = files, *next; f; f = next) {
        next = f->next;
        if (f->fd == STDERR_FILENO)
            fflush(f->stream);
        else
            fclose(f->stream);
    }
    return !lost;
}

void files_on_loss(void (*function)(const char *name, int error))
{
    tell = function;
}
