/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What PS/2 devices have to send. */
#include "hw/input/ps2.h"

#include <string.h>

bool ps2_pending(const struct ps2_queue *q)
{
    return q->answers || q->count;
}

static uint8_t take_answer(struct ps2_queue *q)
{
    uint8_t byte = q->answer[0];
    memmove(q->answer, q->answer + 1, sizeof q->answer - 1);
    q->answers--;
    return byte;
}

static uint8_t take_byte(struct ps2_queue *q)
{
    uint8_t byte = q->byte[q->head];
    q->head = (q->head + 1) % PS2_BUFFER;
    q->count--;
    return byte;
}

uint8_t ps2_take(struct ps2_queue *q)
{
    if (!ps2_pending(q))
        return 0;
    q->last = q->answers ? take_answer(q) : take_byte(q);
    return q->last;
}

static void ready(struct ps2_queue *q)
{
    irq_set(&q->ready, true);
    irq_set(&q->ready, false);
}

void ps2_put(struct ps2_queue *q, const uint8_t *bytes, unsigned count)
{
    for (unsigned i = 0; i < count && q->count < PS2_BUFFER; i++)
        q->byte[(q->head + q->count++) % PS2_BUFFER] = bytes[i];
    ready(q);
}

/* In the place of an answer that nobody has read. */
void ps2_answer(struct ps2_queue *q, uint8_t byte)
{
    q->answers = 0;
    ps2_answer_more(q, byte);
}

void ps2_answer_more(struct ps2_queue *q, uint8_t byte)
{
    if (q->answers < PS2_ANSWERS)
        q->answer[q->answers++] = byte;
    ready(q);
}

void ps2_clear(struct ps2_queue *q)
{
    struct irq_line line = q->ready;
    *q = (struct ps2_queue){.last = q->last, .ready = line};
}

static const struct state_field fields[] = {
    {STATE(ps2_queue, answers), .most = PS2_ANSWERS},
    {STATE_ARRAY(ps2_queue, answer)},
    {STATE(ps2_queue, head), .most = PS2_BUFFER - 1},
    {STATE(ps2_queue, count), .most = PS2_BUFFER},
    {STATE_ARRAY(ps2_queue, byte)},
    {STATE(ps2_queue, last)},
    {NOT_STATE(ps2_queue, ready)},
    {0},
};
const struct state_table ps2_queue_state = STATE_TABLE(ps2_queue, 1, fields);
