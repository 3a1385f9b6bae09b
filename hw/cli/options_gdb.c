/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about the guest's debugger. */
#include "hw/cli/option_setters.h"

#include "hw/host/listener.h"

#include <string.h>

/* What QEMU's users say of a socket, and is so anyhow. */
static bool says_nothing_new(const char *list)
{
    static const char words[] = "server,server=on,nowait,wait=off,nodelay,nodelay=on";
    while (*list == ',') {
        size_t length = strcspn(++list, ",");
        if (!is_among(words, ',', list, length))
            return false;
        list += length;
    }
    return true;
}

/* "tcp:HOST:PORT", "tcp::PORT", "none". */
bool set_gdb(const struct given *g)
{
    char *where = g->options->gdb;
    const char *text = strncmp(g->value, "tcp:", 4) == 0 ? g->value + 4 : "";
    size_t length = strcspn(text, ",");
    struct address address;
    struct error error;
    *where = 0;
    if (strcmp(g->value, "none") == 0)
        return true;
    if (!length || length >= sizeof g->options->gdb || !says_nothing_new(text + length))
        return refuse(g, "not tcp:HOST:PORT, such as tcp::1234, or none");
    memcpy(where, text, length);
    where[length] = 0;
    return address_parse(&address, where, 0, &error) || refuse(g, "%s", error.text);
}

bool set_usual_gdb(const struct given *g)
{
    strcpy(g->options->gdb, ":1234");
    return true;
}
