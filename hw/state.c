/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chips' state: one walk over a table and what it refers to, and what is done on the way. */
#include "hw/state.h"

#include "hw/timer.h"

#include <inttypes.h>
#include <string.h>

enum { PATH = 128, VERSION_SIZE = 2, TIMER_SIZE = sizeof(uint64_t) };

/* Where the walk is: a member of a struct, which may be a member's. */
struct place {
    const struct place *in;
    const struct state_field *field;
    unsigned number; /* of an array's */
};

/* What is done; the one member that it is done to. */
struct walk {
    /* A struct begins: the version of its table that its values are of; 0 ends the walk. */
    unsigned (*enter)(struct walk *w, const struct state_table *t);
    bool (*value)(struct walk *w, const struct state_field *f, void *at);

    const struct place *place; /* NULL: in no member */
    FILE *to;
    const char *name;
    uint8_t *bytes;
    const uint8_t *from;
    size_t done, size; /* bytes so far, and how many there are or fit */
    struct error *error;
};

/* "counter[1].mode" */
struct path {
    char text[PATH];
};

static void add_place(struct path *path, const struct place *p)
{
    char number[16] = "";
    if (p->in)
        add_place(path, p->in);
    if (p->field->count != 1)
        snprintf(number, sizeof number, "[%u]", p->number);
    size_t length = strlen(path->text);
    snprintf(path->text + length, PATH - length, "%s%s%s", p->in ? "." : "", p->field->name,
             number);
}

static struct path path_of(const struct walk *w)
{
    struct path path = {""};
    if (w->place)
        add_place(&path, w->place);
    return path;
}

/* --- the walk --- */

static bool walk_table(struct walk *w, const struct state_table *t, char *chip);

static bool walk_field(struct walk *w, const struct state_field *f, char *chip)
{
    struct place here = {w->place, f, 0};
    bool good = true;
    w->place = &here;
    for (; here.number < f->count && good; here.number++) {
        char *at = chip + f->offset + here.number * f->size;
        good = f->type == STATE_STRUCT ? walk_table(w, f->of, at) : w->value(w, f, at);
    }
    w->place = here.in;
    return good;
}

static bool walk_table(struct walk *w, const struct state_table *t, char *chip)
{
    unsigned version = w->enter(w, t);
    bool good = version > 0;
    for (const struct state_field *f = t->fields; f->name && good; f++)
        if (f->type != STATE_NONE && f->since <= version)
            good = walk_field(w, f, chip);
    return good;
}

static unsigned enter_newest(struct walk *w, const struct state_table *t)
{
    (void)w;
    return t->version;
}

/* --- values --- */

static size_t saved_size(const struct state_field *f)
{
    return f->type == STATE_TIMER ? TIMER_SIZE : f->size;
}

/* The host is little-endian. */
static uint64_t get(const struct state_field *f, const void *at)
{
    uint64_t value = 0;
    if (f->type == STATE_TIMER)
        return ((const struct timer *)at)->deadline;
    memcpy(&value, at, f->size);
    return value;
}

static void set(const struct state_field *f, void *at, uint64_t value)
{
    if (f->type == STATE_TIMER)
        timer_set(at, value);
    else
        memcpy(at, &value, f->size);
}

static int64_t as_signed(const struct state_field *f, uint64_t value)
{
    unsigned unused = 64 - 8 * (unsigned)f->size;
    return (int64_t)(value << unused) >> unused;
}

static bool may_be(const struct state_field *f, uint64_t value)
{
    if (f->type == STATE_BOOL)
        return value <= 1;
    return !f->most || (value >= f->least && value <= f->most);
}

/* --- printing --- */

static bool print_block(struct walk *w, const struct state_field *f, const uint8_t *bytes)
{
    fprintf(w->to, "%s.%s ", w->name, path_of(w).text);
    for (size_t i = 0; i < f->size; i++)
        fprintf(w->to, "%02x", bytes[i]);
    fputc('\n', w->to);
    return true;
}

