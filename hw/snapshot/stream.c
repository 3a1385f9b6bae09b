/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot's file: see stream.h. */
#include "hw/snapshot/stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

static const uint8_t magic[8] = {'T', 'e', 's', 's', 'e', 'r', 'a', 0x1a};
enum { FORMAT = 1, HEAD = sizeof magic + 4, BUFFER = 1 << 17 };
/*
 * Measured on a booted Linux, 150 MB: 98 MB in two thirds of the time of level -20, which makes 85
 * of it, and in less than half of level -6's for 70. A file that asks for a larger window is not
 * ours.
 */
enum { LEVEL = -50, WINDOW_LOG = 21 };

/* --- writing --- */

struct snapshot_writer {
    int fd;
    const char *name;
    ZSTD_CCtx *zstd;
    bool failed;
    struct error error;
    uint8_t buffer[BUFFER];
};

static void write_all(struct snapshot_writer *w, const uint8_t *bytes, size_t size)
{
    while (size && !w->failed) {
        ssize_t n = write(w->fd, bytes, size);
        if (n < 0 && errno != EINTR)
            snapshot_writer_fail(w, "%s: %s", w->name, strerror(errno));
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
}

static void write_head(struct snapshot_writer *w)
{
    uint8_t head[HEAD] = {0};
    memcpy(head, magic, sizeof magic);
    head[sizeof magic] = FORMAT;
    write_all(w, head, sizeof head);
}

static bool set_up(ZSTD_CCtx *z)
{
    return z && !ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, WINDOW_LOG)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1));
}

static void free_writer(struct snapshot_writer *w)
{
    ZSTD_freeCCtx(w->zstd);
    free(w);
}

struct snapshot_writer *snapshot_writer_create(int fd, const char *name)
{
    struct snapshot_writer *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->fd = fd;
    w->name = name;
    w->zstd = ZSTD_createCCtx();
    if (!set_up(w->zstd)) {
        free_writer(w);
        return NULL;
    }
    write_head(w);
    return w;
}

/* Compresses it, or the end; writes what comes of that. */
static void compress(struct snapshot_writer *w, const void *bytes, size_t size,
                     ZSTD_EndDirective how)
{
    ZSTD_inBuffer in = {bytes, size, 0};
    bool more = true;
    while (more && !w->failed) {
        ZSTD_outBuffer out = {w->buffer, sizeof w->buffer, 0};
        size_t left = ZSTD_compressStream2(w->zstd, &out, &in, how);
        if (ZSTD_isError(left))
            snapshot_writer_fail(w, "%s: %s", w->name, ZSTD_getErrorName(left));
        else
            write_all(w, w->buffer, out.pos);
        more = how == ZSTD_e_end ? left > 0 : in.pos < in.size;
    }
}

void snapshot_put(struct snapshot_writer *w, const void *bytes, size_t size)
{
    compress(w, bytes, size, ZSTD_e_continue);
}

void snapshot_put_number(struct snapshot_writer *w, uint64_t value, size_t size)
{
    snapshot_put(w, &value, size); /* the host is little-endian */
}

void snapshot_put_string(struct snapshot_writer *w, const char *text)
{
    size_t length = strlen(text);
    snapshot_put_number(w, length, 2);
    snapshot_put(w, text, length);
}

bool snapshot_writer_fail(struct snapshot_writer *w, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!w->failed)
        error_set(&w->error, "%s", text);
    w->failed = true;
    return false;
}

bool snapshot_writer_end(struct snapshot_writer *w, struct error *error)
{
    compress(w, NULL, 0, ZSTD_e_end);
    if (!w->failed && fsync(w->fd) != 0)
        snapshot_writer_fail(w, "%s: %s", w->name, strerror(errno));
    bool good = !w->failed;
    if (!good)
        *error = w->error;
    free_writer(w);
    return good;
}

/* --- reading --- */

struct snapshot_reader {
    int fd;
    const char *name;
    ZSTD_DCtx *zstd;
    bool failed, ended; /* the frame has */
    struct error *error;
    ZSTD_inBuffer in;
    uint8_t buffer[BUFFER];
};

