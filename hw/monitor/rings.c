/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about -chardev ringbuf: what a guest has sent there is read, and more is put behind it.
 */
#include "hw/host/surroundings.h"
#include "hw/monitor/qmp.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct chardev_ring *find_ring(struct monitor *m, const char *label, struct error *error)
{
    struct surroundings *s = m->parts.host;
    for (unsigned i = 0; i < s->rings; i++)
        if (strcmp(s->ring[i].label, label) == 0)
            return &s->ring[i];
    error_set(error, "%s: there is no -chardev ringbuf of that id", label);
    return NULL;
}

/* The first bytes of a ring, which stay in it; free() them. */
struct taken {
    struct chardev_ring *ring;
    uint8_t *bytes;
    size_t size;
};

static bool look(struct monitor *m, const char *label, uint64_t most, struct taken *t,
                 struct error *error)
{
    if (!most)
        return error_set(error, "size: not above 0");
    *t = (struct taken){find_ring(m, label, error), NULL, 0};
    if (!t->ring)
        return false;
    size_t room = most < t->ring->size ? (size_t)most : t->ring->size;
    t->bytes = malloc(room + 1);
    if (!t->bytes)
        return error_set(error, "the host is out of memory");
    t->size = chardev_ring_look(t->ring, t->bytes, room);
    return true;
}

static bool put_all(struct monitor *m, const char *label, const uint8_t *bytes, size_t size,
                    struct error *error)
{
    struct chardev_ring *r = find_ring(m, label, error);
    for (size_t i = 0; r && i < size; i++)
        r->chardev.put(&r->chardev, bytes[i]);
    return r;
}

/* --- for people --- */

/* As QEMU has it: what is no text as \u007F, \ twice. */
static void print_byte(FILE *to, uint8_t byte)
{
    if (byte == '\\')
        fputs("\\\\", to);
    else if (byte == 0x7f || (iscntrl(byte) && byte != '\n' && byte != '\t'))
        fprintf(to, "\\u%04X", byte);
    else
        fputc(byte, to);
}

bool monitor_ringbuf_read(struct monitor_call *c)
{
    struct taken t = {0};
    uint64_t most;
    if (!monitor_number(c, c->word[1], UINT32_MAX, &most) ||
        !look(c->monitor, c->word[0], most, &t, c->error))
        return false;
    for (size_t i = 0; i < t.size; i++)
        print_byte(c->to, t.bytes[i]);
    fputc('\n', c->to);
    chardev_ring_drop(t.ring, t.size);
    free(t.bytes);
    return true;
}

bool monitor_ringbuf_write(struct monitor_call *c)
{
    const char *text = c->word[1];
    return put_all(c->monitor, c->word[0], (const uint8_t *)text, strlen(text), c->error);
}

/* --- for programs: base64 is RFC 4648's --- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static json_t *encode(const uint8_t *bytes, size_t size)
{
    char *text = malloc((size + 2) / 3 * 4 + 1), *to = text;
    for (size_t i = 0; text && i < size; i += 3) {
        size_t there = size - i < 3 ? size - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < there ? bytes[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            *to++ = k > there ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    json_t *result = text ? json_stringn(text, (size_t)(to - text)) : NULL;
    free(text);
    return result;
}

/* In place; false if that is no base64. */
static bool decode(char *text, size_t *size)
{
    size_t length = strlen(text), marks = 0, n = 0;
    uint32_t group = 0;
    while (marks < 2 && marks < length && text[length - 1 - marks] == '=')
        marks++;
    for (size_t i = 0; i < length - marks; i++) {
        const char *digit = strchr(digits, text[i]);
        if (!digit)
            return false;
        group = group << 6 | (uint32_t)(digit - digits);
        if (i % 4)
            text[n++] = (char)(group >> (6 - 2 * (i % 4)));
    }
    *size = n;
    return length % 4 == 0;
}

static bool is_base64(const struct qmp_call *c)
{
    const char *format = json_string_value(json_object_get(c->arguments, "format"));
    return format && strcmp(format, "base64") == 0;
}

static const char *device(const struct qmp_call *c)
{
    return json_string_value(json_object_get(c->arguments, "device"));
}

json_t *qmp_ringbuf_read(struct qmp_call *c)
{
    json_int_t most = json_integer_value(json_object_get(c->arguments, "size"));
    struct taken t = {0};
    if (!look(c->monitor, device(c), most > 0 ? (uint64_t)most : 0, &t, c->error))
        return NULL;
    json_t *result =
        is_base64(c) ? encode(t.bytes, t.size) : json_stringn((const char *)t.bytes, t.size);
    if (result)
        chardev_ring_drop(t.ring, t.size);
    else
        error_set(c->error, "%s: what is there is no UTF-8 (format base64 has it)", device(c));
    free(t.bytes);
    return result;
}

json_t *qmp_ringbuf_write(struct qmp_call *c)
{
    const json_t *data = json_object_get(c->arguments, "data");
    char *bytes = strdup(json_string_value(data));
    size_t size = json_string_length(data);
    if (!bytes) {
        error_set(c->error, "the host is out of memory");
        return NULL;
    }
    bool good = !is_base64(c) || decode(bytes, &size) || error_set(c->error, "data: is no base64");
    good = good && put_all(c->monitor, device(c), (const uint8_t *)bytes, size, c->error);
    free(bytes);
    return good ? json_object() : NULL;
}
