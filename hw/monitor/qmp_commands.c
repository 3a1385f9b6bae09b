/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QMP's commands, by QEMU's names and shapes. */
#include "hw/host/input.h"
#include "hw/monitor/drives.h"
#include "hw/monitor/qmp.h"
#include "hw/monitor/screen.h"

#include <stdlib.h>
#include <string.h>

static struct control *control(const struct qmp_call *c)
{
    return c->monitor->parts.control;
}

static json_t *done(bool well)
{
    return well ? json_object() : NULL;
}

/* NULL if it is not there, which its type may allow. */
static const char *text_of(const struct qmp_call *c, const char *name)
{
    return json_string_value(json_object_get(c->arguments, name));
}

/* --- the machine --- */

static json_t *stop(struct qmp_call *c)
{
    control_stop(control(c), RUN_PAUSED);
    return json_object();
}

static json_t *cont(struct qmp_call *c)
{
    return done(control_continue(control(c), c->error));
}

static json_t *system_reset(struct qmp_call *c)
{
    control_reset(control(c), CAUSE_SYSTEM_RESET);
    return json_object();
}

static json_t *system_powerdown(struct qmp_call *c)
{
    return done(control_power_down(control(c), c->error));
}

static json_t *inject_nmi(struct qmp_call *c)
{
    return done(control_send_nmi(control(c), c->error));
}

static json_t *quit(struct qmp_call *c)
{
    control_shut_down(control(c), CAUSE_QUIT);
    return json_object();
}

/* --- questions --- */

static json_t *query_status(struct qmp_call *c)
{
    return json_pack("{s:s,s:b,s:b}", "status", run_state_name(control_state(control(c))),
                     "singlestep", exec_block_length(c->monitor->parts.exec) == 1, "running",
                     control_is_running(control(c)));
}

static json_t *query_version(struct qmp_call *c)
{
    (void)c;
    return json_pack("{s:{s:i,s:i,s:i},s:s}", "qemu", "major", 7, "minor", 2, "micro", 0, "package",
                     "Tessera " TESSERA_VERSION);
}

static json_t *query_commands(struct qmp_call *c)
{
    json_t *list = json_pack("[{s:s}]", "name", "qmp_capabilities");
    (void)c;
    for (const struct qmp_command *q = qmp_commands; q->name; q++)
        json_array_append_new(list, json_pack("{s:s}", "name", q->name));
    return list;
}

static json_t *query_name(struct qmp_call *c)
{
    const char *name = c->monitor->name;
    return name ? json_pack("{s:s}", "name", name) : json_object();
}

static json_t *query_block(struct qmp_call *c)
{
    json_t *list = json_array();
    struct drive_view d;
    for (unsigned i = 0; drive_number(c->monitor, i, &d); i++) {
        json_t *drive = json_pack("{s:s,s:b,s:b,s:s}", "device", d.name, "locked", d.locked,
                                  "removable", d.removable, "type", "unknown");
        if (d.ide && d.removable)
            json_object_set_new(drive, "tray_open", json_boolean(d.open));
        if (d.disk)
            json_object_set_new(drive, "inserted", qmp_describe_image(&d));
        json_array_append_new(list, drive);
    }
    return list;
}

/* --- people's commands --- */

static json_t *human_monitor_command(struct qmp_call *c)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to) {
        error_set(c->error, "the host is out of memory");
        return NULL;
    }
    struct error error;
    if (!monitor_run(c->monitor, text_of(c, "command-line"), to, &error))
        fprintf(to, "%s\r\n", error.text);
    json_t *result = fclose(to) == 0 ? json_string(text) : NULL;
    if (!result)
        error_set(c->error, "what it printed is no text, or there is no memory for it");
    free(text);
    return result;
}

/* --- keys and the mouse --- */

/* {"type": "qcode", "data": "ret"}, or a number; 0 and the error if there is none. */
static unsigned key_of(struct qmp_call *c, const json_t *key)
{
    const json_t *data = json_object_get(key, "data");
    const char *name = json_string_value(data);
    json_int_t number =
        name ? (json_int_t)fingers_key(name, strlen(name)) : json_integer_value(data);
    if (number > 0 && number < KEYS)
        return (unsigned)number;
    error_set(c->error, "data: there is no key of that number");
    return 0;
}

