/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What QMP's commands take and return: query-qmp-schema, in the shape of QEMU's "QAPI schema
 * introspection", and the check of arguments by the same. The table of types is qmp_types.def.
 */
#include "hw/control.h"
#include "hw/monitor/fingers.h"
#include "hw/monitor/qmp.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* --- types --- */

enum { TYPE_NAME = 64 };

struct type {
    const char *name;
    const char *members, *tag, *variants; /* of objects */
    const char *words;                    /* of enumerations; NULL: word(0), word(1), ... */
    const char *(*word)(unsigned i);
    const char *json; /* of those that JSON has */
};

#define WORD(value, text) text " "
#define OBJECT(n, m)      {.name = #n, .members = (m)},
#define UNION(n, m, t, v) {.name = #n, .members = (m), .tag = (t), .variants = (v)},
#define ENUM(n, w)        {.name = #n, .words = (w)},
#define ENUM_BY(n, f)     {.name = #n, .word = (f)},

static const struct type types[] = {
    {.name = "str", .json = "string"},   {.name = "int", .json = "int"},
    {.name = "bool", .json = "boolean"}, {.name = "any", .json = "value"},
    {.name = "q_empty", .members = ""},
#include "hw/monitor/qmp_types.def"
};
enum { TYPES = sizeof types / sizeof *types };

static const struct type *find_type(const char *name, size_t length)
{
    const struct type *t = types;
    while (t < types + TYPES && (strncmp(t->name, name, length) != 0 || t->name[length]))
        t++;
    return t < types + TYPES ? t : NULL;
}

/* "[of]": the length of what is between; 0 if it is no list. */
static size_t list_of(const char *type)
{
    return *type == '[' ? strlen(type) - 2 : 0;
}

/* A member or a variant of a text; false behind the last. */
struct member {
    char name[TYPE_NAME], type[TYPE_NAME];
    bool optional;
};

static bool next_member(const char **text, struct member *m)
{
    int length = 0;
    if (sscanf(*text, " %63[^: ]:%63s%n", m->name, m->type, &length) != 2)
        return false;
    *text += length;
    char *mark = strchr(m->name, '?');
    m->optional = mark;
    if (mark)
        *mark = '\0';
    return true;
}

static bool find_member(const char *text, const char *name, struct member *m)
{
    while (next_member(&text, m))
        if (strcmp(m->name, name) == 0)
            return true;
    return false;
}

/* NULL: there is none. */
static bool lower(char word[TYPE_NAME], const char *from)
{
    size_t i = 0;
    for (; from && from[i] && i < TYPE_NAME - 1; i++)
        word[i] = (char)tolower((unsigned char)from[i]);
    word[i] = '\0';
    return from;
}

/* Number i of an enumeration's; false behind the last. */
static bool get_word(const struct type *t, unsigned i, char word[TYPE_NAME])
{
    const char *text = t->words;
    int length = 0;
    *word = '\0';
    if (t->word)
        return lower(word, t->word(i));
    for (; sscanf(text, "%63s%n", word, &length) == 1; text += length)
        if (!i--)
            return true;
    return false;
}

/* --- checking --- */

static bool check(const char *type, const json_t *value, const char *where, struct error *error);

/* Those of a text, of which the object counts what it has. */
static bool check_members(const char *text, const json_t *object, size_t *known,
                          struct error *error)
{
    struct member m;
    while (next_member(&text, &m)) {
        const json_t *value = json_object_get(object, m.name);
        if (!value && !m.optional)
            return error_set(error, "%s: is missing", m.name);
        if (value && !check(m.type, value, m.name, error))
            return false;
        *known += value != NULL;
    }
    return true;
}

/* The first that is in neither text. */
static const char *unknown_member(const char *text, const char *more, json_t *object)
{
    struct member m;
    void *at = json_object_iter(object);
    while (at && (find_member(text, json_object_iter_key(at), &m) ||
                  find_member(more, json_object_iter_key(at), &m)))
        at = json_object_iter_next(object, at);
    return at ? json_object_iter_key(at) : "";
}

