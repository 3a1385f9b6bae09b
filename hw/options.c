/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: one table of options, with their help. */
#include "hw/options.h"

#include "exec/i386/model.h"
#include "exec/symbols/symbols.h"
#include "hw/debug.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef bool option_fn(struct options *o, const char *argument, struct error *error);

struct option {
    const char *name;
    const char *argument; /* its name in the help; NULL if there is none */
    option_fn *set;
    const char *help; /* NULL: the option means nothing, and is there for QEMU's users */
};

/* --- arguments --- */

/* A number with a unit K, M or G, or without: then in `unit`s. */
static bool parse_size(const char *text, uint64_t unit, uint64_t *size)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    static const char units[] = "KMG";
    const char *u = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    if (u) {
        unit = (uint64_t)1024 << 10 * (u - units);
        end++;
    }
    *size = n * unit;
    return !errno && !*end && n <= UINT64_MAX / unit;
}

static bool parse_number(const char *text, size_t length, unsigned long most, unsigned long *value)
{
    char copy[32] = "", *end;
    if (!length || length >= sizeof copy || !isdigit((unsigned char)*text))
        return false;
    memcpy(copy, text, length);
    errno = 0;
    *value = strtoul(copy, &end, 0);
    return !errno && !*end && *value <= most;
}

static bool set_memory(struct options *o, const char *argument, struct error *error)
{
    enum { MIB = 1024 * 1024, PAGE = 4096 };
    uint64_t size;
    if (!parse_size(argument, MIB, &size))
        return error_set(error, "-m %s: not a size, such as 64, 512M or 2G", argument);
    if (size < MIB || size > (uint64_t)3 << 30)
        return error_set(error, "-m %s: not between 1M and 3G", argument);
    if (size % PAGE)
        return error_set(error, "-m %s: not a multiple of 4K", argument);
    o->load.ram_size = (uint32_t)size;
    return true;
}

static bool set_path(const char **path, const char *option, const char *argument,
                     struct error *error)
{
    if (!*argument)
        return error_set(error, "%s needs the name of a file", option);
    *path = argument;
    return true;
}

static bool set_kernel(struct options *o, const char *argument, struct error *error)
{
    return set_path(&o->load.kernel, "-kernel", argument, error);
}

static bool set_initrd(struct options *o, const char *argument, struct error *error)
{
    return set_path(&o->load.initrd, "-initrd", argument, error);
}

static bool set_bios(struct options *o, const char *argument, struct error *error)
{
    return set_path(&o->load.bios, "-bios", argument, error);
}

static bool set_log_path(struct options *o, const char *argument, struct error *error)
{
    return set_path(&o->log_path, "-D", argument, error);
}

static bool set_append(struct options *o, const char *argument, struct error *error)
{
    (void)error;
    o->load.append = argument;
    return true;
}

static bool parse_outside(struct outside *outside, const char *text)
{
    static const struct {
        const char *name;
        enum outside_kind kind;
    } kinds[] = {
        {"none", OUTSIDE_NONE},
        {"null", OUTSIDE_NULL},
        {"stdio", OUTSIDE_STDIO},
        {"mon:stdio", OUTSIDE_STDIO},
    };
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(text, kinds[i].name) == 0) {
            *outside = (struct outside){.kind = kinds[i].kind};
            return true;
        }
    if (strncmp(text, "file:", 5) != 0 || !text[5])
        return false;
    *outside = (struct outside){OUTSIDE_FILE, text + 5};
    return true;
}

static bool set_serial(struct options *o, const char *argument, struct error *error)
{
    struct outside outside;
    if (!parse_outside(&outside, argument))
        return error_set(error, "-serial %s: not stdio, file:NAME, null or none", argument);
    if (o->serials == SERIAL_PORTS)
        return error_set(error, "-serial: there are only %d serial ports", SERIAL_PORTS);
    for (unsigned i = 0; i < o->serials; i++)
        if (outside.kind == OUTSIDE_STDIO && o->serial[i].kind == OUTSIDE_STDIO)
            return error_set(error, "-serial stdio: only one port can have it");
    o->serial[o->serials++] = outside;
    return true;
}

static bool set_debugcon(struct options *o, const char *argument, struct error *error)
{
    if (!*argument)
        return error_set(error, "-debugcon needs stdio or the name of a file");
    if (!parse_outside(&o->debugcon, argument))
        o->debugcon = (struct outside){OUTSIDE_FILE, argument};
    return true;
}

static bool set_parallel(struct options *o, const char *argument, struct error *error)
{
    if (o->parallels++)
        return error_set(error, "-parallel: there is only one parallel port");
    return parse_outside(&o->parallel, argument) ||
           error_set(error, "-parallel %s: not file:NAME, stdio, null or none", argument);
}

