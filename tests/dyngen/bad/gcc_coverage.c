/* wrong: refers to __gcov0.op_x in .bss, data of the compiler's own; compile ops without --coverage */
void __op_next(long *s, long a);

void op_x(long *s, long a)
{
    __op_next(s, a);
}
