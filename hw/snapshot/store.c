/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See store.h. */
#include "hw/snapshot/store.h"

#include "hw/host/surroundings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char ending[] = ".tessera";

/* --- what the command line names --- */

static bool open_incoming(struct snapshot_store *s, const char *path, struct error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    s->incoming.count = fd >= 0;
    s->incoming.file[0].fd = fd;
    s->incoming.file[0].name = path;
    return fd >= 0 || error_set(error, "%s: %s", path, strerror(errno));
}

static bool open_chain(struct snapshot_store *s, const char *name, struct snapshot_chain *c,
                       struct error *error)
{
    int fd = folder_read(s->folder, name, error);
    return fd >= 0 && snapshot_chain_open(c, fd, name, s->folder, error);
}

/* "folder/name"; without a slash, in the current folder. */
static bool open_at_end(struct snapshot_store *s, const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path + 1)) : strdup(".");
    s->end_path = path;
    s->end_name = strdup(slash ? slash + 1 : path);
    if (!folder || !s->end_name)
        error_set(error, "the host is out of memory");
    else
        s->at_end = folder_open(folder, "", error);
    free(folder);
    return s->at_end;
}

bool snapshot_store_is_used(const struct snapshot_options *o)
{
    return o->folder || o->load || o->incoming || o->save;
}

bool snapshot_store_open(struct snapshot_store *s, const struct snapshot_options *o,
                         struct error *error)
{
    if (o->folder || o->load)
        s->folder = folder_open(o->folder ? o->folder : ".", ending, error);
    if ((o->folder || o->load) && !s->folder)
        return false;
    return (!o->save || open_at_end(s, o->save, error)) &&
           (!o->incoming || open_incoming(s, o->incoming, error)) &&
           (!o->load || open_chain(s, o->load, &s->incoming, error));
}

void snapshot_store_close(struct snapshot_store *s)
{
    if (s->machine.memory)
        snapshot_forget(&s->machine);
    folder_close(s->folder);
    folder_close(s->at_end);
    free(s->end_name);
    snapshot_chain_close(&s->incoming);
}

bool snapshot_store_begin(struct snapshot_store *s, struct error *error)
{
    bool broken;
    if (!s->incoming.count)
        return true;
    bool good = snapshot_load_chain(&s->machine, &s->incoming, &broken, error);
    snapshot_chain_close(&s->incoming);
    return good;
}

/* To a file that gets its name when it is whole. */
static bool save(struct snapshot_store *s, struct folder *folder, const char *name,
                 const char *path, struct snapshot_head *head, struct error *error)
{
    int fd = folder_create(folder, name, error);
    if (fd < 0)
        return false;
    bool good =
        snapshot_save(&s->machine, fd, path, head, error) && folder_commit(folder, name, error);
    if (!good)
        folder_discard(folder);
    close(fd);
    return good;
}

bool snapshot_store_end(struct snapshot_store *s, struct error *error)
{
    return !s->at_end || save(s, s->at_end, s->end_name, s->end_path, NULL, error);
}

/* --- differences --- */

/* What is marked, if its file is still there, and all that it is a difference to. */
static void choose_parent(struct snapshot_store *s, const char *name, struct snapshot_head *head)
{
    struct snapshot_chain c;
    struct error unused;
    *head = (struct snapshot_head){.id = 0};
    if (!s->marked_id || strcmp(s->marked, name) == 0 || !snapshot_can_differ(&s->machine) ||
        !open_chain(s, s->marked, &c, &unused))
        return;
    if (c.count < SNAPSHOT_CHAIN && c.head.id == s->marked_id) {
        snprintf(head->parent, sizeof head->parent, "%s", s->marked);
        head->parent_id = s->marked_id;
    }
    snapshot_chain_close(&c);
}

/* Writes its file anew, without its parent. */
static bool leave_parent(struct snapshot_store *s, const char *name, struct error *error)
{
    struct snapshot_chain c;
    if (!open_chain(s, name, &c, error))
        return false;
    int fd = folder_create(s->folder, name, error);
    bool good = fd >= 0 && snapshot_chain_join(&c, fd, name, error) &&
                folder_commit(s->folder, name, error);
    if (!good)
        folder_discard(s->folder);
    if (fd >= 0)
        close(fd);
    snapshot_chain_close(&c);
    return good;
}

