/* wrong: is a COFF object; dyngen reads ELF: compile for Linux */

void op_x(void)
{
}
