/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What info tells of the program and of the processor. */
#include "hw/monitor/monitor.h"

#include "exec/inspect.h"

#ifndef TESSERA_VERSION
#error "the Makefile says which version this is"
#endif

static struct exec *exec(const struct monitor_call *c)
{
    return c->monitor->parts.exec;
}

bool monitor_info_version(struct monitor_call *c)
{
    fputs("Tessera " TESSERA_VERSION "\n", c->to);
    return true;
}

bool monitor_info_status(struct monitor_call *c)
{
    const struct control *control = c->monitor->parts.control;
    enum run_state state = control_state(control);
    const char *step = exec_block_length(exec(c)) == 1 ? " (single step mode)" : "";
    fprintf(c->to, "VM status: %s%s", control_is_running(control) ? "running" : "paused", step);
    if (!control_is_running(control) && state != RUN_PAUSED)
        fprintf(c->to, " (%s)", run_state_name(state));
    fputc('\n', c->to);
    return true;
}

bool monitor_info_cpus(struct monitor_call *c)
{
    uint64_t pc = 0;
    exec_register(exec(c), "pc", &pc);
    fprintf(c->to, "* CPU #0: pc=0x%08" PRIx64 "%s\n", pc,
            exec_is_halted(exec(c)) ? " (halted)" : "");
    return true;
}

bool monitor_info_registers(struct monitor_call *c)
{
    exec_print_registers(exec(c), c->to);
    return true;
}

bool monitor_info_jit(struct monitor_call *c)
{
    exec_print_stats(exec(c), c->to);
    return true;
}

bool monitor_info_devices(struct monitor_call *c)
{
    devices_print(c->monitor->parts.devices, c->to);
    return true;
}

/* --- linear memory --- */

/* Rights and marks, a letter each. */
struct letters {
    char text[9];
};

static struct letters letters_of(const struct mapping *m)
{
    struct letters l;
    snprintf(l.text, sizeof l.text, "%c%c%c%c%c%c%c", m->no_execute ? 'X' : '-',
             m->global ? 'G' : '-', m->size > 4096 ? 'P' : '-', m->dirty ? 'D' : '-',
             m->accessed ? 'A' : '-', m->user ? 'U' : '-', m->writable ? 'W' : '-');
    return l;
}

/* Calls `each` for all that is mapped, from address 0 on. */
static void for_each_mapping(const struct monitor_call *c,
                             void (*each)(void *context, uint32_t linear, const struct mapping *m),
                             void *context)
{
    for (uint64_t at = 0; !(at >> 32);) {
        struct mapping m = exec_mapping(exec(c), (uint32_t)at);
        if (m.present)
            each(context, (uint32_t)at, &m);
        at += m.size;
    }
}

struct pages {
    FILE *to;
    /* A run of pages with the same rights, from `first` on; `end` is 0 if there is none. */
    uint64_t first, end;
    bool user, writable;
};

static void print_page(void *pages, uint32_t linear, const struct mapping *m)
{
    fprintf(((struct pages *)pages)->to, "%08x: %010" PRIx64 " %s\n", linear, m->physical,
            letters_of(m).text);
}

bool monitor_info_tlb(struct monitor_call *c)
{
    struct pages p = {.to = c->to};
    for_each_mapping(c, print_page, &p);
    return true;
}

static void print_run(const struct pages *p)
{
    if (p->end)
        fprintf(p->to, "%08" PRIx64 "-%09" PRIx64 " %09" PRIx64 " %cr%c\n", p->first, p->end,
                p->end - p->first, p->user ? 'u' : '-', p->writable ? 'w' : '-');
}

static void add_page(void *pages, uint32_t linear, const struct mapping *m)
{
    struct pages *p = pages;
    if (p->end != linear || p->user != m->user || p->writable != m->writable || !p->end) {
        print_run(p);
        p->first = linear;
        p->user = m->user;
        p->writable = m->writable;
    }
    p->end = (uint64_t)linear + m->size;
}

bool monitor_info_mem(struct monitor_call *c)
{
    struct pages p = {.to = c->to};
    for_each_mapping(c, add_page, &p);
    print_run(&p);
    return true;
}
