/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs ask a machine first: what it is, and what is in it. */
#include "exec/memory.h"
#include "hw/bus/pci.h"
#include "hw/host/input.h"
#include "hw/monitor/drives.h"
#include "hw/monitor/qmp.h"
#include "hw/options.h"

#include <stdio.h>
#include <unistd.h>

json_t *qmp_query_kvm(struct qmp_call *c)
{
    (void)c;
    return json_pack("{s:b,s:b}", "enabled", false, "present", false);
}

static const char *target(const struct qmp_call *c)
{
    return c->monitor->options->machine->target;
}

json_t *qmp_query_target(struct qmp_call *c)
{
    return json_pack("{s:s}", "arch", target(c));
}

json_t *qmp_query_uuid(struct qmp_call *c)
{
    (void)c;
    return json_pack("{s:s}", "UUID", "00000000-0000-0000-0000-000000000000");
}

json_t *qmp_query_cpus_fast(struct qmp_call *c)
{
    return json_pack("[{s:i,s:i,s:s,s:s}]", "cpu-index", 0, "thread-id", (int)getpid(), "target",
                     target(c), "qom-path", "/machine/unattached/device[0]");
}

/* There may be some in QEMU, of a kind that there is not here. */
json_t *qmp_query_none(struct qmp_call *c)
{
    (void)c;
    return json_array();
}

json_t *qmp_query_machines(struct qmp_call *c)
{
    const struct machine *usual = c->monitor->options->machine;
    json_t *list = json_array();
    for (unsigned i = 0; machines[i]; i++) {
        json_t *m =
            json_pack("{s:s,s:i,s:b,s:b,s:b}", "name", machines[i]->name, "cpu-max", 1,
                      "hotpluggable-cpus", false, "numa-mem-supported", false, "deprecated", false);
        if (machines[i] == usual)
            json_object_set_new(m, "is-default", json_true());
        json_array_append_new(list, m);
    }
    return list;
}

json_t *qmp_query_current_machine(struct qmp_call *c)
{
    (void)c;
    return json_pack("{s:b}", "wakeup-suspend-support", false);
}

json_t *qmp_query_memory_size_summary(struct qmp_call *c)
{
    json_int_t size = memory_ram_size(c->monitor->parts.memory);
    return json_pack("{s:I,s:i}", "base-memory", size, "plugged-memory", 0);
}

json_t *qmp_query_mice(struct qmp_call *c)
{
    struct input *input = c->monitor->parts.input;
    if (!input)
        return json_array();
    return json_pack("[{s:s,s:i,s:b,s:b}]", "name", "mouse", "index", 0, "current", true,
                     "absolute", input_is_absolute(input));
}

/* --- images in drives --- */

json_t *qmp_describe_image(const struct drive_view *d)
{
    json_int_t size = (json_int_t)disk_size(d->disk);
    const char *name = disk_name(d->disk);
    json_t *image =
        json_pack("{s:s,s:s,s:I}", "filename", name, "format", "raw", "virtual-size", size);
    return json_pack("{s:s,s:s,s:s,s:b,s:o,s:i,s:b}", "node-name", d->name, "file", name, "drv",
                     "raw", "ro", disk_is_read_only(d->disk), "image", image, "backing_file_depth",
                     0, "encrypted", false);
}

json_t *qmp_query_named_block_nodes(struct qmp_call *c)
{
    json_t *list = json_array();
    struct drive_view d;
    for (unsigned i = 0; drive_number(c->monitor, i, &d); i++)
        if (d.disk)
            json_array_append_new(list, qmp_describe_image(&d));
    return list;
}

