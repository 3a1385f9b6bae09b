/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See replay_machine.h. What has no value has no line, so that new things can be added. */
#include "hw/host/replay_machine.h"

#include "exec/digest.h"
#include "hw/machine.h"
#include "hw/net/network_card.h"
#include "hw/timer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- a line --- */

enum { VALUE_MOST = 2048 };

/* The value on one line, as much of it as there is room for; nothing if it is empty. */
static void put(FILE *to, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void put(FILE *to, const char *what, const char *format, ...)
{
    char value[VALUE_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    for (char *end = strchr(value, '\n'); end; end = strchr(end, '\n'))
        *end = ' ';
    if (*value)
        fprintf(to, "%s: %s\n", what, value);
}

static void put_text(FILE *to, const char *what, const char *text)
{
    put(to, what, "%s", text ? text : "");
}

static void put_switch(FILE *to, const char *what, bool on)
{
    put(to, what, "%s", on ? "on" : "");
}

static uint64_t digest_file(FILE *f)
{
    enum { STRETCH = 1 << 16 };
    uint8_t bytes[STRETCH];
    uint64_t digest = 0;
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, f)) > 0;)
        digest = digest_bytes(digest, bytes, got);
    return digest;
}

/* Of what is no file, a pipe or a list of several, the text. */
static void put_file(FILE *to, const char *what, const char *path)
{
    struct stat about;
    if (!path || stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
        put_text(to, what, path);
        return;
    }
    FILE *f = fopen(path, "rbe");
    put(to, what, "a file of %jd bytes (%016" PRIx64 ")", (intmax_t)about.st_size,
        f ? digest_file(f) : 0);
    if (f)
        fclose(f);
}

/* --- what there is --- */

/* Seconds: the clock's date, or how far it is from UTC. */
static void put_clock(FILE *to, const struct options *o)
{
    int64_t from_utc = options_time_of_day(o, 0) / NS_PER_S;
    if (o->rtc_base == RTC_DATE)
        put(to, "-rtc", "base=%" PRId64, o->rtc_date);
    else if (from_utc)
        put(to, "-rtc", "UTC %+" PRId64 " s", from_utc);
}

static void put_boot(FILE *to, const struct boot_options *b)
{
    put_text(to, "-boot order", b->order);
    put_text(to, "-boot once", b->once);
    put_switch(to, "-boot menu", b->menu);
    put_switch(to, "-boot strict", b->strict);
    put_switch(to, "-no-fd-bootchk", b->no_floppy_check);
    if (b->splash_time)
        put(to, "-boot splash-time", "%u", b->splash_time);
    if (b->reboot_timeout)
        put(to, "-boot reboot-timeout", "%u", b->reboot_timeout);
}

/* Older recordings do not tell: their BIOS always had one. */
#define NO_CONSOLE "without a serial console"

static void put_start(FILE *to, const struct loader_request *r)
{
    put_switch(to, NO_CONSOLE, !r->serial_console);
    put_file(to, "-kernel", r->kernel);
    put_file(to, "-initrd", r->initrd);
    put_text(to, "-append", r->append);
    put_file(to, "-bios", r->bios);
    put_file(to, "-dtb", r->dtb);
    for (unsigned i = 0; i < r->fw_cfg_files; i++) {
        const struct fw_cfg_file *f = &r->fw_cfg_file[i];
        char what[80];
        snprintf(what, sizeof what, "-fw_cfg %s", f->name);
        if (f->path)
            put_file(to, what, f->path);
        else
            put(to, what, "\"%s\"", f->text);
    }
}

static const char *interfaces_text(const struct virtio_interfaces *i)
{
    return i->no_legacy ? ", disable-legacy" : i->no_modern ? ", disable-modern" : "";
}

static void put_drive(FILE *to, const struct drive *d)
{
    static const char *const names[] = {[DRIVE_IDE] = "IDE",
                                        [DRIVE_FLOPPY] = "floppy",
                                        [DRIVE_VIRTIO] = "virtio",
                                        [DRIVE_USB] = "USB",
                                        [DRIVE_NONE] = "no"};
    char what[40], size[40] = "empty";
    struct stat about;
    snprintf(what, sizeof what, "%s drive %u", names[d->interface], d->index);
    if (d->file)
        strcpy(size, "an image");
    if (d->file && stat(d->file, &about) == 0 && S_ISREG(about.st_mode))
        snprintf(size, sizeof size, "an image of %jd bytes", (intmax_t)about.st_size);
    put(to, what, "%s%s%s%s%s%s", size, d->cdrom ? ", a CD" : "", d->read_only ? ", read-only" : "",
        d->serial ? ", serial number " : "", d->serial ? d->serial : "",
        interfaces_text(&d->interfaces));
}

static void put_card(FILE *to, unsigned number, const struct card_request *c)
{
    const uint8_t *m = c->mac;
    char what[40];
    snprintf(what, sizeof what, "network card %u", number);
    put(to, what, "%s, %02x:%02x:%02x:%02x:%02x:%02x, port %xh, irq %u%s%s",
        c->model ? c->model : card_models->name, m[0], m[1], m[2], m[3], m[4], m[5], c->port,
        c->irq, interfaces_text(&c->interfaces), c->net < 0 ? ", not connected" : "");
    snprintf(what, sizeof what, "network card %u's ROM", number);
    put_file(to, what, c->rom && !*c->rom ? "none" : c->rom);
}

