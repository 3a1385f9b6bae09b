/* SPDX-License-Identifier: 0BSD */
/*
 * gdb_jit.c: the GDB JIT interface (GDB manual, "JIT Compilation Interface"): a debugger has a
 * breakpoint in
 * __jit_debug_register_code and reads the ELF images that __jit_debug_descriptor lists.
 *
 * Code is announced at once, as an image of its own, which takes in those before it that have no
 * more pieces: so there are never more than a few dozen, and each piece is written a few dozen
 * times.
 */
#include "dyngen/symbols/elf_image.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* --- what GDB looks for, by these names --- */

enum jit_action { JIT_NOACTION, JIT_REGISTER, JIT_UNREGISTER };

struct jit_code_entry {
    struct jit_code_entry *next, *prev;
    const char *image;
    uint64_t size;
};

struct jit_descriptor {
    uint32_t version;
    uint32_t action; /* enum jit_action */
    struct jit_code_entry *relevant, *first;
};

/* NOLINTBEGIN(bugprone-reserved-identifier): the interface's names */
struct jit_descriptor __jit_debug_descriptor = {.version = 1};
void __jit_debug_register_code(void);
__attribute__((noinline)) void __jit_debug_register_code(void)
{
    __asm__ volatile("");
}
/* NOLINTEND(bugprone-reserved-identifier) */

/*
 * A signal that comes while GDB steps over its breakpoint makes it stop there twice, and act
 * twice: so none may.
 */
static void tell(enum jit_action action, struct jit_code_entry *entry)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    __jit_debug_descriptor.action = action;
    __jit_debug_descriptor.relevant = entry;
    __jit_debug_register_code();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void link_entry(struct jit_code_entry *entry)
{
    entry->prev = NULL;
    entry->next = __jit_debug_descriptor.first;
    if (entry->next)
        entry->next->prev = entry;
    __jit_debug_descriptor.first = entry;
    tell(JIT_REGISTER, entry);
}

static void unlink_entry(struct jit_code_entry *entry)
{
    if (entry->prev)
        entry->prev->next = entry->next;
    else
        __jit_debug_descriptor.first = entry->next;
    if (entry->next)
        entry->next->prev = entry->prev;
    tell(JIT_UNREGISTER, entry);
}

/* --- images --- */

struct image {
    struct jit_code_entry entry;
    struct image *older;
    struct code_symbol *symbols;
    size_t count;
};

struct gdb_jit {
    struct sink sink;
    struct dyngen_unwind unwind;
    bool unwinds;
    struct image *newest; /* the older, the larger */
};

/* Without an image there is nothing to show for the code; it runs all the same. */
static void announce(struct gdb_jit *g, struct image *i)
{
    size_t size = 0;
    char *image = dyngen_elf_image(i->symbols, i->count, g->unwinds ? &g->unwind : NULL, &size);

    i->entry.image = image;
    i->entry.size = size;
    if (image)
        link_entry(&i->entry);
}

static void withdraw(struct image *i)
{
    if (i->entry.image)
        unlink_entry(&i->entry);
    free((char *)i->entry.image);
    i->entry.image = NULL;
}

static void drop(struct image *i)
{
    withdraw(i);
    for (size_t n = 0; n < i->count; n++)
        free(i->symbols[n].name);
    free(i->symbols);
    free(i);
}

/* Takes the symbols of the image before. */
static bool merge(struct image *i)
{
    struct image *older = i->older;
    struct code_symbol *all = realloc(older->symbols, (older->count + i->count) * sizeof *all);

    if (!all)
        return false;
    memcpy(all + older->count, i->symbols, i->count * sizeof *all);
    free(i->symbols);
    i->symbols = all;
    i->count += older->count;
    i->older = older->older;
    older->symbols = NULL;
    older->count = 0;
    drop(older);
    return true;
}

static struct image *image_of(const struct code *code)
{
    struct image *i = calloc(1, sizeof *i);

    if (!i)
        return NULL;
    i->symbols = malloc(sizeof *i->symbols);
    if (i->symbols) {
        i->count = 1;
        i->symbols->at = (uintptr_t)code->at;
        i->symbols->size = code->size;
        i->symbols->name = strdup(code->name);
        if (i->symbols->name)
            return i;
    }
    drop(i);
    return NULL;
}

static void added(struct sink *sink, const struct code *code)
{
    struct gdb_jit *g = (struct gdb_jit *)sink;
    struct image *i = image_of(code);

    if (!i)
        return;
    i->older = g->newest;
    while (i->older && i->older->count <= i->count && merge(i))
        ;
    g->newest = i;
    announce(g, i);
}

/* Takes the symbols of code in [at, at + size) out of an image; false if there are none left. */
static bool strip(struct gdb_jit *g, struct image *i, uintptr_t at, size_t size)
{
    size_t before = i->count, kept = 0;

    for (size_t n = 0; n < before; n++)
        if (i->symbols[n].at - at >= size)
            i->symbols[kept++] = i->symbols[n];
        else
            free(i->symbols[n].name);
    i->count = kept;
    if (kept && kept < before) {
        withdraw(i);
        announce(g, i);
    }
    return kept;
}

static void forgotten(struct sink *sink, const void *at, size_t size)
{
    struct gdb_jit *g = (struct gdb_jit *)sink;

    for (struct image **link = &g->newest; *link;) {
        struct image *i = *link;
        if (strip(g, i, (uintptr_t)at, size)) {
            link = &i->older;
        } else {
            *link = i->older;
            drop(i);
        }
    }
}

static bool closed(struct sink *sink)
{
    forgotten(sink, NULL, SIZE_MAX);
    free(sink);
    return true;
}

struct sink *dyngen_gdb_jit(const struct dyngen_unwind *unwind)
{
    struct gdb_jit *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->sink = (struct sink){.added = added, .forgotten = forgotten, .closed = closed};
    g->unwinds = unwind;
    if (unwind)
        g->unwind = *unwind;
    return &g->sink;
}