static bool check_object(const char *members, const char *more, json_t *object, const char *where,
                         struct error *error)
{
    size_t known = 0;
    if (!check_members(members, object, &known, error) ||
        !check_members(more, object, &known, error))
        return false;
    return known == json_object_size(object) ||
           error_set(error, "%s: no argument of %s", unknown_member(members, more, object), where);
}

/* What belongs to the value that the tag has. */
static const char *variant_members(const struct type *t, const json_t *object)
{
    struct member m;
    const char *tag = t->tag ? json_string_value(json_object_get(object, t->tag)) : NULL;
    const struct type *v = NULL;
    if (tag && find_member(t->variants, tag, &m))
        v = find_type(m.type, strlen(m.type));
    return v ? v->members : "";
}

static bool check_word(const struct type *t, const char *word, const char *where,
                       struct error *error)
{
    char one[TYPE_NAME];
    for (unsigned i = 0; get_word(t, i, one); i++)
        if (strcmp(one, word) == 0)
            return true;
    return error_set(error, "%s: there is no %.64s (query-qmp-schema tells what there is)", where,
                     word);
}

static bool check_builtin(const struct type *t, const json_t *value, const char *where,
                          struct error *error)
{
    bool good = strcmp(t->name, "str") == 0    ? json_is_string(value)
                : strcmp(t->name, "int") == 0  ? json_is_integer(value)
                : strcmp(t->name, "bool") == 0 ? json_is_boolean(value)
                                               : true;
    return good || error_set(error, "%s: is no %s", where, t->json);
}

static bool check_list(const char *type, const json_t *value, const char *where,
                       struct error *error)
{
    char of[TYPE_NAME];
    snprintf(of, sizeof of, "%.*s", (int)list_of(type), type + 1);
    if (!json_is_array(value))
        return error_set(error, "%s: is no list", where);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!check(of, json_array_get(value, i), where, error))
            return false;
    return true;
}

static bool check(const char *type, const json_t *value, const char *where, struct error *error)
{
    const struct type *t = find_type(type, strlen(type));
    if (list_of(type))
        return check_list(type, value, where, error);
    if (t->json)
        return check_builtin(t, value, where, error);
    if (!t->members)
        return json_is_string(value) ? check_word(t, json_string_value(value), where, error)
                                     : error_set(error, "%s: is no string", where);
    return json_is_object(value)
               ? check_object(t->members, variant_members(t, value), (json_t *)value, where, error)
               : error_set(error, "%s: is no object", where);
}

bool qmp_check_arguments(const struct qmp_command *c, json_t *arguments, struct error *error)
{
    json_t *none = arguments ? NULL : json_object();
    bool good = arguments && !json_is_object(arguments)
                    ? error_set(error, "arguments: not an object")
                    : check_object(c->arguments, "", arguments ? arguments : none, c->name, error);
    json_decref(none);
    return good;
}

/* --- telling --- */

/* What has been described, by its name; those that it refers to follow. */
struct schema {
    json_t *list, *seen;
};

static void describe(struct schema *s, const char *type);

static json_t *begin(const char *name, const char *meta)
{
    return json_pack("{s:s,s:s}", "name", name, "meta-type", meta);
}

static void set_members(struct schema *s, json_t *info, const char *text)
{
    json_t *list = json_array();
    struct member m;
    while (next_member(&text, &m)) {
        json_t *member = json_pack("{s:s,s:s}", "name", m.name, "type", m.type);
        if (m.optional)
            json_object_set_new(member, "default", json_null());
        json_array_append_new(list, member);
        describe(s, m.type);
    }
    json_object_set_new(info, "members", list);
}

