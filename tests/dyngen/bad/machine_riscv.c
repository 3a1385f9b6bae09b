/* wrong: is for RISC-V, which dyngen has no host for; compile for x86-64 */

void op_x(void)
{
}
