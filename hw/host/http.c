/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/host/http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* --- parsing --- */

/* A line without its end; returns what is behind it, or NULL if it has none. */
static const char *next_line(const char *text, const char *end, size_t *length)
{
    const char *lf = memchr(text, '\n', (size_t)(end - text));
    if (!lf)
        return NULL;
    *length = (size_t)(lf - text) - (lf > text && lf[-1] == '\r');
    return lf + 1;
}

/* False if it does not fit, or is no text. */
static bool copy(char *to, const char *from, size_t length)
{
    if (length >= HTTP_FIELD || memchr(from, 0, length))
        return false;
    memcpy(to, from, length);
    to[length] = '\0';
    return true;
}

/* "GET /path?query HTTP/1.1" */
static bool parse_first(struct http_request *r, const char *line, size_t length)
{
    static const char get[] = "GET /", head[] = "HEAD /";
    size_t method = sizeof get - 2;
    if (length > sizeof head && memcmp(line, head, sizeof head - 1) == 0) {
        r->is_head = true;
        method = sizeof head - 2;
    } else if (length < sizeof get || memcmp(line, get, sizeof get - 1) != 0) {
        return false;
    }
    const char *path = line + method;
    const char *blank = memchr(path, ' ', length - method);
    if (!blank || (size_t)(line + length - blank) < 9 || memcmp(blank, " HTTP/1.", 8) != 0)
        return false;
    const char *query = memchr(path, '?', (size_t)(blank - path));
    return copy(r->path, path, (size_t)((query ? query : blank) - path));
}

static bool is_name(const char *name, const char *line, size_t length)
{
    return strlen(name) == length && strncasecmp(name, line, length) == 0;
}

/* "Name: value" */
static bool parse_field(struct http_request *r, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (!colon)
        return false;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (value < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    size_t size = (size_t)(end - value);
    if (is_name("host", line, name))
        return copy(r->host, value, size);
    if (is_name("origin", line, name))
        return copy(r->origin, value, size);
    if (is_name("upgrade", line, name))
        r->is_websocket = is_name("websocket", value, size);
    return true;
}

enum http_state http_parse(struct http_request *r, const char *text, size_t length)
{
    const char *end = text + length, *line = text;
    bool is_good = true;
    *r = (struct http_request){0};
    for (size_t size; (text = next_line(line, end, &size)); line = text) {
        if (!size && *r->path) {
            r->size = (size_t)(text - (end - length));
            return HTTP_GOOD;
        }
        is_good = *r->path ? parse_field(r, line, size) : parse_first(r, line, size);
        if (!is_good)
            return HTTP_BAD;
    }
    return length < HTTP_REQUEST ? HTTP_MORE : HTTP_BAD;
}

/* --- whose it is --- */

/* An address is nobody's name. */
static bool is_address(const char *host)
{
    struct in6_addr address;
    char name[HTTP_FIELD];
    bool bracket = *host == '[';
    snprintf(name, sizeof name, "%s", host + bracket);
    name[strcspn(name, bracket ? "]" : ":")] = '\0';
    return inet_pton(bracket ? AF_INET6 : AF_INET, name, &address) == 1 ||
           strcasecmp(name, "localhost") == 0;
}

bool http_is_ours(const struct http_request *r, bool is_local)
{
    static const char scheme[] = "http://";
    if (is_local && !is_address(r->host))
        return false;
    return !r->is_websocket || (strncmp(r->origin, scheme, sizeof scheme - 1) == 0 &&
                                strcasecmp(r->origin + sizeof scheme - 1, r->host) == 0);
}

/* --- types --- */

const char *http_type(const char *path)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript"},
        {".css", "text/css"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff", "font/woff"},
        {".woff2", "font/woff2"},
        {".ttf", "font/ttf"},
        {".oga", "audio/ogg"},
        {".mp3", "audio/mpeg"},
    };
    const char *dot = strrchr(path, '.');
    for (unsigned i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    return NULL;
}