static bool head_of(struct snapshot_store *s, const char *name, struct snapshot_head *head)
{
    struct error unused;
    int fd = folder_read(s->folder, name, &unused);
    bool good = fd >= 0 && snapshot_head(fd, name, head, &unused);
    if (fd >= 0)
        close(fd);
    return good;
}

/* So that nothing is lost when this one goes. */
static bool free_children(struct snapshot_store *s, const char *name, struct error *error)
{
    struct folder_entry e = {.name = ""};
    struct snapshot_head parent, child;
    bool good = true;
    if (!head_of(s, name, &parent))
        return true;
    while (good && folder_next(s->folder, &e))
        if (head_of(s, e.name, &child) && strcmp(child.parent, name) == 0 &&
            child.parent_id == parent.id)
            good = leave_parent(s, e.name, error);
    return good;
}

/* --- by name --- */

static bool has_folder(const struct snapshot_store *s, struct error *error)
{
    return s->folder ||
           error_set(error, "there is no place for snapshots (-snapshot-dir FOLDER names one)");
}

/* A recording tells what comes in from its beginning on, and could not tell of this. */
static bool may_load(const struct snapshot_store *s, struct error *error)
{
    const struct replay *r = s->machine.host->replay;
    if (replay_records(r))
        return error_set(error, "not while it is recorded (-record with -loadvm begins there)");
    return !replay_plays(r) || error_set(error, "not in a replay (back N goes back)");
}

/* To wait for disks would be to do before its time what the recording has later. */
static bool may_save(const struct snapshot_store *s, struct error *error)
{
    const struct surroundings *host = s->machine.host;
    if (replay_plays(host->replay))
        return error_set(error, "not in a replay (back N goes back)");
    return !replay_records(host->replay) || surroundings_is_quiet(host) ||
           error_set(error, "not while it is recorded and a disk is at work; try again");
}

/* That there is no quick way back is no reason to fail: there is the file. */
static void mark(struct snapshot_store *s, const char *name, uint64_t id)
{
    struct error unused;
    bool good = snapshot_mark(&s->machine, &unused);
    s->marked_id = good ? id : 0;
    snprintf(s->marked, sizeof s->marked, "%s", good ? name : "");
}

bool snapshot_store_save(struct snapshot_store *s, const char *name, struct error *error)
{
    struct snapshot_head head;
    if (!has_folder(s, error) || !may_save(s, error) || !free_children(s, name, error))
        return false;
    choose_parent(s, name, &head);
    if (!save(s, s->folder, name, name, &head, error))
        return false;
    mark(s, name, head.id);
    return true;
}

static bool load_file(struct snapshot_store *s, const char *name, bool *broken, struct error *error)
{
    struct snapshot_chain c;
    if (!open_chain(s, name, &c, error))
        return false;
    bool good = snapshot_load_chain(&s->machine, &c, broken, error);
    snapshot_chain_close(&c);
    if (good)
        mark(s, name, c.head.id);
    return good;
}

bool snapshot_store_load(struct snapshot_store *s, const char *name, bool *broken,
                         struct error *error)
{
    *broken = false;
    if (!has_folder(s, error) || !may_load(s, error))
        return false;
    if (s->machine.point && strcmp(s->marked, name) == 0)
        return snapshot_revert(&s->machine, error);
    return load_file(s, name, broken, error);
}

bool snapshot_store_remove(struct snapshot_store *s, const char *name, struct error *error)
{
    if (!has_folder(s, error) || !free_children(s, name, error) ||
        !folder_remove(s->folder, name, error))
        return false;
    if (strcmp(s->marked, name) == 0)
        snapshot_forget(&s->machine);
    return true;
}

static void print_entry(struct snapshot_store *s, const struct folder_entry *e, FILE *to)
{
    char time[32] = "";
    time_t seconds = (time_t)e->time;
    struct snapshot_head head;
    struct tm tm;
    if (gmtime_r(&seconds, &tm))
        strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &tm);
    fprintf(to, "%-24s %10s  %s UTC", e->name, size_text(e->size).text, time);
    if (head_of(s, e->name, &head) && *head.parent)
        fprintf(to, "  needs %s", head.parent);
    fputc('\n', to);
}

void snapshot_store_print(struct snapshot_store *s, FILE *to)
{
    struct folder_entry e = {.name = ""};
    bool any = false;
    for (; s->folder && folder_next(s->folder, &e); any = true)
        print_entry(s, &e, to);
    if (!any)
        fputs("There are no snapshots.\n", to);
}
