/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots: what a file has, in which order, and the point that is kept in memory. */
#include "hw/snapshot/snapshot.h"

#include "exec/exec.h"
#include "exec/memory.h"
#include "hw/device.h"
#include "hw/host/surroundings.h"
#include "hw/snapshot/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* --- the state of cpu and devices, as bytes --- */

void snapshot_free_state(struct snapshot_state *s)
{
    free(s->cpu.at);
    free(s->devices.at);
    *s = (struct snapshot_state){{NULL, 0}, {NULL, 0}};
}

static bool allocate(struct snapshot_bytes *b, size_t size)
{
    b->at = malloc(size);
    b->size = size;
    return b->at;
}

/* Devices first: some bring memory, and the clock what it is saved by, up to date. */
static bool take_devices(struct devices *d, struct snapshot_bytes *b)
{
    if (!allocate(b, devices_save(d, NULL, 0)))
        return false;
    devices_save(d, b->at, b->size);
    return true;
}

static bool take_cpu(struct exec *e, struct snapshot_bytes *b)
{
    struct exec_state s = exec_open_state(e);
    bool good = allocate(b, state_save(s.table, s.cpu, NULL, 0));
    if (good)
        state_save(s.table, s.cpu, b->at, b->size);
    exec_close_state(e, false);
    return good;
}

bool snapshot_take_state(const struct snapshot_machine *m, struct snapshot_state *s,
                         struct error *error)
{
    *s = (struct snapshot_state){{NULL, 0}, {NULL, 0}};
    if (take_devices(m->devices, &s->devices) && take_cpu(m->exec, &s->cpu))
        return true;
    snapshot_free_state(s);
    return error_set(error, "the host is out of memory");
}

static bool check_cpu(struct exec *e, const struct snapshot_bytes *b, struct error *error)
{
    struct exec_state s = exec_open_state(e);
    bool good = state_check(s.table, s.cpu, b->at, b->size, error);
    exec_close_state(e, false);
    return good;
}

/* They have been checked. Devices last: they drive the cpu's lines. */
void snapshot_put_state(const struct snapshot_machine *m, const struct snapshot_state *s)
{
    struct error unused;
    struct exec_state cpu = exec_open_state(m->exec);
    state_restore(cpu.table, cpu.cpu, s->cpu.at, s->cpu.size, &unused);
    exec_close_state(m->exec, true);
    devices_restore(m->devices, s->devices.at, s->devices.size, &unused);
}

/* --- which machine it is of --- */

static void set_word(char *to, const char *word)
{
    snprintf(to, SNAPSHOT_WORD, "%s", word);
}

static struct snapshot_identity identity(const struct snapshot_machine *m,
                                         const struct snapshot_head *head)
{
    struct snapshot_identity i = {.blocks = memory_blocks(m->memory), .head = *head};
    set_word(i.machine, m->name);
    set_word(i.cpu, m->cpu);
    for (unsigned block = 0; block < i.blocks && block < SNAPSHOT_BLOCKS; block++)
        i.pages[block] = memory_block_pages(m->memory, block);
    return i;
}

static void check_ram(struct snapshot_reader *r, uint32_t pages, uint32_t ours)
{
    if (pages != ours)
        snapshot_reader_fail(r, "is of a machine with %s of memory, not %s (-m %" PRIu64 "K)",
                             size_text((uint64_t)pages * PAGE_SIZE).text,
                             size_text((uint64_t)ours * PAGE_SIZE).text,
                             (uint64_t)pages * (PAGE_SIZE / 1024));
}

static void check_identity(struct snapshot_reader *r, const struct snapshot_identity *i,
                           const struct snapshot_machine *m)
{
    struct snapshot_identity ours = identity(m, &i->head);
    if (strcmp(i->machine, ours.machine) != 0)
        snapshot_reader_fail(r, "is of the machine %s, not %s (-M %s)", i->machine, ours.machine,
                             i->machine);
    else if (strcmp(i->cpu, ours.cpu) != 0)
        snapshot_reader_fail(r, "is of the processor %s, not %s (-cpu %s)", i->cpu, ours.cpu,
                             i->cpu);
    check_ram(r, i->pages[0], ours.pages[0]);
    if (i->blocks != ours.blocks || memcmp(i->pages, ours.pages, sizeof ours.pages) != 0)
        snapshot_reader_fail(r, "is of a machine with other ROMs or video memory (-bios, -vga, "
                                "-global VGA.vgamem_mb, or another version of Tessera)");
}

