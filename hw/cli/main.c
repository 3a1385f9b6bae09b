/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: from the command line to an exit status. */
#include "exec/file.h"
#include "exec/report/symbols.h"
#include "hw/cli/command_line.h"
#include "hw/host/chardev_place.h"
#include "hw/host/leftover.h"
#include "hw/host/sandbox.h"
#include "hw/host/terminal.h"
#include "hw/machine.h"
#include "hw/monitor/monitors.h"
#include "hw/net/network_card.h"
#include "hw/usb/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const unsigned char default_guest[];
extern const unsigned default_guest_size;

static int fail(const struct error *error)
{
    fprintf(stderr, "tessera: %s\n", error->text);
    return EXIT_FAILURE;
}

static void tell_loss(const char *name, int error_number)
{
    struct error error;
    error_set(&error, "%s: %s", name, strerror(error_number));
    fail(&error);
}

/*
 * A descriptor that was closed when we started would be taken by the next file that is opened. In
 * its place comes what can only be read, and is empty: what is written there is not lost in
 * silence.
 */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            _exit(EXIT_FAILURE);
}

static void set_up_files(void)
{
    open_standard_descriptors();
    signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is an error like others */
    files_on_loss(tell_loss);
    FILE *error = file_stream(STDERR_FILENO, "standard error");
    FILE *output = file_stream(STDOUT_FILENO, "standard output");
    if (error)
        stderr = error;
    if (output)
        stdout = output;
}

/* Opens a file to be written, if there is a path; else *file stays as it is. */
static bool open_to_write(const char *path, FILE **file, struct error *error)
{
    if (!path)
        return true;
    FILE *opened = file_create(path);
    if (!opened)
        return error_set(error, "%s: %s", path, strerror(errno));
    *file = opened;
    return true;
}

struct session {
    const struct machine *machine;
    void *m; /* that the machine's functions get */
    struct monitors *monitors;
    struct symbols *symbols; /* NULL: nobody is told of generated code */
    FILE *json;              /* NULL: counters are not wanted so */
    struct snapshot_store snapshots;
    struct monitor_folders folders;
};

static struct exec *exec_of(const struct session *s)
{
    return s->machine->parts(s->m).exec;
}

static bool start_symbols(struct session *s, unsigned which, struct error *error)
{
    const char *what = "";
    s->symbols = which ? symbols_start(exec_of(s), which, &what) : NULL;
    return s->symbols || !which || error_set(error, "%s: %s", what, strerror(errno));
}

/* Afresh, or as it was saved. */
static bool begin(struct session *s, const struct options *options, struct error *error)
{
    s->machine->power_on(s->m);
    s->snapshots.machine = s->machine->snapshot(s->m);
    return snapshot_store_begin(&s->snapshots, error) &&
           monitors_keep_past(s->monitors, options, &s->snapshots.machine, error);
}

static bool start_monitors(struct session *s, const struct options *options, struct error *error)
{
    const struct machine_parts parts = s->machine->parts(s->m);
    return monitors_open(&s->monitors, options, &parts, &s->snapshots, &s->folders, error);
}

static unsigned sound_needs(const struct options *options)
{
    unsigned needs = 0;
    for (unsigned i = 0; i < options->audios; i++)
        needs |= audio_needs(options->audio[i].kind);
    return needs;
}

/* All that are not monitors'; and how many there are. */
enum { LINES = SERIAL_PORTS + 2 };
static void get_lines(const struct options *o, const struct outside *line[LINES])
{
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        line[i] = &o->serial[i];
    line[SERIAL_PORTS] = &o->parallel;
    line[SERIAL_PORTS + 1] = &o->debugcon;
}

static unsigned line_needs(const struct options *o)
{
    const struct outside *line[LINES];
    unsigned needs = 0;
    get_lines(o, line);
    for (unsigned i = 0; i < LINES; i++)
        needs |= place_is_socket(line[i]) ? SANDBOX_VIEWERS : 0;
    return needs;
}

static bool is_named(const struct outside *o)
{
    return o->kind == OUTSIDE_UNIX && o->server;
}

/* Names of sockets that we make do not stay behind. */
static bool watch_leftovers(const struct options *o, struct error *error)
{
    const char *path[LINES + MONITORS];
    const struct outside *line[LINES];
    unsigned count = 0;
    get_lines(o, line);
    for (unsigned i = 0; i < LINES; i++)
        if (is_named(line[i]))
            path[count++] = line[i]->path;
    for (unsigned i = 0; i < o->monitors; i++)
        if (is_named(&o->monitor[i].at))
            path[count++] = o->monitor[i].at.path;
    return leftovers_watch(path, count, error);
}

