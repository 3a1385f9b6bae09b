/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: from the command line to an exit status. */
#include "exec/i386/model.h"
#include "hw/pc.h"
#include "hw/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "0.1"

extern const unsigned char default_guest[];
extern const unsigned default_guest_size;

static int fail(const struct error *error)
{
    fprintf(stderr, "tessera: %s\n", error->text);
    return EXIT_FAILURE;
}

static bool open_log(const struct options *options, struct error *error)
{
    if (!options->log_path)
        return true;
    FILE *file = fopen(options->log_path, "we");
    if (!file)
        return error_set(error, "%s: %s", options->log_path, strerror(errno));
    log_file = file;
    return true;
}

/* A parent that waits for us is to see what ended us. */
static void end_by_signal(void)
{
    if (terminal_signal) {
        fflush(NULL);
        signal(terminal_signal, SIG_DFL);
        raise(terminal_signal);
    }
}

static int run(const struct options *options)
{
    const struct default_kernel fallback = {default_guest, default_guest_size};
    struct error error;
    struct pc *pc = open_log(options, &error) ? pc_create(options, fallback, &error) : NULL;
    if (!pc)
        return fail(&error);
    int status = pc_run(pc);
    if (options->stats)
        pc_print_stats(pc, stderr);
    pc_destroy(pc);
    end_by_signal();
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error;
    if (!options_parse(&options, argc, argv, &error))
        return fail(&error);
    if (options.help) {
        options_print_help(stdout);
        return EXIT_SUCCESS;
    }
    if (options.cpu_help) {
        model_print_all(stdout);
        return EXIT_SUCCESS;
    }
    if (options.version) {
        puts("tessera " VERSION);
        return EXIT_SUCCESS;
    }
    return run(&options);
}
