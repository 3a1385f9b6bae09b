/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options about the machine as a whole: memory, cpu, clock, and what QEMU's users say of others. */
#include "hw/cli/option_setters.h"

#include "hw/host/counted_time.h"
#include "hw/machine.h"
#include "hw/pc/fw_cfg.h"
#include "hw/timer.h"

#include <string.h>
#include <time.h>

/* --- memory, cpu --- */

static bool set_memory(const struct given *g)
{
    enum { MIB = 1024 * 1024, PAGE = 4096 };
    uint64_t size;
    if (!parse_size(g->value, MIB, &size))
        return refuse(g, "not a size, such as 64, 512M or 1.5G");
    if (size < MIB || size > (uint64_t)3 << 30)
        return refuse(g, "not between 1M and 3G");
    g->options->load.ram_size = (uint32_t)((size + PAGE - 1) / PAGE * PAGE);
    return true;
}

const struct setting memory_properties[] = {
    {"size", "SIZE", .set = set_memory},
    {"slots", "0", .set = set_only, .reason = "memory cannot be plugged in"},
    {0},
};

bool set_cpu(const struct given *g)
{
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_CPUS);
    g->options->cpu = g->value;
    return true;
}

bool check_cpu(struct options *o, struct error *error)
{
    return !o->cpu || o->machine->set_cpu(o->cpu, &o->exec) ||
           error_set(error, "-cpu %s: the machine %s has no such model; -cpu help lists its models",
                     o->cpu, o->machine->name);
}

/* --- what fw_cfg is to hold --- */

/* A string of the item that is being made, in which the setting's field is. */
static bool set_fw_cfg_text(const struct given *g)
{
    struct loader_request *r = &g->options->load;
    char *item = (char *)&r->fw_cfg_file[r->fw_cfg_files];
    *(const char **)(item + g->setting->field) = g->value;
    return *g->value || refuse(g, "nothing is given");
}

const struct setting fw_cfg_properties[] = {
    {"name", "NAME", .set = set_fw_cfg_text, .field = offsetof(struct fw_cfg_file, name)},
    {"string", "TEXT", .set = set_fw_cfg_text, .field = offsetof(struct fw_cfg_file, text)},
    {"file", "FILE", .set = set_fw_cfg_text, .field = offsetof(struct fw_cfg_file, path)},
    {0},
};

bool set_fw_cfg(const struct given *g)
{
    struct loader_request *r = &g->options->load;
    const struct fw_cfg_file *item = &r->fw_cfg_file[r->fw_cfg_files];
    if (r->fw_cfg_files == FW_CFG_FILES)
        return refuse(g, "there can be only %d", FW_CFG_FILES);
    if (!set_list(g))
        return false;
    if (!item->name || !item->text == !item->path)
        return refuse(g, "not name=NAME with either string=TEXT or file=FILE");
    if (strlen(item->name) >= FW_CFG_NAME)
        return refuse(g, "a name of more than %d characters", FW_CFG_NAME - 1);
    for (unsigned i = 0; i < r->fw_cfg_files; i++)
        if (strcmp(r->fw_cfg_file[i].name, item->name) == 0)
            return refuse(g, "a name that is there already");
    r->fw_cfg_files++;
    return true;
}

/* --- clock --- */

/* "2006-06-17" or "2006-06-17T16:01:21"; one that exists is written as it was read. */
static bool parse_date(const char *text, int64_t *seconds)
{
    const char *format = strchr(text, 'T') ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d";
    struct tm tm = {0};
    char again[32] = "";
    const char *end = strptime(text, format, &tm);
    if (!end || *end || tm.tm_year < 0 || tm.tm_year >= 300)
        return false;
    *seconds = timegm(&tm);
    strftime(again, sizeof again, format, &tm);
    return strcmp(text, again) == 0;
}

static bool set_rtc_base(const struct given *g)
{
    struct options *o = g->options;
    o->rtc_base = strcmp(g->value, "utc") == 0         ? RTC_UTC
                  : strcmp(g->value, "localtime") == 0 ? RTC_LOCALTIME
                                                       : RTC_DATE;
    if (o->rtc_base == RTC_DATE && !parse_date(g->value, &o->rtc_date))
        return refuse(g, "not utc, localtime, or a date such as 2006-06-17T16:01:21");
    return true;
}

const struct setting rtc_properties[] = {
    {"base", "TIME", .set = set_rtc_base},
    {"clock", "host|rt|vm", .set = set_only, .reason = "there is no such clock"},
    {"driftfix", "none", .set = set_only, .reason = "ticks that come late are not made up for"},
    {0},
};

