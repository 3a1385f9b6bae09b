/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong: is for i386, which dyngen has no host for; compile for x86-64 */

void op_x(void)
{
}