static bool print_value(struct walk *w, const struct state_field *f, void *at)
{
    if (f->type == STATE_BLOCK)
        return print_block(w, f, at);
    uint64_t value = get(f, at);
    fprintf(w->to, "%s.%s ", w->name, path_of(w).text);
    if (f->type == STATE_SIGNED)
        fprintf(w->to, "%" PRId64 "\n", as_signed(f, value));
    else if (f->type == STATE_TIMER && value == TIMER_NEVER)
        fprintf(w->to, "never\n");
    else
        fprintf(w->to, "%" PRIu64 "\n", value);
    return true;
}

void state_print(const struct state_table *t, const char *name, const void *chip, FILE *to)
{
    struct walk w = {.enter = enter_newest, .value = print_value, .name = name, .to = to};
    walk_table(&w, t, (char *)chip);
}

/* --- saving --- */

static void save_bytes(struct walk *w, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++, w->done++)
        if (w->done < w->size)
            w->bytes[w->done] = (uint8_t)(value >> 8 * i);
}

static unsigned save_version(struct walk *w, const struct state_table *t)
{
    save_bytes(w, t->version, VERSION_SIZE);
    return t->version;
}

static bool save_block(struct walk *w, const struct state_field *f, const uint8_t *bytes)
{
    if (w->done < w->size)
        memcpy(w->bytes + w->done, bytes,
               w->size - w->done < f->size ? w->size - w->done : f->size);
    w->done += f->size;
    return true;
}

static bool save_value(struct walk *w, const struct state_field *f, void *at)
{
    if (f->type == STATE_BLOCK)
        return save_block(w, f, at);
    save_bytes(w, get(f, at), saved_size(f));
    return true;
}

size_t state_save(const struct state_table *t, const void *chip, uint8_t *to, size_t room)
{
    struct walk w = {.enter = save_version, .value = save_value, .bytes = to, .size = room};
    walk_table(&w, t, (char *)chip);
    return w.done;
}

/* --- restoring: once to see whether all is well, once to do it --- */

static bool is_left(struct walk *w, size_t size)
{
    return w->size - w->done >= size || error_set(w->error, "ends in the middle of %s",
                                                  w->place ? path_of(w).text : "its version");
}

static bool load_bytes(struct walk *w, uint64_t *value, size_t size)
{
    *value = 0;
    if (!is_left(w, size))
        return false;
    for (size_t i = 0; i < size; i++)
        *value |= (uint64_t)w->from[w->done++] << 8 * i;
    return true;
}

static unsigned load_version(struct walk *w, const struct state_table *t)
{
    uint64_t version;
    if (!load_bytes(w, &version, VERSION_SIZE))
        return 0;
    if (version == 0 || version > t->version) {
        error_set(w->error, "%s of version %u: only versions 1 to %u are known", t->name,
                  (unsigned)version, t->version);
        return 0;
    }
    return (unsigned)version;
}

/* Whatever they are; NULL: they are only looked for. */
static bool load_block(struct walk *w, const struct state_field *f, void *to)
{
    if (!is_left(w, f->size))
        return false;
    if (to)
        memcpy(to, w->from + w->done, f->size);
    w->done += f->size;
    return true;
}

static bool check_value(struct walk *w, const struct state_field *f, void *at)
{
    uint64_t value;
    (void)at;
    if (f->type == STATE_BLOCK)
        return load_block(w, f, NULL);
    if (!load_bytes(w, &value, saved_size(f)))
        return false;
    return may_be(f, value) ||
           error_set(w->error, "%s: cannot be %" PRIu64, path_of(w).text, value);
}

static bool load_value(struct walk *w, const struct state_field *f, void *at)
{
    uint64_t value;
    if (f->type == STATE_BLOCK)
        return load_block(w, f, at);
    if (!load_bytes(w, &value, saved_size(f)))
        return false;
    set(f, at, value);
    return true;
}

bool state_check(const struct state_table *t, const void *chip, const uint8_t *from, size_t size,
                 struct error *error)
{
    struct walk w = {
        .enter = load_version, .value = check_value, .from = from, .size = size, .error = error};
    if (!walk_table(&w, t, (char *)chip))
        return false;
    return w.done == size || error_set(error, "%zu bytes too many", size - w.done);
}

bool state_restore(const struct state_table *t, void *chip, const uint8_t *from, size_t size,
                   struct error *error)
{
    struct walk w = {
        .enter = load_version, .value = load_value, .from = from, .size = size, .error = error};
    return state_check(t, chip, from, size, error) && walk_table(&w, t, chip);
}
