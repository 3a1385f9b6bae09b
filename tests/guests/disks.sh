#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The guest's side of test_disks.c, as the first process of Debian's kernel: writes to its disk,
# reads it and a CD, and says what it has seen.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for m in scsi_common scsi_mod libata crct10dif_common crc-t10dif crc64 crc64-rocksoft t10-pi \
    sd_mod cdrom sr_mod ata_piix; do
    insmod /$m.ko
done
tries=0
while [ ! -b /dev/sda ] || [ ! -b /dev/sr0 ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || break
    sleep 1
done
say() {
    echo "@$1=$(md5sum | cut -d ' ' -f 1)@"
}
forget() {
    sync
    echo 3 >/proc/sys/vm/drop_caches
}
say before </dev/sda
say cd </dev/sr0
# Another disc: Linux finds out when the drive is opened.
size() {
    head -c 2048 </dev/sr0 >/dev/null 2>&1
    cat /sys/block/sr0/size
}
first=$(size)
echo "@another@"
while [ "$(size)" = "$first" ] || [ "$(size)" -lt 8 ]; do
    sleep 1
done
say another </dev/sr0
cat /bin/busybox /init /lib/libc.so.6 >/tmp/bytes
say written </tmp/bytes
dd if=/tmp/bytes of=/dev/sda bs=4k seek=512 conv=fsync 2>/dev/null
# A direct write of an odd number of sectors, and single ones.
dd if=/tmp/bytes of=/dev/sda bs=512 count=37 seek=63 oflag=direct 2>/dev/null ||
    dd if=/tmp/bytes of=/dev/sda bs=512 count=37 seek=63 2>/dev/null
forget
dd if=/dev/sda bs=4k skip=512 2>/dev/null | head -c "$(wc -c </tmp/bytes)" | say read
say after </dev/sda
forget
echo "@end@"
reboot -f
