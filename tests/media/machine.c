/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/media/machine.h"

#include "tests/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUR_BIOS BUILD "/bios/bios.bin"

const char *const machine_names[MACHINES] = {
    [BY_TEMPLATE] = "template",     [BY_IR] = "ir",     [BY_SEABIOS] = "seabios",
    [BY_BOCHS_BIOS] = "bochs-bios", [ON_QEMU] = "qemu", [ON_BOCHS] = "bochs",
};

static const char *const words[MACHINES] = {
    [BY_TEMPLATE] = "./tessera -jit template",
    [BY_IR] = "./tessera -jit ir",
    [BY_SEABIOS] = "./tessera -bios /usr/share/seabios/bios.bin "
                   "-global VGA.romfile=/usr/share/seabios/vgabios-stdvga.bin",
    [BY_BOCHS_BIOS] = "./tessera -bios /usr/share/bochs/BIOS-bochs-latest "
                      "-global VGA.romfile=/usr/share/vgabios/vgabios.bin "
                      "-global isa-fdc.lenient=on",
    [ON_QEMU] = "qemu-system-i386 -net none -bios " OUR_BIOS,
};

static const char *add(struct command *c, const char *format, ...)
{
    char *word = c->bytes + c->used;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(word, sizeof c->bytes - c->used, format, args);
    va_end(args);
    ck_assert_uint_lt(c->used + (size_t)length, sizeof c->bytes);
    ck_assert_uint_lt(c->words, COMMAND_WORDS);
    c->used += (size_t)length + 1;
    return c->word[c->words++] = word;
}

/* Each word of a text; FILE, in it, is a path. */
static void add_words(struct command *c, const char *text, const char *file)
{
    while (*text) {
        int length = (int)strcspn(text, " ");
        const char *found = file ? strstr(text, "FILE") : NULL;
        if (found && found < text + length)
            add(c, "%.*s%s%.*s", (int)(found - text), text, file, (int)(text + length - found - 4),
                found + 4);
        else
            add(c, "%.*s", length, text);
        text += length;
        text += strspn(text, " ");
    }
}

/* --- Bochs's configuration --- */

static const char bochs_configuration[] = "display_library: term\n"
                                          "romimage: file=" OUR_BIOS "\n"
                                          "port_e9_hack: enabled=0\n"
                                          "speaker: enabled=0\n"
                                          "log: /dev/null\n"
                                          "panic: action=report\n"
                                          "error: action=ignore\n"
                                          "cpu: model=bx_generic, ips=50000000\n"
                                          "clock: sync=none\n"
                                          "com1: enabled=1, mode=file, dev=%s/serial\n";

static const struct {
    const char *option, *line;
} bochs_lines[] = {
    {"-m", "megs: %s\n"},
    {"-fda", "floppya: image=%s, status=inserted\nboot: floppy\n"},
    {"-cdrom", "ata0-master: type=cdrom, path=%s, status=inserted\nboot: cdrom\n"},
    {"-hda", "ata0-master: type=disk, mode=volatile, path=%s\nboot: disk\n"},
};

static void write_line(FILE *f, const char *option, const char *value)
{
    for (size_t i = 0; i < sizeof bochs_lines / sizeof *bochs_lines; i++)
        if (strcmp(bochs_lines[i].option, option) == 0) {
            fprintf(f, bochs_lines[i].line, value); /* NOLINT(clang-diagnostic-format-nonliteral) */
            return;
        }
    ck_abort_msg("Bochs is not told of %s here", option);
}

static void bochs_command(struct command *c, const char *arguments, const char *file,
                          const char *folder)
{
    struct command options = {.words = 0};
    char path[64];
    snprintf(path, sizeof path, "%s/bochsrc", folder);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, bochs_configuration, folder);
    add_words(&options, arguments, file);
    for (unsigned i = 0; i + 1 < options.words; i += 2)
        write_line(f, options.word[i], options.word[i + 1]);
    fclose(f);
    snprintf(path, sizeof path, "%s/commands", folder);
    f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs("continue\n", f); /* Debian's Bochs has a debugger */
    fclose(f);
    add_words(c, "bochs -q -f", NULL);
    add(c, "%s/bochsrc", folder);
    add(c, "-rc");
    add(c, "%s/commands", folder);
}

void machine_command(struct command *c, enum machine machine, const char *arguments,
                     const char *file, bool written, const char *folder)
{
    *c = (struct command){.words = 0};
    if (machine == ON_BOCHS) {
        bochs_command(c, arguments, file, folder);
        return;
    }
    add_words(c, words[machine], NULL);
    add_words(c, written ? "-display curses -serial" : "-snapshot -display curses -serial", NULL);
    add(c, "file:%s/serial", folder);
    if (machine != ON_QEMU) {
        add(c, "-screendump");
        add(c, "%s/picture", folder);
        add(c, "-media-dir");
        add(c, "%s", folder);
        add(c, "-monitor");
        add(c, "unix:%s/monitor,server=on,wait=off", folder);
    }
    add_words(c, arguments, file);
}
