/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a stream to code: each micro-op becomes a template, each template gets its place, and the
 * engine copies them there with their holes filled in.
 *
 * A block's code is two lists of items, one template each:
 *
 *     hot     the stream's micro-ops in a row: each falls into the next
 *     cold    behind them: where a micro-op goes when it does not go on (slow paths, helpers, ways
 *             out of the block), and what a taken branch has to do first
 *
 *     layout_uop()   for each micro-op of the stream appends items to both (layout.c). Nothing has
 *                    an address yet: a label is the number of an item in its list.
 *     place()        adds up the templates' sizes: all labels are addresses then.
 *     emit_items()   the same items, in the same order, into memory.
 *
 * What a change must keep:
 *
 *   - An item's size follows from its template alone, or addresses do not fit what is emitted.
 *   - Whatever leaves the block or calls C comes behind late_store(), or late_store_operands() if
 *     it is told the kind by a descriptor. Hot code that stores flags changes what is pending,
 *     so cold code is made at once with its micro-op, not at the end.
 *   - An item with an `exit` can be chained: its template jumps by one field, taken_site(), and it
 *     has a stub in the cold part, to which unchaining leads back.
 *   - The lists are bounded. A stream that does not fit makes the layout full, which is
 *     DYNGEN_NO_ROOM: no block is cut short in silence.
 */
#include "translate/layout.h"

#include <string.h>

/* Gives every item its offset, and the place behind them; returns the size of them all. */
static u32 place(const struct layout *l, struct item *items, u32 count)
{
    u32 offset = 0;

    for (u32 i = 0; i < count; i++) {
        items[i].offset = offset;
        offset += (u32)l->engine->size(l->s->table, items[i].template);
    }
    items[count].offset = offset;
    return offset;
}

/* Executable addresses of the two lists. */
struct bases {
    const u8 *hot, *cold;
};

static const void *address(const struct layout *l, struct label to, struct bases at)
{
    if (!to.set)
        return at.hot;
    return to.cold ? at.cold + l->cold[to.index].offset : at.hot + l->hot[to.index].offset;
}

/* What the check has seen, from where the stack pointer has moved to. */
static struct window_reach reach(const struct layout *l, s16 moved)
{
    s32 low;

    if (!l->check || moved == WINDOW_LOST)
        return (struct window_reach){0, 0};
    low = (s32)l->check->check.low - moved;
    return (struct window_reach){(s16)low, (s16)(low + (s32)l->check->check.size)};
}

static enum dyngen_status emit_item(const struct layout *l, const struct item *i, struct bases at,
                                    struct dyngen_emit *out, struct exit_site *sites)
{
    enum dyngen_status status;
    bool is_stub = sites && i->exit && !i->taken.set;
    u8 *start = out->at;

    memcpy(out->param, i->param, sizeof i->param);
    if (is_stub)
        out->param[1] = (u64)(uintptr_t)&sites[i->exit - 1];
    out->target[DYNGEN_TAKEN] = address(l, i->taken, at);
    out->target[DYNGEN_COLD] = address(l, i->slow, at);
    status = l->engine->emit(l->s->table, i->template, out);
    if (status == DYNGEN_OK && sites && i->exit && !is_stub) {
        sites[i->exit - 1] = (struct exit_site){
            .pc = l->exit_pc[i->exit - 1],
            .mode = l->exit_mode[i->exit - 1],
            .patch = start + l->engine->taken_site(l->s->table, i->template),
            .unlinked = out->target[DYNGEN_TAKEN],
            .seen = reach(l, l->exit_moved[i->exit - 1]),
        };
    }
    return status;
}

void code_map_add(struct code_map *map, struct code_mark mark)
{
    const struct code_mark *last = map->count ? &map->marks[map->count - 1] : NULL;

    if (last && last->pc == mark.pc && last->segment == mark.segment && last->part == mark.part)
        return;
    if (map->count < CODE_MARKS)
        map->marks[map->count++] = mark;
}

static void map_items(const struct item *items, u32 count, u32 start, struct code_map *map)
{
    for (u32 i = 0; i < count; i++)
        code_map_add(map, (struct code_mark){start + items[i].offset, items[i].pc, items[i].segment,
                                             items[i].part});
}

static enum dyngen_status emit_items(const struct layout *l, const struct item *items, u32 count,
                                     struct bases at, struct dyngen_emit *out,
                                     struct exit_site *sites)
{
    enum dyngen_status status = DYNGEN_OK;

    for (u32 i = 0; i < count && status == DYNGEN_OK; i++)
        status = emit_item(l, &items[i], at, out, sites);
    return status;
}

static struct layout layout;

enum dyngen_status generate(const struct engine *engine, const struct stream *s,
                            struct dyngen_emit *out, struct exit_site *sites, struct code *code)
{
    struct layout *l = &layout;
    const u8 *entry = (const u8 *)((intptr_t)out->at + out->exec);
    enum dyngen_status status;

    if (engine->generate)
        return engine->generate(engine, s, out, sites, code);
    layout_start(l, engine, s);
    for (u32 i = 0; i < s->count; i++)
        layout_uop(l, &s->uops[i]);
    layout_end(l);
    u32 hot_size = place(l, l->hot, l->hot_count);
    struct bases at = {entry, entry + hot_size};
    code->entry = entry;
    code->size = code->text = hot_size + place(l, l->cold, l->cold_count);
    code->exits = l->exits;
    code->behind_check = l->check && l->check_at == 0 ? entry + l->hot[1].offset : NULL;
    code->uses = reach(l, 0);
    if (l->full || code->size > (size_t)(out->end - out->at))
        return DYNGEN_NO_ROOM;
    status = emit_items(l, l->hot, l->hot_count, at, out, sites);
    if (status == DYNGEN_OK)
        status = emit_items(l, l->cold, l->cold_count, at, out, sites);
    if (status == DYNGEN_OK && code->map) {
        code->map->count = 0;
        map_items(l->hot, l->hot_count, 0, code->map);
        map_items(l->cold, l->cold_count, hot_size, code->map);
    }
    return status;
}

/* --- one micro-op for another generator --- */

struct fragment measure_fragment(const struct stream *s, const struct uop *u)
{
    struct layout *l = &layout;

    layout_start(l, template_engine(), s);
    layout_uop(l, u);
    return (struct fragment){place(l, l->hot, l->hot_count), place(l, l->cold, l->cold_count)};
}

enum dyngen_status generate_fragment(const struct stream *s, const struct uop *u, u8 *hot, u8 *cold,
                                     struct dyngen_emit *out)
{
    struct layout *l = &layout;
    struct bases at = {hot + out->exec, cold + out->exec};
    enum dyngen_status status;

    measure_fragment(s, u);
    if (l->full || l->exits)
        return DYNGEN_NO_ROOM;
    out->at = hot;
    status = emit_items(l, l->hot, l->hot_count, at, out, NULL);
    out->at = cold;
    if (status == DYNGEN_OK)
        status = emit_items(l, l->cold, l->cold_count, at, out, NULL);
    return status;
}
