/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen as a file: its picture as PNG, its text as UTF-8. */
#include "hw/host/screen_internal.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a file will hold, put together in memory: a stream that is one block at its end. */
struct block {
    char *bytes;
    size_t size;
};

/* What cannot be sought in, a pipe, is written to as it is. */
static bool empty(int fd)
{
    if (lseek(fd, 0, SEEK_SET) < 0)
        return errno == ESPIPE;
    return ftruncate(fd, 0) == 0 || errno == EINVAL;
}

static bool write_all(int fd, const struct block *b)
{
    for (size_t done = 0; done < b->size;) {
        ssize_t n = write(fd, b->bytes + done, b->size - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

/* Ends the stream; what it has become is written if `ok`. */
static bool finish(FILE *stream, struct block *b, bool ok, int fd)
{
    bool complete = fclose(stream) == 0 && ok;
    if (!complete)
        errno = ENOMEM;
    bool written = complete && empty(fd) && write_all(fd, b);
    int reason = errno;
    free(b->bytes);
    errno = reason;
    return written;
}

/* --- PNG --- */

static bool encode_png(const struct picture *p, FILE *to)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = p->width,
                       .height = p->height,
                       .format = PNG_FORMAT_RGB};
    size_t count = (size_t)p->width * p->height;
    uint8_t *rgb = malloc(3 * count + 1);
    for (size_t i = 0; rgb && i < count; i++) {
        rgb[3 * i] = (uint8_t)(p->pixels[i] >> 16);
        rgb[3 * i + 1] = (uint8_t)(p->pixels[i] >> 8);
        rgb[3 * i + 2] = (uint8_t)p->pixels[i];
    }
    bool ok = rgb && png_image_write_to_stdio(&image, to, false, rgb, 0, NULL);
    free(rgb);
    return ok;
}

bool screen_write_png(struct screen *s, int fd)
{
    struct block block = {NULL, 0};
    const struct screen_text *text;
    FILE *stream = open_memstream(&block.bytes, &block.size);
    if (!stream)
        return false;
    bool ok = encode_png(screen_now(s, &text), stream);
    screen_end_now(s);
    return finish(stream, &block, ok, fd);
}

/* Of a file's picture and ours. */
static unsigned long count_differences(const struct picture *p, const uint8_t *rgb)
{
    unsigned long count = 0;
    for (size_t i = 0; i < (size_t)p->width * p->height; i++) {
        const uint8_t *theirs = rgb + 3 * i;
        uint32_t pixel = (uint32_t)theirs[0] << 16 | (uint32_t)theirs[1] << 8 | theirs[2];
        count += pixel != p->pixels[i];
    }
    return count;
}

static bool compare(const struct picture *p, png_image *image, struct error *error)
{
    if (image->width != p->width || image->height != p->height)
        return error_set(error, "the screen has %ux%u pixels, the picture %ux%u", p->width,
                         p->height, image->width, image->height);
    image->format = PNG_FORMAT_RGB;
    uint8_t *rgb = malloc(PNG_IMAGE_SIZE(*image) + 1);
    bool good = rgb && png_image_finish_read(image, NULL, rgb, 0, NULL);
    unsigned long differ = good ? count_differences(p, rgb) : 0;
    free(rgb);
    if (!good)
        return error_set(error, "that is no picture that can be read");
    return !differ || error_set(error, "%lu pixels of %lu differ", differ,
                                (unsigned long)p->width * p->height);
}

bool screen_compare_png(struct screen *s, FILE *from, struct error *error)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    const struct screen_text *text;
    if (!png_image_begin_read_from_stdio(&image, from))
        return error_set(error, "that is no PNG file");
    bool same = compare(screen_now(s, &text), &image, error);
    screen_end_now(s);
    png_image_free(&image);
    return same;
}

/* --- text --- */

/* The graphic characters of IBM's code page 437, also in place of control characters. */
/* clang-format off */
const uint16_t screen_unicode[256] = {
    0x0020, 0x263a, 0x263b, 0x2665, 0x2666, 0x2663, 0x2660, 0x2022,
    0x25d8, 0x25cb, 0x25d9, 0x2642, 0x2640, 0x266a, 0x266b, 0x263c,
    0x25ba, 0x25c4, 0x2195, 0x203c, 0x00b6, 0x00a7, 0x25ac, 0x21a8,
    0x2191, 0x2193, 0x2192, 0x2190, 0x221f, 0x2194, 0x25b2, 0x25bc,
    ' ', '!', '"', '#', '$', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    '@', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '[', '\\', ']', '^', '_',
    '`', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '{', '|', '}', '~', 0x2302,
    0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7,
    0x00ea, 0x00eb, 0x00e8, 0x00ef, 0x00ee, 0x00ec, 0x00c4, 0x00c5,
    0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9,
    0x00ff, 0x00d6, 0x00dc, 0x00a2, 0x00a3, 0x00a5, 0x20a7, 0x0192,
    0x00e1, 0x00ed, 0x00f3, 0x00fa, 0x00f1, 0x00d1, 0x00aa, 0x00ba,
    0x00bf, 0x2310, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556,
    0x2555, 0x2563, 0x2551, 0x2557, 0x255d, 0x255c, 0x255b, 0x2510,
    0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f,
    0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x2567,
    0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256b,
    0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580,
    0x03b1, 0x00df, 0x0393, 0x03c0, 0x03a3, 0x03c3, 0x00b5, 0x03c4,
    0x03a6, 0x0398, 0x03a9, 0x03b4, 0x221e, 0x03c6, 0x03b5, 0x2229,
    0x2261, 0x00b1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00f7, 0x2248,
    0x00b0, 0x2219, 0x00b7, 0x221a, 0x207f, 0x00b2, 0x25a0, 0x00a0,
};
/* clang-format on */

/* Of the first 64 Ki characters of Unicode. */
static void put_utf8(uint16_t c, FILE *to)
{
    if (c < 0x80) {
        putc(c, to);
    } else if (c < 0x800) {
        putc(0xc0 | c >> 6, to);
        putc(0x80 | (c & 0x3f), to);
    } else {
        putc(0xe0 | c >> 12, to);
        putc(0x80 | (c >> 6 & 0x3f), to);
        putc(0x80 | (c & 0x3f), to);
    }
}

static bool is_blank(uint8_t c)
{
    return screen_unicode[c] == ' ' || screen_unicode[c] == 0xa0;
}

static void put_line(const uint8_t *line, unsigned columns, FILE *to)
{
    while (columns && is_blank(line[columns - 1]))
        columns--;
    for (unsigned i = 0; i < columns; i++)
        put_utf8(screen_unicode[line[i]], to);
    putc('\n', to);
}

void screen_print_text(struct screen *s, FILE *to)
{
    const struct screen_text *text;
    screen_now(s, &text);
    for (unsigned row = 0; text && row < text->rows; row++)
        put_line(text->character[row], text->columns, to);
    screen_end_now(s);
}

bool screen_write_text(struct screen *s, int fd)
{
    struct block block = {NULL, 0};
    FILE *stream = open_memstream(&block.bytes, &block.size);
    if (!stream)
        return false;
    screen_print_text(s, stream);
    return finish(stream, &block, !ferror(stream), fd);
}
