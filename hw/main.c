/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: from the command line to an exit status. */
#include "exec/i386/model.h"
#include "exec/symbols.h"
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

/* Opens a file to be written, if there is a path; else *file stays as it is. */
static bool open_to_write(const char *path, FILE **file, struct error *error)
{
    if (!path)
        return true;
    FILE *opened = fopen(path, "we");
    if (!opened)
        return error_set(error, "%s: %s", path, strerror(errno));
    *file = opened;
    return true;
}

static bool start_symbols(struct symbols **symbols, struct pc *pc, unsigned which,
                          struct error *error)
{
    const char *what = "";
    *symbols = which ? symbols_start(pc_exec(pc), which, &what) : NULL;
    return *symbols || !which || error_set(error, "%s: %s", what, strerror(errno));
}

static int end_symbols(struct symbols *symbols, int status)
{
    struct error error;
    if (symbols_end(symbols))
        return status;
    error_set(&error, "-perfmap, -jitdump: %s", strerror(errno));
    return fail(&error);
}

static int write_stats(struct pc *pc, const struct options *options, FILE *json, int status)
{
    struct error error;
    if (options->stats)
        pc_print_stats(pc, stderr);
    if (!json)
        return status;
    bool written = pc_write_stats(pc, json);
    if (fclose(json) == 0 && written)
        return status;
    error_set(&error, "%s: %s", options->stats_json, strerror(errno));
    return fail(&error);
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
    FILE *json = NULL;
    struct pc *pc = NULL;
    struct symbols *symbols = NULL;
    if (open_to_write(options->log_path, &log_file, &error) &&
        open_to_write(options->stats_json, &json, &error))
        pc = pc_create(options, fallback, &error);
    if (!pc)
        return fail(&error);
    if (!start_symbols(&symbols, pc, options->symbols, &error)) {
        pc_destroy(pc);
        return fail(&error);
    }
    int status = write_stats(pc, options, json, pc_run(pc));
    pc_destroy(pc);
    status = end_symbols(symbols, status);
    end_by_signal();
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error error;
    int status = EXIT_SUCCESS;
    if (!options_parse(&options, argc, argv, &error))
        status = fail(&error);
    else if (options.help)
        options_print_help(stdout);
    else if (options.cpu_help)
        model_print_all(stdout);
    else if (options.version)
        puts("tessera " VERSION);
    else
        status = run(&options);
    options_free(&options);
    return status;
}
