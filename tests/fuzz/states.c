/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices of any machine: their states, what must hold of those, frames that come to cards. */
#include "tests/fuzz/fuzz.h"

#include "hw/device.h"
#include "tests/hw/fake_net.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 18 };

bool fuzz_restore_forged(struct devices *devices, const uint8_t **bytes, size_t *left)
{
    static uint8_t state[ROOM];
    struct error error;
    size_t size = devices_save(devices, state, ROOM);

    if (size > ROOM)
        abort();
    for (unsigned i = fuzz_take(bytes, left, 1) % 8; i; i--) {
        size_t at = fuzz_take(bytes, left, 3) % size;
        state[at] = (uint8_t)fuzz_take(bytes, left, 1);
    }
    return devices_restore(devices, state, size, &error);
}

void fuzz_check_state(struct devices *devices)
{
    static uint8_t saved[ROOM], again[ROOM];
    struct error error;
    size_t size = devices_save(devices, saved, ROOM);

    if (size > ROOM || !devices_restore(devices, saved, size, &error) ||
        devices_save(devices, again, ROOM) != size || memcmp(saved, again, size) != 0)
        abort();
}

void fuzz_give_frame(struct fake_net *net, size_t size, const uint8_t **bytes, size_t *left)
{
    if (!net->net.card.receive)
        return;
    size = size < *left ? size : *left;
    fake_net_give(net, *bytes, size);
    net->waiting_size = 0;
    *bytes += size;
    *left -= size;
}