bool snapshot_reader_fail(struct snapshot_reader *r, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!r->failed)
        error_set(r->error, "%s: %s", r->name, text);
    r->failed = true;
    return false;
}

bool snapshot_reader_is_good(const struct snapshot_reader *r)
{
    return !r->failed;
}

/* More of the file; false and no error at its end. */
static bool fill(struct snapshot_reader *r)
{
    ssize_t n;
    do
        n = read(r->fd, r->buffer, sizeof r->buffer);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return snapshot_reader_fail(r, "%s", strerror(errno));
    r->in = (ZSTD_inBuffer){r->buffer, (size_t)n, 0};
    return n > 0;
}

static bool read_head(struct snapshot_reader *r)
{
    const uint8_t *version = r->buffer + sizeof magic;
    if (lseek(r->fd, 0, SEEK_SET) != 0)
        return snapshot_reader_fail(r, "is no file that could be read twice");
    if (!fill(r) || r->in.size < HEAD || memcmp(r->buffer, magic, sizeof magic) != 0)
        return snapshot_reader_fail(r, "is no snapshot of Tessera's");
    uint32_t format = (uint32_t)version[0] | (uint32_t)version[1] << 8 |
                      (uint32_t)version[2] << 16 | (uint32_t)version[3] << 24;
    r->in.pos = HEAD;
    return format == FORMAT ||
           snapshot_reader_fail(r, "is of format %" PRIu32 "; this Tessera knows %d", format,
                                FORMAT);
}

struct snapshot_reader *snapshot_reader_create(int fd, const char *name, struct error *error)
{
    struct snapshot_reader *r = calloc(1, sizeof *r);
    ZSTD_DCtx *z = ZSTD_createDCtx();
    if (!r || !z || ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG))) {
        ZSTD_freeDCtx(z);
        free(r);
        error_set(error, "the host is out of memory");
        return NULL;
    }
    r->fd = fd;
    r->name = name;
    r->zstd = z;
    r->error = error;
    if (read_head(r))
        return r;
    snapshot_reader_destroy(r);
    return NULL;
}

void snapshot_reader_destroy(struct snapshot_reader *r)
{
    if (!r)
        return;
    ZSTD_freeDCtx(r->zstd);
    free(r);
}

/* Goes on with the frame; false if that cannot be. */
static bool decompress(struct snapshot_reader *r, ZSTD_outBuffer *out)
{
    if (r->ended || (r->in.pos == r->in.size && !fill(r)))
        return snapshot_reader_fail(r, "is cut short");
    size_t left = ZSTD_decompressStream(r->zstd, out, &r->in);
    if (ZSTD_isError(left))
        return snapshot_reader_fail(r, "is damaged: %s", ZSTD_getErrorName(left));
    r->ended = left == 0;
    return true;
}

bool snapshot_get(struct snapshot_reader *r, void *bytes, size_t size)
{
    ZSTD_outBuffer out = {bytes, size, 0};
    while (!r->failed && out.pos < out.size)
        decompress(r, &out);
    if (r->failed)
        memset(bytes, 0, size);
    return !r->failed;
}

uint64_t snapshot_get_number(struct snapshot_reader *r, size_t size)
{
    uint64_t value = 0;
    snapshot_get(r, &value, size);
    return value;
}

bool snapshot_get_string(struct snapshot_reader *r, char *text, size_t room)
{
    size_t length = (size_t)snapshot_get_number(r, 2);
    *text = '\0';
    if (length >= room)
        return snapshot_reader_fail(r, "is damaged: a name of %zu characters", length);
    text[length] = '\0';
    return snapshot_get(r, text, length);
}

/* The last bytes may have come before zstd has seen the checksum behind them. */
bool snapshot_reader_end(struct snapshot_reader *r)
{
    while (!r->failed && !r->ended) {
        uint8_t more;
        ZSTD_outBuffer out = {&more, sizeof more, 0};
        if (decompress(r, &out) && out.pos)
            return snapshot_reader_fail(r, "is damaged: there is more behind its end");
    }
    if (!r->failed && (r->in.pos < r->in.size || fill(r)))
        return snapshot_reader_fail(r, "is damaged: there is more behind its end");
    return !r->failed;
}
