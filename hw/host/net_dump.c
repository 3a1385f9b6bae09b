/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The format is libpcap's, pcap-savefile(5). */
#include "hw/host/net_dump.h"

#include "exec/file.h"
#include "hw/host/clock.h"

#include <errno.h>
#include <string.h>

enum { SNAPSHOT = 65535, ETHERNET = 1, NS_PER_US = 1000, US_PER_S = 1000000 };

FILE *net_dump_open(const char *path, struct error *error)
{
    static const struct {
        uint32_t magic;
        uint16_t major, minor;
        uint32_t zone, accuracy, snapshot, link;
    } header = {0xa1b2c3d4, 2, 4, 0, 0, SNAPSHOT, ETHERNET};
    FILE *f = file_create(path);
    if (f)
        fwrite(&header, sizeof header, 1, f);
    else
        error_set(error, "%s: %s", path, strerror(errno));
    return f;
}

void net_dump_frame(FILE *file, const uint8_t *frame, size_t size)
{
    uint64_t us = host_time_of_day() / NS_PER_US;
    const uint32_t header[] = {(uint32_t)(us / US_PER_S), (uint32_t)(us % US_PER_S), (uint32_t)size,
                               (uint32_t)size};
    if (!file)
        return;
    fwrite(header, sizeof header, 1, file);
    fwrite(frame, size, 1, file);
}
