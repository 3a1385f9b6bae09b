/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See digest.h. */
#include "exec/digest.h"

#include "exec/guest.h"

#include <stdlib.h>
#include <string.h>

/* By multiplication and folding, eight bytes at a time; the host is little-endian. */
uint64_t digest_bytes(uint64_t before, const void *bytes, size_t size)
{
    const uint64_t factor = 0x9e3779b97f4a7c15;
    const uint8_t *at = bytes;
    uint64_t digest = before ^ size, word;

    for (; size >= sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(&word, at, sizeof word);
        digest = (digest ^ word) * factor;
        digest ^= digest >> 29;
    }
    word = 0;
    memcpy(&word, at, size);
    digest = (digest ^ word) * factor;
    return digest ^ digest >> 32;
}

void level_state(const struct guest *guest, struct core *copy, u32 dead)
{
    guest->level(copy, dead);
    copy->slow = copy->slow_imm = copy->exit_request = 0;
    copy->resume = NULL;
    copy->exit = NULL;
    copy->int_line = false;
}

uint64_t digest_state(struct exec *e, const struct guest *guest)
{
    struct core *core = exec_core(e), *copy = aligned_alloc(64, (guest->state_size + 63) & ~63ul);
    uint64_t digest;

    if (!copy)
        abort();
    guest->leave(core);
    memcpy(copy, core, guest->state_size);
    guest->enter(core);
    level_state(guest, copy, 0);
    copy->rest = NULL;
    copy->budget = 0;
    digest = digest_bytes(0, copy, guest->state_size);
    free(copy);
    return digest;
}
