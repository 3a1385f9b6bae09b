/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guest bytes through the decoder, the passes and the generators. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "exec/i386/model.h"
#include "exec/memory.h"
#include "exec/place.h"
#include "translate/i386/translate.h"
#include "translate/translate.h"
#include "translate/window.h"

/*
 * Code goes to the end of ROOM bytes, before a page that nobody may touch; behind them lie bytes
 * that nobody may change.
 */
enum { ROOM = 256 << 10, CANARY = 0xa5 };

struct input {
    const uint8_t *bytes;
    size_t size;
    u32 eip;
};

static u8 fetch(void *context, u32 offset)
{
    const struct input *g = context;
    u32 at = offset - g->eip;
    return at < g->size ? g->bytes[at] : 0;
}

/* Whatever is asked for leads to the page. */
static bool peek(void *context, u32 linear, u32 *value)
{
    const struct input *g = context;

    *value = (g->eip & ~(u32)PAGE_MASK) | (linear & PAGE_MASK);
    return true;
}

static u64 features_of(unsigned choice)
{
    static const char *const models[] = {"max", "386", "486", "pentium"};
    return model_find(models[choice % (sizeof models / sizeof *models)])->features;
}

static u8 *code_room(void)
{
    static u8 *room;
    if (room)
        return room;
    room = place_map(PLACE_NEAR, ROOM + PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    if (!room || mprotect(room + ROOM, PAGE_SIZE, PROT_NONE) != 0)
        abort();
    return room;
}

static struct exit_site *exit_sites(void)
{
    static struct exit_site *sites;
    const size_t size = (BLOCK_EXITS + 1) * sizeof *sites;
    if (sites)
        return sites;
    sites = place_map(PLACE_LOW, size, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    if (!sites)
        abort();
    return sites;
}

/* Generates into the last `size` bytes of the room; true and the size of the code if it fits. */
static bool generate_into(const struct engine *engine, const struct stream *s, size_t size,
                          size_t *needed)
{
    struct exit_site *sites = exit_sites();
    const struct exit_site unused = {.pc = 0x12345678};
    u8 *room = code_room(), *start = room + ROOM - size;
    struct dyngen_emit out = {.at = start, .end = room + ROOM};
    struct code code = {.map = NULL};

    sites[BLOCK_EXITS] = unused;
    if (start - room >= 64)
        memset(start - 64, CANARY, 64);
    enum dyngen_status status = generate(engine, s, &out, sites, &code);
    for (u8 *at = start - 64; start - room >= 64 && at < start; at++)
        if (*at != CANARY)
            abort();
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): padding is not to be written, too */
    if (memcmp(&sites[BLOCK_EXITS], &unused, sizeof unused) != 0)
        abort();
    if (status == DYNGEN_OK && (code.size > size || code.exits > BLOCK_EXITS))
        abort();
    *needed = code.size;
    return status == DYNGEN_OK;
}

static void generate_in_rooms(const struct engine *engine, const struct stream *s, u32 room)
{
    size_t needed, ignored;

    if (generate_into(engine, s, ROOM, &needed)) {
        generate_into(engine, s, needed / engine->alignment * engine->alignment, &ignored);
        generate_into(engine, s, (needed - 1) / engine->alignment * engine->alignment, &ignored);
        room %= (u32)needed;
    }
    generate_into(engine, s, room / engine->alignment * engine->alignment, &ignored);
}

static void print(const struct stream *s)
{
    char text[128];

    for (u32 i = 0; i < s->count; i++)
        uop_print(s->table, &s->uops[i], text, i % sizeof text + 1);
}

/* Inputs have MODE_USER in bit 2 and MODE_STEP in bit 12, the guest's bits around them. */
static u32 mode_of(u32 bits)
{
    u32 own = (bits & 3) | (bits >> 1 & 0x7fc) | (bits >> 2 & ~(u32)0x7ff);

    return own << MODE_GUEST | (bits & 1 << 2 ? MODE_USER : 0) | (bits & 1 << 12 ? MODE_STEP : 0);
}

void fuzz_decoder(const uint8_t *bytes, size_t size)
{
    static struct stream s;
    u32 mode = mode_of(fuzz_take(&bytes, &size, 4));
    u32 eip = fuzz_take(&bytes, &size, 4);
    u32 base = mode & MODE_FLAT_CS ? 0 : fuzz_take(&bytes, &size, 4);
    u32 room = fuzz_take(&bytes, &size, 2);
    u32 insns = fuzz_take(&bytes, &size, 1) % STREAM_INSNS + 1;
    u32 model = fuzz_take(&bytes, &size, 1);
    struct input guest = {bytes, size, eip};
    u32 regs[LOCATIONS];
    struct code_source source = {
        .context = &guest,
        .fetch = fetch,
        .base = base,
        .limit = room & 1 ? ~0u : eip + (u32)size,
        .loop_body = room & 2 ? LOOP_INSNS : 0,
        .max_insns = insns,
        .max_size = UINT32_MAX,
        .regs = regs,
        .peek = peek,
    };
    struct i386_code code = {.source = &source, .features = features_of(model)};

    for (unsigned i = 0; i < LOCATIONS; i++)
        regs[i] = eip;
    if (source.base == 0 && source.limit == ~0u)
        mode |= MODE_LINEAR;

    if (source.limit < eip)
        return;
    decode_i386(&s, &code, eip, mode);
    if (s.count > STREAM_UOPS || s.insns > STREAM_INSNS)
        abort();
    stream_put_off_notes(&s);
    stream_drop_dead(&s);
    print(&s);
    generate_in_rooms(template_engine(), &s, room);
    generate_in_rooms(interp_engine(), &s, room);
    generate_in_rooms(ir_engine(), &s, room);
    if (stream_use_window(&s, 0))
        generate_in_rooms(template_engine(), &s, room);
}