static bool set_shift(const struct given *g)
{
    struct icount_options *o = &g->options->icount;
    unsigned long shift = ICOUNT_USUAL_SHIFT;
    if (strcmp(g->value, "auto") != 0 && !parse_number(g->value, ICOUNT_MOST_SHIFT, &shift))
        return refuse(g, "not auto, or 0 to %d", ICOUNT_MOST_SHIFT);
    o->shift = (unsigned)shift;
    return true;
}

const struct setting icount_properties[] = {
    {"shift", "N", .set = set_shift},
    {"sleep", "on|off", .set = set_switch, .field = FIELD(bool, icount.sleeps)},
    {"align", "off", .set = set_only, .reason = "guest time does not wait for the host's"},
    {0},
};

bool set_icount(const struct given *g)
{
    g->options->icount.on = true;
    return set_list(g);
}

/* --- a saved state --- */

/* QEMU has other ways for one to come in. */
bool set_incoming(const struct given *g)
{
    static const char file[] = "file:";
    if (strncmp(g->value, file, strlen(file)) != 0 || !g->value[strlen(file)])
        return refuse(g, "not file:FILE");
    g->options->snapshots.incoming = g->value + strlen(file);
    return true;
}

/* --- what QEMU has others of --- */

/* "kvm:tcg" asks for one of them. */
static bool set_accel(const struct given *g)
{
    if (is_among(g->value, ':', "tcg", strlen("tcg")))
        g->options->tcg = true;
    else
        g->options->other_accel = g->value;
    return true;
}

bool check_accel(const struct options *o, struct error *error)
{
    return o->tcg || !o->other_accel ||
           error_set(error, "-accel %s: there is only tcg: guests' code is translated",
                     o->other_accel);
}

const struct setting accel_properties[] = {
    {"accel", "tcg", .set = set_accel},
    {"thread", "single|multi", .set = set_only, .reason = "there is one processor"},
    {0},
};

static bool set_machine_type(const struct given *g)
{
    char names[512];
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_MACHINES);
    join_choices(machine_name, names, sizeof names);
    g->options->machine = machine_find(g->value);
    return g->options->machine || refuse(g, "no such machine; there is %s", names);
}

const struct setting machine_properties[] = {
    {"type", "NAME", .set = set_machine_type},
    {"accel", "tcg", .set = set_accel},
    {"usb", "on|off", .set = set_switch, .field = FIELD(bool, usb)},
    {"acpi", "on|off", .set = set_switch, .field = FIELD(bool, acpi)},
    {"hpet", "on|off", .set = set_switch, .field = FIELD(bool, hpet)},
    {"pcspk-audiodev", "ID", .set = set_speaker_audiodev},
    {"vmport", "off", .set = set_only, .reason = "there is no such port"},
    {"graphics", "on|off", .set = set_only, .reason = "not on or off"},
    {"dump-guest-core", "on|off", .set = set_only, .reason = "not on or off"},
    {"mem-merge", "on|off", .set = set_only, .reason = "not on or off"},
    {0},
};

#define ONE .argument = "1", .set = set_only, .reason = "there is one processor"
const struct setting smp_properties[] = {
    {"cpus", ONE},  {"maxcpus", ONE},  {"sockets", ONE}, {"dies", ONE},
    {"cores", ONE}, {"clusters", ONE}, {"threads", ONE}, {0},
};

static bool set_boot_order(const struct given *g)
{
    for (const char *letter = g->value; *letter; letter++) {
        if (!strchr("abcdn", *letter))
            return refuse(g, "not letters of a and b (floppy), c (disk), d (CD), n (network)");
        if (strchr(letter + 1, *letter))
            return refuse(g, "%c is there twice", *letter);
    }
    return set_text(g);
}

/* In milliseconds; as much as their file in fw_cfg takes. */
enum { MOST_SPLASH_TIME = 0xffff, MOST_REBOOT_TIMEOUT = 0xffff };

const struct setting boot_properties[] = {
    {"order", "DRIVES", .set = set_boot_order, .field = FIELD(const char *, boot.order)},
    {"once", "DRIVES", .set = set_boot_order, .field = FIELD(const char *, boot.once)},
    {"menu", "on|off", .set = set_switch, .field = FIELD(bool, boot.menu)},
    {"splash-time", "MS", .set = set_number, .field = FIELD(unsigned, boot.splash_time),
     .number = MOST_SPLASH_TIME},
    {"reboot-timeout", "MS", .set = set_number, .field = FIELD(unsigned, boot.reboot_timeout),
     .number = MOST_REBOOT_TIMEOUT},
    {"strict", "on|off", .set = set_switch, .field = FIELD(bool, boot.strict)},
    {0},
};