static json_t *send_key(struct qmp_call *c)
{
    enum { USUAL_MS = 100, LONGEST_MS = 60000 };
    const json_t *list = json_object_get(c->arguments, "keys"),
                 *hold = json_object_get(c->arguments, "hold-time");
    json_int_t ms = hold ? json_integer_value(hold) : USUAL_MS;
    uint8_t keys[FINGERS_CHORD];
    size_t count = json_array_size(list);
    if (!count || count > FINGERS_CHORD || ms < 0 || ms > LONGEST_MS) {
        error_set(c->error, "keys: not a list of 1 to %d, or hold-time not up to %d", FINGERS_CHORD,
                  LONGEST_MS);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (!(keys[i] = (uint8_t)key_of(c, json_array_get(list, i))))
            return NULL;
    return done(fingers_press(&c->monitor->fingers, keys, (unsigned)count, (unsigned)ms, c->error));
}

static bool send_button(struct qmp_call *c, const json_t *data, bool down)
{
    static const char *const buttons[BUTTONS] = {"left", "right", "middle", "side", "extra"};
    const char *name = json_string_value(json_object_get(data, "button"));
    for (unsigned i = 0; i < BUTTONS; i++)
        if (strcmp(name, buttons[i]) == 0) {
            input_button(c->monitor->parts.input, i, down);
            return true;
        }
    if (down)
        input_motion(c->monitor->parts.input, 0, 0, strcmp(name, "wheel-up") == 0 ? -1 : 1);
    return true;
}

static bool send_motion(struct qmp_call *c, const json_t *data)
{
    enum { FARTHEST = 100000 };
    const char *axis = json_string_value(json_object_get(data, "axis"));
    json_int_t value = json_integer_value(json_object_get(data, "value"));
    if (value < -FARTHEST || value > FARTHEST)
        return error_set(c->error, "value: more than %d", FARTHEST);
    bool x = *axis == 'x';
    input_motion(c->monitor->parts.input, x ? (int)value : 0, x ? 0 : (int)value, 0);
    return true;
}

static bool send_position(struct qmp_call *c, const json_t *data)
{
    const char *axis = json_string_value(json_object_get(data, "axis"));
    json_int_t value = json_integer_value(json_object_get(data, "value"));
    if (value < 0 || value > INPUT_ACROSS)
        return error_set(c->error, "value: not up to %d", INPUT_ACROSS);
    unsigned *at = &c->monitor->pointer[*axis == 'y'];
    *at = (unsigned)value;
    input_position(c->monitor->parts.input, c->monitor->pointer[0], c->monitor->pointer[1]);
    return true;
}

static bool send_event(struct qmp_call *c, const json_t *event)
{
    const char *type = json_string_value(json_object_get(event, "type"));
    const json_t *data = json_object_get(event, "data");
    bool down = json_is_true(json_object_get(data, "down"));
    if (strcmp(type, "btn") == 0)
        return send_button(c, data, down);
    if (strcmp(type, "rel") == 0)
        return send_motion(c, data);
    if (strcmp(type, "abs") == 0)
        return send_position(c, data);
    unsigned key = key_of(c, json_object_get(data, "key"));
    if (key)
        input_key(c->monitor->parts.input, key, down);
    return key;
}

static json_t *input_send_event(struct qmp_call *c)
{
    const json_t *list = json_object_get(c->arguments, "events");
    if (!c->monitor->parts.input) {
        error_set(c->error, "this machine has no input");
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!send_event(c, json_array_get(list, i)))
            return NULL;
    return json_object();
}

/* --- files and media --- */

static json_t *screendump(struct qmp_call *c)
{
    return done(screen_to_file(c->monitor, text_of(c, "filename"), c->error));
}

/* Old clients say device, newer ones id. */
static const char *drive_name(struct qmp_call *c)
{
    struct drive_view d;
    const char *name = text_of(c, "device");
    name = name ? name : text_of(c, "id");
    if (name && !drive_find(c->monitor, name, &d))
        c->error_class = "DeviceNotFound";
    return name ? name : "";
}

static json_t *eject(struct qmp_call *c)
{
    bool force = json_is_true(json_object_get(c->arguments, "force"));
    return done(drive_eject(c->monitor, drive_name(c), force, c->error));
}

static json_t *change_medium(struct qmp_call *c)
{
    const char *format = text_of(c, "format"), *mode = text_of(c, "read-only-mode");
    struct medium_request r = {.file = text_of(c, "filename"),
                               .force = json_is_true(json_object_get(c->arguments, "force")),
                               .raw = format,
                               .read_only = mode && strcmp(mode, "read-only") == 0};
    if (format && strcmp(format, "raw") != 0) {
        error_set(c->error, "%s: only raw images can be put in while a guest runs", format);
        return NULL;
    }
    return done(drive_change(c->monitor, drive_name(c), &r, c->error));
}

const struct qmp_command qmp_commands[] = {
    {"stop", "", "q_empty", stop, false},
    {"cont", "", "q_empty", cont, false},
    {"system_reset", "", "q_empty", system_reset, true},
    {"system_powerdown", "", "q_empty", system_powerdown, true},
    {"inject-nmi", "", "q_empty", inject_nmi, false},
    {"quit", "", "q_empty", quit, true},
    {"query-status", "", "StatusInfo", query_status, false},
    {"query-version", "", "VersionInfo", query_version, false},
    {"query-commands", "", "[CommandInfo]", query_commands, false},
    {"query-qmp-schema", "", "[SchemaInfo]", qmp_query_schema, false},
    {"query-name", "", "NameInfo", query_name, false},
    {"query-block", "", "[BlockInfo]", query_block, false},
    {"query-blockstats", "query-nodes?:bool", "[BlockStats]", qmp_query_blockstats, false},
    {"query-chardev", "", "[ChardevInfo]", qmp_query_chardev, false},
    {"query-cpus-fast", "", "[CpuInfoFast]", qmp_query_cpus_fast, false},
    {"query-kvm", "", "KvmInfo", qmp_query_kvm, false},
    {"query-pci", "", "[PciInfo]", qmp_query_pci, false},
    {"query-named-block-nodes", "flat?:bool", "[BlockDeviceInfo]", qmp_query_named_block_nodes,
     false},
    {"query-machines", "", "[MachineInfo]", qmp_query_machines, false},
    {"query-current-machine", "", "CurrentMachineParams", qmp_query_current_machine, false},
    {"query-memory-size-summary", "", "MemoryInfo", qmp_query_memory_size_summary, false},
    {"query-vnc", "", "VncInfo", qmp_query_vnc, false},
    {"query-vnc-servers", "", "[VncInfo2]", qmp_query_vnc_servers, false},
    {"query-mice", "", "[MouseInfo]", qmp_query_mice, false},
    {"query-iothreads", "", "[any]", qmp_query_none, false},
    {"query-jobs", "", "[any]", qmp_query_none, false},
    {"query-block-jobs", "", "[any]", qmp_query_none, false},
    {"query-memory-devices", "", "[any]", qmp_query_none, false},
    {"query-rx-filter", "name?:str", "[any]", qmp_query_none, false},
    {"query-target", "", "TargetInfo", qmp_query_target, false},
    {"query-uuid", "", "UuidInfo", qmp_query_uuid, false},
    {"human-monitor-command", "command-line:str cpu-index?:int", "str", human_monitor_command,
     false},
    {"send-key", "keys:[KeyValue] hold-time?:int", "q_empty", send_key, false},
    {"input-send-event", "events:[InputEvent] device?:str head?:int", "q_empty", input_send_event,
     false},
    {"screendump", "filename:str device?:str head?:int format?:ImageFormat", "q_empty", screendump,
     false},
    {"ringbuf-read", "device:str size:int format?:DataFormat", "str", qmp_ringbuf_read, false},
    {"ringbuf-write", "device:str data:str format?:DataFormat", "q_empty", qmp_ringbuf_write,
     false},
    {"eject", "device?:str id?:str force?:bool", "q_empty", eject, false},
    {"blockdev-change-medium",
     "device?:str id?:str filename:str format?:str force?:bool "
     "read-only-mode?:BlockdevChangeReadOnlyMode",
     "q_empty", change_medium, false},
    {0},
};
