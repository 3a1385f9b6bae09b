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
    s->incoming = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    s->incoming_name = path;
    return s->incoming >= 0 || error_set(error, "%s: %s", path, strerror(errno));
}

static bool open_named(struct snapshot_store *s, const char *name, struct error *error)
{
    s->incoming = folder_read(s->folder, name, error);
    s->incoming_name = name;
    return s->incoming >= 0;
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
    s->incoming = -1;
    if (o->folder || o->load)
        s->folder = folder_open(o->folder ? o->folder : ".", ending, error);
    if ((o->folder || o->load) && !s->folder)
        return false;
    return (!o->save || open_at_end(s, o->save, error)) &&
           (!o->incoming || open_incoming(s, o->incoming, error)) &&
           (!o->load || open_named(s, o->load, error));
}

void snapshot_store_close(struct snapshot_store *s)
{
    if (s->machine.memory)
        snapshot_forget(&s->machine);
    folder_close(s->folder);
    folder_close(s->at_end);
    free(s->end_name);
    if (s->incoming > STDERR_FILENO)
        close(s->incoming);
}

bool snapshot_store_begin(struct snapshot_store *s, struct error *error)
{
    bool broken;
    if (s->incoming < 0)
        return true;
    bool good = snapshot_load(&s->machine, s->incoming, s->incoming_name, &broken, error);
    close(s->incoming);
    s->incoming = -1;
    return good;
}

/* To a file that gets its name when it is whole. */
static bool save(struct snapshot_store *s, struct folder *folder, const char *name,
                 const char *path, struct error *error)
{
    int fd = folder_create(folder, name, error);
    if (fd < 0)
        return false;
    bool good = snapshot_save(&s->machine, fd, path, error) && folder_commit(folder, name, error);
    if (!good)
        folder_discard(folder);
    close(fd);
    return good;
}

bool snapshot_store_end(struct snapshot_store *s, struct error *error)
{
    return !s->at_end || save(s, s->at_end, s->end_name, s->end_path, error);
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
static void mark(struct snapshot_store *s, const char *name)
{
    struct error unused;
    bool good = snapshot_mark(&s->machine, &unused);
    snprintf(s->marked, sizeof s->marked, "%s", good ? name : "");
}

bool snapshot_store_save(struct snapshot_store *s, const char *name, struct error *error)
{
    if (!has_folder(s, error) || !may_save(s, error) || !save(s, s->folder, name, name, error))
        return false;
    mark(s, name);
    return true;
}

static bool load_file(struct snapshot_store *s, const char *name, bool *broken, struct error *error)
{
    int fd = folder_read(s->folder, name, error);
    if (fd < 0)
        return false;
    bool good = snapshot_load(&s->machine, fd, name, broken, error);
    close(fd);
    if (good)
        mark(s, name);
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
    if (!has_folder(s, error) || !folder_remove(s->folder, name, error))
        return false;
    if (strcmp(s->marked, name) == 0)
        snapshot_forget(&s->machine);
    return true;
}

void snapshot_store_print(struct snapshot_store *s, FILE *to)
{
    struct folder_entry e = {.name = ""};
    bool any = false;
    for (; s->folder && folder_next(s->folder, &e); any = true) {
        char time[32] = "";
        time_t seconds = (time_t)e.time;
        struct tm tm;
        if (gmtime_r(&seconds, &tm))
            strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", &tm);
        fprintf(to, "%-24s %10s  %s UTC\n", e.name, size_text(e.size).text, time);
    }
    if (!any)
        fputs("There are no snapshots.\n", to);
}