static void set_number(json_t *object, const char *format, const char *word, uint64_t value)
{
    char name[40];
    snprintf(name, sizeof name, format, word);
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

/* Nothing is discarded, merged, or refused as invalid. */
static json_t *describe_counts(const struct disk_counts *c)
{
    enum { UNMAP = DISK_OPERATIONS };
    static const char *const words[] = {
        [DISK_READ] = "rd", [DISK_WRITE] = "wr", [DISK_FLUSH] = "flush", [UNMAP] = "unmap"};
    json_t *told = json_pack("{s:b,s:b,s:[],s:I}", "account_invalid", false, "account_failed",
                             false, "timed_stats", "wr_highest_offset", (json_int_t)c->highest);
    for (unsigned i = 0; i <= UNMAP; i++) {
        set_number(told, "%s_operations", words[i], i < UNMAP ? c->of[i].done : 0);
        set_number(told, "failed_%s_operations", words[i], i < UNMAP ? c->of[i].failed : 0);
        set_number(told, "invalid_%s_operations", words[i], 0);
        set_number(told, "%s_total_time_ns", words[i], i < UNMAP ? c->of[i].time_ns : 0);
        if (i == DISK_FLUSH)
            continue;
        set_number(told, "%s_bytes", words[i], i < UNMAP ? c->of[i].bytes : 0);
        set_number(told, "%s_merged", words[i], 0);
    }
    return told;
}

/* With query-nodes of images, else of drives. */
json_t *qmp_query_blockstats(struct qmp_call *c)
{
    bool nodes = json_is_true(json_object_get(c->arguments, "query-nodes"));
    json_t *list = json_array();
    struct drive_view d;
    for (unsigned i = 0; drive_number(c->monitor, i, &d); i++) {
        json_t *told = json_pack("{s:o}", "stats", describe_counts(&d.counts));
        if (!nodes)
            json_object_set_new(told, "device", json_string(d.name));
        if (d.disk)
            json_object_set_new(told, "node-name", json_string(d.name));
        if (nodes && !d.disk)
            json_decref(told);
        else
            json_array_append_new(list, told);
    }
    return list;
}

/* --- lines --- */

static void add_line(json_t *list, const char *label, const char *where)
{
    json_array_append_new(
        list, json_pack("{s:s,s:s,s:b}", "label", label, "filename", where, "frontend-open", true));
}

static void add_end(const struct monitor *m, json_t *list, const struct outside *o)
{
    if (o->kind != OUTSIDE_NONE)
        add_line(list, o->label, monitor_place(m, o));
}

json_t *qmp_query_chardev(struct qmp_call *c)
{
    const struct options *o = c->monitor->options;
    json_t *list = json_array();
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        add_end(c->monitor, list, &o->serial[i]);
    add_end(c->monitor, list, &o->parallel);
    for (unsigned i = 0; i < o->monitors; i++)
        add_line(list, o->monitor[i].at.label, o->monitor[i].at.text);
    return list;
}

/* --- PCI --- */

static uint32_t config(const struct pci_function *f, unsigned offset)
{
    return f->config[offset] | (uint32_t)f->config[offset + 1] << 8;
}

static uint32_t base_of(const struct pci_function *f, unsigned number)
{
    enum { FIRST = 0x10, ROM = 0x30 };
    unsigned offset = number == PCI_ROM_BASE ? ROM : FIRST + 4 * number;
    uint32_t value = config(f, offset) | config(f, offset + 2) << 16;
    return value & ~(f->base[number].size - 1);
}

static json_t *regions_of(const struct pci_function *f)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < PCI_BASES; i++) {
        bool is_memory = i == PCI_ROM_BASE || f->base[i].region;
        if (f->base[i].size)
            json_array_append_new(list, json_pack("{s:i,s:s,s:I,s:I}", "bar", i, "type",
                                                  is_memory ? "memory" : "io", "address",
                                                  (json_int_t)base_of(f, i), "size",
                                                  (json_int_t)f->base[i].size));
    }
    return list;
}

static json_t *describe(const struct pci_function *f)
{
    unsigned pin = f->config[PCI_INTERRUPT_PIN];
    json_t *d =
        json_pack("{s:i,s:i,s:i,s:{s:i},s:{s:i,s:i},s:s,s:i,s:o}", "bus", 0, "slot", f->devfn / 8,
                  "function", f->devfn % 8, "class_info", "class", (int)config(f, 0x0a), "id",
                  "vendor", (int)config(f, 0), "device", (int)config(f, 2), "qdev_id", "",
                  "irq_pin", pin, "regions", regions_of(f));
    if (pin)
        json_object_set_new(d, "irq", json_integer(f->config[PCI_INTERRUPT_LINE]));
    return d;
}

json_t *qmp_query_pci(struct qmp_call *c)
{
    const struct pci *pci = monitor_chip(c->monitor, &pci_device, 0);
    json_t *devices = json_array();
    for (unsigned i = 0; pci && i < pci->count; i++)
        json_array_append_new(devices, describe(pci->function[i]));
    return json_pack("[{s:i,s:o}]", "bus", 0, "devices", devices);
}
