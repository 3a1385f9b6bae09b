/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a browser sends, as it comes in: in two pieces. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "hw/host/http.h"

static bool is_same(const struct http_request *a, const struct http_request *b)
{
    return a->size == b->size && a->is_head == b->is_head && a->is_websocket == b->is_websocket &&
           strcmp(a->path, b->path) == 0 && strcmp(a->host, b->host) == 0 &&
           strcmp(a->origin, b->origin) == 0;
}

/* Of a request that is complete, what is used; it is the same without what follows it. */
static void use(const struct http_request *r, const char *text, size_t length)
{
    struct http_request again;
    if (r->size > length || *r->path != '/' || memchr(r->path, '?', strlen(r->path)))
        abort();
    if (http_parse(&again, text, r->size) != HTTP_GOOD || !is_same(&again, r))
        abort();
    if (r->is_websocket && !*r->origin && http_is_ours(r, false))
        abort();
    http_is_ours(r, true);
    http_type(r->path);
}

void fuzz_http(const uint8_t *bytes, size_t size)
{
    struct http_request r, part;
    size_t first = fuzz_take(&bytes, &size, 2);
    const char *text = (const char *)bytes;
    enum http_state whole = http_parse(&r, text, size);
    if (whole == HTTP_GOOD)
        use(&r, text, size);
    if (first > size)
        return;
    /* What has been decided stays, whatever comes then. */
    enum http_state before = http_parse(&part, text, first);
    if (before != HTTP_MORE && before != whole)
        abort();
}