/* All that a run needs, before the guest has its first instruction. */
static bool set_up(struct session *s, const struct options *options, struct error *error)
{
    const struct default_kernel fallback = {default_guest, default_guest_size};
    bool screen_file = options->screen_png || options->screen_text;
    unsigned needs =
        (options->symbols & DYNGEN_GDB ? SANDBOX_GDB : 0u) | (options->drives ? SANDBOX_DISK : 0u) |
        (options->nets ? SANDBOX_NETWORK : 0u) | (screen_file ? SANDBOX_SCREEN_FILE : 0u) |
        (screen_file || snapshot_store_is_used(&options->snapshots) ? SANDBOX_SNAPSHOT : 0u) |
        (options->record || options->replay ? SANDBOX_REPLAY : 0u) |
        displays_needs(&options->display) | monitors_needs(options) | sound_needs(options) |
        line_needs(options);
    if (!watch_leftovers(options, error) || !open_to_write(options->log_path, &log_file, error) ||
        !open_to_write(options->stats_json, &s->json, error) ||
        !snapshot_store_open(&s->snapshots, &options->snapshots, error) ||
        !monitors_open_folders(&s->folders, options, error))
        return false;
    s->m = s->machine->create(options, fallback, error);
    return s->m && start_symbols(s, options->symbols, error) &&
           (!options->sandbox || sandbox_drop(error)) && s->machine->start(s->m, error) &&
           start_monitors(s, options, error) &&
           (!options->sandbox || sandbox_enter(needs, error)) && begin(s, options, error);
}

static void write_stats(struct session *s, const struct options *options)
{
    if (options->stats)
        exec_print_stats(exec_of(s), stderr);
    if (s->json && !exec_write_stats(exec_of(s), s->json))
        files_lose(options->stats_json, ENOMEM);
}

/* A parent that waits for us is to see what ended us. */
static void end_by_signal(void)
{
    if (terminal_signal) {
        signal(terminal_signal, SIG_DFL);
        raise(terminal_signal);
    }
}

static int run(const struct options *options)
{
    struct error error;
    struct session s = {.machine = options->machine};
    int status;
    if (set_up(&s, options, &error)) {
        status = s.machine->run(s.m);
        if (!snapshot_store_end(&s.snapshots, &error))
            status = fail(&error);
        write_stats(&s, options);
    } else {
        terminal_leave(); /* a display may have begun to draw on it */
        status = fail(&error);
    }
    if (!monitors_close(s.monitors))
        status = EXIT_FAILURE;
    snapshot_store_close(&s.snapshots);
    monitors_close_folders(&s.folders);
    s.machine->destroy(s.m);
    leftovers_remove();
    if (!symbols_end(s.symbols))
        files_lose("-perfmap, -jitdump", errno);
    return status;
}

static void print_row(const char *name, const char *description, bool is_default)
{
    printf("  %-16s%s%s\n", name, description, is_default ? " (default)" : "");
}

static void print_machines(void)
{
    for (unsigned i = 0; machines[i]; i++)
        print_row(machines[i]->name, machines[i]->description, i == 0);
}

static void print_cards(void)
{
    for (const struct card_model *m = card_models; m->name; m++)
        print_row(m->name, m->description, m == card_models);
}

static void print_devices(void)
{
    const char *help;
    for (unsigned i = 0; device_name(i, &help); i++)
        print_row(device_name(i, &help), help, false);
    for (const struct usb_model *m = usb_models; m->name; m++)
        print_row(m->name, m->description, false);
    for (const struct card_model *m = card_models; m->name; m++)
        print_row(m->name, m->description, false);
}

static void print_chardevs(void)
{
    for (unsigned i = 0; chardev_choice(i); i++)
        printf("  %s\n", chardev_choice(i));
}

static void print_audio(void)
{
    for (unsigned i = 0; audio_choice(i); i++)
        printf("  %s\n", audio_choice(i));
}

static void print_log_items(void)
{
    for (const struct log_name *l = log_names; l->name; l++)
        print_row(l->name, l->what, false);
}

static void (*const print_listing[])(void) = {
    [LIST_MACHINES] = print_machines, [LIST_CARDS] = print_cards,
    [LIST_DEVICES] = print_devices,   [LIST_AUDIO] = print_audio,
    [LIST_CHARDEVS] = print_chardevs, [LIST_LOG_ITEMS] = print_log_items,
};

static void print_version(void)
{
    puts("tessera " TESSERA_VERSION "\n"
         "Free software under the GNU GPL, version 3 or later; there is no warranty.");
}

static int act(struct options *options, int argc, char **argv)
{
    struct error error;
    if (!options_parse(options, argc, argv, &error))
        return fail(&error);
    if (options->help)
        options_print_help(stdout);
    else if (options->listing == LIST_CPUS)
        options->machine->print_cpus(stdout);
    else if (options->listing)
        print_listing[options->listing]();
    else if (options->version)
        print_version();
    else
        return run(options);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct options options;
    set_up_files();
    int status = act(&options, argc, argv);
    options_free(&options);
    if (!files_close())
        status = EXIT_FAILURE;
    end_by_signal();
    return status;
}
