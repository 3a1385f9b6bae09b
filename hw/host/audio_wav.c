/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound to a WAV file: a RIFF header of 44 bytes, then 16-bit frames ("Multimedia Programming
 * Interface and Data Specifications 1.0", "Waveform Audio File Format"). */
#include "hw/host/audio.h"

#include "exec/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 44, FRAME = sizeof(struct audio_frame) };

struct wav {
    struct audio audio;
    const char *path;
    int fd; /* -1: what was to be written could not be, which has been said */
    uint64_t frames;
};

static bool write_at(const struct wav *w, const void *bytes, size_t size, uint64_t at)
{
    const char *from = bytes;
    while (size) {
        ssize_t n = pwrite(w->fd, from, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        from += n;
        at += (uint64_t)n;
        size -= (size_t)n;
    }
    return true;
}

static void give_up(struct wav *w, int reason)
{
    files_lose(w->path, reason);
    close(w->fd);
    w->fd = -1;
}

static bool write_header(const struct wav *w)
{
    enum { PCM = 1, CHANNELS = 2, BITS = 16, FORMAT_SIZE = 16 };
    uint32_t size = (uint32_t)(w->frames * FRAME);
    const struct {
        char riff[4];
        uint32_t riff_size;
        char wave[8];
        uint32_t format_size;
        uint16_t format, channels;
        uint32_t rate, bytes_a_second;
        uint16_t frame, bits;
        char data[4];
        uint32_t data_size;
    } header = {{'R', 'I', 'F', 'F'},
                size + HEADER - 8,
                {'W', 'A', 'V', 'E', 'f', 'm', 't', ' '},
                FORMAT_SIZE,
                PCM,
                CHANNELS,
                w->audio.rate,
                w->audio.rate * FRAME,
                FRAME,
                BITS,
                {'d', 'a', 't', 'a'},
                size};
    _Static_assert(sizeof header == HEADER, "there is no padding");
    return write_at(w, &header, sizeof header, 0);
}

/* The frames first: a header never tells of some that are not there. */
static void put(struct audio *a, uint64_t at, const struct audio_frame *frames, size_t count)
{
    struct wav *w = (struct wav *)a;
    if (w->fd < 0)
        return;
    if (at + count > (UINT32_MAX - HEADER) / FRAME) {
        give_up(w, EFBIG);
        return;
    }
    w->frames = at + count;
    if (!write_at(w, frames, count * FRAME, HEADER + at * FRAME) || !write_header(w))
        give_up(w, errno);
}

static void close_file(struct audio *a)
{
    struct wav *w = (struct wav *)a;
    if (w->fd >= 0 && close(w->fd) != 0)
        files_lose(w->path, errno);
    free(w);
}

static bool open_file(struct wav *w, struct error *error)
{
    struct stat s;
    w->fd = open(w->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (w->fd < 0)
        return error_set(error, "%s: %s", w->path, strerror(errno));
    if (fstat(w->fd, &s) == 0 && !S_ISREG(s.st_mode))
        return error_set(error, "%s: not a file (a WAV file's header is written last)", w->path);
    return (ftruncate(w->fd, 0) == 0 && write_header(w)) ||
           error_set(error, "%s: %s", w->path, strerror(errno));
}

struct audio *audio_wav_open(const struct audio_request *r, struct error *error)
{
    struct wav *w = malloc(sizeof *w);
    if (!w) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    *w = (struct wav){.audio = {.rate = r->rate, .put = put, .close = close_file}, .path = r->path};
    if (open_file(w, error))
        return &w->audio;
    close_file(&w->audio);
    return NULL;
}
