/* wrong: relocation R_X86_64_GOTPCRELX against __op_next is not one that can be patched; compile without -fno-plt and with -fno-pic */
void __op_next(long *s, long a);

void op_x(long *s, long a)
{
    __op_next(s, a);
}