/* --- saving --- */

static bool write_parts(struct snapshot_writer *w, const struct snapshot_machine *m,
                        const struct snapshot_head *head, const struct snapshot_state *s,
                        struct error *error)
{
    bool difference = *head->parent;
    struct snapshot_identity i = identity(m, head);
    snapshot_put_identity(w, &i);
    snapshot_put_disks(w, m->host, difference);
    snapshot_put_memory(w, m->memory, difference);
    snapshot_put_part(w, PART_CPU);
    snapshot_put_bytes(w, &s->cpu);
    snapshot_put_part(w, PART_DEVICES);
    snapshot_put_bytes(w, &s->devices);
    snapshot_put_part(w, PART_END);
    return snapshot_writer_end(w, error);
}

static bool save(const struct snapshot_machine *m, int fd, const char *name,
                 const struct snapshot_head *head, struct error *error)
{
    struct snapshot_state s;
    if (!snapshot_take_state(m, &s, error))
        return false;
    struct snapshot_writer *w = snapshot_writer_create(fd, name);
    bool good =
        w ? write_parts(w, m, head, &s, error) : error_set(error, "the host is out of memory");
    snapshot_free_state(&s);
    return good;
}

/* Told apart from any other by chance alone; no guest sees it. */
static uint64_t new_id(void)
{
    uint64_t id = 0;
    ssize_t size = getrandom(&id, sizeof id, GRND_NONBLOCK);
    return size == (ssize_t)sizeof id ? id : 0;
}

bool snapshot_save(const struct snapshot_machine *m, int fd, const char *name,
                   struct snapshot_head *head, struct error *error)
{
    struct snapshot_head whole = {.id = 0};
    struct timers *q = &m->host->timers;
    bool stood_still = q->is_stopped;
    head = head ? head : &whole;
    head->id = new_id();
    if (!snapshot_check_disks(m->host, error) || !surroundings_drain(m->host, error))
        return false;
    timers_stop(q);
    bool good = save(m, fd, name, head, error);
    if (!stood_still)
        timers_continue(q);
    return good;
}

/* --- loading --- */

/* What is passed from part to part of the files that are read. */
struct loading {
    const struct snapshot_machine *m;
    struct snapshot_readers files;
    struct snapshot_held *memory;
    struct snapshot_state state;
};

static bool get_identities(struct loading *l)
{
    struct snapshot_head child = {.id = 0};
    for (unsigned i = 0; i < l->files.count; i++) {
        struct snapshot_reader *r = l->files.r[i];
        struct snapshot_identity identity;
        if (!snapshot_get_identity(r, &identity))
            return false;
        check_identity(r, &identity, l->m);
        if (i && identity.head.id != child.parent_id)
            snapshot_reader_fail(r, "is not what its child is a difference to");
        if ((i + 1 == l->files.count) != !*identity.head.parent)
            snapshot_reader_fail(r,
                                 "is a difference to the snapshot %s (-loadvm finds both in "
                                 "the folder of -snapshot-dir)",
                                 identity.head.parent);
        child = identity.head;
    }
    return snapshot_readers_are_good(&l->files);
}

/* The next part is this one in all files. */
static bool get_part(struct loading *l, enum snapshot_part part)
{
    unsigned version;
    for (unsigned i = 0; i < l->files.count; i++)
        if (!snapshot_get_part(l->files.r[i], part, &version))
            return false;
    return snapshot_readers_are_good(&l->files);
}

/* The newest file's; those of the others are behind us then. */
static bool get_state(struct loading *l, enum snapshot_part part, struct snapshot_bytes *b)
{
    if (!get_part(l, part))
        return false;
    for (unsigned i = l->files.count; i-- > 0;)
        if (!snapshot_get_bytes(l->files.r[i], b))
            return false;
    return true;
}

static void get_cpu(struct loading *l)
{
    struct error why;
    if (get_state(l, PART_CPU, &l->state.cpu) && !check_cpu(l->m->exec, &l->state.cpu, &why))
        snapshot_reader_fail(l->files.r[0], "cpu: %s", why.text);
}

