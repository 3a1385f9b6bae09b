/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hosts.c: the hosts there are. */
#include "dyngen/host.h"

const struct host *const hosts[] = {&host_x86_64, NULL};
