/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a snapshot's file is made up of: parts, each behind its name and version; then "end". */
#include "hw/snapshot/internal.h"

#include <stdlib.h>
#include <string.h>

enum { STATE_MOST = 1 << 26 };

/*
 * machine 2: what the snapshot is a difference to; memory 2: pages that became zeros. Older ones
 * are read, too.
 */
static const struct {
    const char *name;
    unsigned version;
} parts[] = {
    [PART_MACHINE] = {"machine", 2}, [PART_DISKS] = {"disks", 1},     [PART_MEMORY] = {"memory", 2},
    [PART_CPU] = {"cpu", 1},         [PART_DEVICES] = {"devices", 1}, [PART_END] = {"end", 0},
};

void snapshot_put_part(struct snapshot_writer *w, enum snapshot_part part)
{
    snapshot_put_string(w, parts[part].name);
    if (part != PART_END)
        snapshot_put_number(w, parts[part].version, 4);
}

static bool is_other_part(struct snapshot_reader *r, const char *name, enum snapshot_part wanted)
{
    unsigned i = 0;
    while (i <= PART_END && strcmp(name, parts[i].name) != 0)
        i++;
    if (i > PART_END)
        return snapshot_reader_fail(r, "has a part that this Tessera does not know, %s", name);
    if (i == PART_END)
        return snapshot_reader_fail(r, "lacks a part, %s", parts[wanted].name);
    return snapshot_reader_fail(r, "is damaged: %s is not where it belongs", name);
}

bool snapshot_get_part(struct snapshot_reader *r, enum snapshot_part part, unsigned *version)
{
    char name[SNAPSHOT_WORD];
    *version = 0;
    if (!snapshot_get_string(r, name, sizeof name))
        return false;
    if (strcmp(name, parts[part].name) != 0)
        return is_other_part(r, name, part);
    uint64_t number = part == PART_END ? 0 : snapshot_get_number(r, 4);
    *version = (unsigned)number;
    if (snapshot_reader_is_good(r) && part != PART_END &&
        (number == 0 || number > parts[part].version))
        snapshot_reader_fail(r, "%s of version %" PRIu64 ": only versions 1 to %u are known", name,
                             number, parts[part].version);
    return snapshot_reader_is_good(r);
}

/* --- the first one --- */

static void put_layout(struct snapshot_writer *w, const struct snapshot_identity *i)
{
    snapshot_put_number(w, i->blocks, 4);
    for (unsigned block = 0; block < i->blocks; block++)
        snapshot_put_number(w, i->pages[block], 4);
}

static bool get_layout(struct snapshot_reader *r, struct snapshot_identity *i)
{
    uint64_t blocks = snapshot_get_number(r, 4);
    if (blocks == 0 || blocks > SNAPSHOT_BLOCKS)
        return snapshot_reader_fail(r, "is damaged: memory of %" PRIu64 " blocks", blocks);
    i->blocks = (unsigned)blocks;
    for (unsigned block = 0; block < i->blocks; block++)
        i->pages[block] = (uint32_t)snapshot_get_number(r, 4);
    return snapshot_reader_is_good(r);
}

void snapshot_put_identity(struct snapshot_writer *w, const struct snapshot_identity *i)
{
    snapshot_put_part(w, PART_MACHINE);
    snapshot_put_string(w, i->machine);
    snapshot_put_string(w, i->cpu);
    put_layout(w, i);
    snapshot_put_number(w, i->head.id, 8);
    snapshot_put_string(w, i->head.parent);
    snapshot_put_number(w, i->head.parent_id, 8);
}

bool snapshot_get_identity(struct snapshot_reader *r, struct snapshot_identity *i)
{
    unsigned version;
    *i = (struct snapshot_identity){.blocks = 0};
    if (!snapshot_get_part(r, PART_MACHINE, &version) ||
        !snapshot_get_string(r, i->machine, sizeof i->machine) ||
        !snapshot_get_string(r, i->cpu, sizeof i->cpu) || !get_layout(r, i))
        return false;
    if (version > 1) {
        i->head.id = snapshot_get_number(r, 8);
        snapshot_get_string(r, i->head.parent, sizeof i->head.parent);
        i->head.parent_id = snapshot_get_number(r, 8);
    }
    return snapshot_reader_is_good(r);
}

/* --- states --- */

void snapshot_put_bytes(struct snapshot_writer *w, const struct snapshot_bytes *b)
{
    snapshot_put_number(w, b->size, 8);
    snapshot_put(w, b->at, b->size);
}

bool snapshot_get_bytes(struct snapshot_reader *r, struct snapshot_bytes *b)
{
    uint64_t size = snapshot_get_number(r, 8);
    free(b->at);
    *b = (struct snapshot_bytes){NULL, 0};
    if (!snapshot_reader_is_good(r))
        return false;
    if (size > STATE_MOST)
        return snapshot_reader_fail(r, "is damaged: %" PRIu64 " bytes of state", size);
    b->at = malloc((size_t)size);
    b->size = (size_t)size;
    if (!b->at)
        return snapshot_reader_fail(r, "the host is out of memory");
    return snapshot_get(r, b->at, b->size);
}
