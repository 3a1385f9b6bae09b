/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: `tessera -kernel bzImage -m 256`, spelled as QEMU's is, with one dash or two.
 */
#ifndef HW_OPTIONS_H
#define HW_OPTIONS_H

#include "exec/exec.h"
#include "hw/error.h"
#include "hw/loader.h"

enum outside_kind { OUTSIDE_NONE, OUTSIDE_NULL, OUTSIDE_STDIO, OUTSIDE_FILE };

/* What a port is connected to; OUTSIDE_NONE: there is no such port. */
struct outside {
    enum outside_kind kind;
    const char *path;
};

enum { SERIAL_PORTS = 2 };

struct options {
    struct loader_request load;
    struct outside serial[SERIAL_PORTS];
    unsigned serials; /* given by the user */
    struct outside parallel;
    unsigned parallels; /* given by the user */
    struct outside debugcon;
    unsigned debugcon_port;
    bool debug_exit;
    unsigned debug_exit_port, debug_exit_size;
    unsigned post_port;
    bool no_reboot;
    bool stats;
    const char *stats_json;
    unsigned symbols; /* enum symbols, or'd */
    const char *log_path;
    struct exec_options exec;
    bool help, cpu_help, version; /* print that, and do nothing else */
};

bool options_parse(struct options *o, int argc, char **argv, struct error *error);
void options_print_help(FILE *to);

#endif
