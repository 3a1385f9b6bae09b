/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network's frames in a file, as tcpdump and Wireshark read them. */
#ifndef HW_HOST_NET_DUMP_H
#define HW_HOST_NET_DUMP_H

#include "hw/host/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* NULL and an error if the file cannot be had. */
FILE *net_dump_open(const char *path, struct error *error);
/* With the host's time; `file` may be NULL. */
void net_dump_frame(FILE *file, const uint8_t *frame, size_t size);

#endif
