/* wrong: refers to op_x.cold in .text.unlikely.op_x, the half of a function that the compiler takes to be cold; compile with -fno-reorder-blocks-and-partition */
void __op_next(long *s, long a);
__attribute__((cold)) void helper(long *s);

void op_x(long *s, long a)
{
    if (a == 3) {
        helper(s);
        *s = 7;
    }
    __op_next(s, a);
}
