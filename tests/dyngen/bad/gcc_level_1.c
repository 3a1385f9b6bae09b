/* wrong: calls __op_next; an op may only jump to it (musttail return); gcc needs -O2 or -foptimize-sibling-calls */
void __op_next(long *s, long a);

void op_x(long *s, long a)
{
    __op_next(s, a);
}
