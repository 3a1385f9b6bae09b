/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other emulators do otherwise than the manual, as a page. */
#include "tests/system/checks.h"

#include <string.h>

static const struct peer {
    enum engine engine;
    const char *name, *nature;
} peers[PEERS] = {
    {QEMU, "QEMU 7.2", "a translator (TCG)"},
    {BOCHS, "Bochs 2.7", "an interpreter"},
};

static const char head[] =
    "Other emulators on the images of this folder\n"
    "============================================\n"
    "\n"
    "Each check of checks.def is an image's question to a processor, with the section of the\n"
    "manual that has the answer (SDM: Intel 64 and IA-32 Architectures Software Developer's\n"
    "Manual). Tessera's engines all give it. This page says where other emulators do not: there\n"
    "the section is against them. `build/tests/test_system --report` writes it; the tests fail\n"
    "if it is out of date, if one of these differs elsewhere, and if one no longer differs here.\n";

struct counts {
    unsigned agree, differ, not_asked;
};

static bool differs(const struct check *check, enum engine engine)
{
    return check_difference(check, engine) && check_is_asked(check, engine);
}

static struct counts count(enum engine engine)
{
    struct counts c = {0};
    for (unsigned i = 0; i < check_count; i++) {
        if (!check_is_asked(&checks[i], engine))
            c.not_asked++;
        else if (differs(&checks[i], engine))
            c.differ++;
        else
            c.agree++;
    }
    return c;
}

static void print_counts(FILE *to)
{
    fprintf(to, "\n%-12s%8s%8s%12s%12s\n", "", "checks", "agrees", "otherwise", "not asked");
    for (unsigned i = 0; i < PEERS; i++) {
        struct counts c = count(peers[i].engine);
        fprintf(to, "%-12s%8u%8u%12u%12u\n", peers[i].name, check_count, c.agree, c.differ,
                c.not_asked);
    }
}

static bool is_same(const struct check *a, const struct check *b, enum engine engine)
{
    return a->image == b->image && differs(b, engine) &&
           strcmp(check_difference(a, engine), check_difference(b, engine)) == 0;
}

/* Was a difference told with an earlier check of the image? */
static bool is_told(const struct check *check, enum engine engine)
{
    for (const struct check *earlier = checks; earlier < check; earlier++)
        if (is_same(check, earlier, engine))
            return true;
    return false;
}

static void print_difference(FILE *to, const struct check *check, enum engine engine)
{
    fprintf(to, "\n%s: %s\n", images[check->image].name, check_difference(check, engine));
    for (const struct check *c = check; c < checks + check_count; c++)
        if (is_same(check, c, engine))
            fprintf(to, "    %s\n        %s\n", c->name, c->section);
}

static void print_peer(FILE *to, const struct peer *peer)
{
    char title[64];
    int length = snprintf(title, sizeof title, "%s, %s", peer->name, peer->nature);
    fprintf(to, "\n\n%s\n", title);
    for (int i = 0; i < length; i++)
        fputc('-', to);
    fputc('\n', to);
    for (const struct check *c = checks; c < checks + check_count; c++)
        if (differs(c, peer->engine) && !is_told(c, peer->engine))
            print_difference(to, c, peer->engine);
}

void report_peers(FILE *to)
{
    fputs(head, to);
    print_counts(to);
    for (unsigned i = 0; i < PEERS; i++)
        print_peer(to, &peers[i]);
}