static bool set_post_port(struct options *o, const char *argument, struct error *error)
{
    unsigned long value;
    if (!parse_number(argument, strlen(argument), 0xffff, &value))
        return error_set(error, "-post %s: not a port, such as 0x190", argument);
    o->post_port = (uint16_t)value;
    return true;
}

static const struct property {
    const char *device, *name;
    size_t offset; /* of an unsigned in struct options */
    unsigned long most;
} properties[] = {
    {"isa-debugcon", "iobase", offsetof(struct options, debugcon_port), 0xffff},
    {"isa-debug-exit", "iobase", offsetof(struct options, debug_exit_port), 0xffff},
    {"isa-debug-exit", "iosize", offsetof(struct options, debug_exit_size), 4},
};
enum { PROPERTIES = sizeof properties / sizeof *properties };

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(text, word, length) == 0;
}

/* A device's property, "NAME=VALUE"; false if there is none such, or it has no such value. */
static bool set_property(struct options *o, const char *device, size_t device_length,
                         const char *text, size_t length)
{
    size_t name = strcspn(text, "=");
    for (unsigned i = 0; i < PROPERTIES && name < length; i++) {
        const struct property *p = &properties[i];
        unsigned long value;
        if (!is_word(device, device_length, p->device) || !is_word(text, name, p->name) ||
            !parse_number(text + name + 1, length - name - 1, p->most, &value))
            continue;
        *(unsigned *)((char *)o + p->offset) = (unsigned)value;
        return true;
    }
    return false;
}

static bool set_global(struct options *o, const char *argument, struct error *error)
{
    size_t device = strcspn(argument, ".");
    const char *text = argument + device + (argument[device] == '.');
    return set_property(o, argument, device, text, strlen(text)) ||
           error_set(error,
                     "-global %s: not isa-debugcon.iobase=PORT, isa-debug-exit.iobase=PORT or "
                     "isa-debug-exit.iosize=1, 2 or 4",
                     argument);
}

static bool set_device(struct options *o, const char *argument, struct error *error)
{
    static const char exit[] = "isa-debug-exit";
    size_t length = strcspn(argument, ",");
    if (!is_word(argument, length, exit))
        return error_set(error, "-device %s: no such device; there is isa-debug-exit", argument);
    o->debug_exit = true;
    for (const char *p = argument + length; *p; p += length) {
        length = strcspn(++p, ",");
        if (!set_property(o, exit, strlen(exit), p, length))
            return error_set(error,
                             "-device isa-debug-exit: not iobase=PORT or iosize=1, 2 or 4: %.*s",
                             (int)length, p);
    }
    return true;
}

/* The ports that the device takes, once all that says where it is has been read. */
static bool check_debug_exit(const struct options *o, struct error *error)
{
    unsigned size = o->debug_exit_size;
    if (size != 1 && size != 2 && size != 4)
        return error_set(error, "isa-debug-exit: iosize %u is not 1, 2 or 4", size);
    return o->debug_exit_port + size <= 0x10000 ||
           error_set(error, "isa-debug-exit: iobase %xh: goes beyond port ffffh",
                     o->debug_exit_port);
}

static bool set_log(struct options *o, const char *argument, struct error *error)
{
    const char *bad = argument;
    (void)o;
    if (!log_parse(argument, &bad))
        return error_set(error, "-d %s: no such item: %s", argument, bad);
    return true;
}

