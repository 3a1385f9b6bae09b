/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed on the keys, as keysyms: see keymap.h. */
#include "hw/host/keymap.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 4, ENTRIES = 1024 };

struct layout {
    unsigned entries;
    struct entry {
        uint32_t keysym;
        struct stroke stroke;
    } entry[ENTRIES];
};

/*
 * Those from FE00h on are keys' names, but for dead accents (FE50h to FEFFh). A blank is one
 * whatever is held.
 */
static bool is_printable(uint32_t keysym)
{
    return (keysym > ' ' && keysym < 0xfe00) || (keysym >= 0xfe50 && keysym < 0xff00) ||
           keysym >= 0x01000000;
}

/* The first that is printed somewhere, on the lowest level, is where it is typed. */
static void add(struct layout *l, uint32_t keysym, unsigned key, unsigned held)
{
    struct stroke s;
    if (!keysym || l->entries == ENTRIES || (layout_find(l, keysym, &s) && s.held <= held))
        return;
    l->entry[l->entries++] =
        (struct entry){keysym, {(uint8_t)key, (uint8_t)held, is_printable(keysym)}};
}

static const struct named {
    uint32_t keysym;
    uint8_t key, held;
} american[] = {
#define KEY(name, code, evdev, usage, keysym, shifted)                                             \
    {keysym, AT_##name, 0}, {shifted, AT_##name, STROKE_SHIFT},
#define ALIAS(keysym, name) {keysym, AT_##name, 0},
#define USAGE(usage, name)
#include "hw/host/keymap.def"
};

/* `printables`: what others have elsewhere, too. */
static void add_american(struct layout *l, bool printables)
{
    for (unsigned i = 0; i < sizeof american / sizeof *american; i++)
        if (printables || !is_printable(american[i].keysym))
            add(l, american[i].keysym, american[i].key, american[i].held);
}

/* What is added later is on a lower level. */
bool layout_find(const struct layout *l, uint32_t keysym, struct stroke *stroke)
{
    for (unsigned i = l->entries; i-- > 0;)
        if (l->entry[i].keysym == keysym) {
            *stroke = l->entry[i].stroke;
            return true;
        }
    return false;
}

void layout_destroy(struct layout *l)
{
    free(l);
}

#ifdef HAVE_XKBCOMMON

#include <xkbcommon/xkbcommon.h>

/* QEMU's names for layouts that XKB calls otherwise. */
static const char *xkb_name(const char *name)
{
    static const char *const others[][2] = {
        {"da", "dk"},         {"de-ch", "ch"}, {"en-gb", "gb"},     {"et", "ee"},
        {"fr-be", "be"},      {"fr-ca", "ca"}, {"fr-ch", "ch(fr)"}, {"ja", "jp"},
        {"nl-be", "be"},      {"pt-br", "br"}, {"sl", "si"},        {"sv", "se"},
        {"bepo", "fr(bepo)"},
    };
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i][0]) == 0)
            return others[i][1];
    return name;
}

static void add_key(struct layout *l, struct xkb_keymap *map, xkb_keycode_t code, unsigned key)
{
    const xkb_keysym_t *symbols;
    xkb_level_index_t levels = xkb_keymap_num_levels_for_key(map, code, 0);
    for (unsigned held = 0; held < levels && held < LEVELS; held++)
        if (xkb_keymap_key_get_syms_by_level(map, code, 0, held, &symbols) == 1 &&
            is_printable(*symbols)) {
            uint32_t c = xkb_keysym_to_utf32(*symbols);
            add(l, *symbols, key, held);
            add(l, c ? keysym_of_char(c) : 0, key, held);
        }
}

static void add_keys(struct layout *l, struct xkb_keymap *map)
{
    enum { XKB_FIRST = 8 };
    xkb_keycode_t last = xkb_keymap_max_keycode(map);
    for (xkb_keycode_t code = XKB_FIRST; code <= last && code < XKB_FIRST + 256; code++) {
        unsigned key = keymap_of_evdev(code - XKB_FIRST);
        if (key)
            add_key(l, map, code, key);
    }
}

static struct xkb_keymap *open_map(struct xkb_context *context, const char *name)
{
    char layout[64], *variant;
    struct xkb_rule_names names = {.rules = "evdev", .model = "pc105", .layout = layout};
    snprintf(layout, sizeof layout, "%s", xkb_name(name));
    variant = strchr(layout, '(');
    if (variant) {
        *variant = '\0';
        names.variant = variant + 1;
        variant[1 + strcspn(variant + 1, ")")] = '\0';
    }
    return xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
}

static bool add_named(struct layout *l, const char *name, struct error *error)
{
    struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
    if (!context)
        return error_set(error, "-k %s: no keyboard layouts on this host (package xkb-data)", name);
    xkb_context_set_log_level(context, XKB_LOG_LEVEL_CRITICAL);
    struct xkb_keymap *map = *name && !strpbrk(name, ",/") ? open_map(context, name) : NULL;
    if (map)
        add_keys(l, map);
    xkb_keymap_unref(map);
    xkb_context_unref(context);
    return map || error_set(error,
                            "-k %s: no such layout; there are en-us, de, fr, ... and XKB's, "
                            "in /usr/share/X11/xkb/symbols",
                            name);
}

#else

static bool add_named(struct layout *l, const char *name, struct error *error)
{
    (void)l;
    return error_set(error,
                     "-k %s: only en-us is here: Tessera was built without libxkbcommon "
                     "(package libxkbcommon-dev)",
                     name);
}

#endif

struct layout *layout_create(const char *name, struct error *error)
{
    struct layout *l = calloc(1, sizeof *l);
    bool is_american = !name || strcmp(name, "en-us") == 0 || strcmp(name, "us") == 0;
    if (!l) {
        error_set(error, "the host is out of memory");
        return NULL;
    }
    add_american(l, is_american);
    if (is_american || add_named(l, name, error))
        return l;
    free(l);
    return NULL;
}
