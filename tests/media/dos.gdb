# SPDX-License-Identifier: GPL-3.0-or-later
# At DOS's prompt: its handler of INT 21h, where the vector says; and who has called it.
set confirm off
set $handler = *(unsigned short *)0x86 * 16 + *(unsigned short *)0x84
break *$handler
continue
printf "handler %d\n", $pc == $handler && $cs * 16 + $ip == $handler
set $stack = $ss * 16 + ((unsigned)$esp & 0xffff)
x/i *(unsigned short *)($stack + 2) * 16 + *(unsigned short *)$stack - 2
x/i $pc
stepi
printf "behind %d\n", $pc != $handler
watch *(unsigned *)0x46c
delete 1
continue
printf "ticks\n"
delete
detach