static void get_devices(struct loading *l)
{
    struct error why;
    const struct snapshot_bytes *b = &l->state.devices;
    if (get_state(l, PART_DEVICES, &l->state.devices) &&
        !devices_check(l->m->devices, b->at, b->size, &why))
        snapshot_reader_fail(l->files.r[0], "%s", why.text);
}

static bool get_ends(struct loading *l)
{
    for (unsigned i = 0; i < l->files.count; i++)
        if (!snapshot_reader_end(l->files.r[i]))
            return false;
    return true;
}

static bool get_disks(struct loading *l, bool apply)
{
    if (!get_identities(l) || !get_part(l, PART_DISKS))
        return false;
    snapshot_get_disks(&l->files, l->m->host, apply);
    return snapshot_readers_are_good(&l->files);
}

/* All of it, which changes nothing. Each function does nothing if something is wrong before it. */
static bool get_parts(struct loading *l)
{
    if (get_disks(l, false) && get_part(l, PART_MEMORY))
        snapshot_get_memory(&l->files, l->m->memory, &l->memory);
    get_cpu(l);
    get_devices(l);
    return get_part(l, PART_END) && get_ends(l);
}

static bool read_parts(const struct snapshot_chain *c, struct loading *l, struct error *error)
{
    bool good = snapshot_chain_read(c, &l->files, error) && get_parts(l);
    snapshot_readers_destroy(&l->files);
    return good;
}

/* What was written to disks may be more than memory holds: it is read a second time. */
static bool restore_disks(const struct snapshot_chain *c, struct loading *l, struct error *error)
{
    bool good = snapshot_chain_read(c, &l->files, error) && get_disks(l, true);
    snapshot_readers_destroy(&l->files);
    return good;
}

bool snapshot_load_chain(struct snapshot_machine *m, const struct snapshot_chain *c, bool *broken,
                         struct error *error)
{
    struct loading l = {.m = m};
    *broken = false;
    bool good = surroundings_drain(m->host, error) && read_parts(c, &l, error);
    if (good) {
        snapshot_forget(m);
        good = restore_disks(c, &l, error);
        *broken = !good;
    }
    if (good) {
        snapshot_put_held(&l.memory, m->memory);
        snapshot_put_state(m, &l.state);
    }
    snapshot_free_held(&l.memory);
    snapshot_free_state(&l.state);
    return good;
}

bool snapshot_load(struct snapshot_machine *m, int fd, const char *name, bool *broken,
                   struct error *error)
{
    struct snapshot_chain one = {.count = 1, .file = {{.fd = fd, .name = name}}};
    return snapshot_load_chain(m, &one, broken, error);
}

/* --- the point in memory --- */

struct snapshot_point {
    struct snapshot_state state;
    struct snapshot_drives drives;
};

void snapshot_forget(struct snapshot_machine *m)
{
    if (!m->point)
        return;
    memory_undo_end(m->memory);
    snapshot_free_state(&m->point->state);
    free(m->point);
    m->point = NULL;
}

bool snapshot_mark(struct snapshot_machine *m, struct error *error)
{
    snapshot_forget(m);
    if (!snapshot_check_disks(m->host, error) || !surroundings_drain(m->host, error))
        return false;
    m->point = calloc(1, sizeof *m->point);
    if (!m->point)
        return error_set(error, "the host is out of memory");
    if (snapshot_take_state(m, &m->point->state, error) && snapshot_mark_disks(m->host, error) &&
        (memory_undo_begin(m->memory) || error_set(error, "the host is out of memory"))) {
        m->point->drives = snapshot_drives(m->host);
        return true;
    }
    snapshot_forget(m);
    return false;
}

bool snapshot_can_differ(const struct snapshot_machine *m)
{
    struct snapshot_drives now = snapshot_drives(m->host);
    return m->point && m->point->drives.filled == now.filled &&
           m->point->drives.marked == now.marked;
}

bool snapshot_revert(struct snapshot_machine *m, struct error *error)
{
    if (!m->point)
        return error_set(error, "there is no point to go back to");
    if (!surroundings_drain(m->host, error))
        return false;
    memory_undo(m->memory);
    snapshot_revert_disks(m->host);
    snapshot_put_state(m, &m->point->state);
    return true;
}
