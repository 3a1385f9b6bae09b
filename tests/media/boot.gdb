# SPDX-License-Identifier: GPL-3.0-or-later
# At a machine's start: its boot sector, which jumps over its table, in real-address mode.
set confirm off
break *0x7c00
continue
x/i $pc
printf "sector %d\n", *(unsigned short *)0x7dfe == 0xaa55
printf "boots at %x:%x from %x\n", $cs, $ip, $edx & 0xff
stepi
printf "behind it %x\n", $pc
delete
detach