static bool parse_jit(enum jit *jit, const char *name, size_t length)
{
    static const char *const names[] = {[JIT_TEMPLATE] = "template",
                                        [JIT_INTERP] = "interp",
                                        [JIT_IR] = "ir",
                                        [JIT_MIXED] = "mixed",
                                        [JIT_LOCKSTEP] = "lockstep"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (is_word(name, length, names[i])) {
            *jit = (enum jit)i;
            return true;
        }
    return false;
}

/* "lockstep:A,B". */
static bool parse_lockstep(struct exec_options *o, const char *text)
{
    const char *names = strchr(text, ':'), *comma = names ? strchr(names, ',') : NULL;
    return comma && parse_jit(&o->jit, text, (size_t)(names - text)) && o->jit == JIT_LOCKSTEP &&
           parse_jit(&o->lockstep[0], names + 1, (size_t)(comma - names - 1)) &&
           parse_jit(&o->lockstep[1], comma + 1, strlen(comma + 1)) && o->lockstep[0] < JIT_MIXED &&
           o->lockstep[1] < JIT_MIXED && o->lockstep[0] != o->lockstep[1];
}

/* "mixed:RUNS". */
static bool parse_mixed(struct exec_options *o, const char *text)
{
    const char *runs = strchr(text, ':');
    unsigned long value;
    if (!runs || !parse_jit(&o->jit, text, (size_t)(runs - text)) || o->jit != JIT_MIXED ||
        !parse_number(runs + 1, strlen(runs + 1), INT32_MAX, &value))
        return false;
    o->runs = (uint32_t)value;
    return true;
}

static bool set_jit(struct options *o, const char *argument, struct error *error)
{
    o->exec.lockstep[0] = JIT_TEMPLATE;
    o->exec.lockstep[1] = JIT_INTERP;
    return parse_jit(&o->exec.jit, argument, strlen(argument)) || parse_mixed(&o->exec, argument) ||
           parse_lockstep(&o->exec, argument) ||
           error_set(error,
                     "-jit %s: not template, ir, interp, mixed, mixed:RUNS, lockstep or "
                     "lockstep:ONE,OTHER",
                     argument);
}

static int by_value(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Addresses, a line each; they are kept until the program ends. */
static bool read_blocks(FILE *file, struct exec_options *o)
{
    static uint32_t *blocks;
    size_t count = 0, room = 0;
    unsigned long value;
    char line[64];
    while (fgets(line, sizeof line, file)) {
        char *end;
        errno = 0;
        value = strtoul(line, &end, 16);
        if (end == line || !isspace((unsigned char)*end) || errno || value > UINT32_MAX)
            return false;
        if (count == room) {
            room = room ? room * 2 : 256;
            uint32_t *more = realloc(blocks, room * sizeof *more);
            if (!more)
                return false;
            blocks = more;
        }
        blocks[count++] = (uint32_t)value;
    }
    if (count)
        qsort(blocks, count, sizeof *blocks, by_value);
    o->chosen = blocks;
    o->chosen_count = count;
    return !ferror(file);
}

static bool set_jit_blocks(struct options *o, const char *argument, struct error *error)
{
    FILE *file = fopen(argument, "re");
    if (!file)
        return error_set(error, "%s: %s", argument, strerror(errno));
    bool good = read_blocks(file, &o->exec);
    fclose(file);
    return good || error_set(error, "%s: not a hexadecimal address on each line", argument);
}

static bool set_cpu(struct options *o, const char *argument, struct error *error)
{
    if (strcmp(argument, "help") == 0)
        return o->cpu_help = true;
    o->exec.model = model_find(argument);
    return o->exec.model ||
           error_set(error, "-cpu %s: no such model; -cpu help lists them", argument);
}

static bool set_jit_cache(struct options *o, const char *argument, struct error *error)
{
    uint64_t size;
    if (!parse_size(argument, 1024 * 1024, &size))
        return error_set(error, "-jit-cache %s: not a size, such as 512K or 32M", argument);
    if (size < 256 << 10 || size > 1 << 30)
        return error_set(error, "-jit-cache %s: not between 256K and 1G", argument);
    o->exec.cache_size = (size_t)size;
    return true;
}

static bool set_no_reboot(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->no_reboot = true;
    return true;
}

static bool set_stats(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->stats = true;
    return true;
}

static bool set_stats_json(struct options *o, const char *argument, struct error *error)
{
    return set_path(&o->stats_json, "-stats-json", argument, error);
}

static bool set_count(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->exec.count = true;
    return true;
}

static bool set_perf_map(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->symbols |= SYMBOLS_PERF_MAP;
    return true;
}

static bool set_jitdump(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->symbols |= SYMBOLS_JITDUMP;
    return true;
}

static bool set_gdbjit(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->symbols |= SYMBOLS_GDB;
    return true;
}

static bool set_help(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->help = true;
    return true;
}

static bool set_version(struct options *o, const char *argument, struct error *error)
{
    (void)argument;
    (void)error;
    o->version = true;
    return true;
}

/* There is no display: what -nographic asks for is how it is. */
static bool set_nographic(struct options *o, const char *argument, struct error *error)
{
    (void)o;
    (void)argument;
    (void)error;
    return true;
}

static bool set_only_none(struct options *o, const char *argument, struct error *error)
{
    (void)o;
    if (strcmp(argument, "none") != 0)
        return error_set(error, "-display and -monitor can only be none, not %s", argument);
    return true;
}

static bool set_machine(struct options *o, const char *argument, struct error *error)
{
    (void)o;
    if (strcmp(argument, "pc") != 0)
        return error_set(error, "-machine %s: there is only pc", argument);
    return true;
}

/* --- the table --- */

static const struct option options[] = {
    {"m", "SIZE", set_memory, "memory, in MiB or with a suffix K, M or G (default 128)"},
    {"kernel", "FILE", set_kernel, "boot a Linux bzImage or a Multiboot kernel"},
    {"initrd", "FILE", set_initrd, "its initial RAM disk, or Multiboot modules \"A args,B args\""},
    {"append", "TEXT", set_append, "its command line"},
    {"bios", "FILE", set_bios, "start this BIOS instead, which boots the kernel, if one is given"},
    {"nographic", NULL, set_nographic, "serial line on the terminal; Ctrl-A h shows its keys"},
    {"serial", "TO", set_serial, "a serial port: stdio, file:NAME, null or none; twice for COM2"},
    {"parallel", "TO", set_parallel, "the parallel port: null (default), file:NAME, stdio or none"},
    {"debugcon", "TO", set_debugcon, "where bytes written to port E9h go: stdio or a file"},
    {"global", "PROPERTY", set_global, "isa-debugcon.iobase=PORT: another port than E9h"},
    {"device", "NAME", set_device, "isa-debug-exit[,iobase=PORT][,iosize=BYTES]"},
    {"post", "PORT", set_post_port, "where -d post listens for POST codes (default 0x80)"},
    {"no-reboot", NULL, set_no_reboot, "end instead of rebooting"},
    {"cpu", "MODEL", set_cpu, "386 to pentium4, or max (default); help lists them"},
    {"jit", "ENGINE", set_jit,
     "template (default), ir, interp, mixed[:RUNS], lockstep[:ONE,OTHER]"},
    {"jit-blocks", "FILE", set_jit_blocks,
     "with -jit mixed: addresses of blocks, in hex, that the IR makes from the start"},
    {"jit-cache", "SIZE", set_jit_cache, "room for translated code (default 64M)"},
    {"d", "ITEMS", set_log,
     "log in_asm, op, ir, ir_opt, out_asm, int, exec, mmu, cpu, unimp, guest_errors"},
    {"D", "FILE", set_log_path, "the log goes there, not to standard error"},
    {"stats", NULL, set_stats, "counters at the end"},
    {"stats-json", "FILE", set_stats_json, "the same to a file, as JSON"},
    {"count", NULL, set_count, "count what runs and sample the time, for -stats and -stats-json"},
    {"perfmap", NULL, set_perf_map, "/tmp/perf-PID.map: names of generated code, for perf report"},
    {"jitdump", NULL, set_jitdump, "jit-PID.dump: the same with the code, for perf inject"},
    {"gdbjit", NULL, set_gdbjit, "tell gdb, if it runs this, about generated code"},
    {"display", "none", set_only_none, NULL},
    {"monitor", "none", set_only_none, NULL},
    {"machine", "pc", set_machine, NULL},
    {"M", "pc", set_machine, NULL},
    {"version", NULL, set_version, "print the version"},
    {"help", NULL, set_help, "print this"},
    {"h", NULL, set_help, NULL},
};
enum { OPTIONS = sizeof options / sizeof *options };

void options_print_help(FILE *to)
{
    fputs("usage: tessera [-option [argument]]...\n"
          "A PC. Without -kernel or -bios it boots a small guest of its own.\n\n",
          to);
    for (unsigned i = 0; i < OPTIONS; i++) {
        const struct option *option = &options[i];
        if (!option->help)
            continue;
        int width = fprintf(to, "  -%s %s", option->name, option->argument ? option->argument : "");
        fprintf(to, "%*s%s\n", width < 20 ? 20 - width : 1, "", option->help);
    }
}

static const struct option *find_option(const char *argument)
{
    if (*argument++ != '-')
        return NULL;
    if (*argument == '-')
        argument++;
    for (unsigned i = 0; i < OPTIONS; i++)
        if (strcmp(argument, options[i].name) == 0)
            return &options[i];
    return NULL;
}

/* Measured: fewer translate too much, more run too long in templates. */
enum { MIXED_RUNS = 200 };

static void set_defaults(struct options *o)
{
    *o = (struct options){
        .load.ram_size = 128u << 20,
        .parallel = {.kind = OUTSIDE_NULL},
        .debugcon_port = DEBUGCON_PORT,
        .debug_exit_port = DEBUG_EXIT_PORT,
        .debug_exit_size = DEBUG_EXIT_SIZE,
        .post_port = POST_PORT,
        .exec = {.jit = JIT_TEMPLATE, .runs = MIXED_RUNS, .cache_size = (size_t)64 << 20},
    };
}

bool options_parse(struct options *o, int argc, char **argv, struct error *error)
{
    set_defaults(o);
    for (int i = 1; i < argc; i++) {
        const struct option *option = find_option(argv[i]);
        const char *argument = NULL;
        if (!option)
            return error_set(error, "%s: no such option; -help lists them", argv[i]);
        if (option->argument) {
            if (i + 1 == argc)
                return error_set(error, "%s needs an argument: %s", argv[i], option->argument);
            argument = argv[++i];
        }
        if (!option->set(o, argument, error))
            return false;
    }
    if (o->exec.count && o->exec.jit == JIT_LOCKSTEP)
        return error_set(error, "-count: not with -jit lockstep, which runs everything twice");
    if (!check_debug_exit(o, error))
        return false;
    if (!o->serials)
        o->serial[0] = (struct outside){.kind = OUTSIDE_STDIO};
    return true;
}
