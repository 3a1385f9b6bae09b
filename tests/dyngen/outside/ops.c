/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ops.c: ops for what may be wrong with the output where a stranger compiles it. */
#define STATE long *state
#define OP    __attribute__((preserve_none)) void
#define TO(f) __attribute__((musttail)) return f(state)

extern const char __op_param1[];
extern long jit_variable, jit_table[];
long jit_function(long, long);
void jit_callback(void);
OP __op_next(STATE), __op_cold(STATE), jit_leave(STATE);

OP op_call(STATE)
{
    *state = jit_function(*state, (int)(long)__op_param1);
    TO(__op_next);
}

OP op_count(STATE)
{
    jit_variable += *state;
    if (jit_variable > 100)
        TO(__op_cold);
    TO(__op_next);
}

/* Of these two only the address is used, and nothing in the object says what they are. */
OP op_callback(STATE)
{
    *state = (long)&jit_callback;
    TO(__op_next);
}

OP op_table(STATE)
{
    *state = (long)jit_table;
    TO(__op_next);
}

OP op_third(STATE)
{
    static const double numbers[] = {1.5, 2.5, 4};
    *state = (long)numbers[*state & 1];
    TO(__op_next);
}

OP op_leave(STATE)
{
    TO(jit_leave);
}
