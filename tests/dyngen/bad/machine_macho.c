/* wrong: is a Mach-O object; dyngen reads ELF: compile for Linux */

void op_x(void)
{
}
