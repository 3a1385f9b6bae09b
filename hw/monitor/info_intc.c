/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What info tells of interrupt controllers, whichever a machine has. */
#include "hw/intc/apic.h"
#include "hw/intc/i8259.h"
#include "hw/intc/ioapic.h"
#include "hw/intc/mpic.h"
#include "hw/monitor/monitor.h"

static void print_i8259(const void *chip, FILE *to)
{
    const struct i8259 *s = chip;
    for (unsigned i = 0; i < 2; i++) {
        const struct i8259_chip *p = &s->chip[i];
        fprintf(to,
                "pic%u: line=%02x latch=%02x imr=%02x isr=%02x base=%02x elcr=%02x auto_eoi=%d "
                "fnm=%d\n",
                i, p->line, p->latch, p->imr, p->isr, p->base, p->level, p->auto_eoi,
                p->fully_nested);
    }
}

/* The vectors whose bits are set. */
static void print_vectors(const char *name, const uint32_t words[APIC_VECTOR_WORDS], FILE *to)
{
    fprintf(to, " %s=", name);
    const char *between = "";
    for (unsigned v = 0; v < 32 * APIC_VECTOR_WORDS; v++)
        if (words[v / 32] >> v % 32 & 1) {
            fprintf(to, "%s%02x", between, v);
            between = ",";
        }
}

static void print_apic(const void *chip, FILE *to)
{
    static const char *const names[LVTS] = {"timer", "thermal", "counters",
                                            "lint0", "lint1",   "error"};
    const struct apic *s = chip;
    fprintf(to, "apic: id=%02x base=%08" PRIx64 "%s svr=%08x tpr=%02x ppr=%02x", s->id, s->base,
            s->enabled ? "" : " (disabled)", s->svr, s->tpr, apic_priority(s));
    print_vectors("irr", s->irr, to);
    print_vectors("isr", s->isr, to);
    fputs("\n     ", to);
    for (unsigned i = 0; i < LVTS; i++)
        fprintf(to, " %s=%08x", names[i], s->lvt[i]);
    fputc('\n', to);
}

static void print_ioapic(const void *chip, FILE *to)
{
    const struct ioapic *s = chip;
    fprintf(to, "ioapic: id=%02x line=%06x\n", s->id, s->line);
    for (unsigned i = 0; i < IOAPIC_PINS; i++)
        fprintf(to, "  pin %2u: %016" PRIx64 "\n", i, s->entry[i]);
}

/* Of its sources those that a guest has set up, or whose wire asks. */
static void print_mpic(const void *chip, FILE *to)
{
    const struct mpic *s = chip;
    fprintf(to, "mpic: gcr=%08x ctpr=%x svr=%08x\n", s->config, s->task_priority, s->spurious);
    for (unsigned i = 0; i < MPIC_ALL; i++) {
        const struct mpic_source *source = &s->source[i];
        if (!(source->vector_priority & VPR_MASKED) || source->latched || source->in_service)
            fprintf(to, "  source %3u: %08x to %08x%s%s%s\n", i, source->vector_priority,
                    source->destination, source->level ? " high" : "",
                    source->latched ? " waits" : "", source->in_service ? " in service" : "");
    }
}

static const struct {
    const struct device *kind;
    void (*print)(const void *chip, FILE *to);
} controllers[] = {
    {&i8259_device, print_i8259},
    {&apic_device, print_apic},
    {&ioapic_device, print_ioapic},
    {&mpic_device, print_mpic},
};

bool monitor_info_pic(struct monitor_call *c)
{
    bool found = false;
    for (size_t i = 0; i < sizeof controllers / sizeof *controllers; i++) {
        const void *chip = monitor_chip(c->monitor, controllers[i].kind, 0);
        if (chip)
            controllers[i].print(chip, c->to);
        found |= chip != NULL;
    }
    return found || error_set(c->error, "this machine has no interrupt controller");
}
