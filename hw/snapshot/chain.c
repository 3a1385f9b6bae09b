/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See chain.h. */
#include "hw/snapshot/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool snapshot_head(int fd, const char *name, struct snapshot_head *head, struct error *error)
{
    struct snapshot_identity i;
    struct snapshot_reader *r = snapshot_reader_create(fd, name, error);
    bool good = r && snapshot_get_identity(r, &i);
    snapshot_reader_destroy(r);
    if (good)
        *head = i.head;
    return good;
}

/* --- finding them --- */

static bool add(struct snapshot_chain *c, int fd, const char *name)
{
    snprintf(c->file[c->count].text, FOLDER_NAME, "%s", name);
    c->file[c->count].name = c->file[c->count].text;
    c->file[c->count++].fd = fd;
    return fd >= 0;
}

static bool add_parent(struct snapshot_chain *c, struct folder *folder, struct snapshot_head *head,
                       struct error *error)
{
    const char *child = c->file[c->count - 1].name;
    uint64_t wanted = head->parent_id;
    if (c->count == SNAPSHOT_CHAIN)
        return error_set(error, "%s: is a difference to a difference, more than %d times", child,
                         SNAPSHOT_CHAIN - 1);
    int fd = folder_read(folder, head->parent, error);
    if (fd < 0 || !add(c, fd, head->parent))
        return false;
    const char *parent = c->file[c->count - 1].name;
    return snapshot_head(fd, parent, head, error) &&
           (head->id == wanted ||
            error_set(error, "%s: is a difference to another snapshot than the one that %s is",
                      child, parent));
}

bool snapshot_chain_open(struct snapshot_chain *c, int fd, const char *name, struct folder *folder,
                         struct error *error)
{
    c->count = 0;
    bool good = add(c, fd, name) && snapshot_head(fd, name, &c->head, error);
    struct snapshot_head head = good ? c->head : (struct snapshot_head){.id = 0};
    while (good && *head.parent)
        good = add_parent(c, folder, &head, error);
    if (!good)
        snapshot_chain_close(c);
    return good;
}

void snapshot_chain_close(struct snapshot_chain *c)
{
    while (c->count)
        close(c->file[--c->count].fd);
}

bool snapshot_chain_read(const struct snapshot_chain *c, struct snapshot_readers *r,
                         struct error *error)
{
    for (r->count = 0; r->count < c->count; r->count++) {
        r->r[r->count] =
            snapshot_reader_create(c->file[r->count].fd, c->file[r->count].name, error);
        if (!r->r[r->count])
            return false;
    }
    return true;
}

/* --- two of them in one --- */

static bool join_identities(struct snapshot_writer *w, const struct snapshot_readers *two)
{
    struct snapshot_identity child, parent;
    if (!snapshot_get_identity(two->r[0], &child) || !snapshot_get_identity(two->r[1], &parent))
        return false;
    uint64_t id = child.head.id;
    child.head = parent.head;
    child.head.id = id;
    snapshot_put_identity(w, &child);
    return true;
}

static bool begin_part(const struct snapshot_readers *two, enum snapshot_part part)
{
    unsigned version;
    return snapshot_get_part(two->r[0], part, &version) &&
           snapshot_get_part(two->r[1], part, &version);
}

static void copy_memory(struct snapshot_writer *w, const struct snapshot_readers *two)
{
    enum { WIDTH = 4 };
    struct snapshot_pages p;
    uint8_t bytes[SNAPSHOT_PAGE];
    uint64_t page;
    bool zeros;
    snapshot_put_part(w, PART_MEMORY);
    snapshot_pages_begin(&p, two, "its memory", WIDTH, UINT32_MAX);
    while (snapshot_pages_next(&p, &page, bytes, &zeros))
        snapshot_put_page(w, WIDTH, page, zeros ? NULL : bytes);
    snapshot_end_pages(w, WIDTH);
}

static bool copy_state(struct snapshot_writer *w, const struct snapshot_readers *two,
                       enum snapshot_part part)
{
    struct snapshot_bytes b = {NULL, 0};
    bool good = begin_part(two, part) && snapshot_get_bytes(two->r[1], &b) &&
                snapshot_get_bytes(two->r[0], &b);
    if (good) {
        snapshot_put_part(w, part);
        snapshot_put_bytes(w, &b);
    }
    free(b.at);
    return good;
}

static bool join_parts(struct snapshot_writer *w, const struct snapshot_readers *two)
{
    if (!join_identities(w, two) || !begin_part(two, PART_DISKS))
        return false;
    snapshot_copy_disks(w, two);
    if (!begin_part(two, PART_MEMORY))
        return false;
    copy_memory(w, two);
    if (!copy_state(w, two, PART_CPU) || !copy_state(w, two, PART_DEVICES) ||
        !begin_part(two, PART_END))
        return false;
    snapshot_put_part(w, PART_END);
    return snapshot_reader_end(two->r[0]) && snapshot_reader_end(two->r[1]);
}

bool snapshot_chain_join(const struct snapshot_chain *c, int fd, const char *name,
                         struct error *error)
{
    struct snapshot_chain two = *c;
    struct snapshot_readers readers;
    struct error written;
    two.count = 2;
    bool good = snapshot_chain_read(&two, &readers, error);
    struct snapshot_writer *w = good ? snapshot_writer_create(fd, name) : NULL;
    if (good && !w)
        good = error_set(error, "the host is out of memory");
    good = good && join_parts(w, &readers);
    if (w && !snapshot_writer_end(w, good ? error : &written))
        good = false;
    snapshot_readers_destroy(&readers);
    return good;
}
