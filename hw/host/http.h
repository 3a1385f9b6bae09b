/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A browser's request: as much of HTTP/1.1 (RFC 9112) as a server of a few files needs. */
#ifndef HW_HOST_HTTP_H
#define HW_HOST_HTTP_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_REQUEST = 8192, HTTP_FIELD = 512 };

enum http_state {
    HTTP_MORE, /* it goes on */
    HTTP_GOOD,
    HTTP_BAD,
};

struct http_request {
    size_t size; /* in bytes */
    bool is_head, is_websocket;
    /* Without its query; the latter two are empty if they are not there. */
    char path[HTTP_FIELD], host[HTTP_FIELD], origin[HTTP_FIELD];
};

/* The request at the beginning of the text. */
enum http_state http_parse(struct http_request *r, const char *text, size_t length);

/*
 * Is the request from a page of ours? Other sites' pages run in the same browser, and could speak
 * to this host: those have another Origin. If nothing but this host is to reach us (`is_local`), a
 * name that somebody else has made lead here, in Host, is none of ours, either.
 */
bool http_is_ours(const struct http_request *r, bool is_local);

/* What Content-Type is for a file; NULL: for none that belongs to a page. */
const char *http_type(const char *path);

#endif
