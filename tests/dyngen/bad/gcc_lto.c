/* wrong: is GCC's intermediate code (-flto); compile with -fno-lto */
void __op_next(long *s, long a);

void op_x(long *s, long a)
{
    __op_next(s, a);
}