static void set_variants(struct schema *s, json_t *info, const struct type *t)
{
    const char *text = t->variants;
    json_t *list = json_array();
    struct member m;
    while (next_member(&text, &m)) {
        json_array_append_new(list, json_pack("{s:s,s:s}", "case", m.name, "type", m.type));
        describe(s, m.type);
    }
    json_object_set_new(info, "tag", json_string(t->tag));
    json_object_set_new(info, "variants", list);
}

/* Old clients look at the values, newer ones at the members. */
static void set_words(json_t *info, const struct type *t)
{
    json_t *members = json_array(), *values = json_array();
    char word[TYPE_NAME];
    for (unsigned i = 0; get_word(t, i, word); i++) {
        json_array_append_new(members, json_pack("{s:s}", "name", word));
        json_array_append_new(values, json_string(word));
    }
    json_object_set_new(info, "members", members);
    json_object_set_new(info, "values", values);
}

static json_t *describe_list(struct schema *s, const char *type)
{
    char of[TYPE_NAME];
    json_t *info = begin(type, "array");
    snprintf(of, sizeof of, "%.*s", (int)list_of(type), type + 1);
    json_object_set_new(info, "element-type", json_string(of));
    describe(s, of);
    return info;
}

static json_t *describe_type(struct schema *s, const struct type *t)
{
    json_t *info = begin(t->name, t->json ? "builtin" : t->members ? "object" : "enum");
    if (t->json)
        json_object_set_new(info, "json-type", json_string(t->json));
    else if (t->members)
        set_members(s, info, t->members);
    else
        set_words(info, t);
    if (t->tag)
        set_variants(s, info, t);
    return info;
}

static void describe(struct schema *s, const char *type)
{
    if (json_object_get(s->seen, type))
        return;
    json_object_set_new(s->seen, type, json_true());
    json_array_append_new(s->list, list_of(type) ? describe_list(s, type)
                                                 : describe_type(s, find_type(type, strlen(type))));
}

/* The type of these members, which belongs to a command or an event alone. */
static json_t *arguments_of(struct schema *s, const char *name, const char *members)
{
    char type[TYPE_NAME + 16];
    if (!*members) {
        describe(s, "q_empty");
        return json_string("q_empty");
    }
    snprintf(type, sizeof type, "q_obj_%.*s-arg", TYPE_NAME, name);
    json_t *info = begin(type, "object");
    set_members(s, info, members);
    json_array_append_new(s->list, info);
    return json_string(type);
}

static void describe_command(struct schema *s, const char *name, const char *members,
                             const char *returns)
{
    json_t *info = begin(name, "command");
    json_object_set_new(info, "arg-type", arguments_of(s, name, members));
    json_object_set_new(info, "ret-type", json_string(returns));
    json_object_set_new(info, "allow-oob", json_false());
    describe(s, returns);
    json_array_append_new(s->list, info);
}

static const char *event_data(enum control_event event)
{
    if (event == EVENT_TRAY)
        return "device:str id:str tray-open:bool";
    return event == EVENT_SHUTDOWN || event == EVENT_RESET ? "guest:bool reason:ShutdownCause" : "";
}

static void describe_event(struct schema *s, enum control_event event)
{
    const char *name = control_event_name(event);
    json_t *info = begin(name, "event");
    json_object_set_new(info, "arg-type", arguments_of(s, name, event_data(event)));
    json_array_append_new(s->list, info);
}

json_t *qmp_query_schema(struct qmp_call *c)
{
#define EVENT(event, name) event,
    static const enum control_event events[] = {CONTROL_EVENTS(EVENT)};
    struct schema s = {json_array(), json_object()};
    (void)c;
    describe_command(&s, "qmp_capabilities", "enable?:[str]", "q_empty");
    for (const struct qmp_command *q = qmp_commands; q->name; q++)
        describe_command(&s, q->name, q->arguments, q->returns);
    for (unsigned i = 0; i < sizeof events / sizeof *events; i++)
        describe_event(&s, events[i]);
    json_decref(s.seen);
    return s.list;
}