/* Where lines lead to is nothing of the guest's; but whether the port is there. */
static void put_ports(FILE *to, const struct options *o)
{
    put_switch(to, "COM1", o->serial[0].kind != OUTSIDE_NONE);
    put_switch(to, "COM2", o->serial[1].kind != OUTSIDE_NONE);
    put_switch(to, "parallel port", o->parallel.kind != OUTSIDE_NONE);
    if (o->debugcon.kind != OUTSIDE_NONE)
        put(to, "-debugcon", "port %xh", o->debugcon_port);
    if (o->debug_exit)
        put(to, "-device isa-debug-exit", "port %xh, %u bytes", o->debug_exit_port,
            o->debug_exit_size);
}

static void put_screen(FILE *to, const struct options *o)
{
    if (o->has_vga)
        put(to, "-vga", "%u MiB", o->vga_mib);
    put_file(to, "-global VGA.romfile", o->vga_rom);
}

static void put_devices(FILE *to, const struct options *o)
{
    for (unsigned i = 0; i < o->drives; i++)
        put_drive(to, &o->drive[i]);
    for (unsigned i = 0; i < o->cards; i++)
        put_card(to, i, &o->card[i]);
    put_switch(to, "-usb", o->usb);
    for (unsigned i = 0; i < o->usb_devices; i++)
        put(to, i ? "second USB device" : "USB device", "%s", o->usb_device[i].model);
    if (o->entropy)
        put(to, "-device virtio-rng", "on%s", interfaces_text(&o->entropy_interfaces));
    if (o->sb16.is_there)
        put(to, "-device sb16", "port %xh, irq %u, dma %u and %u", o->sb16_at.port, o->sb16_at.irq,
            o->sb16_at.dma, o->sb16_at.dma16);
    put_switch(to, "-device AC97", o->ac97.is_there);
    put_switch(to, "-nodefaults", o->no_defaults);
    put_switch(to, "-global isa-fdc.lenient", o->lenient_floppies);
    put_switch(to, "HPET", o->hpet);
    put_switch(to, "ACPI", o->acpi);
}

char *replay_machine_text(const struct options *o, const char *cpu)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    put_text(to, "-M", o->machine->name);
    put_text(to, "-cpu", cpu);
    put_text(to, "-m", size_text(o->load.ram_size).text);
    put_switch(to, "-loadvm or -incoming", o->snapshots.load || o->snapshots.incoming);
    put_start(to, &o->load);
    put_boot(to, &o->boot);
    put_clock(to, o);
    put_ports(to, o);
    put_screen(to, o);
    put_devices(to, o);
    if (fclose(to) == 0)
        return text;
    free(text);
    return NULL;
}

/* --- comparing --- */

/* A line of a text; what it is about ends at ": ". */
struct line {
    const char *at;
    size_t size, what;
};

static bool next_line(const char **text, struct line *l)
{
    const char *end = strchr(*text, '\n'), *value = strstr(*text, ": ");
    if (!end || !value || value > end)
        return false;
    *l = (struct line){*text, (size_t)(end - *text), (size_t)(value - *text)};
    *text = end + 1;
    return true;
}

static bool find_line(const char *text, const struct line *like, struct line *l)
{
    while (next_line(&text, l))
        if (l->what == like->what && memcmp(l->at, like->at, l->what) == 0)
            return true;
    return false;
}

static const char *value_of(const struct line *l)
{
    return l->at + l->what + 2;
}

static int value_size(const struct line *l)
{
    return (int)(l->size - l->what - 2);
}

/* What a replay takes from the recording, whatever its own options are. */
static bool is_taken_over(const struct line *l)
{
    return l->what == strlen(NO_CONSOLE) && memcmp(l->at, NO_CONSOLE, l->what) == 0;
}

bool replay_machine_has_console(const char *recorded)
{
    const struct line console = {NO_CONSOLE, strlen(NO_CONSOLE), strlen(NO_CONSOLE)};
    struct line l;
    return !find_line(recorded, &console, &l);
}

bool replay_machine_check(const char *recorded, const char *ours, struct error *error)
{
    struct line was, is;
    for (const char *at = recorded; next_line(&at, &was);) {
        if (is_taken_over(&was))
            continue;
        if (!find_line(ours, &was, &is))
            return error_set(error, "the recording has %.*s, and this machine has not",
                             (int)was.size, was.at);
        if (is.size != was.size || memcmp(is.at, was.at, is.size) != 0)
            return error_set(error, "the recording has %.*s, and this machine %.*s", (int)was.size,
                             was.at, value_size(&is), value_of(&is));
    }
    for (const char *at = ours; next_line(&at, &is);)
        if (!is_taken_over(&is) && !find_line(recorded, &is, &was))
            return error_set(error, "the recording is of a machine without %.*s", (int)is.size,
                             is.at);
    return true;
}
