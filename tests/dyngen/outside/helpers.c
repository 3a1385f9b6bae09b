/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helpers.c: what the ops refer to. */
#ifdef __cplusplus
extern "C" {
#endif

extern long jit_variable, jit_table[3];
long jit_function(long x, long y);
void jit_callback(void);
void jit_leave(void);

long jit_variable;
long jit_table[3];

long jit_function(long x, long y)
{
    return x + y;
}

void jit_callback(void)
{
}

void jit_leave(void)
{
}

#ifdef __cplusplus
}
#endif
