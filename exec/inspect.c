/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See inspect.h. */
#include "exec/inspect.h"

#include "exec/guest.h"
#include "exec/registers.h"

#include <string.h>

void exec_print_registers(struct exec *e, FILE *to)
{
    exec_guest(e)->print_registers(exec_core(e), to);
}

static bool is_same_name(const char *a, const char *b)
{
    while (*a && (*a == *b || (*a == '_' && *b == '.')))
        a++, b++;
    return !*a && !*b;
}

/* Bytes in the guest's order. */
static uint64_t number(const u8 *bytes, unsigned size, bool big_endian)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | bytes[big_endian ? i : size - 1 - i];
    return value;
}

bool exec_register(struct exec *e, const char *name, uint64_t *value)
{
    const struct register_set *set = exec_registers(e);
    struct block_key key = exec_guest(e)->key(exec_core(e));
    const struct guest_register *r;
    unsigned n = 0;
    u8 bytes[REGISTER_MOST];
    *value = key.base + key.pc;
    if (strcmp(name, "pc") == 0)
        return true;
    while ((r = set->at(n)) && !is_same_name(r->name, name))
        n++;
    if (!r || r->bits > 64)
        return false;
    set->get(exec_core(e), n, bytes);
    *value = number(bytes, r->bits / 8, set->big_endian);
    return true;
}

struct mapping exec_mapping(struct exec *e, uint32_t linear)
{
    return exec_guest(e)->mapping(exec_core(e), linear);
}

const struct isa *exec_isa(struct exec *e)
{
    return exec_guest(e)->isa(core_mode(exec_core(e)));
}

bool exec_is_halted(struct exec *e)
{
    return exec_core(e)->halted;
}

/* --- memory --- */

static size_t until_page_ends(uint64_t address, size_t size)
{
    size_t left = PAGE_SIZE - (address & PAGE_MASK);
    return size < left ? size : left;
}

size_t exec_peek_physical(struct memory *m, uint64_t physical, void *to, size_t size)
{
    size_t done = 0;
    while (done < size && !((physical + done) >> 32)) {
        uint32_t at = (uint32_t)(physical + done);
        size_t n = until_page_ends(at, size - done);
        struct memory_page page = memory_page(m, at);
        if (!page.host)
            break;
        memcpy((uint8_t *)to + done, page.host + (at & PAGE_MASK), n);
        done += n;
    }
    return done;
}

size_t exec_peek(struct exec *e, uint32_t linear, void *to, size_t size)
{
    size_t done = 0, n = 1, got = 1;
    while (done < size && got == n) {
        uint32_t at = linear + (uint32_t)done;
        struct mapping map = exec_mapping(e, at);
        n = until_page_ends(at, size - done);
        got = map.present
                  ? exec_peek_physical(exec_memory(e), map.physical, (uint8_t *)to + done, n)
                  : 0;
        done += got;
    }
    return done;
}

size_t exec_poke(struct exec *e, uint32_t linear, const void *from, size_t size)
{
    size_t done = 0;
    while (done < size) {
        struct mapping map = exec_mapping(e, linear + (uint32_t)done);
        size_t n = until_page_ends(linear + (uint32_t)done, size - done);
        if (!map.present || map.physical >> 32 ||
            !memory_copy_in(exec_memory(e), (uint32_t)map.physical, (const uint8_t *)from + done,
                            n))
            break;
        done += n;
    }
    return done;
}
