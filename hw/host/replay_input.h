/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and the mouse in a recording: a sink in front of the machine's. */
#ifndef HW_HOST_REPLAY_INPUT_H
#define HW_HOST_REPLAY_INPUT_H

#include "hw/host/input.h"
#include "hw/host/replay.h"

struct exec;

struct replay_input {
    struct replay *replay; /* NULL: neither records nor plays */
    struct exec *exec;
    struct input_sink sink; /* the machine's */
};

/* What input is to be given as its sink; that which plays takes and forgets it. */
struct input_sink replay_input_sink(struct replay_input *s);
/* Behind input_deliver: what was recorded here. */
void replay_input_deliver(struct replay_input *s);

#endif
