/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See digest.h. */
#include "exec/digest.h"

#include "exec/guest.h"

#include <stdlib.h>
#include <string.h>

static uint64_t fold(uint64_t digest, uint64_t word)
{
    const uint64_t factor = 0x9e3779b97f4a7c15;

    digest = (digest ^ word) * factor;
    return digest ^ digest >> 29;
}

/*
 * By multiplication and folding, eight bytes at a time; the host is little-endian. Of what is
 * longer four digests are worked out side by side, as none of them has to wait for another.
 */
uint64_t digest_bytes(uint64_t before, const void *bytes, size_t size)
{
    enum { LANES = 4 };
    const uint8_t *at = bytes;
    uint64_t lane[LANES] = {before ^ size, 1, 2, 3}, word[LANES];

    for (; size >= sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(word, at, sizeof word);
        for (unsigned i = 0; i < LANES; i++)
            lane[i] = fold(lane[i], word[i]);
    }
    memset(word, 0, sizeof word);
    memcpy(word, at, size);
    for (unsigned i = 0; i < LANES; i++)
        lane[0] = fold(lane[0] ^ lane[i] * (i > 0), word[i]);
    return lane[0] ^ lane[0] >> 32;
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
    if (exec_is_entered(e))
        guest->leave(core);
    memcpy(copy, core, guest->state_size);
    if (exec_is_entered(e))
        guest->enter(core);
    level_state(guest, copy, 0);
    copy->rest = NULL;
    copy->budget = 0;
    digest = digest_bytes(0, copy, guest->state_size);
    free(copy);
    return digest;
}
