/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading what is to be loaded: files, or whatever else can be read to an end. */
#include "hw/host/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool too_large(struct file_limit most, const struct file *file, struct error *error)
{
    return error_set(error, "%s: larger than %s (%s)", file->name, most.text,
                     size_text(most.bytes).text);
}

/*
 * Reads to the end into *bytes, which grows: the size of a pipe, or of what the kernel makes up as
 * it is read, is not known before. `room` is the first guess.
 */
static bool read_all(int fd, struct file_limit most, size_t room, struct file *file,
                     uint8_t **bytes, struct error *error)
{
    for (;;) {
        uint8_t *larger = realloc(*bytes, room);
        if (!larger)
            return error_set(error, "%s: the host is out of memory", file->name);
        *bytes = larger;
        ssize_t n = read(fd, *bytes + file->size, room - file->size);
        if (n < 0 && errno != EINTR)
            return error_set(error, "%s: %s", file->name, strerror(errno));
        if (n == 0)
            return file->size || error_set(error, "%s: empty file", file->name);
        file->size += n > 0 ? (size_t)n : 0;
        if (file->size > most.bytes)
            return too_large(most, file, error);
        if (file->size == room)
            room = room > most.bytes / 2 ? (size_t)most.bytes + 1 : room * 2;
    }
}

static bool read_open(struct pool *pool, int fd, struct file_limit most, struct file *file,
                      struct error *error)
{
    enum { BUFFER = 64 * 1024, PIPE_MOST = 512 << 20 };
    struct stat st;
    uint8_t *bytes = NULL;
    if (fstat(fd, &st) != 0)
        return error_set(error, "%s: %s", file->name, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return error_set(error, "%s: is a directory", file->name);
    if (S_ISCHR(st.st_mode)) /* many have no end */
        return error_set(error, "%s: is a character device", file->name);
    static const struct file_limit of_a_pipe = {PIPE_MOST, "what is read of a pipe"};
    uint64_t size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    if ((S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) && most.bytes > PIPE_MOST)
        most = of_a_pipe;
    if (size > most.bytes)
        return too_large(most, file, error);
    /* One byte more, to see the end. */
    bool good = read_all(fd, most, size ? size + 1 : BUFFER, file, &bytes, error);
    file->bytes = bytes;
    if (bytes && !pool_adopt(pool, bytes))
        return error_set(error, "%s: the host is out of memory", file->name);
    return good;
}

bool file_read(struct pool *pool, const char *path, struct file_limit most, struct file *file,
               struct error *error)
{
    *file = (struct file){.name = path};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, "%s: %s", path, strerror(errno));
    bool good = read_open(pool, fd, most, file, error);
    close(fd);
    return good;
}
