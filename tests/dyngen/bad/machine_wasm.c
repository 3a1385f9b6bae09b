/* wrong: is a WebAssembly object; dyngen reads ELF: compile for Linux */

void op_x(void)
{
}
